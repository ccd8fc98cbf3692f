"""Objections: the second is the head's to settle, the third the inspector's."""

from collections.abc import Mapping
from typing import Any

from domain.casework import Request
from domain.lifecycle import OBJECTIONS_AT_MOST, State
from services import letters
from services.acting import Doing
from services.centre import Centre
from storage import requests
from storage.database import Transaction


async def objected(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> Mapping[str, Any]:
    """Bring the second objection to the desk when nobody who leads the unit can be reached."""
    second = request.times_reopened + 1 == OBJECTIONS_AT_MOST - 1
    if not second or request.unit == centre.city.desk.slug or await letters.reaches_a_head(tx, request.unit):
        return {}
    return {"unit": centre.city.desk.slug, "state": State.WAITING}


async def released(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> Mapping[str, Any]:
    """Bring what a head alone may take to the desk when whoever had it is gone and nobody else leads the unit."""
    heads = request.state is State.IN_HAND and request.times_reopened == OBJECTIONS_AT_MOST - 1
    if not heads or request.unit == centre.city.desk.slug or await letters.reaches_a_head(tx, request.unit):
        return {}
    return {"unit": centre.city.desk.slug, "state": State.WAITING}


async def upheld(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> Mapping[str, Any]:
    """Give the request back to the unit whose answer stands."""
    events = await requests.timeline(tx, request.id)
    answered = next((event.unit for event in reversed(events) if event.to_state is State.CLOSED), request.unit)
    return {"unit": answered}
