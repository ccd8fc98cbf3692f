"""Fetches what people sent, checks it, keeps it, and tells the house."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from bot.backoff import Steps
from bot.clock import Clock
from bot.house import House
from bot.media_checks import LIMITS, MEGABYTE, OTHER_LIMIT, Checked, check
from bot.media_types import Unusable, look
from bot.messengers.client import Client
from bot.messengers.failures import CallFailed, Failure
from bot.picture_process import NotDeveloped, develop
from bot.threads import in_thread
from storage import media
from storage.database import Database, Transaction
from storage.files import Store, StoreAway
from storage.media import Waiting

_log = logging.getLogger(__name__)

_PAUSES = Steps(first=2, longest=600)  # seconds
_STORE_LOOK_EVERY = 15.0  # seconds between two tries while the store is away
_THUMBNAIL_LIMIT = MEGABYTE  # bytes; messengers allow 200 kB
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
        store: Store,
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
        self._store = store
        self._house = house
        self._clock = clock
        self._at_once = at_once
        self._poll_seconds = poll_seconds
        self._committed = committed  # told when the house may have said something
        self._rested = rested
        self._news = asyncio.Event()
        self._taking = asyncio.Lock()
        self._in_hand: set[int] = set()
        self._store_is_away = False
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
        async with asyncio.TaskGroup() as lanes:
            for _ in range(self._at_once):
                lanes.create_task(self._lane())

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
            if self._store_is_away:
                await in_thread(self._store.has, "", "image/jpeg")  # asked first, so that nothing is fetched in vain
            content = await self._fetch(row)
            checked = await check(content, row.kind)
            small = checked.thumbnail or await self._messengers_thumbnail(row)
            kept = await self._keep(checked, small)
        except CallFailed as failed:
            await self._not_fetched(row, failed)
        except Unusable as unusable:
            await self._refuse(row, unusable.problem)
        except NotDeveloped as problem:
            await self._not_developed(row, problem)
        except StoreAway as away:
            await self._wait_for_store(row, away)
        else:
            await self._note_stored(row, checked, *kept)

    async def _fetch(self, row: Waiting) -> bytes:
        limit = LIMITS.get(row.kind, OTHER_LIMIT)
        if (row.bytes or 0) > limit:
            raise Unusable("file-too-big")
        client = self._clients.get(row.messenger)
        if client is None:
            raise CallFailed(Failure.NETWORK, f"no bot on {row.messenger} now")
        return await client.download(row.file_id, limit)

    async def _messengers_thumbnail(self, row: Waiting) -> bytes | None:
        """Return a small JPEG of the messenger's own picture of a film; without one the film is kept as well."""
        client = self._clients.get(row.messenger)
        if not row.thumbnail or client is None:
            return None
        try:
            content = await client.download(row.thumbnail, _THUMBNAIL_LIMIT)
            return (await develop(content, look(content, "photo"))).thumbnail
        except (CallFailed, Unusable, NotDeveloped) as problem:
            _log.info("media %d goes without its small picture: %s", row.id, type(problem).__name__)
            return None

    async def _keep(self, checked: Checked, small: bytes | None) -> tuple[str, str | None]:
        """Keep a file and its small picture; return the hash of each."""
        thumbnail = await in_thread(self._store.keep, small, "image/jpeg") if small else None
        sha256 = await in_thread(self._store.keep, checked.content, checked.mime)
        if self._store_is_away:
            self._store_is_away = False
            _log.info("the store of files is back")
        return sha256, thumbnail

    async def _wait_for_store(self, row: Waiting, away: StoreAway) -> None:
        """Put the file back for as long as it takes: it is not its fault."""
        if not self._store_is_away:
            self._store_is_away = True
            _log.warning("the store of files is away, files wait: %s", away)
        until = self._clock.now() + timedelta(seconds=_STORE_LOOK_EVERY)
        async with self._database.write() as tx:
            await media.again(tx, row.id, until, counted=False)

    async def _not_developed(self, row: Waiting, problem: NotDeveloped) -> None:
        _log.warning("media %d: %s", row.id, problem)
        if row.attempts + 1 >= MOST_TRIES:
            await self._refuse(row, "file-broken")
        else:
            await self._later(row, None)

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

    async def _note_stored(self, row: Waiting, checked: Checked, sha256: str, thumbnail: str | None) -> None:
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
                thumbnail=thumbnail,
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
