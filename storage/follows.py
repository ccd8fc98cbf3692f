"""Areas that citizens follow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.geo import Position
from storage.database import Transaction
from storage.tables import accounts, follows


@dataclass(frozen=True, slots=True)
class Area:
    """A circle that an account follows; news up to `told_until` was told."""

    id: int
    account: int
    at: Position
    metres: int
    name: str
    told_until: datetime


_LIVE = follows.c.ended_at.is_(None)
_OF_PERSON = (
    sa.select(follows)
    .join(accounts, accounts.c.id == follows.c.account_id)
    .where(accounts.c.person_id == sa.bindparam("person"), _LIVE)
    .order_by(follows.c.id)
)
_OF_ACCOUNT = sa.select(follows).where(follows.c.account_id == sa.bindparam("account"), _LIVE).order_by(follows.c.id)


def _area(row: Any) -> Area:
    return Area(row.id, row.account_id, Position(row.lat, row.lon), row.metres, row.name, row.told_until)


async def of_person(tx: Transaction, person: int) -> list[Area]:
    """List the areas that a person follows, with whichever account."""
    return [_area(row) for row in await tx.execute(_OF_PERSON, {"person": person})]


async def of_account(tx: Transaction, account: int) -> list[Area]:
    """List the areas whose news one account gets."""
    return [_area(row) for row in await tx.execute(_OF_ACCOUNT, {"account": account})]


async def add(tx: Transaction, *, account: int, at: Position, metres: int, name: str, now: datetime) -> None:
    """Let an account follow an area from now on."""
    circle = {"lat": at.lat, "lon": at.lon, "metres": metres, "name": name}
    await tx.execute(sa.insert(follows).values(account_id=account, **circle, since=now, told_until=now))


async def told(tx: Transaction, numbers: list[int], now: datetime) -> None:
    """Remember until when the news of these areas was told."""
    await tx.execute(sa.update(follows).where(follows.c.id.in_(numbers)).values(told_until=now))


async def stop(tx: Transaction, number: int, now: datetime) -> None:
    """Follow an area no longer."""
    await tx.execute(sa.update(follows).where(follows.c.id == number).values(ended_at=now))
