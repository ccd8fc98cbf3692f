"""What the engine asks of those who know the trade."""

from datetime import datetime
from typing import Any, Protocol

import telegram

from domain.messages import Toast
from storage.database import Transaction


class House(Protocol):
    """Acts on updates, timers and files, inside the transaction it is handed; it does no network input or output."""

    async def handle(self, tx: Transaction, messenger: str, update: telegram.Update, now: datetime) -> Toast | None:
        """Act on one update; return what a pressed button is answered with."""

    async def apologise(
        self, tx: Transaction, messenger: str, raw: dict[str, Any], inbox_id: int, problem: str, now: datetime
    ) -> None:
        """Tell the person, and those who look after the bot, that an update could not be handled."""

    async def ring(self, tx: Transaction, kind: str, data: dict[str, Any], now: datetime) -> None:
        """Do what a timer was set for."""

    async def media_ready(self, tx: Transaction, media_id: int, now: datetime) -> None:
        """Act on a file that was stored or refused."""

    async def unreachable(self, tx: Transaction, messenger: str, chat_id: int, reason: str, now: datetime) -> None:
        """Remember that a chat cannot be written to."""
