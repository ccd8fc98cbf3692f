"""`bot run` as real processes: roles split over PostgreSQL, and one process only on a SQLite file."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulator.server import Simulator
from storage import migrate
from storage.database import Database
from tests import requirements_of_tests
from tests.engine.rig import TOKENS, config

ROOT = Path(__file__).parents[2]
GREETING = "/start"
TAKE_OVER = 20  # seconds; ten are promised, but several processes at once are slow on a busy machine


@dataclass
class Processes:
    """Processes of the bot with settings from the environment alone."""

    simulator: Simulator
    url: str
    folder: Path
    started: list[Process] = field(default_factory=list)

    async def run(self, *arguments: str) -> Process:
        """Start `python -m bot run`."""
        settings = {
            "TELEGRAM_TOKEN": TOKENS["telegram"],
            "TELEGRAM_API": self.simulator.url,
            "TELEGRAM_RATE": "1000",
            "BALE_TOKEN": "",
            "DATABASE_URL": self.url,
            "MEDIA_DIR": str(self.folder / "media"),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", *arguments, cwd=ROOT, env=os.environ | settings, stderr=PIPE
        )
        self.started.append(process)
        return process

    async def answered(self, times: int, within: float = 120) -> float:
        """Wait until the person has been greeted so many times; return how long that took."""
        loop, person = asyncio.get_running_loop(), self.simulator.person(1000)
        begun = loop.time()
        async with asyncio.timeout(within):
            while sum(message.from_bot for message in person.messages()) < times:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return loop.time() - begun

    async def ended(self, process: Process, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """End a process; return its status and what it said."""
        process.send_signal(how)
        return await self.result(process)

    async def result(self, process: Process) -> tuple[int, str]:
        """Wait for a process to end; return its status and what it said."""
        self.started.remove(process)
        async with asyncio.timeout(60):
            _, said = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.node.get_closest_marker("postgres"):
        url = requirements_of_tests.postgres_url()
        yield url
        requirements_of_tests.drop(url)
    else:
        yield f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
async def processes(empty_url: str, tmp_path: Path) -> AsyncIterator[Processes]:
    database = Database(empty_url)
    await migrate.upgrade(database)
    await database.close()
    async with Simulator(config()) as simulator:
        running = Processes(simulator, empty_url, tmp_path)
        yield running
        for process in list(running.started):
            await running.ended(process, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.postgres
async def test_roles_in_processes_of_their_own_answer_and_outlive_each_others_deaths(processes: Processes) -> None:
    names = ("receiver", "worker", "worker", "sender", "sender")
    running = [await processes.run("--role", name) for name in names]
    person = processes.simulator.person(1000)
    await person.write(GREETING)
    await processes.answered(1)
    for victim in (3, 1):  # a sender and a worker: another of its kind is there
        status, _ = await processes.ended(running[victim], signal.SIGKILL)
        assert status == -signal.SIGKILL
        before = sum(message.from_bot for message in person.messages())
        await person.write(GREETING)
        assert await processes.answered(before + 1) < TAKE_OVER
    for number in (0, 2, 4):
        status, said = await processes.ended(running[number])
        assert status == 0, said
        assert "Traceback" not in said


async def test_a_second_run_on_one_sqlite_file_ends_with_a_sentence_and_a_kill_frees_it(processes: Processes) -> None:
    person = processes.simulator.person(1000)
    first = await processes.run()
    await person.write(GREETING)
    await processes.answered(1)
    second = await processes.run()
    status, said = await processes.result(second)
    assert status == 1
    assert said.strip().count("\n") == 0, said
    assert f"(process {first.pid})" in said
    await processes.ended(first, signal.SIGKILL)
    third = await processes.run()
    await person.write(GREETING)
    await processes.answered(2)
    status, said = await processes.ended(third)
    assert status == 0, said


async def test_a_role_alone_is_refused_on_sqlite(processes: Processes) -> None:
    status, said = await processes.result(await processes.run("--role", "worker", "--role", "sender"))
    assert status == 1
    assert said.startswith("On SQLite one process does everything")
    assert said.strip().count("\n") == 0


async def test_a_server_that_is_away_at_the_start_is_waited_for(processes: Processes) -> None:
    processes.url = "postgresql://postgres@127.0.0.1:1/nobody-there"
    process = await processes.run("--role", "sender")
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while b"waiting for the database" not in await process.stderr.readline():
            assert process.returncode is None
    status, said = await processes.ended(process)
    assert (status, said) == (0, "")
