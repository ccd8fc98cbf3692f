"""Requests around a point: what is open there, and what has changed there since a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain import geo
from domain.geo import Position
from domain.lifecycle import Outcome, State
from storage.database import Transaction
from storage.tables import accounts, requests

_MOST = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """What may be told of a request to people around: neither its code nor anybody's words or address."""

    id: int
    subject: str
    at: Position
    filed_at: datetime
    state: State
    outcome: Outcome | None
    closed_at: datetime | None
    planned_for: datetime | None


_theirs = sa.select(accounts.c.id).where(accounts.c.person_id == sa.bindparam("person"))
_TOLD = sa.select(
    requests.c.id,
    requests.c.subject,
    requests.c.lat,
    requests.c.lon,
    requests.c.filed_at,
    requests.c.state,
    requests.c.outcome,
    requests.c.closed_at,
    requests.c.planned_for,
).where(
    requests.c.subject.in_(sa.bindparam("subjects", expanding=True)),
    requests.c.account_id.not_in(_theirs),
    requests.c.parent_id.is_(None),
    requests.c.state != State.ROSTER,
)
_EAST_WEST = requests.c.lon.between(sa.bindparam("west"), sa.bindparam("east"))
_OPEN = (
    _TOLD.where(
        requests.c.state != sa.literal_column("'closed'"),  # literal, or the partial index is not used
        requests.c.lat.between(sa.bindparam("south"), sa.bindparam("north")),
        _EAST_WEST,
        requests.c.filed_at >= sa.bindparam("since"),
    )
    .order_by(requests.c.id.desc())
    .limit(_MOST)
)
_CHANGED = (
    _TOLD.where(
        requests.c.changed_at.between(sa.bindparam("since"), sa.bindparam("until")),
        # Reckoned, so that it is looked up by the day and not by all that ever was at this latitude.
        (requests.c.lat + 0.0).between(sa.bindparam("south"), sa.bindparam("north")),
        _EAST_WEST,
    )
    .order_by(requests.c.id)
    .limit(_MOST)
)


def _spot(row: Any) -> Spot:
    at = Position(row.lat, row.lon)
    outcome = Outcome(row.outcome) if row.outcome else None
    return Spot(row.id, row.subject, at, row.filed_at, State(row.state), outcome, row.closed_at, row.planned_for)


def _values(here: Position, metres: float, subjects: Collection[str], person: int) -> dict[str, Any]:
    low, high = geo.box(here, metres)
    box = {"south": low.lat, "north": high.lat, "west": low.lon, "east": high.lon}
    return {**box, "subjects": sorted(subjects), "person": person}


def _within(rows: Any, here: Position, metres: float) -> list[Spot]:
    spots = [_spot(row) for row in rows]
    return [spot for spot in spots if geo.distance_m(here, spot.at) <= metres]


async def open_around(
    tx: Transaction, here: Position, metres: float, subjects: Collection[str], *, person: int, filed_since: datetime
) -> list[Spot]:
    """List other people's open requests on these subjects within so many metres, newest first."""
    values = _values(here, metres, subjects, person)
    return _within(await tx.execute(_OPEN, {**values, "since": filed_since}), here, metres)


async def changed_around(
    tx: Transaction,
    here: Position,
    metres: float,
    subjects: Collection[str],
    *,
    person: int,
    span: tuple[datetime, datetime],
) -> list[Spot]:
    """List other people's requests on these subjects within so many metres that changed in a span of time."""
    since, until = span
    values = _values(here, metres, subjects, person)
    return _within(await tx.execute(_CHANGED, {**values, "since": since, "until": until}), here, metres)
