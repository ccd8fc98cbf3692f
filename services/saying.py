"""Saying something unasked: a push into the outbox, whose buttons the person can also type."""

from datetime import datetime

from domain.messages import Message, Priority
from storage import outbox, talks
from storage.database import Transaction

_REMEMBERED = 30
"""Labels kept per chat; the oldest are forgotten first."""


async def push(
    tx: Transaction,
    messenger: str,
    chat_id: int,
    message: Message,
    now: datetime,
    *,
    private: bool,
    priority: int = Priority.PUSH,
    dedup_key: str | None = None,
) -> int | None:
    """Send `message` and, in a private chat, remember what its buttons mean; None when it was said already."""
    row = await outbox.put(
        tx, messenger=messenger, chat_id=chat_id, message=message, priority=priority, dedup_key=dedup_key, now=now
    )
    if row is not None and private and message.buttons:
        await _offer(tx, messenger, chat_id, message, now)
    return row


async def _offer(tx: Transaction, messenger: str, chat_id: int, message: Message, now: datetime) -> None:
    """Add the buttons to what the chat offers already: the open question stays answerable by typing."""
    talk = await talks.load(tx, messenger, chat_id, chat_id)
    new = {button.label: button.data for row in message.buttons for button in row if button.data}
    kept = {name: data for name, data in talk.offered.items() if name not in new}
    talk.offered = dict([*kept.items(), *new.items()][-_REMEMBERED:])
    await talks.offer(tx, talk, now)
