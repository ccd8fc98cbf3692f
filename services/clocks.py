"""The clocks of requests as deeds move them: what was promised, until when, and when the next warning rings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain import clocks
from domain.casework import Request
from domain.clocks import COUNTED, Clock, Going, Kind, Step
from domain.lifecycle import BY_DEED, NEEDS_JUDGEMENT, PAUSED, Deed, State
from domain.roles import CITIZENS
from services import letters, promises
from services.acting import Doing
from services.centre import Centre
from services.quiet import awake
from services.sequels import Sequel
from storage import clocks as rows
from storage import requests, timers
from storage.database import Transaction

_SAID = frozenset({Deed.ADD, Deed.ANSWER, Deed.OBJECT})
"""What a citizen says that wants an answer."""

_DATED = frozenset({Deed.PLAN, Deed.PROMISE, Deed.WARN})
"""The day that such a deed names is what citizens are promised from then on."""

_GRACE = timedelta(minutes=5)
"""A date that is put off is not put off by another hour for this."""

_FINE = 3 * 3600  # seconds: so short a promise is told to five minutes

Clocks = Mapping[Kind, Clock]


@dataclass(frozen=True, slots=True)
class _Dates:
    """The officials' deadline, and what citizens are told where it is another date."""

    deadline_at: datetime | None
    promised_at: datetime | None

    @property
    def told_for(self) -> datetime | None:
        return self.promised_at or self.deadline_at


async def begin(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """Start the clocks of a request that has just come into the world."""
    if request.state in COUNTED and request.deadline_at is not None:
        fresh = [_answer(centre, request, now, Kind.FIRST_ANSWER), _until(centre, request, now, request.deadline_at)]
        await _write(tx, centre, request, {}, {clock.kind: clock for clock in fresh}, now)


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """Start, move, stop or let stand still what a deed concerns, and keep the dates that citizens are promised."""
    was = await rows.of_request(tx, after.id)
    if after.state in COUNTED:
        dates = _dates(centre, was.get(Kind.RESOLUTION), before, after, doing)
        if dates != _Dates(after.deadline_at, after.promised_at):
            await requests.change(tx, after.id, deadline_at=dates.deadline_at, promised_at=dates.promised_at)
        first = _first(centre, was.get(Kind.FIRST_ANSWER), before, after, doing)
        found = {
            Kind.RESOLUTION: _resolution(centre, was.get(Kind.RESOLUTION), before, after, doing, dates),
            Kind.FIRST_ANSWER: first,
            Kind.NEXT_ANSWER: _next(centre, was.get(Kind.NEXT_ANSWER), first, after, doing),
        }
        became = {kind: clock for kind, clock in found.items() if clock is not None}
    else:
        became = {kind: clocks.stop(clock, doing.now, met=_met(clock, after)) for kind, clock in was.items()}
    dated = await requests.get(tx, after.id)
    await _write(tx, centre, dated, was, became, doing.now)
    return ()


async def wind(tx: Transaction, centre: Centre, request: Request, known: Clocks, now: datetime) -> None:
    """Set the timer of each clock for its next step; those without one ring no more."""
    due = {kind: _next_ring(centre, request, known, kind, now) for kind in Kind}
    ringing = [
        (f"clock:{request.id}:{kind}", "clock", at, {"request": request.id, "kind": kind})
        for kind, at in due.items()
        if at is not None
    ]
    silent = [f"clock:{request.id}:{kind}" for kind, at in due.items() if at is None]
    if ringing:
        await timers.set_all(tx, ringing)
    if silent:
        await timers.cancel(tx, *silent)


def steps_ahead(centre: Centre, clock: Clock) -> dict[Step, datetime]:
    """Return when the steps of a clock are due that were not taken yet."""
    time, steps = centre.time(urgent=clock.around_the_clock), centre.city.escalation
    later = {Step.DEPUTY: time.promised(steps.deputy), Step.MANAGER: time.promised(steps.manager)}
    return clocks.step_times(clock, time, later)


def over_again(request: Request, clock: Clock) -> datetime | None:
    """Return when the date is over that citizens were told in place of one that was missed: it is never the last."""
    missed = clock.kind is Kind.RESOLUTION and clock.going is Going.RUNNING and Step.BREACH in clock.steps
    return request.told_for if missed else None


def _next_ring(centre: Centre, request: Request, known: Clocks, kind: Kind, now: datetime) -> datetime | None:
    clock = known.get(kind)
    if clock is None or (kind is not Kind.RESOLUTION and _covered(clock, known.get(Kind.RESOLUTION))):
        return None
    again = over_again(request, clock)
    at = min([*steps_ahead(centre, clock).values(), *([again] if again else [])], default=None)
    return awake(centre, max(at, now), urgent=request.urgent) if at else None


def _covered(answer: Clock, resolution: Clock | None) -> bool:
    """An answer that is due no sooner than the resolution is warned of with it: nobody is told twice."""
    if resolution is None or resolution.due_at is None or answer.due_at is None:
        return False
    return resolution.due_at <= answer.due_at


async def _write(tx: Transaction, centre: Centre, request: Request, was: Clocks, became: Clocks, now: datetime) -> None:
    changed = [clock for kind, clock in became.items() if clock != was.get(kind)]
    if changed:
        await rows.put(tx, request.id, changed)
        await wind(tx, centre, request, became, now)


def _until(centre: Centre, request: Request, now: datetime, due_at: datetime) -> Clock:
    time = centre.time(urgent=request.urgent)
    return clocks.start(Kind.RESOLUTION, now, due_at, time, urgent=request.urgent)


def _answer(centre: Centre, request: Request, now: datetime, kind: Kind) -> Clock:
    promised = promises.next_answer if kind is Kind.NEXT_ANSWER else promises.first_answer
    due = promised(centre, request.subject, now, urgent=request.urgent)
    return clocks.start(kind, now, due, centre.time(urgent=request.urgent), urgent=request.urgent)


def _anew(before: Request, after: Request) -> bool:
    """Tell whether somebody has to begin from the beginning: it was opened again, or is with another unit now."""
    return before.state not in COUNTED or before.unit != after.unit


def _named_day(before: Request, after: Request, doing: Doing) -> datetime | None:
    """Return what the deed's day promises; a follow-up of a warning puts off what was promised, but never sooner."""
    if doing.deed not in _DATED or after.planned_for is None:
        return None
    known = after.deadline_at if _anew(before, after) else before.told_for
    if doing.deed is Deed.WARN and known is not None and known > after.planned_for:
        return None
    return after.planned_for


def _dates(centre: Centre, clock: Clock | None, before: Request, after: Request, doing: Doing) -> _Dates:
    """Return the dates of a request after a deed."""
    named = _named_day(before, after, doing)
    if named is not None or _anew(before, after):
        return _Dates(after.deadline_at, named)
    if clock is not None and clock.going is Going.STILL and after.state not in PAUSED:
        return _put_off(centre, clock, after, doing.now)
    return _Dates(after.deadline_at, after.promised_at)


def _put_off(centre: Centre, clock: Clock, request: Request, now: datetime) -> _Dates:
    """Move what lay ahead when the clock stopped by as long as it stood still."""
    urgent, since = clock.around_the_clock, clock.stopped_at or now
    time = centre.time(urgent=urgent)
    stood = time.between(since, now)

    def later(moment: datetime | None) -> datetime | None:
        if moment is None or stood <= 0:
            return moment
        moved = time.after(moment, stood)
        fine = clock.seconds <= _FINE
        rounded = promises.sayable(centre, moved - (timedelta() if fine else _GRACE), urgent=urgent, fine=fine)
        return rounded if moment > since else moved

    return _Dates(later(request.deadline_at), later(request.promised_at))


def _resolution(
    centre: Centre, clock: Clock | None, before: Request, after: Request, doing: Doing, dates: _Dates
) -> Clock | None:
    """Return the clock until the resolution after a deed."""
    promised, now = dates.told_for, doing.now
    if promised is None:
        return clock
    if _anew(before, after):
        return _until(centre, after, now, promised)
    clock = clock or _until(centre, after, now, promised)
    if not clock.alive:
        return clock
    if _named_day(before, after, doing) is not None:
        return replace(_until(centre, after, now, promised), late=clock.late)
    if doing.deed is Deed.CORRECT and clock.going is Going.RUNNING and dates.promised_at is None:
        clock = clocks.move(clock, promised, centre.time(urgent=after.urgent), urgent=after.urgent)
    if after.state in PAUSED:
        return clocks.pause(clock, now, centre.time(urgent=clock.around_the_clock))
    return clocks.resume(clock, _rest(centre, clock, promised, now))


def _rest(centre: Centre, clock: Clock, promised: datetime, now: datetime) -> datetime:
    """Return until when a clock runs that stood still: the date that is promised, unless that was missed before."""
    if Step.BREACH not in clock.steps:
        return promised
    return centre.time(urgent=clock.around_the_clock).after(now, clock.left_seconds or 0)


def _first(centre: Centre, clock: Clock | None, before: Request, after: Request, doing: Doing) -> Clock | None:
    if after.answered_at is not None:
        return clocks.stop(clock, doing.now, met=True) if clock else None
    if _anew(before, after):
        return _answer(centre, after, doing.now, Kind.FIRST_ANSWER)
    if clock is None or doing.deed is not Deed.CORRECT:
        return clock
    sooner = promises.first_answer(centre, after.subject, doing.now, urgent=after.urgent)
    end = min(clock.due_at or sooner, sooner)
    return clocks.move(clock, end, centre.time(urgent=after.urgent), urgent=after.urgent)


def _speaks(doing: Doing) -> bool:
    """Tell whether a deed says something that wants an answer; a picture more, without a word, does not."""
    return doing.deed in _SAID and (doing.deed is not Deed.ADD or bool(doing.given.note))


def _next(centre: Centre, clock: Clock | None, first: Clock | None, after: Request, doing: Doing) -> Clock | None:
    """Return the clock of what the citizen said: any deed of the staff that they are told of answers it.

    While nobody has answered at all, the clock of the first answer is the one that counts.
    """
    awaited = [one for one in (clock, first) if one and one.alive]
    if _speaks(doing) and not awaited:
        clock = _answer(centre, after, doing.now, Kind.NEXT_ANSWER)
    elif clock is not None and doing.actor and not BY_DEED[doing.deed].by & CITIZENS and doing.deed in letters.TOLD:
        return clocks.stop(clock, doing.now, met=True)
    if clock is None or not clock.alive:
        return clock
    time = centre.time(urgent=clock.around_the_clock)
    if after.state in PAUSED:
        return clocks.pause(clock, doing.now, time)
    return clocks.resume(clock, time.after(doing.now, clock.left_seconds or 0))


def _met(clock: Clock, request: Request) -> bool:
    if clock.kind is Kind.FIRST_ANSWER:
        return request.answered_at is not None
    return request.state is State.CLOSED and request.outcome in NEEDS_JUDGEMENT


def problems(request: Request, known: Sequence[Clock]) -> list[str]:
    """Say in English what is not as it should be between a request and its clocks; for checks and tests."""
    return clocks.problems(request.state, request.deadline_at, known)
