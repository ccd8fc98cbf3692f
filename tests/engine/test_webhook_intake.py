"""Deliveries in any number, order and repetition are each stored once, and in order where that is possible."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from bot.arrivals import arrival
from bot.clock import Clock
from bot.health import Health
from bot.webhook_intake import Intake, Taking, Unavailable
from storage import inbox as queue
from storage.database import Database
from storage.tables import inbox as table
from tests.engine.webhook_rig import message, serving


@asynccontextmanager
async def taking_in(database: Database, how: Taking | None = None) -> AsyncIterator[Intake]:
    clock = Clock()
    intake = Intake("telegram", database, clock, Health(clock), lambda: None, how)
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run())
        try:
            yield intake
        finally:
            intake.stop()


async def stored(database: Database) -> list[int]:
    async with database.read() as tx:
        rows = await tx.execute(sa.select(table.c.update_id).where(table.c.state != "done").order_by(table.c.id))
        return [row.update_id for row in rows]


def one(number: int) -> Any:
    return arrival("telegram", message(number))


async def test_a_crowd_shares_commits_and_stands_in_order(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    sound = queue.receive

    async def receive(tx: Any, name: str, arrivals: list[Any], now: Any) -> int:
        sizes.append(len(arrivals))
        return await sound(tx, name, arrivals, now)

    monkeypatch.setattr(queue, "receive", receive)
    numbers = [*range(100, 400), *range(100, 400, 3)]
    random.Random(5).shuffle(numbers)
    async with taking_in(database) as intake:
        await intake.take(one(99))
        await asyncio.gather(*(intake.take(one(number)) for number in numbers))
    assert await stored(database) == list(range(99, 400))
    assert len(sizes) < 10


async def test_a_missing_number_is_waited_for_a_moment(database: Database) -> None:
    async with taking_in(database, Taking(patience=5)) as intake:
        await intake.take(one(10))
        later = asyncio.ensure_future(intake.take(one(12)))
        await asyncio.sleep(0.1)
        assert not later.done()
        await intake.take(one(11))
        await later
    assert await stored(database) == [10, 11, 12]


async def test_what_is_in_order_does_not_wait_for_what_is_not(database: Database) -> None:
    async with taking_in(database, Taking(patience=5)) as intake:
        await intake.take(one(10))
        later = asyncio.ensure_future(intake.take(one(13)))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(2):
            await intake.take(one(11))
        assert not later.done()
    await later  # at the end nothing is waited for
    assert await stored(database) == [10, 11, 13]


async def test_a_number_that_never_comes_costs_a_moment_and_in_the_end_none(database: Database) -> None:
    loop = asyncio.get_running_loop()
    async with taking_in(database, Taking(patience=0.08)) as intake:
        await intake.take(one(0))
        begun = loop.time()
        await intake.take(one(2))
        assert loop.time() - begun >= 0.07
        for number in range(4, 20, 2):
            await intake.take(one(number))
        with_patience_gone = loop.time()
        for number in range(20, 40, 2):
            await intake.take(one(number))
        assert intake._patience == 0
        assert loop.time() - with_patience_gone < 2
        await intake.take(one(3))  # late, and new: it may be worth waiting after all
        assert intake._patience == 0.08
    assert await stored(database) == [*range(0, 40, 2), 3]


async def test_a_repetition_of_an_old_number_teaches_nothing(database: Database) -> None:
    async with taking_in(database, Taking(patience=0.02)) as intake:
        for number in (0, 2, 4, 6):
            await intake.take(one(number))
        before = intake._patience
        assert before < 0.02
        await intake.take(one(2))
        assert intake._patience == before
    assert await stored(database) == [0, 2, 4, 6]


async def test_numbers_that_begin_again_are_taken_at_once(database: Database) -> None:
    async with taking_in(database, Taking(patience=5)) as intake:
        await intake.take(one(500_000))
        async with asyncio.timeout(2):
            for number in range(3):
                await intake.take(one(number))
    assert await stored(database) == [500_000, 0, 1, 2]


async def test_a_delivery_without_a_number_waits_for_nobody(database: Database) -> None:
    async with taking_in(database, Taking(patience=5)) as intake, asyncio.timeout(2):
        await intake.take(arrival("telegram", "words"))
        await intake.take(one(7))
        await intake.take(arrival("telegram", "other words"))
        await intake.take(one(8))
    async with database.read() as tx:
        assert await queue.waiting_count(tx) == 4


async def test_a_full_inbox_refuses_until_there_is_room_for_a_while(database: Database) -> None:
    how = Taking(inbox_bound=4, count_every=0)
    async with taking_in(database, how) as intake:
        for number in range(4):
            await intake.take(one(number))
        with pytest.raises(Unavailable) as refusal:
            await intake.take(one(4))
        assert refusal.value.retry_after == 5
        async with database.write() as tx:
            rows = [row.id for row in await queue.waiting_after(tx, "telegram", 0, 2)]
            await queue.done(tx, rows, Clock().now())
        with pytest.raises(Unavailable):
            await intake.take(one(4))  # half of it must be gone
        async with database.write() as tx:
            rows = [row.id for row in await queue.waiting_after(tx, "telegram", 0, 1)]
            await queue.done(tx, rows, Clock().now())
        await intake.take(one(4))
    assert await stored(database) == [3, 4]


async def test_one_that_the_database_will_not_take_does_not_keep_out_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = queue.receive

    async def receive(tx: Any, name: str, arrivals: list[Any], now: Any) -> int:
        if any(each.update_id == 2 for each in arrivals):
            raise ValueError("not this one")
        return await sound(tx, name, arrivals, now)

    monkeypatch.setattr(queue, "receive", receive)
    async with taking_in(database) as intake:
        ends = await asyncio.gather(*(intake.take(one(number)) for number in (1, 2, 3)), return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), Unavailable, type(None)]
    assert await stored(database) == [1, 3]


async def test_a_database_that_hangs_is_answered_for(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = asyncio.Event()
    sound = queue.receive

    async def receive(*args: Any) -> int:
        await asyncio.wait_for(gate.wait(), 10)
        return await sound(*args)

    monkeypatch.setattr(queue, "receive", receive)
    async with taking_in(database, Taking(answer_within=0.1)) as intake:
        with pytest.raises(Unavailable):
            await intake.take(one(1))
        gate.set()
        await intake.take(one(1))
    assert await stored(database) == [1]


async def test_stopping_finishes_what_is_under_way(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = queue.receive

    async def receive(*args: Any) -> int:
        await asyncio.sleep(0.3)
        return await sound(*args)

    monkeypatch.setattr(queue, "receive", receive)
    loop = asyncio.get_running_loop()
    async with serving(database) as served:
        deliveries = [asyncio.ensure_future(served.post(message(number))) for number in range(5)]
        reader = await served.knock(b"POST /webhook/telegram HTTP/1.1\r\nHost: x\r\n")  # never goes on
        await asyncio.sleep(0.15)
        begun = loop.time()
    assert loop.time() - begun < 3
    answers = [(await delivery).status for delivery in deliveries]
    assert answers == [200] * 5
    assert await stored(database) == list(range(5))
    assert await reader.read() == b""


async def test_two_that_share_the_deliveries_store_each_once_and_soon_wait_for_nothing(database: Database) -> None:
    loop = asyncio.get_running_loop()
    chance = random.Random(7)
    async with taking_in(database, Taking(patience=0.1)) as first, taking_in(database, Taking(patience=0.1)) as second:
        for number in range(40):
            await chance.choice((first, second)).take(one(number))
        begun = loop.time()
        for number in range(40, 140):
            both = chance.random() < 0.2  # repeated to the other, whose answer was lost
            takers = (first, second) if both else (chance.choice((first, second)),)
            await asyncio.gather(*(taker.take(one(number)) for taker in takers))
        assert (first._patience, second._patience) == (0, 0)
        assert loop.time() - begun < 5
    assert await stored(database) == list(range(140))
