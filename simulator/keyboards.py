"""Keyboards: what the server checks in them and whom a reply keyboard reaches."""

import re
from urllib.parse import urlsplit

from simulator.calls import Call
from simulator.refusals import Refused
from simulator.world import Chat, Json, Message

CALLBACK_BYTES = 64
_ACTIONS = (
    "callback_data", "url", "web_app", "copy_text", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "pay",
)  # fmt: skip
_HOST = re.compile(r"[^\s.]+\.[^\s]+")


def read_markup(call: Call) -> Json | None:
    """The reply_markup of a call after the server's checks; None where there is none."""
    markup = call.data("reply_markup")
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise Refused("markup-json")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"])
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        return {**markup, "keyboard": _reply_rows(markup["keyboard"])}
    return markup


def inline_only(call: Call) -> Json | None:
    """The inline keyboard of an edit; raises Refused for any other markup."""
    markup = read_markup(call)
    if markup is not None and "inline_keyboard" not in markup:
        raise Refused("inline-needed")
    return markup


def _rows(rows: object) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused("markup-json")
    return [[_inline(button) for button in row] for row in rows if row]


def _inline(button: object) -> Json:
    if not isinstance(button, dict):
        raise Refused("markup-json")
    if not str(button.get("text", "")).strip():
        raise Refused("button-text")
    actions = [one for one in _ACTIONS if button.get(one) is not None]
    if not actions:
        raise Refused("button-type")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_BYTES:
        raise Refused("button-data")
    for name, field in (("web_app", "url"), ("copy_text", "text")):
        if name in actions and not (isinstance(button[name], dict) and isinstance(button[name].get(field), str)):
            raise Refused("markup-json")
    if "url" in actions:
        _check_url(str(button["url"]))
    return button


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        raise Refused("button-url", url=url, reason="Wrong HTTP URL") from None
    if parts.scheme not in ("http", "https", "tg", "ton", "mailto", "tel"):
        raise Refused("button-url", url=url, reason="Unsupported URL protocol")
    if parts.scheme in ("http", "https") and not _HOST.fullmatch(parts.netloc):
        raise Refused("button-url", url=url, reason="Wrong HTTP URL")


def _reply_rows(rows: object) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused("markup-json")
    return [[_reply_button(one) for one in row] for row in rows if row]


def _reply_button(button: object) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise Refused("markup-json")
    return button


def hand_out(message: Message, markup: Json) -> None:
    """Puts a reply keyboard, its removal or a forced reply before the people it is meant for."""
    chat = message.chat
    for person_id in _meant(chat, message, markup):
        if "keyboard" in markup:
            chat.keyboards[person_id] = markup
        elif markup.get("remove_keyboard"):
            chat.keyboards.pop(person_id, None)
        elif markup.get("force_reply"):
            chat.forced[person_id] = message


def _meant(chat: Chat, message: Message, markup: Json) -> list[int]:
    people = [one.id for one in chat.people()]
    if chat.private or not markup.get("selective"):
        return people
    replied = message.reply_to.sender.id if message.reply_to else None
    names = [
        one.id for one in chat.people() if one.config.username and f"@{one.config.username}" in message.content.text
    ]
    return [one for one in people if one == replied or one in names]
