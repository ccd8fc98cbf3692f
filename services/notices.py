"""A notice to all citizens: seen first, sent once, followed, and stopped while it is on its way.

A hundred thousand messages are neither put into the outbox nor taken out of it in one transaction, which would keep
every reply waiting: slices are, each setting the timer of the next. `notices.reached` is how far they are.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.casework import Actor
from domain.messages import Button, Message
from domain.refusal import Refused
from domain.richtext import escape, utf16_length
from nlp import forms
from services import reminders, staff
from services.centre import Centre
from storage import audit, notices, outbox, sessions
from storage.database import Transaction
from storage.notices import Notice
from texts.speech import Rich, label, lines, text

LONGEST = 3500
"""UTF-16 units of a notice's own words: with the heading it is one message in every messenger."""

SLICE = 5000
"""Messages put into the outbox, or taken out of it, in one transaction: a tenth of a second on SQLite."""
_FLIGHTS_TAKE = timedelta(seconds=10)
_STOPPED = "notice stopped"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is: messages that left, that are still to leave or in flight, and that never will."""

    notice: Notice
    sent: int
    waiting: int
    failed: int

    @property
    def total(self) -> int:
        """All people the notice is meant for."""
        return self.sent + self.waiting + self.failed


async def message(tx: Transaction, centre: Centre, notice: Notice) -> Message:
    """Return the notice exactly as every citizen sees it; one about a manager's session has the way into its queue."""
    session = await sessions.of_notice(tx, notice.id)
    rows = [[Button(label=label("button-be-heard"), data=f"s:{session.id}:ask")]] if session else []
    # The words stand beside the heading, not in it: what is put into a text may be 2,500 letters at most.
    words = lines(text("notice-heading", centre=centre.city.title), Rich(escape(notice.text)))
    return Message(text=words, buttons=rows)


async def draft(tx: Transaction, by: Actor, words: str, now: datetime, session: int | None = None) -> Notice:
    """Keep a notice, of a manager's session or in general, for its preview.

    Raises Refused("notice-empty") or Refused("notice-too-long").
    """
    staff.require_administrator(by)
    cleaned = forms.clean(words)
    if not cleaned:
        raise Refused("notice-empty")
    length = utf16_length(cleaned)
    if length > LONGEST:
        raise Refused("notice-too-long", length=length, longest=LONGEST)
    notice = await notices.draft(tx, cleaned, by.person, now)
    if session is not None:
        await sessions.change(tx, session, notice_id=notice.id)
    return notice


async def _found(tx: Transaction, by: Actor, number: int) -> Notice:
    staff.require_administrator(by)
    notice = await notices.find(tx, number)
    if notice is None:
        raise Refused("notice-unknown")
    return notice


async def _record(tx: Transaction, by: Actor, act: str, number: int, messages: int, now: datetime) -> None:
    await audit.record(
        tx,
        act=act,
        person=by.person,
        messenger=by.account.messenger,
        now=now,
        data={"notice": number, "messages": messages},
    )


async def send(tx: Transaction, centre: Centre, by: Actor, number: int, now: datetime) -> bool:
    """Let a previewed notice leave for everybody; False when it has left already, whoever pressed first.

    Raises Refused("notice-unknown"), Refused("notice-dropped"), Refused("session-over").
    """
    notice = await _found(tx, by, number)
    if notice.state == "cancelled":
        raise Refused("notice-dropped")
    session = await sessions.of_notice(tx, number)
    if session is not None and not session.ahead:
        raise Refused("session-over")
    last, recipients = await notices.meant(tx)
    if not await notices.start(tx, number, recipients):
        return False
    await spread(tx, centre, number, last, now)
    await _record(tx, by, "notice-send", number, recipients, now)
    return True


async def spread(tx: Transaction, centre: Centre, number: int, last: int, now: datetime) -> None:
    """Put the next slice of a notice into the outbox; accounts after `last` came later and are not meant."""
    notice = await notices.find(tx, number)
    if notice is None or notice.reached is None:
        return
    end, count = await notices.next_slice(tx, notice.reached, last, SLICE)
    # Before the messages: whoever stops the notice at this moment waits for this row, or is waited for.
    if not await notices.advance(tx, number, notice.reached, end):
        return
    words = await message(tx, centre, notice)
    await outbox.broadcast(tx, notice_id=number, message=words, after=notice.reached, up_to=end, now=now)
    if count < SLICE:
        await notices.all_in(tx, number)
    else:
        await reminders.spread_notice(tx, number, last, now)


async def withdraw(tx: Transaction, number: int, now: datetime, *, next_first: bool = False) -> None:
    """Take the next slice of a stopped notice out of the outbox; what is in flight may fail and wait again."""
    # Again until nothing was found: on PostgreSQL some rows of a slice may have left while it was chosen.
    if await outbox.cancel_notice(tx, number, _STOPPED, SLICE, next_first=next_first):
        await reminders.withdraw_notice(tx, number, now)
    elif await outbox.notice_in_flight(tx, number):
        await reminders.withdraw_notice(tx, number, now + _FLIGHTS_TAKE)


async def drop(tx: Transaction, by: Actor, number: int, now: datetime) -> None:
    """Put a preview aside; raises Refused("notice-left") when it is on its way already."""
    notice = await _found(tx, by, number)
    if notice.state == "cancelled":
        return
    if not await notices.close(tx, number, was="preview", state="cancelled", now=now):
        raise Refused("notice-left")


async def stop(tx: Transaction, by: Actor, number: int, now: datetime) -> Progress:
    """Stop a notice on its way: what has not left never will; raises Refused("notice-over") when all has left."""
    before = await progress(tx, by, number, now)
    if not await notices.close(tx, number, was="sending", state="cancelled", now=now):
        raise Refused("notice-over")
    after = await progress(tx, by, number, now)
    await _record(tx, by, "notice-stop", number, after.failed - before.failed, now)
    return after


async def call_off(tx: Transaction, number: int, now: datetime) -> None:
    """What a notice says holds no longer: what has not left never will, be it all of it or nothing any more."""
    notice = await notices.find(tx, number)
    if notice is None or await notices.close(tx, number, was="preview", state="cancelled", now=now):
        return
    await _progress(tx, notice, now)
    if await notices.close(tx, number, was="sending", state="cancelled", now=now):
        await withdraw(tx, number, now, next_first=True)


async def progress(tx: Transaction, by: Actor, number: int, now: datetime) -> Progress:
    """Count how far a notice is; one that nothing waits for any more is closed."""
    return await _progress(tx, await _found(tx, by, number), now)


async def _progress(tx: Transaction, notice: Notice, now: datetime) -> Progress:
    number = notice.id
    if notice.state == "cancelled":
        return await _stopped(tx, notice, now)
    counts = await outbox.notice_progress(tx, number)
    sent, waiting = counts.get("sent", 0), counts.get("waiting", 0)
    failed = sum(counts.values()) - sent - waiting
    if notice.reached is not None:
        return Progress(notice, sent, max(waiting, notice.recipients - sent - failed), failed)
    if (
        notice.state == "sending"
        and not waiting
        and await notices.close(tx, number, was="sending", state="done", now=now)
    ):
        notice = replace(notice, state="done", closed_at=now)
    return Progress(notice, sent, waiting, failed)


async def _stopped(tx: Transaction, notice: Notice, now: datetime) -> Progress:
    """Count a stopped notice: only what is in flight may still arrive, whether the rest is out of the outbox or not."""
    await withdraw(tx, notice.id, now, next_first=True)
    counts = await outbox.notice_progress(tx, notice.id)
    sent, in_flight = counts.get("sent", 0), await outbox.notice_in_flight(tx, notice.id)
    total = max(notice.recipients, sum(counts.values()))
    return Progress(notice, sent, in_flight, total - sent - in_flight)
