"""What happens when a timer rings."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from domain.messages import Button, Message, Priority
from services import casework
from services.centre import Centre
from storage import drafts, outbox, people
from storage.database import Transaction
from texts.speech import label, text

Ring = Callable[[Transaction, Centre, dict[str, Any], datetime], Awaitable[None]]


async def _remind_draft(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    draft = await drafts.get(tx, data["draft"])
    if draft is None or draft.state != "open" or not draft.slots.has_content:
        return
    account = await people.account(tx, draft.account)
    rows = [
        [
            Button(label=label("button-go-on"), data=f"d:{draft.id}:go"),
            Button(label=label("button-cancel"), data=f"d:{draft.id}:x"),
        ]
    ]
    await outbox.put(
        tx,
        messenger=account.messenger,
        chat_id=account.user_id,
        message=Message(text=text("draft-reminder"), buttons=rows),
        priority=Priority.PUSH,
        dedup_key=f"draft-reminder:{draft.id}",
        now=now,
    )


async def _expire_draft(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    draft = await drafts.get(tx, data["draft"])
    if draft is None or draft.state != "open":
        return
    await drafts.close(tx, draft, "expired", now)
    if not draft.slots.has_content:
        return
    account = await people.account(tx, draft.account)
    await outbox.put(
        tx,
        messenger=account.messenger,
        chat_id=account.user_id,
        message=Message(text=text("draft-expired")),
        priority=Priority.PUSH,
        dedup_key=f"draft-expired:{draft.id}",
        now=now,
    )


async def _fall_silent(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await casework.fall_silent(tx, centre, data["request"], now)


RINGS: dict[str, Ring] = {
    "draft-remind": _remind_draft,
    "draft-expire": _expire_draft,
    "fall-silent": _fall_silent,
}
