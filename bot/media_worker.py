"""Fetches what people sent, checks it, keeps it, and tells the house."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from bot.backoff import Steps
from bot.clock import Clock
from bot.house import House
from bot.media_checks import LIMITS, OTHER_LIMIT, Checked, Unusable, check
from bot.messengers.client import Client
from bot.messengers.failures import CallFailed, Failure
from storage import media
from storage.database import Database, Transaction
from storage.files import Files
from storage.media import Waiting

_log = logging.getLogger(__name__)

_PAUSES = Steps(first=2, longest=600)  # seconds
MOST_TRIES = 20  # about two hours with these pauses; a messenger away for longer loses the file
_FINAL: Mapping[Failure, str] = {
    Failure.GONE: "file-gone",
    Failure.BAD_FILE: "file-gone",
    Failure.REFUSED: "file-gone",
    Failure.UNREACHABLE: "file-gone",
    Failure.UNSUPPORTED: "file-gone",
    Failure.TOO_LONG: "file-too-big",
}

_Note = Callable[[Transaction], Awaitable[bool]]


class MediaWorker:
    """Works through the waiting files, `at_once` at a time; its row and the house's answer commit together."""

    def __init__(
        self,
        database: Database,
        clients: Mapping[str, Client],
        files: Files,
        house: House,
        clock: Clock,
        *,
        at_once: int = 2,
        poll_seconds: float = 2.0,
        committed: Callable[[], None] = lambda: None,
        rested: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._clients = clients
        self._files = files
        self._house = house
        self._clock = clock
        self._at_once = at_once
        self._poll_seconds = poll_seconds
        self._committed = committed  # told when the house may have said something
        self._rested = rested
        self._news = asyncio.Event()
        self._taking = asyncio.Lock()
        self._in_hand: set[int] = set()
        self._threads: ThreadPoolExecutor | None = None
        self._running: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look for waiting files now instead of at the next poll."""
        self._news.set()

    def ready(self) -> None:
        """Make ready to run."""

    def stop(self) -> None:
        """Drop the file in hand and return: it is started again next time."""
        if self._running is not None:
            self._running.cancel()

    async def run(self) -> None:
        """Work until `stop` or cancelled; a file in hand then is taken up again at the next start."""
        self._running = asyncio.create_task(self._work())
        try:
            await asyncio.wait([self._running])
        finally:
            self._running.cancel()
            await asyncio.wait([self._running])
        if not self._running.cancelled():
            self._running.result()

    async def _work(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=self._at_once, thread_name_prefix="media")
        try:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(self._at_once):
                    lanes.create_task(self._lane())
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def idle(self) -> bool:
        """Say whether no file is in hand and none is due."""
        if self._in_hand:
            return False
        async with self._database.read() as tx:
            return await media.still_waiting(tx, self._clock.now()) == 0

    async def _lane(self) -> None:
        while True:
            try:
                if not await self._one():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), self._poll_seconds)
            except Exception:
                _log.exception("the media worker goes on after an error")
                await asyncio.sleep(self._poll_seconds)

    async def _one(self) -> bool:
        """Treat the oldest due file; False when there is none."""
        row = await self._take()
        if row is None:
            return False
        try:
            await self._treat(row)
        except Exception:  # our own fault, or the database's: the file is not to suffer for it
            _log.exception("media %d could not be treated", row.id)
            await self._later(row, None)
        finally:
            self._in_hand.discard(row.id)
            self._rested()
        return True

    async def _take(self) -> Waiting | None:
        async with self._taking:
            self._news.clear()
            async with self._database.read() as tx:
                rows = await media.waiting(tx, self._clock.now(), 1, besides=self._in_hand)
            self._in_hand.update(row.id for row in rows)
            return rows[0] if rows else None

    async def _treat(self, row: Waiting) -> None:
        try:
            content = await self._fetch(row)
            checked, sha256 = await self._in_thread(content, row.kind)
        except CallFailed as failed:
            await self._not_fetched(row, failed)
        except Unusable as unusable:
            await self._refuse(row, unusable.problem)
        else:
            await self._store(row, checked, sha256)

    async def _fetch(self, row: Waiting) -> bytes:
        limit = LIMITS.get(row.kind, OTHER_LIMIT)
        if (row.bytes or 0) > limit:
            raise Unusable("file-too-big")
        client = self._clients.get(row.messenger)
        if client is None:
            raise CallFailed(Failure.NETWORK, f"no bot on {row.messenger} now")
        return await client.download(row.file_id, limit)

    async def _in_thread(self, content: bytes, kind: str) -> tuple[Checked, str]:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._check_and_keep, content, kind)

    def _check_and_keep(self, content: bytes, kind: str) -> tuple[Checked, str]:
        checked = check(content, kind)
        return checked, self._files.keep(checked.content, checked.mime)

    async def _not_fetched(self, row: Waiting, failed: CallFailed) -> None:
        problem = _FINAL.get(failed.kind, "file-gone" if row.attempts + 1 >= MOST_TRIES else "")
        if problem:
            await self._refuse(row, problem)
        else:
            await self._later(row, failed.retry_after)

    async def _later(self, row: Waiting, seconds: float | None) -> None:
        pause = _PAUSES.after(row.attempts + 1) if seconds is None else seconds
        async with self._database.write() as tx:
            await media.again(tx, row.id, self._clock.now() + timedelta(seconds=pause))

    async def _refuse(self, row: Waiting, problem: str) -> None:
        _log.info("media %d refused: %s", row.id, problem)
        await self._note(row, lambda tx: media.refused(tx, row.id, problem))

    async def _store(self, row: Waiting, checked: Checked, sha256: str) -> None:
        await self._note(
            row,
            lambda tx: media.stored(
                tx,
                row.id,
                kind=checked.kind,
                sha256=sha256,
                mime=checked.mime,
                size=len(checked.content),
                width=checked.width,
                height=checked.height,
                place=checked.place,
                original_is_clean=checked.original_is_clean,
            ),
        )

    async def _note(self, row: Waiting, note: _Note) -> None:
        """Write what became of the file and tell the house in one transaction; at last without the house."""
        try:
            async with self._database.write() as tx:
                if await note(tx):
                    await self._house.media_ready(tx, row.id, self._clock.now())
        except Exception:
            if row.attempts + 1 < MOST_TRIES:
                raise
            _log.exception("media %d is noted, but what should follow fails", row.id)
            async with self._database.write() as tx:
                await note(tx)
        self._committed()
