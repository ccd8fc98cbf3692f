"""What people put right in the machine's guesses: append-only, for it to learn from."""

from datetime import datetime

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import corrections


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
