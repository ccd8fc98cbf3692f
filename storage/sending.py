"""The sender's side of the outbox: which rows may leave, which are in flight, and how each ended.

Rows are claimed under the token of the sender's lease, and how a try ended is written only where the claim is still
that one: what a sender writes too late, after another has taken over, changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.sqlite_driver import QUICK
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
    claim: int | None = None  # the token under which it is in flight


@dataclass(frozen=True, slots=True)
class Gone:
    """A row that has left: the messenger's number of it, and a remark when it left changed."""

    id: int
    message_id: int | None
    has_caption: bool
    remark: str | None = None


_STILL_WAITING = outbox.c.state == sa.literal_column("'waiting'")  # literal, or the partial indexes are not used
_NOT_IN_FLIGHT = outbox.c.claimed_at.is_(None)
_MINE = sa.and_(outbox.c.id == sa.bindparam("row"), outbox.c.claim == sa.bindparam("token"))
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
        outbox.c.claimed_at,
        outbox.c.claim,
    )
    .outerjoin(_TARGET, _TARGET.c.id == outbox.c.edits)
    .where(
        _STILL_WAITING,
        outbox.c.messenger == sa.bindparam("messenger"),
        outbox.c.priority <= sa.bindparam("up_to"),
        sa.or_(outbox.c.not_before.is_(None), outbox.c.not_before <= sa.bindparam("now")),
        outbox.c.chat_id.not_in(sa.bindparam("held", expanding=True)),
        sa.or_(outbox.c.edits.is_(None), _TARGET.c.state != "waiting"),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(sa.bindparam("limit"))
    .execution_options(**QUICK)
)
_CLAIM = (
    sa.update(outbox)
    .where(outbox.c.id.in_(sa.bindparam("rows", expanding=True)), _STILL_WAITING, _NOT_IN_FLIGHT)
    .values(claimed_at=sa.bindparam("now", type_=outbox.c.claimed_at.type), claim=sa.bindparam("token"))
    .returning(outbox.c.id)
)
_SENT = (
    sa.update(outbox)
    .where(_MINE)
    .values(
        state=sa.literal_column("'sent'"),
        claimed_at=None,
        claim=None,
        sent_at=sa.bindparam("now"),
        message_id=sa.bindparam("number"),
        has_caption=sa.bindparam("caption"),
        problem=sa.bindparam("remark"),
    )
)


def _waiting(row: Any) -> Waiting:
    target = None if row[6] is None else Target(row[6], row[7], bool(row[8]))
    claim = None if row[10] is None else row[11] or 0
    return Waiting(row[0], row[1], row[2], row[3], row[4], row[5], target, row[9], claim)


async def heads(
    tx: Transaction, messenger: str, *, held: Collection[int], up_to: int, limit: int, now: datetime
) -> tuple[list[Waiting], bool]:
    """Return the next row of each chat not in `held`, replies first, of priorities not above `up_to`.

    Looks at no more than `limit` rows and says whether there may be others. An edit whose target still waits is
    passed over. A row with a claim is in flight at another sender, or was when that one ended: its chat has to wait.
    """
    values = {"messenger": messenger, "held": list(held), "up_to": up_to, "now": now, "limit": limit}
    rows = (await tx.execute(_HEADS, values)).all()
    first: dict[int, Waiting] = {}
    for row in rows:
        first.setdefault(row[1], _waiting(row))
    return list(first.values()), len(rows) == limit


async def claim(tx: Transaction, rows: Collection[int], now: datetime, token: int) -> set[int]:
    """Mark rows as in flight: they can no longer be amended or cancelled; return those that were free."""
    return set(await tx.scalars(_CLAIM, {"rows": list(rows), "now": now, "token": token}))


async def sent(tx: Transaction, rows: Sequence[Gone], now: datetime, token: int) -> None:
    """Mark rows as sent."""
    values = [
        {
            "row": row.id,
            "token": token,
            "now": now,
            "number": row.message_id,
            "caption": row.has_caption,
            "remark": row.remark,
        }
        for row in rows
    ]
    await tx.execute(_SENT, values)


async def release(tx: Transaction, row: int, token: int, parts_sent: int = 0) -> bool:
    """Let a row wait again without counting a try; False when it is no longer ours."""
    change = sa.update(outbox).where(_MINE).values(claimed_at=None, claim=None, parts_sent=parts_sent)
    return (await tx.execute(change, {"row": row, "token": token})).rowcount == 1


async def put_off(tx: Transaction, row: int, token: int, until: datetime, why: str, parts_sent: int = 0) -> None:
    """Count a failed try and let the row wait until a time."""
    values = {"claimed_at": None, "claim": None, "attempts": outbox.c.attempts + 1, "not_before": until, "problem": why}
    change = sa.update(outbox).where(_MINE).values(**values, parts_sent=parts_sent)
    await tx.execute(change, {"row": row, "token": token})


async def end(tx: Transaction, row: int, token: int, state: str, why: str) -> bool:
    """Take a row in flight out of the queue as `dead` or `cancelled`; False when it is no longer ours."""
    change = sa.update(outbox).where(_MINE).values(state=state, claimed_at=None, claim=None, problem=why)
    return (await tx.execute(change, {"row": row, "token": token})).rowcount == 1


async def cancel(tx: Transaction, row: int, why: str) -> None:
    """Take a row that is not in flight out of the queue."""
    change = sa.update(outbox).where(outbox.c.id == row, _STILL_WAITING, _NOT_IN_FLIGHT)
    await tx.execute(change.values(state="cancelled", problem=why))


async def move_chat(tx: Transaction, messenger: str, old: int, new: int) -> int:
    """Send what waits for a chat to the number that the messenger gave it anew; return how many rows."""
    mine = sa.update(outbox).where(outbox.c.messenger == messenger, outbox.c.chat_id == old, _STILL_WAITING)
    return (await tx.execute(mine.values(chat_id=new))).rowcount


async def recover(tx: Transaction, messenger: str, token: int, besides: Collection[int] = ()) -> int:
    """Free the rows that were in flight when an earlier sender was killed; return how many may repeat.

    `besides` are rows that are known to be in flight now. What a later sender than this one claimed stays.
    """
    orphans = sa.or_(
        outbox.c.claim.is_(None),
        outbox.c.claim < token,
        sa.and_(outbox.c.claim == token, outbox.c.id.not_in(list(besides))),
    )
    mine = sa.update(outbox).where(outbox.c.messenger == messenger, _STILL_WAITING, outbox.c.claimed_at.is_not(None))
    change = mine.where(orphans).values(
        claimed_at=None, claim=None, attempts=outbox.c.attempts + 1, problem="in flight at a kill"
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
