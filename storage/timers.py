"""Work that is due at a time: rows with a unique key, each rung once, over restarts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.inserting import PerDialect
from storage.sqlite_driver import QUICK
from storage.tables import timers


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose time has come; `attempts` failed so far."""

    id: int
    key: str
    kind: str
    data: dict[str, Any]
    due_at: datetime
    attempts: int


_SET = PerDialect(
    lambda insert: (
        statement := insert(timers).values(
            key=sa.bindparam("key"),
            kind=sa.bindparam("kind"),
            due_at=sa.bindparam("due_at"),
            data=sa.bindparam("data"),
        )
    ).on_conflict_do_update(
        index_elements=["key"],
        set_={
            "kind": statement.excluded.kind,
            "due_at": statement.excluded.due_at,
            "data": statement.excluded.data,
            "state": "waiting",
            "attempts": 0,
            "problem": None,
        },
    )
)
_SET_ONCE = PerDialect(
    lambda insert: (
        insert(timers)
        .values({name: sa.bindparam(name) for name in ("key", "kind", "due_at", "data")})
        .on_conflict_do_nothing(index_elements=["key"])
    )
)
_CANCEL = sa.delete(timers).where(
    timers.c.key.in_(sa.bindparam("keys", expanding=True)), timers.c.state == sa.literal_column("'waiting'")
)
_STILL_WAITING = timers.c.state == sa.literal_column("'waiting'")  # literal, or the partial index is not used
_DUE = (
    sa.select(timers.c.id, timers.c.key, timers.c.kind, timers.c.data, timers.c.due_at, timers.c.attempts)
    .where(_STILL_WAITING, timers.c.due_at <= sa.bindparam("now"))
    .order_by(timers.c.due_at, timers.c.id)
    .limit(sa.bindparam("limit"))
    .execution_options(**QUICK)
)
_FREE = (  # of several workers one rings it; the others go on to the next and do not wait for its end
    sa.select(timers.c.id)
    .where(timers.c.id == sa.bindparam("row"), _STILL_WAITING, timers.c.due_at == sa.bindparam("was_due"))
    .with_for_update(skip_locked=True)
    .correlate(None)
    .scalar_subquery()
)
_MINE = sa.update(timers).where(timers.c.id == _FREE)


async def set(tx: Transaction, key: str, kind: str, due_at: datetime, data: dict[str, Any]) -> None:
    """Let `kind` ring at `due_at`; a timer with the same key is moved, also after it has rung."""
    await tx.execute(_SET.for_(tx), {"key": key, "kind": kind, "due_at": due_at, "data": data})


async def set_once(tx: Transaction, key: str, kind: str, due_at: datetime, data: dict[str, Any]) -> None:
    """Let `kind` ring at `due_at`, unless a timer with this key is there already or has rung."""
    await tx.execute(_SET_ONCE.for_(tx), {"key": key, "kind": kind, "due_at": due_at, "data": data})


async def set_all(tx: Transaction, several: Sequence[tuple[str, str, datetime, dict[str, Any]]]) -> None:
    """Set several timers (key, kind, due at, data) in one statement."""
    rows = [{"key": key, "kind": kind, "due_at": due_at, "data": data} for key, kind, due_at, data in several]
    await tx.execute(_SET.for_(tx), rows)


async def cancel(tx: Transaction, *keys: str) -> None:
    """Forget the timers that still wait."""
    await tx.execute(_CANCEL, {"keys": keys})


async def due(tx: Transaction, now: datetime, limit: int = 50) -> list[Due]:
    """Return the timers whose time has come, the oldest first."""
    return [Due(*row) for row in await tx.execute(_DUE, {"now": now, "limit": limit})]


async def done(tx: Transaction, timer: Due) -> bool:
    """Mark a timer as rung; False when it was moved, cancelled or rung meanwhile: then leave it."""
    change = _MINE.values(state="done")
    return (await tx.execute(change, {"row": timer.id, "was_due": timer.due_at})).rowcount == 1


async def put_off(tx: Transaction, timer: Due, until: datetime, why: str) -> None:
    """Count a failed try and ring again at `until`."""
    change = _MINE.values(due_at=until, attempts=timers.c.attempts + 1, problem=why)
    await tx.execute(change, {"row": timer.id, "was_due": timer.due_at})


async def fail(tx: Transaction, timer: Due, why: str) -> None:
    """Give a timer up."""
    change = _MINE.values(state="failed", attempts=timers.c.attempts + 1, problem=why)
    await tx.execute(change, {"row": timer.id, "was_due": timer.due_at})


async def failed(tx: Transaction, limit: int = 100) -> list[tuple[str, str, str]]:
    """Return key, kind and problem of the timers that were given up, newest first."""
    query = sa.select(timers.c.key, timers.c.kind, timers.c.problem).where(timers.c.state == "failed")
    return [
        (row.key, row.kind, row.problem or "")
        for row in await tx.execute(query.order_by(timers.c.id.desc()).limit(limit))
    ]
