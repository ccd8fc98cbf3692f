"""When the machine was trained anew, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import lessons

ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One training: `outcome` is promoted, refused, failed or rolled_back, `model` the version in use afterwards."""

    at: datetime
    outcome: str
    model: str
    labels: int
    last_correction: int | None
    figures: dict[str, Any]


async def keep(tx: Transaction, lesson: Lesson) -> None:
    """Keep a lesson."""
    await tx.execute(
        sa.insert(lessons).values(
            at=lesson.at,
            outcome=lesson.outcome,
            model=lesson.model,
            labels=lesson.labels,
            last_correction=lesson.last_correction,
            figures=lesson.figures,
        )
    )


async def latest(tx: Transaction, limit: int = 10) -> list[Lesson]:
    """List the lessons, newest first."""
    rows = await tx.execute(sa.select(lessons).order_by(lessons.c.id.desc()).limit(limit))
    return [Lesson(row.at, row.outcome, row.model, row.labels, row.last_correction, row.figures or {}) for row in rows]


async def is_waiting(tx: Transaction) -> bool:
    """Say whether the model before was taken again and no lesson has succeeded since: the nights teach nothing then."""
    query = sa.select(lessons.c.outcome).where(lessons.c.outcome != "failed").order_by(lessons.c.id.desc()).limit(1)
    return bool(await tx.scalar(query) == ROLLED_BACK)


async def learnt_from(tx: Transaction) -> int:
    """Return the number of the newest correction that was learnt from; a lesson that failed taught nothing."""
    query = sa.select(sa.func.max(lessons.c.last_correction)).where(lessons.c.outcome != "failed")
    return int(await tx.scalar(query) or 0)
