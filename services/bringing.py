"""What comes to a request that was split, for the units that have its parts: they have the work."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from domain.casework import Request
from domain.lifecycle import State
from services import assignment, letters
from services.centre import Centre
from storage import requests
from storage.database import Transaction

Note = Callable[[Request], Awaitable[int]]
"""Writes what came into a request's history and returns the row's number."""


async def to_parts(tx: Transaction, centre: Centre, whole: int, note: Note, files: list[int], now: datetime) -> None:
    """Bring words and files that came to the whole to each of its parts that is open."""
    for part in await requests.parts_of(tx, whole):
        if part.state is State.CLOSED:
            continue
        event = await note(part)
        await requests.attach(tx, part.id, files, "added", event)
        if files:
            await letters.more_photos(tx, centre, part, files, now)
        await assignment.refresh(tx, centre, part.id, now)
