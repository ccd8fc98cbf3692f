"""What each end of a try means for its outbox row."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.backoff import Steps
from bot.flight import Outcome
from bot.house import House
from bot.messengers.client import Progress
from bot.messengers.failures import CallFailed, Failure
from bot.problems import describe
from storage import media, sending
from storage.database import Database, Transaction
from storage.passing import is_passing

log = structlog.get_logger(__name__)

_TRY_AGAIN = Steps(1, 300)
_NUMBERS = range(2**63)  # what a column takes
GIVEN_UP_AFTER = 150  # tries; with the waits above that is half a day

_PASSING = {
    Failure.SERVER: GIVEN_UP_AFTER,
    Failure.NETWORK: GIVEN_UP_AFTER,
    Failure.STORE: GIVEN_UP_AFTER,
    Failure.NOT_FOUND: 5,  # the chat has to wait meanwhile, and it is hardly ever more than a hiccup on their side
}

_How = Callable[[Transaction, Outcome, CallFailed, datetime], Awaitable[None]]


def rests_until(outcome: Outcome, now: datetime) -> datetime | None:
    """Say until when a row, and with it its chat, has to wait after this end; None when it need not."""
    tries = outcome.row.attempts + 1
    if outcome.failure is None or tries >= _PASSING.get(outcome.failure.kind, 0):
        return None
    return now + timedelta(seconds=_TRY_AGAIN.after(tries))


def _plain(outcome: Outcome, error: Exception) -> Outcome:
    """Leave out what the messenger had to say, so that a row whose end cannot be written has one all the same."""
    bare = replace(outcome, so_far=Progress(outcome.so_far.parts_sent))
    if outcome.gone is not None:
        number = outcome.gone.message_id
        return replace(bare, gone=replace(outcome.gone, message_id=number if number in _NUMBERS else None, remark=None))
    if outcome.failure is not None:  # counted, so that it comes to an end
        return replace(bare, failure=CallFailed(Failure.SERVER, f"its end was not written: {type(error).__name__}"))
    return bare


class Settler:
    """Writes the ends of tries to the outbox of one messenger, in the transaction it is handed."""

    def __init__(self, messenger: str, house: House) -> None:
        self._messenger, self._house = messenger, house
        self.token = 0  # under which the rows were claimed
        self._ways: dict[Failure, _How] = {
            Failure.RATE: self._as_before,
            Failure.CONFLICT: self._as_before,
            Failure.UNAUTHORISED: self._as_before,
            Failure.SERVER: self._later,
            Failure.NETWORK: self._later,
            Failure.STORE: self._later,
            Failure.NOT_FOUND: self._later,
            Failure.MIGRATED: self._moved,
            Failure.UNREACHABLE: self._unreachable,
            Failure.GONE: self._nothing_there,
            Failure.UNCHANGED: self._as_good_as_done,
        }

    async def settle(self, tx: Transaction, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Write all ends; several sent rows share one statement."""
        gone = [outcome.gone for outcome in outcomes if outcome.gone is not None]
        if gone:
            await sending.sent(tx, gone, now, self.token)
        for outcome in outcomes:
            if outcome.withheld:
                await sending.release(tx, outcome.row.id, self.token, outcome.so_far.parts_sent)
            for media_id, file_id in outcome.so_far.file_ids.items():
                await media.learn_copy(tx, media_id, self._messenger, file_id)
            if outcome.failure is not None:
                way = self._ways.get(outcome.failure.kind, self._dead)
                await way(tx, outcome, outcome.failure, now)

    async def settle_each(self, database: Database, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Write each end by itself, after they could not be written together: a bad one holds up no other.

        Raises when the database is away; to write an end twice does no harm.
        """
        for outcome in outcomes:
            error = await self._settled_alone(database, outcome, now)
            if error is not None:
                await self._settled_alone(database, _plain(outcome, error), now)

    async def _settled_alone(self, database: Database, outcome: Outcome, now: datetime) -> Exception | None:
        """Return what forbids to write this end, whenever one tries."""
        try:
            async with database.write() as tx:
                await self.settle(tx, [outcome], now)
        except Exception as error:
            if is_passing(error):
                raise
            problem = describe(error)  # one line: the sender, which was held up by it, logs where it came from
            log.error("an end cannot be written", messenger=self._messenger, outbox=outcome.row.id, problem=problem)
            return error
        return None

    async def _as_before(self, tx: Transaction, outcome: Outcome, failure: CallFailed, now: datetime) -> None:
        await sending.release(tx, outcome.row.id, self.token, outcome.so_far.parts_sent)

    async def _later(self, tx: Transaction, outcome: Outcome, failure: CallFailed, now: datetime) -> None:
        until = rests_until(outcome, now)
        if until is None:
            await self._dead(tx, outcome, failure, now)
            return
        why, parts = str(failure)[:500], outcome.so_far.parts_sent
        await sending.put_off(tx, outcome.row.id, self.token, until, why, parts)

    async def _moved(self, tx: Transaction, outcome: Outcome, failure: CallFailed, now: datetime) -> None:
        if failure.new_chat_id is None:
            await self._dead(tx, outcome, failure, now)
            return
        await self._as_before(tx, outcome, failure, now)
        await sending.move_chat(tx, self._messenger, outcome.row.chat_id, failure.new_chat_id)

    async def _nothing_there(self, tx: Transaction, outcome: Outcome, failure: CallFailed, now: datetime) -> None:
        if outcome.row.target is None:
            await self._dead(tx, outcome, failure, now)
        else:
            await sending.end(tx, outcome.row.id, self.token, "cancelled", str(failure))

    async def _as_good_as_done(self, tx: Transaction, outcome: Outcome, failure: CallFailed, now: datetime) -> None:
        target = outcome.row.target
        number, caption = (target.message_id, target.has_caption) if target else (None, False)
        await sending.sent(tx, [sending.Gone(outcome.row.id, number, caption)], now, self.token)

    async def _unreachable(self, tx: Transaction, outcome: Outcome, failure: CallFailed, now: datetime) -> None:
        if not await self._ended(tx, outcome, failure) or outcome.row.target is not None:
            return  # an edit may be forbidden where a message is not
        try:
            async with tx.begin_nested():
                chat = outcome.row.chat_id
                await self._house.unreachable(tx, self._messenger, chat, failure.description, now)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("nobody took note of an unreachable chat", messenger=self._messenger, outbox=outcome.row.id)

    async def _dead(self, tx: Transaction, outcome: Outcome, failure: CallFailed, now: datetime) -> None:
        await self._ended(tx, outcome, failure)

    async def _ended(self, tx: Transaction, outcome: Outcome, failure: CallFailed) -> bool:
        """Give a row up; False when it is another sender's by now."""
        log.warning("dead letter", messenger=self._messenger, outbox=outcome.row.id, problem=str(failure))
        return await sending.end(tx, outcome.row.id, self.token, "dead", str(failure)[:500])
