"""The call log: counted and read on without fetching all of it."""

import json
from typing import Any

import pytest
from aiohttp import FormData

from simulator.calllog import CallLog
from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client, picture


async def read(client: Client, query: str = "") -> list[dict[str, Any]]:
    async with client.session.get(f"{client.url}/sim/log{query}") as answer:
        return [json.loads(line) for line in (await answer.text()).splitlines()]


async def count(client: Client, query: str = "") -> dict[str, Any]:
    async with client.session.get(f"{client.url}/sim/log/count{query}") as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def test_calls_are_counted_by_method_status_and_bot(client: Client, maryam: Person, sim: Simulator) -> None:
    for number in range(3):
        await client.ok("sendMessage", chat_id=1001, text=str(number))
    await client.refusal("sendMessage", chat_id=5, text="x")
    await client.ok("getMe", "138:bb")
    assert await count(client) == {"count": 5, "last": 5}
    assert (await count(client, "?method=sendMessage"))["count"] == 4
    assert (await count(client, "?method=send*&status=200"))["count"] == 3
    assert (await count(client, "?bot=other_bot"))["count"] == 1
    assert (await count(client, "?method=sendPhoto"))["count"] == 0
    async with client.session.get(f"{sim.url}/sim/log/count?colour=red") as answer:
        assert (answer.status, "colour" in (await answer.json())["error"]) == (400, True)


async def test_log_is_read_on_from_a_number(client: Client, maryam: Person) -> None:
    for number in range(5):
        await client.ok("sendMessage", chat_id=1001, text=str(number))
    assert [row["n"] for row in await read(client)] == [1, 2, 3, 4, 5]
    assert [row["parameters"]["text"] for row in await read(client, "?since=3")] == ["3", "4"]
    assert await read(client, "?since=5") == []
    await client.ok("getMe")
    assert [row["method"] for row in await read(client, "?since=4&method=get*")] == ["getMe"]
    assert await read(client, "?since=x&method=getMe") == [
        {"ok": False, "error": "invalid literal for int() with base 10: 'x'"}
    ]


def row(method: str) -> dict[str, Any]:
    return {"bot": "b", "method": method, "status": 200, "parameters": {"m": method}}


def test_full_log_forgets_the_oldest_rows_but_not_their_count() -> None:
    log = CallLog(3)
    for method in ("a", "b", "a", "c", "b"):
        log.add(row(method))
    assert [one["method"] for one in log] == ["a", "c", "b"]
    assert [len(log.calls(one)) for one in ("a", "b", "c", "d")] == [1, 1, 1, 0]
    assert (log.count("a"), log.count(), log.last) == (2, 5, 5)
    assert [one["n"] for one in log.since(0)] == [3, 4, 5]
    assert [one["n"] for one in log.since(4)] == [5]
    log.clear()
    log.add(row("a"))
    assert (log.count(), log.last, [one["n"] for one in log.since(5)]) == (1, 6, [6])


@pytest.mark.parametrize("since", [0, 2, 9])
def test_nothing_is_newer_in_an_empty_log(since: int) -> None:
    assert CallLog(5).since(since) == []


@pytest.mark.parametrize("token", ["137:aa", "137:cc"])
async def test_files_that_a_parameter_names_are_not_strange(
    client: Client, maryam: Person, bale_maryam: Person, sim: Simulator, token: str
) -> None:
    person = maryam if token == "137:aa" else bale_maryam
    media = json.dumps([{"type": "photo", "media": f"attach://{name}"} for name in ("one", "two")])
    form = FormData({"chat_id": str(person.id), "media": media})
    for name in ("one", "two", "three"):
        form.add_field(name, picture(), filename="x.jpg")
    async with client.session.post(f"{client.url}/bot{token}/sendMediaGroup", data=form) as answer:
        assert answer.status == 200, await answer.text()
    assert sim.log.calls("sendMediaGroup")[-1]["unknown"] == ["three"]
