"""What a deed changes in one request and its history; whom that concerns is told elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain import desk, lifecycle
from domain.casework import Actor, Request
from domain.lifecycle import Deed, Given, Move, Outcome, State
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, CITIZENS, IN_A_UNIT, Role
from services import promises
from services.centre import Centre
from storage import corrections, requests
from storage.database import Transaction

_TAKES_IN_HAND = frozenset({Deed.ACCEPT, Deed.ASK})
_LET_GO = frozenset({Deed.OBJECT, Deed.RELEASE, Deed.SPLIT})
_ANSWERS = frozenset(
    {
        Deed.ACCEPT, Deed.ASK, Deed.PLAN, Deed.SOLVE, Deed.NOT_SOLVE, Deed.WARN, Deed.OUTSIDE, Deed.GUIDE,
        Deed.RESPOND, Deed.REPLY, Deed.PROMISE,
    }
)  # fmt: skip
_MOVES_UNIT = frozenset({Deed.ASSIGN, Deed.REFER, Deed.SEND_ON, Deed.PROMISE})
_TO_ANOTHER_UNIT = frozenset({Deed.ASSIGN, Deed.REFER})
_DECIDED_ABOVE = frozenset({Deed.ASSIGN, Deed.SEND_ON, Deed.PROMISE})
_BETWEEN_UNITS = frozenset({Deed.REFER, Deed.CORRECT})
"""Deeds with which a unit moves a request to another one by itself."""
_DATED = frozenset({State.PLANNED, State.WARNED, State.AWAITED, State.COMMISSION})


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does what with what, when; without an actor the system does it, by a timer or as a sequel."""

    actor: Actor | None
    deed: Deed
    given: Given
    now: datetime
    outcome: Outcome | None = None
    """How it ends, where the table leaves that open."""
    speaker: str = ""
    """How citizens are told who it was, where it is not the unit: a manager's title."""

    @property
    def person(self) -> int | None:
        """The person's number; None: the system."""
        return self.actor.person if self.actor else None

    @property
    def messenger(self) -> str | None:
        """The messenger they did it from."""
        return self.actor.account.messenger if self.actor else None


def acting_role(move: Move, roles: frozenset[Role]) -> Role:
    """Return the role in which somebody acts, of those that the table allows."""
    return min(move.by & roles, key=list(Role).index)


async def change(
    tx: Transaction,
    centre: Centre,
    request: Request,
    move: Move,
    doing: Doing,
    roles: frozenset[Role],
    more: Mapping[str, Any],
) -> None:
    """Write a checked deed into the request, with `more` columns, and into its history; raises Refused."""
    role = acting_role(move, roles)
    unit = _unit_after(centre, move, request, doing.given)
    referrals = _referrals(centre, move, request, unit, role)
    holder = _holder_after(move, request, doing, unit)
    state = _state_after(centre, move, request, unit, holder)
    ours = {"in_hand_of": None if state in lifecycle.NEW else holder, "referrals": referrals}
    changes = _changes(centre, move, request, doing, unit, state) | ours | dict(more)
    if move.deed is Deed.CORRECT:
        changes |= await _corrected(tx, centre, request, doing, role)
    changes |= _deadline(centre, request, doing, changes)
    changes |= _queue(centre, request, doing, changes)
    await requests.change(tx, request.id, **changes)
    event = await _record(tx, move, request, doing, role, changes)
    part = "added" if role in CITIZENS else "evidence"
    await requests.attach(tx, request.id, doing.given.photos, part, event)


def _unit_after(centre: Centre, move: Move, request: Request, given: Given) -> str:
    if move.deed is Deed.CORRECT:
        return _unit_for_subject(centre, request, given.subject)
    if move.deed is Deed.UNHEARD:
        return centre.city.route(request.subject, request.district, urgent=request.urgent).slug
    if move.deed is Deed.OBJECT and request.times_reopened + 1 >= lifecycle.OBJECTIONS_AT_MOST:
        return centre.city.desk.slug  # the inspector's
    if move.deed not in _MOVES_UNIT:
        return request.unit
    if given.unit not in {unit.slug for unit in centre.city.units}:
        raise Refused("old-button")
    if given.unit == request.unit and move.deed in _TO_ANOTHER_UNIT:
        raise Refused("same-unit")
    if move.deed is Deed.PROMISE and given.unit == centre.city.desk.slug:
        raise Refused("promise-needs-a-unit")
    return given.unit


def _unit_for_subject(centre: Centre, request: Request, subject: str) -> str:
    """Return the unit that a corrected subject leads to; raises Refused for no subject or the same one."""
    if subject not in {known.slug for known in centre.city.subjects}:
        raise Refused("old-button")
    if subject == request.subject:
        raise Refused("same-subject")
    urgent = _urgent_as(centre, request, subject)
    return centre.city.route(subject, request.district, urgent=urgent).slug


def _urgent_as(centre: Centre, request: Request, subject: str) -> bool:
    """What was urgent stays so: the danger in the citizen's words does not end with a better title."""
    return request.urgent or centre.city.subject(subject).urgency == "urgent"


def _holder_after(move: Move, request: Request, doing: Doing, unit: str) -> int | None:
    """Return who has the request in hand after a deed; None: nobody."""
    if unit != request.unit or move.deed in _LET_GO:
        return None
    if move.deed in _TAKES_IN_HAND or (move.to is State.IN_HAND and request.in_hand_of is None and move.by & IN_A_UNIT):
        return doing.person
    return doing.given.colleague if move.deed is Deed.HAND_OVER else request.in_hand_of


def _state_after(centre: Centre, move: Move, request: Request, unit: str, holder: int | None) -> State:
    rerouted = move.deed in (Deed.CORRECT, Deed.UNHEARD) and unit != request.unit
    state = State.ASSIGNED if rerouted else move.to or request.state
    if state is State.IN_HAND and holder is None and (move.to is State.IN_HAND or move.deed is Deed.RELEASE):
        state = to_be_accepted(request)
    if unit == centre.city.desk.slug and state in lifecycle.NEW:
        return State.WAITING  # back at the desk, whoever sent it
    return state


def to_be_accepted(request: Request) -> State:
    """Return the state of what lies with a unit and is in nobody's hand there: what came back is known as such."""
    return State.REOPENED if request.times_reopened else State.ASSIGNED


def _changes(centre: Centre, move: Move, request: Request, doing: Doing, unit: str, state: State) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": state, "unit": unit, "changed_at": doing.now}
    if state is State.CLOSED and move.to is State.CLOSED:
        changes |= {"outcome": _outcome(move, request, doing), "verdict": None, "closed_at": doing.now}
    if move.verdict is not None:
        changes["verdict"] = move.verdict
    if move.deed is Deed.OBJECT:
        changes |= {"times_reopened": request.times_reopened + 1, "closed_at": None}
    if unit != request.unit:
        changes |= {"claimed_by": None, "claimed_at": None}
    if move.deed in _ANSWERS and request.answered_at is None:
        changes["answered_at"] = doing.now
    return changes | _waiting_for(centre, request, doing, state)


def _outcome(move: Move, request: Request, doing: Doing) -> Outcome:
    """Return how it ends; an upheld answer ends it as before the objection."""
    return move.outcome or doing.outcome or request.outcome or Outcome.NOT_SOLVED


def _referrals(centre: Centre, move: Move, request: Request, unit: str, role: Role) -> int:
    """Count how often units gave it to each other since somebody above them decided; raises Refused for once too often.

    A new subject that leads to another unit moves a request as a referral does: else there were a way round the limit.
    """
    moved = unit != request.unit
    decided = move.deed in _DECIDED_ABOVE or (move.deed is Deed.CORRECT and moved and role in AT_THE_DESK)
    if unit == centre.city.desk.slug or decided:
        return 0
    if not (moved and move.deed in _BETWEEN_UNITS and role in IN_A_UNIT):
        return request.referrals
    if request.referrals >= lifecycle.REFERRALS_AT_MOST:
        raise Refused("referred-enough")
    return request.referrals + 1


def _waiting_for(centre: Centre, request: Request, doing: Doing, state: State) -> dict[str, Any]:
    """Say whom and what date the new state waits for; nothing of the state before stays."""
    planned = request.planned_for if state in _DATED else None
    if doing.given.date:
        planned = promises.end_of_day(centre, checked_day(centre, doing.given.date, doing.now))
    body = doing.given.body or request.body if state is State.AWAITED else None
    return {"planned_for": planned, "body": body}


def checked_day(centre: Centre, written: str, now: datetime) -> date:
    """Read a day that a deed names; raises Refused for one that is over, too far away, or no day at all."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Refused("old-button") from None
    today = now.astimezone(centre.zone).date()
    if day < today:
        raise Refused("date-over")
    if day - today > lifecycle.LATEST_DATE:
        raise Refused("date-too-far")
    return day


def _deadline(centre: Centre, request: Request, doing: Doing, changes: Mapping[str, Any]) -> dict[str, Any]:
    corrected = doing.deed is Deed.CORRECT
    if changes["unit"] == request.unit and not corrected and doing.deed is not Deed.OBJECT:
        return {}
    subject, urgent = changes.get("subject", request.subject), changes.get("urgent", request.urgent)
    promised = promises.deadline(centre, subject, doing.now, urgent=urgent)
    if changes["unit"] == request.unit and corrected and request.deadline_at is not None:
        promised = min(promised, request.deadline_at)  # a better title does not make anybody less late
    return {"deadline_at": promised}


def _queue(centre: Centre, request: Request, doing: Doing, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Say why the desk has to look at it now; whoever had it out of the queue is done with it once it leaves."""
    after = replace(
        request,
        state=changes["state"],
        unit=changes["unit"],
        subject=changes.get("subject", request.subject),
        times_reopened=changes.get("times_reopened", request.times_reopened),
    )
    kind = desk.kind_after(request, after, doing.deed, centre.city.desk.slug)
    return {"queue": kind} if kind else {"queue": None, "claimed_by": None, "claimed_at": None}


async def _corrected(tx: Transaction, centre: Centre, request: Request, doing: Doing, role: Role) -> dict[str, Any]:
    """Keep a correction of the subject to be learnt from, and return what it changes."""
    subject = doing.given.subject
    assert doing.person is not None  # the table lets only people correct
    await corrections.add(
        tx,
        request=request.id,
        person=doing.person,
        role=role,
        model=request.model,
        was=request.subject,
        subject=subject,
        now=doing.now,
    )
    return {"subject": subject, "urgent": _urgent_as(centre, request, subject)}


def _data(request: Request, doing: Doing) -> dict[str, Any]:
    """What else belongs into the history's row."""
    given = doing.given
    brought = {
        "speaker": doing.speaker,
        "body": given.body,
        "target": given.target,
        "date": given.date,
        "colleague": given.colleague,
        "parts": list(given.parts),
        "photos": list(given.photos),
        "subject": given.subject,
    }
    data = {name: value for name, value in brought.items() if value}
    return data | ({"was": request.subject} if given.subject else {})


async def _record(
    tx: Transaction,
    move: Move,
    request: Request,
    doing: Doing,
    role: Role,
    changes: Mapping[str, Any],
) -> int:
    return await requests.append_history(
        tx,
        request_id=request.id,
        at=doing.now,
        deed=move.deed,
        person_id=doing.person,
        role=role,
        messenger=doing.messenger,
        from_state=request.state,
        to_state=changes["state"],
        unit=changes["unit"],
        outcome=changes.get("outcome"),
        verdict=move.verdict,
        reason=doing.given.reason or None,
        note=doing.given.note or None,
        data=_data(request, doing) or None,
    )
