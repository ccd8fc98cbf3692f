"""Acting on requests: one deed, one transaction, checked against the table every time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain import lifecycle
from domain.casework import Actor, Request
from domain.desk import Queue
from domain.hearings import COMES_OF
from domain.lifecycle import Deed, Move, State
from domain.refusal import Refused
from domain.roles import CITIZENS, READS_CARDS, Role
from services import (
    acting,
    assignment,
    callers,
    cards,
    colleagues,
    desk_queue,
    heard,
    letters,
    merging,
    objections,
    parts,
    reminders,
)
from services.acting import Doing
from services.centre import Centre
from services.following_up import FOLLOWS
from services.sequels import Sequel
from storage import audit, requests, sessions, supporters
from storage.database import Transaction

_DOUBLE_TAP = timedelta(minutes=1)
_SYSTEM = frozenset({Role.SYSTEM})

Check = Callable[[Transaction, Centre, Request, Doing], Awaitable[Mapping[str, Any]]]
_CHECKS: dict[Deed, Check] = {
    Deed.HAND_OVER: colleagues.may_take,
    Deed.OBJECT: objections.objected,
    Deed.RELEASE: objections.released,
    Deed.UPHOLD: objections.upheld,
    Deed.SPLIT: parts.check,
    Deed.MERGE: merging.check,
    Deed.PROMISE: heard.told_of_promise,
}
"""What the table cannot see of a deed; each returns the columns that change besides the usual ones, or refuses."""


def roles_towards(actor: Actor, request: Request) -> frozenset[Role]:
    """Collect the actor's roles towards a request."""
    return actor.roles_towards(request.owner, request.unit)


async def roles_of(tx: Transaction, actor: Actor, request: Request) -> frozenset[Role]:
    """Collect the actor's roles towards a request, being a supporter or the manager who hears it among them."""
    roles = roles_towards(actor, request)
    if request.supporters and Role.OWNER not in roles and await supporters.find(tx, request.id, actor.person):
        roles |= {Role.SUPPORTER}
    if actor.holds(Role.MANAGER) and await sessions.before_manager(tx, request.id, actor.person):
        roles |= {Role.MANAGER}
    return roles


async def _refuse_repetition(tx: Transaction, doing: Doing, request: Request) -> None:
    """A second tap on the same button is told apart from a button that has become wrong."""
    (last,) = await requests.latest(tx, request.id, 1)
    same = last.deed == doing.deed and last.person == doing.person
    if same and last.from_state is not last.to_state and doing.now - last.at < _DOUBLE_TAP:
        raise Refused("done-already")


def photo_demanded(centre: Centre, request: Request) -> bool:
    """Tell whether the request's subject is closed as solved only with a photo of the work."""
    return bool(request.subject and centre.city.subject(request.subject).needs_photo_at_close)


async def refuse_beforehand(
    tx: Transaction,
    centre: Centre,
    request: Request,
    actor: Actor,
    move: Move,
    roles: frozenset[Role],
    now: datetime,
) -> None:
    """Refuse what the table allows and these circumstances do not, before anybody is asked for what it needs."""
    desk_queue.refuse_anothers(centre, request, actor, acting.acting_role(move, roles), now)
    await callers.refuse_asking(tx, request, move.deed)


async def perform(tx: Transaction, centre: Centre, request_id: int, doing: Doing) -> Request:
    """Do a deed, tell everybody concerned and do what follows; raises Refused when the table does not allow it."""
    request, sequels = await _act(tx, centre, request_id, doing)
    while sequels:
        sequel = sequels.pop(0)
        _, more = await _act(tx, centre, sequel.request, sequel.doing)
        sequels += more
    return request


async def by_system(tx: Transaction, centre: Centre, request_id: int, doing: Doing) -> None:
    """Do a deed of the system; nothing happens where the table no longer allows it."""
    await requests.lock(tx, request_id)
    standing = cards.standing(await requests.get(tx, request_id), _SYSTEM)
    if not lifecycle.objection(lifecycle.BY_DEED[doing.deed], standing, doing.now):
        await perform(tx, centre, request_id, doing)


async def _act(tx: Transaction, centre: Centre, request_id: int, doing: Doing) -> tuple[Request, list[Sequel]]:
    await requests.lock(tx, request_id, *await merging.also_locked(tx, doing))
    before = await requests.get(tx, request_id)
    roles = await roles_of(tx, doing.actor, before) if doing.actor else _SYSTEM
    standing = cards.standing(before, roles)
    try:
        demanded = photo_demanded(centre, before)
        move = lifecycle.check(doing.deed, standing, doing.given, doing.now, photo_demanded=demanded)
    except Refused:
        await _refuse_repetition(tx, doing, before)
        raise
    if doing.actor:
        await refuse_beforehand(tx, centre, before, doing.actor, move, roles, doing.now)
    doing = await _in_their_name(tx, before, doing)
    check = _CHECKS.get(doing.deed)
    more = await check(tx, centre, before, doing) if check else {}
    await acting.change(tx, centre, before, move, doing, roles, more)
    changed = await requests.get(tx, before.id)
    if changed.unit == before.unit and (doing.deed is Deed.OBJECT or changed.queue == Queue.ORPHAN):
        await assignment.look_again(tx, centre, changed)
        changed = await requests.get(tx, before.id)
    sequels = [sequel for follow in FOLLOWS for sequel in await follow(tx, centre, before, changed, doing)]
    request = await requests.get(tx, before.id)  # what follows may have moved its dates
    await _tell(tx, centre, move, before, request, doing)
    return request, sequels


async def _in_their_name(tx: Transaction, request: Request, doing: Doing) -> Doing:
    """A manager speaks to citizens under the title of the session."""
    if doing.deed not in COMES_OF or doing.person is None:
        return doing
    found = await sessions.before_manager(tx, request.id, doing.person)
    return replace(doing, speaker=found[1]) if found else doing


async def _tell(tx: Transaction, centre: Centre, move: Move, before: Request, request: Request, doing: Doing) -> None:
    """Bring the cards up to date, write to the citizen and to whoever has to act next, set what is due."""
    await assignment.refresh(tx, centre, request.id, doing.now)
    moved = request.unit != before.unit and request.state is not State.CLOSED
    orphaned = request.queue == Queue.ORPHAN and before.queue is None
    if moved or orphaned or before.state is State.ROSTER:
        await assignment.hand_over(tx, centre, request, doing.now)
    await letters.to_citizens(tx, centre, before, request, doing)
    if request.state is not State.CLOSED and before.state is State.CLOSED:
        await supporters.forget_verdicts(tx, request.id)
    if before.state is not State.ROSTER or doing.deed in COMES_OF:  # else no unit has ever heard of it
        await letters.to_unit(tx, centre, request, doing)
    if doing.deed in (Deed.OBJECT, Deed.RELEASE) and lifecycle.for_head_alone(cards.standing(request, frozenset())):
        await assignment.show_heads(tx, centre, request, doing.now)
    if request.state is State.CLOSED and move.to is State.CLOSED and request.outcome in lifecycle.NEEDS_JUDGEMENT:
        if request.parent is None:
            await reminders.await_verdict(tx, request.id, doing.now)
    elif move.verdict is not None or request.state is not State.CLOSED:
        await reminders.verdict_came(tx, request.id)


async def add_more_photos(
    tx: Transaction, request: Request, actor: Actor, photos: list[int], album: str, now: datetime
) -> None:
    """Tie the rest of an album to the deed that brought its first photo; the unit is told once, when all are there."""
    mine = await requests.latest(tx, request.id, 1, by=actor.person)
    if not mine:
        return
    if mine[-1].role in CITIZENS:
        await requests.attach(tx, request.id, photos, "added", mine[-1].id)
        await reminders.tell_more_photos(tx, request.id, album, photos, now)
        for part in await requests.parts_of(tx, request.id):
            await add_more_photos(tx, part, actor, photos, album, now)
    else:
        await requests.attach(tx, request.id, photos, "evidence", mine[-1].id)
        if request.state is State.CLOSED:
            await reminders.tell_more_work(tx, request.id, album, photos, now)


async def show_phone(tx: Transaction, actor: Actor, request: Request, now: datetime) -> str:
    """Return the citizen's number to somebody who may see it, and write down that they looked."""
    if not may_read(actor, request):
        raise Refused("not-yours")
    if request.state is State.CLOSED:
        raise Refused("phone-of-closed")
    if not request.phone:
        raise Refused("no-phone")
    await audit.record(
        tx,
        act="phone-seen",
        person=actor.person,
        messenger=actor.account.messenger,
        now=now,
        request=request.id,
    )
    return request.phone


def may_read(actor: Actor, request: Request) -> bool:
    """Tell whether somebody may see a request's card: its unit and the desk.

    Raises Refused("waits-for-manager") to them while it was said to a manager alone.
    """
    reads = bool(roles_towards(actor, request) & READS_CARDS)
    if reads and request.state is State.ROSTER:
        raise Refused("waits-for-manager")
    return reads
