"""A unit with two groups on each messenger and members who read in private, and a request with a long history."""

from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from domain import tracking
from domain.casework import Account, Actor
from domain.lifecycle import State
from domain.messages import Message
from domain.roles import Role
from storage import cards, outbox, people, requests, staff, supporters
from storage.database import Transaction
from storage.tables import history

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
UNIT = "waste-1"
GROUPS = (("telegram", -100_137), ("bale", 5_000_137))
_numbers = count(200_000)
_users = count(7_000)


async def account(tx: Transaction, messenger: str = "telegram", name: str = "کسی") -> Account:
    """Let somebody come."""
    return await people.meet(tx, messenger, next(_users), name, NOW)


async def member(tx: Transaction, messenger: str = "telegram", role: Role = Role.OFFICIAL, name: str = "کسی") -> Actor:
    """Let somebody work in the unit."""
    who = await account(tx, messenger, name)
    await staff.grant(tx, who.person, role, UNIT, None, NOW)
    return await people.actor(tx, who)


async def a_request(tx: Transaction, owner: Account, *, state: State = State.ASSIGNED, **more: object) -> int:
    """File a request."""
    row = {"lat": 36.31, "lon": 59.53, "address": "سجاد ۱۲", "words": "آشغال", "display": "آشغال", **more}
    return await requests.insert(
        tx,
        code=tracking.code(next(_numbers)),
        account_id=owner.id,
        subject="garbage_not_collected",
        unit=UNIT,
        district="1",
        state=state,
        filed_at=NOW - timedelta(days=2),
        changed_at=NOW - timedelta(days=1),
        deadline_at=NOW + timedelta(hours=5),
        **row,
    )


async def lived(tx: Transaction, number: int, person: int, rows: int) -> None:
    """Give a request so many rows of history."""
    row = {"request_id": number, "at": NOW - timedelta(days=1), "person_id": person, "role": "official", "unit": UNIT}
    states = {"from_state": State.ASSIGNED, "to_state": State.ASSIGNED}
    notes = [{**row, **states, "deed": "note", "note": f"یادداشت {n}"} for n in range(rows - 1)]
    await tx.execute(sa.insert(history), [{**row, **states, "deed": "file", "note": None}, *notes])


async def supported(tx: Transaction, number: int, by: int) -> None:
    """Let so many citizens of both messengers join."""
    for place in range(by):
        who = await account(tx, ("telegram", "bale")[place % 2])
        await supporters.join(tx, number, who.id, NOW)


async def shown(tx: Transaction, number: int, readers: list[Actor]) -> None:
    """Show a request's card in the unit's groups and to these members."""
    chats = [(messenger, chat, None) for messenger, chat in GROUPS]
    chats += [(one.account.messenger, one.account.user_id, one.person) for one in readers]
    for messenger, chat, viewer in chats:
        row = await outbox.put(tx, messenger=messenger, chat_id=chat, message=Message(text="کارت"), now=NOW)
        assert row is not None
        await cards.add(tx, request=number, messenger=messenger, chat_id=chat, outbox=row, viewer=viewer, unit=UNIT)


async def grouped(tx: Transaction) -> None:
    """Give the unit its groups."""
    for messenger, chat in GROUPS:
        await people.see_group(tx, messenger, chat, "پسماند", NOW)
        await people.set_group_unit(tx, messenger, chat, UNIT)


async def busy(tx: Transaction, *, old: bool) -> tuple[int, list[Actor]]:
    """File a part of a request and show its card to three members, the first of whom is returned first.

    An old one has 200 rows of history, nine more parts and 50 supporters, a young one hardly any.
    """
    await grouped(tx)
    readers = [await member(tx, messenger, name="رضایی") for messenger in ("telegram", "telegram", "bale")]
    owner = await account(tx)
    whole = await a_request(tx, owner, state=State.IN_PARTS, parts=10 if old else 2)
    await lived(tx, whole, owner.person, 200 if old else 2)
    parts = [await a_request(tx, owner, parent_id=whole) for _ in range(10 if old else 2)]
    for part in parts:
        await lived(tx, part, owner.person, 200 if old else 2)
    await supported(tx, whole, 50 if old else 1)
    await shown(tx, parts[0], readers)
    return parts[0], readers
