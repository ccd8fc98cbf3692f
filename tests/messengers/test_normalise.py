"""Bale's documented shapes become updates and answers that python-telegram-bot reads."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import telegram

from bot.messengers import normalise
from bot.messengers.client import Client
from bot.messengers.record import BALE, TELEGRAM

SHAPES = json.loads((Path(__file__).parent / "fixtures" / "bale_updates.json").read_text())
UPDATES = {update["update_id"]: update for update in SHAPES["updates"]}


@pytest.fixture(scope="module")
def bale() -> Client:
    return Client(BALE, "1:" + "x" * 35, "http://127.0.0.1:9")


def read(bale: Client, number: int) -> telegram.Update:
    return bale.parse(UPDATES[number])


@pytest.mark.parametrize("number", UPDATES)
def test_every_documented_update_is_read_and_left_as_it_was(bale: Client, number: int) -> None:
    raw = copy.deepcopy(UPDATES[number])
    update = bale.parse(raw)
    assert update.update_id == number
    assert update.effective_user is not None
    assert update.effective_user.id in (1203344551, 990011)
    assert update.effective_chat is not None
    assert raw == UPDATES[number]


def test_telegram_updates_without_required_fields_are_refused() -> None:
    telegram_client = Client(TELEGRAM, "1:" + "x" * 35, "http://127.0.0.1:9")
    with pytest.raises(ValueError, match="unreadable update"):
        telegram_client.parse(UPDATES[2])


def test_a_command_without_entities_is_marked_as_one(bale: Client) -> None:
    message = read(bale, 1).effective_message
    assert isinstance(message, telegram.Message)
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bot_command", 0, 5)]


@pytest.mark.parametrize("text", ["/", "/ help", "راه /help", "/کمک", "//x"])
def test_what_is_no_command_is_not_marked(bale: Client, text: str) -> None:
    raw = copy.deepcopy(UPDATES[1])
    raw["message"]["text"] = text
    message = bale.parse(raw).message
    assert message is not None
    assert message.entities == ()


def test_presses_are_read_without_chat_instance_and_without_a_date(bale: Client) -> None:
    pressed, old = read(bale, 2).callback_query, read(bale, 3).callback_query
    assert pressed is not None
    assert old is not None
    assert (pressed.data, pressed.chat_instance) == ("cat:lighting", "")
    assert isinstance(pressed.message, telegram.Message)
    assert old.message is not None
    assert (old.message.chat.id, old.message.message_id) == (1203344551, 3)


def test_a_voice_without_a_length_has_none(bale: Client) -> None:
    message = read(bale, 4).message
    assert message is not None
    assert message.voice is not None
    assert (message.voice.file_id, message.voice.file_unique_id) == ("777:888:0:v", "777:888")


def test_a_forwarded_photo_in_a_group_keeps_who_wrote_it(bale: Client) -> None:
    message = read(bale, 9).message
    assert message is not None
    assert message.chat.type == "group"
    assert isinstance(message.forward_origin, telegram.MessageOriginUser)
    assert message.forward_origin.sender_user.id == 1203344551
    assert [size.file_id for size in message.photo] == ["p", "P"]


@pytest.mark.parametrize(
    ("chat", "kind"),
    [({"id": 7}, "private"), ({"id": 9, "title": "گروه"}, "group"), ({"id": 9, "type": ""}, "private")],
)
def test_a_chat_without_a_type_gets_the_likeliest(bale: Client, chat: dict[str, Any], kind: str) -> None:
    raw = {"update_id": 1, "message": {"message_id": 1, "from": {"id": 7}, "chat": chat, "text": "سلام"}}
    message = bale.parse(raw).message
    assert message is not None
    assert message.chat.type == kind


def test_nulls_keyboards_and_missing_ids_do_no_harm(bale: Client) -> None:
    raw = {
        "update_id": 3,
        "message": {
            "message_id": 5,
            "from": {"id": 7, "first_name": None},
            "chat": {"id": 7, "type": "private"},
            "date": None,
            "caption": None,
            "reply_markup": {"keyboard": [[{"text": "بازگشت"}]]},
            "document": {"file_id": "d1"},
            "reply_to_message": {"message_id": 4, "chat": {"id": 7}, "video": {"file_id": "v1"}},
        },
    }
    message = bale.parse(raw).message
    assert message is not None
    assert message.reply_markup is None
    assert message.document is not None
    assert message.document.file_unique_id == "d1"
    assert message.reply_to_message is not None
    assert message.reply_to_message.video is not None


@pytest.mark.parametrize(
    "raw",
    [
        {"message": {"text": "بی‌شماره"}},
        {"update_id": 1, "message": "متن"},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1}, "photo": [5]}},
        {"update_id": 1, "callback_query": {"from": {"id": 7}}},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1}, "date": "دیروز"}},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1}, "date": 10**20}},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1}, "location": {}}},
    ],
)
def test_what_cannot_be_read_is_a_value_error(bale: Client, raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unreadable update"):
        bale.parse(raw)


def test_letters_that_no_database_takes_are_left_out(bale: Client) -> None:
    raw = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1}, "text": "چاله\x00 \ud83d خیابان 😀"}}
    message = bale.parse(raw).message
    assert message is not None
    assert message.text == "چاله  خیابان 😀"


def test_a_forward_from_a_channel_or_a_hidden_person_is_told() -> None:
    base = {"message_id": 1, "chat": {"id": 1}, "forward_date": 5}
    channel = normalise.update({"message": {**base, "forward_from_chat": {"id": 8, "type": "channel"}}})
    hidden = normalise.update({"message": {**base, "forward_sender_name": "رضا"}})
    assert channel["message"]["forward_origin"]["type"] == "channel"
    assert hidden["message"]["forward_origin"]["sender_user_name"] == "رضا"


@pytest.mark.parametrize("stub", [SHAPES["answers"][0]["result"], SHAPES["answers"][1]["result"], True])
def test_edits_count_as_done_whatever_they_answer(stub: Any) -> None:
    assert normalise.answer("editMessageText", stub, leaves_fields_out=True) is True


def test_of_a_sent_message_only_the_useful_is_kept() -> None:
    raw = {"message_id": 4, "chat": {"id": 1, "type": "private"}, "text": "…", "entities": [{"type": "never heard of"}]}
    kept = normalise.answer("sendMessage", raw, leaves_fields_out=False)
    assert kept == {"message_id": 4, "date": 0, "chat": {"id": 1, "type": "private"}}
    assert telegram.Message.de_json(kept).message_id == 4


@pytest.mark.parametrize(
    ("method", "result", "kind"),
    [
        ("getMe", {"id": 5, "username": "b"}, telegram.User),
        ("getChat", {"id": 5, "title": "گروه"}, telegram.ChatFullInfo),
        ("getWebhookInfo", {"url": ""}, telegram.WebhookInfo),
        ("getFile", {"file_id": "f", "file_path": "p/f"}, telegram.File),
        ("getChatMember", {"status": "administrator", "user": {"id": 5}}, telegram.ChatMember),
        ("getChatMember", {"status": "creator", "user": {"id": 5}}, telegram.ChatMember),
        ("getChatMember", {"status": "kicked", "user": {"id": 5}}, telegram.ChatMember),
    ],
)
def test_answers_with_gaps_are_read(method: str, result: dict[str, Any], kind: type[telegram.TelegramObject]) -> None:
    assert isinstance(kind.de_json(normalise.answer(method, result, leaves_fields_out=True)), kind)
