"""Two accounts turned out to be one person's: the work and the roles of one of them are of the other from now on."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import absences, calls
from storage.database import Transaction
from storage.tables import absences as absence_rows
from storage.tables import duty, invitations, memberships, requests, sessions

_WORK = (
    requests.c.in_hand_of,
    requests.c.claimed_by,
    requests.c.filed_by,
    sessions.c.manager_id,
    invitations.c.created_by,
)
"""Columns that name whoever works on something, or answers for it."""


async def move_work(tx: Transaction, old: int, new: int, now: datetime) -> None:
    """Let `new` have the roles of `old` and all that came with them, so that no work is left with nobody."""
    if not await _move_roles(tx, old, new, now):
        return  # most people work nowhere, and requests are not looked through for them
    await absences.move(tx, old, new)
    for column in _WORK:
        await _rename(tx, column, old, new)
    there = sa.select(duty.c.unit).where(duty.c.person_id == new)
    await tx.execute(sa.delete(duty).where(duty.c.person_id == old, duty.c.unit.in_(there)))
    await _rename(tx, duty.c.person_id, old, new)
    await calls.rename(tx, old, new)


async def _rename(tx: Transaction, column: sa.Column[Any], old: int, new: int) -> None:
    await tx.execute(sa.update(column.table).where(column == old).values({column: new}))


async def _move_roles(tx: Transaction, old: int, new: int, now: datetime) -> bool:
    """Move the roles, keeping their rows: what was given for a time can still be taken back. False without any."""
    held = sa.select(memberships.c.id, memberships.c.person_id, memberships.c.role, memberships.c.unit)
    both = (
        await tx.execute(held.where(memberships.c.person_id.in_([old, new]), memberships.c.ended_at.is_(None)))
    ).all()
    own = {(row.role, row.unit) for row in both if row.person_id == new}
    theirs = [row for row in both if row.person_id == old]
    for row in theirs:
        change = sa.update(memberships).where(memberships.c.id == row.id)
        if (row.role, row.unit) in own:  # held for good already: the end of an absence must not take it away
            await tx.execute(change.values(ended_at=now))
            await tx.execute(sa.update(absence_rows).where(absence_rows.c.acting == row.id).values(acting=None))
        else:
            await tx.execute(change.values(person_id=new))
    return bool(theirs)
