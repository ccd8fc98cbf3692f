"""A worker on a real database, a folder, a house that listens, and messengers that only give out files."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from bot.clock import SetClock
from bot.house import House
from bot.media_worker import MediaWorker
from bot.messengers.client import Client
from bot.messengers.failures import CallFailed, Failure
from storage import media
from storage.database import Database, Transaction
from storage.files import Files

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again; the caller sets the time limit."""
    while True:
        if await true():
            return
        await asyncio.sleep(0.01)


@dataclass
class Shelf:
    """Stands in for a client: gives out the file of a name, or fails as it is told to."""

    files: dict[str, bytes] = field(default_factory=dict)
    failures: dict[str, list[CallFailed]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def download(self, file_id: str, limit_bytes: int) -> bytes:
        self.asked.append(file_id)
        await asyncio.sleep(0)
        if self.failures.get(file_id):
            raise self.failures[file_id].pop(0)
        if file_id not in self.files:
            raise CallFailed(Failure.BAD_FILE, "wrong file_id")
        if len(self.files[file_id]) > limit_bytes:
            raise CallFailed(Failure.TOO_LONG, "too big")
        return self.files[file_id]


@dataclass
class Listener:
    """The part of the house that hears of files; each row it hears of must be settled already."""

    heard: list[tuple[int, str, str]] = field(default_factory=list)
    fails: int = 0

    async def media_ready(self, tx: Transaction, media_id: int, now: datetime) -> None:
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the house is not well")
        row = await media.get(tx, media_id)
        assert row is not None
        self.heard.append((media_id, row.state, row.problem))


@dataclass
class Bench:
    """All that a test of the worker needs."""

    database: Database
    files: Files
    clock: SetClock
    shelf: Shelf
    house: Listener
    worker: MediaWorker

    async def sent(self, file_id: str, content: bytes | None = None, kind: str = "photo", **about: Any) -> int:
        """Somebody sends a file."""
        if content is not None:
            self.shelf.files[file_id] = content
        async with self.database.write() as tx:
            media_id = await media.remember(
                tx, kind=kind, messenger="bale", file_id=file_id, now=self.clock.now(), **about
            )
        self.worker.wake()
        return media_id

    async def row(self, media_id: int) -> media.File:
        async with self.database.read() as tx:
            row = await media.get(tx, media_id)
        assert row is not None
        return row

    async def copy(self, media_id: int, messenger: str) -> media.MediaFile | None:
        async with self.database.read() as tx:
            return (await media.copies(tx, [media_id], messenger, self.files)).get(media_id)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Run the worker for the length of the block, until it is idle at its end."""
        task = asyncio.create_task(self.worker.run())
        try:
            yield
            async with asyncio.timeout(20):
                await until(self.worker.idle)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def work(self) -> None:
        """Let the worker do what is due now."""
        async with self.working():
            pass


@pytest.fixture
def bench(database: Database, tmp_path: Path) -> Bench:
    clock, shelf, house, files = SetClock(NOW), Shelf(), Listener(), Files(tmp_path / "media")
    clients = {"bale": cast(Client, shelf)}
    worker = MediaWorker(database, clients, files, cast(House, house), clock, poll_seconds=0.02)
    return Bench(database, files, clock, shelf, house, worker)
