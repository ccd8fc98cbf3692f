"""Notices to all citizens: what was written, how far it is, and how many it would reach."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import accounts, notices, outbox


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice; `state` is preview, sending, done or cancelled, `recipients` for how many accounts it is meant.

    `reached` is the last account whose message is in the outbox while there are more to come, else None.
    """

    id: int
    text: str
    state: str
    created_by: int
    created_at: datetime
    recipients: int
    reached: int | None
    closed_at: datetime | None


def _notice(row: Any) -> Notice:
    return Notice(
        row.id, row.text, row.state, row.created_by, row.created_at, row.recipients, row.reached, row.closed_at
    )


async def draft(tx: Transaction, words: str, by: int, now: datetime) -> Notice:
    """Keep what was written, to be looked at before it is sent."""
    row = sa.insert(notices).values(text=words, created_by=by, created_at=now).returning(notices)
    return _notice((await tx.execute(row)).one())


async def find(tx: Transaction, number: int) -> Notice | None:
    """Return a notice by its number."""
    row = (await tx.execute(sa.select(notices).where(notices.c.id == number))).one_or_none()
    return _notice(row) if row else None


async def latest(tx: Transaction, limit: int) -> list[Notice]:
    """List the notices that were sent, newest first."""
    query = sa.select(notices).where(notices.c.recipients > 0).order_by(notices.c.id.desc()).limit(limit)
    return [_notice(row) for row in await tx.execute(query)]


async def meant(tx: Transaction) -> tuple[int, int]:
    """Return the highest account there is now, and how many accounts can be reached."""
    query = sa.select(sa.func.coalesce(sa.func.max(accounts.c.id), 0), sa.func.count().filter(accounts.c.reachable))
    last, reachable = (await tx.execute(query)).one()
    return last, reachable


async def start(tx: Transaction, number: int, recipients: int) -> bool:
    """Let a previewed notice leave; False when it is not a preview any more: a second press, or it was dropped."""
    change = sa.update(notices).where(notices.c.id == number, notices.c.state == "preview")
    return (await tx.execute(change.values(state="sending", recipients=recipients, reached=0))).rowcount == 1


async def next_slice(tx: Transaction, after: int, last: int, size: int) -> tuple[int, int]:
    """Return the account that ends the next `size` reachable ones above `after` up to `last`, and how many they are."""
    mine = sa.select(accounts.c.id).where(accounts.c.reachable, accounts.c.id > after, accounts.c.id <= last)
    some = mine.order_by(accounts.c.id).limit(size).subquery()
    end, count = (
        await tx.execute(sa.select(sa.func.coalesce(sa.func.max(some.c.id), last), sa.func.count()).select_from(some))
    ).one()
    return end, count


async def advance(tx: Transaction, number: int, was: int, reached: int) -> bool:
    """Move the cursor on; False when the notice was stopped, or somebody else has moved it."""
    change = sa.update(notices).where(notices.c.id == number, notices.c.state == "sending", notices.c.reached == was)
    return (await tx.execute(change.values(reached=reached))).rowcount == 1


async def all_in(tx: Transaction, number: int) -> None:
    """Say that every message of a notice is in the outbox, and keep how many there are."""
    messages = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.notice_id == number).scalar_subquery()
    change = sa.update(notices).where(notices.c.id == number)
    await tx.execute(change.values(recipients=messages, reached=None))


async def close(tx: Transaction, number: int, *, was: str, state: str, now: datetime) -> bool:
    """End a notice that is in the state `was`; False when it is not."""
    change = sa.update(notices).where(notices.c.id == number, notices.c.state == was)
    return (await tx.execute(change.values(state=state, closed_at=now))).rowcount == 1


async def reach(tx: Transaction) -> dict[str, int]:
    """Count, per messenger, the accounts that a notice would go to."""
    query = sa.select(accounts.c.messenger, sa.func.count()).where(accounts.c.reachable)
    rows = await tx.execute(query.group_by(accounts.c.messenger).order_by(accounts.c.messenger))
    return {row[0]: row[1] for row in rows}


async def said_here(tx: Transaction, row: int, messenger: str, chat_id: int) -> bool:
    """Tell whether an outbox row was said in this chat, so that a made-up button cannot edit another one."""
    query = sa.select(outbox.c.id).where(outbox.c.id == row, outbox.c.messenger == messenger)
    return (await tx.execute(query.where(outbox.c.chat_id == chat_id))).first() is not None
