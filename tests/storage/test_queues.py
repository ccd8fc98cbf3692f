"""The inbox, the outbox and the timers on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from domain.messages import Message, Priority
from storage import inbox, outbox, receivers, sending, timers
from storage.database import Database, Transaction
from storage.tables import accounts, notices, people
from storage.tables import outbox as outbox_table

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def arrival(number: int, chat: int = 7) -> inbox.Arrival:
    return inbox.Arrival(number, f"message:{chat}:{number}", f"telegram:{chat}", f'{{"update_id": {number}}}')


async def say(tx: Transaction, text: str, chat: int = 7, **more: Any) -> int:
    row = await outbox.put(tx, messenger="telegram", chat_id=chat, message=Message(text=text), now=NOW, **more)
    assert row is not None
    return row


async def heads(tx: Transaction, held: tuple[int, ...] = (), up_to: int = 9, limit: int = 50) -> list[sending.Waiting]:
    rows, _more = await sending.heads(tx, "telegram", held=held, up_to=up_to, limit=limit, now=NOW)
    return rows


async def texts(tx: Transaction, **more: Any) -> list[str]:
    return [row.message["text"] for row in await heads(tx, **more)]


async def state_of(tx: Transaction, row: int) -> tuple[str, str | None]:
    found = await tx.execute(sa.select(outbox_table.c.state, outbox_table.c.problem).where(outbox_table.c.id == row))
    state, problem = found.one()
    return state, problem


# --- inbox ----------------------------------------------------------------------------------------------------


async def test_a_batch_is_kept_in_its_order_and_repetitions_are_left_out(database: Database) -> None:
    async with database.write() as tx:
        assert await inbox.receive(tx, "telegram", [arrival(0), arrival(1), arrival(2)], NOW) == 3
    async with database.write() as tx:
        assert await inbox.receive(tx, "telegram", [arrival(1), arrival(2), arrival(3)], NOW) == 1
        assert await inbox.receive(tx, "bale", [arrival(1)], NOW) == 1
    async with database.read() as tx:
        rows = await inbox.waiting_after(tx, "telegram", 0, 10)
        assert [row.body for row in rows] == [f'{{"update_id": {n}}}' for n in range(4)]
        assert await inbox.waiting_after(tx, "telegram", rows[1].id, 10) == rows[2:]
        assert await inbox.waiting_count(tx) == 5


async def test_numbers_that_start_again_with_other_content_are_new(database: Database) -> None:
    async with database.write() as tx:
        await inbox.receive(tx, "bale", [arrival(5)], NOW)
        again = inbox.Arrival(5, "message:7:900", "bale:7", "{}")
        assert await inbox.receive(tx, "bale", [again], NOW) == 1


async def test_done_is_told_once(database: Database) -> None:
    async with database.write() as tx:
        await inbox.receive(tx, "telegram", [arrival(1)], NOW)
        (row,) = await inbox.waiting_after(tx, "telegram", 0, 10)
        assert await inbox.done(tx, [row.id], NOW)
        assert not await inbox.done(tx, [row.id], NOW)
        assert not await inbox.quarantine(tx, row.id, "late", NOW)
        assert await inbox.waiting_count(tx) == 0


async def test_a_failed_try_is_counted_and_quarantine_keeps_the_raw_json(database: Database) -> None:
    async with database.write() as tx:
        await inbox.receive(tx, "telegram", [arrival(1)], NOW)
        (row,) = await inbox.waiting_after(tx, "telegram", 0, 10)
        await inbox.put_off(tx, row.id, LATER, "boom")
        (row,) = await inbox.waiting_after(tx, "telegram", 0, 10)
        assert (row.attempts, row.not_before) == (1, LATER)
        assert await inbox.quarantine(tx, row.id, "boom", NOW)
        (kept,) = await inbox.quarantined(tx)
        assert (kept.body, kept.problem, kept.received_at) == ('{"update_id": 1}', "boom", NOW)
        assert await inbox.quarantined_count(tx) == 1


async def test_the_offset_zero_is_a_number(database: Database) -> None:
    async with database.write() as tx:
        assert await receivers.next_offset(tx, "bale") is None
        await receivers.moved(tx, "bale", 0, NOW)
        assert await receivers.next_offset(tx, "bale") == 0
        await receivers.mark_health(tx, "bale", "conflict", LATER)
        (standing,) = await receivers.standings(tx)
        assert (standing.next_offset, standing.health, standing.health_since) == (0, "conflict", LATER)


# --- outbox ---------------------------------------------------------------------------------------------------


async def test_each_chat_shows_its_next_row_and_replies_come_first(database: Database) -> None:
    async with database.write() as tx:
        await say(tx, "notice", chat=1, priority=Priority.NOTICE)
        await say(tx, "push", chat=2, priority=Priority.PUSH)
        await say(tx, "first", chat=3)
        await say(tx, "second", chat=3)
        await say(tx, "reply after notice", chat=1)
        assert await texts(tx) == ["first", "reply after notice", "push"]
        assert await texts(tx, held=(3,)) == ["reply after notice", "push"]
        assert await texts(tx, up_to=Priority.REPLY) == ["first", "reply after notice"]


async def test_a_dedup_key_speaks_once(database: Database) -> None:
    async with database.write() as tx:
        await say(tx, "once", dedup_key="filed:1")
        again = Message(text="twice")
        put = await outbox.put(tx, messenger="telegram", chat_id=7, message=again, dedup_key="filed:1", now=NOW)
        assert put is None
        assert await texts(tx) == ["once"]


async def test_a_claimed_row_cannot_be_changed_any_more(database: Database) -> None:
    async with database.write() as tx:
        row = await say(tx, "old")
        assert await outbox.amend(tx, row, Message(text="new"))
        assert await texts(tx) == ["new"]
        assert await sending.claim(tx, [row], NOW, 1) == {row}
        assert not await outbox.amend(tx, row, Message(text="too late"))
        assert await outbox.cancel_waiting(tx, "telegram", 7, "blocked") == 0
        assert await sending.claim(tx, [row], NOW, 2) == set()
        await sending.sent(tx, [sending.Gone(row, 55, False)], NOW, 1)
        assert await state_of(tx, row) == ("sent", None)


async def test_an_edit_waits_for_what_it_edits(database: Database) -> None:
    async with database.write() as tx:
        card = await say(tx, "card", priority=Priority.PUSH)
        edit = await say(tx, "edit", edits=card)
        assert await texts(tx) == ["card"]
        assert await sending.claim(tx, [card], NOW, 1) == {card}
        (head,) = await heads(tx)
        assert (head.id, head.claim) == (card, 1)
        await sending.sent(tx, [sending.Gone(card, 90, True)], NOW, 1)
        (head,) = await heads(tx)
        assert (head.id, head.target) == (edit, sending.Target("sent", 90, True))


async def test_an_edit_that_has_to_wait_does_not_hold_up_its_chat(database: Database) -> None:
    async with database.write() as tx:
        card = await say(tx, "card", chat=7, not_before=LATER)
        await say(tx, "edit", chat=7, edits=card)
        await say(tx, "another word", chat=7, priority=Priority.PUSH)
        assert await texts(tx) == ["another word"]


async def test_only_the_newest_edit_is_kept(database: Database) -> None:
    async with database.write() as tx:
        card = await say(tx, "card")
        edits = [await say(tx, f"edit {n}", edits=card) for n in range(3)]
        assert [await state_of(tx, row) for row in edits] == [
            ("cancelled", "superseded"),
            ("cancelled", "superseded"),
            ("waiting", None),
        ]


async def test_what_waits_for_a_chat_is_cancelled_with_the_reason(database: Database) -> None:
    async with database.write() as tx:
        mine = [await say(tx, "a"), await say(tx, "b")]
        await say(tx, "other", chat=8)
        assert await outbox.cancel_waiting(tx, "telegram", 7, "blocked") == 2
        assert [await state_of(tx, row) for row in mine] == [("cancelled", "blocked")] * 2
        assert await texts(tx) == ["other"]


async def test_a_failed_row_rests_and_goes_on_from_the_part_it_had_reached(database: Database) -> None:
    async with database.write() as tx:
        row = await say(tx, "long")
        assert await sending.claim(tx, [row], NOW, 1) == {row}
        await sending.put_off(tx, row, 1, LATER, "server", parts_sent=2)
        assert await heads(tx) == []
        assert await sending.resting(tx, "telegram", NOW) == {7: LATER}
        (head,), more = await sending.heads(tx, "telegram", held=(), up_to=9, limit=5, now=LATER)
        assert not more
        assert (head.attempts, head.parts_sent) == (1, 2)


async def test_rows_in_flight_at_a_kill_are_freed_and_marked(database: Database) -> None:
    async with database.write() as tx:
        row = await say(tx, "a")
        await say(tx, "b", chat=8)
        assert await sending.claim(tx, [row], NOW, 1) == {row}
    async with database.write() as tx:
        assert await sending.recover(tx, "telegram", 0) == 0  # a later sender's is left alone
        assert await sending.recover(tx, "telegram", 1, besides=[row]) == 0
        assert await sending.recover(tx, "telegram", 2) == 1
        assert {head.id: head.attempts for head in await heads(tx)} == {row: 1, row + 1: 0}


async def test_a_group_that_moved_takes_its_rows_along(database: Database) -> None:
    async with database.write() as tx:
        await say(tx, "a", chat=-5)
        assert await sending.move_chat(tx, "telegram", -5, -1005) == 1
        assert [head.chat_id for head in await heads(tx)] == [-1005]


async def test_dead_letters_are_listed(database: Database) -> None:
    async with database.write() as tx:
        row = await say(tx, "a")
        await sending.claim(tx, [row], NOW, 3)
        assert not await sending.end(tx, row, 2, "dead", "too late")
        assert await sending.end(tx, row, 3, "dead", "refused 400")
        assert [(d.id, d.problem) for d in await outbox.dead(tx)] == [(row, "refused 400")]
        assert await outbox.dead_count(tx) == 1
        assert await outbox.due_count(tx, NOW) == 0


async def test_a_notice_reaches_every_reachable_account_once(database: Database) -> None:
    async with database.write() as tx:
        person = (await tx.execute(sa.insert(people).values(created_at=NOW).returning(people.c.id))).scalar_one()
        rows = [
            {"messenger": "telegram", "user_id": n, "person_id": person, "reachable": n != 2, "seen_at": NOW}
            for n in range(1, 5)
        ]
        await tx.execute(sa.insert(accounts), rows)
        made = sa.insert(notices).values(text="x", created_by=person, created_at=NOW).returning(notices.c.id)
        notice = (await tx.execute(made)).scalar_one()
        everybody: dict[str, Any] = {"message": Message(text="آب قطع است"), "after": 0, "up_to": 10**6, "now": NOW}
        assert await outbox.broadcast(tx, notice_id=notice, **everybody) == 3
        assert await outbox.broadcast(tx, notice_id=notice, **everybody) == 0
        assert [head.chat_id for head in await heads(tx)] == [1, 3, 4]
        assert await outbox.notice_progress(tx, notice) == {"waiting": 3}
        assert await outbox.cancel_notice(tx, notice, "stopped", 2) == 2
        assert await outbox.cancel_notice(tx, notice, "stopped", 2) == 1
        assert await outbox.cancel_notice(tx, notice, "stopped", 2) == 0
        assert await outbox.notice_progress(tx, notice) == {"cancelled": 3}


# --- timers ---------------------------------------------------------------------------------------------------


async def test_a_timer_rings_once_at_its_time(database: Database) -> None:
    async with database.write() as tx:
        await timers.set(tx, "draft:1", "draft-reminder", LATER, {"draft": 1})
        assert await timers.due(tx, NOW) == []
        (due,) = await timers.due(tx, LATER)
        assert (due.kind, due.data) == ("draft-reminder", {"draft": 1})
        assert await timers.done(tx, due)
        assert not await timers.done(tx, due)
        assert await timers.due(tx, LATER) == []


async def test_a_timer_can_be_moved_cancelled_and_set_again_after_ringing(database: Database) -> None:
    async with database.write() as tx:
        await timers.set(tx, "k", "a", NOW, {})
        (stale,) = await timers.due(tx, NOW)
        await timers.set(tx, "k", "b", LATER, {"n": 2})
        assert not await timers.done(tx, stale)
        (due,) = await timers.due(tx, LATER)
        assert (due.kind, due.data) == ("b", {"n": 2})
        assert await timers.done(tx, due)
        await timers.set(tx, "k", "c", NOW, {})
        assert [d.kind for d in await timers.due(tx, NOW)] == ["c"]
        await timers.cancel(tx, "k")
        assert await timers.due(tx, LATER) == []


async def test_a_timer_that_fails_is_put_off_and_in_the_end_given_up(database: Database) -> None:
    async with database.write() as tx:
        await timers.set(tx, "k", "a", NOW, {})
        (due,) = await timers.due(tx, NOW)
        await timers.put_off(tx, due, LATER, "boom")
        assert await timers.due(tx, NOW) == []
        (due,) = await timers.due(tx, LATER)
        assert due.attempts == 1
        await timers.fail(tx, due, "boom")
        assert await timers.due(tx, LATER) == []
        assert await timers.failed(tx) == [("k", "a", "boom")]
