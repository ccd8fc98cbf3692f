"""`bot run`: the whole bot in one process, until it is told to stop."""

import asyncio
import signal

import structlog

from bot import log as logs
from bot.commands.failing import fail, plain_failures
from bot.settings import Settings
from bot.wiring import Bot, build
from storage import migrate
from storage.database import Database

log = structlog.get_logger(__name__)


async def prepared(database: Database) -> None:
    """Bring an SQLite file up to date; PostgreSQL is changed only by `bot migrate`, when nobody works on it."""
    if database.is_sqlite:
        await migrate.upgrade(database)
        return
    version = await migrate.version(database)
    if version != migrate.newest():
        raise fail(f"The database is at version {version}, the bot needs {migrate.newest()}: run bot migrate first.")


def _on_signal(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)


async def work(bot: Bot, stop: asyncio.Event) -> None:
    """Run the bot until `stop` is set."""
    await prepared(bot.engine.database)
    await bot.start()
    log.info("the bot is at work", messengers=sorted(bot.clients), city=bot.centre.city.slug)
    try:
        await stop.wait()
    finally:
        await bot.stop()
        log.info("the bot has stopped")


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    _on_signal(stop)
    await work(build(settings), stop)


def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM; ends within five seconds of it."""
    logs.set_up(settings.log_level, json=settings.log_format == "json")
    with plain_failures():
        if not any(settings.token(name) for name in ("telegram", "bale")):
            raise fail("There is no token: set TELEGRAM_TOKEN or BALE_TOKEN, or try `make demo`, which needs none.")
        asyncio.run(_run(settings))
