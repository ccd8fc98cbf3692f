"""What must be true of a week that is over, looked up in the database alone."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain.clocks import problems
from domain.lifecycle import BY_DEED, Deed, Outcome, State
from services.followers import TOLD_FOLLOWERS
from services.letters import OWNERS_ALONE, TOLD
from storage import clocks
from storage.database import Database, Transaction
from storage.supporters import wanting
from storage.tables import accounts, followers, history, inbox, outbox, requests, supporters, timers

_BESIDE_THE_TABLE = frozenset(
    {"file", "join", "support-add", "support-approve", "support-leave", "hand-on", "disown", "take-in"}
)
"""Rows of the history that are no deed of the table."""


@dataclass
class Week:
    """What was found: `wrong` in words, and figures by name."""

    wrong: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)


async def look(database: Database) -> Week:
    """Look at everything that the week left behind."""
    week = Week()
    async with database.read() as tx:
        everything = list(await tx.scalars(sa.select(requests.c.id)))
        rows, events = await look_at(tx, everything, week)
        await _queues(tx, week)
    for row in rows:
        week.figures["requests"] += 1
        week.figures[f"state {row.state}"] += 1
        week.figures[f"outcome {row.outcome}"] += row.state == State.CLOSED
        week.figures[f"verdict {row.verdict}"] += row.verdict is not None
        week.figures["reopened"] += row.times_reopened > 0
        week.figures["late"] += _is_late(row)
    for several in events.values():
        week.figures.update(f"deed {event.deed}" for event in several)
    return week


async def look_at(tx: Transaction, numbers: list[int], week: Week) -> tuple[list[Any], dict[int, list[Any]]]:
    """Look at some requests that have to do with no others; return their rows and histories."""
    events = await _events(tx, numbers)
    rows = list(await tx.execute(sa.select(requests).where(requests.c.id.in_(numbers))))
    known = {row.id: row for row in rows}
    for row in rows:
        _legal(row, events[row.id], week)
        _related(row, known, week)
        await _clocks(tx, row, week)
    await _supporters_told(tx, events, week)
    await _followers_told(tx, events, week)
    return rows, events


def _is_late(row: Any) -> bool:
    return bool(row.deadline_at and row.closed_at and row.closed_at > row.deadline_at)


async def _events(tx: Transaction, numbers: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for event in await tx.execute(sa.select(history).where(history.c.request_id.in_(numbers)).order_by(history.c.id)):
        found[event.request_id].append(event)
    return found


def _legal(row: Any, events: list[Any], week: Week) -> None:
    """The history is a chain of deeds that the table allows, and the request stands where its last row says."""
    if not events or events[0].deed != "file":
        week.wrong.append(f"{row.code} has no beginning")
        return
    state = events[0].to_state
    for event in events[1:]:
        if event.from_state != state:
            week.wrong.append(f"{row.code}: {event.deed} began in {event.from_state} and not in {state}")
        if event.deed not in _BESIDE_THE_TABLE:
            move = BY_DEED[Deed(event.deed)]
            if event.from_state not in move.since or event.role not in move.by:
                week.wrong.append(f"{row.code}: {event.role} may not {event.deed} in {event.from_state}")
        state = event.to_state
    if row.state != state:
        week.wrong.append(f"{row.code} is {row.state}, its history says {state}")
    if (row.state == State.CLOSED) != (row.closed_at is not None) or (row.state == State.CLOSED and not row.outcome):
        week.wrong.append(f"{row.code} is {row.state} with {row.outcome}, closed at {row.closed_at}")


def _related(row: Any, known: dict[int, Any], week: Week) -> None:
    """Parts and duplicates stand to others as they should."""
    if row.outcome == Outcome.MERGED and row.state == State.CLOSED and row.merged_into not in known:
        week.wrong.append(f"{row.code} was merged into nothing")
    if row.parent_id is not None and known[row.parent_id].parent_id is not None:
        week.wrong.append(f"{row.code} is a part of a part")
    if row.state == State.IN_PARTS:
        parts = [one for one in known.values() if one.parent_id == row.id]
        if not parts or all(one.state == State.CLOSED for one in parts):
            week.wrong.append(f"{row.code} waits for parts that are over")
    if row.parent_id is not None and row.state != State.CLOSED and known[row.parent_id].state != State.IN_PARTS:
        week.wrong.append(f"{row.code} is a part of what is {known[row.parent_id].state}")


async def _clocks(tx: Transaction, row: Any, week: Week) -> None:
    """Every clock fits where the request is. Requests that a test put there by hand have none."""
    going = await clocks.of_request(tx, row.id)
    wrong = problems(State(row.state), row.deadline_at, going.values()) if going else []
    week.wrong += [f"request {row.id}: {one}" for one in wrong]
    week.figures.update(f"clock {clock.kind} {clock.going}" for clock in going.values())
    week.figures["promises missed"] += sum(clock.late for clock in going.values())


async def _unheard(tx: Transaction, one: Any, events: list[Any], deeds: Collection[Deed]) -> list[str]:
    """Return which of these deeds, done by others, an account has no message about that was made with them."""
    here = (outbox.c.messenger == one.messenger, outbox.c.chat_id == one.user_id)
    said = {row.created_at for row in await tx.execute(sa.select(outbox.c.created_at).where(*here))}
    told = {str(deed) for deed in deeds}
    others = [event for event in events if event.deed in told and event.person_id != one.person_id]
    return [event.deed for event in others if event.at not in said]


async def _supporters_told(tx: Transaction, events: dict[int, list[Any]], week: Week) -> None:
    """Whoever joined has a message about every deed that citizens are told of, made while they were with it."""
    query = sa.select(supporters, accounts.c.messenger, accounts.c.user_id, accounts.c.person_id, requests.c.code)
    query = query.join(accounts, accounts.c.id == supporters.c.account_id)
    query = query.join(requests, requests.c.id == supporters.c.request_id).where(requests.c.id.in_(events))
    for one in list(await tx.execute(query)):
        week.figures["supporters"] += 1
        there = [
            event
            for event in events[one.request_id]
            if one.joined_at < event.at and (one.left_at is None or event.at < one.left_at)
        ]
        for deed in await _unheard(tx, one, there, TOLD.keys() - OWNERS_ALONE):
            week.wrong.append(f"a supporter of {one.code} did not hear of {deed}")


async def _followers_told(tx: Transaction, events: dict[int, list[Any]], week: Week) -> None:
    """Whoever follows has a message about every change while they did, and nobody follows what they want."""
    query = sa.select(followers, accounts.c.messenger, accounts.c.user_id, accounts.c.person_id, requests.c.code)
    query = query.join(accounts, accounts.c.id == followers.c.account_id)
    query = query.join(requests, requests.c.id == followers.c.request_id).where(requests.c.id.in_(events))
    for one in list(await tx.execute(query)):
        week.figures["followers"] += 1
        there = [
            event
            for event in events[one.request_id]
            if one.since < event.at and (one.ended_at is None or event.at <= one.ended_at)
        ]
        for deed in await _unheard(tx, one, there, TOLD_FOLLOWERS):
            week.wrong.append(f"somebody who follows {one.code} did not hear of {deed}")
        wanted_by = await tx.scalars(wanting("number"), {"number": one.request_id})
        if one.ended_at is None and one.account_id in set(wanted_by):
            week.wrong.append(f"somebody follows {one.code} who wants it")


async def _queues(tx: Transaction, week: Week) -> None:
    """Nothing was given up, and nothing waits that is due."""
    not_so = {inbox: ("waiting", "held", "quarantined"), outbox: ("waiting", "dead"), timers: ("failed",)}
    for table, bad in not_so.items():
        query = sa.select(table.c.state, sa.func.count()).group_by(table.c.state)
        for state, count in await tx.execute(query):
            week.figures[f"{table.name} {state}"] += count
            if state in bad:
                week.wrong.append(f"{count} rows of {table.name} are {state}")
