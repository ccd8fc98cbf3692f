"""A chat's flood is held back without being lost, and nobody else waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.arrivals import arrival
from storage import inbox as queue
from storage.database import Database
from storage.tables import inbox
from tests.engine.rig import PlainHouse, Rig
from tests.engine.test_sharing import message


async def states(rig: Rig, lane: str = "telegram:1000") -> dict[str, int]:
    database = Database(rig.url)
    async with database.read() as tx:
        counted = sa.select(inbox.c.state, sa.func.count()).where(inbox.c.lane == lane).group_by(inbox.c.state)
        found = {row[0]: row[1] for row in await tx.execute(counted)}
    await database.close()
    return found


async def store(rig: Rig, raws: list[dict[str, Any]]) -> None:
    database = Database(rig.url)
    for start in range(0, len(raws), 100):
        arrivals = [arrival("telegram", raw) for raw in raws[start : start + 100]]
        async with database.write() as tx:
            await queue.receive(tx, "telegram", arrivals, rig.clock.now())
    await database.close()


def flood(count: int, chat: int = 1000, first: int = 1) -> list[dict[str, Any]]:
    return [message(first + n, chat, str(n)) for n in range(count)]


@asynccontextmanager
async def bustle(rig: Rig) -> AsyncIterator[None]:
    """Wake the dispatcher more often than it would look around by itself."""

    async def wake() -> None:
        while True:
            rig.engine.dispatcher.wake()
            await asyncio.sleep(rig.slow_poll / 8)

    waker = asyncio.create_task(wake())
    try:
        await asyncio.sleep(2 * rig.slow_poll)  # the first looks are over
        yield
    finally:
        waker.cancel()


async def test_what_is_over_the_bound_is_held_and_whatever_comes_after_it(rig: Rig) -> None:
    await store(rig, flood(queue.LANE_BOUND + 1))
    assert await states(rig) == {"waiting": queue.LANE_BOUND, "held": 1}
    await store(rig, flood(1, first=1000))
    assert await states(rig) == {"waiting": queue.LANE_BOUND, "held": 2}
    await store(rig, flood(1, chat=1001, first=2000))
    assert await states(rig, "telegram:1001") == {"waiting": 1}


async def test_repetitions_take_no_room_from_what_is_new(rig: Rig) -> None:
    old = flood(queue.LANE_BOUND)
    await store(rig, old)
    database = Database(rig.url)
    async with database.write() as tx:
        rows = await queue.waiting_after(tx, "telegram", 0, 999)
        await queue.done(tx, [row.id for row in rows[1:]], rig.clock.now())
    await store(rig, [*old[:49], *old, *flood(1, first=1000), *flood(1, first=1000)])
    assert await states(rig) == {"done": 49, "waiting": 2}
    new = flood(queue.LANE_BOUND - 2, first=1001)
    await store(rig, [*new, *new, *flood(1, first=2000)])
    assert await states(rig) == {"done": 49, "waiting": queue.LANE_BOUND, "held": 1}
    await database.close()


async def test_a_repeated_number_about_something_else_takes_its_room(rig: Rig) -> None:
    await store(rig, flood(queue.LANE_BOUND))
    await store(rig, flood(1, chat=1001))  # the same number, about another message
    assert await states(rig, "telegram:1001") == {"waiting": 1}
    await store(rig, [*flood(queue.LANE_BOUND, chat=1001)])
    assert await states(rig, "telegram:1001") == {"waiting": queue.LANE_BOUND}


async def test_as_many_are_let_in_as_there_is_room_for_the_oldest_first(rig: Rig) -> None:
    await store(rig, flood(120))
    database = Database(rig.url)
    async with database.write() as tx:
        assert await queue.let_in(tx, "telegram:1000") == []
        rows = await queue.waiting_after(tx, "telegram", 0, 999)
        await queue.done(tx, [row.id for row in rows[:30]], rig.clock.now())
        let_in = await queue.let_in(tx, "telegram:1000")
        assert [row.id for row in let_in] == list(range(rows[-1].id + 1, rows[-1].id + 31))
        assert (await queue.waiting_count(tx), await queue.held_count(tx)) == (50, 40)
        assert await queue.held_lanes(tx) == ["telegram:1000"]
        assert not await queue.is_full(tx, 51)
        assert await queue.is_full(tx, 50)
    await database.close()


async def test_what_is_left_of_a_messenger_without_a_token_takes_no_room(rig: Rig) -> None:
    await store(rig, flood(150))
    database = Database(rig.url)
    async with database.read() as tx:
        assert await queue.is_full(tx, 8, ["telegram", "bale"])
        assert not await queue.is_full(tx, 8, ["bale"])
        assert await queue.room(tx, 8, ["bale"]) == 8
        assert await queue.left_over(tx, ["bale"]) == {"telegram": 150}
        assert await queue.left_over(tx, ["telegram"]) == {}
    await database.close()


async def test_very_many_held_ones_stop_receiving_too(rig: Rig) -> None:
    await store(rig, flood(150))
    database = Database(rig.url)
    async with database.write() as tx:
        rows = await queue.waiting_after(tx, "telegram", 0, 999)
        await queue.done(tx, [row.id for row in rows], rig.clock.now())
        assert (await queue.waiting_count(tx), await queue.held_count(tx)) == (0, 100)
        assert await queue.is_full(tx, 10)
        assert not await queue.is_full(tx, 11)
    await database.close()


@pytest.mark.slow
async def test_a_flood_of_thousands_is_handled_in_order_and_others_do_not_wait(rig: Rig) -> None:
    many = 5000 if "sqlite" in rig.url else 1500
    rig.house = PlainHouse(silent=True)
    await store(rig, flood(many))
    assert await states(rig) == {"waiting": queue.LANE_BOUND, "held": many - queue.LANE_BOUND}
    await rig.start()
    loop = asyncio.get_running_loop()
    waits = []
    for n in range(10):
        await asyncio.sleep(0.05)
        begun = loop.time()
        await rig.simulator.person(1001 + n).write(f"سلام {n}")
        await rig.until(lambda n=n: f"سلام {n}" in rig.house.tried)  # type: ignore[misc]
        waits.append(loop.time() - begun)
    assert sorted(waits)[5] < 1.5
    before = [words for words in rig.house.tried if not words.startswith("سلام")]
    assert len(before) < many, "the flood was still under way"
    await rig.settled(120)
    assert [words for chat, words in await rig.heard() if chat == 1000] == [str(n) for n in range(many)]
    assert await states(rig) == {"done": many}


async def test_held_updates_are_found_after_a_restart(rig: Rig) -> None:
    rig.house = PlainHouse(silent=True)
    await store(rig, flood(200))
    database = Database(rig.url)
    async with database.write() as tx:  # the process ended when all that waited was handled
        rows = await queue.waiting_after(tx, "telegram", 0, 999)
        await queue.done(tx, [row.id for row in rows], rig.clock.now())
    await database.close()
    await rig.start()
    await rig.settled(20)
    assert await states(rig) == {"done": 200}
    assert [words for _, words in await rig.heard()] == [str(n) for n in range(50, 200)]


async def test_held_updates_are_let_in_while_the_city_is_busy(rig: Rig) -> None:
    rig.house = PlainHouse(silent=True)
    await rig.start()
    async with bustle(rig):
        database = Database(rig.url)
        async with database.write() as tx:  # fewer wait than tell the worker that it may have been a flood
            for start in (1, 101):
                arrivals = [arrival("telegram", raw) for raw in flood(62, first=start)]
                await queue.receive(tx, "telegram", arrivals, rig.clock.now())
            rows = await queue.waiting_after(tx, "telegram", 0, 999)
            await queue.done(tx, [row.id for row in rows[: queue.LANE_BOUND - queue.LET_IN_BELOW + 1]], rig.clock.now())
        await database.close()
        await rig.until(lambda: len(rig.house.tried) == 98)
    await rig.settled()
    assert await states(rig) == {"done": 124}
    assert [words for _, words in await rig.heard()] == [str(n) for n in [*range(26, 62), *range(62)]]


async def test_an_old_number_is_found_while_something_else_waits(rig: Rig) -> None:
    rig.house = PlainHouse(silent=True)
    await store(rig, [message(1, 1000, "released"), message(2, 1001, "resting")])
    database = Database(rig.url)
    async with database.write() as tx:
        released, resting = await queue.waiting_after(tx, "telegram", 0, 9)
        await queue.quarantine(tx, released.id, "by hand", rig.clock.now())
        await queue.put_off(tx, resting.id, rig.clock.now() + timedelta(hours=1), "later")
    await rig.start()
    async with bustle(rig):
        async with database.write() as tx:
            await tx.execute(sa.update(inbox).where(inbox.c.id == released.id).values(state="waiting"))
        await rig.until(lambda: rig.house.tried == ["released"])
    await database.close()
    assert await states(rig, "telegram:1001") == {"waiting": 1}


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_batches_at_once_keep_to_the_bound_and_to_the_order(rig: Rig) -> None:
    databases = [Database(rig.url) for _ in range(4)]

    async def batch(database: Database, number: int) -> None:
        arrivals = [arrival("telegram", raw) for raw in flood(15, first=1 + number * 15)]
        async with database.write() as tx:
            await queue.receive(tx, "telegram", arrivals, rig.clock.now())

    await asyncio.gather(*(batch(databases[n % 4], n) for n in range(8)))
    found = await states(rig)
    assert found == {"waiting": queue.LANE_BOUND, "held": 120 - queue.LANE_BOUND}
    last_waiting = await rig.scalar(sa.select(sa.func.max(inbox.c.id)).where(inbox.c.state == "waiting"))
    first_held = await rig.scalar(sa.select(sa.func.min(inbox.c.id)).where(inbox.c.state == "held"))
    assert last_waiting < first_held
    for database in databases:
        await database.close()
