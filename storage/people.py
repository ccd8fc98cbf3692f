"""Accounts and the people behind them, and the groups the bot has seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import PHONE, Account, Actor, Membership
from domain.roles import Role
from storage.database import Transaction
from storage.tables import accounts, groups, memberships, people, talks
from storage.talks import Talk

# Statements of every turn are built once: building one costs more than running it.
ACCOUNT = (
    accounts.c.id,
    accounts.c.messenger,
    accounts.c.user_id,
    accounts.c.person_id,
    accounts.c.name,
    accounts.c.reachable,
)
"""The columns of an `Account`, in its order."""
_BY_ID = sa.select(*ACCOUNT).where(accounts.c.id == sa.bindparam("number"))
_FIND = sa.select(*ACCOUNT).where(
    accounts.c.messenger == sa.bindparam("messenger"), accounts.c.user_id == sa.bindparam("user")
)
_NEW_PERSON = sa.insert(people).returning(people.c.id)
_NEW_ACCOUNT = sa.insert(accounts).returning(accounts.c.id)
_ROLE = (memberships.c.id, memberships.c.role, memberships.c.unit, memberships.c.granted_at)
_ROLES = (
    sa.select(*_ROLE)
    .where(memberships.c.person_id == sa.bindparam("person"), memberships.c.ended_at.is_(None))
    .order_by(memberships.c.id)
)
_KNOWN = (
    sa.select(*ACCOUNT, *_ROLE, talks.c.offered, talks.c.keyboard, talks.c.awaiting, talks.c.user_id)
    .select_from(
        accounts.outerjoin(
            memberships, sa.and_(memberships.c.person_id == accounts.c.person_id, memberships.c.ended_at.is_(None))
        ).outerjoin(
            talks,
            sa.and_(
                talks.c.messenger == accounts.c.messenger,
                talks.c.chat_id == sa.bindparam("chat"),
                talks.c.user_id == accounts.c.user_id,
            ),
        )
    )
    .where(accounts.c.messenger == sa.bindparam("messenger"), accounts.c.user_id == sa.bindparam("user"))
    .order_by(memberships.c.id)
)
_GROUP = sa.select(groups.c.title, groups.c.unit, groups.c.active).where(
    groups.c.messenger == sa.bindparam("messenger"), groups.c.chat_id == sa.bindparam("chat")
)
_AT_CHATS = sa.select(accounts.c.messenger, accounts.c.user_id, accounts.c.person_id).where(
    accounts.c.user_id.in_(sa.bindparam("chats", expanding=True))
)
_ROLES_OF_ALL = (
    sa.select(memberships.c.person_id, *_ROLE)
    .where(memberships.c.person_id.in_(sa.bindparam("persons", expanding=True)), memberships.c.ended_at.is_(None))
    .order_by(memberships.c.id)
)
_GROUPS_OF_UNITS = sa.select(groups.c.unit, groups.c.messenger, groups.c.chat_id).where(
    groups.c.unit.in_(sa.bindparam("of_units", expanding=True)), groups.c.active
)
_GROUPS_OF_UNIT = sa.select(groups.c.messenger, groups.c.chat_id).where(
    groups.c.unit == sa.bindparam("of_unit"), groups.c.active
)


def _account(row: Any) -> Account:
    return Account(*row[:6])


async def account(tx: Transaction, account_id: int) -> Account:
    """Return an account by its number."""
    return _account((await tx.execute(_BY_ID, {"number": account_id})).one())


async def find(tx: Transaction, messenger: str, user_id: int) -> Account | None:
    """Return the account of a messenger's user, if we know it."""
    row = (await tx.execute(_FIND, {"messenger": messenger, "user": user_id})).one_or_none()
    return _account(row) if row else None


@dataclass(frozen=True, slots=True)
class Known:
    """What there is about somebody who writes in a chat, read in one go; `talk` is None before their first one."""

    account: Account
    roles: tuple[Membership, ...]
    talk: Talk | None


async def known(tx: Transaction, messenger: str, user_id: int, chat_id: int) -> Known | None:
    """Return the account of a messenger's user with its roles now and its talk in a chat, if we know it."""
    rows = (await tx.execute(_KNOWN, {"messenger": messenger, "user": user_id, "chat": chat_id})).all()
    if not rows:
        return None
    account, first = _account(rows[0]), rows[0]
    roles = tuple(_membership(account.person, row[6:10]) for row in rows if row[6] is not None)
    talk = None if first[13] is None else Talk(messenger, chat_id, user_id, dict(first[10]), dict(first[11]), first[12])
    return Known(account, roles, talk)


def _membership(person: int, row: Sequence[Any]) -> Membership:
    return Membership(row[0], person, Role(row[1]), row[2], row[3])


async def meet(
    tx: Transaction, messenger: str, user_id: int, name: str, now: datetime, *, in_private: bool = True
) -> Account:
    """Return the account of whoever wrote, new or known, with today's name."""
    return await met(tx, await find(tx, messenger, user_id), messenger, user_id, name, now, in_private=in_private)


async def met(
    tx: Transaction,
    known: Account | None,
    messenger: str,
    user_id: int,
    name: str,
    now: datetime,
    *,
    in_private: bool = True,
) -> Account:
    """Bring the account of whoever wrote up to date; None becomes a new one.

    A word in private makes the account reachable again; one in a group does not open the private chat.
    """
    if known is not None:
        back = in_private and not known.reachable
        if known.name != name or back:
            change = sa.update(accounts).where(accounts.c.id == known.id).values(name=name, seen_at=now)
            await tx.execute(change.values(reachable=True, unreachable_reason=None) if back else change)
        return Account(known.id, messenger, user_id, known.person, name, known.reachable or back)
    person = (await tx.execute(_NEW_PERSON, {"name": name, "created_at": now})).scalar_one()
    row = {"messenger": messenger, "user_id": user_id, "person_id": person, "name": name, "seen_at": now}
    number = (await tx.execute(_NEW_ACCOUNT, row | {"reachable": in_private})).scalar_one()
    return Account(number, messenger, user_id, person, name, in_private)


async def mark_unreachable(tx: Transaction, messenger: str, user_id: int, reason: str) -> None:
    """Remember that a person cannot be written to (they blocked the bot, or left)."""
    change = sa.update(accounts).where(accounts.c.messenger == messenger, accounts.c.user_id == user_id)
    await tx.execute(change.values(reachable=False, unreachable_reason=reason))


async def accounts_of(tx: Transaction, person: int) -> list[Account]:
    """List a person's accounts, the most recently seen first."""
    query = sa.select(*ACCOUNT).where(accounts.c.person_id == person).order_by(accounts.c.seen_at.desc())
    return [_account(row) for row in await tx.execute(query)]


async def name_of(tx: Transaction, person: int) -> str:
    """Return the name a person shows."""
    return str((await tx.execute(sa.select(people.c.name).where(people.c.id == person))).scalar_one())


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
    return tuple(_membership(person, row) for row in await tx.execute(_ROLES, {"person": person}))


async def memberships_of_all(tx: Transaction, persons: Collection[int]) -> dict[int, list[Membership]]:
    """List the roles that several people hold now, by person."""
    held: dict[int, list[Membership]] = {}
    for person, *row in await tx.execute(_ROLES_OF_ALL, {"persons": list(persons)}) if persons else ():
        held.setdefault(person, []).append(_membership(person, row))
    return held


async def persons_at(tx: Transaction, chats: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Return whose private chats these (messenger, chat) are."""
    rows = await tx.execute(_AT_CHATS, {"chats": [chat for _, chat in chats]}) if chats else ()
    known = {(messenger, chat): person for messenger, chat, person in rows}
    return {chat: known[chat] for chat in chats if chat in known}


async def actor(tx: Transaction, who: Account) -> Actor:
    """Return the account with the roles it holds at this moment."""
    return Actor(who, await memberships_of(tx, who.person))


async def see_group(tx: Transaction, messenger: str, chat_id: int, title: str, now: datetime) -> str | None:
    """Remember a group that the bot is in; return the unit it belongs to."""
    here = (groups.c.messenger == messenger, groups.c.chat_id == chat_id)
    row = (await tx.execute(_GROUP, {"messenger": messenger, "chat": chat_id})).one_or_none()
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
    return [(row[0], row[1]) for row in await tx.execute(_GROUPS_OF_UNIT, {"of_unit": unit})]


async def groups_of_units(tx: Transaction, units: Collection[str]) -> set[tuple[str, str, int]]:
    """List the (unit, messenger, chat) of the groups of several units the bot is still in."""
    return {(row[0], row[1], row[2]) for row in await tx.execute(_GROUPS_OF_UNITS, {"of_units": list(units)})}


async def groups_seen(tx: Transaction) -> list[Any]:
    """List every group ever seen: rows of messenger, chat_id, title, unit, active."""
    return list(await tx.execute(sa.select(groups).order_by(groups.c.messenger, groups.c.chat_id)))


async def unreachable_counts(tx: Transaction) -> dict[str, int]:
    """Count, per messenger, the accounts that cannot be written to; of callers nobody expects it."""
    lost = (~accounts.c.reachable, accounts.c.messenger != PHONE)
    query = sa.select(accounts.c.messenger, sa.func.count()).where(*lost).group_by(accounts.c.messenger)
    return {row[0]: row[1] for row in await tx.execute(query)}


def named_administrator(person: int) -> Membership:
    """Return the role of somebody whom the settings name as administrator; there is no row behind it."""
    return Membership(0, person, Role.ADMINISTRATOR, "", datetime.min.replace(tzinfo=UTC))
