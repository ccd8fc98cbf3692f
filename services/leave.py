"""Going on leave: who works in somebody's place, what is handed over to them, and coming back."""

from datetime import datetime
from typing import Any

from domain.casework import Actor, Membership
from domain.lifecycle import Deed, Given
from domain.messages import Message
from domain.refusal import Refused
from domain.roles import Role
from services import casework, colleagues, in_hand, relief
from services.acting import Doing
from services.centre import Centre
from services.rings import Ring
from storage import absences, field, people, staff, timers
from storage.absences import Absence
from storage.database import Transaction
from storage.staff import Colleague
from texts.numbers import day
from texts.speech import label, text


def may_decide(actor: Actor, person: int, unit: str) -> bool:
    """Tell whether somebody may send another on leave and call them back: themselves and the unit's head."""
    leads = any(held.role is Role.HEAD and held.unit == unit for held in actor.memberships)
    return leads or actor.person == person


async def whom(tx: Transaction, by: Actor, membership: int) -> Membership:
    """Return whose leave is decided about; raises Refused for whoever may not."""
    found = await staff.membership(tx, membership)
    if found is None or not found.unit:
        raise Refused("colleague-gone")
    if not may_decide(by, found.person, found.unit):
        raise Refused("not-yours")
    return found


async def stand_ins(tx: Transaction, leaver: Membership) -> list[Colleague]:
    """List who could work in somebody's place."""
    return [one for one in await staff.colleagues(tx, leaver.unit) if one.present and one.person != leaver.person]


async def begin(
    tx: Transaction, centre: Centre, by: Actor, leaver: Membership, stand_in: int, until: datetime | None, now: datetime
) -> int:
    """Let somebody go on leave: all they have in hand is handed over; return how many requests that is."""
    if await absences.find(tx, leaver.person, leaver.unit):
        raise Refused("leave-already")
    members = {one.person: one for one in await staff.colleagues(tx, leaver.unit)}
    chosen = members.get(stand_in)
    if chosen is None:
        raise Refused("colleague-gone")
    if stand_in == leaver.person:
        raise Refused("colleague-yourself")
    colleagues.refuse_absent(chosen)
    count = (await field.held(tx, leaver.unit)).get(leaver.person, 0)
    for earlier in await absences.stood_in_for(tx, leaver.unit, leaver.person):
        await _pass_on(tx, centre, by, earlier, chosen, members, now)
    members = {one.person: one for one in await staff.colleagues(tx, leaver.unit)}  # headships may have moved
    acting = await _headship(tx, by, members[leaver.person].head, members[stand_in], leaver.unit, now)
    number = await absences.begin(tx, leaver.person, leaver.unit, stand_in, until, acting, now)
    if until is not None:
        await timers.set(tx, f"leave-over:{number}", "leave-over", until, {"absence": number})
    absence = await absences.by_number(tx, number)
    assert absence is not None  # it was begun a line above
    await relief.went_off(tx, centre, leaver.unit, leaver.person, now)
    await _tell_begun(tx, centre, by, absence, count, now)
    await _hand_over(tx, centre, by, absence, now)
    return count


async def _headship(tx: Transaction, by: Actor, led: bool, stand_in: Colleague, unit: str, now: datetime) -> int | None:
    """Let the stand-in of a head lead the unit; return that role, None where there is none to give."""
    if not led:
        return None
    if stand_in.head:
        others = await absences.stood_in_for(tx, unit, stand_in.person)
        return next((absence.acting for absence in others if absence.acting), None)
    return await staff.grant(tx, stand_in.person, Role.HEAD, unit, by.person, now)


async def _lay_down(tx: Transaction, absence: Absence, now: datetime) -> None:
    """End the headship that came with an absence, unless another absence still needs it."""
    others = await absences.stood_in_for(tx, absence.unit, absence.stand_in)
    needed = any(other.acting == absence.acting for other in others if other.id != absence.id)
    if absence.acting is not None and not needed:
        await staff.end_membership(tx, absence.acting, None, now)


async def _pass_on(
    tx: Transaction,
    centre: Centre,
    by: Actor,
    absence: Absence,
    to: Colleague,
    members: dict[int, Colleague],
    now: datetime,
) -> None:
    """A stand-in who leaves as well hands on whom they stood in for."""
    await _lay_down(tx, absence, now)
    acting = await _headship(tx, by, members[absence.person].head, to, absence.unit, now)
    await absences.pass_on(tx, absence.id, to.person, acting)
    words = text("leave-passed-on", name=absence.name, stand_in=to.name)
    await colleagues.tell_privately(tx, absence.person, Message(text=words), now)


def until_words(centre: Centre, until: datetime | None, now: datetime) -> str:
    """Say of somebody until when they are away: the day on which they are back."""
    return label("leave-until", day=day(until, centre.zone, now)) if until else label("leave-open")


def back_words(centre: Centre, until: datetime | None, now: datetime) -> str:
    """Say to whoever goes when they are expected back."""
    return label("leave-back-on", day=day(until, centre.zone, now)) if until else label("leave-back-open")


async def _tell_begun(tx: Transaction, centre: Centre, by: Actor, absence: Absence, count: int, now: datetime) -> None:
    if by.person != absence.stand_in:
        until = until_words(centre, absence.until, now)
        words = text("leave-stand-in", name=absence.name, until=until, count=count)
        await colleagues.tell_privately(tx, absence.stand_in, Message(text=words), now)
    if by.person != absence.person:
        back = back_words(centre, absence.until, now)
        words = text("leave-by-head", by=by.account.name, back=back, stand_in=absence.stand_in_name)
        await colleagues.tell_privately(tx, absence.person, Message(text=words), now)


async def _hand_over(tx: Transaction, centre: Centre, by: Actor, absence: Absence, now: datetime) -> None:
    """Hand over a slice of what the absent one has in hand; a timer sees to the rest."""
    given = Given(colleague=absence.stand_in, reason=colleagues.ON_LEAVE)

    async def hand_over(number: int) -> None:
        await casework.perform(tx, centre, number, Doing(by, Deed.HAND_OVER, given, now))

    if await in_hand.slice_by_slice(tx, absence.unit, absence.person, hand_over):
        data = {"absence": absence.id, "by": by.account.id}
        await timers.set(tx, f"leave-rest:{absence.id}", "leave-rest", now, data)


async def _rest(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    absence = await absences.by_number(tx, data["absence"])
    by = await people.actor(tx, await people.account(tx, data["by"]))
    if absence is not None and may_decide(by, absence.person, absence.unit):
        await _hand_over(tx, centre, by, absence, now)


async def come_back(tx: Transaction, centre: Centre, by: Actor, number: int, now: datetime) -> Absence:
    """End an absence before its time, or one that was left open; raises Refused("leave-over")."""
    absence = await absences.by_number(tx, number)
    if absence is None:
        raise Refused("leave-over")
    if not may_decide(by, absence.person, absence.unit):
        raise Refused("not-yours")
    await _end(tx, absence, now, by=by.person)
    if by.person != absence.person:
        await colleagues.tell_privately(tx, absence.person, Message(text=text("leave-ended")), now)
    return absence


async def _end(tx: Transaction, absence: Absence, now: datetime, by: int | None = None) -> None:
    await _lay_down(tx, absence, now)
    await absences.end(tx, absence.id, now)
    await timers.cancel(tx, f"leave-over:{absence.id}", f"leave-rest:{absence.id}")
    if by == absence.stand_in:
        return
    words = text("leave-back", name=absence.name)
    await colleagues.tell_privately(tx, absence.stand_in, Message(text=words), now)


async def _over(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    absence = await absences.by_number(tx, data["absence"])
    if absence is not None:
        await _end(tx, absence, now)
        await colleagues.tell_privately(tx, absence.person, Message(text=text("leave-ended")), now)


async def forget(tx: Transaction, person: int, unit: str, now: datetime) -> None:
    """Somebody works in a unit no longer: nobody stands in for them, nor they for anybody."""
    own = await absences.find(tx, person, unit)
    if own is not None:
        await _end(tx, own, now)
    for absence in await absences.stood_in_for(tx, unit, person):
        await _lay_down(tx, absence, now)
        await absences.end(tx, absence.id, now)
        words = text("leave-no-stand-in", name=absence.stand_in_name)
        await colleagues.tell_privately(tx, absence.person, Message(text=words), now)


RINGS: dict[str, Ring] = {"leave-over": _over, "leave-rest": _rest}
