"""Webhooks: order, repetitions and failures as a bot meets them, and what setWebhook takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest
from aiohttp import web

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client

SECRET = "X-Telegram-Bot-Api-Secret-Token"
MARKUP = {"inline_keyboard": [[{"text": "بله", "callback_data": "y"}]]}


@dataclass
class Bot:
    """A bot that is called; `acts` decides on the answer, by default 200 at once."""

    url: str = ""
    heard: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    secrets: set[str | None] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0
    bodies: list[str] = field(default_factory=list)
    act: Callable[[str], Awaitable[web.Response]] | None = None

    async def hook(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.text())
        update = await request.json() if self.bodies[-1].endswith("}") else {}
        words = str(update.get("message", update.get("callback_query", {})).get("text", "press"))
        self.heard.append(words)
        self.secrets.add(request.headers.get(SECRET))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            answer = await self.act(words) if self.act else web.Response()
        finally:
            self.at_once -= 1
        self.done.append(words)
        return answer

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/hook", bot.hook)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield bot
    await runner.cleanup()


@pytest.fixture
async def hosein(sim: Simulator) -> Person:
    person = sim.person(2001)
    await person.start()
    sim.exchange.queues["137:aa"].forget_all()
    return person


def slow(words: str, seconds: float = 0.2) -> Callable[[str], Awaitable[web.Response]]:
    async def act(heard: str) -> web.Response:
        if heard == words:
            await asyncio.sleep(seconds)
        return web.Response()

    return act


def failing(times: int, **answer: Any) -> Callable[[str], Awaitable[web.Response]]:
    left = [times]

    async def act(heard: str) -> web.Response:
        left[0] -= 1
        return web.Response(**answer) if left[0] >= 0 else web.Response()

    return act


async def test_updates_come_with_the_secret_until_they_are_taken(
    client: Client, maryam: Person, bot: Bot, sim: Simulator
) -> None:
    bot.act = failing(1, status=500)
    await client.ok("setWebhook", url=bot.url, secret_token="s3cret")
    assert (await client.refusal("getUpdates"))[0] == 409
    await maryam.write("یک")
    await maryam.write("دو")
    await bot.until(lambda: len(bot.done) == 3)
    assert (bot.heard, bot.secrets) == (["یک", "یک", "دو"], {"s3cret"})
    info = await client.ok("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert 0 <= sim.now() - info["last_error_date"] < 5
    await client.ok("deleteWebhook")
    await maryam.write("سه")
    assert [one["message"]["text"] for one in await client.updates()] == ["سه"]
    assert [row["status"] for row in sim.log.calls("webhook")] == [500, 200, 200]


async def test_chats_overtake_each_other_but_one_chat_keeps_its_order(
    client: Client, maryam: Person, hosein: Person, bot: Bot
) -> None:
    bot.act = slow("یک")
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await maryam.write("دو")
    await hosein.write("سه")
    await bot.until(lambda: len(bot.done) == 3)
    assert bot.done == ["سه", "یک", "دو"]
    assert bot.heard == ["یک", "سه", "دو"]


async def test_a_press_overtakes_the_messages_of_its_chat(client: Client, maryam: Person, bot: Bot) -> None:
    await client.ok("sendMessage", chat_id=1001, text="؟", reply_markup=MARKUP)
    bot.act = slow("یک")
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await maryam.press("بله")
    await bot.until(lambda: len(bot.done) == 2)
    assert bot.done == ["press", "یک"]


@pytest.mark.parametrize(("most", "met"), [(1, 1), (3, 3), (0, 1)])
async def test_max_connections_is_kept(
    client: Client, maryam: Person, sim: Simulator, bot: Bot, most: int, met: int
) -> None:
    async def act(heard: str) -> web.Response:
        await asyncio.sleep(0.03)
        return web.Response()

    bot.act = act
    for number in range(9):
        sim.inject({"poll": {"id": str(number)}})  # of no lane: they could all go at once
    await client.ok("setWebhook", url=bot.url, max_connections=most)
    await bot.until(lambda: len(bot.done) == 9 and sim.waiting() == 0)
    assert bot.most_at_once == met


async def test_an_update_comes_again_although_it_was_taken(
    client: Client, maryam: Person, bot: Bot, sim: Simulator
) -> None:
    sim.fault("webhook", repeat=2)
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await bot.until(lambda: len(bot.done) == 3)
    await maryam.write("دو")
    await bot.until(lambda: len(bot.done) == 4)
    assert bot.heard == ["یک"] * 3 + ["دو"]


async def test_an_update_comes_twice_at_once(client: Client, maryam: Person, bot: Bot, sim: Simulator) -> None:
    bot.act = slow("یک")
    sim.fault("webhook", repeat=1, together=True)
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await bot.until(lambda: len(bot.done) == 2)
    assert (bot.heard, bot.most_at_once) == (["یک", "یک"], 2)


async def test_a_chat_loses_its_order_on_demand(client: Client, maryam: Person, bot: Bot, sim: Simulator) -> None:
    sim.fault("webhook", hold=2, delay=4)
    await client.ok("setWebhook", url=bot.url)
    for words in ("یک", "دو", "سه"):
        await maryam.write(words)
    await bot.until(lambda: len(bot.done) == 3)
    assert bot.heard == ["دو", "سه", "یک"]
    sim.fault("webhook", hold=2, delay=0.2)
    await maryam.write("چهار")  # nothing later comes: it is not held for ever
    await bot.until(lambda: len(bot.done) == 4)


@pytest.mark.parametrize(("drop", "done"), [("before", 1), ("after", 2)])
async def test_connection_is_cut_before_or_after_the_answer(
    client: Client, maryam: Person, bot: Bot, sim: Simulator, drop: str, done: int
) -> None:
    bot.act = slow("یک", 0.6)
    sim.fault("webhook", drop=drop)
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await bot.until(lambda: len(bot.heard) == 2 and sim.waiting() == 0)
    info = await client.ok("getWebhookInfo")
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection closed", 0)
    rows = sim.log.calls("webhook")
    assert [(row["status"], row.get("dropped")) for row in rows] == [(0, drop), (200, None)]
    assert rows[0]["seconds"] < 0.6 or drop == "after"


async def test_deliveries_come_damaged(client: Client, maryam: Person, bot: Bot, sim: Simulator) -> None:
    async def act(words: str) -> web.Response:
        return web.Response(status=200 if words == "یک" else 400)

    bot.act = act
    sim.fault("webhook", damage="empty")
    sim.fault("webhook", damage="cut")
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await bot.until(lambda: sim.waiting() == 0)
    assert ('"message":{}' in bot.bodies[0], len(bot.bodies[1]) < len(bot.bodies[2])) == (True, True)


async def test_pauses_grow_and_a_wish_for_later_is_heard(
    client: Client, maryam: Person, bot: Bot, sim: Simulator
) -> None:
    bot.act = failing(4, status=503, headers={"Retry-After": "0"})
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await bot.until(lambda: sim.waiting() == 0)
    at = [row["at"] for row in sim.log.calls("webhook")]
    pauses = [later - earlier for earlier, later in pairwise(at)]
    assert pauses[0] < pauses[2]
    assert [pause >= wanted for pause, wanted in zip(pauses[1:], (0.1, 0.2, 0.4), strict=True)] == [True] * 3
    bot.act = failing(1, status=429, headers={"Retry-After": "6"})
    began = monotonic()
    await maryam.write("دو")
    await bot.until(lambda: sim.waiting() == 0)
    assert 0.3 <= monotonic() - began < 3


async def test_updates_wait_where_nobody_listens(client: Client, maryam: Person, bot: Bot) -> None:
    await client.ok("setWebhook", url="http://127.0.0.1:9/hook")
    await maryam.write("یک")
    await maryam.write("دو")
    async with asyncio.timeout(3):
        while "last_error_message" not in (info := await client.ok("getWebhookInfo")):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert (info["pending_update_count"], info["last_error_message"]) == (2, "Connection refused")
    await client.ok("setWebhook", url=bot.url)
    await bot.until(lambda: bot.done == ["یک", "دو"])
    await client.ok("setWebhook", url="http://127.0.0.1:9/hook")
    await maryam.write("سه")
    await client.ok("deleteWebhook", drop_pending_updates=True)
    assert await client.updates() == []


async def test_the_same_webhook_set_again_disturbs_no_delivery(
    client: Client, maryam: Person, bot: Bot, sim: Simulator
) -> None:
    bot.act = slow("یک")
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await bot.until(lambda: bot.heard)
    await client.ok("setWebhook", url=bot.url)
    await bot.until(lambda: sim.waiting() == 0)
    assert bot.heard == ["یک"]


async def test_a_bot_may_answer_with_a_call(client: Client, maryam: Person, bot: Bot, sim: Simulator) -> None:
    async def act(words: str) -> web.Response:
        method = "sendMessage" if words == "یک" else "getMe"
        return web.json_response({"method": method, "chat_id": 1001, "text": "پاسخ"})

    bot.act = act
    await client.ok("setWebhook", url=bot.url)
    await maryam.write("یک")
    await maryam.expect("پاسخ")
    await maryam.write("دو")
    await bot.until(lambda: sim.waiting() == 0)
    assert [row["webhook"] for row in sim.log.calls("sendMessage")] == [True]
    assert sim.log.calls("getMe") == []


async def test_bots_that_come_later_have_webhooks_too(client: Client, sim: Simulator, bot: Bot) -> None:
    sim.add_bot(token="139:zz", flavour="telegram", username="late_bot", name="x")
    await client.ok("setWebhook", "139:zz", url=bot.url)
    await sim.person(1001).write("یک", bot="late_bot")
    await bot.until(lambda: bot.done == ["یک"])


async def test_what_is_set_can_be_read(client: Client, maryam: Person, bot: Bot) -> None:
    await client.ok("setWebhook", url=bot.url, max_connections=500, allowed_updates=["message"], secret_token="a_b-1")
    assert await client.ok("getWebhookInfo") == {
        "url": bot.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 100,
        "ip_address": "127.0.0.1",
        "allowed_updates": ["message"],
    }
    await client.ok("setWebhook", url="")
    assert (await client.ok("getWebhookInfo"))["url"] == ""


async def test_bale_knows_the_address_only(client: Client, bale_maryam: Person, bot: Bot) -> None:
    await client.ok("setWebhook", "137:cc", url=bot.url, secret_token="نه", max_connections=1)
    assert await client.ok("getWebhookInfo", "137:cc") == {"url": bot.url}
    await bale_maryam.write("یک")
    await bot.until(lambda: bot.done == ["/start", "یک"])
    assert bot.secrets == {None}
    url = "https://example.org:8443/hook"
    words = "Bad Request: bad webhook: Webhook can be set up only on ports 88 or 443"
    assert await client.refusal("setWebhook", "137:cc", url=url) == (400, words)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"url": "https://example.org/hook"}, "bad webhook: the simulator delivers to 127.0.0.1 only"),
        ({"url": "http://example.org/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://example.org:5000/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "ftp://127.0.0.1/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "https://127.0.0.1:99999/hook"}, "invalid webhook URL specified"),
        ({"url": "https://a b/hook"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1/", "secret_token": "رمز"}, "secret token contains unallowed characters"),
        ({"url": "http://127.0.0.1/", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "http://127.0.0.1/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_wrong_webhooks_are_refused(client: Client, parameters: dict[str, str], reason: str) -> None:
    assert await client.refusal("setWebhook", **parameters) == (400, f"Bad Request: {reason}")
    assert (await client.ok("getWebhookInfo"))["url"] == ""
