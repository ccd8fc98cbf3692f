"""A person in danger: somebody of ours hears of it at once, before anything is filed."""

from datetime import datetime

from domain.casework import Account
from domain.draft import Slots
from domain.messages import Message
from domain.richtext import clipped
from domain.roles import Role
from nlp import private_data
from services import assignment, saying, trouble
from services.centre import Centre
from services.identity import national
from storage import people, staff
from storage.database import Transaction
from texts.speech import Rich, text

PERSON = "person_in_danger"
_LONGEST = 1500


async def raise_for(tx: Transaction, centre: Centre, account: Account, draft: int, slots: Slots, now: datetime) -> None:
    """Tell somebody, once per draft, when the citizen's words speak of a person in danger.

    That is the desk; where nobody there can be reached the inspectors, and else the administrators, who read no numbers
    of people. Whether anybody was told is kept in the draft: the citizen reads it.
    """
    if slots.danger != PERSON:
        return
    chats = await _at_the_desk(tx, centre)
    if chats:
        words = _words(slots.text, await people.phone_of(tx, account.person))
    else:
        chats = [(where, chat, True) for where, chat in await trouble.administrators(tx, centre)]
        words = text("alarm-person", words=_clipped(private_data.masked(slots.text)), known="kept", phone="")
    for messenger, chat_id, private in chats:
        once = f"alarm:{draft}:{messenger}:{chat_id}"
        await saying.push(tx, messenger, chat_id, Message(text=words), now, private=private, dedup_key=once)
    slots.alarmed = slots.alarmed or bool(chats)


async def _at_the_desk(tx: Transaction, centre: Centre) -> list[tuple[str, int, bool]]:
    """List the desk's chats, else the inspectors', and whether somebody reads each in private."""
    desk = await assignment.chats_of(tx, centre, centre.city.desk.slug)
    if desk:
        return [(messenger, chat_id, viewer is not None) for messenger, chat_id, viewer in desk]
    return [(one.messenger, one.user_id, True) for one in await staff.reachable_members(tx, (Role.INSPECTOR,))]


def _words(said: str, phone: str | None) -> Rich:
    known = "yes" if phone else "no"
    return text("alarm-person", words=_clipped(said), known=known, phone=national(phone) if phone else "")


def _clipped(said: str) -> str:
    return clipped(said, _LONGEST)
