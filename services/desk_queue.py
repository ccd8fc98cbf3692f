"""The queue of the 137 desk: operators take out of it what they work on, so that two do not work on one."""

from datetime import datetime
from typing import Any

from domain import desk
from domain.casework import Actor, Request
from domain.desk import CLAIM_LASTS, Queue
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, Role
from services import assignment
from services.centre import Centre
from storage import desk as rows
from storage import requests, staff, timers
from storage.database import Transaction
from texts.numbers import clock_time

_LAPSES = "claim-lapse"


def require_desk(actor: Actor) -> None:
    """Raise Refused("desk-only") for whoever does not sit at the desk."""
    if not actor.holds(*AT_THE_DESK):
        raise Refused("desk-only")


def refuse_anothers(centre: Centre, request: Request, actor: Actor, role: Role, now: datetime) -> None:
    """Raise Refused("claimed-by") for what the desk does with a request that a colleague has taken out of the queue.

    `role`: the one they act in. An administrator is never held up; people of the unit and citizens have nothing to do
    with the desk's queue.
    """
    who = desk.holder(request, now)
    if who in (None, actor.person) or actor.holds(Role.ADMINISTRATOR):
        return
    if role in AT_THE_DESK:
        raise _taken(centre, request)


def _taken(centre: Centre, request: Request) -> Refused:
    assert request.claimed_at is not None
    until = clock_time(request.claimed_at + CLAIM_LASTS, centre.zone)
    return Refused("claimed-by", who=request.claimed_name, until=until)


async def take_next(tx: Transaction, centre: Centre, actor: Actor, now: datetime) -> Request | None:
    """Take the next request out of the queue for an operator; None when nothing waits.

    Whoever has one already gets that one: nobody gathers a heap of their own. What was objected to for the last time
    is the inspector's, as long as there is one who can be reached.
    """
    require_desk(actor)
    held = await rows.held_by(tx, actor.person, now)
    if held:
        return await requests.get(tx, held[0])
    for kinds in await _kinds_for(tx, actor):
        number = await rows.next_free(tx, now, kinds)
        if number is not None:
            return await _claimed(tx, centre, number, actor, now)
    return None


async def _kinds_for(tx: Transaction, actor: Actor) -> list[tuple[Queue, ...]]:
    """List the kinds somebody works on, those that come first before the others."""
    usual = tuple(kind for kind in Queue if kind is not Queue.INSPECTOR)
    if actor.holds(Role.INSPECTOR):
        return [(Queue.INSPECTOR,), usual]
    return [usual] if await staff.reachable_members(tx, (Role.INSPECTOR,)) else [tuple(Queue)]


async def take(tx: Transaction, centre: Centre, actor: Actor, request: Request, now: datetime) -> Request:
    """Take a certain request; raises Refused("not-in-queue") or Refused("claimed-by")."""
    require_desk(actor)
    await requests.lock(tx, request.id)
    request = await requests.get(tx, request.id)
    if request.queue is None:
        raise Refused("not-in-queue")
    who = desk.holder(request, now)
    if who not in (None, actor.person):
        raise _taken(centre, request)
    return await _claimed(tx, centre, request.id, actor, now)


async def _claimed(tx: Transaction, centre: Centre, number: int, actor: Actor, now: datetime) -> Request:
    await rows.claim(tx, number, actor.person, now)
    await timers.set(tx, f"{_LAPSES}:{number}", _LAPSES, now + CLAIM_LASTS, {"request": number})
    await assignment.refresh(tx, centre, number, now)
    return await requests.get(tx, number)


async def give_back(tx: Transaction, centre: Centre, actor: Actor, request: Request, now: datetime) -> None:
    """Put a request back; raises Refused("not-taken") when the person does not have it (any more)."""
    await requests.lock(tx, request.id)
    request = await requests.get(tx, request.id)
    if desk.holder(request, now) != actor.person:
        raise Refused("not-taken")
    await _free(tx, centre, request.id, now)


async def let_go_all(tx: Transaction, centre: Centre, person: int, now: datetime) -> None:
    """Put back whatever somebody has who does not work here any more."""
    for number in await rows.held_by(tx, person, now):
        await _free(tx, centre, number, now)


async def _free(tx: Transaction, centre: Centre, number: int, now: datetime) -> None:
    await rows.claim(tx, number, None, None)
    await timers.cancel(tx, f"{_LAPSES}:{number}")
    await assignment.refresh(tx, centre, number, now)


async def _lapse(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await requests.lock(tx, data["request"])
    request = await requests.get(tx, data["request"])
    if request.claimed_by is not None and desk.holder(request, now) is None:
        await rows.claim(tx, request.id, None, None)
        await assignment.refresh(tx, centre, request.id, now)


RINGS = {_LAPSES: _lapse}
