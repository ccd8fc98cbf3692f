"""Accounts and the people behind them, and the groups the bot has seen."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import Account, Actor, Membership
from domain.roles import Role
from storage.database import Transaction
from storage.tables import accounts, groups, memberships, people


def _account(row: Any) -> Account:
    return Account(row.id, row.messenger, row.user_id, row.person_id, row.name, row.reachable)


async def account(tx: Transaction, account_id: int) -> Account:
    """Return an account by its number."""
    return _account((await tx.execute(sa.select(accounts).where(accounts.c.id == account_id))).one())


async def find(tx: Transaction, messenger: str, user_id: int) -> Account | None:
    """Return the account of a messenger's user, if we know it."""
    query = sa.select(accounts).where(accounts.c.messenger == messenger, accounts.c.user_id == user_id)
    row = (await tx.execute(query)).one_or_none()
    return _account(row) if row else None


async def meet(
    tx: Transaction, messenger: str, user_id: int, name: str, now: datetime, *, in_private: bool = True
) -> Account:
    """Return the account of whoever wrote, new or known, with today's name.

    A word in private makes the account reachable again; one in a group does not open the private chat.
    """
    known = await find(tx, messenger, user_id)
    if known is not None:
        back = in_private and not known.reachable
        if known.name != name or back:
            change = sa.update(accounts).where(accounts.c.id == known.id).values(name=name, seen_at=now)
            await tx.execute(change.values(reachable=True, unreachable_reason=None) if back else change)
        return Account(known.id, messenger, user_id, known.person, name, known.reachable or back)
    person = (await tx.execute(sa.insert(people).values(name=name, created_at=now).returning(people.c.id))).scalar_one()
    row = sa.insert(accounts).values(messenger=messenger, user_id=user_id, person_id=person, name=name, seen_at=now)
    number = (await tx.execute(row.values(reachable=in_private).returning(accounts.c.id))).scalar_one()
    return Account(number, messenger, user_id, person, name, in_private)


async def mark_unreachable(tx: Transaction, messenger: str, user_id: int, reason: str) -> None:
    """Remember that a person cannot be written to (they blocked the bot, or left)."""
    change = sa.update(accounts).where(accounts.c.messenger == messenger, accounts.c.user_id == user_id)
    await tx.execute(change.values(reachable=False, unreachable_reason=reason))


async def accounts_of(tx: Transaction, person: int) -> list[Account]:
    """List a person's accounts, the most recently seen first."""
    query = sa.select(accounts).where(accounts.c.person_id == person).order_by(accounts.c.seen_at.desc())
    return [_account(row) for row in await tx.execute(query)]


async def phone_of(tx: Transaction, person: int) -> str | None:
    """Return the person's verified number, E.164."""
    return (await tx.execute(sa.select(people.c.phone).where(people.c.id == person))).scalar_one_or_none()


async def holder_of_phone(tx: Transaction, phone: str) -> int | None:
    """Return the person who verified this number."""
    return (await tx.execute(sa.select(people.c.id).where(people.c.phone == phone))).scalar_one_or_none()


async def set_phone(tx: Transaction, person: int, phone: str) -> None:
    """Store a number that the messenger vouched for."""
    await tx.execute(sa.update(people).where(people.c.id == person).values(phone=phone))


async def join(tx: Transaction, account_id: int, person: int) -> None:
    """Make `account_id` one of `person`'s accounts: the messenger vouched for the same number on both."""
    await tx.execute(sa.update(accounts).where(accounts.c.id == account_id).values(person_id=person))


async def memberships_of(tx: Transaction, person: int) -> tuple[Membership, ...]:
    """List the roles a person holds now."""
    query = sa.select(memberships).where(memberships.c.person_id == person, memberships.c.ended_at.is_(None))
    rows = await tx.execute(query.order_by(memberships.c.id))
    return tuple(Membership(row.id, row.person_id, Role(row.role), row.unit, row.granted_at) for row in rows)


async def actor(tx: Transaction, who: Account) -> Actor:
    """Return the account with the roles it holds at this moment."""
    return Actor(who, await memberships_of(tx, who.person))


async def see_group(tx: Transaction, messenger: str, chat_id: int, title: str, now: datetime) -> str | None:
    """Remember a group that the bot is in; return the unit it belongs to."""
    here = (groups.c.messenger == messenger, groups.c.chat_id == chat_id)
    row = (await tx.execute(sa.select(groups).where(*here))).one_or_none()
    if row is None:
        await tx.execute(sa.insert(groups).values(messenger=messenger, chat_id=chat_id, title=title, seen_at=now))
        return None
    if row.title != title or not row.active:
        await tx.execute(sa.update(groups).where(*here).values(title=title, active=True, seen_at=now))
    return str(row.unit) if row.unit else None


async def set_group_unit(tx: Transaction, messenger: str, chat_id: int, unit: str | None) -> None:
    """Say whose cards a group gets."""
    here = (groups.c.messenger == messenger, groups.c.chat_id == chat_id)
    await tx.execute(sa.update(groups).where(*here).values(unit=unit))


async def leave_group(tx: Transaction, messenger: str, chat_id: int) -> str | None:
    """Remember that the bot is out of a group; return the unit whose cards went there."""
    here = (groups.c.messenger == messenger, groups.c.chat_id == chat_id)
    unit = (await tx.execute(sa.select(groups.c.unit).where(*here))).scalar_one_or_none()
    await tx.execute(sa.update(groups).where(*here).values(active=False))
    return unit


async def move_group(tx: Transaction, messenger: str, old: int, new: int) -> None:
    """Follow a group that the messenger gave a new number."""
    here = (groups.c.messenger == messenger, groups.c.chat_id == old)
    await tx.execute(sa.delete(groups).where(groups.c.messenger == messenger, groups.c.chat_id == new))
    await tx.execute(sa.update(groups).where(*here).values(chat_id=new))


async def groups_of_unit(tx: Transaction, unit: str) -> list[tuple[str, int]]:
    """List the (messenger, chat) of a unit's groups the bot is still in."""
    query = sa.select(groups.c.messenger, groups.c.chat_id).where(groups.c.unit == unit, groups.c.active)
    return [(row.messenger, row.chat_id) for row in await tx.execute(query)]


async def groups_seen(tx: Transaction) -> list[Any]:
    """List every group ever seen: rows of messenger, chat_id, title, unit, active."""
    return list(await tx.execute(sa.select(groups).order_by(groups.c.messenger, groups.c.chat_id)))


async def unreachable_counts(tx: Transaction) -> dict[str, int]:
    """Count, per messenger, the accounts that cannot be written to."""
    query = sa.select(accounts.c.messenger, sa.func.count()).where(~accounts.c.reachable).group_by(accounts.c.messenger)
    return {row[0]: row[1] for row in await tx.execute(query)}


def named_administrator(person: int) -> Membership:
    """Return the role of somebody whom the settings name as administrator; there is no row behind it."""
    return Membership(0, person, Role.ADMINISTRATOR, "", datetime.min.replace(tzinfo=UTC))
