"""A request's clocks in words: what is promised, whether its time runs, and whether it is late."""

from datetime import datetime, timedelta

from domain.casework import Request
from domain.clocks import Clock, Going, Kind
from services.centre import Centre
from storage import clocks as rows
from storage.database import Transaction
from texts.numbers import span, when
from texts.speech import Rich, label, text


async def of_request(tx: Transaction, centre: Centre, request: Request, now: datetime) -> list[Rich]:
    """Say each clock of a request in a line, and what citizens are told where that is another date."""
    known = await rows.of_request(tx, request.id)
    told = [_line(centre, known[kind], now) for kind in Kind if kind in known]
    if request.promised_at is not None and request.promised_at != request.deadline_at:
        told.append(text("clock-promised", until=when(request.promised_at, centre.zone, now)))
    return told


def _line(centre: Centre, clock: Clock, now: datetime) -> Rich:
    return text(
        f"clock-is-{clock.going}",
        name=label(f"clock-name-{clock.kind.replace('_', '-')}"),
        late="yes" if clock.late or _over(clock, now) else "no",
        due=when(clock.due_at, centre.zone, now) if clock.due_at else "",
        since=when(clock.stopped_at, centre.zone, now) if clock.stopped_at else "",
        left=span(timedelta(seconds=clock.left_seconds or 0)),
        urgent="yes" if clock.around_the_clock else "no",
    )


def _over(clock: Clock, now: datetime) -> bool:
    if clock.going is Going.STILL:
        return (clock.left_seconds or 0) < 0
    return clock.going is Going.RUNNING and clock.due_at is not None and clock.due_at < now
