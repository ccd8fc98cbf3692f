"""The whole engine: both messengers at once, stopping, and parts that break."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.reading import Reading
from storage.tables import outbox
from tests.engine.rig import Rig


async def test_both_messengers_are_served_by_one_engine(rig: Rig) -> None:
    rig.messengers = ("telegram", "bale")
    await rig.simulator.person(2000).start()
    await rig.start()
    await rig.settled()
    await rig.simulator.person(1000).write("از تلگرام")
    await rig.simulator.person(2000).write("از بله")
    await rig.settled()
    assert rig.said(1000) == ["از تلگرام"]
    assert rig.said(2000)[-1] == "از بله"


async def test_it_stops_in_time_though_a_call_hangs_and_sends_after_the_next_start(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", delay=30)
    await rig.simulator.person(1000).write("سلام")
    await rig.start()
    await rig.until(lambda: "سلام" in rig.house.tried)
    await asyncio.sleep(0.2)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await rig.stop()
    assert loop.time() - begun < 5
    await rig.start()
    await rig.until(lambda: "سلام" in rig.said())


async def test_what_is_under_way_is_finished_when_it_stops(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", delay=0.3)
    await rig.simulator.person(1000).write("سلام")
    await rig.start()
    await rig.until(lambda: "سلام" in rig.house.tried)
    await asyncio.sleep(0.1)
    await rig.stop()
    assert rig.said() == ["سلام"]
    assert await rig.scalar(sa.select(outbox.c.state)) == "sent"


async def test_a_part_that_breaks_is_started_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.start()
    left = {"times": 1}
    sound = Reading._wait

    async def breaks(reading: Reading) -> None:
        left["times"] -= 1
        if left["times"] >= 0:
            raise RuntimeError("on purpose")
        await sound(reading)

    monkeypatch.setattr(Reading, "_wait", breaks)
    rig.engine.dispatcher.wake()
    await rig.until(lambda: left["times"] < 0)
    await rig.simulator.person(1000).write("سلام")
    await rig.settled()
    assert rig.said() == ["سلام"]


async def test_settled_tells_when_something_cannot_settle(rig: Rig) -> None:
    rig.simulator.fault("getUpdates", status=502, times=None)
    await rig.start()
    with pytest.raises(TimeoutError):
        await rig.engine.settled(0.5)
