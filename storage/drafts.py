"""Drafts: what citizens have said so far. One open draft per account, an operator's for who is calling beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


# Built once: building a statement costs more than running it.
_WHOLE = sa.select(
    drafts.c.id, drafts.c.account_id, drafts.c.state, drafts.c.slots, drafts.c.request_id, drafts.c.updated_at
).with_for_update()
_OPEN_OF = _WHOLE.where(
    drafts.c.account_id == sa.bindparam("account"),
    drafts.c.for_caller == sa.bindparam("called"),
    drafts.c.state == sa.literal_column("'open'"),  # literal, or the partial index is not used
)
_BY_ID = _WHOLE.where(drafts.c.id == sa.bindparam("number"))
_BEGIN = sa.insert(drafts).returning(drafts.c.id)
_SAVE = (
    sa.update(drafts)
    .where(drafts.c.id == sa.bindparam("number"))
    .values(slots=sa.bindparam("said"), updated_at=sa.bindparam("now"))
)
_CLOSE = (
    sa.update(drafts)
    .where(drafts.c.id == sa.bindparam("number"))
    .values(state=sa.bindparam("end"), request_id=sa.bindparam("request"), updated_at=sa.bindparam("now"))
)


def _draft(row: Any) -> Draft:
    number, account, state, slots, request, updated_at = row
    return Draft(number, account, state, Slots.model_validate(slots), request, updated_at)


async def open_of(tx: Transaction, account: int, *, for_caller: bool = False) -> Draft | None:
    """Return the account's open draft, its own or the one for who is calling, locked until the transaction ends."""
    row = (await tx.execute(_OPEN_OF, {"account": account, "called": for_caller})).one_or_none()
    return _draft(row) if row else None


async def get(tx: Transaction, number: int) -> Draft | None:
    """Return a draft by its number, locked until the transaction ends."""
    row = (await tx.execute(_BY_ID, {"number": number})).one_or_none()
    return _draft(row) if row else None


async def begin(tx: Transaction, account: int, slots: Slots, now: datetime) -> Draft:
    """Open a draft."""
    said, called = slots.model_dump(mode="json"), slots.caller is not None
    row = {"account_id": account, "for_caller": called, "slots": said, "created_at": now, "updated_at": now}
    number = (await tx.execute(_BEGIN, row)).scalar_one()
    return Draft(number, account, "open", slots, None, now)


async def save(tx: Transaction, draft: Draft, now: datetime) -> None:
    """Write the slots back."""
    await tx.execute(_SAVE, {"number": draft.id, "said": draft.slots.model_dump(mode="json"), "now": now})


async def close(tx: Transaction, draft: Draft, state: str, now: datetime, request: int | None = None) -> None:
    """End a draft as filed, cancelled or expired."""
    draft.state, draft.request = state, request
    await tx.execute(_CLOSE, {"number": draft.id, "end": state, "request": request, "now": now})
