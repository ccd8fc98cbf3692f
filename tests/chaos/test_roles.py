"""The roles in processes of their own on PostgreSQL: any of them killed or frozen, the server restarted under them."""

import asyncio
import random
import signal
import time
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from bot.dispatcher import Dispatcher
from bot.media_worker import MediaWorker
from bot.receiver import Receiver
from bot.sender import Sender
from tests.chaos.checking import Expected
from tests.chaos.conftest import LONG, FreshUrl
from tests.chaos.crowd import READERS, TURNS, people
from tests.chaos.points import FREEZE, opener
from tests.chaos.postgres_cluster import Cluster
from tests.chaos.reporting import Report, fail_if_wrong, judged
from tests.chaos.scene import Scene, apart, scene
from tests.chaos.test_away import RESTARTS, restarted_in_the_middle
from tests.chaos.trouble import Talk, make_faulty

_CITIZENS = 100 if LONG else 10
_KILLS = 55 if LONG else 8
_FREEZES = 8  # of a receiver, a sender and a worker each
_FROZEN_FOR = 8.0  # seconds; a lease lasts six
_COMES_THERE = 60.0  # seconds for a process to come to the point where it freezes
_WORKERS = 3
_PROMISED = (
    10.0 if LONG else 60.0
)  # seconds until others have taken over; the short form shares the machine with others
_PATIENCE = 900.0  # seconds for everything to be handled, on a machine that has much else to do

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


async def _judge(one: Scene, talk: Talk, report: Report) -> None:
    await talk.end()
    await one.quiet(talk.said)
    await one.stop_all()
    found = await judged(one, Expected(talk.citizens, {}, READERS, in_flight=one.in_flight))
    report.add(one, found, talk.said)
    report.print()
    fail_if_wrong(report.seed, found)
    assert talk.said == _CITIZENS * TURNS


async def test_any_role_killed(fresh_postgres: FreshUrl, tmp_path: Path, seed: int, chance: random.Random) -> None:
    report = Report("roles killed at random", seed, "postgres", _WORKERS)
    url = fresh_postgres(tmp_path)
    async with scene(url, tmp_path, people(_CITIZENS), seed=seed) as one, asyncio.timeout(_PATIENCE):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        make_faulty(one.simulator)
        one.cast(apart(_WORKERS))
        one.start_all()
        await talk.say(range(TURNS // 2))
        talk.begin(range(TURNS // 2, TURNS), pause=0.04)
        for moment in sorted(chance.randrange(_CITIZENS * TURNS * 9 // 10) for _ in range(_KILLS)):
            await one.reached(moment)
            await asyncio.sleep(chance.random() * 0.3)
            name = chance.choice(list(one.members))
            await one.kill(name)
            one.members[name].start()
        await _judge(one, talk, report)
        assert one.kills == _KILLS


async def _begin(one: Scene, talk: Talk, **frozen_at: str) -> None:
    """Start the first of each role, which get the leases, then those that stand by; `frozen_at` by process."""
    for number in range(2):
        names = [f"receiver{number}", f"sender{number}"]
        for name in [*names, *(f"worker{n}" for n in range(_WORKERS if number == 0 else 0))]:
            freeze = {FREEZE: frozen_at[name]} if name in frozen_at else {}
            one.members[name].start(**freeze)
        await talk.say(range(number, number + 1))
        await _taken_up(one, frozen_at)


async def _taken_up(one: Scene, frozen_at: Collection[str]) -> None:
    """Wait until half of them are answered, or a process froze: a receiver may do so before it has kept so many."""
    while await one.handled() < _CITIZENS // 2 and not any(one.members[name].frozen for name in frozen_at):
        one.all_alive()
        await asyncio.sleep(0.05)


_KEEPS = opener(Receiver._store)
_HANDLES = opener(Dispatcher._commit)
_CLAIMS = opener(Sender._settle_and_claim)
_NOTES = opener(MediaWorker._note)
_MOMENTS: dict[str, dict[str, str]] = {  # what the holder of each lease is just doing
    "before": {
        "receiver0": f"{_KEEPS}: before the commit#2",
        "sender0": "sendMessage: before the call#9",
        "worker0": f"{_HANDLES}: before the commit#9",
    },
    "after": {
        "receiver0": "getUpdates: after the answer#4",
        "sender0": "sendMessage: after the answer#9",
        "worker1": f"{_HANDLES}: after the commit#9",
    },
    "claiming": {
        "receiver0": f"{_KEEPS}: after the commit#2",
        "sender0": f"{_CLAIMS}: before the commit#9",
        "worker2": f"{_NOTES}: before the commit#1",
    },
}


async def _freeze_at(one: Scene, talk: Talk, points: Mapping[str, str]) -> str:
    """Let processes freeze at these points, wake them when their leases have long been others'; say how many did."""
    certain = [name for name in points if "Media" not in points[name]]  # whoever has the lease fetches the files
    begun = asyncio.create_task(_begin(one, talk, **points))
    await asyncio.sleep(0)  # the first processes are started now
    watched = asyncio.create_task(one.frozen_at_last(certain, _COMES_THERE))
    await begun
    talk.begin(range(2, TURNS), pause=0.05)
    came = await watched
    await one.wake(points, _FROZEN_FOR)
    return f"{came} of {len(certain)} at their point"


async def _freeze_at_random(one: Scene, talk: Talk, chance: random.Random) -> None:
    await _begin(one, talk)
    talk.begin(range(2, TURNS), pause=2 * _FREEZES * (_FROZEN_FOR + 2) / (_CITIZENS * (TURNS - 2)))
    for number in range(_FREEZES):
        holders = [f"receiver{number % 2}", f"sender{number % 2}", f"worker{chance.randrange(_WORKERS)}"]
        await asyncio.sleep(1 + chance.random())
        await one.freeze(holders, _FROZEN_FOR)


@pytest.mark.parametrize("moment", [*_MOMENTS, "random"] if LONG else ["before"])
async def test_frozen_past_the_lease_and_woken(
    moment: str, fresh_postgres: FreshUrl, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report(f"frozen ({moment})", seed, "postgres", _WORKERS)
    async with (
        scene(fresh_postgres(tmp_path), tmp_path, people(_CITIZENS), seed=seed) as one,
        asyncio.timeout(_PATIENCE),
    ):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        one.cast(apart(_WORKERS))
        if moment == "random":
            await _freeze_at_random(one, talk, chance)
        else:
            report.more = await _freeze_at(one, talk, _MOMENTS[moment])
        await _judge(one, talk, report)


async def _taken_over(one: Scene, talk: Talk, turn: int) -> float:
    """Let everybody have a turn; return how many seconds it takes until all is done and said."""
    began = time.monotonic()
    await talk.say(range(turn, turn + 1))
    await one.quiet(talk.said)
    return time.monotonic() - began


async def _stand_by(one: Scene) -> None:
    """Wait until every process is at work, those too that hold nothing."""
    for member in one.members.values():
        await member.until_at_work()


async def test_others_take_over_in_time(
    fresh_postgres: FreshUrl, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report("taken over", seed, "postgres", _WORKERS)
    killed, frozen = [], []
    url = fresh_postgres(tmp_path)
    async with scene(url, tmp_path, people(_CITIZENS), seed=seed) as one, asyncio.timeout(_PATIENCE):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        one.cast(apart(_WORKERS))
        await _begin(one, talk)
        for turn in range(2, 16 if LONG else 4, 2):  # to the end of a complaint
            for number, took in ((0, killed), (1, frozen)):  # the one that holds; the other takes over
                await one.quiet(talk.said)
                await _stand_by(one)
                names = [f"receiver{number}", f"sender{number}", f"worker{chance.randrange(_WORKERS)}"]
                if took is frozen:
                    for name in names:
                        one.members[name].signal(signal.SIGSTOP)
                    await one.frozen(names)
                else:
                    await asyncio.gather(*(one.kill(name) for name in names))
                took.append(await _taken_over(one, talk, turn + number))
                if took is frozen:
                    await one.wake(names, 0)
                else:
                    for name in names:
                        one.members[name].start()
        await one.stop_all()
        found = await judged(one, Expected(talk.citizens, {}, READERS, in_flight=one.in_flight))
        report.add(one, found, talk.said)
        report.more = f"all answered {max(killed):.1f} s after a kill, {max(frozen):.1f} s after a freeze at the latest"
        report.print()
        fail_if_wrong(seed, found)
        assert max(killed + frozen) < _PROMISED


async def test_postgres_restarted_under_split_roles(
    own_postgres: Cluster, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report(f"PostgreSQL restarted {RESTARTS} times", seed, "postgres", _WORKERS)
    await restarted_in_the_middle(own_postgres, tmp_path, apart(_WORKERS), report, chance)
