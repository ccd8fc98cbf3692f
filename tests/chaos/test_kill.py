"""The bot is killed in the middle of its work, again and again, while the messengers' servers have a bad day."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.chaos.checking import Expected
from tests.chaos.conftest import LONG, FreshUrl, inlets
from tests.chaos.crowd import READERS, TURNS, people
from tests.chaos.reporting import Report, fail_if_wrong, judged
from tests.chaos.scene import ALONE, scene
from tests.chaos.trouble import Talk, make_faulty

_CITIZENS = 100 if LONG else 10
_KILLS = 55 if LONG else 6
_PATIENCE = 900.0  # seconds for everything to be handled, on a machine that has much else to do
_BOT = "bot"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "webhook"), inlets(webhook_on="sqlite"), indirect=["kind"])
async def test_killed_again_and_again(
    kind: str, webhook: bool, fresh_url: FreshUrl, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report("killed at random" + (" behind a webhook" if webhook else ""), seed, kind, 1)
    total = _CITIZENS * TURNS
    async with (
        scene(fresh_url(tmp_path), tmp_path, people(_CITIZENS), seed=seed) as one,
        asyncio.timeout(_PATIENCE),
    ):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        make_faulty(one.simulator)
        one.cast(ALONE, webhook=webhook)
        await talk.say(range(TURNS // 2))
        talk.begin(range(TURNS // 2, TURNS), pause=0.02)
        for moment in sorted(chance.randrange(total * 9 // 10) for _ in range(_KILLS)):
            one.members[_BOT].start()
            await one.reached(max(moment, await one.handled() + 1))
            await asyncio.sleep(chance.random() * 0.2)
            await one.kill(_BOT)
        one.members[_BOT].start()
        await talk.end()
        await one.quiet(total)
        await one.stop_all()
        found = await judged(one, Expected(talk.citizens, {}, READERS, in_flight=one.in_flight))
        report.add(one, found, total)
        report.print()
        fail_if_wrong(seed, found)
        assert one.kills == _KILLS
