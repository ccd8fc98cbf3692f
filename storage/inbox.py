"""The durable inbox: every update as it came, until its effects are committed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import inbox


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw update on its way in."""

    update_id: int
    identity: str
    lane: str
    body: str


@dataclass(slots=True)
class Waiting:
    """An update that waits for its handler; `attempts` failed so far, not to be tried before `not_before`."""

    id: int
    messenger: str
    lane: str
    body: str
    attempts: int
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An update that no handler could take."""

    id: int
    messenger: str
    lane: str
    body: str
    received_at: datetime
    problem: str


_RECEIVE = PerDialect(lambda insert: insert(inbox).on_conflict_do_nothing().returning(inbox.c.id))
_STILL_WAITING = inbox.c.state == sa.literal_column("'waiting'")  # literal, or the partial index is not used
_AFTER = (
    sa.select(inbox.c.id, inbox.c.messenger, inbox.c.lane, inbox.c.body, inbox.c.attempts, inbox.c.not_before)
    .where(_STILL_WAITING, inbox.c.messenger == sa.bindparam("messenger"), inbox.c.id > sa.bindparam("after"))
    .order_by(inbox.c.id)
    .limit(sa.bindparam("limit"))
)
_COUNT = sa.select(sa.func.count()).select_from(inbox).where(_STILL_WAITING)
_MINE = sa.update(inbox).where(inbox.c.id == sa.bindparam("row"), _STILL_WAITING)
_DONE = (
    sa.update(inbox)
    .where(inbox.c.id.in_(sa.bindparam("rows", expanding=True)), _STILL_WAITING)
    .values(state=sa.literal_column("'done'"), done_at=sa.bindparam("now"))
)
_PUT_OFF = _MINE.values(attempts=inbox.c.attempts + 1, not_before=sa.bindparam("until"), problem=sa.bindparam("why"))
_QUARANTINE = _MINE.values(
    state=sa.literal_column("'quarantined'"), done_at=sa.bindparam("now"), problem=sa.bindparam("why")
)


async def receive(tx: Transaction, messenger: str, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Store a batch in its order, leave out what is already there; return how many were new."""
    if not arrivals:
        return 0
    rows = [
        {
            "messenger": messenger,
            "update_id": arrival.update_id,
            "identity": arrival.identity,
            "lane": arrival.lane,
            "body": arrival.body,
            "received_at": now,
        }
        for arrival in arrivals
    ]
    return len((await tx.execute(_RECEIVE.for_(tx), rows)).all())


async def waiting_after(tx: Transaction, messenger: str, after: int, limit: int) -> list[Waiting]:
    """Return the messenger's waiting updates with numbers above `after`, oldest first."""
    rows = await tx.execute(_AFTER, {"messenger": messenger, "after": after, "limit": limit})
    return [Waiting(*row) for row in rows]


async def waiting_count(tx: Transaction) -> int:
    """Count the updates of all messengers that wait."""
    return int((await tx.execute(_COUNT)).scalar_one())


async def done(tx: Transaction, rows: Collection[int], now: datetime) -> bool:
    """Mark updates as handled; False when somebody else handled one of them meanwhile: then roll back."""
    return (await tx.execute(_DONE, {"rows": list(rows), "now": now})).rowcount == len(rows)


async def put_off(tx: Transaction, row: int, until: datetime, why: str) -> None:
    """Count a failed try and let the update wait."""
    await tx.execute(_PUT_OFF, {"row": row, "until": until, "why": why})


async def quarantine(tx: Transaction, row: int, why: str, now: datetime) -> bool:
    """Take an update out of the way, with its raw JSON; False when it was no longer waiting."""
    return (await tx.execute(_QUARANTINE, {"row": row, "why": why, "now": now})).rowcount == 1


async def quarantined(tx: Transaction, limit: int = 100) -> list[Quarantined]:
    """Return what is in quarantine, newest first."""
    query = (
        sa.select(inbox.c.id, inbox.c.messenger, inbox.c.lane, inbox.c.body, inbox.c.received_at, inbox.c.problem)
        .where(inbox.c.state == sa.literal_column("'quarantined'"))
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    return [Quarantined(*row) for row in await tx.execute(query)]


async def quarantined_count(tx: Transaction) -> int:
    """Count what is in quarantine."""
    query = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == sa.literal_column("'quarantined'"))
    return int((await tx.execute(query)).scalar_one())
