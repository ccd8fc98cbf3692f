"""Contestants as processes: started, asked what they have used, stopped."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import POSTGRES, SQLITE, database, server_pids
from benchmarks.names import AIOGRAM, ECHO, PRODUCT, STOCK, TOKEN

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-peers" / "bin" / "python"
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0
_QUIET = 0.3  # seconds in which a bot that has nothing left to do uses no more than a tick or two


@dataclass(frozen=True)
class Contestant:
    """Who is measured, on which database; the peers have none."""

    name: str
    on: str = ""

    @property
    def label(self) -> str:
        """The name in the tables."""
        return f"{self.name}, {self.on}" if self.on else f"{self.name}, stores nothing"


PEER = Contestant(STOCK)
OTHER_PEER = Contestant(AIOGRAM)
DURABLE = Contestant(ECHO, SQLITE)
CITIZENS = Contestant(PRODUCT, SQLITE)
DURABLE_POSTGRES = Contestant(ECHO, POSTGRES)
CITIZENS_POSTGRES = Contestant(PRODUCT, POSTGRES)


class Failed(Exception):
    """A contestant ended, or did not answer; its last words are in the message."""


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


@dataclass
class Running:
    """A contestant at work."""

    process: Process
    database: str
    folder: Path
    _server: dict[int, float] = field(default_factory=dict)

    def cpu(self) -> float:
        """Seconds of processor time, user and system, that it has used so far, all its threads."""
        return _cpu(self.process.pid)

    async def server_cpu(self) -> float:
        """Seconds that PostgreSQL's processes for its database have used so far; 0 on SQLite."""
        if not self.database.startswith("postgres"):
            return 0.0
        for pid in await server_pids(self.database):
            self._server[pid] = _cpu(pid)
        return sum(self._server.values())

    def memory(self) -> float:
        """Resident memory in megabytes (10^6 bytes)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise Failed("the process has ended")

    async def quiet(self) -> None:
        """Return when it has nothing left to do: what follows an answer is part of its price. Raises TimeoutError."""
        used = self.cpu()
        async with asyncio.timeout(_PATIENCE):
            while True:
                await asyncio.sleep(_QUIET)
                before, used = used, self.cpu()
                if used - before <= 2 / _TICKS:
                    return


def command(who: Contestant, url: str, address: str, folder: Path) -> tuple[str, ...]:
    """Return how a contestant is started."""
    if who.name == AIOGRAM:
        return (str(PEERS), "-m", "benchmarks.aiogram_echo", who.name, url)
    return (sys.executable, "-m", "benchmarks.contestants", who.name, url, address, str(folder))


def settings_of(url: str, address: str, folder: Path) -> dict[str, str]:
    """Return the environment of `python -m bot run` on the simulated messenger."""
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API": url,
        "DATABASE_URL": address,
        "MEDIA_DIR": str(folder / "media"),
        "CITY": str(ROOT / "cities" / "mashhad"),
    }


@asynccontextmanager
async def process(command: tuple[str, ...], folder: Path, **environment: str) -> AsyncIterator[Process]:
    """Run a command until the block ends; raises Failed with its last words when it has ended before."""
    words = folder / "words.txt"
    with words.open("wb") as out:
        started = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, **environment}
        )
    watch: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(None) as patience:
            watch = asyncio.create_task(_end_with(started, patience))
            yield started
    except TimeoutError as late:
        state = "did not answer" if started.returncode is None else f"ended with {started.returncode}"
        raise Failed(f"{' '.join(command[:4])} {state}; it said: {_tail(words)}") from late
    finally:
        if watch is not None:
            watch.cancel()
        if started.returncode is None:
            started.kill()
            await started.wait()


async def _end_with(started: Process, patience: asyncio.Timeout) -> None:
    """End the wait when the process ends: nobody will answer any more."""
    await started.wait()
    patience.reschedule(asyncio.get_running_loop().time())


def _tail(words: Path) -> str:
    return words.read_text(encoding="utf-8", errors="replace")[-1500:]


@asynccontextmanager
async def running(who: Contestant, url: str, **environment: str) -> AsyncIterator[Running]:
    """Start a contestant on a fresh database of its kind; everything is gone after the block."""
    if not who.on:
        with tempfile.TemporaryDirectory() as folder:
            async with process(command(who, url, "", Path(folder)), Path(folder), **environment) as started:
                yield Running(started, "", Path(folder))
        return
    async with (
        database(who.on) as (address, place),
        process(command(who, url, address, place), place, **environment) as started,
    ):
        yield Running(started, address, place)


def missing_peer() -> str | None:
    """Return why aiogram cannot be measured, None when it can."""
    return None if PEERS.exists() else f"{PEERS.parent.parent.name} is not there: python scripts/set_up.py peers"
