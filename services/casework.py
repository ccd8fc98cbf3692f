"""Acting on requests: one deed, one transaction, checked against the table every time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain import lifecycle
from domain.casework import Actor, Request
from domain.lifecycle import Deed, Given, Move, State, Verdict
from domain.refusal import Refused
from domain.roles import CITIZENS, Role
from services import assignment, cards, letters, promises, reminders
from services.centre import Centre
from storage import audit, corrections, requests, supporters
from storage.database import Transaction

_TAKES_IN_HAND = frozenset({Deed.ACCEPT, Deed.ASK})
_ANSWERS = frozenset({Deed.ACCEPT, Deed.ASK, Deed.SOLVE, Deed.NOT_SOLVE, Deed.WARN, Deed.OUTSIDE, Deed.GUIDE})
_DOUBLE_TAP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what with what, when."""

    actor: Actor
    deed: Deed
    given: Given
    now: datetime


def roles_towards(actor: Actor, request: Request) -> frozenset[Role]:
    """Collect the actor's roles towards a request."""
    return actor.roles_towards(request.owner, request.unit)


async def roles_of(tx: Transaction, actor: Actor, request: Request) -> frozenset[Role]:
    """Collect the actor's roles towards a request, being one of its supporters among them."""
    roles = roles_towards(actor, request)
    if request.supporters and Role.OWNER not in roles and await supporters.find(tx, request.id, actor.person):
        roles |= {Role.SUPPORTER}
    return roles


async def _refuse_repetition(tx: Transaction, doing: Doing, request: Request) -> None:
    """A second tap on the same button is told apart from a button that has become wrong."""
    last = (await requests.timeline(tx, request.id))[-1]
    same = last.deed == doing.deed and last.person == doing.actor.person
    if same and last.from_state is not last.to_state and doing.now - last.at < _DOUBLE_TAP:
        raise Refused("done-already")


def _unit_for_subject(centre: Centre, request: Request, subject: str) -> str:
    """Return the unit a request under another subject is routed to; raises Refused("old-button", "same-subject")."""
    if subject not in {known.slug for known in centre.city.subjects}:
        raise Refused("old-button")
    if subject == request.subject:
        raise Refused("same-subject")
    return centre.city.route(subject, request.district, urgent=_urgent_as(centre, request, subject)).slug


def _urgent_as(centre: Centre, request: Request, subject: str) -> bool:
    """What was urgent stays so: the danger in the citizen's words does not end with a better title."""
    return request.urgent or centre.city.subject(subject).urgency == "urgent"


def _unit_after(centre: Centre, move: Move, request: Request, given: Given) -> str:
    if move.deed is Deed.CORRECT:
        return _unit_for_subject(centre, request, given.subject)
    if Deed.ASSIGN is move.deed or Deed.REFER is move.deed:
        known = {unit.slug for unit in centre.city.units}
        if given.unit not in known:
            raise Refused("old-button")
        if given.unit == request.unit:
            raise Refused("same-unit")
        return given.unit
    return request.unit


def _state_after(centre: Centre, move: Move, request: Request, unit: str) -> State:
    rerouted = move.deed is Deed.CORRECT and unit != request.unit
    state = State.ASSIGNED if rerouted else move.to or request.state
    if unit == centre.city.desk.slug and state is State.ASSIGNED:
        return State.WAITING  # back at the desk, whoever sent it
    return state


def _changes(move: Move, request: Request, doing: Doing, unit: str, state: State) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": state, "unit": unit, "changed_at": doing.now}
    if move.outcome is not None:
        changes |= {"outcome": move.outcome, "verdict": None, "closed_at": doing.now}
    if move.verdict is not None:
        changes["verdict"] = move.verdict
    if move.to is State.REOPENED:
        changes |= {"times_reopened": request.times_reopened + 1, "in_hand_of": None, "closed_at": None}
    if move.deed in _TAKES_IN_HAND:
        changes["in_hand_of"] = doing.actor.person
    if unit != request.unit:
        changes["in_hand_of"] = None
    if move.deed in _ANSWERS and request.answered_at is None:
        changes["answered_at"] = doing.now
    return changes


def _acting_role(move: Move, roles: frozenset[Role]) -> Role:
    return min(move.by & roles, key=list(Role).index)


async def perform(tx: Transaction, centre: Centre, request_id: int, doing: Doing) -> Request:
    """Do a deed and tell everybody concerned; raises Refused with the reason when the table does not allow it."""
    await requests.lock(tx, request_id)
    request = await requests.get(tx, request_id)
    roles = await roles_of(tx, doing.actor, request)
    demanded = bool(request.subject and centre.city.subject(request.subject).needs_photo_at_close)
    try:
        move = lifecycle.check(
            doing.deed, cards.standing(request, roles), doing.given, doing.now, photo_demanded=demanded
        )
    except Refused:
        await _refuse_repetition(tx, doing, request)
        raise
    unit = _unit_after(centre, move, request, doing.given)
    state = _state_after(centre, move, request, unit)
    changes = _changes(move, request, doing, unit, state)
    if move.deed is Deed.CORRECT:
        changes |= await _corrected(tx, centre, request, doing, _acting_role(move, roles))
    if unit != request.unit or state is State.REOPENED or move.deed is Deed.CORRECT:
        subject, urgent = changes.get("subject", request.subject), changes.get("urgent", request.urgent)
        promised = promises.deadline(centre, subject, doing.now, urgent=urgent)
        if unit == request.unit and move.deed is Deed.CORRECT and request.deadline_at is not None:
            promised = min(promised, request.deadline_at)  # a better title does not make anybody less late
        changes["deadline_at"] = promised
    await requests.change(tx, request.id, **changes)
    event = await _record(tx, move, request, doing, roles, unit, state)
    part = "added" if _acting_role(move, roles) in CITIZENS else "evidence"
    await requests.attach(tx, request.id, doing.given.photos, part, event)
    return await _tell(tx, centre, move, request, doing)


async def _corrected(tx: Transaction, centre: Centre, request: Request, doing: Doing, role: Role) -> dict[str, Any]:
    """Keep a correction of the subject to be learnt from, and return what it changes."""
    subject = doing.given.subject
    await corrections.add(
        tx,
        request=request.id,
        person=doing.actor.person,
        role=role,
        model=request.model,
        was=request.subject,
        subject=subject,
        now=doing.now,
    )
    return {"subject": subject, "urgent": _urgent_as(centre, request, subject)}


async def _record(
    tx: Transaction, move: Move, request: Request, doing: Doing, roles: frozenset[Role], unit: str, state: State
) -> int:
    given = doing.given
    data: dict[str, Any] = {"body": given.body} if given.body else {}
    if given.photos:
        data["photos"] = list(given.photos)
    if given.subject:
        data |= {"subject": given.subject, "was": request.subject}
    return await requests.append_history(
        tx,
        request_id=request.id,
        at=doing.now,
        deed=move.deed,
        person_id=doing.actor.person,
        role=_acting_role(move, roles),
        messenger=doing.actor.account.messenger,
        from_state=request.state,
        to_state=state,
        unit=unit,
        outcome=move.outcome,
        verdict=move.verdict,
        reason=given.reason or None,
        note=given.note or None,
        data=data or None,
    )


async def _tell(tx: Transaction, centre: Centre, move: Move, before: Request, doing: Doing) -> Request:
    """Bring the cards up to date, write to the citizen and to whoever has to act next, set what is due."""
    request = await requests.get(tx, before.id)
    await assignment.refresh(tx, centre, request.id, doing.now)
    if request.unit != before.unit:
        await assignment.hand_over(tx, centre, request, doing.now)
    await letters.to_citizens(tx, centre, before, request, doing.deed, doing.given, doing.now, by=doing.actor.person)
    if request.state is not State.CLOSED and before.state is State.CLOSED:
        await supporters.forget_verdicts(tx, request.id)
    await letters.to_unit(tx, centre, request, doing.deed, doing.given, doing.now)
    if request.state is State.CLOSED and move.outcome in lifecycle.NEEDS_JUDGEMENT:
        await reminders.await_verdict(tx, request.id, doing.now)
    elif move.verdict is not None or request.state is not State.CLOSED:
        await reminders.verdict_came(tx, request.id)
    return request


async def add_more_photos(
    tx: Transaction, request: Request, actor: Actor, photos: list[int], album: str, now: datetime
) -> None:
    """Tie the rest of an album to the deed that brought its first photo; the unit is told once, when all are there."""
    mine = [event for event in await requests.timeline(tx, request.id) if event.person == actor.person]
    if not mine:
        return
    if mine[-1].role in CITIZENS:
        await requests.attach(tx, request.id, photos, "added", mine[-1].id)
        await reminders.tell_more_photos(tx, request.id, album, photos, now)
    else:
        await requests.attach(tx, request.id, photos, "evidence", mine[-1].id)


async def fall_silent(tx: Transaction, centre: Centre, request_id: int, now: datetime) -> None:
    """Write down that the citizen said nothing in time; nothing happens when they did."""
    await requests.lock(tx, request_id)
    request = await requests.get(tx, request_id)
    move = lifecycle.BY_DEED[Deed.FALL_SILENT]
    if lifecycle.objection(move, cards.standing(request, frozenset({Role.SYSTEM})), now):
        return
    await requests.change(tx, request.id, verdict=Verdict.SILENT, changed_at=now)
    await requests.append_history(
        tx,
        request_id=request.id,
        at=now,
        deed=Deed.FALL_SILENT,
        role=Role.SYSTEM,
        from_state=request.state,
        to_state=request.state,
        unit=request.unit,
        verdict=Verdict.SILENT,
    )
    await assignment.refresh(tx, centre, request.id, now)


async def show_phone(tx: Transaction, actor: Actor, request: Request, now: datetime) -> str:
    """Return the citizen's number to somebody who may see it, and write down that they looked."""
    roles = roles_towards(actor, request)
    if not roles & {Role.OPERATOR, Role.OFFICIAL, Role.HEAD}:
        raise Refused("not-yours")
    if not request.phone or request.state is State.CLOSED:
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
    """Tell whether somebody may see a request's card: its unit and the desk."""
    return bool(roles_towards(actor, request) & {Role.OPERATOR, Role.OFFICIAL, Role.HEAD})
