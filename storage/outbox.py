"""The durable outbox: everything the bot says is a row, written with its cause and sent after the commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.messages import Message, Priority
from storage.database import Transaction
from storage.inserting import PerDialect
from storage.sqlite_driver import IN_THREAD
from storage.tables import accounts, outbox


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that could not be sent and will not be tried again."""

    id: int
    messenger: str
    chat_id: int
    problem: str
    created_at: datetime


_STILL_WAITING = outbox.c.state == sa.literal_column("'waiting'")  # literal, or the partial indexes are not used
_NOT_IN_FLIGHT = outbox.c.claimed_at.is_(None)
_PUT = sa.insert(outbox).returning(outbox.c.id)
_PUT_ONCE = PerDialect(
    lambda insert: insert(outbox).on_conflict_do_nothing(index_elements=["dedup_key"]).returning(outbox.c.id)
)
_SUPERSEDE = (
    sa.update(outbox)
    .where(outbox.c.edits == sa.bindparam("edited"), outbox.c.id != sa.bindparam("by"), _STILL_WAITING, _NOT_IN_FLIGHT)
    .values(state="cancelled", problem="superseded")
)
_SUPERSEDE_ALL = (
    sa.update(outbox)
    .where(outbox.c.edits.in_(sa.bindparam("edited", expanding=True)), _STILL_WAITING, _NOT_IN_FLIGHT)
    .values(state="cancelled", problem="superseded")
)
_BROADCAST = PerDialect(
    lambda insert: (
        insert(outbox)
        .from_select(
            ["messenger", "chat_id", "priority", "message", "dedup_key", "notice_id", "created_at"],
            sa.select(
                accounts.c.messenger,
                accounts.c.user_id,
                sa.literal(Priority.NOTICE),
                sa.bindparam("message", type_=outbox.c.message.type),
                sa.literal("notice:") + sa.bindparam("notice", type_=sa.Text) + ":" + sa.cast(accounts.c.id, sa.Text),
                sa.bindparam("notice_id", type_=sa.BigInteger),
                sa.bindparam("now", type_=outbox.c.created_at.type),
            )
            .where(
                accounts.c.reachable,
                accounts.c.id > sa.bindparam("after"),
                accounts.c.id <= sa.bindparam("up_to"),
            )
            .order_by(accounts.c.id),
        )
        .on_conflict_do_nothing(index_elements=["dedup_key"])
        .execution_options(**IN_THREAD)  # a slice is thousands of rows
    )
)


def _packed(message: Message) -> dict[str, Any]:
    return message.model_dump(mode="json", exclude_defaults=True)


_AMEND = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("row"), _STILL_WAITING, _NOT_IN_FLIGHT)
    .values(message=sa.bindparam("said"))
)


async def put(
    tx: Transaction,
    *,
    messenger: str,
    chat_id: int,
    message: Message,
    priority: int = Priority.REPLY,
    dedup_key: str | None = None,
    edits: int | None = None,
    notice_id: int | None = None,
    not_before: datetime | None = None,
    now: datetime,
) -> int | None:
    """Say something after the commit; return the row's id, None when the dedup key is already there.

    `edits` is the id of the row whose message this one changes; edits of it that still wait are dropped.
    """
    row = {
        "messenger": messenger,
        "chat_id": chat_id,
        "priority": priority,
        "message": _packed(message),
        "dedup_key": dedup_key,
        "edits": edits,
        "notice_id": notice_id,
        "not_before": not_before,
        "created_at": now,
    }
    statement = _PUT if dedup_key is None else _PUT_ONCE.for_(tx)
    number: int | None = (await tx.execute(statement, row)).scalar_one_or_none()
    if edits is not None and number is not None:
        await tx.execute(_SUPERSEDE, {"edited": edits, "by": number})
    return number


async def put_for_many(
    tx: Transaction, chats: Sequence[tuple[str, int]], message: Message, *, priority: int, now: datetime
) -> None:
    """Say the same to several (messenger, chat), in one statement."""
    packed = _packed(message)
    rows = [
        {"messenger": messenger, "chat_id": chat, "priority": priority, "message": packed, "created_at": now}
        for messenger, chat in chats
    ]
    if rows:
        await tx.execute(sa.insert(outbox), rows)


async def edit_all(
    tx: Transaction, edits: Sequence[tuple[int, str, int, Message]], *, priority: int, now: datetime
) -> None:
    """Change several earlier messages (row, messenger, chat, what it says now) in as few statements as one.

    Edits of them that still wait are dropped.
    """
    if not edits:
        return
    await tx.execute(_SUPERSEDE_ALL, {"edited": [row for row, *_ in edits]})
    rows = [
        {
            "messenger": messenger,
            "chat_id": chat,
            "priority": priority,
            "message": _packed(message),
            "edits": row,
            "created_at": now,
        }
        for row, messenger, chat, message in edits
    ]
    await tx.execute(sa.insert(outbox), rows)


async def amend(tx: Transaction, outbox_id: int, message: Message) -> bool:
    """Replace a message that has not left yet; False when it has, or is just leaving: then put an edit."""
    return (await tx.execute(_AMEND, {"row": outbox_id, "said": _packed(message)})).rowcount == 1


async def became(tx: Transaction, outbox_id: int) -> int | None:
    """Return the messenger's number of what was sent from a row, None while it waits."""
    number: int | None = await tx.scalar(sa.select(outbox.c.message_id).where(outbox.c.id == outbox_id))
    return number


async def cancel_waiting(tx: Transaction, messenger: str, chat_id: int, reason: str) -> int:
    """Drop everything that still waits for a chat; return how many rows."""
    mine = sa.update(outbox).where(outbox.c.messenger == messenger, outbox.c.chat_id == chat_id)
    change = mine.where(_STILL_WAITING, _NOT_IN_FLIGHT).values(state="cancelled", problem=reason)
    return (await tx.execute(change)).rowcount


async def broadcast(tx: Transaction, *, notice_id: int, message: Message, after: int, up_to: int, now: datetime) -> int:
    """Say a notice to every reachable account with an id above `after`, up to `up_to`, once each; return how many."""
    values = {
        "message": _packed(message),
        "notice": str(notice_id),
        "notice_id": notice_id,
        "after": after,
        "up_to": up_to,
        "now": now,
    }
    return (await tx.execute(_BROADCAST.for_(tx), values)).rowcount


async def notice_progress(tx: Transaction, notice_id: int) -> dict[str, int]:
    """Count a notice's rows by state."""
    query = sa.select(outbox.c.state, sa.func.count()).where(outbox.c.notice_id == notice_id)
    return {row[0]: row[1] for row in await tx.execute(query.group_by(outbox.c.state))}


async def notice_in_flight(tx: Transaction, notice_id: int) -> int:
    """Count a notice's messages whose call is under way."""
    mine = (outbox.c.notice_id == notice_id, _STILL_WAITING, outbox.c.claimed_at.is_not(None))
    return int((await tx.execute(sa.select(sa.func.count()).select_from(outbox).where(*mine))).scalar_one())


async def cancel_notice(tx: Transaction, notice_id: int, reason: str, limit: int, *, next_first: bool = False) -> int:
    """Drop what has not left of a notice, at most `limit` rows; return how many.

    `next_first` begins with those whose turn is next, which costs PostgreSQL a look at all of them.
    """
    mine = (outbox.c.notice_id == notice_id, _STILL_WAITING, _NOT_IN_FLIGHT)
    some = sa.select(outbox.c.id).where(*mine).order_by(*([outbox.c.id] if next_first else [])).limit(limit)
    # Chosen first: as a subquery PostgreSQL, without statistics, may choose anew for every row. Asked again with the
    # change, as there a row may have left meanwhile.
    rows = list(await tx.scalars(some))
    change = sa.update(outbox).where(outbox.c.id.in_(rows), *mine)
    return (await tx.execute(change.values(state="cancelled", problem=reason))).rowcount if rows else 0


async def due_count(tx: Transaction, now: datetime) -> int:
    """Count the rows of all messengers that could leave now or are in flight."""
    due = sa.or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now)
    query = sa.select(sa.func.count()).select_from(outbox).where(_STILL_WAITING, due)
    return int((await tx.execute(query)).scalar_one())


async def dead(tx: Transaction, limit: int = 100) -> list[Dead]:
    """Return the messages that could not be sent, newest first."""
    columns = (outbox.c.id, outbox.c.messenger, outbox.c.chat_id, outbox.c.problem, outbox.c.created_at)
    query = sa.select(*columns).where(outbox.c.state == sa.literal_column("'dead'"))
    return [Dead(*row) for row in await tx.execute(query.order_by(outbox.c.id.desc()).limit(limit))]


async def dead_count(tx: Transaction) -> int:
    """Count the messages that could not be sent."""
    query = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == sa.literal_column("'dead'"))
    return int((await tx.execute(query)).scalar_one())
