"""The morning digest: how a unit's day stands, once on each working day, where there is anything to say."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from domain.casework import Request
from domain.lifecycle import State
from domain.messages import Message
from services import assignment, reminders, rows, saying
from services.acting import Doing
from services.centre import Centre
from services.rings import Ring
from services.sequels import Sequel
from storage import field, requests
from storage.database import Transaction
from storage.field import Day
from texts.speech import lines, text

_PRESSING = 3


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """A request that is opened again is told of in the morning, like one that comes to the unit."""
    if before.state is State.CLOSED and after.state is not State.CLOSED:
        await reminders.plan_digest(tx, centre, after.unit, doing.now)
    return ()


async def _morning(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    """Send a unit its digest and plan the next; late, but on the same working day, it is still sent."""
    unit, today = data["unit"], now.astimezone(centre.zone).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), centre.zone)
    stands = await field.day_of(tx, unit, now, midnight)
    if not stands.open or unit not in {known.slug for known in centre.city.units}:
        return
    hours = centre.working_time.hours(today)
    if hours is not None and hours[0] <= now < hours[1]:
        await _send(tx, centre, unit, stands, f"digest:{unit}:{today}", now)
    await reminders.plan_digest(tx, centre, unit, now)


async def _send(tx: Transaction, centre: Centre, unit: str, stands: Day, once: str, now: datetime) -> None:
    pressing = await requests.on_desk(tx, (unit,), limit=_PRESSING)
    message = Message(
        text=lines(
            text("digest", unit=centre.city.unit(unit).title, count=stands.open),
            text("digest-late", count=stands.late) if stands.late else "",
            text("digest-due", count=stands.due) if stands.due else "",
            text("digest-reopened", count=stands.reopened) if stands.reopened else "",
            text("digest-asked", count=stands.asked) if stands.asked else "",
            text("digest-pressing"),
        ),
        buttons=[[rows.button(centre, request, now)] for request in pressing],
    )
    for messenger, chat_id, viewer in await assignment.chats_of(tx, centre, unit):
        key = f"{once}:{messenger}:{chat_id}"
        await saying.push(tx, messenger, chat_id, message, now, private=viewer is not None, dedup_key=key)


RINGS: dict[str, Ring] = {"digest": _morning}
