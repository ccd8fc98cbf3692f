"""One chat that sends 5,000 updates: what taking up the next work costs then, and how long others wait."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.crowd import PATIENCE, Crowd, crowd
from benchmarks.databases import SQLITE, database
from benchmarks.figures import Bound, Figure, Spread, percentile
from benchmarks.processes import DURABLE, running
from storage import inbox, migrate
from storage.database import Database
from storage.inbox import Arrival

PART = "one chat's flood"
_BATCH = 100
_PAGE = 500  # rows a dispatcher reads at once


@dataclass(frozen=True)
class Size:
    """How many updates the flood has, how often taking up is measured, how many others write meanwhile."""

    flood: int = 5000
    times: int = 50
    others: int = 40


def _arrivals(first: int, count: int, lane: str) -> list[Arrival]:
    body = '{"update_id": 1, "message": {"text": "…"}}'
    return [Arrival(first + n, f"message:{first + n}", lane or f"telegram:{first + n}", body) for n in range(count)]


async def _taking_up(kind: str, size: Size, flood: int) -> list[float]:
    """Return the milliseconds of: read what waits, mark the update of another chat as done, commit."""
    now = datetime.now(UTC)
    async with database(kind) as (address, _):
        db = Database(address)
        try:
            await migrate.upgrade(db)
            for first in range(0, flood, _BATCH):
                async with db.write() as tx:
                    await inbox.receive(tx, "telegram", _arrivals(first, _BATCH, "telegram:1"), now)
            took = []
            for number in range(flood, flood + size.times):
                async with db.write() as tx:
                    await inbox.receive(tx, "telegram", _arrivals(number, 1, ""), now)
                began = time.perf_counter()
                async with db.read() as tx:
                    rows = await inbox.waiting_after(tx, "telegram", 0, _PAGE)
                async with db.write() as tx:
                    assert await inbox.done(tx, [row.id for row in rows if row.lane != "telegram:1"], now)
                took.append((time.perf_counter() - began) * 1000)
            return took
        finally:
            await db.close()


async def _others(messenger: Crowd, first: int, count: int) -> list[float]:
    waits = []
    for number in range(first, first + count):
        answer, began = messenger.hears(number), time.perf_counter()
        await messenger.write(["me too"], number)
        waits.append(await asyncio.wait_for(answer, PATIENCE) - began)
    return waits


async def _replies(size: Size) -> tuple[list[float], list[float]]:
    """Return how long others wait for an echo with nothing going on, and during the flood; seconds."""
    async with crowd() as messenger, running(DURABLE, messenger.url) as bot:
        await _others(messenger, 1, 10)
        await bot.quiet()
        alone = await _others(messenger, 11, size.others)
        for n in range(size.flood):
            await messenger.person(0).write(f"flood {n}")
        before = messenger.answers
        crowded = await _others(messenger, 11 + size.others, size.others)
        assert messenger.answers - before < size.flood, "the flood was over before the others had written"
        return alone, crowded


async def measure(kinds: list[str], size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure taking up on each kind of database, and the replies to others on SQLite."""
    figures = []
    for kind in kinds:
        none, many = Spread.of(await _taking_up(kind, size, 0)), Spread.of(await _taking_up(kind, size, size.flood))
        say(f"{kind}: taking up {none.median:.1f} ms, with the flood {many.median:.1f} ms")
        figures.append(Figure(PART, f"{kind}: taking up an update, nothing else waits", none.median, "ms"))
        what = f"{kind}: taking up an update, {size.flood} of one chat wait"
        ratio, bound = many.median / none.median, Bound("<=", 2.0, of_ratio=True)
        figures.append(Figure(PART, what, many.median, "ms", ratio=ratio, beside="nothing waiting", bound=bound))
    alone, crowded = (percentile(waits, 0.95) * 1000 for waits in await _replies(size))
    say(f"others wait {alone:.0f} ms, during the flood {crowded:.0f} ms")
    figures.append(Figure(PART, f"{SQLITE}: reply to another chat, nothing else waits, p95", alone, "ms"))
    what = f"{SQLITE}: reply to another chat during the flood, p95"
    figures.append(
        Figure(PART, what, crowded, "ms", ratio=crowded / alone, beside="nothing waiting", bound=Bound("<=", 1000))
    )
    return figures
