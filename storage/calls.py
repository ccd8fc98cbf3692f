"""Calls: who is told about an urgent request, again and again, until somebody comes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import calls


@dataclass(frozen=True, slots=True)
class Shown:
    """A message about a call in a chat, by its outbox row; `person` is None in a group."""

    row: int
    messenger: str
    chat: int
    person: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """Where the calling about a request is: whose turn it is, for the how-manieth time, in which round."""

    request: int
    unit: str
    started_at: datetime
    called: int | None = None
    tries: int = 0
    rounds: int = 0
    asked: tuple[int, ...] = ()
    declined: tuple[int, ...] = ()
    shown: tuple[Shown, ...] = ()
    answered_by: int | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None


_GET = sa.select(calls).where(calls.c.request_id == sa.bindparam("number"))
_WAITING_FOR = (
    sa.select(calls.c.request_id)
    .where(calls.c.called == sa.bindparam("person"), calls.c.ended_at.is_(None))
    .order_by(calls.c.request_id)
)
_COLUMNS = [column for column in calls.c if column.name != "request_id"]
_SAVE = PerDialect(
    lambda insert: (statement := insert(calls)).on_conflict_do_update(
        index_elements=["request_id"], set_={column.name: statement.excluded[column.name] for column in _COLUMNS}
    )
)


def _call(row: Any) -> Call:
    values = {column.name: getattr(row, column.name) for column in _COLUMNS}
    values |= {"asked": tuple(row.asked), "declined": tuple(row.declined)}
    return Call(**{**values, "shown": tuple(Shown(*one) for one in row.shown)}, request=row.request_id)


async def get(tx: Transaction, request: int) -> Call | None:
    """Return the call about a request, over or not; None when there never was one."""
    row = (await tx.execute(_GET, {"number": request})).one_or_none()
    return _call(row) if row else None


async def is_under_way(tx: Transaction, request: int) -> bool:
    """Tell whether people are called about a request at this moment."""
    call = await get(tx, request)
    return call is not None and call.ended_at is None


async def waiting_for(tx: Transaction, person: int) -> list[int]:
    """List the requests about which it is somebody's turn to come."""
    return list(await tx.scalars(_WAITING_FOR, {"person": person}))


async def save(tx: Transaction, call: Call) -> Call:
    """Store a call as it is now, in place of the one of before, and return it."""
    values = {column.name: getattr(call, column.name) for column in _COLUMNS}
    shown = [[one.row, one.messenger, one.chat, one.person] for one in call.shown]
    lists = {"asked": list(call.asked), "declined": list(call.declined), "shown": shown}
    await tx.execute(_SAVE.for_(tx), {**values, **lists, "request_id": call.request})
    return call


async def under_way(tx: Transaction) -> list[Call]:
    """List the calls that are not over: few at any time."""
    found = sa.select(calls).where(calls.c.ended_at.is_(None)).order_by(calls.c.request_id)
    return [_call(row) for row in await tx.execute(found)]


async def rename(tx: Transaction, old: int, new: int) -> None:
    """Two accounts turned out to be one person's: what is under way of calling `old` is of calling `new`."""
    answered = sa.update(calls).where(calls.c.answered_by == old)
    await tx.execute(answered.values(answered_by=new))
    for call in await under_way(tx):
        theirs = {old: new}
        renamed = replace(
            call,
            called=theirs.get(call.called or 0, call.called),
            asked=_named(call.asked, theirs),
            declined=_named(call.declined, theirs),
            shown=tuple(replace(one, person=theirs.get(one.person or 0, one.person)) for one in call.shown),
        )
        if renamed != call:
            await save(tx, renamed)


def _named(persons: tuple[int, ...], theirs: dict[int, int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(theirs.get(person, person) for person in persons))


def begun(request: int, unit: str, now: datetime) -> Call:
    """Return a call that has just begun."""
    return Call(request, unit, now)
