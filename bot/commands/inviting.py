"""`bot invite`: one-time links by which staff come in."""

import asyncio
from datetime import UTC, datetime

from bot.commands.failing import fail, plain_failures
from bot.commands.running import prepared
from bot.messengers.failures import CallFailed
from bot.messengers.record import MESSENGERS
from bot.settings import Settings
from bot.wiring import centre_of, clients_of
from domain.refusal import Refused
from domain.roles import STAFF, Role
from services import staff
from services.centre import Centre
from storage.database import Database


async def _learn_names(settings: Settings, centre: Centre) -> None:
    for name, client in clients_of(settings).items():
        await client.open()
        try:
            _, centre.usernames[name] = await client.me()
        except CallFailed as failure:
            raise fail(f"{name} does not tell the bot's name, which the link needs: {failure.description}") from None
        finally:
            await client.close()


def _refusal(refused: Refused, centre: Centre) -> str:
    if refused.reason == "unknown-role":
        return f"There is no role {refused.details['role']}; roles are {', '.join(STAFF)}."
    known = ", ".join(place.slug for place in staff.places(centre, Role(str(refused.details["role"]))))
    return f"There is no unit {refused.details['unit'] or '(none given)'}; this role needs --unit, one of: {known}."


async def _invite(settings: Settings, role: str, unit: str, messenger: str | None) -> dict[str, str]:
    centre = centre_of(settings)
    if messenger not in (None, *MESSENGERS):
        raise fail(f"There is no messenger {messenger}; messengers are {', '.join(MESSENGERS)}.")
    await _learn_names(settings, centre)
    if not centre.usernames or messenger not in (None, *centre.usernames):
        raise fail("There is no token for that messenger, so there is no bot whose link could be given.")
    database = Database(settings.database_url)
    try:
        await prepared(database)
        async with database.write() as tx:
            asked = Role(role) if role in set(STAFF) else role
            _, payload = await staff.invite(
                tx,
                centre,
                role=asked,  # type: ignore[arg-type]  # an unknown one is refused below
                unit=unit,
                messenger=messenger,
                by=None,
                now=datetime.now(UTC),
            )
    except Refused as refused:
        raise fail(_refusal(refused, centre)) from None
    finally:
        await database.close()
    return {name: centre.link(name, payload) for name in centre.usernames if messenger in (None, name)}


def invite(settings: Settings, role: str, unit: str, messenger: str | None) -> dict[str, str]:
    """Make an invitation; return one link per messenger."""
    with plain_failures():
        return asyncio.run(_invite(settings, role, unit, messenger))
