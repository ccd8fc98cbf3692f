"""Fill in what a messenger leaves out, so that python-telegram-bot can read its updates and answers.

The rows follow Bale's documented shapes; values are filled, never invented: an unknown length is 0, an unknown
name is empty.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # no database and no UTF-8 takes these
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?(?=\s|$)")
_ADMINISTRATOR_FLAGS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_GIFT_FLAGS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@dataclass(frozen=True, slots=True)
class _Shape:
    """One kind of object: fields to fill, the kinds of its parts, and what depends on several fields."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    finish: Callable[[Raw], Raw] = lambda value: value


def _with_unique_id(value: Raw) -> Raw:
    if "file_id" in value:
        value.setdefault("file_unique_id", value["file_id"])
    return value


def _file(**defaults: Any) -> _Shape:
    return _Shape(defaults=defaults, parts={"thumbnail": "picture"}, finish=_with_unique_id)


def _chat_type(chat: Raw, sender: Raw | None) -> str:
    if chat.get("type"):
        return str(chat["type"])
    alone = sender is not None and sender.get("id") == chat.get("id")
    return "private" if alone or not chat.get("title") else "group"


def _forward_origin(value: Raw) -> Raw | None:
    """Tell where a forwarded message came from in today's form, from the fields of the older one."""
    date = value.get("forward_date", 0)
    sender, chat = value.get("forward_from"), value.get("forward_from_chat")
    if sender:
        return {"type": "user", "date": date, "sender_user": sender}
    if chat and chat["type"] == "channel":
        number = value.get("forward_from_message_id", 0)
        return {"type": "channel", "date": date, "chat": chat, "message_id": number}
    if chat:
        return {"type": "chat", "date": date, "sender_chat": chat}
    if value.get("forward_sender_name"):
        return {"type": "hidden_user", "date": date, "sender_user_name": value["forward_sender_name"]}
    return None


def _finish_message(value: Raw) -> Raw:
    if isinstance(value.get("chat"), dict):
        value["chat"]["type"] = _chat_type(value["chat"], value.get("from"))
    command = _COMMAND.match(value.get("text") or "")
    if command and not value.get("entities"):
        value["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
    if not (value.get("reply_markup") or {}).get("inline_keyboard"):
        value.pop("reply_markup", None)
    origin = _forward_origin(value)
    if origin and "forward_origin" not in value:
        value["forward_origin"] = origin
    return value


def _finish_member(value: Raw) -> Raw:
    flags: dict[str, Raw] = {
        "administrator": dict.fromkeys(_ADMINISTRATOR_FLAGS, False),
        "creator": {"is_anonymous": False},
        "kicked": {"until_date": 0},
    }
    return {**flags.get(str(value.get("status")), {}), **value}


def _finish_full_chat(value: Raw) -> Raw:
    value["type"] = _chat_type(value, None)
    return value


_MESSAGE = _Shape(
    defaults={"message_id": 0, "date": 0},
    parts={
        "from": "user",
        "chat": "chat",
        "sender_chat": "chat",
        "forward_from": "user",
        "forward_from_chat": "chat",
        "new_chat_members": "user",
        "left_chat_member": "user",
        "reply_to_message": "message",
        "pinned_message": "message",
        "photo": "picture",
        "new_chat_photo": "picture",
        "voice": "sound",
        "audio": "sound",
        "document": "document",
        "video": "video",
        "animation": "video",
        "video_note": "round_video",
        "sticker": "sticker",
        "contact": "contact",
        "venue": "venue",
        "web_app_data": "web_app_data",
        "poll": "poll",
    },
    finish=_finish_message,
)

_SHAPES: dict[str, _Shape] = {
    "update": _Shape(
        parts={
            "message": "message",
            "edited_message": "message",
            "callback_query": "callback_query",
            "pre_checkout_query": "pre_checkout_query",
        }
    ),
    "message": _MESSAGE,
    "callback_query": _Shape({"chat_instance": ""}, {"from": "user", "message": "message"}),
    "pre_checkout_query": _Shape({"currency": "IRR", "total_amount": 0, "invoice_payload": ""}, {"from": "user"}),
    "user": _Shape({"first_name": "", "is_bot": False}),
    "bot": _Shape({"first_name": "", "is_bot": True}),
    "chat": _Shape(finish=_finish_full_chat),
    "picture": _file(width=0, height=0),
    "sound": _file(duration=0),
    "document": _file(),
    "video": _file(width=0, height=0, duration=0),
    "round_video": _file(length=0, duration=0),
    "sticker": _file(width=0, height=0, is_animated=False, is_video=False, type="regular"),
    "contact": _Shape({"phone_number": "", "first_name": ""}),
    "venue": _Shape({"title": "", "address": ""}),
    "web_app_data": _Shape({"data": "", "button_text": ""}),
    "poll": _Shape(
        {
            "id": "",
            "question": "",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
        }
    ),
    "file": _file(),
    "full_chat": _Shape(
        {
            "accent_color_id": 0,
            "max_reaction_count": 0,
            "accepted_gift_types": dict.fromkeys(_GIFT_FLAGS, False),
        },
        {"pinned_message": "message"},
        _finish_full_chat,
    ),
    "member": _Shape(parts={"user": "user"}, finish=_finish_member),
    "webhook": _Shape({"url": "", "has_custom_certificate": False, "pending_update_count": 0}),
}

_ANSWERS = {
    "getMe": "bot",
    "getChat": "full_chat",
    "getChatMember": "member",
    "getChatAdministrators": "member",
    "getWebhookInfo": "webhook",
    "getFile": "file",
}
_KEPT_OF_A_SENT_MESSAGE = ("message_id", "date", "chat", "photo", "video", "voice", "audio", "document", "animation")


def _filled(kind: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_filled(kind, item) for item in value]
    if not isinstance(value, dict):
        return value
    shape = _SHAPES[kind]
    known = {
        name: _filled(shape.parts[name], part) if name in shape.parts else part
        for name, part in value.items()
        if part is not None
    }
    return shape.finish({**shape.defaults, **known})


def scrubbed(value: Any) -> Any:
    """Return JSON data with NUL and lone surrogates taken out of its strings."""
    if isinstance(value, str):
        return _UNWRITABLE.sub("", value) if _UNWRITABLE.search(value) else value
    if isinstance(value, dict):
        return {name: scrubbed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [scrubbed(item) for item in value]
    return value


def update(raw: Raw) -> Raw:
    """Return a filled copy of one raw update."""
    filled: Raw = _filled("update", raw)
    return filled


def sent_message(result: Any) -> Any:
    """Cut the answer of a sending method to what is used of it: number, chat and file ids.

    The rest is our own text read back; a field in it that cannot be read would look like a failed sending.
    """
    if isinstance(result, list):
        return [sent_message(item) for item in result]
    kept = (
        {name: result[name] for name in _KEPT_OF_A_SENT_MESSAGE if name in result} if isinstance(result, dict) else {}
    )
    filled = _filled("message", kept)
    filled.setdefault("chat", {"id": 0, "type": "private"})
    return filled


def message_number(result: Any) -> int:
    """Return the number in the answer of a sending method; 0 where the messenger gives none."""
    number = result.get("message_id") if isinstance(result, dict) else None
    return number if isinstance(number, int) else 0


def answer(method: str, result: Any, *, leaves_fields_out: bool) -> Any:
    """Return a method's result in the shape python-telegram-bot reads; edits answer with a stub or true."""
    if method.startswith("edit"):
        return True
    if method.startswith("send") and method != "sendChatAction":
        return sent_message(result)
    if leaves_fields_out and method in _ANSWERS:
        return _filled(_ANSWERS[method], result)
    return result
