"""What Telegram's server refuses, in its own words."""

import io
from typing import Any

import pytest

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client, picture

UNALLOWED = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
INLINE = {"inline_keyboard": [[{"text": "بله", "callback_data": "y"}]]}


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b"}, "text must be non-empty"),
        ({"text": "آ" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": keyboard(callback_data="a" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(callback_data="آ" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(callback_data="")}, UNALLOWED),
        ({"text": "x", "reply_markup": keyboard()}, UNALLOWED),
        (
            {"text": "x", "reply_markup": keyboard(url="http://localhost:80/a")},
            "inline keyboard button URL 'http://localhost:80/a' is invalid: Wrong HTTP URL",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
async def test_bad_messages(client: Client, maryam: Person, parameters: dict[str, Any], reason: str) -> None:
    assert await client.refusal("sendMessage", chat_id=1001, **parameters) == (400, f"Bad Request: {reason}")
    assert len(maryam.messages()) == 1


async def test_length_counts_after_parsing(client: Client, maryam: Person) -> None:
    await client.ok("sendMessage", chat_id=1001, text="<b>" + "آ" * 4096 + "</b>", parse_mode="HTML")
    assert len(maryam.messages()[-1].text) == 4096


async def test_people_are_mentioned_by_their_id(client: Client, maryam: Person) -> None:
    text = '<a href="tg://user?id=2001">حسین</a> <a href="tg://user?id=77">ناشناس</a>'
    sent = await client.ok("sendMessage", chat_id=1001, text=text, parse_mode="HTML")
    user = {"id": 2001, "is_bot": False, "first_name": "حسین", "username": "hosein", "language_code": "fa"}
    assert sent["text"] == "حسین ناشناس"
    assert sent["entities"] == [{"type": "text_mention", "offset": 0, "length": 4, "user": user}]


async def test_marks_have_a_limit_of_their_own(client: Client, maryam: Person) -> None:
    send = {"chat_id": 1001, "parse_mode": "HTML"}
    await client.ok("sendMessage", **send, text="<b>x</b>" * (2**15 // 8))
    words = (400, "Bad Request: text is too long")
    assert await client.refusal("sendMessage", **send, text="<b>x</b>" * (2**15 // 8 + 1)) == words
    assert await client.refusal("sendMessage", chat_id=1001, text="آ" * (2**14 + 1)) == words


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("sendContact", {"first_name": "x"}, 'parameter "phone_number" is required'),
        ("sendContact", {"phone_number": "137", "first_name": ""}, 'parameter "first_name" is required'),
        ("sendLocation", {"longitude": 59.6}, "latitude is empty"),
        ("sendLocation", {"latitude": 36.3, "longitude": ""}, "longitude is empty"),
        ("sendLocation", {"latitude": 36.3, "longitude": "NaN"}, "wrong latitude or longitude specified"),
    ],
)
async def test_what_is_needed(
    client: Client, maryam: Person, method: str, parameters: dict[str, Any], reason: str
) -> None:
    assert await client.refusal(method, chat_id=1001, **parameters) == (400, f"Bad Request: {reason}")


@pytest.mark.parametrize(("token", "person"), [("137:aa", 1001), ("137:cc", 1203344551)])
@pytest.mark.parametrize(("letter", "units"), [("آ", 1), ("😀", 2)])
async def test_text_and_captions_are_counted_in_utf16_units(
    client: Client, sim: Simulator, token: str, person: int, letter: str, units: int
) -> None:
    await sim.person(person).start()
    here = {"token": token, "chat_id": person}
    await client.ok("sendMessage", **here, text=letter * (4096 // units))
    assert (await client.refusal("sendMessage", **here, text=letter * (4096 // units + 1)))[1].endswith("is too long")
    sent = await client.ok("sendDocument", **here, document=await _known_file(client, sim, token, person))
    edit = {**here, "message_id": sent["message_id"]}
    await client.ok("editMessageCaption", **edit, caption=letter * (1024 // units))
    too_long = letter * (1024 // units + 1)
    assert await client.refusal("editMessageCaption", **edit, caption=too_long) == (
        400,
        "Bad Request: message caption is too long",
    )


async def _known_file(client: Client, sim: Simulator, token: str, person: int) -> str:
    await sim.person(person).document(b"abc")
    return str((await client.updates(token))[-1]["message"]["document"]["file_id"])


async def test_sixty_four_bytes_of_data_are_fine(client: Client, maryam: Person) -> None:
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup=keyboard(callback_data="آ" * 32))
    assert maryam.messages()[-1].buttons == (("x",),)


@pytest.mark.parametrize("chat", [1001, "1001", 777, "@nobody", ""])
async def test_nobody_is_written_to_before_they_write(client: Client, sim: Simulator, chat: object) -> None:
    sim.person(1001).messages()  # looking at the empty chat does not open it
    status, text = await client.refusal("sendMessage", chat_id=chat, text="سلام")
    assert (status, text) == (400, f"Bad Request: {'chat_id is empty' if chat == '' else 'chat not found'}")


async def test_a_chat_is_open_only_to_the_bot_that_was_written_to(client: Client, maryam: Person) -> None:
    assert (await client.refusal("sendMessage", "138:bb", chat_id=1001, text="x"))[1].endswith("chat not found")


async def test_blocking_is_told_and_refuses(client: Client, maryam: Person) -> None:
    await maryam.block()
    assert await client.refusal("sendMessage", chat_id=1001, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    change = (await client.updates())[0]["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    await maryam.start()
    assert (await client.ok("sendMessage", chat_id=1001, text="x"))["message_id"] > 0


async def test_edits(client: Client, maryam: Person, sim: Simulator) -> None:
    sent = await client.ok("sendMessage", chat_id=1001, text="<b>یک</b>", parse_mode="HTML", reply_markup=INLINE)
    here = {"chat_id": 1001, "message_id": sent["message_id"]}
    status, text = await client.refusal(
        "editMessageText", **here, text="<b>یک</b>", parse_mode="HTML", reply_markup=INLINE
    )
    assert status == 400
    assert text.startswith("Bad Request: message is not modified: specified new message content")
    edited = await client.ok("editMessageText", **here, text="دو")
    assert "edit_date" in edited
    assert "reply_markup" not in edited
    assert (maryam.messages()[-1].text, maryam.messages()[-1].edited) == ("دو", True)
    assert (await client.refusal("editMessageReplyMarkup", **here))[1].startswith("Bad Request: message is not modi")
    await client.ok("editMessageReplyMarkup", **here, reply_markup=INLINE)
    assert maryam.messages()[-1].labels == ("بله",)


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("editMessageText", {"message_id": 999, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageCaption", {"message_id": 2, "caption": "x"}, "there is no caption in the message to edit"),
        (
            "editMessageReplyMarkup",
            {"message_id": 2, "reply_markup": {"keyboard": [["x"]]}},
            "inline keyboard expected",
        ),
        ("deleteMessage", {"message_id": 999}, "message to delete not found"),
        ("forwardMessage", {"from_chat_id": 1001, "message_id": 99}, "message to forward not found"),
    ],
)
async def test_wrong_targets(
    client: Client, maryam: Person, method: str, parameters: dict[str, Any], reason: str
) -> None:
    await client.ok("sendMessage", chat_id=1001, text="دو")
    assert await client.refusal(method, chat_id=1001, **parameters) == (400, f"Bad Request: {reason}")


async def test_old_messages_cannot_be_deleted(client: Client, maryam: Person, sim: Simulator) -> None:
    sent = await client.ok("sendMessage", chat_id=1001, text="x")
    sim.set_clock(49 * 3600)
    assert (await client.refusal("deleteMessage", chat_id=1001, message_id=sent["message_id"]))[1].endswith(
        "be deleted"
    )


async def test_tokens_and_methods(client: Client, sim: Simulator) -> None:
    assert await client.refusal("getMe", "999:zz") == (401, "Unauthorized")
    assert await client.refusal("getMe", "nonsense") == (404, "Not Found")
    assert await client.refusal("bakeBread") == (404, "Not Found")
    assert (await client.refusal("sendPoll"))[0] == 501
    assert (await client.ok("GETME"))["username"] == "city_bot"
    assert all("137:aa" not in str(row) for row in sim.log)


async def test_bodies_of_every_form_are_read(client: Client, maryam: Person) -> None:
    url = f"{client.url}/bot137:aa/sendMessage"
    async with client.session.get(url, params={"chat_id": "1001", "text": "نشانی"}) as answer:
        assert answer.status == 200
    async with client.session.post(url, data={"chat_id": "1001", "text": "فرم", "reply_markup": "{}"}) as answer:
        assert answer.status == 200
    async with client.session.post(url, data="[]", headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400
    assert [one.text for one in maryam.messages()[-2:]] == ["نشانی", "فرم"]


async def test_photos(client: Client, maryam: Person) -> None:
    async def send(data: bytes) -> str:
        async with client.session.post(
            f"{client.url}/bot137:aa/sendPhoto", data={"chat_id": "1001", "photo": io.BytesIO(data)}
        ) as answer:
            return str((await answer.json()).get("description"))

    assert await send(b"") == "Bad Request: file must be non-empty"
    assert await send(b"not a picture") == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await send(picture(4000, 20)) == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert await send(picture()) == "None"
    assert await client.refusal("sendPhoto", chat_id=1001) == (400, "Bad Request: there is no photo in the request")
    assert (await client.refusal("sendPhoto", chat_id=1001, photo="x", caption="آ" * 1025))[1].endswith(
        "caption is too long"
    )


async def test_unknown_parameters_are_noted(client: Client, maryam: Person, sim: Simulator) -> None:
    await client.ok("sendMessage", chat_id=1001, text="x", colour="red")
    assert sim.log.calls("sendMessage")[-1]["unknown"] == ["colour"]
