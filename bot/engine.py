"""Ties receivers, dispatcher, senders, clockwork and media worker together, and keeps each of them running."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol

import structlog

from bot.backoff import Backoff, Steps
from bot.clock import Clock
from bot.clockwork import Clockwork
from bot.dispatcher import Dispatcher, Dispatching
from bot.health import Health
from bot.house import House
from bot.media_worker import MediaWorker
from bot.messengers.client import Client
from bot.receiver import Polling, Receiver
from bot.sender import Sender, Sending
from storage import inbox, outbox, timers
from storage.database import Database
from storage.files import Files

log = structlog.get_logger(__name__)

_RESTART = Steps(1, 30)
_MEDIA_LOOK_EVERY = 0.02
STOP_WITHIN = 3.5  # seconds that what is under way gets to end


class _Part(Protocol):
    async def run(self) -> None: ...


class _Stoppable(Protocol):
    def stop(self) -> None: ...


class Engine:
    """The bot at work on one database, for any number of messengers."""

    def __init__(
        self,
        database: Database,
        clients: Mapping[str, Client],
        house: House,
        files: Files,
        *,
        clock: Clock | None = None,
        polling: Polling | None = None,
        dispatching: Dispatching | None = None,
        sending: Sending | None = None,
    ) -> None:
        self.database, self.clients, self.house = database, clients, house
        self.clock = clock or Clock()
        self.health = Health(self.clock)
        self.dispatcher = Dispatcher(
            clients, database, house, self.clock, self.health, self._something_was_written, dispatching
        )
        self.receivers = {
            name: Receiver(client, database, self.clock, self.health, self.dispatcher.wake, polling)
            for name, client in clients.items()
        }
        self.senders = {
            name: Sender(client, database, files, house, self.clock, self.health, sending)
            for name, client in clients.items()
        }
        self.clockwork = Clockwork(database, house, self.clock, self.health, self._something_was_written)
        self.media_worker = MediaWorker(database, clients, files, house, self.clock, committed=self._wake_senders)
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._media_wake: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Open the connections and set everything going; returns at once, messengers may be away."""
        for client in self.clients.values():
            await client.open()
        parts: dict[str, _Part] = {"dispatcher": self.dispatcher, "clockwork": self.clockwork}
        parts |= {f"{name} receiver": receiver for name, receiver in self.receivers.items()}
        parts |= {f"{name} sender": sender for name, sender in self.senders.items()}
        parts["media worker"] = self.media_worker
        self._tasks = [asyncio.create_task(self._keep_running(name, part), name=name) for name, part in parts.items()]

    async def stop(self) -> None:
        """End gracefully in less than five seconds: what is under way is finished, the rest waits in the database."""
        self._stopping = True
        parts: list[_Stoppable] = [*self.receivers.values(), self.dispatcher, self.clockwork, *self.senders.values()]
        for part in parts:
            part.stop()
        for task in self._tasks:
            if task.get_name() == "media worker":
                task.cancel()  # it starts its file again next time
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_WITHIN)
            for task in late:
                log.warning("not finished in time", part=task.get_name())
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self.clients.values():
            await client.close()
        await self.database.close()

    async def settled(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Return when nothing is left to do now: no update unread, unhandled, no answer unsent, no timer or file due.

        Raises TimeoutError. For tests; updates given to the messenger before the call are waited for.
        """
        async with asyncio.timeout(timeout):
            while True:
                await asyncio.gather(*(receiver.look() for receiver in self.receivers.values()))
                self.clockwork.wake()
                self._something_was_written()
                if await self._nothing_due():
                    return
                while not await self._nothing_due():
                    await asyncio.sleep(0.01)
                    for sender in self.senders.values():  # a finished file may have left a word for somebody
                        sender.wake()

    async def _nothing_due(self) -> bool:
        parts: Iterable[Dispatcher | Sender] = (self.dispatcher, *self.senders.values())
        if not all(part.idle for part in parts) or not await self.media_worker.idle():
            return False
        now = self.clock.now()
        async with self.database.read() as tx:
            left = await inbox.waiting_count(tx) + await outbox.due_count(tx, now)
            return left == 0 and not await timers.due(tx, now, 1)

    def _something_was_written(self) -> None:
        """Wake those who act on rows that handlers write."""
        self._wake_senders()
        if self._media_wake is None:  # at most every so often: few updates bring a file
            self._media_wake = asyncio.get_running_loop().call_later(_MEDIA_LOOK_EVERY, self._wake_media_worker)

    def _wake_senders(self) -> None:
        for sender in self.senders.values():
            sender.wake()

    def _wake_media_worker(self) -> None:
        self._media_wake = None
        self.media_worker.wake()

    async def _keep_running(self, name: str, part: _Part) -> None:
        """Start a part again when it ends by a mistake of ours; nothing stops for good."""
        backoff = Backoff()
        while not self._stopping:
            try:
                await part.run()
            except Exception:
                log.exception("a part of the engine failed and is started again", part=name)
                await asyncio.sleep(backoff.failed(_RESTART))
