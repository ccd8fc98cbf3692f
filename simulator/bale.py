"""What Bale documents: its methods with their parameters, and the fields of keyboards and albums.

Taken from Bale's documentation as its client libraries give it (balerobot 0.1.1 of 2026, python-bale-bot, Balethon);
nothing was tried against the live server. ``setMyCommands`` is documented nowhere and seen to work.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.world import Json

_SENT = ("chat_id", "reply_to_message_id", "reply_markup")
_NAMED = ("chat_id", "message_id")
_METHODS: dict[str, tuple[str, ...]] = {
    "getMe": (),
    "getUpdates": ("offset", "limit", "timeout"),
    "setWebhook": ("url",),
    "deleteWebhook": (),
    "getWebhookInfo": (),
    "getFile": ("file_id",),
    "setMyCommands": ("commands",),
    "sendMessage": (*_SENT, "text"),
    **{
        f"send{kind.capitalize()}": (*_SENT, kind, "caption")
        for kind in ("photo", "audio", "document", "video", "animation", "voice")
    },
    "sendSticker": ("chat_id", "sticker", "reply_to_message_id"),
    "sendMediaGroup": ("chat_id", "media", "reply_to_message_id"),
    "sendLocation": (*_SENT, "latitude", "longitude", "horizontal_accuracy"),
    "sendContact": (*_SENT, "phone_number", "first_name", "last_name"),
    "sendChatAction": ("chat_id", "action"),
    "forwardMessage": (*_NAMED, "from_chat_id"),
    "copyMessage": (*_NAMED, "from_chat_id"),
    "editMessageText": (*_NAMED, "text", "reply_markup"),
    "editMessageCaption": (*_NAMED, "caption", "reply_markup"),
    "editMessageReplyMarkup": (*_NAMED, "reply_markup"),
    "deleteMessage": _NAMED,
    "answerCallbackQuery": ("callback_query_id", "text", "show_alert"),
    "getChat": ("chat_id",),
    "getChatMember": ("chat_id", "user_id"),
    "getChatAdministrators": ("chat_id",),
    "getChatMembersCount": ("chat_id",),
    "leaveChat": ("chat_id",),
}
PARAMETERS: Mapping[str, frozenset[str]] = {method: frozenset(names) for method, names in _METHODS.items()}
CHAT_ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "choose_sticker"}
)
_MARKUP = frozenset(
    {
        "inline_keyboard", "keyboard", "resize_keyboard", "one_time_keyboard", "is_persistent",
        "input_field_placeholder", "selective", "remove_keyboard",
    }
)  # fmt: skip
_BUTTONS = {
    "inline_keyboard": frozenset({"text", "url", "callback_data", "web_app", "copy_text"}),
    "keyboard": frozenset({"text", "request_contact", "request_location", "web_app"}),
}
_MEDIA = frozenset({"type", "media", "caption", "thumbnail", "width", "height", "duration", "title"})


def strange_fields(parameter: str, value: Any) -> Iterator[str]:
    """The fields of a keyboard or an album, written with their places, that Bale does not document."""
    if parameter == "media":
        for number, item in enumerate(value):
            yield from _strange(item, _MEDIA, f"media[{number}]")
        return
    yield from _strange(value, _MARKUP, parameter)
    for name, fields in _BUTTONS.items():
        for y, row in enumerate(value.get(name) or ()):
            for x, button in enumerate(row):
                yield from _strange(button, fields, f"{parameter}.{name}[{y}][{x}]")


def _strange(of: Json | str, fields: frozenset[str], where: str) -> Iterator[str]:
    if isinstance(of, dict):
        yield from (f"{where}.{name}" for name, value in of.items() if value is not None and name not in fields)
