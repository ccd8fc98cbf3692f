"""Clocks of what was promised about a request: how they start, stand still and stop, and when somebody is warned.

A clock counts the city's working time, or every hour where the request is urgent (`domain.worktime`). What is left of
it and when the next warning is due is counted back from its end, so that a pause moves them all alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.lifecycle import OPEN, PAUSED, State
from domain.worktime import Time


class Kind(StrEnum):
    """What was promised."""

    FIRST_ANSWER = "first_answer"
    NEXT_ANSWER = "next_answer"  # to what the citizen said since
    RESOLUTION = "resolution"


class Going(StrEnum):
    """What a clock does."""

    RUNNING = "running"
    STILL = "paused"  # while somebody else is awaited
    MET = "met"
    ENDED = "ended"  # it no longer mattered


class Step(StrEnum):
    """What is done about a clock, in this order, each once."""

    HALF = "half"  # a word to the person in charge
    MOST = "most"  # nine tenths: the unit is warned
    BREACH = "breach"  # the unit and its head; the citizen gets an apology and a new date
    DEPUTY = "deputy"
    MANAGER = "manager"


STEPS = tuple(Step)
LEFT = {Step.HALF: 0.5, Step.MOST: 0.1, Step.BREACH: 0.0}
"""The share of the promised time that is left at the steps up to the breach."""

COUNTED = OPEN - {State.IN_PARTS, State.ROSTER}
"""States with clocks: parts have their own, and who waits for a manager's session waits for its day."""


RUNS = COUNTED - PAUSED
"""States in which the time until the deadline passes: only then a request can be late."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise about a request; `seconds` and `left_seconds` are of the time that counts."""

    kind: Kind
    going: Going
    around_the_clock: bool
    seconds: int
    started_at: datetime
    due_at: datetime | None  # None while it stands still
    left_seconds: int | None = None  # while it stands still; below 0: it was late already
    stopped_at: datetime | None = None  # since when it stands still, was met or no longer matters
    late: bool = False
    steps: tuple[Step, ...] = ()

    @property
    def alive(self) -> bool:
        """Whether it may still be met."""
        return self.going in (Going.RUNNING, Going.STILL)


def start(kind: Kind, now: datetime, due_at: datetime, time: Time, *, urgent: bool) -> Clock:
    """Start a clock that ends at `due_at`."""
    return Clock(kind, Going.RUNNING, urgent, max(int(time.between(now, due_at)), 0), now, due_at)


def pause(clock: Clock, now: datetime, time: Time) -> Clock:
    """Let a running clock stand still; another stays as it is."""
    if clock.due_at is None or clock.going is not Going.RUNNING:
        return clock
    left = int(time.between(now, clock.due_at))
    return replace(clock, going=Going.STILL, due_at=None, left_seconds=left, stopped_at=now)


def resume(clock: Clock, due_at: datetime) -> Clock:
    """Let a clock that stands still run again, until `due_at`."""
    if clock.going is not Going.STILL:
        return clock
    return replace(clock, going=Going.RUNNING, due_at=due_at, left_seconds=None, stopped_at=None)


def move(clock: Clock, due_at: datetime, time: Time, *, urgent: bool) -> Clock:
    """Give a running clock another end; what was warned of stays so."""
    seconds = max(int(time.between(clock.started_at, due_at)), 0)
    return replace(clock, due_at=due_at, seconds=seconds, around_the_clock=urgent)


def stop(clock: Clock, now: datetime, *, met: bool) -> Clock:
    """Stop a clock for good: it was met, in time or late, or it no longer matters."""
    if not clock.alive:
        return clock
    over = clock.due_at < now if clock.due_at else (clock.left_seconds or 0) < 0
    going = Going.MET if met else Going.ENDED
    return replace(clock, going=going, due_at=clock.due_at, left_seconds=None, stopped_at=now, late=clock.late or over)


def step_times(clock: Clock, time: Time, escalation: Mapping[Step, float]) -> dict[Step, datetime]:
    """Return when the steps of a running clock that are still to be taken are due.

    `escalation`: seconds after the breach, for each step after it.
    """
    if clock.due_at is None or clock.going is not Going.RUNNING:
        return {}
    taken = max((STEPS.index(step) for step in clock.steps), default=-1)
    seconds = {step: -clock.seconds * share for step, share in LEFT.items()} | dict(escalation)
    ahead = [step for step in STEPS[taken + 1 :] if step in seconds]
    return {step: time.after(clock.due_at, seconds[step]) for step in ahead}


def due_steps(times: Mapping[Step, datetime], now: datetime) -> list[Step]:
    """Return which steps are to be taken now, in their order; a warning is left out when a later one is due as well."""
    due = [step for step in STEPS if step in times and times[step] <= now]
    warnings = [step for step in due if step in LEFT]
    return [step for step in due if step not in warnings[:-1]]


def take(clock: Clock, steps: Sequence[Step]) -> Clock:
    """Note the steps that were taken."""
    return replace(clock, steps=(*clock.steps, *steps), late=clock.late or Step.BREACH in steps)


def problems(state: State, deadline_at: datetime | None, clocks: Iterable[Clock]) -> list[str]:
    """Say in English what is not as it should be between a request's state and its clocks; for checks and tests."""
    known = {clock.kind: clock for clock in clocks}
    found = [f"{clock.kind} {wrong}" for clock in known.values() for wrong in _wrong(clock, state)]
    if state in COUNTED and deadline_at is not None:
        resolution = known.get(Kind.RESOLUTION)
        if resolution is None or not resolution.alive:
            found.append("nothing counts the time until the resolution")
        answer = known.get(Kind.FIRST_ANSWER), known.get(Kind.NEXT_ANSWER)
        if all(clock is not None and clock.alive for clock in answer):
            found.append("the first answer and the next one are awaited at once")
    return found


def _wrong(clock: Clock, state: State) -> list[str]:
    checks = {
        f"{clock.going} while the request is {state}": clock.alive and state not in COUNTED,
        f"runs while the request is {state}": clock.going is Going.RUNNING and state in PAUSED,
        f"stands still while the request is {state}": clock.going is Going.STILL and state not in PAUSED,
        "runs without an end": clock.going is Going.RUNNING and clock.due_at is None,
        "stands still with an end": clock.going is Going.STILL and clock.due_at is not None,
        "stands still with nothing left to say": clock.going is Going.STILL and clock.left_seconds is None,
        "does not say since when": (clock.going is Going.RUNNING) != (clock.stopped_at is None),
        "took a step twice": len(set(clock.steps)) < len(clock.steps),
        "was missed and is not late": Step.BREACH in clock.steps and not clock.late,
    }
    return [wrong for wrong, holds in checks.items() if holds]
