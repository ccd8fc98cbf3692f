"""Several engines on one PostgreSQL, as in several processes: each update once, each chat in order, and fail-over."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.arrivals import arrival
from bot.engine import Engine
from bot.leases import Pace
from bot.receiver import Polling
from bot.roles import Role
from storage import inbox as queue
from storage import sending, timers
from storage.database import Database, Transaction
from storage.tables import audit, inbox, outbox
from storage.tables import timers as timers_table
from tests.engine.rig import PlainHouse, Rig

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]

SHORT = Pace(held_for=0.9, margin=0.2, renew_every=0.25, look_every=0.1)
LEFT = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state.in_(["waiting", "held"]))
UNSENT = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == "waiting")


async def until_none(rig: Rig, query: sa.Select[Any], seconds: float = 30) -> float:
    """Wait until a count is zero; return how long that took."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.timeout(seconds):
        while await rig.scalar(query):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return loop.time() - begun


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def message(number: int, chat: int, words: str) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "x"}
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_800_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "x"},
            "from": person,
            "text": words,
        },
    }


async def store(rig: Rig, raws: list[dict[str, Any]], engine: Engine | None = None) -> None:
    """Put updates into the inbox, as a receiver in another process would."""
    database = Database(rig.url)
    async with database.write() as tx:
        await queue.receive(tx, "telegram", [arrival("telegram", raw) for raw in raws], rig.clock.now())
    await database.close()


async def in_order(rig: Rig, chats: range, each: int) -> None:
    heard: dict[int, list[str]] = defaultdict(list)
    for chat, words in await rig.heard():
        heard[chat].append(words)
    assert dict(heard) == {chat: [str(n) for n in range(each)] for chat in chats}


def crowd(chats: range, each: int) -> list[dict[str, Any]]:
    return [message(n * 1000 + chat, chat, str(n)) for n in range(each) for chat in chats]


@pytest.fixture
def two(rig: Rig) -> tuple[PlainHouse, PlainHouse]:
    rig.pace, rig.slow_poll = SHORT, 0.5
    return PlainHouse(silent=True), PlainHouse(silent=True)


async def shared(rig: Rig, *houses: PlainHouse, frozen_after: float = 30) -> list[Engine]:
    """Start workers and wait until each knows of the others."""
    engines = [await rig.another(Role.WORKER, house=house, frozen_after=frozen_after) for house in houses]
    await until(lambda: all(engine.keeper.share.of == len(houses) for engine in engines))
    return engines


async def reads_nothing(worker: Engine) -> None:
    """Let a worker be there and read nothing, once it has begun: its part is made anew when it gets its lease."""
    await until(lambda: worker.dispatcher._reading.resting)
    worker.dispatcher._reading.stop()


async def test_two_workers_handle_each_update_once_and_each_chat_in_order(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    await shared(rig, *two)
    chats = range(1000, 1020)
    await store(rig, crowd(chats, 20))
    await until_none(rig, LEFT)
    await in_order(rig, chats, 20)
    assert min(len(house.tried) for house in two) > 50, "both have a share"


async def test_workers_that_come_and_go_in_the_middle_change_nothing(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    async def slowly() -> None:
        await asyncio.sleep(0.004)

    for house in two:
        house.plans = {str(n): slowly for n in range(30)}
    chats = range(1000, 1020)
    await store(rig, crowd(chats, 30))
    first = await rig.another(Role.WORKER, house=two[0])
    await until(lambda: len(two[0].tried) > 50)
    await rig.another(Role.WORKER, house=two[1])
    await until(lambda: len(two[1].tried) > 50)
    rig.others.remove(first)
    await first.stop()
    await until_none(rig, LEFT)
    await in_order(rig, chats, 30)


async def test_a_worker_that_freezes_in_the_middle_of_an_update_is_overtaken(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    thaw, frozen = asyncio.Event(), asyncio.Event()

    async def freeze() -> None:
        frozen.set()
        await thaw.wait()

    two[0].plans["3"] = freeze
    first, _ = await shared(rig, *two, frozen_after=1)

    async def renews_nothing() -> None:
        await thaw.wait()

    chats = range(1000, 1010)
    await store(rig, crowd(chats, 6))
    await asyncio.wait_for(frozen.wait(), 10)
    first.keeper._round = renews_nothing  # type: ignore[attr-defined]
    assert await until_none(rig, LEFT) < 6
    thaw.set()
    await asyncio.sleep(0.5)
    await in_order(rig, chats, 6)


async def test_without_a_word_from_the_receiver_the_inbox_is_found(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    await shared(rig, *two)
    await store(rig, [message(1, 1000, "0")])
    assert await until_none(rig, LEFT) < 2


async def test_a_word_from_the_receiver_wakes_a_worker_elsewhere_at_once(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    rig.slow_poll = 30
    await shared(rig, *two)
    receiver = await rig.another(Role.RECEIVER)
    await until(lambda: receiver.receivers["telegram"]._patience is not None)
    loop = asyncio.get_running_loop()
    await rig.simulator.person(1000).write("سلام")
    begun = loop.time()
    await until(lambda: bool(two[0].tried or two[1].tried))
    assert loop.time() - begun < 5


async def test_lanes_that_their_worker_neglects_are_taken_by_an_idle_one(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    first, second = await shared(rig, *two)
    await reads_nothing(first)
    chats = range(1000, 1006)
    await store(rig, crowd(chats, 3))
    await until_none(rig, LEFT, 15)
    await in_order(rig, chats, 3)
    assert second.keeper.share.of == 2


async def test_a_worker_that_has_something_in_hand_and_is_woken_all_the_time_takes_neglected_lanes_too(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    over, begun = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        begun.set()
        await over.wait()

    two[1].plans["held up"] = hold
    first, second = await shared(rig, *two)
    await reads_nothing(first)
    own, *_ = (n for n in range(2000, 2100) if second.keeper.share.has(queue.shard_of(f"telegram:{n}")))
    await store(rig, [message(1, own, "held up")])
    second.dispatcher.wake()
    await asyncio.wait_for(begun.wait(), 5)
    chats = range(1000, 1006)
    await store(rig, crowd(chats, 3))
    async with asyncio.timeout(15):
        while len(two[1].tried) < 19:
            second.dispatcher.wake()
            await asyncio.sleep(0.05)
    over.set()
    await until_none(rig, LEFT)
    assert len(two[1].tried) == 19


async def test_a_worker_with_a_long_queue_of_its_own_leaves_neglected_lanes_alone(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    over = asyncio.Event()

    async def hold() -> None:
        await over.wait()

    two[1].plans["held up"] = hold
    first, second = await shared(rig, *two)
    await reads_nothing(first)
    shards = {n: queue.shard_of(f"telegram:{n}") for n in range(2000, 2200)}
    own = [n for n, shard in shards.items() if second.keeper.share.has(shard)][:40]
    other = next(n for n, shard in shards.items() if first.keeper.share.has(shard))
    await store(rig, [message(n, n, "held up") for n in own])
    second.dispatcher.wake()
    await until(lambda: second.dispatcher._lanes.standing > 30)
    await store(rig, [message(1, other, "neglected")])
    await asyncio.sleep(5)
    assert second.dispatcher._lanes.get(f"telegram:{other}") is None
    over.set()
    await until_none(rig, LEFT)
    assert "neglected" in two[1].tried


async def test_roles_in_three_engines_answer_a_person(rig: Rig) -> None:
    rig.pace, rig.slow_poll = SHORT, 30
    for role in (Role.RECEIVER, Role.WORKER, Role.SENDER):
        await rig.another(role)
    await rig.simulator.person(1000).write("سلام")
    await until(lambda: rig.said() == ["سلام"], 10)


async def test_two_whole_engines_poll_and_send_as_one(rig: Rig) -> None:
    rig.pace = SHORT
    await rig.another()
    await rig.another()
    people = [rig.simulator.person(1000 + n) for n in range(5)]
    for n in range(10):
        for person in people:
            await person.write(str(n))
    await until(lambda: all(len(rig.said(1000 + n)) == 10 for n in range(5)), 20)
    await until_none(rig, UNSENT)
    assert all(rig.said(1000 + n) == [str(i) for i in range(10)] for n in range(5))
    assert len(rig.texts()) == 50
    assert not [call for call in rig.simulator.log.calls("getUpdates") if call["status"] == 409]


async def test_a_frozen_sender_makes_no_call_and_settles_nothing_late(rig: Rig) -> None:
    rig.pace = SHORT
    first = await rig.another(Role.SENDER)
    await until(lambda: first.senders["telegram"].lease.valid)
    rig.simulator.fault("sendMessage", delay=2.0)
    row = await rig.say("یک")
    await rig.say("دو")
    first.senders["telegram"].wake()
    await until(lambda: bool(first.senders["telegram"]._in_flight))
    thaw = asyncio.Event()

    async def renews_nothing() -> None:
        await thaw.wait()

    first.keeper._round = renews_nothing  # type: ignore[attr-defined]
    second = await rig.another(Role.SENDER)
    await until(lambda: second.senders["telegram"].lease.valid, 5)
    await until(lambda: len(rig.texts()) >= 2, 10)
    await until_none(rig, UNSENT)
    ended = await rig.row(row)
    await asyncio.sleep(2.2)  # the first one's call ends, and it would settle it
    late = await rig.row(row)
    assert (late.message_id, late.sent_at) == (ended.message_id, ended.sent_at)
    assert ended.attempts == 1, "what was in flight at the other one is marked"
    calls = len(rig.texts())
    await rig.say("سه")
    await until_none(rig, UNSENT)
    assert len(rig.texts()) == calls + 1, "one of them sends it, not both"
    thaw.set()


async def test_a_claim_that_comes_after_the_take_over_holds_its_chat_until_it_is_freed(rig: Rig) -> None:
    rig.pace = SHORT
    early = await rig.say("یک")
    sender = await rig.another(Role.SENDER)
    await until(lambda: rig.said() == ["یک"])
    await rig.stop()
    row = await rig.say("دو")
    await rig.say("سه")
    database = Database(rig.url)
    async with database.write() as tx:
        assert await sending.claim(tx, [row], rig.clock.now(), 0) == {row}  # by one that held the lease before
    await database.close()
    assert sender.senders["telegram"].lease.token > 0
    await rig.another(Role.SENDER)
    await until(lambda: len(rig.said()) == 3)
    assert rig.said() == ["یک", "دو", "سه"]
    assert (await rig.row(row)).attempts == 1
    assert (await rig.row(early)).attempts == 0


async def test_a_frozen_receiver_polls_no_more_and_moves_no_offset(rig: Rig) -> None:
    rig.pace = SHORT
    rig.polling = Polling(seconds=1)
    first = await rig.another(Role.RECEIVER)
    await until(lambda: len(rig.simulator.log.calls("getUpdates")) > 1)
    thaw = asyncio.Event()

    async def renews_nothing() -> None:
        await thaw.wait()

    first.keeper._round = renews_nothing  # type: ignore[attr-defined]
    lease = first.receivers["telegram"].lease
    await until(lambda: not lease.valid)
    await asyncio.sleep(1.1)  # the poll under way ends
    polls = len(rig.simulator.log.calls("getUpdates"))
    await rig.simulator.person(1000).write("سلام")
    await asyncio.sleep(1.2)
    assert len(rig.simulator.log.calls("getUpdates")) == polls
    second = await rig.another(Role.RECEIVER)
    await until_none(rig, sa.select(sa.func.count() == 0).select_from(inbox))
    assert second.receivers["telegram"].lease.token == lease.token + 1


async def test_of_two_workers_one_rings_a_timer_and_the_other_does_not_wait(
    rig: Rig, two: tuple[PlainHouse, PlainHouse]
) -> None:
    async def slowly(_: Transaction, __: dict[str, Any]) -> None:
        await asyncio.sleep(0.05)

    for house in two:
        house.ring_plan = slowly
    database = Database(rig.url)
    async with database.write() as tx:
        for n in range(20):
            await timers.set(tx, f"timer {n}", "reminder", rig.clock.now(), {"n": n})
    await database.close()
    await shared(rig, *two)
    left = sa.select(sa.func.count()).select_from(timers_table).where(timers_table.c.state != "done")
    await until_none(rig, left)
    rung = await rig.scalar(sa.select(sa.func.count()).select_from(audit).where(audit.c.act == "rung"))
    assert rung == 20
    assert len(two[0].rung) + len(two[1].rung) == 20, "none was begun twice"
