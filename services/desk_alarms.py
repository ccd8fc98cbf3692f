"""What cannot wait and lies at the desk itself: its chats are alarmed every few minutes until somebody sees to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from domain import desk
from domain.casework import Request
from domain.lifecycle import State
from services import call_messages
from services.acting import Doing
from services.centre import Centre
from services.rings import Ring
from services.sequels import Sequel
from storage import requests, timers
from storage.calls import Shown
from storage.database import Transaction

_ALARM = "desk-alarm"


def _is_wanted(centre: Centre, request: Request) -> bool:
    return request.urgent and request.state is State.WAITING and request.unit == centre.city.desk.slug


async def reached(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """A request has come to the desk, whose chats have its card: alarm them in a while, if it cannot wait."""
    if _is_wanted(centre, request):
        await _wait(tx, centre, request.id, (), now)


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """Begin when an urgent request comes to the desk; once it is there no more, the next ring ends it."""
    if not _is_wanted(centre, before):
        await reached(tx, centre, after, doing.now)
    return ()


async def _wait(tx: Transaction, centre: Centre, request: int, shown: Sequence[Shown], now: datetime) -> None:
    due = now + timedelta(minutes=centre.city.relief.desk_every_minutes)
    chats = [[one.row, one.messenger, one.chat, one.person] for one in shown]
    await timers.set(tx, f"{_ALARM}:{request}", _ALARM, due, {"request": request, "shown": chats})


async def _ring(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    """Alarm again, in place of the message before; while a colleague has it out of the queue, only look again."""
    await requests.lock(tx, data["request"])
    request = await requests.get(tx, data["request"])
    await call_messages.wipe(tx, [Shown(*one) for one in data["shown"]], now)
    if not _is_wanted(centre, request):
        return
    held = desk.holder(request, now) is not None
    said = [] if held else await call_messages.still_at_desk(tx, centre, request, now)
    await _wait(tx, centre, request.id, said, now)


RINGS: dict[str, Ring] = {_ALARM: _ring}
