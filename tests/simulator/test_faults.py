"""Faults on demand and the call log."""

import asyncio
import json
import random
from time import monotonic
from typing import Any

import pytest
from aiohttp import ClientError

from simulator.damage import damaged
from simulator.person import Person
from simulator.server import Simulator
from simulator.shapes import message_for
from tests.simulator.conftest import Client


async def test_refusals_strike_as_often_as_told(client: Client, maryam: Person, sim: Simulator) -> None:
    sim.fault("send*", times=2, status=429, retry_after=3)
    for _ in range(2):
        status, body = await client.call("sendMessage", chat_id=1001, text="x")
        assert status == 429
        assert body["parameters"] == {"retry_after": 3}
        assert body["description"] == "Too Many Requests: retry after 3"
    await client.ok("sendMessage", chat_id=1001, text="y")
    assert [one.text for one in maryam.messages()[1:]] == ["y"]


async def test_too_many_requests_may_come_without_a_time(client: Client, maryam: Person, sim: Simulator) -> None:
    sim.fault("sendMessage", status=429)
    _, body = await client.call("sendMessage", chat_id=1001, text="x")
    assert body == {"ok": False, "error_code": 429, "description": "Too Many Requests"}


async def test_rules_choose_bot_chat_and_share(client: Client, maryam: Person, sim: Simulator) -> None:
    sim.fault("sendMessage", chat=5, times=None, status=500)
    sim.fault("sendMessage", bot="other_bot", times=None, status=500)
    await client.ok("sendMessage", chat_id=1001, text="x")
    sim.api.faults.clear()
    sim.fault("sendMessage", times=None, rate=0.5, status=503)
    statuses = [(await client.call("sendMessage", chat_id=1001, text=str(n)))[0] for n in range(60)]
    assert 15 < statuses.count(503) < 45


async def test_raw_answers(client: Client, sim: Simulator) -> None:
    sim.fault("getMe", status=502, text="<html>Bad Gateway</html>")
    async with client.session.get(f"{sim.url}/bot137:aa/getMe") as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
        assert await answer.text() == "<html>Bad Gateway</html>"
    sim.fault("getMe", body="a bare string")
    async with client.session.get(f"{sim.url}/bot137:aa/getMe") as answer:
        assert await answer.text() == "a bare string"
    sim.fault("getMe", body={"ok": False, "error_code": 429, "description": "local_rate_limited"})
    assert (await client.call("getMe"))[0] == 200


@pytest.mark.parametrize(("drop", "arrived"), [("before", 1), ("after", 2)])
async def test_connection_is_cut_before_or_after_the_effect(
    client: Client, maryam: Person, sim: Simulator, drop: str, arrived: int
) -> None:
    sim.fault("sendMessage", drop=drop)
    with pytest.raises(ClientError):
        await client.call("sendMessage", chat_id=1001, text="شاید رسید")
    assert len(maryam.messages()) == arrived
    row = sim.log.calls("sendMessage")[-1]
    assert (row["dropped"], row["effect"], row["fault"]) == (drop, arrived == 2, True)


async def test_effect_with_a_wrong_answer(client: Client, maryam: Person, sim: Simulator) -> None:
    sim.fault("sendMessage", status=504, effect=True)
    assert (await client.call("sendMessage", chat_id=1001, text="رسید"))[0] == 504
    assert maryam.messages()[-1].text == "رسید"


async def test_slow_answers(client: Client, maryam: Person, sim: Simulator) -> None:
    sim.fault("sendMessage", delay=0.3)
    sim.fault("getMe", drip=0.3)
    calls: list[tuple[str, dict[str, Any]]] = [("sendMessage", {"chat_id": 1001, "text": "x"}), ("getMe", {})]
    for method, parameters in calls:
        began = monotonic()
        await client.ok(method, **parameters)
        assert 0.28 < monotonic() - began < 2


async def test_first_calls_can_pass(client: Client, sim: Simulator) -> None:
    sim.fault("getMe", after=2, status=500)
    assert [(await client.call("getMe"))[0] for _ in range(4)] == [200, 200, 500, 200]


async def test_downloads_fail_too(client: Client, maryam: Person, sim: Simulator) -> None:
    await maryam.document(b"abc" * 100)
    file_id = (await client.updates())[0]["message"]["document"]["file_id"]
    path = (await client.ok("getFile", file_id=file_id))["file_path"]
    sim.fault("download", status=500)
    sim.fault("download", drop="before", times=2)  # the client itself repeats a GET once
    async with client.session.get(f"{sim.url}/file/bot137:aa/{path}") as answer:
        assert answer.status == 500
    with pytest.raises(ClientError):
        async with client.session.get(f"{sim.url}/file/bot137:aa/{path}"):
            pass
    async with client.session.get(f"{sim.url}/file/bot137:aa/{path}") as answer:
        assert await answer.read() == b"abc" * 100


def test_unknown_fields_of_a_rule_are_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="colour"):
        sim.fault("getMe", colour="red")


async def test_log_tells_every_call_and_no_token(client: Client, maryam: Person, sim: Simulator) -> None:
    first = (await maryam.write("سلام"))[0]
    await client.updates()
    await client.ok("sendMessage", chat_id=1001, text="علیک")
    await client.refusal("sendMessage", chat_id=5, text="x")
    rows = [json.loads(line) for line in sim.log.lines().splitlines()]
    assert [(one["method"], one["status"], one["answer"]) for one in rows] == [
        ("getUpdates", 200, [first]),
        ("sendMessage", 200, {"message_id": 3}),
        ("sendMessage", 400, "Bad Request: chat not found"),
    ]
    assert rows[1]["parameters"] == {"chat_id": 1001, "text": "علیک"}
    assert "137:aa" not in sim.log.lines()


async def test_stopping_is_quick_even_while_somebody_polls(sim: Simulator, client: Client) -> None:
    poll = asyncio.create_task(client.call("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    began = monotonic()
    await sim.stop()
    assert monotonic() - began < 2
    assert (await poll)[1] == {"ok": True, "result": []}


# Malformed updates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["missing", "null", "type", "huge", "kind", "empty", "any"])
async def test_updates_are_damaged_for_good_but_stay_json(
    client: Client, maryam: Person, sim: Simulator, kind: str
) -> None:
    sim.fault("update", damage=kind, times=20)
    ids = [(await maryam.write(f"پیام {number}"))[0] for number in range(25)]
    said = list(sim.exchange.world.chats["telegram:1001:city_bot"].messages.values())[1:]
    bot = sim.exchange.world.bots["137:aa"]
    sound = [{"update_id": n, "message": message_for(bot, one)} for n, one in zip(ids, said, strict=True)]
    found = await client.updates()
    assert [one["update_id"] for one in found] == ids
    assert [one == other for one, other in zip(found, sound, strict=True)] == [False] * 20 + [True] * 5
    assert await client.updates() == found


async def test_updates_are_damaged_by_rate_and_chat(client: Client, maryam: Person, sim: Simulator) -> None:
    hosein = sim.person(2001)
    await hosein.start()
    sim.fault("update", damage="kind", rate=0.3, times=None, chat=1001)
    for _ in range(50):
        await maryam.write("x")
        await hosein.write("y")
    found = await client.updates(limit=100)
    assert 5 < sum("hologram_message" in one for one in found) < 30
    assert sum("message" in one and one["message"].get("text") == "y" for one in found) >= 49


async def test_answers_are_damaged_once(client: Client, maryam: Person, sim: Simulator) -> None:
    await maryam.write("x")
    sim.fault("getUpdates", damage="cut")
    with pytest.raises(json.JSONDecodeError):
        await client.call("getUpdates")
    sim.fault("getUpdates", damage="empty")
    assert [one["message"] for one in await client.updates()] == [{}]
    assert [one["message"]["text"] for one in await client.updates()] == ["x"]


def test_unknown_damage_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="damage must be one of"):
        sim.fault("update", damage="burnt")
    with pytest.raises(ValueError, match="drop must be"):
        sim.fault("getMe", drop="sometimes")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"update_id": 3}'])
def test_what_is_spoilt_already_stays_as_it_is(text: str) -> None:
    assert damaged(text, "any", random.Random(1)) == text
