"""Faults on demand, the call log and the webhook."""

import asyncio
import json
from time import monotonic
from typing import Any

import pytest
from aiohttp import ClientError, web

from simulator.person import Person
from simulator.server import Simulator
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


async def test_webhook_is_tried_until_it_answers(client: Client, maryam: Person, sim: Simulator) -> None:
    got: list[tuple[str | None, dict[str, Any]]] = []
    delivered = asyncio.Event()

    async def hook(request: web.Request) -> web.Response:
        if len(got) == 2:
            delivered.set()
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        await client.ok("setWebhook", url=url, secret_token="s3cret")
        assert (await client.refusal("getUpdates"))[0] == 409
        await maryam.write("یک")
        await maryam.write("دو")
        async with asyncio.timeout(5):
            await delivered.wait()
        assert [(secret, one["message"]["text"]) for secret, one in got] == [
            ("s3cret", "یک"),
            ("s3cret", "یک"),
            ("s3cret", "دو"),
        ]
        info = await client.ok("getWebhookInfo")
        assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
        await client.ok("deleteWebhook")
        await maryam.write("سه")
        assert [one["message"]["text"] for one in await client.updates()] == ["سه"]
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.org/hook", "the simulator delivers to 127.0.0.1 only"),
        ("http://example.org/hook", "An HTTPS URL must be provided for webhook"),
        ("https://example.org:5000/hook", "Webhook can be set up only on ports 80, 88, 443 or 8443"),
    ],
)
async def test_webhooks_go_to_this_machine_only(client: Client, url: str, reason: str) -> None:
    assert await client.refusal("setWebhook", url=url) == (400, f"Bad Request: bad webhook: {reason}")
