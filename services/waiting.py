"""Waiting for somebody else: when the citizen is reminded, and when the unit is told that the day has come."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from domain.casework import Request
from domain.lifecycle import PAUSED, State
from services.acting import Doing
from services.centre import Centre
from services.quiet import awake
from services.sequels import Sequel
from storage import timers
from storage.database import Transaction

BY_A_DAY = frozenset({State.WARNED, State.AWAITED, State.COMMISSION})
"""States in which a unit waits for something until a day."""


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """Set what is due when the answer or the day does not come, and forget it when somebody went on."""
    if State.ASKED in (before.state, after.state) and before.state is not after.state:
        if after.state is State.ASKED:
            await _await_answer(tx, centre, after, doing.now)
        else:
            await timers.cancel(tx, f"asked:{after.id}")
    waits = after.planned_for if after.state in BY_A_DAY else None
    waited = before.planned_for if before.state in BY_A_DAY else None
    if waits is not None and waits != waited:
        await _await_day(tx, centre, after.id, waits, doing.now)
    elif waited is not None and waits is None:
        await timers.cancel(tx, f"day:{after.id}")
    return ()


async def _await_answer(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    remind = timedelta(days=centre.city.escalation.remind_after_days)
    at = awake(centre, now + remind, urgent=request.urgent)
    await timers.set(tx, f"asked:{request.id}", "asked", at, {"request": request.id, "reminded": False})


async def await_longer(tx: Transaction, centre: Centre, request: Request, now: datetime) -> datetime:
    """After the reminder: return when the unit goes on, and let that ring."""
    steps = centre.city.escalation
    left = timedelta(days=steps.go_on_after_days - steps.remind_after_days)
    at = awake(centre, now + left, urgent=request.urgent)
    await timers.set(tx, f"asked:{request.id}", "asked", at, {"request": request.id, "reminded": True})
    return at


async def _await_day(tx: Transaction, centre: Centre, request: int, day: datetime, now: datetime) -> None:
    """The unit hears in the morning of the day; for one that has begun already at its end, for a holiday after it."""
    midnight = datetime.combine(day.astimezone(centre.zone).date(), time(), centre.zone)
    morning = centre.working_time.next_opening(midnight)
    begun = morning <= now
    data = {"request": request, "over": begun or morning >= day}
    await timers.set(tx, f"day:{request}", "day", day if begun else morning, data)


async def await_end_of_day(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """After the word in the morning: what is paused goes on once the day is over."""
    if request.state in PAUSED and request.planned_for is not None:
        at = max(request.planned_for, now)
        await timers.set(tx, f"day:{request.id}", "day", at, {"request": request.id, "over": True})
