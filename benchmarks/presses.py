"""A button of a card pressed on a request that much has happened to: 200 rows of history, 50 supporters, 10 parts.

Measured is what the person waits for on our side: from the update to the commit, cards and messages queued with it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import telegram

from benchmarks.databases import database
from benchmarks.figures import Bound, Figure, Spread, percentile
from domain.casework import Actor
from domain.lifecycle import Deed
from handlers.house import House
from nlp.understanding import Understanding
from services.centre import Centre
from storage import migrate, requests
from storage.city_files import load_city
from storage.database import Database
from tests.units import town

PART = "press"
_LIMIT = 100.0  # milliseconds
_DEEDS = (Deed.ACCEPT, Deed.START)
_CITY = Path(__file__).parents[1] / "cities" / "mashhad"


@dataclass(frozen=True)
class Size:
    """How many requests are pressed on, twice each."""

    requests: int = 25


def _update(number: int, actor: Actor, code: str, deed: Deed) -> telegram.Update:
    user = {"id": actor.account.user_id, "is_bot": False, "first_name": "رضایی"}
    chat = {"id": actor.account.user_id, "type": "private", "first_name": "رضایی"}
    message = {"message_id": 1, "date": 100, "chat": chat, "text": "کارت"}
    query = {"id": str(number), "from": user, "chat_instance": "1", "message": message, "data": f"w:{code}:{deed}"}
    update = telegram.Update.de_json({"update_id": number, "callback_query": query}, None)
    assert update is not None
    return update


async def _pressed(db: Database, house: House, size: Size, *, old: bool) -> list[float]:
    """Return what each press takes, in milliseconds."""
    found = []
    for number in range(size.requests):
        async with db.write() as tx:
            request, (actor, *_) = await town.busy(tx, old=old)
            code = (await requests.get(tx, request)).code
        for deed in _DEEDS:
            update = _update(number, actor, code, deed)
            began = time.perf_counter()
            async with db.write() as tx:
                toast = await house.handle(tx, "telegram", update, town.NOW)
            found.append(1000 * (time.perf_counter() - began))
            assert toast is not None
            assert not toast.alert, toast.text
    return found


async def measure(kinds: list[str], size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure presses on requests with a long past on each database, beside the same on young ones."""
    city = load_city(_CITY)
    house = House(Centre(city, Understanding.load(subjects=[one.slug for one in city.subjects], places=[])))
    figures = []
    for kind in kinds:
        async with database(kind) as (address, _):
            db = Database(address, frozen_after=600)
            try:
                await migrate.upgrade(db)
                young = await _pressed(db, house, size, old=False)
                say(f"{kind}: young requests pressed on")
                old = await _pressed(db, house, size, old=True)
            finally:
                await db.close()
        middle, high = (percentile(old, share) for share in (0.5, 0.95))
        what = f"{kind}: a press on a request with 200 rows of history, 50 supporters, 10 parts: p95"
        ratio = Spread.of(old).median / Spread.of(young).median
        figures.append(
            Figure(
                PART, what, high, "ms", middle, max(old), ratio=ratio, beside="a young one", bound=Bound("<=", _LIMIT)
            )
        )
    return figures
