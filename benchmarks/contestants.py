"""The bots under test; each runs in a process of its own: python -m benchmarks.contestants NAME URL FOLDER."""

import asyncio
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.crowd import TOKEN

STOCK, ECHO, PRODUCT = "python-telegram-bot echo", "our echo", "our product"


def stock(url: str) -> None:
    """Run python-telegram-bot as its documentation starts it: polling, its own transport, nothing stored."""
    from telegram import Update  # noqa: PLC0415 - each contestant pays for its own imports
    from telegram.ext import Application, ContextTypes, MessageHandler, filters  # noqa: PLC0415

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    builder = Application.builder().token(TOKEN).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(timeout=1)


async def _ours(url: str, folder: Path, *, echo: bool) -> None:
    from bot.engine import Engine  # noqa: PLC0415
    from bot.messengers.client import Client  # noqa: PLC0415
    from bot.messengers.record import TELEGRAM, Rates  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415
    from bot.wiring import centre_of  # noqa: PLC0415
    from handlers.house import House  # noqa: PLC0415
    from nlp import forms  # noqa: PLC0415
    from storage import migrate  # noqa: PLC0415
    from storage.database import Database  # noqa: PLC0415
    from storage.files import Files  # noqa: PLC0415

    forms.warm_up()
    house = House(centre_of(Settings(_env_file=None)))
    if echo:
        house.handle = _echo  # type: ignore[method-assign]
    unhurried = replace(TELEGRAM, rates=Rates(10_000, 10_000, 10_000, 600_000))
    database = Database(f"sqlite:///{folder}/bench.db")
    await migrate.upgrade(database)
    await Engine(database, {"telegram": Client(unhurried, TOKEN, url)}, house, Files(folder / "media")).start()
    await asyncio.Event().wait()


async def _echo(tx: Any, messenger: str, update: Any, now: datetime) -> None:
    from domain.messages import Message  # noqa: PLC0415
    from domain.richtext import escape  # noqa: PLC0415
    from storage import outbox  # noqa: PLC0415

    said = Message(text=escape(update.effective_message.text))
    await outbox.put(tx, messenger=messenger, chat_id=update.effective_chat.id, message=said, now=now)


def main() -> None:
    """Run one contestant until it is killed."""
    name, url, folder = sys.argv[1:]
    if name == STOCK:
        stock(url)
    else:
        asyncio.run(_ours(url, Path(folder), echo=name == ECHO))


if __name__ == "__main__":
    main()
