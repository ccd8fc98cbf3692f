"""Every update has its effects once, each chat in its order, and no chat waits for another."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot import dispatcher
from bot.backoff import Steps
from storage import inbox as queue
from storage import sqlite_driver
from storage.database import Database, Transaction
from storage.inbox import Arrival
from storage.passing import is_disks, is_passing
from storage.tables import audit, inbox
from tests.engine.rig import Rig, boom

QUARANTINED = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == "quarantined")


class _Coded(Exception):
    """A driver's error with one of PostgreSQL's codes."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("")
        self.sqlstate = sqlstate


async def fill(rig: Rig, chat: int, texts: list[str], first: int) -> None:
    """Put updates into the inbox as a receiver would."""
    arrivals = []
    for n, text in enumerate(texts, first):
        message = f'{{"message_id":{n},"date":1,"chat":{{"id":{chat},"type":"private"}},"text":"{text}"}}'
        body = f'{{"update_id":{n},"message":{message}}}'
        arrivals.append(Arrival(n, f"message:{chat}:{n}:1", f"telegram:{chat}", body))
    database = Database(rig.url)
    async with database.write() as tx:
        await queue.receive(tx, "telegram", arrivals, rig.clock.now())
    await database.close()


async def test_chats_keep_their_order(rig: Rig) -> None:
    people = [rig.simulator.person(1000 + n) for n in range(10)]
    for n in range(8):
        for person in people:
            await person.write(f"{n}")
    await rig.start()
    await rig.settled()
    heard = await rig.heard()
    assert len(heard) == 80
    for person in people:
        assert [words for chat, words in heard if chat == person.id] == [str(n) for n in range(8)]
        assert rig.said(person.id) == [str(n) for n in range(8)]


async def test_a_handler_that_fails_once_leaves_nothing_behind_and_is_tried_again(rig: Rig) -> None:
    person = rig.simulator.person(1000)
    failures = iter([True, False])

    async def sometimes() -> None:
        if next(failures):
            raise RuntimeError("on purpose")

    rig.house.plans["دوم"] = sometimes
    for words in ("اول", "دوم", "سوم"):
        await person.write(words)
    await rig.start()
    await rig.settled()
    assert await rig.heard() == [(1000, "اول"), (1000, "دوم"), (1000, "سوم")]
    assert rig.said() == ["اول", "دوم", "سوم"]
    assert await rig.scalar(QUARANTINED) == 0


async def test_an_update_that_nobody_can_handle_is_put_aside_with_an_apology(rig: Rig) -> None:
    person = rig.simulator.person(1000)
    rig.house.plans["بد"] = boom
    for words in ("اول", "بد", "سوم"):
        await person.write(words)
    await rig.start()
    await rig.settled()
    assert await rig.heard() == [(1000, "اول"), (1000, "سوم")]
    assert rig.house.tried.count("بد") >= 3
    ((raw, problem),) = rig.house.quarantined
    assert raw["message"]["text"] == "بد"
    assert problem.startswith("RuntimeError at tests/engine/rig.py:")
    assert problem.endswith(": on purpose")
    assert await rig.scalar(QUARANTINED) == 1


async def test_an_apology_that_fails_as_well_does_not_keep_the_chat_waiting(rig: Rig) -> None:
    rig.house.plans["بد"] = boom
    rig.house.apology = boom
    await rig.simulator.person(1000).write("بد")
    await rig.simulator.person(1000).write("خوب")
    await rig.start()
    await rig.settled()
    assert await rig.heard() == [(1000, "خوب")]
    assert await rig.scalar(QUARANTINED) == 1


async def test_tries_are_counted_over_a_restart(rig: Rig) -> None:
    rig.house.plans["بد"] = boom
    rig.waits = (30.0, 30.0)
    await rig.simulator.person(1000).write("بد")
    await rig.start()
    await rig.until(lambda: rig.house.tried.count("بد") == 1)
    await asyncio.sleep(0.2)
    await rig.stop()
    row = sa.select(inbox.c.attempts)
    assert await rig.scalar(row) == 1
    await rig.start()
    await asyncio.sleep(0.4)
    assert rig.house.tried.count("بد") == 1, "it waits as long as it was told before the restart"


async def test_other_chats_go_on_while_one_waits_for_its_next_try(rig: Rig) -> None:
    rig.house.plans["بد"] = boom
    rig.waits = (30.0, 30.0)
    await rig.simulator.person(1000).write("بد")
    await rig.simulator.person(1000).write("پشت سر بد")
    await rig.start()
    await rig.until(lambda: "بد" in rig.house.tried)
    await rig.simulator.person(1001).write("دیگری")
    await rig.until(lambda: rig.said(1001) == ["دیگری"])
    assert "پشت سر بد" not in rig.house.tried


async def test_trouble_of_the_database_is_not_the_handlers_fault(rig: Rig) -> None:
    left = {"times": 5}

    async def locked() -> None:
        left["times"] -= 1
        if left["times"] >= 0:
            raise sa.exc.OperationalError("INSERT", {}, Exception("database is locked"))

    rig.house.plans["سلام"] = locked
    await rig.simulator.person(1000).write("سلام")
    await rig.start()
    await rig.settled()
    assert await rig.heard() == [(1000, "سلام")]
    assert await rig.scalar(sa.select(inbox.c.attempts)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_is_waited_for_however_long_and_told_of_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "چالهٔ خیابان " * 2000
    await fill(rig, 1000, [words], 1)
    monkeypatch.setattr(sqlite_driver, "_PRAGMAS", (*sqlite_driver._PRAGMAS, "PRAGMA max_page_count=1"))
    monkeypatch.setattr(dispatcher, "_HICCUPS_AT_MOST", 3)
    monkeypatch.setattr(dispatcher, "_HICCUP", Steps(0.01, 0.02))
    rig.house.silent = True
    with capture_logs() as logs:
        await rig.start()
        await rig.until(lambda: rig.house.tried.count(words) > 12)
    assert [line for line in logs if "exc_info" in line] == []
    assert await rig.scalar(sa.select(inbox.c.attempts)) == 0
    assert rig.engine.health.state("dispatcher storage") == "OperationalError"
    async with rig.engine.database.write() as tx:
        await tx.exec_driver_sql("PRAGMA max_page_count=100000")
    await rig.settled()
    assert await rig.heard() == [(1000, words)]
    assert rig.house.quarantined == []


@pytest.mark.parametrize(
    ("error", "passing", "disks"),
    [
        (sa.exc.OperationalError("", {}, Exception("database or disk is full")), True, True),
        (sa.exc.OperationalError("", {}, Exception("database is locked")), True, False),
        (sa.exc.IntegrityError("", {}, Exception("UNIQUE constraint failed: people.phone")), False, False),
        *((sa.exc.DBAPIError("", {}, _Coded(code)), True, True) for code in ("53100", "58030", "25006")),
        (sa.exc.DBAPIError("", {}, _Coded("40P01")), True, False),
        (sa.exc.DBAPIError("", {}, _Coded("23505")), False, False),
        (OSError(28, "No space left on device"), True, False),
    ],
)
def test_what_passes_and_what_is_the_disks(error: Exception, passing: bool, disks: bool) -> None:
    assert (is_passing(error), is_disks(error)) == (passing, disks)


async def test_a_failure_that_cannot_be_counted_is_told_at_length_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise sa.exc.OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr(queue, "put_off", away)
    monkeypatch.setattr(dispatcher, "_HICCUP", Steps(0.01, 0.02))
    rig.house.plans["بد"] = boom
    await rig.simulator.person(1000).write("بد")
    with capture_logs() as logs:
        await rig.start()
        await rig.until(lambda: rig.house.tried.count("بد") > 8)
    told = [line.get("exc_info") is not None for line in logs if line["event"] == "a handler failed"]
    assert told == [True] + [False] * (len(told) - 1)


async def test_a_chat_with_five_thousand_waiting_does_not_delay_another(rig: Rig) -> None:
    rig.house.silent = True
    await fill(rig, 1000, [f"سیل {n}" for n in range(5000)], 1)
    await fill(rig, 1001, ["تنها"], 9000)
    await rig.start()
    await rig.until(lambda: "تنها" in rig.house.tried, 30)
    before = rig.house.tried.index("تنها")
    assert before < 60, f"{before} updates of the flood were handled before it"


async def test_what_was_stored_before_a_stop_is_handled_after_it(rig: Rig) -> None:
    await fill(rig, 1000, ["الف", "ب"], 1)
    await rig.start()
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["الف", "ب"]


async def test_an_update_handled_elsewhere_meanwhile_has_no_second_effect(rig: Rig) -> None:
    async def elsewhere() -> None:
        database = Database(rig.url)
        async with database.write() as tx:
            (row,) = await queue.waiting_after(tx, "telegram", 0, 2)
            assert await queue.done(tx, [row.id], rig.clock.now())
        await database.close()

    if "sqlite" in rig.url:
        pytest.skip("SQLite has one writer at a time: there is no elsewhere")
    rig.house.plans["سلام"] = elsewhere
    await fill(rig, 1000, ["سلام"], 1)
    await rig.start()
    await rig.settled()
    assert rig.house.tried == ["سلام"]
    assert await rig.heard() == []


async def press(rig: Rig, person: int, bot: str = "telegram") -> None:
    """Let somebody press a button that the bot had sent."""
    from domain.messages import Button, Message

    message = Message(text="کارت", buttons=[[Button(label="بله", data="yes")]])
    await rig.say("", chat=person, message=message)
    await rig.settled()
    await rig.simulator.person(person).press("بله")
    await rig.settled()


async def test_a_pressed_button_is_answered_with_what_the_house_says(rig: Rig) -> None:
    await rig.start()
    await press(rig, 1000)
    await rig.until(lambda: not rig.simulator.person(1000).spinning)
    assert [answer.text for answer in rig.simulator.person(1000).answers] == ["شنیدم"]


async def test_a_pressed_button_stops_spinning_though_the_handler_failed(rig: Rig) -> None:
    rig.house.plans["yes"] = boom
    await rig.start()
    await press(rig, 1000)
    await rig.until(lambda: not rig.simulator.person(1000).spinning)
    assert await rig.scalar(QUARANTINED) == 1


async def test_a_pressed_button_is_not_told_of_what_was_rolled_back(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    done = queue.done

    async def not_committed(tx: Transaction, rows: list[int], now: datetime) -> bool:
        if "yes" in rig.house.tried:
            raise RuntimeError("on purpose")
        return await done(tx, rows, now)

    monkeypatch.setattr(queue, "done", not_committed)
    await rig.start()
    await press(rig, 1000)
    await rig.until(lambda: not rig.simulator.person(1000).spinning)
    assert not [answer for answer in rig.simulator.person(1000).answers if answer.text]
    assert (1000, "yes") not in await rig.heard()


async def test_an_old_client_gets_a_message_instead_of_the_answer(rig: Rig) -> None:
    rig.messengers = ("bale",)
    person: Any = rig.simulator.add_person(id=2500, flavour="bale", first_name="قدیمی", old_client=True)
    await person.start()
    await rig.start()
    await rig.settled()
    await press(rig, 2500)
    assert rig.said(2500)[-1] == "شنیدم" or rig.said(2500)[-2] == "شنیدم"
    assert not [answer for answer in person.answers if answer.text]


async def test_effects_and_the_mark_commit_together(rig: Rig) -> None:
    """Whenever one looks, an update is done exactly if its effect is there."""
    for n in range(60):
        await rig.simulator.person(1000 + n % 20).write(str(n))
    await rig.start()
    database = Database(rig.url)
    heard = sa.select(sa.func.count()).select_from(audit).scalar_subquery()
    done = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == "done").scalar_subquery()
    seen = 0
    while seen < 60:
        async with database.read() as tx:
            seen, marked = (await tx.execute(sa.select(heard, done))).one()
        assert seen == marked
        await asyncio.sleep(0.005)
    await database.close()
