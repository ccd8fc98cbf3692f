"""The queue of the 137 desk, kept in the requests themselves: only those that wait are in its indexes."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from domain.casework import Request
from domain.desk import CLAIM_LASTS, NOT_QUEUED, Queue
from storage import requests as all_requests
from storage.database import Transaction
from storage.tables import requests

COUNTED_AT_MOST = 100
"""Beyond this many of one kind nobody needs to know how many exactly, and counting would only take time."""

_AT_ONCE = 20
"""So many operators may press at the same moment and still get one each, of one kind."""

_IN_ORDER = (requests.c.filed_at, requests.c.id)
_QUEUED = requests.c.queue.is_not(None)  # said beside every other condition, or the partial indexes are not used
_OPEN = requests.c.state != sa.literal_column("'closed'")  # literal, or the partial index is not used
_FREE = sa.or_(requests.c.claimed_by.is_(None), requests.c.claimed_at <= sa.bindparam("stale"))
_TAKE = (
    sa.select(requests.c.id)
    .where(requests.c.id == sa.bindparam("number"), _QUEUED, _FREE)
    .with_for_update(skip_locked=True)
)
_HELD = (
    sa.select(requests.c.id)
    .where(requests.c.claimed_by == sa.bindparam("person"), requests.c.claimed_at > sa.bindparam("stale"), _QUEUED)
    .order_by(requests.c.claimed_at)
)
_CLAIM = (
    sa.update(requests)
    .where(requests.c.id == sa.bindparam("number"))
    .values(claimed_by=sa.bindparam("by"), claimed_at=sa.bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many requests of one kind wait, and how many of them are urgent; both counted to COUNTED_AT_MOST."""

    kind: Queue
    count: int
    urgent: int


def _of_kind(kind: Queue, *, urgent: bool) -> sa.Select[int, datetime, bool]:
    where = (_QUEUED, requests.c.queue == kind, requests.c.urgent == (sa.true() if urgent else sa.false()))
    return sa.select(requests.c.id, requests.c.filed_at, requests.c.urgent).where(*where)


def _counted(kind: Queue, *, urgent: bool) -> sa.Select[str, int, int]:
    # In the index's order, or PostgreSQL may read the whole table for the few that are enough.
    some = _of_kind(kind, urgent=urgent).order_by(*_IN_ORDER).limit(COUNTED_AT_MOST).subquery()
    is_urgent = sa.literal(1 if urgent else 0).label("is_urgent")
    return sa.select(sa.literal(kind.value).label("kind"), is_urgent, sa.func.count()).select_from(some)


_COUNTS = sa.union_all(*(_counted(kind, urgent=urgent) for kind in Queue for urgent in (True, False)))


async def counts(tx: Transaction) -> list[Waiting]:
    """Count what waits, by kind, in the order of the kinds; kinds of which nothing waits are left out."""
    found = {(kind, bool(urgent)): count for kind, urgent, count in await tx.execute(_COUNTS)}
    waiting = [Waiting(k, min(found[k, True] + found[k, False], COUNTED_AT_MOST), found[k, True]) for k in Queue]
    return [one for one in waiting if one.count]


def _listed(kind: Queue, *, urgent: bool, most: int) -> sa.Select[int, datetime, bool]:
    some = _of_kind(kind, urgent=urgent).order_by(*_IN_ORDER).limit(most).subquery()
    return sa.select(some)


async def listed(tx: Transaction, kind: Queue, *, limit: int, offset: int = 0) -> list[Request]:
    """List what waits of one kind: urgent first, then the oldest."""
    # Two short walks along the index instead of sorting all that waits.
    halves = [_listed(kind, urgent=urgent, most=limit + offset) for urgent in (True, False)]
    both = sa.union_all(*halves).subquery()
    order = (both.c.urgent.desc(), both.c.filed_at, both.c.id)
    page = list(await tx.scalars(sa.select(both.c.id).order_by(*order).limit(limit).offset(offset)))
    return await all_requests.several(tx, page)


@cache  # building the statement costs more than running it
def _oldest(kinds: tuple[Queue, ...], *, urgent: bool) -> sa.Select[int]:
    """Choose the oldest of each kind that nobody has, and of those the oldest first."""
    # A walk of its own for each kind: over all kinds together no index has the order, or it has that of others too.
    walks = [
        sa.select(_of_kind(kind, urgent=urgent).where(_FREE).order_by(*_IN_ORDER).limit(_AT_ONCE).subquery())
        for kind in kinds
    ]
    free = sa.union_all(*walks).subquery()
    return sa.select(free.c.id).order_by(free.c.filed_at, free.c.id)


async def next_free(tx: Transaction, now: datetime, kinds: tuple[Queue, ...]) -> int | None:
    """Return the next request of these kinds that nobody has, locked: urgent first, then the oldest.

    What somebody else is taking at this moment is passed over.
    """
    stale = {"stale": now - CLAIM_LASTS}
    for urgent in (True, False):
        for number in list(await tx.scalars(_oldest(kinds, urgent=urgent), stale)):
            if (await tx.execute(_TAKE, {"number": number, **stale})).first():
                return number
    return None


async def claim(tx: Transaction, number: int, person: int | None, now: datetime | None) -> None:
    """Say who has a request out of the queue, and since when; nobody: None."""
    await tx.execute(_CLAIM, {"number": number, "by": person, "at": now})


async def held_by(tx: Transaction, person: int, now: datetime) -> list[int]:
    """List the requests somebody has out of the queue, the longest held first."""
    return list(await tx.scalars(_HELD, {"person": person, "stale": now - CLAIM_LASTS}))


async def nobody_reads(tx: Transaction, unit: str) -> None:
    """Put the open requests of a unit that has lost its people into the queue."""
    theirs = (requests.c.unit == unit, _OPEN, requests.c.state.not_in(NOT_QUEUED), requests.c.queue.is_(None))
    await tx.execute(sa.update(requests).where(*theirs).values(queue=Queue.ORPHAN))


async def somebody_reads(tx: Transaction, unit: str) -> None:
    """Take the requests of a unit that has people now out of the queue."""
    theirs = (requests.c.unit == unit, _OPEN, requests.c.queue == Queue.ORPHAN)
    await tx.execute(sa.update(requests).where(*theirs).values(queue=None, claimed_by=None, claimed_at=None))
