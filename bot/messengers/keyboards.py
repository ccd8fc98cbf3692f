"""Buttons and reply keyboards in the Bot API's JSON."""

from typing import Any

from bot.messengers.failures import CallFailed, Failure
from bot.messengers.record import Messenger
from domain.messages import MAX_CALLBACK_BYTES, Button, Key, Keyboard
from domain.richtext import clipped

MAX_PLACEHOLDER = 64

Markup = dict[str, Any]

ASK_FOR_REPLY: Markup = {"force_reply": True, "selective": True}
"""Opens the typing field with a reply to this message, for those it is about."""

_ASKS = {"location": {"request_location": True}, "contact": {"request_contact": True}}


def _button(button: Button) -> Markup:
    if button.url:
        return {"text": button.label, "url": button.url}
    if not 1 <= len(button.data.encode()) <= MAX_CALLBACK_BYTES:
        raise CallFailed(Failure.REFUSED, f"a button's data has to be 1 to {MAX_CALLBACK_BYTES} bytes")
    return {"text": button.label, "callback_data": button.data}


def inline(rows: list[list[Button]]) -> Markup:
    """Return the buttons under a message; no rows take earlier ones away. Raises CallFailed for impossible data."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _key(key: Key) -> Markup:
    return {"text": key.label, **_ASKS.get(key.asks, {})}


def reply(keyboard: Keyboard, messenger: Messenger) -> Markup:
    """Return the keyboard under the typing field, or what takes it away."""
    if not keyboard.rows:
        return {"remove_keyboard": True}
    placeholder = clipped(keyboard.placeholder, MAX_PLACEHOLDER) if messenger.key_placeholder else ""
    markup: Markup = {
        "keyboard": [[_key(key) for key in row] for row in keyboard.rows],
        "resize_keyboard": True,
        "one_time_keyboard": keyboard.once,
    }
    return {**markup, "input_field_placeholder": placeholder} if placeholder else markup
