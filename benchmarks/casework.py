"""The screens of casework when a city has worked for years: what they take with many requests beside few.

As many requests are open in both cases: a city's past grows, not what it has to do.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from benchmarks.databases import database
from benchmarks.figures import Bound, Figure, Spread, percentile
from storage import desk, followers, migrate, requests
from storage.database import Database, Transaction

PART = "casework"
_NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
_UNITS = 170  # as Mashhad has
_EACH = 5  # requests of a citizen
_QUEUED = 300

Screen = Callable[[Transaction, int, str], Awaitable[None]]


@dataclass(frozen=True)
class Size:
    """How many requests there are in the two cases, how many of them are open, and how often each screen is read."""

    few: int = 10_000
    many: int = 1_000_000
    open: int = 6_000
    rounds: int = 200


_MOMENT = {
    True: "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-11-21', '-' || ({}) || ' seconds')",
    False: "timestamptz '2026-11-21 00:00:00+00' - ({}) * interval '1 second'",
}
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"


def _statements(db: Database, size: Size, count: int) -> list[str]:
    """Write the statements that fill the tables; the newest requests are the open ones."""
    moment, citizens = _MOMENT[db.is_sqlite], count // _EACH
    at, numbers = moment.format("i % 1000000"), _NUMBERS.format(count)
    yes, no = ("1", "0") if db.is_sqlite else ("true", "false")
    is_open, queued = f"i > {count - size.open}", f"i > {count - min(_QUEUED, size.open)}"
    return [
        f"INSERT INTO people (id, name, created_at) {_NUMBERS.format(citizens)} "
        f"SELECT i, '', {moment.format('0')} FROM n",
        "INSERT INTO accounts (id, messenger, user_id, person_id, name, reachable, seen_at) "
        f"{_NUMBERS.format(citizens)} SELECT i, 'telegram', 1000000 + i, i, '', {yes}, {moment.format('0')} FROM n",
        "INSERT INTO requests (id, code, account_id, subject, unit, district, words, display, urgent, state, outcome, "
        f"queue, filed_at, deadline_at, changed_at) {numbers} "
        f"SELECT i, CAST(i AS TEXT), 1 + i % {citizens}, 'garbage_not_collected', 'unit-' || (i % {_UNITS}), '1', "
        f"'words', 'words', CASE WHEN i % 50 = 0 THEN {yes} ELSE {no} END, "
        f"CASE WHEN {is_open} THEN 'assigned' ELSE 'closed' END, CASE WHEN {is_open} THEN NULL ELSE 'solved' END, "
        f"CASE WHEN {queued} THEN 'unsure' END, {at}, {at}, {at} FROM n",
        "INSERT INTO followers (request_id, account_id, since) "
        f"{numbers} SELECT i, 1 + (i + 1) % {citizens}, {at} FROM n",  # each follows as many as they filed
        "ANALYZE",
    ]


async def _desk(tx: Transaction, person: int, unit: str) -> None:
    assert (await requests.desk_counts(tx, (unit,), _NOW))[0]
    assert await requests.on_desk(tx, (unit,), limit=9)


async def _queue(tx: Transaction, person: int, unit: str) -> None:
    assert await desk.counts(tx)
    assert await desk.listed(tx, desk.Queue.UNSURE, limit=9)


async def _mine(tx: Transaction, person: int, unit: str) -> None:
    assert await requests.count_of_person(tx, person) == _EACH
    await followers.open_of_person(tx, person)
    assert await requests.listed_for(tx, person, 5)


_SCREENS: dict[str, Screen] = {"an official's desk": _desk, "the queue": _queue, "my requests": _mine}


async def _read(kind: str, size: Size, count: int) -> dict[str, list[float]]:
    """Fill a database and return what each screen's queries take, in seconds."""
    found: dict[str, list[float]] = {name: [] for name in _SCREENS}
    async with database(kind) as (address, _):
        db = Database(address, frozen_after=600)
        try:
            await migrate.upgrade(db)
            for statement in _statements(db, size, count):
                async with db.write() as tx:
                    await tx.execute(sa.text(statement))
            for number in range(1, size.rounds + 1):
                person, unit = number % (count // _EACH) + 1, f"unit-{(count - number % size.open) % _UNITS}"
                for name, screen in _SCREENS.items():
                    async with db.read() as tx:
                        began = time.perf_counter()
                        await screen(tx, person, unit)
                        found[name].append(time.perf_counter() - began)
        finally:
            await db.close()
    return found


async def measure(kinds: list[str], size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure each screen on each database with many requests, beside the same with few."""
    figures = []
    for kind in kinds:
        few = await _read(kind, size, size.few)
        say(f"{kind}: {size.few} requests read")
        many = await _read(kind, size, size.many)
        say(f"{kind}: {size.many} requests read")
        for name in _SCREENS:
            usual = Spread.of(few[name]).median
            spread = [1000 * percentile(many[name], share) for share in (0.05, 0.5, 0.95)]
            what, beside = f"{kind}: {name} with {size.many} requests, {size.open} open", f"with {size.few}"
            ratio, bound = Spread.of(many[name]).median / usual, Bound("<=", 2.0, of_ratio=True)
            figures.append(
                Figure(PART, what, spread[1], "ms", spread[0], spread[2], ratio=ratio, beside=beside, bound=bound)
            )
    return figures
