"""Ties receivers, dispatcher, senders, clockwork and media worker together, and keeps each of them running."""

import asyncio
from collections.abc import Awaitable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.backoff import Backoff, Steps
from bot.bell import Bell, Queue
from bot.clock import Clock
from bot.clockwork import Clockwork
from bot.dispatcher import Dispatcher, Dispatching
from bot.health import Health
from bot.house import House
from bot.leases import Lease, Pace, keeper
from bot.media_worker import MediaWorker
from bot.messengers.client import Client
from bot.receiver import Polling, Receiver
from bot.roles import EVERY_ROLE, Role
from bot.sender import Sender, Sending
from storage import inbox, outbox, timers
from storage.database import Database
from storage.files import Store

log = structlog.get_logger(__name__)

_RESTART = Steps(1, 30)
_MEDIA_LOOK_EVERY = 0.02
_STIR_AGAIN = 0.25  # seconds; `settled` wakes everybody again when nobody has stirred for so long
STOP_WITHIN = 3.5  # seconds that what is under way gets to end
_CLOSE_WITHIN = 0.5  # seconds for a database that may not answer any more


class Part(Protocol):
    """A part of the engine: made ready before each run, and told to stop when its lease is lost or the engine stops."""

    def ready(self) -> None: ...
    async def run(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Place:
    """A part, and the lease under which alone it may work."""

    name: str
    part: Part
    lease: Lease


async def _first(*waits: Awaitable[object]) -> None:
    """Return when one of them is done; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _until_lost(place: _Place) -> None:
    """Run a part until it ends or its lease is lost; then it may finish what it has in hand."""
    running = asyncio.create_task(place.part.run(), name=place.name)
    try:
        await _first(asyncio.wait([running]), place.lease.lost())
        if not running.done():
            place.part.stop()
            await asyncio.wait([running], timeout=STOP_WITHIN)
    finally:
        running.cancel()
        await asyncio.wait([running])
    if not running.cancelled():
        running.result()


class Engine:
    """The bot at work on one database, for any number of messengers; all of it, or some of its roles."""

    def __init__(
        self,
        database: Database,
        clients: Mapping[str, Client],
        house: House,
        files: Store,
        *,
        roles: Collection[Role] = EVERY_ROLE,
        delivered: Collection[str] = (),
        clock: Clock | None = None,
        polling: Polling | None = None,
        dispatching: Dispatching | None = None,
        sending: Sending | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.database, self.clients, self.house, self.roles = database, clients, house, frozenset(roles)
        self.clock = clock or Clock()
        self.health = Health(self.clock)
        self.bell = Bell()
        some_elsewhere = not self.roles >= {Role.RECEIVER, Role.WORKER, Role.SENDER}
        self.keeper = keeper(database, self.bell, self.clock, some_elsewhere=some_elsewhere, pace=pace)
        self._stirred = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self._media_wake: asyncio.TimerHandle | None = None
        self.receivers: dict[str, Receiver] = {}
        self.senders: dict[str, Sender] = {}
        self._places: list[_Place] = []
        if Role.RECEIVER in self.roles:
            self._add_receivers(polling, delivered)
        if Role.SENDER in self.roles:
            self._add_senders(files, sending)
        if Role.WORKER in self.roles:
            self._add_worker(files, dispatching)

    def _add_receivers(self, polling: Polling | None, delivered: Collection[str]) -> None:
        """Poll the messengers, but not those that deliver: bot/web.py looks after them."""
        for name, client in self.clients.items():
            if name in delivered:
                continue
            lease = self.keeper.lease(f"{name} receiver")
            receiver = Receiver(
                client,
                self.database,
                self.clock,
                self.health,
                self._arrived,
                polling,
                lease,
                messengers=self.clients,
            )
            self.receivers[name] = receiver
            self.add(f"{name} receiver", receiver, lease)

    def _add_senders(self, files: Store, sending: Sending | None) -> None:
        for name, client in self.clients.items():
            sender = Sender(
                client,
                self.database,
                files,
                self.house,
                self.clock,
                self.health,
                sending,
                lease=self.keeper.lease(f"{name} sender"),
                rested=self._stirred.set,
            )
            self.senders[name] = sender
            self.bell.call(Queue.OUTBOX, sender.wake)
            self.add(f"{name} sender", sender, sender.lease)

    def _add_worker(self, files: Store, dispatching: Dispatching | None) -> None:
        lease, stirred = self.keeper.worker(), self._stirred.set
        self.dispatcher = Dispatcher(
            self.clients,
            self.database,
            self.house,
            self.clock,
            self.health,
            self._something_was_written,
            dispatching,
            lease=lease,
            share=self.keeper.share,
            rested=stirred,
        )
        self.clockwork = Clockwork(
            self.database, self.house, self.clock, self.health, self._something_was_written, rested=stirred
        )
        self.media_worker = MediaWorker(
            self.database, self.clients, files, self.house, self.clock, committed=self._said, rested=stirred
        )
        self.bell.call(Queue.INBOX, self.dispatcher.wake)
        self.bell.call(Queue.MEDIA, self.media_worker.wake)
        self.add("dispatcher", self.dispatcher, lease)
        self.add("clockwork", self.clockwork, lease)
        self.add("media worker", self.media_worker, self.keeper.lease("media"))

    def add(self, name: str, part: Part, lease: Lease) -> None:
        """Let a part work whenever the lease is held here; to be called before `start`."""
        self._places.append(_Place(name, part, lease))

    async def claim(self) -> None:
        """Make sure that nobody else works on a SQLite file; raises bot.leases.AlreadyRunning."""
        await self.keeper.open()

    async def start(self) -> None:
        """Open the connections and set everything going; returns at once, messengers may be away.

        Raises bot.leases.AlreadyRunning.
        """
        await self.claim()
        for client in self.clients.values():
            await client.open()
        self._keeping = asyncio.create_task(self._keep_leases(), name="leases")
        self._tasks = [asyncio.create_task(self._keep_running(place), name=place.name) for place in self._places]

    async def stop(self) -> None:
        """End gracefully in less than five seconds: what is under way is finished, the rest waits in the database."""
        self._stopping.set()
        for place in self._places:
            place.part.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_WITHIN)
            for task in late:
                log.warning("not finished in time", part=task.get_name())
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        for client in self.clients.values():
            await client.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self.keeper.close()
        await self.database.close(_CLOSE_WITHIN)

    async def settled(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Return when nothing is left to do now: no update unread, unhandled, no answer unsent, no timer or file due.

        Raises TimeoutError. For tests, of an engine that has every role; updates given to the messenger before the call
        are waited for.
        """
        async with asyncio.timeout(timeout):
            await asyncio.gather(*(receiver.look() for receiver in self.receivers.values()))
            self._wake_everybody()
            while True:
                self._stirred.clear()
                if self._resting() and await self._nothing_due():
                    return
                try:
                    async with asyncio.timeout(_STIR_AGAIN):
                        await self._stirred.wait()
                except TimeoutError:
                    self._wake_everybody()

    def _resting(self) -> bool:
        at_rest = [self.dispatcher.resting, self.clockwork.resting]
        return all([*at_rest, *(sender.resting for sender in self.senders.values())])

    def _wake_everybody(self) -> None:
        self.dispatcher.wake()
        self.clockwork.wake()
        self.media_worker.wake()
        for sender in self.senders.values():
            sender.wake()

    async def _nothing_due(self) -> bool:
        now = self.clock.now()
        if not await self.media_worker.idle():
            self.media_worker.wake()
            return False
        async with self.database.read() as tx:
            left = await inbox.waiting_count(tx) + await inbox.held_count(tx) + await outbox.due_count(tx, now)
            return left == 0 and not await timers.due(tx, now, 1)

    def _arrived(self) -> None:
        self.bell.ring(Queue.INBOX)

    def _said(self) -> None:
        self.bell.ring(Queue.OUTBOX)

    def _something_was_written(self) -> None:
        """Wake those who act on rows that handlers write."""
        self._said()
        if self._media_wake is None:  # at most every so often: few updates bring a file
            self._media_wake = asyncio.get_running_loop().call_later(_MEDIA_LOOK_EVERY, self._media_may_wait)

    def _media_may_wait(self) -> None:
        self._media_wake = None
        self.bell.ring(Queue.MEDIA)

    async def _keep_leases(self) -> None:
        """Hold leases for as long as the engine runs, whatever happens to the keeper."""
        backoff = Backoff()
        while True:
            try:
                await self.keeper.run()
            except Exception:
                log.exception("leases failed and are started again")
                await asyncio.sleep(backoff.failed(_RESTART))

    async def _keep_running(self, place: _Place) -> None:
        """Run a part while its lease is held; again when it ends by a mistake of ours: nothing stops for good."""
        backoff = Backoff()
        while not self._stopping.is_set():
            await _first(place.lease.gained(), self._stopping.wait())
            if self._stopping.is_set():
                return
            place.part.ready()
            try:
                await _until_lost(place)
            except Exception:
                log.exception("a part of the engine failed and is started again", part=place.name)
                await asyncio.sleep(backoff.failed(_RESTART))
