"""The desk's queue in the database: its order, two operators at once, and indexes that stay small."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from domain import tracking
from domain.desk import CLAIM_LASTS, Queue
from storage import desk, people
from storage.database import Database, Transaction
from storage.tables import requests

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SOME = 30
USUAL = tuple(kind for kind in Queue if kind is not Queue.INSPECTOR)


async def _queue(tx: Transaction, account: int, first: int, count: int, kind: Queue, *, urgent: bool = False) -> None:
    rows = [
        {
            "code": tracking.code(first + n),
            "account_id": account,
            "unit": "desk",
            "state": "waiting",
            "queue": kind,
            "urgent": urgent,
            "filed_at": NOW - timedelta(hours=n),
            "changed_at": NOW,
        }
        for n in range(count)
    ]
    await tx.execute(sa.insert(requests), rows)


@pytest.fixture
async def waiting(database: Database) -> Database:
    """A queue of two kinds, two of them urgent."""
    async with database.write() as tx:
        account = (await people.meet(tx, "bale", 7, "مریم", NOW)).id
        await _queue(tx, account, 200_000, SOME, Queue.UNSURE)
        await _queue(tx, account, 300_000, 2, Queue.RETURNED, urgent=True)
        await _queue(tx, account, 400_000, 1, Queue.INSPECTOR, urgent=True)
    return database


async def _code(tx: Transaction, number: int | None) -> str:
    return str(await tx.scalar(sa.select(requests.c.code).where(requests.c.id == number)))


async def _take(database: Database, person: int, now: datetime = NOW, kinds: tuple[Queue, ...] = USUAL) -> str:
    async with database.write() as tx:
        number = await desk.next_free(tx, now, kinds)
        assert number is not None
        await desk.claim(tx, number, person, now)
        return await _code(tx, number)


async def test_the_urgent_come_first_then_the_oldest(waiting: Database) -> None:
    async with waiting.write() as tx:
        person = (await people.meet(tx, "bale", 8, "بهرامی", NOW)).person
    taken = [await _take(waiting, person) for _ in range(3)]
    assert taken == [tracking.code(300_001), tracking.code(300_000), tracking.code(200_000 + SOME - 1)]
    assert await _take(waiting, person, kinds=(Queue.INSPECTOR,)) == tracking.code(400_000)


async def test_a_claim_lapses_and_is_taken_by_the_next(waiting: Database) -> None:
    async with waiting.write() as tx:
        one, other = [(await people.meet(tx, "bale", 8 + n, "کسی", NOW)).person for n in range(2)]
    first = await _take(waiting, one)
    assert await _take(waiting, other, NOW + CLAIM_LASTS - timedelta(seconds=1)) != first
    assert await _take(waiting, other, NOW + CLAIM_LASTS) == first
    async with waiting.read() as tx:
        assert await desk.held_by(tx, one, NOW + CLAIM_LASTS) == []


async def test_operators_who_press_at_once_get_different_ones(waiting: Database) -> None:
    async with waiting.write() as tx:
        operators = [(await people.meet(tx, "bale", 100 + n, "کسی", NOW)).person for n in range(6)]
    taken = await asyncio.gather(*(_take(waiting, person) for person in operators))
    assert len(set(taken)) == len(operators)


async def test_counts_and_lists_are_by_kind(waiting: Database) -> None:
    async with waiting.read() as tx:
        counted = [(one.kind, one.count, one.urgent) for one in await desk.counts(tx)]
        assert counted == [(Queue.INSPECTOR, 1, 1), (Queue.RETURNED, 2, 2), (Queue.UNSURE, SOME, 0)]
        page = await desk.listed(tx, Queue.UNSURE, limit=3, offset=SOME - 2)
        assert [request.code for request in page] == [tracking.code(200_001), tracking.code(200_000)]


async def test_counting_stops_where_nobody_needs_more(database: Database) -> None:
    async with database.write() as tx:
        account = (await people.meet(tx, "bale", 7, "مریم", NOW)).id
        await _queue(tx, account, 200_000, desk.COUNTED_AT_MOST + 20, Queue.UNSURE)
        assert [one.count for one in await desk.counts(tx)] == [desk.COUNTED_AT_MOST]


@pytest.mark.parametrize("name", ["next", "list", "count"])
async def test_the_queue_is_read_from_its_indexes(waiting: Database, name: str) -> None:
    statements = {
        "next": desk._oldest((Queue.UNSURE,), urgent=True).params(stale=NOW),
        "list": desk._listed(Queue.UNSURE, urgent=True, most=8),
        "count": desk._counted(Queue.UNSURE, urgent=False),
    }
    async with waiting.write() as tx:
        plan = await _plan(tx, statements[name], is_sqlite=waiting.is_sqlite)
    assert "ix_requests_queue" in plan
    assert "Seq Scan" not in plan
    assert "SCAN requests" not in plan


async def _plan(tx: Transaction, statement: sa.Select[int], *, is_sqlite: bool) -> str:
    if not is_sqlite:
        await tx.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a small table is read faster whole
        await tx.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    compiled = statement.compile(tx.engine.sync_engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    return "\n".join(str(row) for row in await tx.exec_driver_sql(explain + str(compiled)))
