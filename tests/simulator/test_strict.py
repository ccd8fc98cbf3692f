"""A strict simulator finds what the real servers overlook or refuse: every parameter against the Bot API."""

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from simulator.calls import Call
from simulator.methods.table import NAMES
from simulator.schema import METHODS, TYPES
from simulator.server import Simulator
from simulator.views import state_json
from tests.simulator.conftest import TOWN, Client, picture


@pytest.fixture
async def strict() -> AsyncIterator[Client]:
    async with Simulator({**TOWN, "strict": True}) as sim, ClientSession() as session:
        await sim.person(1001).start()
        await sim.person(1203344551).start()
        yield Client(session, sim.url)


def test_every_method_that_is_played_is_checked() -> None:
    assert set(METHODS) == set(NAMES.values())
    assert len(METHODS) == 45
    assert METHODS["setWebhook"]["max_connections"].high == 100
    assert TYPES["InlineKeyboardButton"]["callback_data"].unit == "bytes"


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("sendMessage", {"text": "x", "colour": "red"}, "unknown parameter colour"),
        ("sendMessage", {}, "message text is empty"),
        ("sendMessage", {"text": 5}, 'field "text" must be of type String'),
        ("sendMessage", {"text": "x", "chat_id": None}, "chat_id is empty"),
        ("sendMessage", {"text": "x", "chat_id": 1.5}, 'field "chat_id" must be of type Integer or String'),
        (
            "sendMessage",
            {"text": "x", "disable_notification": 3.5},
            'field "disable_notification" must be of type Boolean',
        ),
        (
            "sendMessage",
            {"text": "x", "disable_notification": "maybe"},
            'field "disable_notification" must be of type Boolean',
        ),
        ("sendMessage", {"text": "x", "message_thread_id": "abc"}, 'field "message_thread_id" must be of type Integer'),
        (
            "sendMessage",
            {"text": "x", "message_thread_id": 1 << 31},
            'field "message_thread_id" must be of type Integer',
        ),
        ("sendMessage", {"text": "x", "message_thread_id": " 5"}, 'field "message_thread_id" must be of type Integer'),
        ("sendMessage", {"text": "x", "chat_id": 1 << 63}, 'field "chat_id" must be of type Integer or String'),
        ("sendMessage", {"text": "x", "entities": "["}, "can't parse entities JSON object"),
        (
            "sendMessage",
            {"text": "x", "entities": [{"type": "bold", "offset": 0}]},
            'can\'t find field "length" in MessageEntity at entities[0]',
        ),
        (
            "sendMessage",
            {"text": "x", "parse_mode": "HTML", "entities": []},
            "entities are specified instead of parse_mode, not beside it",
        ),
        ("sendMessage", {"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ("getUpdates", {"limit": 101}, 'field "limit" must be between 1 and 100'),
        ("getUpdates", {"timeout": "long"}, 'field "timeout" must be of type Integer'),
        ("getUpdates", {"allowed_updates": ["message", "mesage"]}, "unknown kind of update mesage"),
        ("getUpdates", {"allowed_updates": "message"}, "can't parse allowed_updates JSON object"),
        ("deleteMessages", {"message_ids": [1, "2"]}, 'field "message_ids[1]" must be of type Integer'),
        ("deleteMessages", {"message_ids": list(range(1, 102))}, 'field "message_ids" must have 1-100 items'),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1", "text": "آ" * 201},
            'field "text" must have 0-200 characters',
        ),
        ("answerCallbackQuery", {}, 'parameter "callback_query_id" is required'),
        ("sendLocation", {"latitude": 1, "longitude": "east"}, 'field "longitude" must be of type Float'),
        ("sendLocation", {"longitude": 1}, "latitude is empty"),
        (
            "sendLocation",
            {"latitude": 1, "longitude": 1, "heading": 361},
            'field "heading" must be between 1 and 360',
        ),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": {"id": 1}}, 'field "photo" must be of type InputFile or String'),
        ("sendPhoto", {"photo": "attach://gone"}, 'file "gone" is not in the request'),
        ("editMessageText", {"message_id": 1}, "message text is empty"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        (
            "editMessageMedia",
            {"message_id": 1, "media": {"type": "poll", "media": "x"}},
            'field "media" must be of type InputMedia',
        ),
        ("sendMediaGroup", {"media": [{"type": "photo", "media": "x"}]}, 'field "media" must have 2-10 items'),
        (
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "x"}, {"type": "photo", "media": "x", "colour": 1}]},
            'unknown field "colour" in InputMediaPhoto at media[1]',
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "start", "description": ""}]},
            'field "commands[0].description" must have 1-256 characters',
        ),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "moon"}},
            'field "scope" must be of type BotCommandScope',
        ),
        ("setMyDescription", {"description": "آ" * 513}, 'field "description" must have 0-512 characters'),
    ],
)
async def test_slips_are_refused(strict: Client, method: str, parameters: dict[str, Any], reason: str) -> None:
    values = {"chat_id": 1001, **parameters} if "chat_id" in METHODS[method] else parameters
    assert await strict.refusal(method, **values) == (400, f"Bad Request: {reason}")


LINK = "https://example.org"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (
            [],
            "object expected as reply markup",
        ),
        (
            {"inline_keyboard": [{"text": "x"}]},
            'field "reply_markup.inline_keyboard[0]" must be of type Array of InlineKeyboardButton',
        ),
        (
            {"inline_keyboard": [["x"]]},
            'field "reply_markup.inline_keyboard[0][0]" must be of type InlineKeyboardButton',
        ),
        (
            {"inline_keyboard": [[{"text": "x"}]]},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            'can\'t find field "text" in InlineKeyboardButton at reply_markup.inline_keyboard[0][0]',
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "y", "url": LINK}]]},
            "InlineKeyboardButton must have one action, not callback_data and url",
        ),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "a" * 65}]]}, "BUTTON_DATA_INVALID"),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": 5}]]},
            'field "reply_markup.inline_keyboard[0][0].callback_data" must be of type String',
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "y", "style": "pink"}]]},
            'field "reply_markup.inline_keyboard[0][0].style" must be one of danger, primary, success',
        ),
        (
            {"keyboard": [[{"text": "x", "request_contact": True, "request_location": True}]]},
            "KeyboardButton must have one action, not request_contact and request_location",
        ),
        (
            {"keyboard": [["x"]], "resize_keyboard": "true"},
            'field "reply_markup.resize_keyboard" must be of type Boolean',
        ),
        (
            {"force_reply": True, "input_field_placeholder": "آ" * 65},
            'field "reply_markup.input_field_placeholder" must have 1-64 characters',
        ),
        (
            {"remove_keyboard": True, "keyboard_gone": True},
            'unknown field "keyboard_gone" in ReplyKeyboardRemove at reply_markup',
        ),
    ],
)
async def test_keyboards_are_looked_through(strict: Client, markup: Any, reason: str) -> None:
    expected = (400, f"Bad Request: {reason}")
    assert await strict.refusal("sendMessage", chat_id=1001, text="x", reply_markup=markup) == expected
    assert await strict.refusal("sendMessage", chat_id=1001, text="x", reply_markup=json.dumps(markup)) == expected


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (
            {"reply_parameters": {"chat_id": 1001}},
            'can\'t find field "message_id" in ReplyParameters at reply_parameters',
        ),
        ({"reply_parameters": {"message_id": "1"}}, 'field "reply_parameters.message_id" must be of type Integer'),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        (
            {"link_preview_options": {"is_disabled": "true"}},
            'field "link_preview_options.is_disabled" must be of type Boolean',
        ),
    ],
)
async def test_objects_are_looked_through(strict: Client, parameters: dict[str, Any], reason: str) -> None:
    assert await strict.refusal("sendMessage", chat_id=1001, text="x", **parameters) == (400, f"Bad Request: {reason}")


async def test_what_forms_send_is_read_as_it_is_meant(strict: Client) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y", "url": None}], [{"text": "z", "url": LINK}]]}
    fields = {"chat_id": "1001", "text": "5", "disable_notification": "True", "reply_markup": json.dumps(markup)}
    form = {**fields, "protect_content": "false", "reply_parameters": '{"message_id": 1}', "parse_mode": ""}
    async with strict.session.post(f"{strict.url}/bot137:aa/sendMessage", data=form) as answer:
        assert answer.status == 200, await answer.text()
    place = {"chat_id": "1001", "latitude": "36.3", "longitude": "59", "live_period": str(0x7FFFFFFF)}
    async with strict.session.post(f"{strict.url}/bot137:aa/sendLocation", data=place) as answer:
        assert answer.status == 200, await answer.text()
    album = FormData(
        {"chat_id": "1001", "media": json.dumps([{"type": "photo", "media": f"attach://{n}"} for n in "ab"])}
    )
    for name in "ab":
        album.add_field(name, picture(), filename="x.jpg", content_type="image/jpeg")
    async with strict.session.post(f"{strict.url}/bot137:aa/sendMediaGroup", data=album) as answer:
        assert answer.status == 200, await answer.text()


async def test_a_thumbnail_of_a_wrong_form_is_refused(strict: Client) -> None:
    form = FormData({"chat_id": "1001"})
    form.add_field("document", b"%PDF", filename="a.pdf")
    form.add_field("thumbnail", picture(), filename="small.jpg")
    async with strict.session.post(f"{strict.url}/bot137:aa/sendDocument", data=form) as answer:
        words = "Bad Request: thumbnail must be a JPEG of at most 200 kB and 320 pixels a side"
        assert (answer.status, (await answer.json())["description"]) == (400, words)


async def test_keyboards_of_every_kind_pass(strict: Client) -> None:
    for markup in (
        {"keyboard": [["a", {"text": "b", "request_contact": True}]], "resize_keyboard": True, "selective": False},
        {"remove_keyboard": True},
        {"force_reply": True, "input_field_placeholder": "x"},
        {"inline_keyboard": [[{"text": "c", "copy_text": {"text": "7"}}, {"text": "w", "web_app": {"url": LINK}}]]},
    ):
        await strict.ok("sendMessage", chat_id=1001, text="x", reply_markup=markup)
    await strict.ok("setMyCommands", commands=[{"command": "start", "description": "x"}], scope={"type": "default"})
    await strict.ok("getUpdates", allowed_updates=["message", "callback_query"], limit=100)


@pytest.mark.parametrize(
    ("method", "parameters", "name"),
    [
        ("setWebhook", {"url": "", "secret_token": "x"}, "secret_token"),
        ("getUpdates", {"allowed_updates": []}, "allowed_updates"),
        ("sendMessage", {"text": "x", "parse_mode": "HTML"}, "parse_mode"),
        ("sendMessage", {"text": "x", "disable_notification": True}, "disable_notification"),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 1}}, "reply_parameters"),
        ("sendMessage", {"text": "x", "allow_sending_without_reply": True}, "allow_sending_without_reply"),
        ("sendMediaGroup", {"media": [], "reply_parameters": {"message_id": 1}}, "reply_parameters"),
        ("sendVideo", {"video": "x", "width": 5}, "width"),
        ("copyMessage", {"from_chat_id": 1203344551, "message_id": 1, "caption": "x"}, "caption"),
        ("editMessageText", {"message_id": 1, "text": "x", "inline_message_id": "x"}, "inline_message_id"),
        ("answerCallbackQuery", {"callback_query_id": "x", "url": LINK}, "url"),
        ("deleteWebhook", {"drop_pending_updates": True}, "drop_pending_updates"),
        ("setMyCommands", {"commands": [], "language_code": "fa"}, "language_code"),
    ],
)
async def test_bale_has_fewer_parameters(strict: Client, method: str, parameters: dict[str, Any], name: str) -> None:
    values = {"chat_id": 1203344551, **parameters} if "chat_id" in METHODS[method] else parameters
    refusal = await strict.refusal(method, "137:cc", **values)
    assert refusal == (400, f"Bad Request: Bale has no parameter {name}")


async def test_what_bale_documents_passes(strict: Client) -> None:
    here = {"token": "137:cc", "chat_id": 1203344551}
    inline = [[{"text": "c", "copy_text": {"text": "7"}}, {"text": "w", "web_app": {"url": LINK}}]]
    for markup in (
        {"inline_keyboard": inline},
        {
            "keyboard": [["x", {"text": "y", "request_contact": True}]],
            "resize_keyboard": True,
            "one_time_keyboard": True,
        },
        {"remove_keyboard": True},
    ):
        await strict.ok("sendMessage", **here, text="x", reply_to_message_id=1, parse_mode=None, reply_markup=markup)
    await strict.ok("sendLocation", **here, latitude=36.3, longitude=59.6, horizontal_accuracy=10)
    await strict.ok("setMyCommands", "137:cc", commands=[{"command": "start", "description": "x"}])
    await strict.ok("getUpdates", "137:cc", offset=0, limit=100, timeout=0)
    assert await strict.refusal("sendMessage", **here, text="x", colour="red") == (
        400,
        "Bad Request: unknown parameter colour",
    )


@pytest.mark.parametrize(
    ("method", "parameters", "field"),
    [
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "url": LINK, "style": "danger"}]]}},
            "reply_markup.inline_keyboard[0][0].style",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "switch_inline_query": ""}]]}},
            "reply_markup.inline_keyboard[0][0].switch_inline_query",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"keyboard": [["x"], [{"text": "x", "request_poll": {}}]]}},
            "reply_markup.keyboard[1][0].request_poll",
        ),
        ("sendMessage", {"text": "x", "reply_markup": {"force_reply": True}}, "reply_markup.force_reply"),
        (
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "x"}, {"type": "photo", "media": "x", "parse_mode": "HTML"}]},
            "media[1].parse_mode",
        ),
    ],
)
async def test_bale_has_fewer_fields(strict: Client, method: str, parameters: dict[str, Any], field: str) -> None:
    for values in (parameters, {name: json.dumps(one) for name, one in parameters.items()}):
        refusal = await strict.refusal(method, "137:cc", chat_id=1203344551, **values)
        assert refusal == (400, f"Bad Request: Bale has no field {field}")


JUNK: list[Any] = [
    None, "", 5, -1, 1 << 70, 1.5, True, "x", "5", "true", "[]", "{}", "[5]", '{"a":1}', [], {}, [5], [[5]], {"a": 1},
    [{}], [{"type": "photo"}], {"type": ["x"]}, {"type": "photo", "media": 5}, {"message_id": "x"}, "attach://x",
    {"inline_keyboard": [[{"text": 5, "callback_data": 5}]]}, {"inline_keyboard": [[{"text": "x", "web_app": 5}]]},
    {"inline_keyboard": [[{"text": "x", "url": "http://["}]]}, {"keyboard": [[{}]]}, {"keyboard": [[{"text": None}]]},
    [{"type": "bold", "offset": "x", "length": []}], "NaN", "<b>", "*_", "1001",
]  # fmt: skip


@pytest.mark.parametrize("strict", [True, False])
async def test_no_junk_breaks_the_simulator(strict: bool) -> None:
    """Whatever a bot sends, it gets an answer of the API, and the page can still be drawn."""
    sim, chance = Simulator({**TOWN, "strict": strict}), random.Random(137)
    for person, chat in ((1001, "137:aa"), (1203344551, "137:cc")):
        await sim.person(person).start()
        bot = sim.exchange.world.bots[chat]
        for method in [one for one in METHODS if one != "leaveChat"] * 40:
            values = {name: chance.choice(JUNK) for name in METHODS[method] if chance.random() < 0.6}
            if "chat_id" in METHODS[method] and chance.random() < 0.8:
                values["chat_id"] = person
            if method == "getUpdates":
                values["timeout"] = 0
            status, body = await sim.api.answer(Call(sim.exchange, bot, method, values))
            assert (status == 200) == body["ok"], (method, values)
    assert json.dumps(state_json(sim.exchange))
