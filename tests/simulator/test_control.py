"""The door over HTTP: acts, clock, faults, state, live changes; and the command line."""

import asyncio
import base64
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.config import config_from, read_config
from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import TOWN, Client, picture


async def post(client: Client, path: str, body: Any) -> tuple[int, dict[str, Any]]:
    async with client.session.post(f"{client.url}/sim/{path}", json=body) as answer:
        return answer.status, await answer.json()


async def act(client: Client, what: str, **arguments: Any) -> tuple[int, dict[str, Any]]:
    return await post(client, "act", {"person": 1001, "flavour": "telegram", "do": what, "with": arguments})


async def test_people_act_over_http(client: Client) -> None:
    status, body = await act(client, "write", text="سلام")
    assert status == 200
    assert len(body["result"]["update_ids"]) == 1
    photo = {"base64": base64.b64encode(picture()).decode()}
    await act(client, "photo", data=photo, caption="عکس")
    await act(client, "album", photos=[photo, photo])
    messages = [one["message"] for one in await client.updates()]
    assert [bool(one.get("photo")) for one in messages] == [False, True, True, True]


@pytest.mark.parametrize(
    "body",
    [
        {"person": 1001, "do": "__init__"},
        {"person": 5, "do": "write", "with": {"text": "x"}},
        {"person": 1001, "do": "photo", "with": {"data": {"base64": "%%"}}},
        {"person": 1001, "do": "write", "with": {"colour": "red"}},
        {"person": 1001, "do": "press", "with": {"wanted": "x"}},
    ],
)
async def test_wrong_acts_say_what_is_wrong(client: Client, body: dict[str, Any]) -> None:
    status, answer = await post(client, "act", body)
    assert (status, answer["ok"]) == (400, False)
    assert answer["error"]


async def test_many_acts_and_what_waits(client: Client) -> None:
    one = {"person": 1001, "flavour": "telegram", "do": "write", "with": {"text": "x"}}
    status, body = await post(client, "acts", {"acts": [one] * 20})
    assert (status, len(body["result"])) == (200, 20)
    async with client.session.get(f"{client.url}/sim/queues") as answer:
        rows = {row["bot"]: row["waiting"] for row in await answer.json()}
    assert rows == {"city_bot": 20, "other_bot": 0, "city": 0}
    await client.updates("138:bb")
    await client.ok("setWebhook", "137:cc", url="http://127.0.0.1:9/")
    async with client.session.get(f"{client.url}/sim/queues") as answer:
        heard = {row["bot"]: row["listening"] for row in await answer.json()}
    assert heard == {"city_bot": False, "other_bot": True, "city": True}


async def test_other_sites_cannot_post(client: Client) -> None:
    async with client.session.post(f"{client.url}/sim/reset", data="{}") as answer:
        assert answer.status == 415


async def test_faults_clock_updates_and_reset(client: Client, maryam: Person, sim: Simulator) -> None:
    assert (await post(client, "faults", {"method": "getMe", "status": 500}))[0] == 200
    async with client.session.get(f"{sim.url}/sim/faults") as answer:
        assert [one["method"] for one in await answer.json()] == ["getMe"]
    assert (await client.call("getMe"))[0] == 500
    assert (await post(client, "faults", {"colour": "red"}))[0] == 400
    await post(client, "clock", {"advance": 100})
    await post(client, "clock", {"advance": 100})
    assert sim.exchange.offset == 200
    await post(client, "restart_update_ids", {"bot": "city_bot", "at": 7})
    assert (await post(client, "updates", {"bot": "city_bot", "update": {"poll": {}}}))[1]["result"] == 7
    assert await client.updates() == [{"update_id": 7, "poll": {}}]
    await post(client, "rate_limits", {"on": True})
    assert sim.api.limits.enabled
    await post(client, "reset", {})
    assert maryam.messages() == []
    async with client.session.delete(f"{sim.url}/sim/faults") as answer:
        assert answer.status == 200


async def test_state_holds_everything_but_tokens(client: Client, maryam: Person, sim: Simulator) -> None:
    await maryam.photo(picture(), "عکس")
    async with client.session.get(f"{sim.url}/sim/state") as answer:
        text = await answer.text()
    state = json.loads(text)
    assert "137:aa" not in text
    chat = next(one for one in state["chats"] if one["key"] == "telegram:1001:city_bot")
    assert [one["kind"] for one in chat["messages"]] == ["text", "photo"]
    async with client.session.get(sim.url + chat["messages"][1]["file"]["url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
    async with client.session.get(f"{sim.url}/sim/files/99999") as answer:
        assert answer.status == 404
    async with client.session.get(f"{sim.url}/sim/map") as answer:
        assert answer.status == 404


async def test_uploaded_pages_are_never_shown_as_pages(client: Client, maryam: Person, sim: Simulator) -> None:
    await maryam.document(b"<script>", "a.html", "text/html")
    number = maryam.messages()[-1].file
    assert number is not None
    async with client.session.get(f"{sim.url}/sim/files/{number.number}") as answer:
        assert answer.content_type == "application/octet-stream"


async def test_changes_are_streamed(client: Client, maryam: Person, sim: Simulator) -> None:
    async with client.session.get(f"{sim.url}/sim/events") as stream:
        assert await stream.content.readline() == b": here\n"
        await maryam.write("زنده")
        async with asyncio.timeout(3):
            while not (line := await stream.content.readline()).startswith(b"data: "):
                pass
    event = json.loads(line.removeprefix(b"data: "))
    assert (event["what"], event["message"]["text"]) == ("message", "زنده")
    assert event["chat"]["key"] == "telegram:1001:city_bot"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"bots": [{"token": "1:a", "flavour": "icq", "username": "x", "name": "x"}]}, "flavour must be one of"),
        ({"people": [{"colour": "red"}]}, r"people\[0\]: unknown keys \['colour'\]"),
        ({"colour": "red"}, "config: unknown keys"),
    ],
)
def test_wrong_configurations_are_named(data: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        config_from(data)


def test_paths_start_at_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "town.json"
    file.write_text(json.dumps({**TOWN, "map": "city.geojson"}), encoding="utf-8")
    assert read_config(file).map == tmp_path / "city.geojson"


async def test_command_line(tmp_path: Path) -> None:
    file = tmp_path / "town.json"
    file.write_text(json.dumps(TOWN), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--config", str(file), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        line = (await process.stdout.readline()).decode()
        assert line.startswith("simulator listening on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_command_line_names_a_wrong_file(tmp_path: Path) -> None:
    file = tmp_path / "town.json"
    file.write_text("{", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--config", str(file), stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(20):
        _, errors = await process.communicate()
    assert process.returncode == 2
    assert "town.json" in errors.decode()
