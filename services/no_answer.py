"""What happens when an answer does not come: the citizen is reminded, the unit hears of its day, work goes on."""

from datetime import datetime
from typing import Any

from domain.casework import Request
from domain.lifecycle import PAUSED, Deed, Given, State
from domain.messages import Button, Message
from services import casework, letters, particulars, saying, waiting, wholes
from services.acting import Doing
from services.centre import Centre
from services.rings import Ring
from storage import requests
from storage.database import Transaction
from texts.numbers import when
from texts.speech import label, text


async def _asked(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    """A question is not answered: half way a reminder, then the unit goes on without."""
    await requests.lock(tx, data["request"])
    request = await requests.get(tx, data["request"])
    if request.state is not State.ASKED:
        return
    if not data["reminded"]:
        until = await waiting.await_longer(tx, centre, request, now)
        await _remind(tx, centre, request, until, now)
        return
    await casework.by_system(tx, centre, request.id, Doing(None, Deed.GO_ON, Given(), now))
    await letters.goes_on(tx, centre, request, now)


async def _remind(tx: Transaction, centre: Centre, request: Request, until: datetime, now: datetime) -> None:
    asked = [event for event in await requests.timeline(tx, request.id) if event.deed == Deed.ASK]
    question = asked[-1].note if asked else ""
    unit = centre.city.unit(request.unit).title
    words = text("asked-reminder", unit=unit, question=question, until=when(until, centre.zone, now))
    rows = [[Button(label=label("button-answer"), data=f"r:{request.code}:answer")]]
    whole = await wholes.whole_of(tx, request)
    await saying.push(tx, whole.messenger, whole.chat_id, Message(text=words, buttons=rows), now, private=True)


async def _day(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    """The day has come on which a unit expected something: it is reminded; once it is over, what was paused goes on."""
    await requests.lock(tx, data["request"])
    request = await requests.get(tx, data["request"])
    if request.state not in waiting.BY_A_DAY:
        return
    details = particulars.of_request(centre, request, now) | _named(centre, request)
    if data["over"] and request.state in PAUSED:
        await casework.by_system(tx, centre, request.id, Doing(None, Deed.RESUME, Given(), now))
        await letters.tell_unit(tx, centre, request, text("heard-day-over", **details), now)
        return
    past = (
        request.planned_for is not None
        and request.planned_for.astimezone(centre.zone).date() < now.astimezone(centre.zone).date()
    )
    state = "past" if past else str(request.state)
    await letters.tell_unit(tx, centre, request, text("heard-day", state=state, **details), now)
    await waiting.await_end_of_day(tx, centre, request, now)


def _named(centre: Centre, request: Request) -> dict[str, str]:
    return {"code": request.code, "subject": letters.subject_title(centre, request)}


RINGS: dict[str, Ring] = {"asked": _asked, "day": _day}
