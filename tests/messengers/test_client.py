"""Neutral messages said through the real client, on a server that only listens and on the simulator."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.messengers.client import Client, MediaFile, Progress
from bot.messengers.failures import CallFailed, Failure
from domain.messages import Button, Key, Keyboard, Message, Picture, Pin
from simulator.server import Simulator
from tests.messengers.conftest import PERSON, Scripted

SENT = {"message_id": 41, "date": 1, "chat": {"id": 5, "type": "private"}}


def photo(file_id: str) -> dict[str, Any]:
    return {**SENT, "photo": [{"file_id": "small"}, {"file_id": file_id}]}


@pytest.fixture
def jpeg(tmp_path: Path) -> Path:
    path = tmp_path / "0a1b.jpg"
    path.write_bytes(b"\xff\xd8\xff" + bytes(100_000))
    return path


def known(number: int, file_id: str | None = None, path: Path | None = None, kind: str = "photo") -> MediaFile:
    return MediaFile(number, kind, file_id or (None if path else f"id{number}"), path, "image/jpeg")


def pictures(*numbers: int) -> list[Picture]:
    return [Picture(media=number) for number in numbers]


def markup(server: Scripted, number: int = 0) -> Any:
    return json.loads(server.seen[number].fields.get("reply_markup", "null"))


# --- texts and keys ---------------------------------------------------------------------------------------------


async def test_a_text_with_buttons(server: Scripted, client: Client) -> None:
    server.result = SENT
    buttons = [[Button(label="بله", data="y:1"), Button(label="نقشه", url="https://neshan.org")]]
    sent = await client.send(5, Message(text="حل <b>شد</b> ؟", buttons=buttons))
    assert (sent.message_id, sent.has_caption, sent.file_ids) == (41, False, {})
    assert server.seen[0].fields["chat_id"] == "5"
    row = markup(server)["inline_keyboard"][0]
    assert [(button["text"], button.get("callback_data"), button.get("url")) for button in row] == [
        ("بله", "y:1", None),
        ("نقشه", None, "https://neshan.org"),
    ]
    wanted = {"telegram": ("حل <b>شد</b> ؟", "HTML"), "bale": ("حل *شد* ؟", None)}[client.messenger.name]
    assert (server.seen[0].fields["text"], server.seen[0].fields.get("parse_mode")) == wanted


async def test_telegram_is_called_in_json_and_bale_by_forms(server: Scripted, client: Client) -> None:
    server.result = SENT
    words = "۱۰۰٪ پُر = شکسته + ۲% <b>؟</b> 😀"
    await client.send(5, Message(text=words, buttons=[[Button(label="بله", data="y")]], silent=True))
    await client.edit(5, 41, True, Message(text=words))
    await client.answer_callback("7", "شد", alert=True)
    kind = {"telegram": "application/json", "bale": "application/x-www-form-urlencoded"}[client.messenger.name]
    assert [row.kind for row in server.seen] == [kind] * 3
    written = words if client.messenger.parse_mode else words.replace("<b>؟</b>", "*؟*")
    assert (server.seen[0].fields["text"], server.seen[1].fields["caption"]) == (written, written)
    assert server.seen[2].fields == {"callback_query_id": "7", "text": "شد", "show_alert": "true"}


@pytest.mark.parametrize("data", ["", "x" * 65, "ی" * 33])
async def test_a_button_that_no_messenger_takes_is_refused_before_sending(
    server: Scripted, client: Client, data: str
) -> None:
    with pytest.raises(CallFailed) as caught:
        await client.send(5, Message(text="سلام", buttons=[[Button(label="بله", data=data)]]))
    assert caught.value.kind is Failure.REFUSED
    assert server.seen == []


async def test_the_reply_keyboard_asks_for_place_and_contact(server: Scripted, client: Client) -> None:
    server.result = SENT
    rows = [
        [Key(label="📍 ارسال موقعیت", asks="location"), Key(label="شمارهٔ من", asks="contact")],
        [Key(label="بازگشت")],
    ]
    await client.send(5, Message(text="کجاست؟", keyboard=Keyboard(rows=rows, placeholder="نشانی", once=True)))
    keys = markup(server)
    assert keys["keyboard"] == [
        [{"text": "📍 ارسال موقعیت", "request_location": True}, {"text": "شمارهٔ من", "request_contact": True}],
        [{"text": "بازگشت"}],
    ]
    assert (keys["resize_keyboard"], keys["one_time_keyboard"]) == (True, True)
    assert keys.get("input_field_placeholder") == ("نشانی" if client.messenger.key_placeholder else None)


async def test_an_empty_keyboard_takes_it_away(server: Scripted, client: Client) -> None:
    server.result = SENT
    await client.send(5, Message(text="تمام", keyboard=Keyboard()))
    assert markup(server) == {"remove_keyboard": True}


async def test_replies_and_silence_in_each_messengers_way(server: Scripted, client: Client) -> None:
    server.result = SENT
    await client.send(5, Message(text="پاسخ", reply_to=9, silent=True))
    fields = server.seen[0].fields
    if client.messenger.reply_parameters:
        assert json.loads(fields["reply_parameters"]) == {"message_id": 9, "allow_sending_without_reply": True}
        assert fields["disable_notification"] == "true"
        assert json.loads(fields["link_preview_options"]) == {"is_disabled": True}
    else:
        assert fields["reply_to_message_id"] == "9"
        assert not fields.keys() & {"reply_parameters", "disable_notification", "link_preview_options"}


async def test_a_reply_to_a_deleted_message_goes_out_without_it(server: Scripted, client: Client) -> None:
    server.result = SENT
    server.say({"ok": False, "error_code": 400, "description": "Bad Request: replied message not found"}, status=400)
    assert (await client.send(5, Message(text="پاسخ", reply_to=9))).message_id == 41
    assert not server.seen[1].fields.keys() & {"reply_parameters", "reply_to_message_id"}


async def test_a_long_text_is_several_messages_with_the_buttons_under_the_last(
    server: Scripted, client: Client
) -> None:
    server.result = SENT
    await client.send(5, Message(text="سطر\n" * 2500, buttons=[[Button(label="بله", data="y")]]))
    assert len(server.seen) == 3
    assert [markup(server, number) is not None for number in range(3)] == [False, False, True]


async def test_a_failure_on_the_way_leaves_how_far_it_came_and_the_next_try_goes_on_there(
    server: Scripted, client: Client
) -> None:
    message = Message(text="سطر\n" * 2500)
    server.say({"ok": True, "result": SENT})
    server.say({"ok": False, "error_code": 429, "description": "Too Many Requests"}, status=429)
    so_far = Progress()
    with pytest.raises(CallFailed):
        await client.send(5, message, so_far=so_far)
    assert so_far.parts_sent == 1
    server.result = SENT
    await client.send(5, message, so_far=so_far)
    assert so_far.parts_sent == 3
    texts = [row.fields["text"] for row in server.seen]
    assert len(texts) == 4
    assert texts[1] == texts[2]
    await client.send(5, message, so_far=Progress(99))  # never nothing: the last part is what gets edited later
    assert len(server.seen) == 5


async def test_a_message_without_anything_in_it_is_refused(client: Client) -> None:
    for message in (Message(), Message(text=" \n"), Message(pictures=pictures(1))):
        with pytest.raises(CallFailed, match="nothing to send"):
            await client.send(5, message)


# --- pictures, files, pins --------------------------------------------------------------------------------------


async def test_one_picture_carries_the_text_and_the_buttons(server: Scripted, client: Client) -> None:
    server.result = photo("same")
    sent = await client.send(
        5,
        Message(text="<b>انجام</b> شد", pictures=pictures(1), buttons=[[Button(label="بله", data="y")]]),
        {1: known(1)},
    )
    assert (sent.has_caption, sent.file_ids) == (True, {})
    assert [row.call for row in server.seen] == ["sendPhoto"]
    assert server.seen[0].fields["photo"] == "id1"
    assert server.seen[0].fields["caption"] in ("<b>انجام</b> شد", "*انجام* شد")
    assert markup(server) is not None


async def test_a_text_too_long_for_a_caption_follows_its_picture(server: Scripted, client: Client) -> None:
    server.result = photo("same")
    sent = await client.send(5, Message(text="ا" * 1025, pictures=pictures(1)), {1: known(1)})
    assert sent.has_caption is False
    assert [row.call for row in server.seen] == ["sendPhoto", "sendMessage"]
    assert "caption" not in server.seen[0].fields


async def test_a_stored_file_is_uploaded_and_its_name_there_learned(
    server: Scripted, client: Client, jpeg: Path
) -> None:
    server.result = photo("learned")
    sent = await client.send(5, Message(text="عکس", pictures=pictures(3)), {3: known(3, path=jpeg)})
    assert sent.file_ids == {3: "learned"}
    assert server.seen[0].files == {"photo": ("0a1b.jpg", b"\xff\xd8\xff" + bytes(100_000), "image/jpeg")}
    assert server.seen[0].fields["caption"] == "عکس"


async def test_a_file_the_messenger_has_forgotten_is_uploaded_again(
    server: Scripted, client: Client, jpeg: Path
) -> None:
    server.say({"ok": False, "error_code": 400, "description": "Bad Request: wrong file identifier"}, status=400)
    server.result = photo("fresh")
    file = MediaFile(3, "photo", "old", jpeg, "image/jpeg")
    assert (await client.send(5, Message(pictures=pictures(3)), {3: file})).file_ids == {3: "fresh"}
    assert (server.seen[0].fields["photo"], list(server.seen[1].files)) == ("old", ["photo"])


@pytest.mark.parametrize(("code", "words"), [(400, "no_file_entity"), (403, "words nobody knows"), (404, "gone")])
async def test_a_file_id_refused_in_unknown_words_is_uploaded_again(
    server: Scripted, client: Client, jpeg: Path, code: int, words: str
) -> None:
    server.say({"ok": False, "error_code": code, "description": words}, status=code)
    server.result = photo("fresh")
    file = MediaFile(3, "photo", "old", jpeg, "image/jpeg")
    assert (await client.send(5, Message(pictures=pictures(3)), {3: file})).file_ids == {3: "fresh"}


async def test_too_fast_a_call_is_not_repeated_with_an_upload(server: Scripted, client: Client, jpeg: Path) -> None:
    server.say({"ok": False, "error_code": 429, "description": "Too Many Requests"}, status=429)
    with pytest.raises(CallFailed):
        await client.send(5, Message(pictures=pictures(3)), {3: MediaFile(3, "photo", "old", jpeg, "image/jpeg")})
    assert len(server.seen) == 1


async def test_a_file_that_is_nowhere_is_a_bad_file(server: Scripted, client: Client, tmp_path: Path) -> None:
    for path in (None, tmp_path / "missing.jpg"):
        with pytest.raises(CallFailed) as caught:
            await client.send(5, Message(pictures=pictures(3)), {3: MediaFile(3, "photo", None, path, "image/jpeg")})
        assert caught.value.kind is Failure.BAD_FILE
    assert server.seen == []


async def test_an_album_of_stored_and_known_files_then_the_text_with_buttons(
    server: Scripted, client: Client, jpeg: Path
) -> None:
    server.say({"ok": True, "result": [{**photo(f"f{n}"), "message_id": 50 + n} for n in range(3)]})
    server.result = {**SENT, "message_id": 60}
    media = {1: known(1), 2: known(2, path=jpeg), 3: known(3, path=jpeg, kind="video")}
    message = Message(text="سه عکس", pictures=pictures(1, 2, 3, 4), buttons=[[Button(label="بله", data="y")]])
    sent = await client.send(5, message, media)
    assert (sent.message_id, sent.has_caption, sent.file_ids) == (60, False, {2: "f1", 3: "f2"})
    items = json.loads(server.seen[0].fields["media"])
    assert [item["type"] for item in items] == ["photo", "photo", "video"]
    assert items[0]["media"] == "id1"
    assert {item["media"].removeprefix("attach://") for item in items[1:]} == set(server.seen[0].files)
    assert [row.call for row in server.seen] == ["sendMediaGroup", "sendMessage"]


async def test_many_files_go_in_albums_of_ten_by_kind(server: Scripted, client: Client) -> None:
    server.result = SENT
    media = {n: known(n) for n in range(1, 12)}
    media |= {12: known(12, kind="voice"), 13: known(13, kind="document"), 14: known(14, kind="document")}
    for size in (10, 1, 1, 2, 1):
        answer = [photo("x")] * size if size > 1 else photo("x")
        server.say({"ok": True, "result": answer})
    await client.send(5, Message(text="همه", pictures=pictures(*media)), media)
    assert [row.call for row in server.seen] == [
        "sendMediaGroup",
        "sendPhoto",
        "sendVoice",
        "sendMediaGroup",
        "sendMessage",
    ]


async def test_an_album_with_buttons_and_no_text_gets_something_to_hang_them_under(
    server: Scripted, client: Client
) -> None:
    server.say({"ok": True, "result": [photo("a"), photo("b")]})
    server.result = SENT
    message = Message(pictures=pictures(1, 2), buttons=[[Button(label="بله", data="y")]])
    await client.send(5, message, {1: known(1), 2: known(2)})
    assert server.seen[1].fields["text"] == "…"


async def test_a_pin_goes_before_its_text(server: Scripted, client: Client) -> None:
    server.result = SENT
    await client.send(
        5, Message(text="اینجا", pin=Pin(lat=36.2972, lon=59.6062), buttons=[[Button(label="ب", data="y")]])
    )
    assert [row.call for row in server.seen] == ["sendLocation", "sendMessage"]
    assert (server.seen[0].fields["latitude"], server.seen[0].fields["longitude"]) == ("36.2972", "59.6062")
    assert markup(server, 1) is not None


@pytest.mark.parametrize("answer", [True, {"message_id": 0}, {"message_id": 7, "photo": [{"file_id": "p"}]}])
async def test_a_stub_of_an_answer_still_counts_as_sent(server: Scripted, client: Client, answer: Any) -> None:
    server.result = answer
    sent = await client.send(5, Message(text="سلام"))
    assert sent.message_id == (answer["message_id"] if isinstance(answer, dict) else 0)


# --- edits and callbacks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [True, {"message_id": 0}, {"message_id": 0, "date": 0, "chat": {"id": 0, "type": ""}}]
)
async def test_edits_of_text_caption_and_buttons(server: Scripted, client: Client, answer: Any) -> None:
    server.result = answer
    buttons = [[Button(label="بله", data="y")]]
    await client.edit(5, 41, False, Message(text="متن", buttons=buttons))
    await client.edit(5, 41, True, Message(text="ز" * 2000))
    await client.edit(5, 41, False, Message(buttons=buttons))
    await client.delete(5, 41)
    assert [row.call for row in server.seen] == [
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
        "deleteMessage",
    ]
    assert len(server.seen[1].fields["caption"]) <= 1024
    assert server.seen[1].fields["caption"].endswith("…")
    assert markup(server, 1) == {"inline_keyboard": []}


async def test_answering_a_press_never_raises(server: Scripted, client: Client) -> None:
    await client.answer_callback("77", "ی" * 300, alert=True)
    assert len(server.seen[0].fields["text"]) == 200
    assert server.seen[0].fields["show_alert"] == "true"
    server.say({"ok": False, "error_code": 400, "description": "Bad Request: query is too old"}, status=400)
    await client.answer_callback("77")
    await client.close()
    await client.answer_callback("77")


# --- downloads --------------------------------------------------------------------------------------------------


async def test_a_file_is_downloaded_from_beside_its_methods(server: Scripted, client: Client) -> None:
    server.say({"ok": True, "result": {"file_id": "777:888:0:v", "file_path": "voice/777:888"}})
    server.say(b"OggS" + bytes(5000))
    assert await client.download("777:888:0:v", 10_000) == b"OggS" + bytes(5000)
    assert server.seen[0].fields == {"file_id": "777:888:0:v"}
    assert (server.seen[1].method, server.seen[1].path.split("/", 3)[3]) == ("GET", "voice/777:888")


@pytest.mark.parametrize(
    ("path", "status", "body", "kind"),
    [
        ("p/1", 200, bytes(2001), Failure.TOO_LONG),
        ("p/1", 404, b"", Failure.GONE),
        ("p/1", 503, b"busy", Failure.SERVER),
        ("p/1", 429, b"", Failure.RATE),
        ("p/1", 403, b"<html>filtered</html>", Failure.SERVER),
        (None, 200, b"", Failure.GONE),
    ],
)
async def test_downloads_that_fail_say_how(
    server: Scripted, client: Client, path: str | None, status: int, body: bytes, kind: Failure
) -> None:
    server.say({"ok": True, "result": {"file_id": "f", "file_path": path}})
    server.say(body, status=status)
    with pytest.raises(CallFailed) as caught:
        await client.download("f", 2000)
    assert caught.value.kind is kind


# --- the simulator ----------------------------------------------------------------------------------------------


async def test_a_round_of_talk_on_the_simulator(live: Client, simulator: Simulator, jpeg: Path) -> None:
    person = PERSON[live.messenger.name]
    assert (await live.me())[1] == f"{live.messenger.name}_bot"
    (start,) = await live.updates(None, 0)
    update = live.parse(start)
    assert update.message is not None
    assert update.message.text == "/start"
    sent = await live.send(
        person,
        Message(text="<b>سلام</b> مریم", buttons=[[Button(label="بله", data="y")]], reply_to=update.message.message_id),
    )
    await simulator.person(person).press("بله")
    (pressed,) = await live.updates(update.update_id + 1, 0)
    query = live.parse(pressed).callback_query
    assert query is not None
    assert (query.data, query.message is not None and query.message.message_id) == ("y", sent.message_id)
    await live.answer_callback(query.id, "دیدم")
    await live.edit(person, sent.message_id, False, Message(text="تمام"))
    with pytest.raises(CallFailed) as caught:
        await live.edit(person, 9999, False, Message(text="هیچ"))
    assert caught.value.kind is Failure.GONE


async def test_pictures_on_the_simulator_are_learned_and_downloaded(
    live: Client, jpeg_bytes: bytes, tmp_path: Path
) -> None:
    person, path = PERSON[live.messenger.name], tmp_path / "aa.jpg"
    path.write_bytes(jpeg_bytes)
    media = {n: MediaFile(n, "photo", None, path, "image/jpeg") for n in (1, 2)}
    one = await live.send(person, Message(text="یکی", pictures=pictures(1)), media)
    two = await live.send(person, Message(text="دو تا", pictures=pictures(1, 2)), media)
    assert one.has_caption
    assert not two.has_caption
    assert set(two.file_ids) == {1, 2}
    assert (await live.download(one.file_ids[1], 10**7))[:2] == b"\xff\xd8"
    again = {1: MediaFile(1, "photo", one.file_ids[1], None, "image/jpeg")}
    assert (await live.send(person, Message(pictures=pictures(1)), again)).file_ids == {}
    await live.edit(person, one.message_id, True, Message(text="نوشتهٔ تازه"))
    with pytest.raises(CallFailed) as caught:
        await live.download("no-such-file", 10**7)
    assert caught.value.kind in (Failure.BAD_FILE, Failure.GONE)
