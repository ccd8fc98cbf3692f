"""The list of those on duty: each says so for themselves, the unit's head or an administrator puts it in order."""

from datetime import datetime

from domain.casework import Actor
from domain.messages import Message
from domain.refusal import Refused
from domain.roles import IN_A_UNIT, Role
from services import relief, saying
from services.centre import Centre
from storage import absences, audit, duty, people, staff
from storage.database import Transaction
from storage.duty import Listed
from texts.speech import text


def works_in(actor: Actor, unit: str) -> bool:
    """Tell whether somebody works in a unit."""
    return any(held.unit == unit and held.role in IN_A_UNIT for held in actor.memberships)


def may_order(actor: Actor, unit: str) -> bool:
    """Tell whether somebody may put a unit's list in order: its head, or an administrator."""
    heads = any(held.unit == unit and held.role is Role.HEAD for held in actor.memberships)
    return heads or actor.holds(Role.ADMINISTRATOR)


async def listed(tx: Transaction, actor: Actor, unit: str) -> list[Listed]:
    """List who is on a unit's list; raises Refused("not-staff") for whoever has nothing to do with it."""
    if not (works_in(actor, unit) or may_order(actor, unit)):
        raise Refused("not-staff")
    return await duty.of_unit(tx, unit)


async def colleagues(tx: Transaction, unit: str) -> dict[int, str]:
    """Name those of a unit who are not on its list yet, by person."""
    on_list = {one.person for one in await duty.of_unit(tx, unit)}
    members = await staff.reachable_members(tx, tuple(IN_A_UNIT), unit)
    return {account.person: account.name for account in members if account.person not in on_list}


async def say(tx: Transaction, centre: Centre, actor: Actor, unit: str, now: datetime, *, on: bool) -> None:
    """Take somebody's word that they are on duty, or off; said twice it is the same. Whoever is away is not."""
    if not works_in(actor, unit):
        raise Refused("not-staff")
    if on and await absences.find(tx, actor.person, unit) is not None:
        raise Refused("duty-on-leave")
    await duty.say(tx, unit, actor.person, now, on=on)
    await _write_down(tx, "duty-on" if on else "duty-off", actor, unit, actor.person, now)
    if not on:
        await relief.went_off(tx, centre, unit, actor.person, now)


async def put_on(tx: Transaction, centre: Centre, by: Actor, unit: str, person: int, now: datetime) -> None:
    """Put a member of the unit on its list, on duty from now on, and tell them."""
    _require_order(by, unit)
    if person not in {account.person for account in await staff.reachable_members(tx, tuple(IN_A_UNIT), unit)}:
        raise Refused("old-button")
    await duty.say(tx, unit, person, now, on=True)
    await _changed(tx, centre, "duty-put-on", by, unit, person, now)


async def take_off(tx: Transaction, centre: Centre, by: Actor, unit: str, person: int, now: datetime) -> None:
    """Take somebody off a unit's list, and tell them."""
    _require_order(by, unit)
    if person not in {one.person for one in await duty.of_unit(tx, unit)}:
        raise Refused("old-button")
    await duty.remove(tx, unit, person)
    await relief.went_off(tx, centre, unit, person, now)
    await _changed(tx, centre, "duty-taken-off", by, unit, person, now)


async def call_earlier(tx: Transaction, by: Actor, unit: str, person: int, now: datetime) -> None:
    """Let somebody be called one place earlier; whoever is first stays so."""
    _require_order(by, unit)
    persons = [one.person for one in await duty.of_unit(tx, unit)]
    if person not in persons:
        raise Refused("old-button")
    at = persons.index(person)
    before = max(at - 1, 0)
    persons[before], persons[at] = persons[at], persons[before]
    await duty.order(tx, unit, persons)
    await _write_down(tx, "duty-order", by, unit, person, now)


def _require_order(actor: Actor, unit: str) -> None:
    if not may_order(actor, unit):
        raise Refused("heads-order-duty")


async def _changed(tx: Transaction, centre: Centre, act: str, by: Actor, unit: str, person: int, now: datetime) -> None:
    await _write_down(tx, act, by, unit, person, now)
    if person == by.person:
        return
    message = Message(text=text(f"told-{act}", unit=centre.city.unit(unit).title))
    theirs = await people.accounts_of(tx, person)
    await saying.push_to_all(tx, theirs, message, now)


async def _write_down(tx: Transaction, act: str, by: Actor, unit: str, person: int, now: datetime) -> None:
    data = {"unit": unit, "of": person}
    await audit.record(tx, act=act, person=by.person, messenger=by.account.messenger, now=now, data=data)
