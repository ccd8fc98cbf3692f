"""Time-driven work: rows with a due time and a unique key, so that each thing happens once and survives restarts."""

from datetime import datetime, time, timedelta

from domain.hearings import Session
from domain.lifecycle import SILENCE_AFTER
from services.centre import Centre
from storage import timers
from storage.database import Transaction

DRAFT_REMINDER_AFTER = timedelta(hours=3)
DRAFT_EXPIRES_AFTER = timedelta(days=7)
CALLER_REMINDER_AFTER = timedelta(minutes=15)
CALLER_EXPIRES_AFTER = timedelta(hours=3)
"""Nobody stays on the phone for so long: what was begun for a caller must not wait for the operator's next words."""


async def watch_draft(tx: Transaction, draft: int, now: datetime, *, for_caller: bool = False) -> None:
    """Set when a silent draft is mentioned once and when it expires; each new message sets both anew."""
    expires = CALLER_EXPIRES_AFTER if for_caller else DRAFT_EXPIRES_AFTER
    reminded = CALLER_REMINDER_AFTER if for_caller else DRAFT_REMINDER_AFTER
    watches = [
        (f"draft-expire:{draft}", "draft-expire", now + expires, {"draft": draft}),
        (f"draft-remind:{draft}", "draft-remind", now + reminded, {"draft": draft}),
    ]
    await timers.set_all(tx, watches)


async def forget_draft(tx: Transaction, draft: int) -> None:
    """Nothing more is due for a draft that was filed or cancelled."""
    await timers.cancel(tx, f"draft-remind:{draft}", f"draft-expire:{draft}")


async def await_verdict(tx: Transaction, request: int, now: datetime) -> None:
    """Without the citizen's word the verdict becomes silent in time."""
    await timers.set(tx, f"fall-silent:{request}", "fall-silent", now + SILENCE_AFTER, {"request": request})


async def verdict_came(tx: Transaction, request: int) -> None:
    """Stop waiting for a verdict."""
    await timers.cancel(tx, f"fall-silent:{request}")


async def spread_notice(tx: Transaction, notice: int, last: int, now: datetime) -> None:
    """Let the next slice of a notice go into the outbox as soon as others had their turn."""
    await timers.set(tx, f"notice-spread:{notice}", "notice-spread", now, {"notice": notice, "last": last})


async def withdraw_notice(tx: Transaction, notice: int, at: datetime) -> None:
    """Look at `at` what still waits of a stopped notice."""
    await timers.set(tx, f"notice-withdraw:{notice}", "notice-withdraw", at, {"notice": notice})


async def watch_session(tx: Transaction, session: Session) -> None:
    """Set when a manager's session begins and when its time is over; a changed one is set anew."""
    data = {"session": session.id}
    await timers.set_all(
        tx,
        [
            (f"session-begin:{session.id}", "session-begin", session.starts_at, data),
            (f"session-end:{session.id}", "session-end", session.ends_at, data),
        ],
    )


async def finish_session(tx: Transaction, session: int, at: datetime) -> None:
    """Look at `at` whether the manager still goes on with those who waited."""
    await timers.set(tx, f"session-finish:{session}", "session-finish", at, {"session": session})


async def forget_session(tx: Transaction, session: int) -> None:
    """Nothing more begins or ends of a session that is over or was called off."""
    await timers.cancel(tx, *(f"session-{what}:{session}" for what in ("begin", "end", "finish")))


async def look_what_was_kept(tx: Transaction, session: int, at: datetime) -> None:
    """Count at `at` which of a session's promises were kept."""
    await timers.set(tx, f"session-kept:{session}", "session-kept", at, {"session": session})


_REST_OF_ALBUM = timedelta(seconds=3)


async def tell_more_photos(tx: Transaction, request: int, album: str, photos: list[int], now: datetime) -> None:
    """Tell the unit of an album's further photos a moment after the last one came."""
    data = {"request": request, "photos": photos}
    await timers.set(tx, f"more-photos:{request}:{album}", "more-photos", now + _REST_OF_ALBUM, data)


async def tell_more_work(tx: Transaction, request: int, album: str, photos: list[int], now: datetime) -> None:
    """Show citizens an album's further photos of the work a moment after the last one came."""
    data = {"request": request, "photos": photos}
    await timers.set(tx, f"more-work:{request}:{album}", "more-work", now + _REST_OF_ALBUM, data)


async def plan_digest(tx: Transaction, centre: Centre, unit: str, now: datetime) -> None:
    """Let a unit hear on the next working morning how its day stands; once a day, whoever plans it how often."""
    today = now.astimezone(centre.zone).date()
    hours = centre.working_time.hours(today)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), centre.zone)
    due = hours[0] if hours and now < hours[0] else centre.working_time.next_opening(tomorrow)
    key = f"digest:{unit}:{due.astimezone(centre.zone).date()}"
    await timers.set_once(tx, key, "digest", due, {"unit": unit})
