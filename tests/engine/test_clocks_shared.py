"""Several workers on one PostgreSQL ring each clock of a request once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.clockwork import Clockwork
from bot.health import Health
from domain.clocks import Kind, Step
from domain.lifecycle import State
from domain.roles import Role
from handlers.house import House
from services.centre import Centre
from services.creating import Filer, create
from storage import clocks, people, staff
from storage.database import Database
from storage.tables import outbox, timers

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]

FILED = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
MANY = 20
HEAD, CITIZEN = 501, 502
WAITING = sa.select(sa.func.count()).select_from(timers).where(timers.c.state == "waiting")


async def _filed(database: Database, centre: Centre) -> tuple[list[int], int]:
    """File requests; return their numbers, and the last message that their cards were."""
    async with database.write() as tx:
        head = await people.meet(tx, "telegram", HEAD, "رئیس", FILED)
        await staff.grant(tx, head.person, Role.HEAD, "waste-1", None, FILED)
        owner = await people.meet(tx, "telegram", CITIZEN, "شهروند", FILED)
        row = {
            "account_id": owner.id,
            "subject": "garbage_not_collected",
            "unit": "waste-1",
            "state": State.ASSIGNED,
            "deadline_at": FILED + timedelta(hours=6),
        }
        filer = Filer(owner.person, Role.OWNER, "telegram")
        made = [await create(tx, centre, filer, row, [], FILED) for _ in range(MANY)]
        last = await tx.scalar(sa.select(sa.func.max(outbox.c.id)))
    return [request.id for request in made], int(last or 0)


async def test_two_workers_tell_of_a_missed_promise_once(database: Database, database_url: str, centre: Centre) -> None:
    numbers, last = await _filed(database, centre)
    late = FILED + timedelta(hours=7)
    second = Database(database_url)
    workers = [
        Clockwork(one, House(centre), SetClock(late), Health(SetClock(late)), lambda: None, every=0.01)
        for one in (database, second)
    ]
    running = [asyncio.create_task(worker.run()) for worker in workers]
    due = WAITING.where(timers.c.due_at <= late)
    async with asyncio.timeout(30):
        while await _count(database, due):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    for worker in workers:
        worker.stop()
    await asyncio.gather(*running)
    await second.close()
    async with database.read() as tx:
        said = sa.select(outbox.c.chat_id).where(outbox.c.id > last, outbox.c.edits.is_(None))
        told = Counter((await tx.execute(said)).scalars())
        steps = [(await clocks.of_request(tx, number))[Kind.RESOLUTION].steps for number in numbers]
    assert told == {HEAD: MANY, CITIZEN: MANY}
    assert steps == [(Step.BREACH,)] * MANY


async def _count(database: Database, query: sa.Select[tuple[int]]) -> int:
    async with database.read() as tx:
        return int(await tx.scalar(query) or 0)
