"""`bot doctor`: one clear sentence for each thing that is wrong, and a look at what waits for a person."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict

from rich.console import Console

from bot import webhook_addresses
from bot.bell import Bell
from bot.clock import Clock
from bot.leases import FileKeeper
from bot.messengers.failures import CallFailed
from bot.settings import Settings
from bot.stores import store_of
from bot.wiring import clients_of
from domain.roles import Role
from storage import audit, inbox, leases, migrate, outbox, people, receivers, staff, timers, troubles
from storage.city_files import CityError, load_city
from storage.database import FAILURES, Database, Transaction

console = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def _city(settings: Settings) -> list[str]:
    try:
        city = load_city(settings.city)
    except CityError as error:
        return [f"City pack {settings.city}: {problem}" for problem in error.problems]
    unsure = sorted(
        {number.title for number in city.numbers if not number.confirmed}
        | {body.title for body in city.outside_bodies if not body.confirmed}
    )
    console.print(f"City pack {settings.city}: {len(city.subjects)} subjects, {len(city.units)} units.")
    if city.approximate:
        console.print("  Its district borders are approximate: citizens are asked to confirm the district.")
    if unsure:
        console.print(f"  Telephone numbers to confirm: {', '.join(unsure)}")
    return []


def _media(settings: Settings) -> list[str]:
    problem = store_of(settings).problem()
    return [problem] if problem else []


async def _tokens(settings: Settings) -> AsyncIterator[str]:
    clients = clients_of(settings)
    if not clients:
        yield "There is no token: set TELEGRAM_TOKEN or BALE_TOKEN."
    for name, client in clients.items():
        await client.open()
        try:
            number, username = await client.me()
            console.print(f"{name}: @{username} ({number})")
        except CallFailed as failure:
            yield f"{name} does not accept the bot: {failure.description} ({failure.kind})."
        finally:
            await client.close()


async def _queues(tx: Transaction) -> None:
    """Print what waits for a person's eyes: numbers, classes of problems, never anybody's words."""
    for standing in await receivers.standings(tx):
        console.print(f"Receiver {standing.messenger}: {standing.health}")
    console.print(f"Updates not handled yet: {await inbox.waiting_count(tx)}, held: {await inbox.held_count(tx)}")
    for row in await inbox.quarantined(tx, 20):
        console.print(f"Quarantined update {row.id} ({row.messenger}, {row.received_at:%F %T}Z): {row.problem}")
    for letter in await outbox.dead(tx, 20):
        console.print(f"Dead letter {letter.id} ({letter.messenger}, {letter.created_at:%F %T}Z): {letter.problem}")
    for key, kind, problem in await timers.failed(tx, 20):
        console.print(f"Failed timer {key} ({kind}): {problem}")
    for messenger, count in (await people.unreachable_counts(tx)).items():
        console.print(f"Unreachable accounts on {messenger}: {count}")
    for group in await people.groups_seen(tx):
        state = group.unit or "no unit" if group.active else "the bot is out of it"
        console.print(f"Group {group.messenger}:{group.chat_id}: {state}")


async def _who_works(tx: Transaction, database: Database) -> None:
    """Print which processes work on the database now."""
    if database.is_sqlite:
        other = await FileKeeper(database, Bell(), Clock()).other()
        console.print(f"The bot is at work in process {other}." if other else "The bot is not at work.")
        return
    for lease in await leases.everything(tx):
        until = f"until {lease.until:%F %T}Z" if lease.now else f"free since {lease.until:%F %T}Z"
        console.print(f"Lease {lease.name}: process {lease.holder[:8]}, {until}, token {lease.token}")


async def _database(settings: Settings) -> AsyncIterator[str]:
    database = Database(settings.database_url)
    try:
        version = await migrate.version(database)
        if version != migrate.newest():
            yield f"The database is at version {version}, the bot needs {migrate.newest()}: run bot migrate."
            return
        async with database.read() as tx:
            await _who_works(tx, database)
            await _queues(tx)
            for messenger, count in (await inbox.left_over(tx, clients_of(settings))).items():
                yield f"{count} updates of {messenger} wait, and it has no token: nobody will handle them."
            held = [membership for membership, _ in await staff.everyone(tx) if membership.role is Role.ADMINISTRATOR]
        if not held and not settings.administrators:
            yield "There is no administrator: use bot invite --role administrator, or ADMINISTRATORS."
    except FAILURES as error:
        yield f"The database cannot be reached: {type(error).__name__}."
    finally:
        await database.close()


async def _examine(settings: Settings) -> list[str]:
    problems = webhook_addresses.problems(settings) + _city(settings)
    problems += await asyncio.to_thread(_media, settings)
    problems += [problem async for problem in _database(settings)]
    problems += [problem async for problem in _tokens(settings)]
    return problems


def examine(settings: Settings) -> int:
    """Look everything over; return 0 when all is well, 1 after printing what is wrong."""
    problems = asyncio.run(_examine(settings))
    for problem in problems:
        errors.print(problem)
    if not problems:
        console.print("All is well.")
    return 1 if problems else 0


async def _try_again(settings: Settings) -> int:
    database = Database(settings.database_url)
    try:
        async with database.write() as tx:
            counts = await troubles.again(tx)
            now, data = Clock().now(), asdict(counts)
            await audit.record(tx, act="tried-again", person=None, messenger=None, now=now, data=data)
    except FAILURES as error:
        errors.print(f"Nothing was changed, the database cannot be used: {type(error).__name__}. Run bot doctor.")
        return 1
    finally:
        await database.close()
    console.print(f"Tried again: {counts.updates} updates, {counts.letters} messages, {counts.timers} timers.")
    return 0


def try_again(settings: Settings) -> int:
    """Let what is in quarantine, dead or failed be tried again by the bot that is at work, or at its next start."""
    return asyncio.run(_try_again(settings))
