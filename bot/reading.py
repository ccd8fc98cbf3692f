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
_QUEUE_OF_THE_BUSY = 20  # lanes: who has more to do himself takes none of others' lanes


class Reading:
    """Reads on when woken; every `slow_poll` seconds, woken or not, looks around for what nobody tells of."""

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
        self._look_at = float("-inf")  # by the loop's clock

    @property
    def resting(self) -> bool:
        """Whether everything that was there at the last wake has been read."""
        return self._waiting and not self._wakened.is_set()

    async def run(self) -> None:
        """Read until `stop`."""
        loop = asyncio.get_running_loop()
        while not self._stopping:
            if loop.time() >= self._look_at:
                await self._look_around()
                self._look_at = loop.time() + self._slow_poll
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
            async with asyncio.timeout_at(self._look_at):
                await self._wakened.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting = False
            self._wakened.clear()

    async def _look_around(self) -> None:
        """Find what no wake tells of."""
        try:
            await self._look_for_old_numbers()
            async with self._database.read() as tx:
                held = await inbox.held_lanes(tx)
            self._drained.update(
                lane for lane in held if self._share.has(inbox.shard_of(lane)) and self._is_short(lane)
            )
            if not self._share.alone and self._lanes.standing < _QUEUE_OF_THE_BUSY:
                await self._adopt()
        except Exception as error:
            log.debug("the inbox could not be looked around in", error=type(error).__name__)

    async def _look_for_old_numbers(self) -> None:
        """Find what waits behind the place up to which was read: what was released from quarantine."""
        if not len(self._lanes):
            self._read_from_the_start()
            return
        share = self._share.number, self._share.of
        for messenger, up_to in self._read_up_to.items():
            async with self._database.read() as tx:
                waiting = await inbox.numbers_up_to(tx, messenger, up_to, share)
            # Asked again: most of what is not known here is what was handled a moment ago.
            if unknown := sorted(row for row in waiting if not self._lanes.knows(row))[: self._page]:
                async with self._database.read() as tx:
                    rows = await inbox.of_numbers(tx, unknown)
                if share == (self._share.number, self._share.of):
                    self._lanes.add(rows)

    def _is_short(self, name: str) -> bool:
        lane = self._lanes.get(name)
        return lane is None or len(lane.waiting) < inbox.LET_IN_BELOW

    async def _adopt(self) -> None:
        """Take in lanes of other workers that have waited for too long."""
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
