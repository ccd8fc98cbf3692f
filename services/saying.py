"""Saying something unasked: a push into the outbox, whose buttons the person can also type."""

from collections.abc import Sequence
from datetime import datetime

from domain.casework import PHONE, Account
from domain.messages import Message, Priority
from storage import outbox, talks
from storage.database import Transaction
from storage.talks import Talk

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
    """Send `message` and, in a private chat, remember what its buttons mean.

    None when it was said already, or there is nowhere to say it: whoever called has no chat.
    """
    if messenger == PHONE:
        return None
    row = await outbox.put(
        tx, messenger=messenger, chat_id=chat_id, message=message, priority=priority, dedup_key=dedup_key, now=now
    )
    if row is not None and private and message.buttons:
        await _offer(tx, messenger, chat_id, message, now)
    return row


async def push_to_all(
    tx: Transaction, accounts: Sequence[Account], message: Message, now: datetime, *, priority: int = Priority.PUSH
) -> None:
    """Send `message` to several people in private, in as few statements as to one."""
    chats = list(dict.fromkeys((account.messenger, account.user_id) for account in accounts if _can_read(account)))
    if not chats:
        return
    await outbox.put_for_many(tx, chats, message, priority=priority, now=now)
    if message.buttons:
        known = await talks.load_private(tx, chats)
        for talk in known:
            _add(talk, message)
        await talks.offer_all(tx, known, now)


def _can_read(account: Account) -> bool:
    return account.reachable and account.messenger != PHONE


async def _offer(tx: Transaction, messenger: str, chat_id: int, message: Message, now: datetime) -> None:
    talk = await talks.load(tx, messenger, chat_id, chat_id)
    _add(talk, message)
    await talks.offer(tx, talk, now)


def _add(talk: Talk, message: Message) -> None:
    """Add the buttons to what the chat offers already: the open question stays answerable by typing."""
    new = {button.label: button.data for row in message.buttons for button in row if button.data}
    kept = {name: data for name, data in talk.offered.items() if name not in new}
    talk.offered = dict([*kept.items(), *new.items()][-_REMEMBERED:])
