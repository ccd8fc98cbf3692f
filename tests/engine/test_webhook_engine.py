"""The whole engine behind webhooks: nothing is lost, doubled or out of order, also on the way to polling and back."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.webhook_intake import Taking
from simulator.server import Simulator
from storage.database import Database
from storage.tables import inbox
from tests.engine.rig import USERNAMES, config
from tests.engine.webhook_engine import HookedRig, chatter, in_order
from tests.engine.webhook_rig import message, serving

PEOPLE = [*range(1000, 1012), *range(2000, 2004)]


@pytest.fixture
async def rig(database_url: str, tmp_path: Path) -> AsyncIterator[HookedRig]:
    async with Simulator(config()) as simulator:
        for number in PEOPLE:
            person = simulator.person(number)
            simulator.exchange.world.private(person.account, person.bot()).opened = True
        rig = HookedRig(simulator, database_url, tmp_path / "media")
        yield rig
        await rig.stop()


async def count(rig: HookedRig) -> int:
    return int(await rig.scalar(sa.select(sa.func.count()).select_from(inbox)))


async def test_both_messengers_deliver_and_nobody_polls(rig: HookedRig) -> None:
    await rig.start()
    await rig.until(lambda: rig.engine.health.flags.keys() >= {"telegram receiver", "bale receiver"})
    await rig.simulator.person(1000).write("از تلگرام")
    await rig.simulator.person(2000).write("از بله")
    await rig.settled()
    assert sorted(await rig.heard()) == [(1000, "از تلگرام"), (2000, "از بله")]
    assert rig.said(1000) == ["از تلگرام"]
    assert rig.said(2000) == ["از بله"]
    assert not rig.simulator.log.calls("getUpdates")


FAULTS: list[tuple[str, list[dict[str, Any]]]] = [
    ("repeated", [{"repeat": 2, "rate": 0.4}]),
    ("repeated at the same moment", [{"repeat": 3, "together": True, "rate": 0.4}]),
    ("cut before the answer", [{"drop": "before", "rate": 0.3}]),
    ("answers that are lost", [{"drop": "after", "rate": 0.3}]),
    ("overtaken", [{"hold": 30, "delay": 0.2, "rate": 0.2}]),
    (
        "everything",
        [
            {"repeat": 1, "together": True, "rate": 0.1},
            {"drop": "after", "rate": 0.1},
            {"hold": 30, "delay": 0.2, "rate": 0.1},
        ],
    ),
]


@pytest.mark.parametrize("faults", [row[1] for row in FAULTS], ids=[row[0] for row in FAULTS])
async def test_each_update_is_handled_once_and_each_chat_in_its_order(
    rig: HookedRig, faults: list[dict[str, Any]]
) -> None:
    rig.taking = Taking(patience=5)  # a machine at its limit delivers the late ones later still
    rig.house.silent = True
    await rig.start()
    for number in (1020, 2004):  # from here on every number has one before it
        await rig.simulator.person(number).write(f"{number}/0")
    await rig.settled()
    for fault in faults:
        rig.simulator.fault("webhook", times=None, **fault)
    await chatter(rig, PEOPLE, 12)
    rig.simulator.api.faults.clear()
    await rig.settled(60)
    assert in_order([row for row in await rig.heard() if row[0] in PEOPLE], PEOPLE, 12)
    assert await count(rig) == 12 * len(PEOPLE) + 2


async def test_polling_webhook_polling_in_the_middle_of_a_crowd(rig: HookedRig) -> None:
    rig.house.silent = True
    crowd = asyncio.ensure_future(chatter(rig, PEOPLE, 40, pause=0.1))
    for hooked in (False, True, False, True):
        rig.hooked = hooked
        await rig.start()
        before = await count(rig)
        await rig.until(lambda: rig.engine.health.state("telegram receiver") == "ok")
        async with asyncio.timeout(20):
            while await count(rig) < before + 40:  # noqa: ASYNC110 - some of each kind of receiving
                await asyncio.sleep(0.02)
        await rig.stop()
    await crowd
    rig.hooked = False
    await rig.start()
    await rig.settled(60)
    assert in_order(await rig.heard(), PEOPLE, 40)
    assert await count(rig) == 40 * len(PEOPLE)
    assert all(rig.simulator.waiting(USERNAMES[name]) == 0 for name in rig.messengers)


async def test_updates_from_before_the_webhook_are_delivered(rig: HookedRig) -> None:
    await rig.simulator.person(1000).write("پیش از آن")
    await rig.start()
    await rig.settled()
    assert await rig.heard() == [(1000, "پیش از آن")]


async def test_while_the_bot_is_away_the_messengers_keep_everything(rig: HookedRig) -> None:
    await rig.start()
    await rig.simulator.person(1000).write("یک")
    await rig.settled()
    await rig.stop()
    await rig.simulator.person(1000).write("دو")
    await rig.simulator.person(1000).write("سه")
    await asyncio.sleep(0.3)
    await rig.start()
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["یک", "دو", "سه"]


async def test_a_chats_flood_is_taken_in_whole(rig: HookedRig) -> None:
    rig.house.silent = True
    await rig.start()
    await chatter(rig, [1000], 300)
    await chatter(rig, [1001], 1)
    await rig.settled(60)
    heard = await rig.heard()
    assert in_order(heard, [1000], 300)
    assert in_order(heard, [1001], 1)


_KILLED_AFTER_THE_COMMIT = """
import asyncio, os, signal, sys
from bot.webhook_intake import Intake
from storage.database import Database
from tests.engine.webhook_rig import serving

sound = Intake.take

async def take(self, arrival):
    await sound(self, arrival)
    os.kill(os.getpid(), signal.SIGKILL)  # stored, and nobody will ever know

Intake.take = take

async def main():
    async with serving(Database(sys.argv[1])) as served:
        print(served.server.port, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_kill_between_commit_and_answer_costs_a_repetition_and_no_more(database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _KILLED_AFTER_THE_COMMIT, database_url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    port = int(await asyncio.wait_for(process.stdout.readline(), 30))
    database = Database(database_url)
    try:
        async with serving(database) as served:
            there = served.url().replace(str(served.server.port), str(port))
            with pytest.raises(aiohttp.ClientError):
                await served.post(message(5), url=there)
            assert await asyncio.wait_for(process.wait(), 10) == -signal.SIGKILL
            assert await served.stored() == [5]
            assert (await served.post(message(5))).status == 200
            assert await served.stored() == [5]
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        await database.close()
