"""The bot is killed in the middle of its work, again and again: nothing is lost, doubled or out of order."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from simulator.server import Simulator
from storage.database import Database
from storage.tables import inbox, media, outbox
from tests.chaos.checking import check
from tests.chaos.crowd import TURNS, Citizen, config, crowd

ROOT = Path(__file__).parents[2]
CITIZENS = 25
TOTAL = CITIZENS * TURNS  # updates
KILLS = 6
PATIENCE = 240.0  # seconds for everything to be handled, on a slow machine


@dataclass
class Victim:
    """`python -m bot run`, to be killed and started again."""

    url: str
    folder: Path
    simulator: Simulator
    process: Process | None = None
    log: list[Path] = field(default_factory=list)

    async def start(self) -> None:
        """Start it with settings from the environment alone."""
        self.log.append(self.folder / f"run{len(self.log)}.log")
        settings = {
            "TELEGRAM_TOKEN": "137:TELEGRAM-TEST",
            "TELEGRAM_API": self.simulator.url,
            "TELEGRAM_RATE": "1000",
            "BALE_TOKEN": "731:BALE-TEST",
            "BALE_API": self.simulator.url,
            "BALE_RATE": "1000",
            "DATABASE_URL": self.url,
            "MEDIA_DIR": str(self.folder / "media"),
        }
        with self.log[-1].open("wb") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=os.environ | settings, stdout=out, stderr=out
            )

    async def end(self, how: signal.Signals) -> int:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(how)
        return await self.process.wait()

    def words(self) -> str:
        """Return the last lines it logged."""
        return "\n".join(self.log[-1].read_text(errors="replace").splitlines()[-15:])


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


async def handled(database: Database) -> int:
    """Count the updates that are done; a database that is not there yet has none."""
    try:
        async with database.read() as tx:
            query = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state != "waiting")
            return int(await tx.scalar(query) or 0)
    except sa.exc.DBAPIError:
        return 0


async def left(database: Database) -> int:
    """Count what still waits in any queue."""
    waiting = [sa.select(sa.func.count()).select_from(t).where(t.c.state == "waiting") for t in (inbox, outbox, media)]
    async with database.read() as tx:
        return sum([int(await tx.scalar(query) or 0) for query in waiting])


async def speak(citizens: list[Citizen], turns: range, chance: random.Random, pause: float) -> None:
    """Let all citizens have their turns, in a random order between the chats."""
    order = [citizen for citizen in citizens for _ in turns]
    chance.shuffle(order)
    had = dict.fromkeys(range(len(citizens)), turns.start)
    for citizen in order:
        number = citizens.index(citizen)
        await citizen.speak(had[number], chance)
        had[number] += 1
        await asyncio.sleep(pause * chance.random())


async def reached(database: Database, wanted: int, victim: Victim) -> None:
    """Wait until so many updates are handled."""
    while await handled(database) < wanted:
        assert victim.process is not None
        assert victim.process.returncode is None, victim.words()
        await asyncio.sleep(0.02)


async def migrated(url: str, folder: Path) -> None:
    """Bring a fresh database forward as `bot migrate` does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "migrate", cwd=ROOT, env=os.environ | {"DATABASE_URL": url}
    )
    assert await process.wait() == 0


@pytest.mark.slow
async def test_killed_again_and_again(empty_url: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    sys.stderr.write(f"SEED={seed}\n")
    chance = random.Random(seed)
    await migrated(empty_url, tmp_path)
    async with Simulator(config(CITIZENS)) as simulator, opened(empty_url) as database:
        citizens = crowd(simulator, CITIZENS)
        victim = Victim(empty_url, tmp_path, simulator)
        await speak(citizens, range(TURNS // 2), chance, 0)
        talking = asyncio.create_task(speak(citizens, range(TURNS // 2, TURNS), chance, 0.05))
        async with asyncio.timeout(PATIENCE):
            for kill in sorted(chance.randrange(TOTAL * 9 // 10) for _ in range(KILLS)):
                await victim.start()
                await reached(database, max(kill, await handled(database) + 1), victim)
                await asyncio.sleep(chance.random() * 0.2)
                await victim.end(signal.SIGKILL)
            await victim.start()
            await talking
            await reached(database, TOTAL, victim)
            while await left(database):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert await victim.end(signal.SIGTERM) == 0, victim.words()
        found = await check(database, simulator, citizens)
        sys.stderr.write(f"SEED={seed}: {TOTAL} updates, {KILLS} kills, {found.repeated} messages came twice\n")
        assert not found.wrong, f"SEED={seed}: {len(found.wrong)} wrong, the first: {found.wrong[:5]}"
        assert found.repeated <= KILLS * CITIZENS
