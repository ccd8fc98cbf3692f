"""A sender that ends, or may not go on: what the messenger has acknowledged is written down and not sent again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.roles import Role
from bot.sender import Sender
from bot.settling import Settler
from tests.engine.rig import Rig

HANGS, ANSWERED = 1000, range(1001, 1005)
WITHIN = 1.0  # seconds that a stopping engine gives in these tests, in place of 3.5


@pytest.fixture(autouse=True)
def short_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.STOP_WITHIN", WITHIN)


async def under_way(rig: Rig) -> list[int]:
    """Return the rows of one call that hangs and of four that are answered after a while, when all are under way."""
    rig.simulator.fault("sendMessage", delay=60, chat=HANGS)
    for chat in ANSWERED:
        rig.simulator.fault("sendMessage", delay=0.4, chat=chat)
    rows = [await rig.say("سلام", chat) for chat in (HANGS, *ANSWERED)]
    await rig.start()
    sender = rig.engine.senders["telegram"]
    await rig.until(lambda: len(sender._in_flight) == len(rows))
    return rows


async def states(rig: Rig, rows: list[int]) -> list[tuple[str, bool]]:
    """Each row's state, and whether it is claimed."""
    found = [await rig.row(row) for row in rows]
    return [(row.state, row.claimed_at is not None) for row in found]


async def test_a_call_that_hangs_at_a_stop_is_alone_sent_again(rig: Rig) -> None:
    rows = await under_way(rig)
    await rig.stop()
    assert await states(rig, rows) == [("waiting", True), *[("sent", False)] * 4]
    await rig.start()
    await rig.until(lambda: rig.said(HANGS) == ["سلام"])
    await rig.settled()
    assert [rig.said(chat) for chat in ANSWERED] == [["سلام"]] * 4
    assert [(await rig.row(row)).attempts for row in rows] == [1, 0, 0, 0, 0]


async def test_ends_are_settled_while_a_stop_waits_for_others(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.STOP_WITHIN", 20)
    rows = await under_way(rig)
    rig.engine.senders["telegram"].stop()
    async with asyncio.timeout(5):
        while await states(rig, rows) != [("waiting", True), *[("sent", False)] * 4]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    monkeypatch.setattr("bot.engine.STOP_WITHIN", WITHIN)


async def test_nothing_new_leaves_while_a_stop_waits(rig: Rig) -> None:
    await under_way(rig)
    sender = rig.engine.senders["telegram"]
    sender.stop()
    new = await rig.say("پس از پایان", ANSWERED[0])
    await rig.until(lambda: len(sender._in_flight) == 1)
    await asyncio.sleep(0.3)
    assert await states(rig, [new]) == [("waiting", False)]


async def test_a_lost_lease_repeats_only_what_hangs(rig: Rig) -> None:
    await under_way(rig)
    sender = rig.engine.senders["telegram"]
    token, deadline = sender.lease.token, sender.lease._deadline
    sender.lease.let_go()
    await rig.until(lambda: sender._stopping)
    await asyncio.sleep(WITHIN / 2)
    sender.lease.got(token, deadline)
    await rig.until(lambda: rig.said(HANGS) == ["سلام"])
    await rig.settled()
    assert [rig.said(chat) for chat in ANSWERED] == [["سلام"]] * 4


@asynccontextmanager
async def alone(rig: Rig) -> AsyncIterator[tuple[Sender, asyncio.Task[None]]]:
    """A sender at work without an engine around it."""
    engine = rig.made(rig.house, {Role.SENDER}, 30)
    sender, client = engine.senders["telegram"], engine.clients["telegram"]
    sender.lease.got(1, float("inf"))
    await client.open()
    sender.ready()
    running = asyncio.create_task(sender.run())
    yield sender, running
    running.cancel()
    await asyncio.wait([running])
    await client.close()
    await engine.database.close()


async def test_ends_collected_at_the_moment_of_a_cancel_are_written(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    settle, away = Settler.settle, True

    async def out_of_order(self: Settler, tx: Any, outcomes: Any, now: Any) -> None:
        if away and outcomes:
            raise OSError("the database is away")
        await settle(self, tx, outcomes, now)

    monkeypatch.setattr(Settler, "settle", out_of_order)
    row = await rig.say("سلام")
    async with alone(rig) as (sender, running):
        await rig.until(lambda: bool(sender._outcomes))
        assert await states(rig, [row]) == [("waiting", True)]
        away = False
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
    assert await states(rig, [row]) == [("sent", False)]


async def test_a_cancel_does_not_wait_long_for_a_database_that_is_silent(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(self: Settler, tx: Any, outcomes: Any, now: Any) -> None:
        if outcomes:
            await asyncio.sleep(60)

    monkeypatch.setattr(Settler, "settle", silent)
    row = await rig.say("سلام")
    async with alone(rig) as (sender, running):
        await rig.until(lambda: bool(sender._outcomes))
        running.cancel()
        await asyncio.wait([running], timeout=1.5)
        assert running.cancelled()
    assert await states(rig, [row]) == [("waiting", True)]
