"""From deliveries to the inbox: what arrives together is put in order and committed together, then acknowledged."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import structlog

from bot.arrivals import NO_NUMBER
from bot.clock import Clock
from bot.health import OK, Health
from bot.messengers.record import MESSENGERS
from storage import inbox, receivers
from storage.database import Database
from storage.inbox import Arrival
from storage.passing import is_passing

log = structlog.get_logger(__name__)

_BEGAN_AGAIN = 1000  # a number so far below the highest is no late one: the messenger has begun to count anew
_SHORTEST = 0.01  # seconds of waiting that are not worth it


class Unavailable(Exception):
    """The update could not be stored now: the messenger shall repeat it after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Taking:
    """How deliveries are taken in; times in seconds."""

    inbox_bound: int = 10_000  # waiting updates beyond which no more are taken
    batch: int = 100
    patience: float = 0.25  # for a number that is missing just before those that are there
    answer_within: float = 20.0
    count_every: float = 1.0
    retry_when_full: int = 5
    retry_when_away: int = 2


@dataclass(eq=False, slots=True)
class _Delivery:
    arrival: Arrival
    stored: asyncio.Future[None]


class Intake:
    """Takes one messenger's deliveries; `take` returns once the update is committed."""

    def __init__(
        self,
        messenger: str,
        database: Database,
        clock: Clock,
        health: Health,
        arrived: Callable[[], None],
        how: Taking | None = None,
        *,
        messengers: Collection[str] = (),
    ) -> None:
        """`messengers`: all that are configured; what waits of them counts towards the bound."""
        self.name = messenger
        self.part = f"{messenger} webhook"
        self._messengers = {messenger, *messengers}
        self._database, self._clock, self._health, self._arrived = database, clock, health, arrived
        self._how = how or Taking()
        self._pending: list[_Delivery] = []
        self._changed = asyncio.Event()
        self._stopping = False
        self._highest: int | None = None  # number that was stored
        self._patience = self._how.patience
        self._counted_at: float | None = None

    async def take(self, arrival: Arrival) -> None:
        """Return when the update is in the inbox, or was there before; raises Unavailable."""
        if self._stopping:
            raise Unavailable(self._how.retry_when_away)
        delivery = _Delivery(arrival, asyncio.get_running_loop().create_future())
        self._pending.append(delivery)
        self._changed.set()
        try:
            async with asyncio.timeout(self._how.answer_within):
                await delivery.stored
        except TimeoutError:
            raise Unavailable(self._how.retry_when_away) from None

    def ready(self) -> None:
        """Make ready to run, also after a stop."""
        self._stopping = False

    async def run(self) -> None:
        """Commit what is taken until `stop`; what was taken before that is still committed."""
        while self._pending or not self._stopping:
            if not self._pending:
                self._changed.clear()
                await self._changed.wait()
                continue
            batch = self._in_order() or await self._after_patience()
            taken = set(batch)
            self._pending = [one for one in self._pending if one not in taken]
            await self._keep(batch)

    def stop(self) -> None:
        """Take nothing more; `run` ends when everything is answered."""
        self._stopping = True
        self._changed.set()

    # Order ----------------------------------------------------------------------------------------------------------

    def _sorted(self) -> list[_Delivery]:
        return sorted(self._pending, key=lambda one: one.arrival.update_id)

    def _in_order(self) -> list[_Delivery]:
        """Return what can be stored without leaving a number out, at most a batch."""
        ready: list[_Delivery] = []
        highest = self._highest
        for one in self._sorted()[: self._how.batch]:
            number = one.arrival.update_id
            if highest is not None and number > highest + 1 and self._patience and not self._stopping:
                break
            if number != NO_NUMBER:
                highest = number if highest is None else max(highest, number)
            ready.append(one)
        return ready

    async def _after_patience(self) -> list[_Delivery]:
        """Wait a little for the missing number; then go on without it.

        Where numbers go missing for good (another process takes a part of the deliveries) the waits get shorter until
        there are none; a number that does come late brings them back.
        """
        try:
            async with asyncio.timeout(self._patience):
                while not (ready := self._in_order()):
                    self._changed.clear()
                    await self._changed.wait()
                return ready
        except TimeoutError:
            self._patience = self._patience / 2 if self._patience > _SHORTEST else 0.0
            return self._sorted()[: self._how.batch]

    def _note_numbers(self, batch: Sequence[_Delivery], new: int) -> None:
        numbers = [number for one in batch if (number := one.arrival.update_id) != NO_NUMBER]
        last = numbers[-1] if numbers else None
        if last is None or self._highest is None:
            self._highest = self._highest if last is None else last
            return
        ahead = len({number for number in numbers if number > self._highest})
        if new > ahead:  # some that were stored now are late
            self._patience = self._how.patience
        if last > self._highest or last < self._highest - _BEGAN_AGAIN:
            self._highest = last

    # Storing --------------------------------------------------------------------------------------------------------

    async def _keep(self, batch: list[_Delivery]) -> None:
        try:
            if await self._is_full():
                self._refuse(batch, "full", "the inbox is full", self._how.retry_when_full)
                return
            await self._store(batch)
        except Exception as error:
            if len(batch) > 1 and not is_passing(error):
                for one in batch:  # one that the database will not take must not hold up the others
                    await self._keep([one])
                return
            log.debug("deliveries could not be stored", part=self.part, count=len(batch), error=type(error).__name__)
            self._refuse(batch, "fault", type(error).__name__, self._how.retry_when_away)

    async def _store(self, batch: Sequence[_Delivery]) -> None:
        now = self._clock.now()
        arrivals = [one.arrival for one in batch]
        async with self._database.write() as tx:
            new = await inbox.receive(tx, self.name, arrivals, now)
            if new and arrivals[-1].update_id != NO_NUMBER:
                await receivers.moved(tx, self.name, arrivals[-1].update_id + 1, now)
        self._health.mark(self.part, OK)
        for one in batch:
            if not one.stored.done():
                one.stored.set_result(None)
        self._note_numbers(batch, new)
        if new:
            self._arrived()

    async def _is_full(self) -> bool:
        """Say whether too much waits, as counted a moment ago; once full, there must be room for a while."""
        now = asyncio.get_running_loop().time()
        full = self._health.state(self.part) == "full"
        if self._counted_at is not None and now - self._counted_at < self._how.count_every:
            return full
        async with self._database.read() as tx:
            bound = MESSENGERS[self.name].inbox_bound(self._how.inbox_bound)
            bound = bound // 2 if full else bound
            full = await inbox.is_full(tx, bound, self._messengers)
        self._counted_at = now
        return full

    def _refuse(self, batch: Sequence[_Delivery], state: str, detail: str, retry_after: int) -> None:
        self._health.mark(self.part, state, detail)
        for one in batch:
            if not one.stored.done():
                one.stored.set_exception(Unavailable(retry_after))
