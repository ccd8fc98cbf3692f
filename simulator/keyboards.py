"""Keyboards: what the server checks in them and whom a reply keyboard reaches.

The words are those of telegram-bot-api (Client.cpp) and TDLib (ReplyMarkup.cpp). How much fits is published nowhere:
see docs/simulator.md for where the numbers come from.
"""

import json

from simulator.calls import Call
from simulator.links import fault_of
from simulator.markup import utf16_length
from simulator.refusals import Refused
from simulator.world import Chat, Json, Message

CALLBACK_BYTES, COPIED_LENGTH, MARKUP_BYTES = 64, 256, 10_000
# field: (buttons in a row, buttons in all)
_ROOM = {"inline_keyboard": (8, 100), "keyboard": (12, 300)}
# The actions of an inline button in the order in which the server looks for them.
_MAY_BE_EMPTY = ("url", "callback_data")  # an empty one counts as absent
_ACTIONS = (
    "callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat", "login_url", "web_app", "copy_text",
)  # fmt: skip
_EVERY_ACTION = frozenset({*_MAY_BE_EMPTY, *_ACTIONS})
_PRIVATE_KEYS = {
    "request_contact": "phone number can be requested",
    "request_location": "location can be requested",
    "request_poll": "poll can be requested",
    "request_users": "users can be requested",
    "request_chat": "chats can be requested",
    "web_app": "web App buttons can be used",
}
_OF_INLINE, _OF_KEYS = 'field "inline_keyboard" of the InlineKeyboardMarkup', 'field "keyboard"'
_Rows = list[list[Json]]


def read_markup(call: Call) -> Json | None:
    """The reply_markup of a call after the server's checks; None where there is none."""
    markup = call.data("reply_markup")
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise Refused("markup-object")
    if "inline_keyboard" in markup:
        rows = [[_inline(call, one) for one in row] for row in _rows(markup["inline_keyboard"], _OF_INLINE) if row]
        rows = _fitted(call, "inline_keyboard", rows)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        rows = [[_key(call, one) for one in row] for row in _rows(markup["keyboard"], _OF_KEYS) if row]
        return {**markup, "keyboard": _fitted(call, "keyboard", rows)}
    return markup


def inline_only(call: Call) -> Json | None:
    """The inline keyboard of an edit; raises Refused for any other markup."""
    markup = read_markup(call)
    if markup is not None and "inline_keyboard" not in markup:
        raise Refused("inline-needed")
    return markup


def _rows(rows: object, field: str) -> list[list[object]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused("markup-rows", field=field)
    return rows


def _fitted(call: Call, field: str, rows: _Rows) -> _Rows:
    """The rows without what the server leaves out; raises Refused where it refuses the whole."""
    in_row, in_all = _ROOM[field]
    widest = max((len(row) for row in rows), default=0)
    if widest > in_row and call.exchange.config.strict:
        raise Refused("parameter", reason=f'field "reply_markup.{field}" must have 1-{in_row} buttons in a row')
    rows = [row[:in_row] for row in rows]
    too_many = sum(len(row) for row in rows) > in_all
    if too_many and (field == "inline_keyboard" or call.exchange.config.strict):
        raise Refused("markup-long")
    rows = _first(rows, in_all)
    if len(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()) > MARKUP_BYTES:
        raise Refused("markup-long")
    return rows


def _first(rows: _Rows, number: int) -> _Rows:
    kept: _Rows = []
    for row in rows:
        if number <= 0:
            break
        kept.append(row[:number])
        number -= len(row)
    return kept


def _inline(call: Call, button: object) -> Json:
    """A button after the server's checks, with the one action that it reads: the first in its own order."""
    if not isinstance(button, dict):
        raise Refused("button-form", reason="InlineKeyboardButton must be an Object")
    text = _text(button, "button-form", "button-text")
    for action in _MAY_BE_EMPTY:
        if _optional_text(button, action):
            break
    else:
        action = next((one for one in _ACTIONS if button.get(one) is not None), "")
    if not action:
        raise Refused("button-type")
    found = _action(call, button, action)
    return {name: one for name, one in button.items() if name not in _EVERY_ACTION} | {"text": text, action: found}


def _action(call: Call, button: Json, action: str) -> object:
    """What an action says, after its checks."""
    if action in _MAY_BE_EMPTY:
        text = _optional_text(button, action)
        if action == "url":
            _check_url(text, "inline keyboard button")
        elif len(text.encode()) > CALLBACK_BYTES:
            raise Refused("button-data")
        return text
    if action == "copy_text":
        copied = _inner(button, action, "text")
        if not 1 <= utf16_length(copied["text"]) <= COPIED_LENGTH:
            raise Refused("button-copies")
        return copied
    if action == "web_app":
        app = _inner(button, action, "url")
        _check_https(app["url"], "inline keyboard button Web App")
        if not call.chat().private:
            raise Refused("button-place")
        return app
    return button[action]


def _inner(button: Json, action: str, field: str) -> Json:
    found = button[action]
    if not isinstance(found, dict):
        raise Refused("button-form", reason=f'Field "{action}" must be of type Object')
    return {**found, field: _text(found, "button-form", None, field)}


def _text(of: Json, form: str, empty: str | None, field: str = "text") -> str:
    """A needed text; the server takes a number for one."""
    if of.get(field) is None:
        raise Refused(form, reason=f'Can\'t find field "{field}"')
    text = _written(of[field], form, field)
    if empty is not None and not text.strip():
        raise Refused(empty)
    return text


def _optional_text(button: Json, field: str) -> str:
    return "" if button.get(field) is None else _written(button[field], "button-form", field)


def _written(value: object, form: str, field: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(form, reason=f'Field "{field}" must be of type String')
    return json.dumps(value)


def _check_https(url: str, button: str) -> None:
    _check_url(url, button)
    if not url.lower().startswith("https://"):
        raise Refused("button-url", button=button, url=url, reason="Only HTTPS links are allowed")


def _check_url(url: str, button: str) -> None:
    if fault := fault_of(url):
        raise Refused("button-url", button=button, url=url, reason=fault)


def _key(call: Call, button: object) -> Json:
    button = {"text": button} if isinstance(button, str) else button
    if not isinstance(button, dict):
        raise Refused("key-form", reason="KeyboardButton must be a String or an Object")
    text = _text(button, "key-form", "key-text")
    for name, what in _PRIVATE_KEYS.items():
        if button.get(name) not in (None, False) and not call.chat().private:
            raise Refused("key-place", what=what)
    return {**button, "text": text}


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
