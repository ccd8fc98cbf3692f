"""What somebody has in hand, slice by slice; whoever works in a unit no longer leaves nothing in hand there."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from domain.lifecycle import Deed, Given
from domain.messages import Message
from domain.refusal import Refused
from domain.roles import Role
from services import assignment, casework, rows, saying
from services.acting import Doing
from services.centre import Centre
from services.rings import Ring
from storage import field, people, requests, staff, timers
from storage.database import Transaction
from texts.speech import text

_AT_ONCE = 25
"""So many requests change hands in one transaction; the rest follows at once, each slice in its own."""

_SHOWN = 3


async def slice_by_slice(tx: Transaction, unit: str, person: int, do: Callable[[int], Awaitable[object]]) -> bool:
    """Do something with a slice of what somebody has in hand in a unit; True when there is more to come.

    What is refused stays where it is and holds up nothing else; where that is all, it is not tried anew.
    """
    found = await field.held_by(tx, unit, person, _AT_ONCE + 1)
    done = 0
    for number in found[:_AT_ONCE]:
        with suppress(Refused):
            await do(number)
            done += 1
    return len(found) > _AT_ONCE and done > 0


async def give_back(tx: Transaction, centre: Centre, unit: str, person: int, now: datetime) -> int:
    """Put back to the unit what somebody has in hand who works there no longer; return how many requests that is."""
    count = (await field.held(tx, unit)).get(person, 0)
    if count:
        shown = await field.held_by(tx, unit, person, _SHOWN)
        await _release(tx, centre, unit, person, now)
        await _tell(tx, centre, unit, person, shown, count, now)
    return count


async def _release(tx: Transaction, centre: Centre, unit: str, person: int, now: datetime) -> None:
    async def release(number: int) -> None:
        await casework.perform(tx, centre, number, Doing(None, Deed.RELEASE, Given(), now))

    if await slice_by_slice(tx, unit, person, release):
        await timers.set(tx, f"release-rest:{unit}:{person}", "release-rest", now, {"unit": unit, "person": person})


async def _rest(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    held = await people.memberships_of(tx, data["person"])
    if not any(one.unit == data["unit"] for one in held):  # else they have come back meanwhile
        await _release(tx, centre, data["unit"], data["person"], now)


async def _tell(
    tx: Transaction, centre: Centre, unit: str, person: int, shown: list[int], count: int, now: datetime
) -> None:
    """Tell the unit's heads once, who share out the work; the whole unit where none of them can be reached."""
    heads = await staff.reachable_members(tx, (Role.HEAD,), unit)
    led = [(account.messenger, account.user_id, account.person) for account in heads]
    name, title = await people.name_of(tx, person), centre.city.unit(unit).title
    message = Message(
        text=text("handed-back", name=name, unit=title, count=count),
        buttons=[[rows.button(centre, request, now)] for request in await requests.several(tx, shown)],
    )
    for messenger, chat, viewer in led or await assignment.chats_of(tx, centre, unit):
        await saying.push(tx, messenger, chat, message, now, private=viewer is not None)


RINGS: dict[str, Ring] = {"release-rest": _rest}
