"""Handing a request over within its unit: who may take it, and how they hear of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.casework import Request
from domain.lifecycle import Deed
from domain.messages import Button, Message
from domain.refusal import Refused
from services import assignment, mentions, saying
from services.acting import Doing
from services.centre import Centre
from services.letters import subject_title
from services.sequels import Sequel
from storage import people, staff
from storage.database import Transaction
from storage.staff import Colleague
from texts.speech import Rich, label, lines, text

ON_LEAVE = "list:on-leave"
"""The reason of what is handed over because somebody goes on leave: the stand-in hears of all of it at once."""


async def who_may_take(tx: Transaction, request: Request, by: int, *, head: bool) -> list[Colleague]:
    """List whom somebody may hand a request to; its unit's head may also take it, and anybody what nobody has."""
    members = await staff.colleagues(tx, request.unit)
    others = [one for one in members if one.present and one.person != request.in_hand_of]
    return [one for one in others if head or request.in_hand_of is None or one.person != by]


async def may_take(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> Mapping[str, Any]:
    """Refuse a colleague who is not in the unit, is away or cannot be reached, has it already, or is oneself."""
    members = {one.person: one for one in await staff.colleagues(tx, request.unit)}
    colleague = members.get(doing.given.colleague)
    if colleague is None:
        raise Refused("colleague-gone")
    if colleague.person == request.in_hand_of:
        raise Refused("colleague-has-it", name=colleague.name)
    mine = members.get(doing.person or 0)
    if colleague is mine and not mine.head and request.in_hand_of is not None:
        raise Refused("colleague-yourself")
    refuse_absent(colleague)
    return {}


def refuse_absent(colleague: Colleague) -> None:
    """Raise Refused for a colleague to whom no work can be given now."""
    if colleague.stand_in:
        raise Refused("colleague-away", name=colleague.name, stand_in=colleague.stand_in)
    if not colleague.reachable:
        raise Refused("colleague-unreachable", name=colleague.name)


async def tell(tx: Transaction, centre: Centre, before: Request, request: Request, doing: Doing) -> Sequence[Sequel]:
    """Tell whoever has the request now that it is theirs, where they read the unit's cards."""
    colleague = doing.given.colleague
    if doing.deed is not Deed.HAND_OVER or doing.given.reason == ON_LEAVE or colleague == doing.person:
        return ()
    by = doing.actor.account.name if doing.actor else label("the-system")
    subject = subject_title(centre, request)
    note = text("unit-says", words=doing.given.note) if doing.given.note else ""
    words = lines(text("handed-over", by=by, code=request.code, subject=subject), note)
    rows = [[Button(label=label("button-open-card"), data=f"w:{request.code}:card")]]
    await tell_colleague(tx, centre, request.unit, colleague, Message(text=words, buttons=rows), doing.now)
    return ()


async def tell_colleague(
    tx: Transaction, centre: Centre, unit: str, person: int, message: Message, now: datetime
) -> None:
    """Tell somebody what concerns them: by name in the groups where the unit reads its cards, else in private."""
    chats = await assignment.chats_of(tx, centre, unit)
    groups = [(messenger, chat) for messenger, chat, viewer in chats if viewer is None]
    if not groups:
        await tell_privately(tx, person, message, now)
        return
    accounts = await people.accounts_of(tx, person)
    for messenger, chat in groups:
        number = next((account.user_id for account in accounts if account.messenger == messenger), None)
        who = mentions.of(accounts[0].name if accounts else "", number)
        said = message.model_copy(update={"text": text("heard-by", who=who, said=Rich(message.text))})
        await saying.push(tx, messenger, chat, said, now, private=False)


async def tell_privately(tx: Transaction, person: int, message: Message, now: datetime) -> None:
    """Tell somebody on all their accounts."""
    await saying.push_to_all(tx, await people.accounts_of(tx, person), message, now)
