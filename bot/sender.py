"""Sends one bot's outbox: replies before pushes before notices, each chat in its order, never faster than allowed.

Sending is at least once: a row is marked as in flight before its call and as sent after it, so what was in flight at a
kill, and a call that ended without an answer, is repeated.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.backoff import Backoff, Steps
from bot.clock import Clock
from bot.flight import Outcome, broken_off, fly
from bot.health import Health
from bot.house import House
from bot.leases import Lease, lasting
from bot.limits import Limits
from bot.messengers.client import Client, Progress
from bot.messengers.failures import CallFailed, Failure
from bot.settling import Settler, rests_until
from domain.messages import Priority
from storage import media, sending
from storage.database import Database, Transaction
from storage.files import Store
from storage.media import MediaFile
from storage.passing import is_passing

log = structlog.get_logger(__name__)

_PAUSES: dict[Failure, tuple[int, Steps]] = {  # after so many in a row the whole bot pauses
    Failure.UNAUTHORISED: (1, Steps(5, 300)),
    Failure.CONFLICT: (1, Steps(2, 60)),
    Failure.SERVER: (3, Steps(0.5, 30)),
    Failure.NETWORK: (3, Steps(0.5, 30)),
}
_OUR_FAULT = Steps(0.5, 15)
_LAST_WORDS = 0.5  # seconds; a stop as a whole has to end in less than five


@dataclass(frozen=True, slots=True)
class Sending:
    """How a sender works; times in seconds."""

    at_once: int = 32  # calls under way
    notices_at_once: int = 24  # of them at most so many when notices are among them: a reply finds a free place
    slow_poll: float = 2.0  # finds what other processes put into the outbox
    groups_every: float = 60.0
    look_again: float = 0.25  # at a message whose picture is still being checked
    files_may_take: timedelta = timedelta(minutes=1)


def _files_in(row: sending.Waiting) -> set[int]:
    return {picture["media"] for picture in row.message.get("pictures", ())}


def _messages_in(row: sending.Waiting) -> int:
    """Count what a row is for the limits: its pictures, a place, and the text unless it stands under a picture."""
    pictures, pin = len(row.message.get("pictures") or ()), bool(row.message.get("pin"))
    words = pictures != 1 and bool(row.message.get("text") or row.message.get("buttons"))
    return max(1, pictures + pin + words)


class Sender:
    """Sends until it is stopped, whatever the messenger or the database does."""

    def __init__(
        self,
        client: Client,
        database: Database,
        files: Store,
        house: House,
        clock: Clock,
        health: Health,
        how: Sending | None = None,
        *,
        lease: Lease | None = None,
        rested: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = client.messenger.name
        self._client, self._database, self._files = client, database, files
        self._clock, self._health, self._how = clock, health, how or Sending()
        self._part = f"{self.name} sender"
        self.lease = lease or lasting()
        self._settler = Settler(self.name, house)
        self._settler.token = self.lease.token
        client.fence = self.lease.check
        self.limits = Limits(client.messenger, self._is_group)
        self._backoff, self._own_backoff = Backoff(), Backoff()
        self._failed_at = float("-inf")  # when the failure came that was counted last
        self._wakened = asyncio.Event()
        self._rested = rested
        self._waiting = False
        self._stopping = False
        self._in_flight: dict[int, int] = {}  # chat → row whose call is under way or not yet settled
        self._outcomes: list[Outcome] = []
        self._looked_at: dict[int, float] = {}  # when chats are looked at again whose next message may not leave yet
        self._resting: dict[int, datetime] = {}  # chats whose next row failed, and until when they wait
        self._groups: set[int] = set()
        self._groups_at: float | None = None
        self._recovered = False
        self._more = False  # there were rows beyond those claimed last

    def ready(self) -> None:
        """Make ready to run, also after a stop: another may have sent meanwhile."""
        self._stopping = self._recovered = False
        self._settler.token = self.lease.token
        self._in_flight.clear()
        self._outcomes.clear()
        self._wakened.set()

    async def run(self) -> None:
        """Send until `stop`; calls under way are then waited for, and each is settled as it ends.

        Cancelled while some still hang, only they stay claimed: they are sent again.
        """
        try:
            async with asyncio.TaskGroup() as flights:
                while self._in_flight or not self._stopping:
                    await self._wait(await self._safely(flights))
        finally:
            if self._outcomes:
                await asyncio.shield(self._settle_the_rest())

    def wake(self) -> None:
        """Look into the outbox now."""
        self._wakened.set()

    def stop(self) -> None:
        """Claim nothing more and return when the calls under way have ended."""
        self._stopping = True
        self._wakened.set()

    @property
    def resting(self) -> bool:
        """Whether no call is under way or unsettled, and nothing is left that may leave now."""
        return self._waiting and not (self._wakened.is_set() or self._in_flight or self._outcomes)

    async def _wait(self, seconds: float) -> None:
        self._waiting = True
        if self.resting:
            self._rested()
        try:
            async with asyncio.timeout(seconds):
                await self._wakened.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting = False

    async def _safely(self, flights: asyncio.TaskGroup) -> float:
        try:
            seconds = await self._cycle(flights)
        except Exception as error:
            if self._health.mark(f"{self._part} storage", type(error).__name__):
                log.exception("the sender met a fault", part=self._part)
            self._wakened.clear()
            self._recovered = False  # rows may have been claimed by a commit whose answer was lost
            return self._own_backoff.failed(_OUR_FAULT)
        self._own_backoff.worked()
        self._health.mark(f"{self._part} storage")
        return seconds

    async def _settle_the_rest(self) -> None:
        """Write, in a short time or not at all, what ended before the run did: unwritten it would be sent again."""
        try:
            async with asyncio.timeout(_LAST_WORDS):
                await self._settle_all(self._outcomes, self._clock.now())
        except Exception as error:
            problem, ended = type(error).__name__, len(self._outcomes)
            log.warning("ends of calls were not written", part=self._part, error=problem, messages=ended)

    async def _settle_all(self, ended: list[Outcome], now: datetime) -> None:
        try:
            async with self._database.write() as tx:
                await self._settler.settle(tx, ended, now)
        except Exception as error:
            if is_passing(error):
                raise
            await self._settler.settle_each(self._database, ended, now)

    async def _cycle(self, flights: asyncio.TaskGroup) -> float:
        """Settle what ended and claim what may leave, in one transaction; return how long there is nothing to do."""
        loop = asyncio.get_running_loop()
        woken = self._wakened.is_set() or self._more
        self._wakened.clear()
        await self._prepare(loop.time())
        free = self._free(loop.time())
        if not self._outcomes and (free == 0 or not (woken or await self._anything())):
            return self._until_next(loop.time())
        ended = list(self._outcomes)
        rows, files = await self._settle_and_claim(ended, free)
        for row in rows:
            self._in_flight[row.chat_id] = row.id
            self.limits.took(row.chat_id, loop.time(), _messages_in(row))
            flights.create_task(self._fly(row, files), name=f"outbox {row.id}")
        return 0 if self._more and self._free(loop.time()) else self._until_next(loop.time())

    async def _settle_and_claim(
        self, ended: list[Outcome], free: int
    ) -> tuple[list[sending.Waiting], Mapping[int, MediaFile]]:
        now = self._clock.now()
        try:
            async with self._database.write() as tx:
                await self._settler.settle(tx, ended, now)
                self._note_rests(ended, now)
                rows, files, self._more = await self._claim(tx, free, {one.row.chat_id for one in ended}, now)
        except Exception as error:
            if ended and not is_passing(error):  # one that can never be written would hold up everybody for ever
                await self._settler.settle_each(self._database, ended, now)
                self._forget(ended)
            raise
        self._forget(ended)
        return rows, files

    def _forget(self, ended: list[Outcome]) -> None:
        del self._outcomes[: len(ended)]
        for one in ended:
            del self._in_flight[one.row.chat_id]

    async def _prepare(self, now: float) -> None:
        if not self._recovered and self.lease.valid:
            async with self._database.write() as tx:
                repeated = await sending.recover(tx, self.name, self._settler.token, besides=self._in_flight.values())
                self._resting = await sending.resting(tx, self.name, self._clock.now())
            self._recovered = True
            if repeated:
                log.info("messages in flight at a kill may be sent twice", part=self._part, messages=repeated)
        if self._groups_at is None or now - self._groups_at >= self._how.groups_every:
            async with self._database.read() as tx:
                self._groups = await sending.group_chats(tx, self.name)
            self._groups_at = now

    def _is_group(self, chat: int) -> bool:
        return chat in self._groups or self._client.messenger.is_group(chat)

    def _free(self, now: float) -> int:
        if self._stopping or not self.lease.valid:
            return 0
        return min(self.limits.free(now), self._how.at_once - len(self._in_flight))

    def _up_to(self, now: float) -> int:
        calm = self.limits.notices_may_leave(now) and len(self._in_flight) < self._how.notices_at_once
        return Priority.NOTICE if calm else Priority.PUSH

    def _held(self, settled: set[int], now: datetime) -> set[int]:
        """Name the chats that may not be sent to; `now` is the moment by which rows are looked up.

        By a later one a chat would no longer rest while its next row still does, and the row after that would leave.
        """
        limited = self.limits.held_until(asyncio.get_running_loop().time())
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        return (
            (self._in_flight.keys() - settled) | limited.keys() | self._resting.keys() | self._looked_at_later().keys()
        )

    def _looked_at_later(self) -> dict[int, float]:
        now = asyncio.get_running_loop().time()
        self._looked_at = {chat: until for chat, until in self._looked_at.items() if until > now}
        return self._looked_at

    async def _anything(self) -> bool:
        """Say whether anything may leave, without the price of a writing transaction."""
        async with self._database.read() as tx:
            rows, _ = await self._heads(tx, 1, set(), self._clock.now())
        return bool(rows)

    async def _heads(
        self, tx: Transaction, limit: int, settled: set[int], now: datetime
    ) -> tuple[list[sending.Waiting], bool]:
        up_to = self._up_to(asyncio.get_running_loop().time())
        return await sending.heads(tx, self.name, held=self._held(settled, now), up_to=up_to, limit=limit, now=now)

    async def _claim(
        self, tx: Transaction, free: int, settled: set[int], now: datetime
    ) -> tuple[list[sending.Waiting], Mapping[int, MediaFile], bool]:
        if free == 0 or self._stopping:  # it may have come while the ends were written
            return [], {}, True
        rows, more = await self._heads(tx, free + 4, settled, now)
        leaving: list[sending.Waiting] = []
        for row in rows:
            if row.claim is not None:  # it was in flight at another sender: that one's end is not known to us yet
                self._recovered = self._recovered and row.claim > self._settler.token
            elif row.target is not None and row.target.state != "sent":
                await sending.cancel(tx, row.id, f"what it edits is {row.target.state}")
            elif len(leaving) < free:
                leaving.append(row)
        leaving = self._with_room(await self._with_checked_files(tx, leaving, now))
        if leaving:
            free_still = await sending.claim(tx, [row.id for row in leaving], now, self._settler.token)
            leaving = [row for row in leaving if row.id in free_still]
        return leaving, await self._media_of(tx, leaving), more or len(rows) > len(leaving)

    async def _with_checked_files(
        self, tx: Transaction, rows: list[sending.Waiting], now: datetime
    ) -> list[sending.Waiting]:
        """Let chats wait whose next message shows a file still being checked: it may name a home, or be no picture.

        After `files_may_take` the message leaves without it.
        """
        young = [row for row in rows if now - row.created_at < self._how.files_may_take]
        shown = {row.id: _files_in(row) for row in young}
        unchecked = await media.unchecked(tx, set().union(*shown.values())) if any(shown.values()) else set()
        waiting = {row.chat_id for row in young if shown[row.id] & unchecked}
        self._looked_at |= dict.fromkeys(waiting, asyncio.get_running_loop().time() + self._how.look_again)
        return [row for row in rows if row.chat_id not in waiting]

    def _with_room(self, rows: list[sending.Waiting]) -> list[sending.Waiting]:
        """Let chats wait whose next message is an album for which there is no room yet."""
        now = asyncio.get_running_loop().time()
        room_at = {row.chat_id: self.limits.room_at(row.chat_id, _messages_in(row)) for row in rows}
        self._looked_at |= {chat: at for chat, at in room_at.items() if at > now}
        return [row for row in rows if room_at[row.chat_id] <= now]

    async def _media_of(self, tx: Transaction, rows: list[sending.Waiting]) -> Mapping[int, MediaFile]:
        wanted = {number for row in rows for number in _files_in(row)}
        return await media.copies(tx, wanted, self.name, self._files) if wanted else {}

    async def _fly(self, row: sending.Waiting, files: Mapping[int, MediaFile]) -> None:
        begun, so_far = asyncio.get_running_loop().time(), Progress(row.parts_sent)
        try:
            outcome = await fly(self._client, row, files, so_far)
        except asyncio.CancelledError:
            unfinished = broken_off(row, so_far)
            self._outcomes += [unfinished] if unfinished else []
            raise
        self._react(outcome.failure, begun)
        self._outcomes.append(outcome)
        self._wakened.set()

    def _react(self, failure: CallFailed | None, begun: float) -> None:
        """Let the whole bot feel what concerns it as a whole; `begun` is when the call was."""
        now = asyncio.get_running_loop().time()
        if failure is not None and failure.kind == Failure.RATE:
            seconds = self.limits.refused(failure.retry_after, now)
            self._health.mark(self._part, failure.kind, f"pausing {seconds:.1f} s")
        elif failure is not None and failure.kind in _PAUSES:
            if begun < self._failed_at:
                return  # one of many calls that the same trouble broke off: it is counted once
            self._failed_at = now
            allowed, steps = _PAUSES[failure.kind]
            seconds = self._backoff.failed(steps)
            if self._backoff.failures >= allowed:
                self.limits.pause(seconds, now)
                self._health.mark(self._part, failure.kind, str(failure))
        else:
            self._backoff.worked()
            self._health.mark(self._part)

    def _note_rests(self, ended: list[Outcome], now: datetime) -> None:
        for outcome in ended:
            until = rests_until(outcome, now)
            if until is not None:
                self._resting[outcome.row.chat_id] = until

    def _until_next(self, now: float) -> float:
        """Return the seconds until something may leave that may not leave now."""
        if len(self._in_flight) >= self._how.at_once:
            return self._how.slow_poll
        moments = [self.limits.free_at(), *self.limits.held_until(now).values(), *self._looked_at_later().values()]
        rests = (until - self._clock.now() for until in self._resting.values())
        waits = [moment - now for moment in moments] + [rest / timedelta(seconds=1) for rest in rests]
        return min([self._how.slow_poll, *(wait for wait in waits if wait > 0)])
