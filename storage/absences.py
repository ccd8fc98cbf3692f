"""Who is away from a unit, until when, and who works in their place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import absences, people


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away; `acting` is the headship that the stand-in was given for that time."""

    id: int
    person: int
    name: str
    stand_in: int
    stand_in_name: str
    unit: str
    until: datetime | None
    acting: int | None


_stand_in = people.alias("stand_in")
_OPEN = (
    sa.select(absences, people.c.name, _stand_in.c.name.label("stand_in_name"))
    .join(people, people.c.id == absences.c.person_id)
    .join(_stand_in, _stand_in.c.id == absences.c.stand_in)
    .where(absences.c.ended_at.is_(None))
    .order_by(absences.c.id)
)


def _absence(row: Any) -> Absence:
    return Absence(row.id, row.person_id, row.name, row.stand_in, row.stand_in_name, row.unit, row.until, row.acting)


async def begin(
    tx: Transaction, person: int, unit: str, stand_in: int, until: datetime | None, acting: int | None, now: datetime
) -> int:
    """Keep that somebody is away from now on, and return the row's number."""
    values = {"person_id": person, "unit": unit, "stand_in": stand_in, "since": now, "until": until, "acting": acting}
    return int((await tx.execute(sa.insert(absences).values(values).returning(absences.c.id))).scalar_one())


async def find(tx: Transaction, person: int, unit: str) -> Absence | None:
    """Return somebody's absence from a unit, while it lasts."""
    row = (await tx.execute(_OPEN.where(absences.c.person_id == person, absences.c.unit == unit))).one_or_none()
    return _absence(row) if row else None


async def by_number(tx: Transaction, number: int) -> Absence | None:
    """Return an absence by its number, while it lasts."""
    row = (await tx.execute(_OPEN.where(absences.c.id == number))).one_or_none()
    return _absence(row) if row else None


async def stood_in_for(tx: Transaction, unit: str, stand_in: int) -> list[Absence]:
    """List those in whose place somebody works in a unit now."""
    rows = await tx.execute(_OPEN.where(absences.c.stand_in == stand_in, absences.c.unit == unit))
    return [_absence(row) for row in rows]


async def pass_on(tx: Transaction, number: int, stand_in: int, acting: int | None) -> None:
    """Let another one work in the place of somebody who is away."""
    change = sa.update(absences).where(absences.c.id == number)
    await tx.execute(change.values(stand_in=stand_in, acting=acting))


async def end(tx: Transaction, number: int, now: datetime) -> bool:
    """Keep that somebody is back; False when they were already."""
    change = sa.update(absences).where(absences.c.id == number, absences.c.ended_at.is_(None))
    return (await tx.execute(change.values(ended_at=now))).rowcount == 1


async def move(tx: Transaction, old: int, new: int) -> None:
    """Two accounts turned out to be one person's: what was kept of `old` is of `new`."""
    for column in (absences.c.person_id, absences.c.stand_in):
        await tx.execute(sa.update(absences).where(column == old, absences.c.ended_at.is_(None)).values({column: new}))
