"""Long polling of one bot: updates go to the inbox as they are, and only what is committed there gets confirmed."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

import structlog

from bot.arrivals import NO_NUMBER, arrival, unreadable
from bot.backoff import Backoff, Steps
from bot.clock import Clock
from bot.health import OK, Health
from bot.leases import Lease, lasting
from bot.messengers.client import Client
from bot.messengers.decoding import Undecodable
from bot.messengers.failures import CallFailed, Failure
from bot.problems import describe
from storage import inbox, receivers
from storage.database import Database
from storage.inbox import Arrival
from storage.passing import is_passing
from storage.told import is_databases

log = structlog.get_logger(__name__)

_WAITS: dict[str, Steps] = {
    Failure.UNAUTHORISED: Steps(5, 300),
    Failure.CONFLICT: Steps(2, 30),
    Failure.SERVER: Steps(1, 30),
    Failure.NETWORK: Steps(1, 30),
    Failure.RATE: Steps(2, 60),
    "fault": Steps(1, 30),  # our own trouble: the database, or a mistake in this file
    "stuck": Steps(1, 30),  # the messenger repeats what cannot be confirmed
    "full": Steps(0.2, 2),  # the inbox is: updates stay safe at the messenger meanwhile
}
_OTHER = Steps(5, 60)
_SURE_AFTER = 3  # answers in a row: one that was cut on its way cannot be decoded either
_LEASE_LOOK = 0.2  # seconds until it is asked again whether the lease is renewed


@dataclass(frozen=True, slots=True)
class Polling:
    """How a receiver polls; times in seconds."""

    seconds: float = 25
    limit: int = 100
    inbox_bound: int = 10_000  # waiting updates beyond which it pauses
    afresh: float = 600  # how long an offset is trusted where the messenger repeats what was confirmed
    wait_factor: float = 1.0  # tests shorten all waits with it


class _Offsets:
    """Which offset to poll with.

    An offset is sent to confirm a stored batch and not otherwise: without one the messenger shows everything that is
    unconfirmed, so numbers that began again from a lower one are seen and not taken for confirmed. A messenger that
    then repeats what was confirmed already gets the offset every time, but for one look without it now and then.
    """

    def __init__(self, afresh: float) -> None:
        self._afresh = afresh
        self._confirm: int | None = None
        self._known: int | None = None
        self._confirmed = False  # nothing that we know of is unconfirmed
        self._repeats_until: float | None = None

    def current(self, now: float) -> int | None:
        if self._confirm is not None:
            return self._confirm
        if self._repeats_until is not None and now < self._repeats_until:
            return self._known
        return None

    def empty(self) -> None:
        self._confirm, self._confirmed = None, True

    def stored(self, last: int | None, new: int, asked: int | None, now: float) -> bool:
        """Note a stored batch and its last number; False when nothing moved on, so that polling at once would spin."""
        if asked is None and new == 0 and self._confirmed:
            self._repeats_until = now + self._afresh
            self._afresh = min(self._afresh * 2, 6 * 3600)
        self._confirmed = False
        if last is None:
            return new > 0
        moved = self._confirm != last + 1
        self._confirm = self._known = last + 1
        return moved or new > 0


def _is_contents(error: Exception) -> bool:
    """Say whether what was to be stored is to blame: ValueError and OverflowError are a driver's."""
    return not is_passing(error) and (is_databases(error) or isinstance(error, (ValueError, OverflowError)))


class Receiver:
    """Polls until it is stopped, whatever the messenger or the database does."""

    def __init__(
        self,
        client: Client,
        database: Database,
        clock: Clock,
        health: Health,
        arrived: Callable[[], None],
        polling: Polling | None = None,
        lease: Lease | None = None,
        *,
        messengers: Collection[str] = (),
    ) -> None:
        """`messengers`: all that are configured; what waits of them counts towards the bound."""
        self.name = client.messenger.name
        self._client, self._database, self._clock, self._health = client, database, clock, health
        self._arrived, self._polling = arrived, polling or Polling()
        self._messengers = {self.name, *messengers}
        self.lease = lease or lasting()
        self._part = f"{self.name} receiver"
        self._offsets = _Offsets(self._polling.afresh)
        self._backoff = Backoff()
        self._webhook_gone = False
        self._singly = 0  # so many polls still ask for one update, for among them is one that cannot be decoded
        self._undecodable = (NO_NUMBER, 0)  # which it is, and how often it came
        self._room = 0  # so many updates may come before the inbox is counted again
        self._stopping = False
        self._patience: asyncio.Timeout | None = None  # of the poll or rest under way
        self._looks: list[asyncio.Future[None]] = []  # who waits for a poll that finds nothing

    def ready(self) -> None:
        """Make ready to run, also after a stop: another may have received meanwhile."""
        self._stopping = self._webhook_gone = False
        self._offsets = _Offsets(self._polling.afresh)

    async def run(self) -> None:
        """Receive until `stop`."""
        while not self._stopping:
            try:
                await self._round()
            except CallFailed as failure:
                await self._failed(failure.kind, str(failure), failure.retry_after)
            except Exception as error:
                if self._health.state(self._part) != "fault":
                    log.exception("the receiver met a fault", part=self._part)
                await self._failed("fault", type(error).__name__)

    def stop(self) -> None:
        """End the poll under way; a batch being stored is still stored."""
        self._stopping = True
        self._interrupt()

    async def look(self) -> None:
        """Return when a poll that began after this call has found nothing more to receive."""
        look: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._looks.append(look)
        self._interrupt()
        await look

    async def _round(self) -> None:
        if not self.lease.valid:
            await self._rest(_LEASE_LOOK)
            return
        if not self._webhook_gone:
            await self._client.delete_webhook()
            self._webhook_gone = True
        if await self._is_full():
            await self._failed("full", "the inbox is full")
            return
        asked = self._offsets.current(asyncio.get_running_loop().time())
        looks = list(self._looks)
        if self._stopping or not self.lease.valid:
            return
        batch = await self._poll(asked, 0 if looks else self._polling.seconds)
        if batch is None:
            return
        if batch:
            await self._keep(batch, asked)
            return
        self._offsets.empty()
        await self._well()
        self._found_nothing(looks)

    async def _poll(self, asked: int | None, seconds: float) -> list[Arrival] | None:
        """Return a batch, None when the poll was interrupted."""
        limit = 1 if self._singly else self._polling.limit
        try:
            async with asyncio.timeout(None) as self._patience:
                batch = await self._client.updates(asked, seconds, limit)
        except TimeoutError:
            return None
        except Undecodable as undecodable:
            return [self._stepped_over(undecodable)]
        finally:
            self._patience = None
        self._singly = max(self._singly - 1, 0) if batch else 0
        return [arrival(self.name, raw) for raw in batch]

    def _stepped_over(self, undecodable: Undecodable) -> Arrival:
        """Return what stands in for an update once it is sure which one cannot be decoded; raises CallFailed before."""
        number, times = undecodable.numbers[0], 1
        if self._singly and self._undecodable[0] == number:
            times += self._undecodable[1]
        self._undecodable = (number, times) if self._singly else (NO_NUMBER, 0)
        if not self._singly or times < _SURE_AFTER:
            self._singly = self._polling.limit
            raise CallFailed(Failure.SERVER, str(undecodable))
        self._singly = 0
        log.error("an update cannot be decoded and is stepped over", part=self._part, update=number)
        return unreadable(self.name, number)

    async def _keep(self, batch: list[Arrival], asked: int | None) -> None:
        self._room -= len(batch)
        numbers = [one.update_id for one in batch if one.update_id != NO_NUMBER]
        last = numbers[-1] if numbers else None
        try:
            new = await self._store(batch, last)
        except Exception as error:
            if not _is_contents(error):
                raise
            new = await self._store_singly(batch, last)
        if new:
            self._arrived()
        if self._offsets.stored(last, new, asked, asyncio.get_running_loop().time()):
            await self._well()
        else:
            await self._failed("stuck", "the messenger repeats updates that cannot be confirmed")

    async def _store(self, batch: list[Arrival], last: int | None) -> int:
        now = self._clock.now()
        async with self._database.write() as tx:
            new = await inbox.receive(tx, self.name, batch, now)
            if last is not None:
                await receivers.moved(tx, self.name, last + 1, now, self.lease.fence)
        return new

    async def _store_singly(self, batch: list[Arrival], last: int | None) -> int:
        """Store what the database takes, and of what it refuses the number: else all would come again for ever."""
        new = 0
        for one in batch:
            try:
                new += await self._store([one], None)
            except Exception as error:
                if not _is_contents(error):
                    raise
                log.error("an update cannot be stored", part=self._part, update=one.update_id, why=describe(error))
                new += await self._store([unreadable(self.name, one.update_id)], None)
        await self._store([], last)
        return new

    async def _is_full(self) -> bool:
        bound = self._client.messenger.inbox_bound(self._polling.inbox_bound)
        if self._health.state(self._part) == "full":
            bound //= 2  # goes on when there is room for a while, not for one update
        elif self._room > 0:
            return False
        async with self._database.read() as tx:
            room = await inbox.room(tx, bound, self._messengers)
        self._room = room // 2  # others may take in as well, so it is counted again long before it is full
        return room <= 0

    def _found_nothing(self, looks: list[asyncio.Future[None]]) -> None:
        for look in looks:
            self._looks.remove(look)
            if not look.done():
                look.set_result(None)

    async def _well(self) -> None:
        self._backoff.worked()
        if self._health.mark(self._part):
            await self._store_health(OK)

    async def _failed(self, state: str, detail: str, retry_after: float | None = None) -> None:
        if state == Failure.CONFLICT:
            self._webhook_gone = False  # a webhook set meanwhile is answered with a conflict as well
        if self._health.mark(self._part, state, detail):
            await self._store_health(state)
        seconds = self._backoff.failed(_WAITS.get(state, _OTHER))
        await self._rest(max(seconds, retry_after or 0) * self._polling.wait_factor)

    async def _store_health(self, state: str) -> None:
        try:
            async with self._database.write() as tx:
                await receivers.mark_health(tx, self.name, state, self._clock.now())
        except Exception as error:
            log.warning("health could not be stored", part=self._part, error=type(error).__name__)

    async def _rest(self, seconds: float) -> None:
        if self._stopping:
            return
        try:
            async with asyncio.timeout(seconds) as self._patience:
                await asyncio.get_running_loop().create_future()
        except TimeoutError:
            pass
        finally:
            self._patience = None

    def _interrupt(self) -> None:
        patience, self._patience = self._patience, None
        if patience is not None and not patience.expired():  # one that runs out at this moment ends by itself
            patience.reschedule(asyncio.get_running_loop().time())
