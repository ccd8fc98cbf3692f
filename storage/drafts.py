"""Drafts: what citizens have said so far. One open draft per account."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.draft import Slots
from storage.database import Transaction
from storage.tables import drafts


@dataclass(slots=True)
class Draft:
    """A draft row; `slots` may be changed and saved."""

    id: int
    account: int
    state: str
    slots: Slots
    request: int | None
    updated_at: datetime


def _draft(row: sa.Row[tuple[object, ...]]) -> Draft:
    slots = Slots.model_validate(row.slots)
    return Draft(row.id, row.account_id, row.state, slots, row.request_id, row.updated_at)


async def open_of(tx: Transaction, account: int) -> Draft | None:
    """Return the account's open draft, locked until the transaction ends."""
    query = sa.select(drafts).where(drafts.c.account_id == account, drafts.c.state == "open").with_for_update()
    row = (await tx.execute(query)).one_or_none()
    return _draft(row) if row else None


async def get(tx: Transaction, number: int) -> Draft | None:
    """Return a draft by its number, locked until the transaction ends."""
    row = (await tx.execute(sa.select(drafts).where(drafts.c.id == number).with_for_update())).one_or_none()
    return _draft(row) if row else None


async def begin(tx: Transaction, account: int, slots: Slots, now: datetime) -> Draft:
    """Open a draft."""
    row = sa.insert(drafts).values(
        account_id=account, slots=slots.model_dump(mode="json"), created_at=now, updated_at=now
    )
    number = (await tx.execute(row.returning(drafts.c.id))).scalar_one()
    return Draft(number, account, "open", slots, None, now)


async def save(tx: Transaction, draft: Draft, now: datetime) -> None:
    """Write the slots back."""
    change = sa.update(drafts).where(drafts.c.id == draft.id)
    await tx.execute(change.values(slots=draft.slots.model_dump(mode="json"), updated_at=now))


async def close(tx: Transaction, draft: Draft, state: str, now: datetime, request: int | None = None) -> None:
    """End a draft as filed, cancelled or expired."""
    draft.state, draft.request = state, request
    change = sa.update(drafts).where(drafts.c.id == draft.id)
    await tx.execute(change.values(state=state, request_id=request, updated_at=now))
