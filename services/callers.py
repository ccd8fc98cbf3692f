"""People who call: operators file for them, and what they told becomes theirs once the messenger knows their number."""

from datetime import datetime

from domain.casework import PHONE, Account, Actor, Request
from domain.draft import Caller, Slots
from domain.lifecycle import Deed, State
from domain.messages import Button, Message
from domain.refusal import Refused
from services import colleagues, identity, ownership, reminders, saying, supporters
from services.centre import Centre
from services.identity import national
from services.letters import subject_title
from storage import callers as rows
from storage import followers, people, requests
from storage import supporters as supporter_rows
from storage.database import Transaction
from texts.speech import Rich, label, text

_LISTED_AT_MOST = 8
_ASKED_IN_VAIN_AT_MOST = 2
"""A unit that asks on and on would let its clock stand still for ever."""
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


_HANDED_ON = ("hand-on", "disown")
"""Rows of the history after which a request is another's than whom it was filed for."""
_SPOKE = frozenset({Deed.ANSWER, Deed.ADD, Deed.OBJECT, *_HANDED_ON})


async def refuse_asking(tx: Transaction, request: Request, deed: Deed) -> None:
    """Raise Refused for a question to somebody who could not read it, or who lately answered none."""
    if deed is not Deed.ASK:
        return
    if request.messenger == PHONE:
        raise Refused("caller-has-no-chat" if request.phone else "caller-unknown")
    if not any(one.reachable for one in await people.accounts_of(tx, request.owner)):
        raise Refused("owner-unreachable", phone="yes" if request.phone else "no")
    if await _unanswered(tx, request) >= _ASKED_IN_VAIN_AT_MOST:
        raise Refused("asked-in-vain")


async def _unanswered(tx: Transaction, request: Request) -> int:
    """Count the questions that got no answer since whoever stands for the request last said something."""
    count = 0
    for event in reversed(await requests.timeline(tx, request.id)):
        if event.deed in _SPOKE:
            break
        count += event.deed == Deed.GO_ON
    return count


async def recognised(tx: Transaction, centre: Centre, account: Account, phone: str, now: datetime) -> None:
    """The messenger vouches that the number is the account's own: what was told by phone is this person's now."""
    person = await identity.vouched(tx, account, phone, now)
    caller = await people.find(tx, PHONE, _user_id(phone))
    if caller is None or await people.holder_of_phone(tx, phone) != person:
        return
    theirs = await rows.inherit(tx, caller.id, account.id, phone)
    await people.join(tx, caller.id, person)
    await supporter_rows.tidy(tx, person, now)
    await followers.tidy(tx, person, now)
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


async def may_disown(tx: Transaction, request: Request) -> bool:
    """Tell whether a request stands under its owner's name only because an operator wrote their number."""
    if request.channel != "phone" or request.parent is not None:
        return False
    return not any(event.deed in _HANDED_ON for event in await requests.timeline(tx, request.id))


async def disown(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> None:
    """Take a request off the name of somebody who never told it: the number was mistaken. The work goes on.

    Whoever joined an open one and can be written to stands for it from then on, else nobody does.
    Raises Refused("not-your-request") for whoever it does not belong to, Refused("old-button") where it was not told
    by phone, or comes from somebody else.
    """
    await requests.lock(tx, number)
    request = await requests.get(tx, number)
    if request.owner != actor.person:
        raise Refused("not-your-request")
    if not await may_disown(tx, request):
        raise Refused("old-button")
    joined = [one.account for one in await supporter_rows.of_request(tx, number)]
    heir = next((one for one in joined if one.reachable and one.person != actor.person), None)
    if heir is not None and request.state is not State.CLOSED:
        await supporters.pass_on(tx, centre, request, actor.account, heir, "disown", now)
    await _leave_to_nobody(tx, centre, actor.account, number, now)
    if request.filed_by is not None:
        closed = "yes" if request.state is State.CLOSED else "no"
        words = text("caller-mistaken", code=request.code, subject=subject_title(centre, request), closed=closed)
        rows = [[Button(label=label("button-open-card"), data=f"w:{request.code}:card")]]
        await colleagues.tell_privately(tx, request.filed_by, Message(text=words, buttons=rows), now)


async def _leave_to_nobody(tx: Transaction, centre: Centre, who: Account, number: int, now: datetime) -> None:
    """Take off their name what is still theirs of a request and its parts; nobody's verdict is awaited any more."""
    family = [await requests.get(tx, number), *await requests.parts_of(tx, number)]
    theirs = [one for one in family if one.owner == who.person]
    if not theirs:
        return
    nobody = await people.meet(tx, PHONE, -_NOBODYS - number, "", now, in_private=False)
    for one in theirs:
        await ownership.hand_on(tx, centre, one, who, nobody.id, "disown", now)
        if one.state is State.CLOSED:
            await reminders.verdict_came(tx, one.id)
