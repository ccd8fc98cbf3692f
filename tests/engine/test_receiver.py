"""Nothing that the messenger showed is lost, whatever the messenger, the network or a kill does."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.messengers.decoding import decoded
from bot.receiver import Polling
from storage import inbox as queue
from storage.tables import inbox, people, receivers
from tests.engine.rig import USERNAMES, Rig

STATES = sa.select(sa.func.count()).select_from(inbox)


def polls(rig: Rig) -> list[dict[str, Any]]:
    return rig.simulator.log.calls("getUpdates")


async def health(rig: Rig) -> str:
    return str(await rig.scalar(sa.select(receivers.c.health)))


async def test_updates_are_confirmed_only_after_they_are_stored(rig: Rig) -> None:
    person = rig.simulator.person(1000)
    for n in range(3):
        await person.write(f"پیام {n}")
    await rig.start()
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["پیام 0", "پیام 1", "پیام 2"]
    assert rig.simulator.waiting() == 0
    offsets = [row["parameters"].get("offset") for row in polls(rig)]
    stored = await rig.scalar(sa.select(receivers.c.next_offset))
    assert offsets[0] is None
    assert str(stored) in {str(offset) for offset in offsets}


async def test_a_batch_that_cannot_be_stored_is_not_confirmed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"times": 2}

    async def receive(*args: Any) -> int:
        broken["times"] -= 1
        if broken["times"] >= 0:
            raise OSError("the disk is away")
        return await sound(*args)

    sound = queue.receive
    monkeypatch.setattr(queue, "receive", receive)
    await rig.simulator.person(1000).write("سلام")
    await rig.start()
    await rig.until(lambda: broken["times"] < 0)
    await rig.settled()
    assert await rig.heard() == [(1000, "سلام")]


async def test_repetitions_are_stored_once(rig: Rig) -> None:
    await rig.simulator.person(1000).write("یک بار")
    await rig.start()
    await rig.settled()
    body = json.loads(str(await rig.scalar(sa.select(inbox.c.body))))
    rig.simulator.inject(body)
    await rig.simulator.person(1000).write("بعدی")
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["یک بار", "بعدی"]


async def test_update_number_zero_is_an_update(rig: Rig) -> None:
    rig.messengers = ("bale",)
    await rig.simulator.person(2000).start()
    await rig.start()
    await rig.settled()
    assert await rig.scalar(sa.select(inbox.c.update_id)) == 0
    assert await rig.scalar(sa.select(receivers.c.next_offset)) == 1
    assert rig.simulator.waiting(USERNAMES["bale"]) == 0


async def test_numbers_that_begin_again_are_seen_at_once(rig: Rig) -> None:
    person = rig.simulator.person(1000)
    await person.write("پیش از شروع دوباره")
    await rig.start()
    await rig.settled()
    rig.simulator.restart_update_ids(1)
    await person.write("پس از شروع دوباره")
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["پیش از شروع دوباره", "پس از شروع دوباره"]
    assert await rig.scalar(sa.select(receivers.c.next_offset)) == 2


async def test_numbers_that_began_again_while_the_bot_was_off_are_seen(rig: Rig) -> None:
    person = rig.simulator.person(1000)
    await person.write("الف")
    await rig.start()
    await rig.settled()
    await rig.stop()
    rig.simulator.restart_update_ids(0)
    await person.write("ب")
    await rig.start()
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["الف", "ب"]


async def test_one_bad_update_does_not_hold_up_the_rest(rig: Rig) -> None:
    person = rig.simulator.person(1000)
    await person.write("پیش")
    rig.simulator.inject("[1, 2]")
    rig.simulator.inject('"words"')
    rig.simulator.inject({"message": {"message_id": "x", "chat": 5, "date": "never"}})
    rig.simulator.inject('{"callback_query": {"id": "7", "data": "\\ud800"}}')
    await person.write("پس")
    await rig.start()
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["پیش", "پس"]
    bodies = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == "quarantined")
    assert await rig.scalar(bodies) == 4
    assert len(rig.house.quarantined) == 4
    assert rig.simulator.waiting() == 0


def undecodable(rig: Rig, inside: str) -> int:
    """Put an update into the queue as a text under its own number, which it returns."""
    number = rig.simulator._queue(None).next_id
    rig.simulator.inject(f'{{"update_id": {number}, "message": {{"text": {inside}}}}}')
    return number


@pytest.mark.parametrize(
    "inside",
    ["[" * 200_000 + "]" * 200_000, "9" * 5000, '"\\"update_id\\": 7"broken'],
    ids=["deep", "digits", "no JSON"],
)
async def test_one_update_that_cannot_be_decoded_is_stepped_over(rig: Rig, inside: str) -> None:
    person = rig.simulator.person(1000)
    await person.write("پیش")
    number = undecodable(rig, inside)
    await person.write("پس")
    await rig.start()
    await rig.until(lambda: len(rig.said()) == 2, 20)
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["پیش", "پس"]
    stub = sa.select(inbox.c.update_id).where(inbox.c.state == "quarantined")
    assert await rig.scalar(stub) == number
    assert rig.simulator.waiting() == 0
    assert polls(rig)[-1]["parameters"]["limit"] == 100
    assert rig.engine.health.state("telegram receiver") == "ok"


async def test_an_answer_that_is_cut_on_its_way_loses_nothing(rig: Rig) -> None:
    await rig.simulator.person(1000).write("در راه")
    rig.simulator.fault("getUpdates", text='{"ok":true,"result":[{"update_id":1,"mess', times=2)
    await rig.start()
    await rig.until(lambda: rig.said() == ["در راه"])
    await rig.settled()
    assert await rig.scalar(STATES) == 1


def test_letters_that_are_no_utf_8_cost_an_update_nothing_but_them() -> None:
    assert decoded(b'{"ok":true,"result":[{"update_id":5,"text":"a\xffb"}]}')["result"][0]["text"] == "a\ufffdb"
    with pytest.raises(ValueError, match="no JSON"):
        decoded(b"<html>")


async def test_a_raw_line_break_in_a_text_is_read(rig: Rig) -> None:
    number = rig.simulator._queue(None).next_id
    message = '{"message_id": 1, "date": 1, "chat": {"id": 1000, "type": "private"}, "text": "سلام\n\x01علیک"}'
    rig.simulator.inject(f'{{"update_id": {number}, "message": {message}}}')
    await rig.start()
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["سلام\n\x01علیک"]


async def test_an_update_that_the_database_refuses_does_not_hold_up_the_rest(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def receive(tx: Any, messenger: str, arrivals: Any, now: Any) -> int:
        new = await sound(tx, messenger, arrivals, now)
        if any("نشدنی" in arrival.body for arrival in arrivals):
            await tx.execute(sa.insert(people).values(created_at=None))
        return new

    sound = queue.receive
    monkeypatch.setattr(queue, "receive", receive)
    person = rig.simulator.person(1000)
    for words in ("پیش", "نشدنی", "پس"):
        await person.write(words)
    await rig.start()
    await rig.settled()
    assert [words for _, words in await rig.heard()] == ["پیش", "پس"]
    assert await rig.scalar(sa.select(inbox.c.body).where(inbox.c.state == "quarantined")) == "null"
    assert rig.simulator.waiting() == 0


async def test_an_update_without_a_number_does_not_make_it_spin(rig: Rig) -> None:
    answer = {"ok": True, "result": [{"message": {"message_id": 1}}]}
    rig.simulator.fault("getUpdates", text=json.dumps(answer), times=None)
    rig.polling = Polling(wait_factor=1)
    await rig.start()
    await rig.until(lambda: len(polls(rig)) >= 2)
    await asyncio.sleep(1.0)
    assert len(polls(rig)) <= 4
    assert await rig.scalar(STATES) == 1
    rig.simulator.api.faults.clear()
    await rig.simulator.person(1000).write("سلام")
    await rig.settled()
    assert await rig.heard() == [(1000, "سلام")]


async def test_a_messenger_that_repeats_what_was_confirmed_does_not_make_it_spin(rig: Rig) -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": 1000, "type": "private"}, "text": "سلام"}
    old = {"ok": True, "result": [{"update_id": 8, "message": message}]}
    await rig.simulator.person(1000).write("سلام")
    await rig.start()
    await rig.settled()
    rig.simulator.inject({"update_id": 8, "message": message})
    await rig.settled()
    asked_without = len([row for row in polls(rig) if "offset" not in row["parameters"]])
    rig.simulator.fault("getUpdates", text=json.dumps(old), times=1)
    for _ in range(4):
        await rig.settled()
    assert all("offset" in row["parameters"] for row in polls(rig)[-3:])
    assert len([row for row in polls(rig) if "offset" not in row["parameters"]]) <= asked_without + 2


TROUBLES: list[tuple[str, dict[str, Any], str]] = [
    ("a wrong token", {"status": 401}, "unauthorised"),
    ("an address that is gone", {"status": 404}, "unauthorised"),
    ("somebody else polling", {"status": 409, "description": "Conflict: terminated by other getUpdates"}, "conflict"),
    ("a server in trouble", {"status": 502}, "server"),
    ("a page instead of an answer", {"text": "<html>Bad Gateway</html>", "status": 200}, "server"),
    ("a cut connection", {"drop": "before"}, "network"),
    ("an answer lost on the way", {"drop": "after"}, "network"),
    ("too many requests", {"status": 429, "retry_after": 0}, "rate"),
    ("a result of another kind", {"body": {"ok": True, "result": {"a": 1}}}, "server"),
]


@pytest.mark.parametrize(("fault", "state"), [(row[1], row[2]) for row in TROUBLES], ids=[row[0] for row in TROUBLES])
async def test_trouble_passes_without_loss(rig: Rig, fault: dict[str, Any], state: str) -> None:
    await rig.simulator.person(1000).write("در راه")
    rig.simulator.fault("getUpdates", times=4, **fault)
    await rig.start()
    await rig.until(lambda: rig.engine.health.state("telegram receiver") == state)
    await rig.settled()
    assert await rig.heard() == [(1000, "در راه")]
    assert rig.engine.health.state("telegram receiver") == "ok"
    assert await health(rig) == "ok"


async def test_waiting_between_tries_grows(rig: Rig) -> None:
    rig.polling = Polling(wait_factor=1)
    rig.simulator.fault("getUpdates", status=500, times=None)
    await rig.start()
    await asyncio.sleep(2.5)
    assert 1 <= len(polls(rig)) <= 3
    assert await health(rig) == "server"


async def test_a_webhook_that_was_left_set_is_taken_away(rig: Rig) -> None:
    client = rig.client("telegram")
    await client.open()
    await client.bot.set_webhook("http://127.0.0.1:9/hook")
    await client.close()
    await rig.simulator.person(1000).write("سلام")
    await rig.start()
    await rig.settled()
    assert await rig.heard() == [(1000, "سلام")]


async def test_a_full_inbox_pauses_receiving_and_loses_nothing(rig: Rig) -> None:
    gate = asyncio.Event()

    async def wait() -> None:
        await asyncio.wait_for(gate.wait(), 10)

    rig.polling = Polling(limit=5, inbox_bound=10, wait_factor=0.1)
    rig.house.plans["0"] = wait
    person = rig.simulator.person(1000)
    for n in range(60):
        await person.write(str(n))
    if "sqlite" in rig.url:
        gate.set()  # its one writer cannot wait in a handler and receive
    await rig.start()
    if not gate.is_set():
        await rig.until(lambda: rig.engine.health.state("telegram receiver") == "full")
        assert rig.simulator.waiting() >= 40
        gate.set()
    await rig.settled(30)
    assert [words for _, words in await rig.heard()] == [str(n) for n in range(60)]


async def test_what_a_messenger_would_forget_is_taken_in_however_much_waits(rig: Rig) -> None:
    if "sqlite" in rig.url:
        pytest.skip("SQLite has one writer at a time: it cannot wait in a handler and receive")
    gate = asyncio.Event()

    async def wait() -> None:
        await asyncio.wait_for(gate.wait(), 10)

    rig.messengers = ("telegram", "bale")
    rig.polling = Polling(limit=5, inbox_bound=10, wait_factor=0.1)
    rig.house.plans["0"] = wait
    for number in (1000, 2000):
        for n in range(40):
            await rig.simulator.person(number).write(str(n))
    await rig.start()
    await rig.until(lambda: rig.engine.health.state("telegram receiver") == "full")
    await rig.until(lambda: rig.simulator.waiting(USERNAMES["bale"]) == 0)
    assert rig.simulator.waiting(USERNAMES["telegram"]) >= 20
    gate.set()
    await rig.settled(30)
    assert len(await rig.heard()) == 80


async def test_stopping_ends_a_long_poll_at_once(rig: Rig) -> None:
    await rig.start()
    await rig.settled()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await rig.stop()
    assert loop.time() - begun < 2


async def test_it_can_be_interrupted_at_the_moment_when_it_would_go_on_by_itself(rig: Rig) -> None:
    rig.simulator.fault("getUpdates", status=502, times=None)
    rig.polling = Polling(wait_factor=0.3)
    engine = await rig.start()
    receiver, loop = engine.receivers["telegram"], asyncio.get_running_loop()
    await rig.until(lambda: receiver._patience is not None and receiver._patience.when() is not None)
    assert receiver._patience is not None
    due = receiver._patience.when()
    assert due is not None
    problems: list[RuntimeError] = []
    loop.call_at(due + 0.001, _noting(receiver.stop, problems))
    time.sleep(max(due - loop.time(), 0) + 0.05)  # noqa: ASYNC251 -- a busy machine: both moments come at once
    await asyncio.sleep(0.1)
    await rig.stop()
    assert problems == []


def _noting(action: Callable[[], None], problems: list[RuntimeError]) -> Callable[[], None]:
    def act() -> None:
        try:
            action()
        except RuntimeError as problem:
            problems.append(problem)

    return act
