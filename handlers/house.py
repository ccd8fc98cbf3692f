"""The house: what the engine hands every update, timer and finished file to."""

from datetime import datetime
from typing import Any

import structlog
import telegram

from domain.messages import Toast
from domain.refusal import Refused
from handlers import routes, turn
from services import assignment, pictures, relief, trouble
from services.centre import Centre
from services.ringing import RINGS
from storage import outbox, people
from storage.database import Transaction

log = structlog.get_logger(__name__)


def _chat_of(raw: dict[str, Any]) -> int | None:
    """Find the private chat an update came from, in raw JSON that may have any shape."""
    for kind in ("message", "edited_message", "callback_query"):
        part = raw.get(kind)
        if not isinstance(part, dict):
            continue
        chat = part.get("chat") or (part.get("message") or {}).get("chat") if isinstance(part, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int) and chat.get("type") == "private":
            return int(chat["id"])
    return None


class House:
    """Ties the handlers and the services to the engine."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre

    async def handle(self, tx: Transaction, messenger: str, update: telegram.Update, now: datetime) -> Toast | None:
        """Handle one update inside the engine's transaction; return what to answer a pressed button with."""
        context = await turn.begin(tx, self.centre, messenger, update, now)
        if context is None:
            return None
        for handler in routes.HANDLERS:
            check = handler.check_update(update)
            if check is None or check is False:
                continue
            try:
                await handler.callback(update, context)
            except Refused as refusal:
                await context.refuse(refusal, act=context.data or "message")
            break
        await context.save_talk()
        return context.toast

    async def apologise(
        self, tx: Transaction, messenger: str, raw: dict[str, Any], inbox_id: int, problem: str, now: datetime
    ) -> None:
        """Tell the person and the administrators that an update could not be handled."""
        log.error("update quarantined", inbox=inbox_id, messenger=messenger, problem=problem)
        await trouble.apologise(tx, self.centre, messenger, _chat_of(raw), inbox_id, now)

    async def ring(self, tx: Transaction, kind: str, data: dict[str, Any], now: datetime) -> None:
        """Do what was due now."""
        await RINGS[kind](tx, self.centre, data, now)

    async def media_ready(self, tx: Transaction, media_id: int, now: datetime) -> None:
        """Act on a file that was stored or refused."""
        await pictures.ready(tx, self.centre, media_id, now)

    async def unreachable(self, tx: Transaction, messenger: str, chat_id: int, reason: str, now: datetime) -> None:
        """Remember that a chat cannot be written to and drop what waits for it."""
        await people.mark_unreachable(tx, messenger, chat_id, reason)
        unit = await people.leave_group(tx, messenger, chat_id)
        await outbox.cancel_waiting(tx, messenger, chat_id, f"unreachable: {reason}"[:200])
        await trouble.unreachable(tx, self.centre, messenger, chat_id, unit, reason, now)
        await assignment.leave_chat(tx, self.centre, messenger, chat_id, now)
        await relief.lost(tx, self.centre, messenger, chat_id, now)
