"""`bot run`: the whole bot in one process, until it is told to stop."""

import asyncio
import signal
from collections.abc import Collection
from contextlib import suppress

import structlog

from bot import log as logs
from bot import webhook_addresses
from bot.commands.failing import fail, plain_failures
from bot.leases import AlreadyRunning
from bot.roles import EVERY_ROLE, Role
from bot.settings import Settings
from bot.wiring import Bot, build
from storage import migrate
from storage.database import FAILURES, Database

log = structlog.get_logger(__name__)

_LOOK_EVERY = 1.0  # seconds, for a database that is away


async def prepared(database: Database) -> None:
    """Bring an SQLite file up to date; PostgreSQL is changed only by `bot migrate`, when nobody works on it."""
    if database.is_sqlite:
        await migrate.upgrade(database)
        return
    version = await migrate.version(database)
    if version != migrate.newest():
        raise fail(f"The database is at version {version}, the bot needs {migrate.newest()}: run bot migrate first.")


async def _database_is_there(database: Database, stop: asyncio.Event) -> bool:
    """Prepare the database; wait for a PostgreSQL that is away or just starting. False when told to stop meanwhile."""
    told = ""
    while not stop.is_set():
        try:
            await prepared(database)
            return True
        except FAILURES as error:
            if database.is_sqlite:
                raise
            if told != (told := str(error).partition("\n")[0]):
                log.warning("waiting for the database", why=told)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await stop.wait()
    return False


def _on_signal(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)


async def work(bot: Bot, stop: asyncio.Event) -> None:
    """Run the bot until `stop` is set."""
    try:
        await bot.engine.claim()
    except AlreadyRunning as other:
        number = f" (process {other})" if str(other) else ""
        raise fail(
            f"Another process{number} runs the bot on {bot.engine.database.url.database}: stop it first. "
            "Several at once need PostgreSQL."
        ) from None
    if not await _database_is_there(bot.engine.database, stop):
        return
    await bot.start()
    roles = "all" if bot.engine.roles == EVERY_ROLE else ",".join(sorted(bot.engine.roles))
    log.info("the bot is at work", messengers=sorted(bot.clients), city=bot.centre.city.slug, roles=roles)
    try:
        await stop.wait()
    finally:
        await bot.stop()
        log.info("the bot has stopped")


async def _run(settings: Settings, roles: Collection[Role]) -> None:
    stop = asyncio.Event()
    _on_signal(stop)
    bot = build(settings, roles=roles)
    if bot.engine.database.is_sqlite and bot.engine.roles != EVERY_ROLE:
        raise fail("On SQLite one process does everything: leave --role out, or set DATABASE_URL to a PostgreSQL.")
    await work(bot, stop)


def run(settings: Settings, roles: Collection[Role] = EVERY_ROLE) -> None:
    """Run until SIGINT or SIGTERM; ends within five seconds of it."""
    logs.set_up(settings.log_level, json=settings.log_format == "json")
    with plain_failures():
        if not any(settings.token(name) for name in ("telegram", "bale")):
            raise fail("There is no token: set TELEGRAM_TOKEN or BALE_TOKEN, or try `make demo`, which needs none.")
        if problems := webhook_addresses.problems(settings):
            raise fail("\n".join(problems))
        asyncio.run(_run(settings, roles))
