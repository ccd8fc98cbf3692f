"""Rings timers when they are due: each in its own transaction, together with its mark, so once and over restarts."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.backoff import Steps
from bot.clock import Clock
from bot.health import Health
from bot.house import House
from bot.problems import describe
from storage import timers
from storage.database import Database
from storage.passing import is_passing

log = structlog.get_logger(__name__)

_PART = "clockwork"
_TRY_AGAIN = Steps(5, 3600)
_TRIES = 8
_HICCUP = Steps(5, 300)

_Ringing = tuple[int, datetime]  # a timer's row and when it is due: moved, it is another


def _ringing(timer: timers.Due) -> _Ringing:
    return timer.id, timer.due_at


class _NotDue(Exception):
    """The timer was moved, cancelled or rung meanwhile."""


class _HouseFailed(Exception):
    """The house met trouble that is not the database's."""


class Clockwork:
    """Looks every `every` seconds for timers that are due."""

    def __init__(
        self,
        database: Database,
        house: House,
        clock: Clock,
        health: Health,
        committed: Callable[[], None],
        *,
        every: float = 1.0,
        page: int = 50,
        rested: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._house, self._clock, self._health = database, house, clock, health
        self._committed, self._every, self._page = committed, every, page
        self._wakened = asyncio.Event()
        self._hiccups: dict[_Ringing, tuple[int, datetime]] = {}  # how often the database failed it, not before
        self._rested = rested
        self._waiting = False
        self._stopping = False

    def ready(self) -> None:
        """Make ready to run, also after a stop."""
        self._stopping = False

    async def run(self) -> None:
        """Ring until `stop`."""
        while not self._stopping:
            try:
                more = await self._round()
            except Exception as error:
                more = False
                if self._health.mark(_PART, type(error).__name__):
                    log.exception("timers could not be looked up")
            else:
                self._health.mark(_PART)
            if not more:
                await self._wait()

    def wake(self) -> None:
        """Look for due timers now."""
        self._wakened.set()

    def stop(self) -> None:
        """Ring nothing more and return."""
        self._stopping = True
        self._wakened.set()

    @property
    def resting(self) -> bool:
        """Whether everything that was due at the last wake has been rung."""
        return self._waiting and not self._wakened.is_set()

    async def _wait(self) -> None:
        self._waiting = True
        if self.resting:
            self._rested()
        try:
            async with asyncio.timeout(self._every):
                await self._wakened.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting = False
            self._wakened.clear()

    async def _round(self) -> bool:
        """Ring what is due; True when there may be more: what rang may have set another timer for now.

        The oldest rings first, so a timer that sets itself again at once stands behind all others that are due. What
        others have in hand is left to them, until the next look.
        """
        now = self._clock.now()
        async with self._database.read() as tx:
            # Those that rest for a hiccup may be the oldest: the page has to reach beyond them.
            due = await timers.due(tx, now, self._page + len(self._hiccups))
        there = {_ringing(timer) for timer in due}
        self._hiccups = {ringing: hiccup for ringing, hiccup in self._hiccups.items() if ringing in there}
        more, passing = False, None
        for timer in due:
            if self._stopping:
                return False
            if self._rests(timer, now):
                continue
            try:
                more |= await self._ring(timer)
            except Exception as error:
                self._hiccup(timer)
                passing = passing or error
        if passing is not None:
            raise passing  # told after all others had their turn
        return more

    def _rests(self, timer: timers.Due, now: datetime) -> bool:
        hiccup = self._hiccups.get(_ringing(timer))
        return hiccup is not None and hiccup[1] > now

    def _hiccup(self, timer: timers.Due) -> None:
        """Put a timer aside, in memory only: the database that failed it could not store that either."""
        times = self._hiccups.get(_ringing(timer), (0, None))[0] + 1
        self._hiccups[_ringing(timer)] = times, self._clock.now() + timedelta(seconds=_HICCUP.after(times))

    async def _ring(self, timer: timers.Due) -> bool:
        """Ring a timer or count its failure; False when it was not ours to ring."""
        try:
            async with self._database.write() as tx:
                if not await timers.done(tx, timer):
                    raise _NotDue
                # Marked before it rings: what it rings may set the same timer again.
                try:
                    await self._house.ring(tx, timer.kind, timer.data, self._clock.now())
                except OSError as error:  # its own; the database's come wrapped by SQLAlchemy
                    raise _HouseFailed(f"{type(error).__name__} {error}") from error
        except _NotDue:
            return False
        except Exception as error:
            if is_passing(error):
                raise
            await self._failed(timer, error)
        else:
            self._committed()
        return True

    async def _failed(self, timer: timers.Due, error: Exception) -> None:
        tries, problem = timer.attempts + 1, describe(error)
        log.error("a timer failed", key=timer.key, kind=timer.kind, attempt=tries, exc_info=error)
        async with self._database.write() as tx:
            if tries >= _TRIES:
                await timers.fail(tx, timer, problem)
            else:
                until = self._clock.now() + timedelta(seconds=_TRY_AGAIN.after(tries))
                await timers.put_off(tx, timer, until, problem)
