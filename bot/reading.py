"""Keeps a worker's lanes filled from the inbox: what is its share, what was held back, what other workers neglect."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.health import Health
from bot.lanes import Lane, Lanes
from bot.leases import Share
from storage import inbox
from storage.database import Database

log = structlog.get_logger(__name__)

_PART = "dispatcher"
_NEGLECTED_AFTER = timedelta(seconds=3)


class Reading:
    """Reads on when woken, and every `slow_poll` seconds in case that nobody was told."""

    def __init__(
        self,
        messengers: Iterable[str],
        database: Database,
        clock: Clock,
        health: Health,
        lanes: Lanes,
        share: Share,
        *,
        page: int,
        slow_poll: float,
        rested: Callable[[], None],
    ) -> None:
        self._messengers = tuple(messengers)
        self._database, self._clock, self._health = database, clock, health
        self._lanes, self._share, self._rested = lanes, share, rested
        self._page, self._slow_poll = page, slow_poll
        self._read_up_to = dict.fromkeys(self._messengers, 0)
        self._drained: set[str] = set()
        self._wakened = asyncio.Event()
        self._waiting = self._stopping = False

    @property
    def resting(self) -> bool:
        """Whether everything that was there at the last wake has been read."""
        return self._waiting and not self._wakened.is_set()

    async def run(self) -> None:
        """Read until `stop`."""
        while not self._stopping:
            await self._read_safely()
            await self._wait()

    def wake(self) -> None:
        """Look into the inbox now."""
        self._wakened.set()

    def stop(self) -> None:
        """Read nothing more."""
        self._stopping = True
        self._wakened.set()

    def afresh(self) -> None:
        """Read everything again: the share has changed."""
        self._lanes.forget_unwanted()
        self._read_from_the_start()
        self.wake()

    def shrank(self, lane: Lane) -> None:
        """Take note that an update of a lane is done: once it is short, held ones may be let in."""
        if lane.seen >= inbox.LET_IN_BELOW and len(lane.waiting) < inbox.LET_IN_BELOW:
            lane.seen = 0
            self._drained.add(lane.name)
            self.wake()

    async def look_again(self, lane: Lane) -> None:
        """See what really waits in a lane in hand: another worker may have handled some of it."""
        known = {row.id for row in lane.waiting}
        async with self._database.read() as tx:
            rows = await inbox.of_lane(tx, lane.name)
        self._lanes.refresh(lane, rows, known)

    def _read_from_the_start(self) -> None:
        self._read_up_to = dict.fromkeys(self._messengers, 0)

    async def _wait(self) -> None:
        self._waiting = True
        if self.resting:
            self._rested()
        try:
            async with asyncio.timeout(self._slow_poll):
                await self._wakened.wait()
        except TimeoutError:
            self._waiting = False
            await self._look_around()
        finally:
            self._waiting = False
            self._wakened.clear()

    async def _look_around(self) -> None:
        """Find what no wake tells of."""
        if not len(self._lanes):
            self._read_from_the_start()  # what was released from quarantine has an old number
        try:
            async with self._database.read() as tx:
                held = [lane for lane, shard in (await inbox.held_lanes(tx)).items() if self._share.has(shard)]
            self._drained.update(lane for lane in held if self._is_short(lane))
            if not self._share.alone and not len(self._lanes):
                await self._adopt()
        except Exception as error:
            log.debug("the inbox could not be looked around in", error=type(error).__name__)

    def _is_short(self, name: str) -> bool:
        lane = self._lanes.get(name)
        return lane is None or len(lane.waiting) < inbox.LET_IN_BELOW

    async def _adopt(self) -> None:
        """Take in lanes of other workers that have waited for too long, when there is nothing else to do."""
        share = self._share.number, self._share.of
        async with self._database.read() as tx:
            for name in await inbox.neglected(tx, share, self._clock.now() - _NEGLECTED_AFTER):
                self._lanes.adopt(name, await inbox.of_lane(tx, name))

    async def _read_safely(self) -> None:
        try:
            for messenger in self._messengers:
                await self._read(messenger)
            await self._let_in()
        except Exception as error:
            if self._health.mark(_PART, type(error).__name__):
                log.exception("the inbox could not be read")
        else:
            self._health.mark(_PART)

    async def _read(self, messenger: str) -> None:
        full = True
        while full and not self._stopping:
            share, after = (self._share.number, self._share.of), self._read_up_to[messenger]
            async with self._database.read() as tx:
                rows = await inbox.waiting_after(tx, messenger, after, self._page, share)
            if share != (self._share.number, self._share.of):
                return  # it changed meanwhile: everything is read anew
            if rows:
                self._read_up_to[messenger] = rows[-1].id
            self._lanes.add(rows)
            full = len(rows) == self._page

    async def _let_in(self) -> None:
        while self._drained and not self._stopping:
            lane = next(iter(self._drained))
            async with self._database.write() as tx:
                rows = await inbox.let_in(tx, lane)
            self._drained.discard(lane)
            self._lanes.add(rows)
