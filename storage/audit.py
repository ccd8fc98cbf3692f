"""The audit trail: what was done outside a request's own history, and every refusal with its reason."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import audit


async def record(
    tx: Transaction,
    *,
    act: str,
    person: int | None,
    messenger: str | None,
    now: datetime,
    refused: str | None = None,
    request: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Append a row."""
    row = {"act": act, "person_id": person, "messenger": messenger, "at": now, "refused": refused, "data": data}
    await tx.execute(sa.insert(audit).values(request_id=request, **row))


async def seen_lately(tx: Transaction, act: str, person: int, since: datetime) -> set[int]:
    """Return the requests that a person's rows of this kind name since a time."""
    query = sa.select(audit.c.request_id).where(audit.c.at >= since, audit.c.act == act, audit.c.person_id == person)
    return {row.request_id for row in await tx.execute(query) if row.request_id is not None}


async def data_lately(tx: Transaction, act: str, person: int, since: datetime) -> list[dict[str, Any]]:
    """Return what a person's rows of this kind hold since a time."""
    query = sa.select(audit.c.data).where(audit.c.at >= since, audit.c.act == act, audit.c.person_id == person)
    return [dict(data or {}) for data in await tx.scalars(query)]


async def latest(tx: Transaction, limit: int = 50) -> list[Any]:
    """List the newest rows first."""
    return list(await tx.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(limit)))
