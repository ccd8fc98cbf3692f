"""The durable inbox: every update as it came, until its effects are committed.

A lane is a chat. At most LANE_BOUND of its updates are `waiting`; what comes beyond is `held` and let in, in order, as
the lane drains, so that one chat's flood costs the others nothing. In each lane whatever is held is younger than
whatever waits.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

import sqlalchemy as sa

from storage.database import Transaction
from storage.inserting import PerDialect
from storage.sqlite_driver import QUICK
from storage.tables import inbox

LANE_BOUND = 50  # waiting updates of one chat
LET_IN_BELOW = LANE_BOUND // 2  # then a lane is filled up again
SHARDS = 64
_HELD_BOUND = 10  # times as many may be held as may wait: these lie on the disk only
_LANE_LOCKS, _RECEIVING_LOCKS = 137, 138  # classes of PostgreSQL's advisory locks


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
_STILL_HELD = inbox.c.state == sa.literal_column("'held'")
_COLUMNS = (inbox.c.id, inbox.c.messenger, inbox.c.lane, inbox.c.body, inbox.c.attempts, inbox.c.not_before)
_AFTER = (
    sa.select(*_COLUMNS)
    .where(_STILL_WAITING, inbox.c.messenger == sa.bindparam("messenger"), inbox.c.id > sa.bindparam("after"))
    .order_by(inbox.c.id)
    .limit(sa.bindparam("limit"))
    .execution_options(**QUICK)
)
_AFTER_OF_SHARE = _AFTER.where(inbox.c.shard % sa.bindparam("of") == sa.bindparam("number"))
_OF_LANE = sa.select(*_COLUMNS).where(_STILL_WAITING, inbox.c.lane == sa.bindparam("lane")).order_by(inbox.c.id)
_IN_LANES = inbox.c.lane.in_(sa.bindparam("lanes", expanding=True))
_LANE, _REPEATED = (sa.literal_column(kind, sa.Integer) for kind in "01")
_FILLED = sa.union_all(  # one for each partial index, and one for the unique key
    sa.select(_LANE, inbox.c.lane, sa.func.count()).where(_STILL_WAITING, _IN_LANES).group_by(inbox.c.lane),
    sa.select(_LANE, inbox.c.lane, sa.literal(LANE_BOUND)).where(_STILL_HELD, _IN_LANES).group_by(inbox.c.lane),
    sa.select(_REPEATED, inbox.c.identity, inbox.c.update_id).where(
        inbox.c.messenger == sa.bindparam("messenger"), inbox.c.update_id.in_(sa.bindparam("numbers", expanding=True))
    ),
)
_OLDEST_HELD = (
    sa.select(inbox.c.id)
    .where(_STILL_HELD, inbox.c.lane == sa.bindparam("lane"))
    .order_by(inbox.c.id)
    .limit(sa.bindparam("limit"))
)
_LET_IN = (
    sa.update(inbox)
    .where(inbox.c.id.in_(sa.bindparam("rows", expanding=True)), _STILL_HELD)
    .values(state=sa.literal_column("'waiting'"))
    .returning(*_COLUMNS)
)
_HELD_LANES = sa.text(  # from one chat to the next along the index: DISTINCT would read all that is held
    """
    WITH RECURSIVE found (lane) AS (
        SELECT min(lane) FROM inbox WHERE state = 'held'
        UNION ALL
        SELECT (SELECT min(inbox.lane) FROM inbox WHERE inbox.state = 'held' AND inbox.lane > found.lane)
        FROM found WHERE found.lane IS NOT NULL
    )
    SELECT lane FROM found WHERE lane IS NOT NULL
    """
)
_NUMBERS = sa.select(inbox.c.id).where(
    _STILL_WAITING, inbox.c.messenger == sa.bindparam("messenger"), inbox.c.id <= sa.bindparam("up_to")
)
_NUMBERS_OF_SHARE = _NUMBERS.where(inbox.c.shard % sa.bindparam("of") == sa.bindparam("number"))
_OF_NUMBERS = (
    sa.select(*_COLUMNS)
    .where(_STILL_WAITING, inbox.c.id.in_(sa.bindparam("rows", expanding=True)))
    .order_by(inbox.c.id)
)
_NEGLECTED = (
    sa.select(inbox.c.lane)
    .where(
        _STILL_WAITING,
        inbox.c.shard % sa.bindparam("of") != sa.bindparam("number"),
        sa.func.coalesce(inbox.c.not_before, inbox.c.received_at) < sa.bindparam("since"),
    )
    .distinct()
    .limit(sa.bindparam("limit"))
)
_COUNT = sa.select(sa.func.count()).select_from(inbox).where(_STILL_WAITING)
_LANE_COUNT = _COUNT.where(inbox.c.lane == sa.bindparam("lane"))
_HELD_COUNT = sa.select(sa.func.count()).select_from(inbox).where(_STILL_HELD)
_OF_CONFIGURED = inbox.c.messenger.in_(sa.bindparam("messengers", expanding=True))
_LEFT_OVER = (
    sa.select(inbox.c.messenger, sa.func.count())
    .where(sa.or_(_STILL_WAITING, _STILL_HELD), ~_OF_CONFIGURED)
    .group_by(inbox.c.messenger)
    .order_by(inbox.c.messenger)
)
# In one statement, so that it costs one way to the server: the lane's lock, and whether it is this update's turn.
# What the statement sees may be a moment old: then too much waits, never too little, and nobody's turn comes early.
_TAKE_TURNS = sa.text(
    """
    SELECT mine.id
    FROM unnest(CAST(:ids AS bigint[]), CAST(:keys AS integer[]), CAST(:attempts AS integer[]))
        AS mine (id, key, attempts)
    JOIN inbox ON inbox.id = mine.id AND inbox.state = 'waiting' AND inbox.attempts = mine.attempts
    WHERE pg_try_advisory_xact_lock(:locks, mine.key) AND inbox.id = (
        SELECT min(other.id) FROM inbox AS other WHERE other.lane = inbox.lane AND other.state = 'waiting'
    )
    """
)
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


def shard_of(lane: str) -> int:
    """Return the shard of a lane: workers share the shards among them."""
    return crc32(lane.encode()) % SHARDS


def _lock_key(lane: str) -> int:
    return crc32(lane.encode()) - 2**31


async def _states(tx: Transaction, messenger: str, arrivals: Sequence[Arrival]) -> list[str]:
    """Say for each arrival whether it may wait or is held, because its lane is full or others of it are held.

    Repetitions are not stored, whatever is said of them, and take no room.
    """
    lanes = list({arrival.lane for arrival in arrivals})
    numbers = list({arrival.update_id for arrival in arrivals})
    filled, known = Counter[str](), set[tuple[str, int]]()
    for kind, name, count in await tx.execute(_FILLED, {"messenger": messenger, "lanes": lanes, "numbers": numbers}):
        if kind:
            known.add((name, count))
        else:
            filled[name] = max(filled[name], count)
    states = []
    for arrival in arrivals:
        key = arrival.identity, arrival.update_id
        filled[arrival.lane] += key not in known
        known.add(key)
        states.append("waiting" if filled[arrival.lane] <= LANE_BOUND else "held")
    return states


async def receive(tx: Transaction, messenger: str, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Store a batch in its order, leave out what is already there; return how many were new.

    On PostgreSQL one batch of a messenger is stored at a time, whoever stores it: so row numbers become visible in
    their order, and nobody takes a number for the lowest while a lower one is being committed.
    """
    if not arrivals:
        return 0
    if tx.dialect.name == "postgresql":
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_RECEIVING_LOCKS, _lock_key(messenger))))
    rows = [
        {
            "messenger": messenger,
            "update_id": arrival.update_id,
            "identity": arrival.identity,
            "lane": arrival.lane,
            "shard": shard_of(arrival.lane),
            "body": arrival.body,
            "received_at": now,
            "state": state,
        }
        for arrival, state in zip(arrivals, await _states(tx, messenger, arrivals), strict=True)
    ]
    return len((await tx.execute(_RECEIVE.for_(tx), rows)).all())


async def waiting_after(
    tx: Transaction, messenger: str, after: int, limit: int, share: tuple[int, int] = (0, 1)
) -> list[Waiting]:
    """Return the messenger's waiting updates with numbers above `after`, oldest first.

    `share` is (number, of): worker `number` of `of` sees only its own shards.
    """
    values: dict[str, object] = {"messenger": messenger, "after": after, "limit": limit}
    number, of = share
    if of == 1:
        rows = await tx.execute(_AFTER, values)
    else:
        rows = await tx.execute(_AFTER_OF_SHARE, values | {"number": number, "of": of})
    return [Waiting(*row) for row in rows]


async def numbers_up_to(tx: Transaction, messenger: str, up_to: int, share: tuple[int, int]) -> set[int]:
    """Return the numbers, none above `up_to`, of what waits of a share (number, of) of a messenger."""
    values: dict[str, object] = {"messenger": messenger, "up_to": up_to}
    number, of = share
    if of == 1:
        return set(await tx.scalars(_NUMBERS, values))
    return set(await tx.scalars(_NUMBERS_OF_SHARE, values | {"number": number, "of": of}))


async def of_numbers(tx: Transaction, rows: Collection[int]) -> list[Waiting]:
    """Return those of these updates that wait, oldest first."""
    return [Waiting(*row) for row in await tx.execute(_OF_NUMBERS, {"rows": list(rows)})]


async def of_lane(tx: Transaction, lane: str) -> list[Waiting]:
    """Return what waits of one lane, oldest first."""
    return [Waiting(*row) for row in await tx.execute(_OF_LANE, {"lane": lane})]


async def take_turns(tx: Transaction, rows: Collection[Waiting]) -> set[int]:
    """Keep the lanes of these updates to this transaction and return the updates whose turn it is.

    For several workers on one PostgreSQL. An update whose lane is in another's hands, that is not the oldest of its
    lane, or that was tried or handled since it was read, is left out.
    """
    values = {
        "ids": [row.id for row in rows],
        "keys": [_lock_key(row.lane) for row in rows],
        "attempts": [row.attempts for row in rows],
        "locks": _LANE_LOCKS,
    }
    return set(await tx.scalars(_TAKE_TURNS, values))


async def neglected(tx: Transaction, share: tuple[int, int], since: datetime, limit: int = 20) -> list[str]:
    """Return lanes of other workers' shards in which something has waited since before `since`."""
    values = {"number": share[0], "of": share[1], "since": since, "limit": limit}
    return list(await tx.scalars(_NEGLECTED, values))


async def held_lanes(tx: Transaction) -> list[str]:
    """Return the lanes of which something is held."""
    return list(await tx.scalars(_HELD_LANES))


async def let_in(tx: Transaction, lane: str) -> list[Waiting]:
    """Let held updates of a lane wait for their turn, as many as it has room for; return them, oldest first."""
    room = LANE_BOUND - int((await tx.execute(_LANE_COUNT, {"lane": lane})).scalar_one())
    if room <= 0:
        return []
    # The numbers first: PostgreSQL may run a subquery with a limit anew for each row of the table.
    held = (await tx.scalars(_OLDEST_HELD, {"lane": lane, "limit": room})).all()
    if not held:
        return []
    rows = await tx.execute(_LET_IN, {"rows": held})
    return sorted((Waiting(*row) for row in rows), key=lambda row: row.id)


async def waiting_count(tx: Transaction) -> int:
    """Count the updates of all messengers that wait, without those that are held."""
    return int((await tx.execute(_COUNT)).scalar_one())


async def held_count(tx: Transaction) -> int:
    """Count the updates that are held because their chats have too many waiting."""
    return int((await tx.execute(_HELD_COUNT)).scalar_one())


async def room(tx: Transaction, bound: int, messengers: Collection[str] | None = None) -> int:
    """Count how many more updates should be taken in where so many may wait and some times as many be held.

    What waits of others than `messengers` is nobody's work and takes no room; it is told apart only when there is none.
    """
    left = bound - await waiting_count(tx)
    left = left if left <= 0 else min(left, _HELD_BOUND * bound - await held_count(tx))
    if left > 0 or messengers is None:
        return left
    values = {"messengers": list(messengers)}
    waiting, held = [await tx.scalar(count.where(_OF_CONFIGURED), values) or 0 for count in (_COUNT, _HELD_COUNT)]
    return min(bound - waiting, _HELD_BOUND * bound - held)


async def is_full(tx: Transaction, bound: int, messengers: Collection[str] | None = None) -> bool:
    """Say whether so many updates wait, or so many times more are held, that no more should be taken in."""
    return await room(tx, bound, messengers) <= 0


async def left_over(tx: Transaction, messengers: Collection[str]) -> dict[str, int]:
    """Count what waits or is held of messengers other than these, which nobody will handle."""
    rows = await tx.execute(_LEFT_OVER, {"messengers": list(messengers)})
    return {row[0]: row[1] for row in rows}


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
