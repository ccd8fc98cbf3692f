"""The bots under test, each in a process of its own: python -m benchmarks.contestants NAME URL DATABASE FOLDER."""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.names import ECHO, STOCK, TOKEN, UNHURRIED

RATE = float(os.environ.get("BENCH_RATE", "0"))
"""Messages a second; 0 lifts every limit of pace."""


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
    application.run_polling(timeout=10)


async def _ours(url: str, database: str, folder: Path, *, echo: bool) -> None:
    """Run our bot as `bot run` wires it, except that it is not paced; with a plain echo in place of the trade."""
    from pydantic import SecretStr  # noqa: PLC0415

    from bot import log as logs  # noqa: PLC0415
    from bot import wiring  # noqa: PLC0415
    from bot.messengers.record import MESSENGERS, Rates  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415
    from nlp import forms  # noqa: PLC0415

    rates = replace(MESSENGERS["telegram"].rates, per_second=RATE) if RATE else Rates(*UNHURRIED)
    wiring._paced = lambda messenger, settings: replace(messenger, rates=rates)
    logs.set_up("INFO", json=False)
    forms.warm_up()
    settings = Settings(
        _env_file=None,
        telegram_token=SecretStr(TOKEN),
        telegram_api=url,
        database_url=database,
        media_dir=folder / "media",
    )
    bot = wiring.build(settings)
    if echo:
        bot.engine.house.handle = _echo  # type: ignore[method-assign]
    if samples := os.environ.get("BENCH_SAMPLES"):
        from benchmarks.sampling import Sampler  # noqa: PLC0415

        Sampler(folder / samples, asyncio.get_running_loop()).start()
    await _migrated(database)
    await bot.start()
    await asyncio.Event().wait()


async def _migrated(database: str) -> None:
    """Bring the database up to date as an installation does, with a command of its own."""
    command = (sys.executable, "-m", "bot", "migrate")
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, "DATABASE_URL": database}, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise SystemExit("The database could not be brought up to date.")


async def _echo(tx: Any, messenger: str, update: Any, now: datetime) -> None:
    from domain.messages import Message  # noqa: PLC0415
    from domain.richtext import escape  # noqa: PLC0415
    from storage import outbox  # noqa: PLC0415

    said = Message(text=escape(update.effective_message.text))
    await outbox.put(tx, messenger=messenger, chat_id=update.effective_chat.id, message=said, now=now)


def main() -> None:
    """Run one contestant until it is killed."""
    name, url, database, folder = sys.argv[1:]
    if name == STOCK:
        stock(url)
    else:
        asyncio.run(_ours(url, database, Path(folder), echo=name == ECHO))


if __name__ == "__main__":
    main()
