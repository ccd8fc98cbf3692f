"""What units look for among their open requests: what somebody has in hand, what is near, how the day stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

import sqlalchemy as sa

from domain.lifecycle import BY_DEED, Deed, State
from storage.database import Transaction
from storage.requests import late
from storage.tables import requests

_OPEN = requests.c.state != sa.literal_column("'closed'")  # literal, or the partial index is not used
_TO_WORK_ON = (_OPEN, requests.c.state != State.ROSTER)  # what waits for a manager is nobody else's to read
_HANDED = tuple(BY_DEED[Deed.HAND_OVER].since)
_IN_HAND = (_OPEN, requests.c.state.in_(_HANDED), requests.c.unit == sa.bindparam("of_unit"))
_HELD_BY = (
    sa.select(requests.c.id)
    .where(*_IN_HAND, requests.c.in_hand_of == sa.bindparam("person"))
    .order_by(requests.c.id)
    .limit(sa.bindparam("most"))
)
_HELD = (
    sa.select(requests.c.in_hand_of, sa.func.count())
    .where(*_IN_HAND, requests.c.in_hand_of.is_not(None))
    .group_by(requests.c.in_hand_of)
)
_EAST = (requests.c.lon - sa.bindparam("lon", type_=sa.Float)) * sa.bindparam("shrunk", type_=sa.Float)
_NORTH = requests.c.lat - sa.bindparam("lat", type_=sa.Float)
_NEAREST = (  # the earth is flat enough within a city
    sa.select(requests.c.id)
    .where(*_TO_WORK_ON, requests.c.unit.in_(sa.bindparam("of_units", expanding=True)), requests.c.lat.is_not(None))
    .order_by(_EAST * _EAST + _NORTH * _NORTH, requests.c.id)
    .limit(sa.bindparam("most"))
)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


_DAY = sa.select(
    sa.func.count(),
    _sum(sa.and_(requests.c.deadline_at >= sa.bindparam("now"), late(sa.bindparam("evening")))),
    _sum(late(sa.bindparam("now"))),
    _sum(requests.c.state == State.ASKED),
    _sum(requests.c.state == State.REOPENED),
).where(*_TO_WORK_ON, requests.c.unit == sa.bindparam("of_unit"))


@dataclass(frozen=True, slots=True)
class Day:
    """How a unit's day stands: open requests, and of these those due today, late, waiting for the citizen, reopened."""

    open: int
    due: int
    late: int
    asked: int
    reopened: int


async def held_by(tx: Transaction, unit: str, person: int, most: int) -> list[int]:
    """List what somebody has in hand in a unit and could hand over, the oldest first."""
    return list(await tx.scalars(_HELD_BY, {"of_unit": unit, "person": person, "most": most}))


async def held(tx: Transaction, unit: str) -> dict[int, int]:
    """Count what each person has in hand in a unit."""
    return {row[0]: int(row[1]) for row in await tx.execute(_HELD, {"of_unit": unit})}


async def nearest(tx: Transaction, units: Collection[str], lat: float, lon: float, most: int) -> list[int]:
    """List the open requests of `units` that are nearest to a place, those without a position left out."""
    here = {"lat": lat, "lon": lon, "shrunk": cos(radians(lat))}
    return list(await tx.scalars(_NEAREST, {"of_units": list(units), "most": most, **here}))


async def day_of(tx: Transaction, unit: str, now: datetime, evening: datetime) -> Day:
    """Count a unit's open requests for its morning digest."""
    row = (await tx.execute(_DAY, {"of_unit": unit, "now": now, "evening": evening})).one()
    return Day(*(int(number) for number in row))
