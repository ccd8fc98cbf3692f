"""Timers ring once, at their time, together with what they do."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.roles import Role
from storage import timers
from storage.database import Database, Transaction
from storage.tables import audit
from storage.tables import timers as timers_table
from tests.engine.rig import PlainHouse, Rig, boom

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RUNG = sa.select(sa.func.count()).select_from(audit).where(audit.c.act == "rung")


async def set_timer(rig: Rig, key: str, data: dict[str, Any]) -> None:
    database = Database(rig.url)
    async with database.write() as tx:
        await timers.set(tx, key, "reminder", rig.clock.now(), data)
    await database.close()


async def state(rig: Rig) -> str:
    return str(await rig.scalar(sa.select(timers_table.c.state)))


async def test_a_timer_rings_once_and_over_a_restart_not_again(rig: Rig) -> None:
    await set_timer(rig, "k", {"n": 1})
    await rig.start()
    await rig.settled()
    await rig.stop()
    await rig.start()
    await rig.settled()
    assert rig.house.rung == [("reminder", {"n": 1})]
    assert await state(rig) == "done"


async def test_a_timer_waits_for_its_time(rig: Rig) -> None:
    clock = SetClock(START)
    rig.clock = clock
    await set_timer(rig, "k", {"n": 1})
    clock.move(hours=-1)
    await rig.start()
    await rig.settled()
    assert rig.house.rung == []
    clock.move(hours=2)
    await rig.settled()
    assert len(rig.house.rung) == 1


async def test_what_rings_may_set_itself_again(rig: Rig) -> None:
    clock = SetClock(START)
    rig.clock = clock

    async def tomorrow(tx: Transaction, data: dict[str, Any]) -> None:
        later = clock.now().replace(day=clock.now().day + 1)
        await timers.set(tx, "daily", "reminder", later, {"n": data["n"] + 1})

    rig.house.ring_plan = tomorrow
    await set_timer(rig, "daily", {"n": 1})
    await rig.start()
    await rig.settled()
    assert [data["n"] for _, data in rig.house.rung] == [1]
    clock.move(days=1)
    await rig.settled()
    assert [data["n"] for _, data in rig.house.rung] == [1, 2]


async def test_a_timer_that_fails_leaves_nothing_is_tried_again_and_given_up(rig: Rig) -> None:
    clock = SetClock(START)
    rig.clock = clock

    async def fails(tx: Transaction, data: dict[str, Any]) -> None:
        await boom()

    rig.house.ring_plan = fails
    await set_timer(rig, "k", {"n": 1})
    await rig.start()
    for tries in range(1, 9):
        await rig.settled()
        assert len(rig.house.rung) == tries
        clock.move(hours=2)
    await rig.settled()
    assert len(rig.house.rung) == 8
    assert await state(rig) == "failed"
    assert await rig.scalar(RUNG) == 0


async def test_a_timer_that_fails_once_has_its_effect_in_the_end(rig: Rig) -> None:
    clock = SetClock(START)
    rig.clock = clock
    failures = iter([True, False])

    async def sometimes(tx: Transaction, data: dict[str, Any]) -> None:
        if next(failures):
            await boom()

    rig.house.ring_plan = sometimes
    await set_timer(rig, "k", {"n": 1})
    await rig.start()
    await rig.settled()
    clock.move(minutes=1)
    await rig.settled()
    assert await rig.scalar(RUNG) == 1
    assert await state(rig) == "done"


@pytest.mark.parametrize(
    "error",
    [sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")), OSError(28, "No space left")],
)
async def test_one_timer_that_the_database_fails_keeps_no_other_from_ringing(rig: Rig, error: Exception) -> None:
    clock, rang = SetClock(START), list[str]()
    rig.clock = clock

    async def fails(tx: Transaction, data: dict[str, Any]) -> None:
        rang.append(data["name"])
        if data["name"] == "bad" and rang.count("bad") < 3:
            raise error

    rig.house.ring_plan = fails
    for name in ("bad", "good"):
        await set_timer(rig, name, {"name": name})
    await rig.start()
    await rig.until(lambda: "good" in rang)
    await asyncio.sleep(1.3)
    assert rang == ["bad", "good"], "it rests"
    async with asyncio.timeout(20):
        while rang.count("bad") < 3:
            clock.move(seconds=11)
            await asyncio.sleep(0.3)
    await rig.settled()
    assert await rig.scalar(RUNG) == 2


async def test_a_timer_that_rings_again_at_once_starves_no_other_and_does_not_wait(rig: Rig) -> None:
    rang: list[str] = []

    async def again(tx: Transaction, data: dict[str, Any]) -> None:
        rang.append(data["name"])
        if data["name"] == "busy" and len(rang) < 60:
            await timers.set(tx, "busy", "reminder", rig.clock.now(), data)
        if len(rang) == 20:
            await timers.set(tx, "other", "reminder", rig.clock.now(), {"name": "other"})

    rig.house.ring_plan = again
    await set_timer(rig, "busy", {"name": "busy"})
    await rig.start()
    began = time.monotonic()
    await rig.until(lambda: len(rang) >= 60, seconds=20)
    assert time.monotonic() - began < 15  # a look each second would take a minute
    assert rang.index("other") <= 22


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_who_finds_a_timer_in_anothers_hands_waits_for_the_next_look(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    ringing, looks = asyncio.Event(), 0
    look = timers.due

    async def counted(tx: Transaction, *more: Any) -> Sequence[timers.Due]:
        nonlocal looks
        looks += ringing.is_set()
        return await look(tx, *more)

    async def slowly(_: Transaction, __: dict[str, Any]) -> None:
        ringing.set()
        await asyncio.sleep(1.5)

    monkeypatch.setattr(timers, "due", counted)
    houses = [PlainHouse(ring_plan=slowly), PlainHouse(ring_plan=slowly)]
    await set_timer(rig, "k", {"n": 1})
    for house in houses:
        await rig.another(Role.WORKER, house=house)
    await asyncio.wait_for(ringing.wait(), 10)
    await rig.until(lambda: looks > 0)
    await asyncio.sleep(1.3)
    assert looks < 6, "one look a second and one for each wake"
    assert [len(house.rung) for house in houses] in ([0, 1], [1, 0])
