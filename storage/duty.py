"""Who of a unit is called for what cannot wait, and in which order."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.roles import IN_A_UNIT
from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import absences, accounts, duty, memberships, people


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a unit's list; `reachable`: at least one of their accounts can be written to."""

    person: int
    name: str
    on_duty: bool
    since: datetime
    reachable: bool


_reached = (
    sa.select(accounts.c.id).where(accounts.c.person_id == duty.c.person_id, accounts.c.reachable).limit(1).exists()
)
_works_there = (
    sa.select(memberships.c.id)
    .where(
        memberships.c.person_id == duty.c.person_id,
        memberships.c.unit == duty.c.unit,
        memberships.c.role.in_(sorted(IN_A_UNIT)),
        memberships.c.ended_at.is_(None),
    )
    .exists()
)
_away = (  # whoever is on leave is on duty again when they are back
    sa.select(absences.c.id)
    .where(absences.c.person_id == duty.c.person_id, absences.c.unit == duty.c.unit, absences.c.ended_at.is_(None))
    .exists()
)
_ON_DUTY = sa.and_(duty.c.on_duty, ~_away)
_OF_UNIT = (
    sa.select(duty.c.person_id, people.c.name, _ON_DUTY.label("is_on"), duty.c.changed_at, _reached.label("reached"))
    .join(people, people.c.id == duty.c.person_id)
    .where(duty.c.unit == sa.bindparam("of_unit"), _works_there)
    .order_by(duty.c.place, duty.c.id)
)
_LAST = (
    sa.select(sa.func.coalesce(sa.func.max(duty.c.place), 0) + 1)
    .where(duty.c.unit == sa.bindparam("of_unit"))
    .scalar_subquery()
)
_SAY = PerDialect(
    lambda insert: (
        insert(duty)
        .values(
            unit=sa.bindparam("of_unit"),
            person_id=sa.bindparam("person"),
            place=_LAST,
            on_duty=sa.bindparam("is_on"),
            changed_at=sa.bindparam("now"),
        )
        .on_conflict_do_update(
            index_elements=["unit", "person_id"],
            set_={"on_duty": sa.bindparam("is_on"), "changed_at": sa.bindparam("now")},
        )
    )
)
_UNITS = sa.select(duty.c.unit).where(duty.c.person_id == sa.bindparam("person"), _ON_DUTY)


async def of_unit(tx: Transaction, unit: str) -> list[Listed]:
    """List who is on a unit's list and works there, in the order of calling."""
    return [Listed(*row) for row in await tx.execute(_OF_UNIT, {"of_unit": unit})]


async def units_of(tx: Transaction, person: int) -> set[str]:
    """Return the units for which somebody is on duty now."""
    return set(await tx.scalars(_UNITS, {"person": person}))


async def say(tx: Transaction, unit: str, person: int, now: datetime, *, on: bool) -> None:
    """Let somebody be on duty, or off; a newcomer is called last."""
    await tx.execute(_SAY.for_(tx), {"of_unit": unit, "person": person, "is_on": on, "now": now})


async def remove(tx: Transaction, unit: str, person: int) -> None:
    """Take somebody off a unit's list."""
    await tx.execute(sa.delete(duty).where(duty.c.unit == unit, duty.c.person_id == person))


async def order(tx: Transaction, unit: str, persons: list[int]) -> None:
    """Call these in this order."""
    rows = [{"of_unit": unit, "person": person, "nth": place} for place, person in enumerate(persons, 1)]
    mine = sa.update(duty).where(duty.c.unit == sa.bindparam("of_unit"), duty.c.person_id == sa.bindparam("person"))
    if rows:
        await tx.execute(mine.values(place=sa.bindparam("nth")), rows)
