"""A notice to all citizens: seen first, sent once, followed, and stopped while it is on its way."""

from dataclasses import dataclass
from datetime import datetime

from domain.casework import Actor
from domain.messages import Message
from domain.refusal import Refused
from domain.richtext import escape, utf16_length
from nlp import forms
from services import staff
from services.centre import Centre
from storage import audit, notices, outbox
from storage.database import Transaction
from storage.notices import Notice
from texts.speech import Rich, lines, text

LONGEST = 3500
"""UTF-16 units of a notice's own words: with the heading it is one message in every messenger."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is: messages that left, still wait or are in flight, and did not arrive or were stopped."""

    notice: Notice
    sent: int
    waiting: int
    failed: int

    @property
    def total(self) -> int:
        """All messages the notice became."""
        return self.sent + self.waiting + self.failed


def message(centre: Centre, words: str) -> Message:
    """Return the notice exactly as every citizen sees it."""
    # The words stand beside the heading, not in it: what is put into a text may be 2,500 letters at most.
    return Message(text=lines(text("notice-heading", centre=centre.city.title), Rich(escape(words))))


async def draft(tx: Transaction, by: Actor, words: str, now: datetime) -> Notice:
    """Keep a notice for its preview; raises Refused("notice-empty") or Refused("notice-too-long")."""
    staff.require_administrator(by)
    cleaned = forms.clean(words)
    if not cleaned:
        raise Refused("notice-empty")
    length = utf16_length(cleaned)
    if length > LONGEST:
        raise Refused("notice-too-long", length=length, longest=LONGEST)
    return await notices.draft(tx, cleaned, by.person, now)


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

    Raises Refused("notice-unknown"), Refused("notice-dropped").
    """
    notice = await _found(tx, by, number)
    if notice.state == "cancelled":
        raise Refused("notice-dropped")
    if not await notices.start(tx, number):
        return False
    put = await outbox.broadcast(tx, notice_id=number, message=message(centre, notice.text), now=now)
    await notices.count_recipients(tx, number, put)
    await _record(tx, by, "notice-send", number, put, now)
    return True


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
    if before.notice.state != "sending":
        raise Refused("notice-over")
    stopped = await outbox.cancel_notice(tx, number, "notice stopped")
    await notices.close(tx, number, was="sending", state="cancelled", now=now)
    await _record(tx, by, "notice-stop", number, stopped, now)
    return await progress(tx, by, number, now)


async def progress(tx: Transaction, by: Actor, number: int, now: datetime) -> Progress:
    """Count how far a notice is; one that nothing waits for any more is closed."""
    notice = await _found(tx, by, number)
    if notice.state == "cancelled":
        # What was in flight when it was stopped and failed waits again: it must not leave after all.
        await outbox.cancel_notice(tx, number, "notice stopped")
    counts = await outbox.notice_progress(tx, number)
    sent, waiting = counts.get("sent", 0), counts.get("waiting", 0)
    if (
        notice.state == "sending"
        and not waiting
        and await notices.close(tx, number, was="sending", state="done", now=now)
    ):
        notice = await _found(tx, by, number)
    return Progress(notice, sent, waiting, sum(counts.values()) - sent - waiting)
