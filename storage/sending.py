"""The sender's side of the outbox: which rows may leave, which are in flight, and how each ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import groups, outbox


@dataclass(frozen=True, slots=True)
class Target:
    """The earlier message that a row edits: where it stands and its number at the messenger."""

    state: str
    message_id: int | None
    has_caption: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that may leave now; `target` is set for an edit, `parts_sent` counts the calls that went well before."""

    id: int
    chat_id: int
    priority: int
    message: dict[str, Any]
    attempts: int
    parts_sent: int
    target: Target | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """A row that has left: the messenger's number of it, and a remark when it left changed."""

    id: int
    message_id: int | None
    has_caption: bool
    remark: str | None = None


_STILL_WAITING = outbox.c.state == sa.literal_column("'waiting'")  # literal, or the partial indexes are not used
_NOT_IN_FLIGHT = outbox.c.claimed_at.is_(None)
_TARGET = outbox.alias("target")
_HEADS = (
    sa.select(
        outbox.c.id,
        outbox.c.chat_id,
        outbox.c.priority,
        outbox.c.message,
        outbox.c.attempts,
        outbox.c.parts_sent,
        _TARGET.c.state,
        _TARGET.c.message_id,
        _TARGET.c.has_caption,
        outbox.c.created_at,
    )
    .outerjoin(_TARGET, _TARGET.c.id == outbox.c.edits)
    .where(
        _STILL_WAITING,
        _NOT_IN_FLIGHT,
        outbox.c.messenger == sa.bindparam("messenger"),
        outbox.c.priority <= sa.bindparam("up_to"),
        sa.or_(outbox.c.not_before.is_(None), outbox.c.not_before <= sa.bindparam("now")),
        outbox.c.chat_id.not_in(sa.bindparam("held", expanding=True)),
        sa.or_(outbox.c.edits.is_(None), _TARGET.c.state != "waiting"),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(sa.bindparam("limit"))
)
_CLAIM = (
    sa.update(outbox)
    .where(outbox.c.id.in_(sa.bindparam("rows", expanding=True)), _STILL_WAITING)
    .values(claimed_at=sa.bindparam("now", type_=outbox.c.claimed_at.type))
)
_ROW = outbox.c.id == sa.bindparam("row")
_SENT = (
    sa.update(outbox)
    .where(_ROW)
    .values(
        state=sa.literal_column("'sent'"),
        claimed_at=None,
        sent_at=sa.bindparam("now"),
        message_id=sa.bindparam("number"),
        has_caption=sa.bindparam("caption"),
        problem=sa.bindparam("remark"),
    )
)


def _waiting(row: Any) -> Waiting:
    target = None if row[6] is None else Target(row[6], row[7], bool(row[8]))
    return Waiting(row[0], row[1], row[2], row[3], row[4], row[5], target, row[9])


async def heads(
    tx: Transaction, messenger: str, *, held: Collection[int], up_to: int, limit: int, now: datetime
) -> tuple[list[Waiting], bool]:
    """Return the next row of each chat not in `held`, replies first, of priorities not above `up_to`.

    Looks at no more than `limit` rows and says whether there may be others. An edit whose target still waits is
    passed over.
    """
    values = {"messenger": messenger, "held": list(held), "up_to": up_to, "now": now, "limit": limit}
    rows = (await tx.execute(_HEADS, values)).all()
    first: dict[int, Waiting] = {}
    for row in rows:
        first.setdefault(row[1], _waiting(row))
    return list(first.values()), len(rows) == limit


async def claim(tx: Transaction, rows: Collection[int], now: datetime) -> None:
    """Mark rows as in flight: they can no longer be amended or cancelled."""
    await tx.execute(_CLAIM, {"rows": list(rows), "now": now})


async def sent(tx: Transaction, rows: Sequence[Gone], now: datetime) -> None:
    """Mark rows as sent."""
    values = [
        {"row": row.id, "now": now, "number": row.message_id, "caption": row.has_caption, "remark": row.remark}
        for row in rows
    ]
    await tx.execute(_SENT, values)


async def release(tx: Transaction, row: int, parts_sent: int = 0) -> None:
    """Let a row wait again without counting a try."""
    await tx.execute(sa.update(outbox).where(outbox.c.id == row).values(claimed_at=None, parts_sent=parts_sent))


async def put_off(tx: Transaction, row: int, until: datetime, why: str, parts_sent: int = 0) -> None:
    """Count a failed try and let the row wait until a time."""
    change = sa.update(outbox).where(outbox.c.id == row)
    values = {"claimed_at": None, "attempts": outbox.c.attempts + 1, "not_before": until, "problem": why}
    await tx.execute(change.values(**values, parts_sent=parts_sent))


async def end(tx: Transaction, row: int, state: str, why: str) -> None:
    """Take a row out of the queue as `dead` or `cancelled`."""
    change = sa.update(outbox).where(outbox.c.id == row)
    await tx.execute(change.values(state=state, claimed_at=None, problem=why))


async def move_chat(tx: Transaction, messenger: str, old: int, new: int) -> int:
    """Send what waits for a chat to the number that the messenger gave it anew; return how many rows."""
    mine = sa.update(outbox).where(outbox.c.messenger == messenger, outbox.c.chat_id == old, _STILL_WAITING)
    return (await tx.execute(mine.values(chat_id=new))).rowcount


async def recover(tx: Transaction, messenger: str, besides: Collection[int] = ()) -> int:
    """Free the rows that were in flight when the last sender was killed; return how many may repeat.

    `besides` are rows that are known to be in flight now.
    """
    mine = sa.update(outbox).where(outbox.c.messenger == messenger, _STILL_WAITING, outbox.c.claimed_at.is_not(None))
    change = mine.where(outbox.c.id.not_in(list(besides))).values(
        claimed_at=None, attempts=outbox.c.attempts + 1, problem="in flight at a kill"
    )
    return (await tx.execute(change)).rowcount


async def resting(tx: Transaction, messenger: str, now: datetime) -> dict[int, datetime]:
    """Return the chats whose next row failed before and has to wait, with the time until when."""
    query = sa.select(outbox.c.chat_id, sa.func.max(outbox.c.not_before, type_=outbox.c.not_before.type)).where(
        outbox.c.messenger == messenger, _STILL_WAITING, outbox.c.attempts > 0, outbox.c.not_before > now
    )
    return {row[0]: row[1] for row in await tx.execute(query.group_by(outbox.c.chat_id))}


async def group_chats(tx: Transaction, messenger: str) -> set[int]:
    """Return the chats known to be groups: their rates are lower."""
    return set(await tx.scalars(sa.select(groups.c.chat_id).where(groups.c.messenger == messenger)))
