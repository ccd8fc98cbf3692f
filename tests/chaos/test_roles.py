"""The roles in processes of their own on PostgreSQL: any of them killed or frozen, the server restarted under them."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.chaos.checking import Expected
from tests.chaos.conftest import LONG, FreshUrl
from tests.chaos.crowd import READERS, TURNS, people
from tests.chaos.postgres_cluster import Cluster
from tests.chaos.reporting import Report, fail_if_wrong, judged
from tests.chaos.scene import Scene, apart, scene
from tests.chaos.test_away import RESTARTS, restarted_in_the_middle
from tests.chaos.trouble import Talk, make_faulty

_CITIZENS = 100 if LONG else 10
_KILLS = 55 if LONG else 8
_FREEZES = 8 if LONG else 1
_FROZEN_FOR = 8.0  # seconds; a lease lasts six
_WORKERS = 3
_PATIENCE = 900.0 if LONG else 240.0  # seconds for everything to be handled, on a slow machine

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


async def test_frozen_past_the_lease_and_woken(
    fresh_postgres: FreshUrl, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report(f"frozen for {_FROZEN_FOR:.0f} s {3 * _FREEZES} times", seed, "postgres", _WORKERS)
    url = fresh_postgres(tmp_path)
    async with scene(url, tmp_path, people(_CITIZENS), seed=seed) as one, asyncio.timeout(_PATIENCE):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        one.cast(apart(_WORKERS))
        for number in range(2):  # the first of each role get the leases, the second stand by
            for name in ("receiver", "sender"):
                one.members[f"{name}{number}"].start()
            await talk.say(range(number * 2, number * 2 + 2))
            for worker in range(_WORKERS if number == 0 else 0):
                one.members[f"worker{worker}"].start()
            await one.reached(1)
        talk.begin(range(4, TURNS), pause=2 * _FREEZES * (_FROZEN_FOR + 2) / (_CITIZENS * (TURNS - 4)))
        for number in range(_FREEZES):
            worker = chance.randrange(_WORKERS)
            holders = [f"receiver{number % 2}", f"sender{number % 2}", f"worker{worker}"]
            await asyncio.sleep(1 + chance.random())
            await one.freeze(holders, _FROZEN_FOR)
        await _judge(one, talk, report)


async def test_postgres_restarted_under_split_roles(
    own_postgres: Cluster, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report(f"PostgreSQL restarted {RESTARTS} times", seed, "postgres", _WORKERS)
    await restarted_in_the_middle(own_postgres, tmp_path, apart(_WORKERS), report, chance)
