"""Sentences that staff choose instead of typing; one that is changed or taken away stays as it was, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import templates


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence for a deed, `subject` None: for any; `words` with placeholders."""

    id: int
    deed: str
    subject: str | None
    title: str
    words: str


_IN_USE = templates.c.ended_at.is_(None)
_WHOLE = sa.select(templates.c.id, templates.c.deed, templates.c.subject, templates.c.title, templates.c.words).where(
    _IN_USE
)
_FOR_DEED = (
    _WHOLE.where(
        templates.c.deed == sa.bindparam("for_deed"),
        sa.or_(templates.c.subject.is_(None), templates.c.subject == sa.bindparam("on_subject")),
    )
    .order_by(templates.c.subject.is_(None), templates.c.id)
    .limit(sa.bindparam("most"))
)
_DEFAULT = PerDialect(lambda insert: insert(templates).on_conflict_do_nothing(index_elements=["came_as"]))


def _template(row: Any) -> Template:
    return Template(*row)


async def have_come(tx: Transaction) -> int:
    """Count the sentences that came with the programme, those taken away since among them."""
    return int(await tx.scalar(sa.select(sa.func.count()).where(templates.c.came_as.is_not(None))) or 0)


async def bring(tx: Transaction, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Store sentences that come with the programme; each comes once, also when it was taken away since."""
    await tx.execute(_DEFAULT.for_(tx), [{**row, "created_at": now} for row in rows])


async def for_deed(tx: Transaction, deed: str, subject: str | None, most: int) -> list[Template]:
    """List what may be said with a deed: the subject's own first."""
    values = {"for_deed": deed, "on_subject": subject, "most": most}
    return [_template(row) for row in await tx.execute(_FOR_DEED, values)]


async def all_of(tx: Transaction, deed: str) -> list[Template]:
    """List every sentence of a deed, of all subjects."""
    query = _WHOLE.where(templates.c.deed == deed).order_by(templates.c.id)
    return [_template(row) for row in await tx.execute(query)]


async def counts(tx: Transaction) -> dict[str, int]:
    """Count the sentences in use by deed."""
    query = sa.select(templates.c.deed, sa.func.count().label("number")).where(_IN_USE).group_by(templates.c.deed)
    return {row.deed: row.number for row in await tx.execute(query)}


async def find(tx: Transaction, number: int) -> Template | None:
    """Return a sentence in use by its number."""
    row = (await tx.execute(_WHOLE.where(templates.c.id == number))).one_or_none()
    return _template(row) if row else None


async def add(
    tx: Transaction, *, deed: str, subject: str | None, title: str, words: str, by: int, now: datetime
) -> int:
    """Store a new sentence and return its number."""
    row = sa.insert(templates).values(
        deed=deed, subject=subject, title=title, words=words, created_by=by, created_at=now
    )
    return int((await tx.execute(row.returning(templates.c.id))).scalar_one())


async def end(tx: Transaction, number: int, now: datetime) -> bool:
    """Take a sentence out of use; False when it was already."""
    change = sa.update(templates).where(templates.c.id == number, _IN_USE)
    return (await tx.execute(change.values(ended_at=now))).rowcount == 1
