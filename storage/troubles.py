"""What could not be handled, sent or done: it is tried again, or put aside by a person who has seen it.

A message that something later was said about in its place is past: tried again it would come after what took its place.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import inbox, notices, outbox, timers


@dataclass(frozen=True, slots=True)
class Counts:
    """How many updates, messages and timers something was done with."""

    updates: int
    letters: int
    timers: int

    @property
    def total(self) -> int:
        """All of them together."""
        return self.updates + self.letters + self.timers


_QUARANTINED = sa.update(inbox).where(inbox.c.state == sa.literal_column("'quarantined'"))
_IS_DEAD = outbox.c.state == sa.literal_column("'dead'")
_DEAD = sa.update(outbox).where(_IS_DEAD)
_FAILED = sa.update(timers).where(timers.c.state == sa.literal_column("'failed'"))
_AT_ONCE = 500
_FROM_THE_START: dict[str, Any] = {"state": "waiting", "attempts": 0, "problem": None}


async def _each(tx: Transaction, *statements: sa.Update) -> Counts:
    return Counts(*[(await tx.execute(statement)).rowcount for statement in statements])


async def _past(tx: Transaction) -> list[int]:
    """Return the dead messages that were to be changed or taken back since, or whose notice was stopped."""
    rows = (await tx.execute(sa.select(outbox.c.id, outbox.c.edits).where(_IS_DEAD))).all()
    concerned = sa.union(
        sa.select(outbox.c.id).where(_IS_DEAD),
        sa.select(outbox.c.edits).where(_IS_DEAD, outbox.c.edits.is_not(None)),
    )
    edits = sa.select(outbox.c.edits, sa.func.max(outbox.c.id).label("last")).where(outbox.c.edits.in_(concerned))
    newest = {row.edits: row.last for row in await tx.execute(edits.group_by(outbox.c.edits))}
    notice = outbox.c.notice_id.in_(sa.select(notices.c.id).where(notices.c.state == "cancelled"))
    stopped = set(await tx.scalars(sa.select(outbox.c.id).where(_IS_DEAD, notice)))
    return [row.id for row in rows if row.id in newest or newest.get(row.edits, 0) > row.id or row.id in stopped]


async def again(tx: Transaction) -> Counts:
    """Let all of it be tried again, each as if for the first time; a message in parts goes on where it stopped."""
    for some in batched(await _past(tx), _AT_ONCE):
        await tx.execute(_DEAD.where(outbox.c.id.in_(some)).values(state="cancelled"))
    return await _each(
        tx,
        _QUARANTINED.values(**_FROM_THE_START, not_before=None, done_at=None),
        _DEAD.values(**_FROM_THE_START, not_before=None, claimed_at=None, claim=None),
        _FAILED.values(**_FROM_THE_START),
    )


async def put_aside(tx: Transaction, now: datetime) -> Counts:
    """Count all of it as seen; the rows stay, each with its problem."""
    return await _each(
        tx,
        _QUARANTINED.values(state="done", done_at=now),
        _DEAD.values(state="cancelled"),
        _FAILED.values(state="done"),
    )
