"""What the servers refuse in keyboards, how much fits into one, and what is asked for in private only."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import TOWN, Client

GROUP = -100137
LINK = "https://example.org"
TOO_LONG = (400, "Bad Request: reply markup is too long")


def buttons(number: int, label: str = "x") -> list[dict[str, str]]:
    return [{"text": label, "callback_data": str(one)} for one in range(number)]


def column(number: int, label: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[one] for one in buttons(number, label)]}


async def send(client: Client, markup: object, chat: int = 1001) -> tuple[int, str]:
    status, body = await client.call("sendMessage", chat_id=chat, text="x", reply_markup=markup)
    return status, str(body.get("description"))


async def test_a_hundred_inline_buttons_fit(client: Client, maryam: Person) -> None:
    assert (await send(client, column(100)))[0] == 200
    assert await send(client, column(101)) == TOO_LONG
    sent = await client.ok("sendMessage", chat_id=1001, text="x")
    edit = {"chat_id": 1001, "message_id": sent["message_id"], "reply_markup": column(101)}
    assert await client.refusal("editMessageReplyMarkup", **edit) == TOO_LONG


async def test_ten_thousand_bytes_fit(client: Client, maryam: Person) -> None:
    for make in (column, lambda number, label: {"keyboard": [[label]] * number}):
        assert (await send(client, make(40, "آ" * 100)))[0] == 200
        assert await send(client, make(60, "آ" * 100)) == TOO_LONG
    assert await send(client, json.dumps(column(60, "آ" * 100))) == TOO_LONG


async def test_what_does_not_fit_into_a_row_is_left_out(client: Client, maryam: Person) -> None:
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup={"inline_keyboard": [buttons(9)]})
    assert [len(row) for row in maryam.messages()[-1].buttons] == [8]
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup={"keyboard": [["x"] * 13, ["y"] * 12]})
    assert [len(row) for row in maryam.keyboard()] == [12, 12]
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup={"keyboard": [["x"] * 11] * 30})
    assert sum(len(row) for row in maryam.keyboard()) == 300


@pytest.fixture
async def strict() -> AsyncIterator[Client]:
    async with Simulator({**TOWN, "strict": True}) as sim, ClientSession() as session:
        await sim.person(1001).start()
        yield Client(session, sim.url)


async def test_a_strict_simulator_leaves_nothing_out(strict: Client) -> None:
    wide = 'field "reply_markup.{}" must have 1-{} buttons in a row'
    for markup, words in (
        ({"inline_keyboard": [buttons(9)]}, wide.format("inline_keyboard", 8)),
        ({"keyboard": [["x"] * 13]}, wide.format("keyboard", 12)),
        ({"keyboard": [["x"] * 11] * 30}, "reply markup is too long"),
    ):
        assert await send(strict, markup) == (400, f"Bad Request: {words}")


INLINE, KEY = "can't parse inline keyboard button: ", "can't parse keyboard button: "
ROWS = "must be an Array of Arrays"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ([], "object expected as reply markup"),
        ({"inline_keyboard": [{"text": "x"}]}, f'field "inline_keyboard" of the InlineKeyboardMarkup {ROWS}'),
        ({"keyboard": ["x"]}, f'field "keyboard" {ROWS}'),
        ({"inline_keyboard": [["x"]]}, f"{INLINE}InlineKeyboardButton must be an Object"),
        ({"inline_keyboard": [[{"url": LINK}]]}, f'{INLINE}Can\'t find field "text"'),
        ({"inline_keyboard": [[{"text": True, "url": LINK}]]}, f'{INLINE}Field "text" must be of type String'),
        ({"inline_keyboard": [[{"text": " ", "url": LINK}]]}, "inline keyboard button text must be non-empty"),
        ({"inline_keyboard": [[{"text": "x", "web_app": {}}]]}, f'{INLINE}Can\'t find field "url"'),
        ({"inline_keyboard": [[{"text": "x", "copy_text": "y"}]]}, f'{INLINE}Field "copy_text" must be of type Object'),
        ({"inline_keyboard": [[{"text": "x", "copy_text": {"text": "آ" * 257}}]]}, "BUTTON_COPY_TEXT_INVALID"),
        ({"inline_keyboard": [[{"text": "x", "copy_text": {"text": ""}}]]}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"inline_keyboard": [[{"text": "x", "web_app": {"url": "http://example.org"}}]]},
            "inline keyboard button Web App URL 'http://example.org' is invalid: Only HTTPS links are allowed",
        ),
        ({"keyboard": [[5]]}, f"{KEY}KeyboardButton must be a String or an Object"),
        ({"keyboard": [[{"request_contact": True}]]}, f'{KEY}Can\'t find field "text"'),
        ({"keyboard": [[""]]}, "keyboard button text must be non-empty"),
    ],
)
async def test_keyboards_of_a_wrong_form(client: Client, maryam: Person, markup: object, words: str) -> None:
    assert await send(client, markup) == (400, f"Bad Request: {words}")


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"request_contact": True}, "phone number can be requested in private chats only"),
        ({"request_location": True}, "location can be requested in private chats only"),
        ({"web_app": {"url": LINK}}, "web App buttons can be used in private chats only"),
    ],
)
async def test_a_group_is_not_asked_for_what_is_private(
    client: Client, maryam: Person, button: dict[str, Any], words: str
) -> None:
    markup = {"keyboard": [[{"text": "x", **button}]]}
    assert await send(client, markup, GROUP) == (400, f"Bad Request: {words}")
    assert (await send(client, markup))[0] == 200


async def test_a_group_has_no_inline_web_apps(client: Client, maryam: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "web_app": {"url": LINK}}]]}
    assert await send(client, markup, GROUP) == (400, "Bad Request: BUTTON_TYPE_INVALID")
    assert (await send(client, markup))[0] == 200


async def test_numbers_become_texts(client: Client, maryam: Person) -> None:
    for button, read in (
        ({"text": 5, "callback_data": 5}, {"text": "5", "callback_data": "5"}),
        ({"text": "x", "copy_text": {"text": 7}}, {"text": "x", "copy_text": {"text": "7"}}),
    ):
        sent = await client.ok("sendMessage", chat_id=1001, text="x", reply_markup={"inline_keyboard": [[button]]})
        assert sent["reply_markup"] == {"inline_keyboard": [[read]]}
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup={"keyboard": [[{"text": 5}]]})
    assert maryam.keyboard() == (("5",),)


async def test_only_the_first_action_counts(client: Client, maryam: Person) -> None:
    for actions, read in (
        ({"callback_data": "آ" * 60, "url": LINK}, {"url": LINK}),
        ({"url": "", "callback_data": "x", "copy_text": 5}, {"callback_data": "x"}),
        ({"url": "", "callback_data": "", "web_app": {"url": LINK}}, {"web_app": {"url": LINK}}),
    ):
        markup = {"inline_keyboard": [[{"text": "x", **actions}]]}
        sent = await client.ok("sendMessage", chat_id=1001, text="x", reply_markup=markup)
        assert sent["reply_markup"] == {"inline_keyboard": [[{"text": "x", **read}]]}


@pytest.mark.parametrize("url", ["tg:resolve?domain=x", "TG://user?id=5", "http://[::1]:80/a", "example.org"])
async def test_addresses_that_the_server_takes(client: Client, maryam: Person, url: str) -> None:
    assert (await send(client, {"inline_keyboard": [[{"text": "x", "url": url}]]}))[0] == 200
