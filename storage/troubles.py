"""What could not be handled, sent or done: it is tried again, or put aside by a person who has seen it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import inbox, outbox, timers


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
_DEAD = sa.update(outbox).where(outbox.c.state == sa.literal_column("'dead'"))
_FAILED = sa.update(timers).where(timers.c.state == sa.literal_column("'failed'"))
_FROM_THE_START: dict[str, Any] = {"state": "waiting", "attempts": 0, "problem": None}


async def _each(tx: Transaction, *statements: sa.Update) -> Counts:
    return Counts(*[(await tx.execute(statement)).rowcount for statement in statements])


async def again(tx: Transaction) -> Counts:
    """Let all of it be tried again, each as if for the first time; a message in parts goes on where it stopped."""
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
