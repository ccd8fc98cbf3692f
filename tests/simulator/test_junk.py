"""Junk that a bot may send: refused in words or overlooked as by the real server, never an error of the simulator."""

from typing import Any

import pytest
from aiohttp import FormData

from simulator.parameters import unknown
from simulator.person import Person
from tests.simulator.conftest import Client, picture

NOT_UTF8 = (400, "Bad Request: strings must be encoded in UTF-8")
DEEP = "[" * 100_000


async def post(client: Client, method: str, body: str) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"}
    async with client.session.post(f"{client.url}/bot137:aa/{method}", data=body, headers=headers) as answer:
        return answer.status, str((await answer.json()).get("description"))


@pytest.mark.parametrize(
    ("method", "body", "expected"),
    [
        ("sendMessage", '{"chat_id": 1e999, "text": "x"}', (400, "Bad Request: chat not found")),
        (
            "editMessageText",
            '{"chat_id": 1001, "message_id": 1e999, "text": "x"}',
            (400, "Bad Request: message to edit not found"),
        ),
        ("sendMessage", DEEP, (400, "Bad Request: can't parse JSON object")),
        ("sendMessage", '{"text": ' + "[" * 500 + "]" * 500 + "}", (400, "Bad Request: can't parse JSON object")),
        ("sendMessage", '{"chat_id": 1001, "text": "\\ud800"}', NOT_UTF8),
        (
            "sendMessage",
            '{"chat_id": 1001, "text": "x", "reply_markup": "{\\"a\\": \\"\\\\ud800\\"}"}',
            NOT_UTF8,
        ),
        ("sendMediaGroup", '{"chat_id": 1001, "media": "[\\"\\\\udfff\\"]"}', NOT_UTF8),
    ],
)
async def test_what_cannot_be_read_is_refused(
    client: Client, maryam: Person, method: str, body: str, expected: tuple[int, str]
) -> None:
    assert await post(client, method, body) == expected


async def test_deep_objects_are_refused(client: Client, maryam: Person) -> None:
    markup = (400, "Bad Request: can't parse reply keyboard markup JSON object")
    assert await client.refusal("sendMessage", chat_id=1001, text="x", reply_markup=DEEP) == markup
    assert (await client.refusal("sendMediaGroup", chat_id=1001, media=DEEP))[0] == 400
    about = {"message_id": float("inf")}
    assert (await client.refusal("sendMessage", chat_id=1001, text="x", reply_parameters=about))[0] == 400


async def test_whole_characters_of_two_units_are_no_halves(client: Client, maryam: Person) -> None:
    await post(client, "sendMessage", '{"chat_id": 1001, "text": "\\ud83d\\ude00"}')
    assert maryam.messages()[-1].text == "😀"


async def test_measures_are_read_leniently(client: Client, maryam: Person) -> None:
    for width, height, duration, shown in (
        ("abc", "-5", "1.5", (640, 360, 1)),
        ("99999999999", "7", "-1", (10_000, 7, 0)),
    ):
        form = FormData({"chat_id": "1001", "width": width, "height": height, "duration": duration})
        form.add_field("video", b"film", filename="film.mp4")
        async with client.session.post(f"{client.url}/bot137:aa/sendVideo", data=form) as answer:
            video: dict[str, Any] = (await answer.json())["result"]["video"]
        assert (video["width"], video["height"], video["duration"]) == shown


async def test_no_parse_mode_reads_plain(client: Client, maryam: Person) -> None:
    sent = await client.ok("sendMessage", chat_id=1001, text="<b>x", parse_mode="None")
    assert sent["text"] == "<b>x"
    form = FormData({"chat_id": "1001", "parse_mode": "Markdown"})
    form.add_field("photo", picture(), filename="a.jpg")
    async with client.session.post(f"{client.url}/bot137:aa/sendPhoto", data=form) as answer:
        assert answer.status == 200


def test_files_are_known_by_their_names_only() -> None:
    assert unknown("sendPhoto", {"photo": "attach://a"}, "telegram", ["a", "b"]) == ["b"]
