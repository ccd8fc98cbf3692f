"""What is stuck is tried again as if for the first time, or put aside; what is not stuck is left alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import inbox, outbox, timers, troubles
from storage.database import Database, Transaction
from storage.tables import inbox as updates
from storage.tables import notices, people
from storage.tables import outbox as letters
from storage.tables import timers as rings
from storage.troubles import Counts

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


async def _fill(tx: Transaction) -> None:
    """One of each kind in each state."""
    for number, state in enumerate(["waiting", "held", "done", "quarantined"]):
        row = {"messenger": "bale", "update_id": number, "identity": "", "lane": f"bale:{number}", "body": "{}"}
        row |= {"received_at": NOW, "attempts": 3, "problem": "ValueError", "not_before": NOW + timedelta(days=1)}
        await tx.execute(sa.insert(updates).values(**row, state=state))
    for number, state in enumerate(["waiting", "sent", "dead", "cancelled"]):
        row = {"messenger": "bale", "chat_id": number, "priority": 1, "message": {"text": "x"}, "created_at": NOW}
        row |= {"attempts": 9, "parts_sent": 1, "claimed_at": NOW, "claim": 4, "problem": "bad-request"}
        await tx.execute(sa.insert(letters).values(**row, state=state))
    for number, state in enumerate(["waiting", "done", "failed"]):
        row = {"key": f"k{number}", "kind": "clock", "due_at": NOW, "data": {}, "attempts": 5, "problem": "KeyError"}
        await tx.execute(sa.insert(rings).values(**row, state=state))


async def _states(tx: Transaction, table: sa.Table) -> list[Any]:
    query = sa.select(table.c.state, table.c.attempts, table.c.problem).order_by(table.c.id)
    return [tuple(row) for row in await tx.execute(query)]


async def test_tried_again_as_if_for_the_first_time(database: Database) -> None:
    async with database.write() as tx:
        await _fill(tx)
        assert await troubles.again(tx) == Counts(updates=1, letters=1, timers=1)
        assert [row[0] for row in await _states(tx, updates)] == ["waiting", "held", "done", "waiting"]
        assert (await _states(tx, updates))[3] == ("waiting", 0, None)
        assert (await _states(tx, letters))[2] == ("waiting", 0, None)
        assert (await _states(tx, rings))[2] == ("waiting", 0, None)
        claimed = sa.select(letters.c.claimed_at, letters.c.claim, letters.c.parts_sent).where(letters.c.chat_id == 2)
        assert tuple((await tx.execute(claimed)).one()) == (None, None, 1), "the part that was sent is not sent again"
        assert (await troubles.again(tx)).total == 0, "a second tap finds nothing"


async def test_put_aside_with_its_problem(database: Database) -> None:
    async with database.write() as tx:
        await _fill(tx)
        assert (await troubles.put_aside(tx, NOW)).total == 3
        assert (await _states(tx, updates))[3] == ("done", 3, "ValueError")
        assert (await _states(tx, letters))[2] == ("cancelled", 9, "bad-request")
        assert (await _states(tx, rings))[2] == ("done", 5, "KeyError")


@pytest.mark.parametrize("act", [troubles.again, lambda tx: troubles.put_aside(tx, NOW)])
async def test_nothing_is_listed_afterwards(database: Database, act: Callable[[Transaction], Any]) -> None:
    async with database.write() as tx:
        await _fill(tx)
        await act(tx)
        assert (await inbox.quarantined(tx), await outbox.dead(tx), await timers.failed(tx)) == ([], [], [])


async def _letter(tx: Transaction, state: str, **more: Any) -> int:
    row = {
        "messenger": "bale",
        "chat_id": 7,
        "priority": 1,
        "message": {"text": "x"},
        "created_at": NOW,
        "state": state,
    }
    return int((await tx.execute(sa.insert(letters).values(**row, **more).returning(letters.c.id))).scalar_one())


async def test_what_something_later_took_the_place_of_is_past(database: Database) -> None:
    async with database.write() as tx:
        card = await _letter(tx, "sent")
        old = await _letter(tx, "dead", edits=card)
        await _letter(tx, "sent", edits=card)
        taken_back = await _letter(tx, "dead")
        await _letter(tx, "cancelled", edits=taken_back)
        newest = await _letter(tx, "dead", edits=await _letter(tx, "sent"))
        alone = await _letter(tx, "dead")
        assert (await troubles.again(tx)).letters == 2
        states = {row.id: row.state for row in await tx.execute(sa.select(letters.c.id, letters.c.state))}
        assert [states[number] for number in (old, taken_back)] == ["cancelled", "cancelled"]
        assert [states[number] for number in (newest, alone)] == ["waiting", "waiting"]


async def test_a_notice_that_was_stopped_stays_stopped(database: Database) -> None:
    async with database.write() as tx:
        author = (await tx.execute(sa.insert(people).values(created_at=NOW).returning(people.c.id))).scalar_one()
        found = []
        for state in ("cancelled", "sending"):
            row = {"text": "x", "state": state, "created_by": author, "created_at": NOW}
            notice = (await tx.execute(sa.insert(notices).values(**row).returning(notices.c.id))).scalar_one()
            found.append(await _letter(tx, "dead", notice_id=notice))
        await troubles.again(tx)
        states = {row.id: row.state for row in await tx.execute(sa.select(letters.c.id, letters.c.state))}
        assert [states[number] for number in found] == ["cancelled", "waiting"]
