"""Killed once at every point: before and after each commit, each call, each file, one run for each of them."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.sender import Sender
from tests.chaos.checking import Findings
from tests.chaos.conftest import LONG, FreshUrl, inlets
from tests.chaos.crowd import Chat
from tests.chaos.office import PEOPLE, UPDATES, Office, screens
from tests.chaos.points import COUNT, KILL, counted, opener
from tests.chaos.reporting import Report, judged
from tests.chaos.scene import ALONE, Scene, scene

_SAMPLE = 10  # points of the short form
_AT_ONCE = 2  # runs side by side
_PATIENCE = 300.0  # seconds for one run, on a machine that has much else to do
_BOT = "bot"
_REPEATED_BY_CHANCE = ("getUpdates: ", f"{opener(Sender._settle_and_claim)}: ")
"""How often these are passed depends on the machine's speed."""


@dataclass
class _Sweep:
    """All runs of one sweep; the first, without a kill, says how it should look."""

    fresh_url: FreshUrl
    folder: Path
    report: Report
    webhook: bool
    wanted: dict[Chat, list[str]] = field(default_factory=dict)
    not_reached: int = 0

    async def run(self, number: int, **how: str) -> None:
        """Play the story once; `how` is the fault hook's environment."""
        folder = self.folder / str(number)
        folder.mkdir()
        async with scene(self.fresh_url(folder), folder, PEOPLE, log_size=10_000) as one, asyncio.timeout(_PATIENCE):
            office = Office(one)
            await office.open()
            one.cast(ALONE, webhook=self.webhook)
            one.may_die = True
            one.members[_BOT].start(**how)
            watch = asyncio.create_task(_start_again(one))
            await office.story()
            await one.quiet(UPDATES)
            watch.cancel()
            await _stop(one)
            found = await judged(one, office.expected())
            shown = await screens(one)
            if KILL not in how:
                self.wanted.update(shown)
            elif not one.kills:
                self.not_reached += 1
            elif shown != self.wanted:
                found.lost.append(f"the screens differ: {_difference(shown, self.wanted)}")
            self.report.add(one, found, UPDATES)
            self._judge(how.get(KILL, "nowhere"), found)

    def _judge(self, where: str, found: Findings) -> None:
        assert not found.wrong, f"killed at {where}: {found.wrong[:6]}"


def _difference(shown: dict[Chat, list[str]], wanted: dict[Chat, list[str]]) -> list[tuple[Chat, list[str], list[str]]]:
    return [(chat, shown.get(chat, []), wanted[chat]) for chat in wanted if shown.get(chat) != wanted[chat]]


async def _start_again(one: Scene) -> None:
    """Start the bot again when the fault hook has killed it."""
    member = one.members[_BOT]
    while member.ended is None:  # noqa: ASYNC110 - a forked process has no event to wait for
        await asyncio.sleep(0.01)
    assert member.ended == -9, member.words_of_log()
    await one.died(member)
    member.start()


async def _stop(one: Scene) -> None:
    """End the bot; when the fault hook kills it while it ends, it starts once more and has to end well then."""
    member = one.members[_BOT]
    if await member.stop() == -9:
        await one.died(member)
        member.start()
        await one.quiet(UPDATES)
        await one.stop_all()
    else:
        assert member.ended == 0, f"ended with {member.ended}: {member.words_of_log()}"


def _chosen(points: Sequence[str], chance: random.Random) -> list[str]:
    """Choose all points for the long form; for the short one some of each kind, the rarer kinds first."""
    if LONG:
        return list(points)
    kinds = sorted({point.partition("#")[0] for point in points})
    return [
        chance.choice([point for point in points if point.partition("#")[0] == kind])
        for kind in chance.sample(kinds, min(_SAMPLE, len(kinds)))
    ]


async def _sweep_all(sweep: _Sweep, chance: random.Random) -> None:
    """Count the points of a run, then kill one run at each of those chosen."""
    await sweep.run(0, **{COUNT: str(sweep.folder / "points")})
    points = _chosen(counted(sweep.folder / "points"), chance)
    room = asyncio.Semaphore(_AT_ONCE)

    async def killed(number: int, point: str) -> None:
        async with room:
            await sweep.run(number, **{KILL: point})

    async with asyncio.TaskGroup() as runs:
        for number, point in enumerate(points, 1):
            runs.create_task(killed(number, point))
    report = sweep.report
    report.print()
    certain = [point for point in points if not point.startswith(_REPEATED_BY_CHANCE)]
    wanted = len(certain) * 9 // 10
    assert report.kills >= wanted, f"SEED={report.seed}: {sweep.not_reached} of {len(points)} were not reached"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "webhook"), inlets(webhook_on="postgres"), indirect=["kind"])
async def test_killed_at_every_point(
    kind: str, webhook: bool, fresh_url: FreshUrl, tmp_path: Path, seed: int, chance: random.Random
) -> None:
    report = Report("sweep" + (" behind a webhook" if webhook else ""), seed, kind, 1)
    await _sweep_all(_Sweep(fresh_url, tmp_path, report, webhook), chance)
