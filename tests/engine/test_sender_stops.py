"""A sender that ends, or may not go on: what the messenger has acknowledged is written down and not sent again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.roles import Role
from bot.sender import Sender
from bot.settling import Settler
from domain.messages import Message, Picture, Pin
from storage import media
from storage.database import Database
from storage.files import Files
from tests.engine.rig import Rig
from tests.media.samples import picture

HANGS, ANSWERED = 1000, range(1001, 1005)
WITHIN = 1.0  # seconds that a stopping engine gives in these tests, in place of 3.5


@pytest.fixture(autouse=True)
def short_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.STOP_WITHIN", WITHIN)


async def under_way(rig: Rig) -> list[int]:
    """Return the rows of one call that hangs and of four that are answered after a while, when all are under way."""
    rig.simulator.fault("sendMessage", delay=60, chat=HANGS)
    for chat in ANSWERED:
        rig.simulator.fault("sendMessage", delay=0.4, chat=chat)
    rows = [await rig.say("سلام", chat) for chat in (HANGS, *ANSWERED)]
    await rig.start()
    sender = rig.engine.senders["telegram"]
    await rig.until(lambda: len(sender._in_flight) == len(rows))
    return rows


async def states(rig: Rig, rows: list[int]) -> list[tuple[str, bool]]:
    """Each row's state, and whether it is claimed."""
    found = [await rig.row(row) for row in rows]
    return [(row.state, row.claimed_at is not None) for row in found]


async def test_a_call_that_hangs_at_a_stop_is_alone_sent_again(rig: Rig) -> None:
    rows = await under_way(rig)
    await rig.stop()
    assert await states(rig, rows) == [("waiting", True), *[("sent", False)] * 4]
    await rig.start()
    await rig.until(lambda: rig.said(HANGS) == ["سلام"])
    await rig.settled()
    assert [rig.said(chat) for chat in ANSWERED] == [["سلام"]] * 4
    assert [(await rig.row(row)).attempts for row in rows] == [1, 0, 0, 0, 0]


async def test_ends_are_settled_while_a_stop_waits_for_others(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.STOP_WITHIN", 20)
    rows = await under_way(rig)
    rig.engine.senders["telegram"].stop()
    async with asyncio.timeout(5):
        while await states(rig, rows) != [("waiting", True), *[("sent", False)] * 4]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    monkeypatch.setattr("bot.engine.STOP_WITHIN", WITHIN)


async def test_nothing_new_leaves_while_a_stop_waits(rig: Rig) -> None:
    await under_way(rig)
    sender = rig.engine.senders["telegram"]
    sender.stop()
    new = await rig.say("پس از پایان", ANSWERED[0])
    await rig.until(lambda: len(sender._in_flight) == 1)
    await asyncio.sleep(0.3)
    assert await states(rig, [new]) == [("waiting", False)]


async def test_a_lost_lease_repeats_only_what_hangs(rig: Rig) -> None:
    await under_way(rig)
    sender = rig.engine.senders["telegram"]
    token, deadline = sender.lease.token, sender.lease._deadline
    sender.lease.let_go()
    await rig.until(lambda: sender._stopping)
    await asyncio.sleep(WITHIN / 2)
    sender.lease.got(token, deadline)
    await rig.until(lambda: rig.said(HANGS) == ["سلام"])
    await rig.settled()
    assert [rig.said(chat) for chat in ANSWERED] == [["سلام"]] * 4


@asynccontextmanager
async def alone(rig: Rig) -> AsyncIterator[tuple[Sender, asyncio.Task[None]]]:
    """A sender at work without an engine around it."""
    engine = rig.made(rig.house, {Role.SENDER}, 30)
    sender, client = engine.senders["telegram"], engine.clients["telegram"]
    sender.lease.got(1, float("inf"))
    await client.open()
    sender.ready()
    running = asyncio.create_task(sender.run())
    yield sender, running
    running.cancel()
    await asyncio.wait([running])
    await client.close()
    await engine.database.close()


async def test_ends_collected_at_the_moment_of_a_cancel_are_written(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    settle, away = Settler.settle, True

    async def out_of_order(self: Settler, tx: Any, outcomes: Any, now: Any) -> None:
        if away and outcomes:
            raise OSError("the database is away")
        await settle(self, tx, outcomes, now)

    monkeypatch.setattr(Settler, "settle", out_of_order)
    row = await rig.say("سلام")
    async with alone(rig) as (sender, running):
        await rig.until(lambda: bool(sender._outcomes))
        assert await states(rig, [row]) == [("waiting", True)]
        away = False
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
    assert await states(rig, [row]) == [("sent", False)]


async def test_a_cancel_does_not_wait_long_for_a_database_that_is_silent(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(self: Settler, tx: Any, outcomes: Any, now: Any) -> None:
        if outcomes:
            await asyncio.sleep(60)

    monkeypatch.setattr(Settler, "settle", silent)
    row = await rig.say("سلام")
    async with alone(rig) as (sender, running):
        await rig.until(lambda: bool(sender._outcomes))
        running.cancel()
        await asyncio.wait([running], timeout=1.5)
        assert running.cancelled()
    assert await states(rig, [row]) == [("waiting", True)]


# --- between the calls of one message ---------------------------------------------------------------------------

PIN_AND_WORDS = Message(text="اینجا", pin=Pin(lat=35.7, lon=51.4))


def calls(rig: Rig, method: str) -> int:
    return len([call for call in rig.simulator.log.calls(method) if call["status"] == 200])


async def stored(rig: Rig) -> int:
    """Return the number of a picture that telegram has no file_id of."""
    content, now = picture(), rig.clock.now()
    sha256 = Files(rig.folder).keep(content, "image/jpeg")
    database = Database(rig.url)
    async with database.write() as tx:
        number = await media.remember(tx, kind="photo", messenger="bale", file_id="there", now=now)
        await media.stored(tx, number, kind="photo", sha256=sha256, mime="image/jpeg", size=len(content))
    await database.close()
    return number


async def test_a_lease_suspended_between_two_calls_repeats_no_part_and_keeps_the_file_id(rig: Rig) -> None:
    number = await stored(rig)
    rig.simulator.fault("sendPhoto", delay=0.4)
    row = await rig.say("", message=Message(text="ا" * 1025, pictures=[Picture(media=number)]))
    await rig.start()
    sender = rig.engine.senders["telegram"]
    await rig.until(lambda: bool(sender._in_flight))
    token, suspended = sender.lease.token, asyncio.create_task(keep_suspended(sender))
    await rig.until(lambda: sender._in_flight == {}, 5)
    found = await rig.row(row)
    suspended.cancel()
    assert (found.state, found.parts_sent, found.attempts, found.claimed_at) == ("waiting", 1, 0, None)
    async with rig.engine.database.read() as tx:
        assert (await media.copies(tx, [number], "telegram", Files(rig.folder)))[number].file_id
    sender.lease.got(token, float("inf"))
    await rig.settled()
    assert (calls(rig, "sendPhoto"), calls(rig, "sendMessage")) == (1, 1)
    assert (await rig.row(row)).state == "sent"


async def keep_suspended(sender: Sender) -> None:
    """Suspend the lease again and again: its keeper renews it."""
    while True:
        sender.lease.suspend()
        await asyncio.sleep(0.005)


async def test_a_message_broken_off_in_its_second_call_goes_on_there(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", delay=60)
    row = await rig.say("", message=PIN_AND_WORDS)
    await rig.start()
    await rig.until(lambda: calls(rig, "sendLocation") == 1)
    await asyncio.sleep(0.1)
    await rig.stop()
    found = await rig.row(row)
    assert (found.state, found.parts_sent, found.attempts) == ("waiting", 1, 1), (
        "its second call may have had its effect"
    )
    await rig.start()
    await rig.until(lambda: calls(rig, "sendMessage") == 1)
    await rig.settled()
    assert calls(rig, "sendLocation") == 1


async def test_marks_that_are_not_taken_repeat_no_earlier_part(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", status=400, description="Bad Request: can't parse entities: on purpose")
    row = await rig.say("", message=PIN_AND_WORDS.model_copy(update={"text": "<b>اینجا</b>"}))
    await rig.start()
    await rig.settled()
    assert (calls(rig, "sendLocation"), calls(rig, "sendMessage")) == (1, 1)
    assert (await rig.row(row)).problem == "sent without marks"


async def test_no_word_is_lost_where_a_text_without_marks_is_cut_elsewhere(rig: Rig) -> None:
    rig.messengers = ("bale",)
    await rig.simulator.person(2000).start()
    refused = "Bad Request: can't parse entities: on purpose"
    rig.simulator.fault("sendMessage", chat=2000, after=1, status=400, description=refused)
    words = [f"کلمه{number}" for number in range(800)]
    row = await rig.say("", 2000, message=Message(text=" ".join(f"<b>{word}</b>" for word in words)))
    rig.house.silent = True
    await rig.start()
    await rig.settled()
    assert (await rig.row(row)).problem == "sent without marks"
    shown = {word.strip("*") for text in rig.said(2000) for word in text.split()}
    assert set(words) <= shown


async def test_a_file_id_learned_before_a_failure_is_kept(rig: Rig) -> None:
    number = await stored(rig)
    rig.simulator.fault("sendMessage", status=400, description="Bad Request: no reason")
    row = await rig.say("", message=Message(text="ا" * 1025, pictures=[Picture(media=number)]))
    await rig.start()
    await rig.settled()
    assert (await rig.row(row)).state == "dead"
    async with rig.engine.database.read() as tx:
        assert (await media.copies(tx, [number], "telegram", Files(rig.folder)))[number].file_id
