"""What people put right in the machine's guesses: append-only, for it to learn from."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.lifecycle import Outcome, State
from domain.roles import Role
from storage.database import Transaction
from storage.tables import corrections, requests

_STAFF = (Role.OFFICIAL, Role.HEAD, Role.OPERATOR)
_WORKED_ON = (Outcome.SOLVED, Outcome.NOT_SOLVED, Outcome.WARNING)


@dataclass(frozen=True, slots=True)
class Label:
    """A citizen's words and the subject they were about; `corrected`: somebody of the staff said so outright."""

    text: str
    subject: str
    corrected: bool
    at: datetime


async def add(
    tx: Transaction,
    *,
    request: int,
    person: int,
    role: str,
    model: str,
    was: str | None,
    subject: str,
    now: datetime,
) -> None:
    """Keep that somebody, in a role, said `subject` where a request was filed under `was` (None: under nothing)."""
    row = {
        "request_id": request,
        "at": now,
        "person_id": person,
        "role": role,
        "model": model,
        "was": was,
        "subject": subject,
    }
    await tx.execute(sa.insert(corrections).values(row))


async def newest(tx: Transaction) -> int | None:
    """Return the number of the newest correction."""
    number: int | None = await tx.scalar(sa.select(sa.func.max(corrections.c.id)))
    return number


async def labels(tx: Transaction, limit: int = 20_000) -> list[Label]:
    """Return what is known about subjects, oldest first: the staff's corrections, and what a unit worked on as it came.

    A citizen's own choice counts once a unit has worked on it.
    """
    put_right = sa.select(corrections.c.id).where(
        corrections.c.request_id == requests.c.id, corrections.c.role.in_(_STAFF)
    )
    by_staff = sa.exists(put_right)
    # What becomes of a request after its subject was put right makes the label no newer: a lesson measures on new ones.
    said_at = sa.select(sa.func.max(corrections.c.at)).where(
        corrections.c.request_id == requests.c.id, corrections.c.role.in_(_STAFF)
    )
    at = sa.func.coalesce(said_at.scalar_subquery(), requests.c.changed_at).label("at")
    worked_on = sa.and_(requests.c.state == State.CLOSED, requests.c.outcome.in_(_WORKED_ON))
    query = (
        sa.select(requests.c.words, requests.c.subject, by_staff.label("corrected"), at)
        .where(requests.c.subject.is_not(None), requests.c.words != "", sa.or_(by_staff, worked_on))
        .order_by(requests.c.id.desc())
        .limit(limit)
    )
    found = [Label(row.words, row.subject, bool(row.corrected), row.at) for row in await tx.execute(query)]
    return found[::-1]
