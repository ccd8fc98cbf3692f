"""Others go away and come back: the messengers, with thousands of updates waiting there, and the PostgreSQL server."""

import asyncio
import random
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage import migrate
from storage.database import Database
from tests.chaos.checking import Expected
from tests.chaos.conftest import LONG, FreshUrl
from tests.chaos.crowd import READERS, TURNS, people
from tests.chaos.postgres_cluster import Cluster
from tests.chaos.reporting import Report, fail_if_wrong, judged
from tests.chaos.scene import ALONE, Scene, scene
from tests.chaos.trouble import Talk

_CITIZENS = 100 if LONG else 10
RESTARTS = 5 if LONG else 2
_PATIENCE = 600.0  # seconds for everything to be handled, on a machine that has much else to do


async def _gone(one: Scene) -> int:
    """Take the messengers' servers away; return the port to come back to. What was in flight may come twice."""
    port = urlsplit(one.simulator.url).port
    assert port is not None
    await one.simulator.stop()
    await one.note_in_flight()
    return port


@pytest.mark.slow
async def test_messengers_away_and_back_with_all_updates_waiting(
    kind: str, fresh_url: FreshUrl, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report("messengers away", seed, kind, 1)
    total = _CITIZENS * TURNS
    async with scene(fresh_url(tmp_path), tmp_path, people(_CITIZENS), seed=seed) as one, asyncio.timeout(_PATIENCE):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        one.cast(ALONE)
        one.start_all()
        await talk.say(range(2))
        await one.reached(_CITIZENS // 2)
        port = await _gone(one)  # answers are under way
        await talk.say(range(2, TURNS))
        waiting = sum(len(queue) for queue in one.simulator.exchange.queues.values())
        assert waiting >= total - 2 * _CITIZENS
        await asyncio.sleep(3)
        one.all_alive()
        await one.simulator.start(port)
        await one.quiet(total)
        await one.stop_all()
        found = await judged(one, Expected(talk.citizens, {}, READERS, in_flight=one.in_flight))
        report.add(one, found, total)
        report.print()
        fail_if_wrong(seed, found)


async def restarted_in_the_middle(
    own: Cluster, folder: Path, roles: Mapping[str, tuple[str, ...]], report: Report, chance: random.Random
) -> None:
    """Restart the server again and again while a crowd talks to a bot of these processes, first while they start."""
    database = Database(own.url())
    await migrate.upgrade(database)
    await database.close()
    total = _CITIZENS * TURNS
    async with scene(own.url(), folder, people(_CITIZENS), seed=report.seed) as one, asyncio.timeout(_PATIENCE):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        one.cast(roles)
        one.start_all()
        await talk.say(range(TURNS // 2))
        talk.begin(range(TURNS // 2, TURNS), pause=0.02)
        for moment in [0, *sorted(chance.randrange(total * 8 // 10) for _ in range(RESTARTS - 1))]:
            await one.reached(moment)
            await asyncio.sleep(chance.random() * 0.2)
            await asyncio.to_thread(own.restart)
        await talk.end()
        await one.quiet(total)
        await one.stop_all()
        found = await judged(one, Expected(talk.citizens, {}, READERS, in_flight=one.in_flight))
        report.add(one, found, total)
        report.print()
        fail_if_wrong(report.seed, found)


@pytest.mark.postgres
@pytest.mark.slow
async def test_postgres_restarted(own_postgres: Cluster, tmp_path: Path, seed: int, chance: random.Random) -> None:
    report = Report(f"PostgreSQL restarted {RESTARTS} times", seed, "postgres", 1)
    await restarted_in_the_middle(own_postgres, tmp_path, ALONE, report, chance)
