"""Buttons and reply keyboards in the Bot API's types."""

import telegram

from bot.messengers.failures import CallFailed, Failure
from bot.messengers.record import Messenger
from domain.messages import MAX_CALLBACK_BYTES, Button, Key, Keyboard
from domain.richtext import clipped

MAX_PLACEHOLDER = 64


def _button(button: Button) -> telegram.InlineKeyboardButton:
    if button.url:
        return telegram.InlineKeyboardButton(button.label, url=button.url)
    if not 1 <= len(button.data.encode()) <= MAX_CALLBACK_BYTES:
        raise CallFailed(Failure.REFUSED, f"a button's data has to be 1 to {MAX_CALLBACK_BYTES} bytes")
    return telegram.InlineKeyboardButton(button.label, callback_data=button.data)


def inline(rows: list[list[Button]]) -> telegram.InlineKeyboardMarkup:
    """Return the buttons under a message; no rows take earlier ones away. Raises CallFailed for impossible data."""
    return telegram.InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _key(key: Key) -> telegram.KeyboardButton:
    return telegram.KeyboardButton(
        key.label,
        request_location=True if key.asks == "location" else None,
        request_contact=True if key.asks == "contact" else None,
    )


def reply(keyboard: Keyboard, messenger: Messenger) -> telegram.ReplyKeyboardMarkup | telegram.ReplyKeyboardRemove:
    """Return the keyboard under the typing field, or what takes it away."""
    if not keyboard.rows:
        return telegram.ReplyKeyboardRemove()
    placeholder = clipped(keyboard.placeholder, MAX_PLACEHOLDER) if messenger.key_placeholder else ""
    return telegram.ReplyKeyboardMarkup(
        [[_key(key) for key in row] for row in keyboard.rows],
        resize_keyboard=True,
        one_time_keyboard=keyboard.once,
        input_field_placeholder=placeholder or None,
    )
