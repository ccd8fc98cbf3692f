"""Real processes behind webhooks: the command line, a kill -9 now and then, a graceful stop, roles apart."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.webhook_addresses import addresses
from simulator.server import Simulator
from storage import migrate
from storage.database import Database
from storage.tables import inbox
from tests.engine.rig import TOKENS, USERNAMES, config
from tests.engine.webhook_engine import settings_of
from tests.engine.webhook_rig import KEY, free_port
from tests.requirements_of_tests import drop, finished, postgres_url

ROOT = Path(__file__).parent.parent.parent
CITIZENS = [1001, 1002, 1003, 2001, 2002]


class Bot:
    """`bot run` in processes of its own, with webhooks, on the simulator."""

    def __init__(self, simulator: Simulator, url: str, folder: Path) -> None:
        self.simulator, self.url, self.folder, self.port = simulator, url, folder, free_port()
        self.settings = {
            "PATH": os.environ["PATH"],
            "TELEGRAM_TOKEN": TOKENS["telegram"],
            "TELEGRAM_API": simulator.url,
            "TELEGRAM_WEBHOOK": "true",
            "BALE_TOKEN": TOKENS["bale"],
            "BALE_API": simulator.url,
            "BALE_WEBHOOK": "true",
            "SECRET_KEY": KEY,
            "WEB_PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "DATABASE_URL": url,
            "MEDIA_DIR": str(folder / "media"),
            "LOG_LEVEL": "DEBUG",
        }
        self.processes: list[asyncio.subprocess.Process] = []

    async def run(self, *words: str, **more: str) -> asyncio.subprocess.Process:
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", *words, cwd=ROOT, env=self.settings | more, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    async def end(self, process: asyncio.subprocess.Process, how: signal.Signals = signal.SIGTERM) -> float:
        """End a process; return the seconds it took."""
        begun = time.monotonic()
        process.send_signal(how)
        await asyncio.wait_for(process.wait(), 15)
        return time.monotonic() - begun

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    async def until(self, condition: object, seconds: float = 60) -> None:
        assert callable(condition)
        async with asyncio.timeout(seconds):
            while not condition():
                assert any(process.returncode is None for process in self.processes), self.log[-2000:]
                await asyncio.sleep(0.02)

    def waiting(self) -> int:
        return sum(self.simulator.waiting(name) for name in USERNAMES.values())

    def answered(self, number: int) -> bool:
        return any(one.from_bot for one in self.simulator.person(number).messages())

    async def all_done(self) -> None:
        """Wait until the messengers have nothing more to deliver and all of it is handled."""
        await self.until(lambda: not self.waiting())
        async with asyncio.timeout(60):
            while not all(state == "done" for _, state in await self.rows()):  # noqa: ASYNC110 - other processes have no event to wait for
                await asyncio.sleep(0.05)

    async def rows(self) -> list[tuple[int, str]]:
        database = Database(self.url)
        async with database.read() as tx:
            found = await tx.execute(sa.select(inbox.c.update_id, inbox.c.state).order_by(inbox.c.id))
            rows = [(row.update_id, row.state) for row in found]
        await database.close()
        return rows


async def _migrated(url: str) -> None:
    database = Database(url)
    await migrate.upgrade(database)
    await database.close()


@pytest.fixture
def postgres_at_newest() -> Iterator[str]:
    url = postgres_url()
    finished(_migrated(url))
    yield url
    drop(url)


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(config()) as simulator:
        yield simulator


async def ended(bot: Bot) -> None:
    for process in bot.processes:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.slow
async def test_killed_and_killed_again_nothing_delivered_is_lost_or_doubled(
    simulator: Simulator, tmp_path: Path
) -> None:
    bot = Bot(simulator, f"sqlite:///{tmp_path / 'bot.db'}", tmp_path)
    chance, said = random.Random(137), 0
    try:
        for _ in range(3):
            process = await bot.run()
            await bot.until(lambda: bool(simulator.exchange.queues[TOKENS["bale"]].webhook))
            for number in CITIZENS:
                said += len(await simulator.person(number).start())
            for n in range(10):
                for number in CITIZENS:
                    said += len(await simulator.person(number).write(f"سلام {n}"))
                await asyncio.sleep(0.02)
            await asyncio.sleep(chance.random() / 2)
            await bot.end(process, signal.SIGKILL)
        last = await bot.run()
        await bot.all_done()
        numbers = [number for number, _ in await bot.rows()]
        assert len(numbers) == said == len(CITIZENS) * 33
        assert all(bot.answered(number) for number in CITIZENS)
        assert await bot.end(last) < 5
        assert last.returncode == 0
    finally:
        await ended(bot)
    place = addresses(settings_of(simulator.url, TOKENS, bot.port))
    for secret in (place["telegram"].secret, place["bale"].name, *TOKENS.values(), "سلام"):
        assert secret not in bot.log


@pytest.mark.slow
@pytest.mark.postgres
async def test_the_web_server_may_be_a_process_of_its_own(
    simulator: Simulator, postgres_at_newest: str, tmp_path: Path
) -> None:
    bot = Bot(simulator, postgres_at_newest, tmp_path)
    try:
        web = await bot.run("--role", "web")
        await bot.run("--role", "receiver", "--role", "worker", "--role", "sender", WEB_PORT=str(free_port()))
        await simulator.person(1001).start()
        await simulator.person(2001).start()
        await bot.until(lambda: bot.answered(1001) and bot.answered(2001))
        await bot.end(web, signal.SIGKILL)
        await simulator.person(1002).start()
        await asyncio.sleep(0.3)
        assert not bot.answered(1002)
        web = await bot.run("--role", "web")
        await bot.until(lambda: bot.answered(1002))
        await bot.all_done()
        assert len(await bot.rows()) == 3
        assert not simulator.log.calls("getUpdates")
        for process in bot.processes:
            if process.returncode is None:
                assert await bot.end(process) < 5
                assert process.returncode == 0
    finally:
        await ended(bot)


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("no key", {"SECRET_KEY": ""}, "SECRET_KEY"),
    ("an address that Telegram does not deliver to", {"TELEGRAM_API": "https://api.telegram.org"}, "PUBLIC_URL"),
]


@pytest.mark.parametrize(("change", "named"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_settings_that_cannot_work_end_the_start_with_a_sentence(
    simulator: Simulator, tmp_path: Path, change: dict[str, str], named: str
) -> None:
    bot = Bot(simulator, f"sqlite:///{tmp_path / 'bot.db'}", tmp_path)
    try:
        process = await bot.run(**change)
        assert await asyncio.wait_for(process.wait(), 30) == 1
    finally:
        await ended(bot)
    [sentence] = bot.log.splitlines()
    assert named in sentence


async def test_a_taken_port_ends_the_start_with_a_sentence(simulator: Simulator, tmp_path: Path) -> None:
    bot = Bot(simulator, f"sqlite:///{tmp_path / 'bot.db'}", tmp_path)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", bot.port)
    try:
        process = await bot.run()
        assert await asyncio.wait_for(process.wait(), 30) == 1
    finally:
        await ended(bot)
        server.close()
    assert f"WEB_PORT {bot.port}: Address already in use" in bot.log
    assert "Traceback" not in bot.log
