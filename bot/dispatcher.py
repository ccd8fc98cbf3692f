"""Takes updates from the inbox to the house: each chat in order, chats in turn, every effect in one transaction."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
import telegram

from bot.backoff import Steps
from bot.clock import Clock
from bot.health import Health
from bot.house import House
from bot.lanes import Lane, Lanes
from bot.leases import Lease, Share, lasting
from bot.messengers.client import Client
from bot.problems import describe
from bot.reading import Reading
from domain import richtext
from domain.messages import Message, Toast
from storage import inbox, outbox
from storage.database import Database, Transaction
from storage.inbox import Waiting
from storage.passing import is_disks, is_passing

log = structlog.get_logger(__name__)

_HICCUP = Steps(0.2, 5)
_TURNED_AWAY = Steps(0.05, 1)
_LEASE_LOOK = 0.2  # seconds until it is asked again whether the lease is renewed
_HICCUPS_AT_MOST = 50  # a "passing" failure that does not pass is the handler's after all
_PART = "dispatcher"


class Unreadable(Exception):
    """An update that cannot be parsed, whatever one does."""


class HandlerFailed(Exception):
    """The house was too slow, or met trouble that is not the database's."""


class _DoneElsewhere(Exception):
    """Somebody else has handled this update: nothing of this try may stay."""


class _NotItsTurn(Exception):
    """Another worker has the lane in hand, or has changed what waits in it."""


@dataclass(frozen=True, slots=True)
class Dispatching:
    """How a dispatcher works; times in seconds."""

    workers: int = 4  # transactions at once
    lanes_at_once: int = 1  # chats whose next updates share a transaction
    share_for: float = 0.05  # a shared transaction takes no further update after so long
    page: int = 500
    slow_poll: float = 2.0  # finds what other processes put into the inbox
    waits: tuple[float, ...] = (1.0, 4.0)  # before the second and the third try of a handler that failed
    patience: float = 30.0  # for one handler
    answers_at_once: int = 32

    @classmethod
    def for_(cls, database: Database) -> "Dispatching":
        """Fit to the database: SQLite has one writer, so there chats share a commit instead of writing in parallel."""
        return cls(workers=1, lanes_at_once=16) if database.is_sqlite else cls()


@dataclass(slots=True)
class _Update:
    """A row in hand, with what was read out of it, once."""

    row: Waiting
    raw: dict[str, Any] = field(default_factory=dict)
    parsed: telegram.Update | None = None
    toast: Toast | None = None
    told: int = -1  # the try whose failure is in the log at length

    @property
    def query(self) -> telegram.CallbackQuery | None:
        return self.parsed.callback_query if self.parsed else None


class Dispatcher:
    """Handles what is in the inbox until it is stopped."""

    def __init__(
        self,
        clients: Mapping[str, Client],
        database: Database,
        house: House,
        clock: Clock,
        health: Health,
        committed: Callable[[], None],
        how: Dispatching | None = None,
        *,
        lease: Lease | None = None,
        share: Share | None = None,
        rested: Callable[[], None] = lambda: None,
    ) -> None:
        self._clients, self._database, self._house = clients, database, house
        self._clock, self._health, self._committed = clock, health, committed
        self._how = how or Dispatching.for_(database)
        self._lease, self._share, self._rested = lease or lasting(), share or Share(), rested
        self._share.call(self._shared_anew)
        self._in_hand: dict[int, _Update] = {}  # read already, for the next try
        self._answering = asyncio.Semaphore(self._how.answers_at_once)
        self.ready()

    def ready(self) -> None:
        """Make ready to run, also after a stop: others may have worked meanwhile."""
        self._lanes = Lanes(lambda name: self._share.has(inbox.shard_of(name)))
        self._reading = Reading(
            self._clients,
            self._database,
            self._clock,
            self._health,
            self._lanes,
            self._share,
            page=self._how.page,
            slow_poll=self._how.slow_poll,
            rested=self._rested,
        )
        self._in_hand.clear()

    def wake(self) -> None:
        """Look into the inbox now."""
        self._reading.wake()

    def stop(self) -> None:
        """Take no further update and return when those in hand are done."""
        self._reading.stop()
        self._lanes.close()

    @property
    def resting(self) -> bool:
        """Whether everything there was to read is handled."""
        return not len(self._lanes) and self._reading.resting

    async def run(self) -> None:
        """Handle updates until `stop`."""
        async with asyncio.TaskGroup() as group:
            for number in range(self._how.workers):
                group.create_task(self._work(group), name=f"dispatcher {number}")
            await self._reading.run()

    def _shared_anew(self) -> None:
        self._reading.afresh()
        self._in_hand = {number: update for number, update in self._in_hand.items() if self._lanes.knows(number)}

    # Handling -------------------------------------------------------------------------------------------------------

    async def _work(self, group: asyncio.TaskGroup) -> None:
        while lanes := await self._lanes.take(self._how.lanes_at_once):
            try:
                await self._together(lanes, group)
            except Exception:
                log.exception("the dispatcher met a fault")
                for lane in lanes:
                    self._give_back_after(lane, _HICCUP.longest)

    async def _together(self, lanes: list[Lane], group: asyncio.TaskGroup) -> None:
        """Handle the next update of each lane in one transaction; after any failure each one by itself."""
        if not self._lease.valid:  # others may have our lanes, and we theirs, once it is known who is there
            for lane in lanes:
                self._give_back_after(lane, _LEASE_LOOK)
            return
        due = [lane for lane in lanes if not self._rests(lane)]
        taken = 0
        if len(due) > 1:
            try:
                taken = await self._commit([self._update(lane) for lane in due])
            except Exception as error:
                log.debug("a shared transaction failed", error=type(error).__name__)
        for lane in due[:taken]:
            self._done(lane, group)
        for lane in due[taken:]:
            if len(due) > 1 and taken:
                self._lanes.give_back(lane)  # the time of the shared transaction was up
            else:
                await self._alone(lane, group)

    def _rests(self, lane: Lane) -> bool:
        """Put a lane aside whose next update may not be tried yet."""
        until = lane.waiting[0].not_before
        if until is None or (rest := (until - self._clock.now()) / timedelta(seconds=1)) <= 0:
            return False
        self._give_back_after(lane, rest)
        return True

    def _update(self, lane: Lane) -> _Update:
        row = lane.waiting[0]
        update = self._in_hand.get(row.id)
        if update is None or update.row is not row:  # read anew meanwhile
            update = self._in_hand[row.id] = _Update(row)
        return update

    async def _commit(self, updates: list[_Update]) -> int:
        """Handle updates in one transaction; return how many it took."""
        loop = asyncio.get_running_loop()
        begun, taken = loop.time(), 0
        async with self._database.write() as tx:
            if not self._share.alone:
                await self._take_turns(tx, updates)
            for update in updates:
                await self._effects(tx, update)
                taken += 1
                if loop.time() - begun > self._how.share_for:
                    break
            if not await inbox.done(tx, [update.row.id for update in updates[:taken]], self._clock.now()):
                raise _DoneElsewhere
        self._committed()
        return taken

    async def _take_turns(self, tx: Transaction, updates: list[_Update]) -> None:
        mine = await inbox.take_turns(tx, [update.row for update in updates])
        if len(mine) < len(updates):
            raise _NotItsTurn

    async def _effects(self, tx: Transaction, update: _Update) -> None:
        now = self._clock.now()
        parsed = self._parsed(update)
        update.toast = None  # what an earlier try wanted to say was rolled back with it
        try:
            async with asyncio.timeout(self._how.patience):
                update.toast = await self._house.handle(tx, update.row.messenger, parsed, now)
        except OSError as error:  # TimeoutError among them; the database's own come wrapped by SQLAlchemy
            raise HandlerFailed(f"{type(error).__name__} {error}") from error
        await self._say_instead(tx, update)

    def _parsed(self, update: _Update) -> telegram.Update:
        if update.parsed is None:
            raw = json.loads(update.row.body)
            if not isinstance(raw, dict):
                raise Unreadable("the update is not an object")
            update.raw = raw
            try:
                update.parsed = self._clients[update.row.messenger].parse(raw)
            except ValueError as error:
                raise Unreadable(str(error)) from error
        return update.parsed

    async def _alone(self, lane: Lane, group: asyncio.TaskGroup) -> None:
        update = self._update(lane)
        try:
            await self._commit([update])
        except _DoneElsewhere:
            update.toast = None
            self._done(lane, group)
        except _NotItsTurn:
            await self._turned_away(lane)
        except Unreadable as error:
            await self._give_up(lane, update, f"unreadable: {describe(error.__cause__ or error)}")
        except Exception as error:
            update.toast = None  # nothing was committed, so nothing may be said to be done
            self._answer(update, group)
            if is_disks(error) or (is_passing(error) and lane.hiccups < _HICCUPS_AT_MOST):
                self._hiccup(lane, error)
            else:
                await self._try_again(lane, update, error)
        else:
            self._done(lane, group)

    def _done(self, lane: Lane, group: asyncio.TaskGroup) -> None:
        update = self._in_hand.pop(lane.waiting[0].id)
        self._health.mark(f"{_PART} storage")
        self._finished(lane)
        self._answer(update, group)

    def _finished(self, lane: Lane) -> None:
        self._lanes.finished(lane)
        self._reading.shrank(lane)
        self._lanes.give_back(lane)
        if not len(self._lanes):
            self._rested()

    async def _turned_away(self, lane: Lane) -> None:
        """Leave a lane to another worker for a moment and see what is left of it."""
        lane.turned_away += 1
        self._in_hand.pop(lane.waiting[0].id, None)
        try:
            await self._reading.look_again(lane)
        except Exception as error:
            self._hiccup(lane, error)
            return
        self._give_back_after(lane, _TURNED_AWAY.after(lane.turned_away) if lane.waiting else 0)

    # Failing --------------------------------------------------------------------------------------------------------

    def _give_back_after(self, lane: Lane, seconds: float) -> None:
        self._lanes.give_back(lane, after=seconds)

    def _hiccup(self, lane: Lane, error: Exception) -> None:
        lane.hiccups += 1
        self._health.mark(f"{_PART} storage", type(error).__name__, describe(error)[:200])
        self._give_back_after(lane, _HICCUP.after(lane.hiccups))

    async def _try_again(self, lane: Lane, update: _Update, error: Exception) -> None:
        row, problem = update.row, describe(error)
        # A try that cannot be counted, because the database is away, comes again and again: at length only once.
        at_length = error if update.told != row.attempts else None
        update.told = row.attempts
        log.error("a handler failed", inbox=row.id, attempt=row.attempts + 1, why=problem, exc_info=at_length)
        if row.attempts >= len(self._how.waits):
            await self._give_up(lane, update, problem)
            return
        until = self._clock.now() + timedelta(seconds=self._how.waits[row.attempts])
        try:
            async with self._database.write() as tx:
                await inbox.put_off(tx, row.id, until, problem)
        except Exception as trouble:
            self._hiccup(lane, trouble)
            return
        row.attempts += 1
        self._give_back_after(lane, self._how.waits[row.attempts - 1])

    async def _give_up(self, lane: Lane, update: _Update, problem: str) -> None:
        """Quarantine the update at a lane's head, with an apology where that is possible."""
        try:
            await self._quarantine(update, problem)
        except Exception as error:
            self._hiccup(lane, error)
            return
        self._in_hand.pop(update.row.id, None)
        self._finished(lane)
        self._committed()

    async def _quarantine(self, update: _Update, problem: str) -> None:
        row, now = update.row, self._clock.now()
        try:
            async with self._database.write() as tx:
                if await inbox.quarantine(tx, row.id, problem, now):
                    await self._house.apologise(tx, row.messenger, update.raw, row.id, problem, now)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("the apology failed as well", inbox=row.id)
            async with self._database.write() as tx:
                await inbox.quarantine(tx, row.id, problem, now)

    # Answering pressed buttons --------------------------------------------------------------------------------------

    async def _say_instead(self, tx: Transaction, update: _Update) -> None:
        """Write the answer of a pressed button as a message where the person's client cannot show it."""
        query, toast = update.query, update.toast
        messenger = self._clients[update.row.messenger].messenger
        if query is None or toast is None or not toast.text or messenger.callback_toast(query.id):
            return
        chat = query.message.chat.id if query.message else query.from_user.id
        words = Message(text=richtext.escape(toast.text))
        await outbox.put(tx, messenger=messenger.name, chat_id=chat, message=words, now=self._clock.now())
        update.toast = None

    def _answer(self, update: _Update, group: asyncio.TaskGroup) -> None:
        """Stop the button's spinner, after the commit and after a failure alike."""
        if update.query is not None:
            group.create_task(self._answer_softly(update.row.messenger, update.query.id, update.toast))

    async def _answer_softly(self, messenger: str, query: str, toast: Toast | None) -> None:
        async with self._answering:
            try:
                words = toast or Toast()
                await self._clients[messenger].answer_callback(query, words.text, words.alert)
            except Exception as error:
                log.debug("a button was not answered", messenger=messenger, error=type(error).__name__)
