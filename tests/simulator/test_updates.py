"""getUpdates: what confirms what, who waits, who is thrown out."""

import asyncio
from time import monotonic

import pytest

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client


async def test_updates_stay_until_a_higher_offset_confirms_them(client: Client, maryam: Person, sim: Simulator) -> None:
    first = (await maryam.write("یک"))[0]
    await maryam.write("دو")
    assert [one["update_id"] for one in await client.updates()] == [first, first + 1]
    assert [one["update_id"] for one in await client.updates(offset=first)] == [first, first + 1]
    assert [one["message"]["text"] for one in await client.updates(offset=first + 1)] == ["دو"]
    assert sim.waiting() == 1
    assert await client.updates(offset=first + 2) == []
    assert await client.updates() == []


async def test_limit_is_kept_and_nonsense_means_a_hundred(client: Client, maryam: Person) -> None:
    for number in range(120):
        await maryam.write(str(number))
    assert len(await client.updates(limit=7)) == 7
    assert len(await client.updates(limit=0)) == 100
    assert len(await client.updates(limit=101)) == 100


async def test_negative_offset_keeps_only_the_last(client: Client, maryam: Person, sim: Simulator) -> None:
    for number in range(5):
        await maryam.write(str(number))
    assert [one["message"]["text"] for one in await client.updates(offset=-2)] == ["3", "4"]
    assert sim.waiting() == 2


async def test_long_poll_wakes_at_once(client: Client, maryam: Person) -> None:
    poll = asyncio.create_task(client.updates(timeout=10))
    await asyncio.sleep(0.1)
    began = monotonic()
    await maryam.write("سلام")
    assert [one["message"]["text"] for one in await poll] == ["سلام"]
    assert monotonic() - began < 3


async def test_long_poll_gives_up_after_its_timeout(client: Client) -> None:
    began = monotonic()
    assert await client.updates(timeout=1) == []
    assert 0.9 < monotonic() - began < 2


async def test_second_poller_throws_the_first_out(client: Client, maryam: Person) -> None:
    first = asyncio.create_task(client.refusal("getUpdates", timeout=10))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(client.updates(timeout=10))
    status, text = await first
    assert status == 409
    assert "terminated by other getUpdates request" in text
    await maryam.write("سلام")
    assert len(await second) == 1


async def test_offset_of_another_numbering_gets_the_head_again_and_again(
    client: Client, maryam: Person, sim: Simulator
) -> None:
    """As TDLib does for "from_id is in the future": nothing is confirmed, nothing is hidden."""
    last = (await maryam.write("پیش از آغاز دوباره"))[0]
    assert len(await client.updates(offset=last)) == 1
    sim.restart_update_ids(at=50)
    assert await maryam.write("پس از آغاز دوباره") == (50,)
    for _ in range(2):
        assert [one["update_id"] for one in await client.updates(offset=last + 1)] == [50]
    assert await client.updates(offset=51) == []


async def test_offset_just_past_the_end_hides_what_lies_below(client: Client, maryam: Person) -> None:
    first = (await maryam.write("یک"))[0]
    assert await client.updates(offset=first + 5) == []
    await maryam.write("دو")
    assert await client.updates(offset=first + 5) == []


async def test_allowed_updates_are_remembered_by_telegram_only(
    client: Client, maryam: Person, bale_maryam: Person
) -> None:
    await client.updates(allowed_updates=["callback_query"])
    assert await maryam.write("نشنیده") == ()
    await client.updates(allowed_updates=[])
    assert len(await maryam.write("شنیده")) == 1
    await client.updates("137:cc", allowed_updates=["callback_query"])
    assert len(await bale_maryam.write("شنیده")) == 1


async def test_bale_counts_from_zero_and_keeps_two_thousand(client: Client, sim: Simulator) -> None:
    person = sim.person(1203344551)
    assert await person.start() == (0,)
    for number in range(2004):
        await person.write(str(number))
    assert sim.waiting("city") == 2000
    assert (await client.updates("137:cc", limit=1))[0]["update_id"] == 5
    assert (await client.updates("137:cc", offset=0, limit=1))[0]["update_id"] == 5


@pytest.mark.parametrize(("token", "person"), [("137:aa", 1001), ("137:cc", 1203344551)])
async def test_updates_older_than_a_day_are_gone(client: Client, sim: Simulator, token: str, person: int) -> None:
    await sim.person(person).start()
    await sim.person(person).write("دیروز")
    sim.set_clock(25 * 3600)
    await sim.person(person).write("امروز")
    found = await client.updates(token)
    assert [one["message"]["text"] for one in found] == ["امروز"]
    assert 0 <= sim.now() - found[0]["message"]["date"] < 5


async def test_injected_updates_come_as_they_are(client: Client, maryam: Person, sim: Simulator) -> None:
    sim.inject({"callback_query": {"id": "7", "from": None}})
    sim.inject({"update_id": 3, "message": "no object"})
    found = await client.updates()
    assert found[0]["callback_query"] == {"id": "7", "from": None}
    assert found[1] == {"update_id": 3, "message": "no object"}
    assert await maryam.write("بعد") == (4,)


async def test_malformed_text_spoils_the_whole_answer(client: Client, sim: Simulator) -> None:
    sim.inject('{"update_id": 1, "message": {')
    async with client.session.get(f"{sim.url}/bot137:aa/getUpdates") as answer:
        assert (await answer.text()).endswith('{"update_id": 1, "message": {]}')


async def test_telegram_keeps_presses_for_150_seconds_only(client: Client, maryam: Person, sim: Simulator) -> None:
    markup = {"inline_keyboard": [[{"text": "بله", "callback_data": "y"}]]}
    await client.ok("sendMessage", chat_id=1001, text="؟", reply_markup=markup)
    await maryam.write("پیش")
    await maryam.press("بله")
    await maryam.write("پس")
    sim.set_clock(149)
    assert [list(one)[1] for one in await client.updates()] == ["message", "callback_query", "message"]
    sim.set_clock(152)
    await maryam.press("بله")
    found = await client.updates()
    assert [list(one)[1] for one in found] == ["message", "message", "callback_query"]
    assert await client.updates(offset=found[-1]["update_id"] + 1) == []
    sim.set_clock(400)
    assert sim.exchange.queues["137:aa"].dropped == 1
