"""People who call: operators file for them, and what they told becomes theirs once the messenger knows their number."""

from datetime import datetime

from domain.casework import PHONE, Account, Actor, Request
from domain.draft import Caller, Slots
from domain.lifecycle import Deed, State
from domain.messages import Button, Message
from domain.refusal import Refused
from services import colleagues, identity, ownership, saying
from services.centre import Centre
from services.identity import national
from services.letters import subject_title
from storage import callers as rows
from storage import people, requests, supporters
from storage.database import Transaction
from texts.speech import Rich, label, text

_LISTED_AT_MOST = 8
_NOBODYS = 1 << 40
"""User ids from here down are of requests whose number was mistaken; drafts without a number count down from -1."""


def mark(slots: Slots) -> Rich:
    """Say for whom a draft is, where that is not the person who fills it."""
    if slots.caller is None:
        return Rich("")
    phone = slots.caller.phone
    return text("for-caller", phone=national(phone) if phone else "", known="yes" if phone else "no")


async def account_of(tx: Transaction, caller: Caller, draft: int, now: datetime) -> Account:
    """Return whose request it will be: the account of the person with this verified number, else the number's own.

    A caller without a number gets an account for this draft alone.
    """
    holder = await people.holder_of_phone(tx, caller.phone) if caller.phone else None
    known = [one for one in await people.accounts_of(tx, holder) if one.messenger != PHONE] if holder else []
    if known:
        return next((one for one in known if one.reachable), known[0])
    return await people.meet(tx, PHONE, _user_id(caller.phone) or -draft, "", now, in_private=False)


def _user_id(phone: str) -> int:
    return int(phone.removeprefix("+") or 0)


def refuse_asking(request: Request, deed: Deed) -> None:
    """Raise Refused("caller-has-no-chat") for a question to somebody who could not read it."""
    if deed is Deed.ASK and request.messenger == PHONE:
        raise Refused("caller-has-no-chat" if request.phone else "caller-unknown")


async def recognised(tx: Transaction, centre: Centre, account: Account, phone: str, now: datetime) -> None:
    """The messenger vouches that the number is the account's own: what was told by phone is this person's now."""
    person = await identity.vouched(tx, account, phone, now)
    caller = await people.find(tx, PHONE, _user_id(phone))
    if caller is None or await people.holder_of_phone(tx, phone) != person:
        return
    theirs = await rows.inherit(tx, caller.id, account.id, phone)
    await people.join(tx, caller.id, person)
    await supporters.tidy(tx, person, now)
    if theirs:
        await _tell(tx, centre, account, theirs, now)


async def _tell(tx: Transaction, centre: Centre, account: Account, theirs: list[int], now: datetime) -> None:
    shown = await requests.several(tx, theirs[:_LISTED_AT_MOST])
    buttons = [
        [
            Button(
                label=label("caller-row", code=request.code, subject=subject_title(centre, request)),
                data=f"r:{request.code}:view",
            )
        ]
        for request in shown
    ]
    message = Message(text=text("callers-own", count=len(theirs)), buttons=buttons)
    await saying.push(tx, account.messenger, account.user_id, message, now, private=True)


def may_disown(request: Request) -> bool:
    """Tell whether a request stands under somebody's name only because an operator wrote their number."""
    return request.channel == "phone" and request.state is not State.CLOSED and request.parent is None


async def disown(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> None:
    """Take a request off the name of somebody who never told it: the number was mistaken. The work goes on.

    Raises Refused("not-your-request") for whoever it does not belong to, Refused("old-button") where nothing was
    told by phone or it is over.
    """
    await requests.lock(tx, number)
    request = await requests.get(tx, number)
    if request.owner != actor.person:
        raise Refused("not-your-request")
    if not may_disown(request):
        raise Refused("old-button")
    nobody = await people.meet(tx, PHONE, -_NOBODYS - number, "", now, in_private=False)
    for one in [request, *await requests.parts_of(tx, number)]:
        if one.state is not State.CLOSED:
            await ownership.hand_on(tx, centre, one, actor.account, nobody.id, "disown", now)
    if request.filed_by is not None:
        words = text("caller-mistaken", code=request.code, subject=subject_title(centre, request))
        rows = [[Button(label=label("button-open-card"), data=f"w:{request.code}:card")]]
        await colleagues.tell_privately(tx, request.filed_by, Message(text=words, buttons=rows), now)
