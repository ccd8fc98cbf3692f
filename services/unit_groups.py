"""The groups in which units read their cards: who may propose one, and who decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.casework import Actor
from domain.messages import Button, Message, Priority
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, IN_A_UNIT
from services import assignment, staff, team, trouble
from services.centre import Centre
from storage import audit, desk, outbox, people, requests
from storage.database import Transaction
from texts.speech import Rich, label, text

_CARDS_AT_BINDING = 5
_ASKED_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Group:
    """A group the bot has seen; `active` is false once it is out of it."""

    messenger: str
    chat_id: int
    title: str
    unit: str
    active: bool


async def seen(tx: Transaction) -> list[Group]:
    """List every group the bot has seen, those with a unit first."""
    rows = await people.groups_seen(tx)
    groups = [Group(row.messenger, row.chat_id, row.title, row.unit or "", row.active) for row in rows]
    return sorted(groups, key=lambda group: (not group.unit, group.title, group.chat_id))


async def find(tx: Transaction, messenger: str, chat_id: int) -> Group:
    """Return a group the bot is in; raises Refused("group-unknown")."""
    for group in await seen(tx):
        if (group.messenger, group.chat_id) == (messenger, chat_id) and group.active:
            return group
    raise Refused("group-unknown")


def own_units(centre: Centre, actor: Actor) -> list[str]:
    """List the units for which a person may ask for a group: where they work, the desk for its operators."""
    units = [m.unit for m in actor.memberships if m.role in IN_A_UNIT]
    if actor.holds(*AT_THE_DESK):
        units.append(centre.city.desk.slug)
    return list(dict.fromkeys(units))


def choice(group: Group, rest: str) -> str:
    """Return the data of a button that decides about a group."""
    return f"a:g:{group.messenger}:{group.chat_id}:{rest}"


async def propose(tx: Transaction, centre: Centre, by: Actor, group: Group, now: datetime) -> list[str]:
    """Ask the administrators to give a group to the unit of whoever asks; return the units asked for.

    Raises Refused("group-not-staff") for people of no unit.
    """
    units = own_units(centre, by)
    if not units:
        raise Refused("group-not-staff")
    rows = [
        [Button(label=label("group-approve", unit=team.unit_title(centre, unit)), data=choice(group, unit))]
        for unit in units
    ]
    message = Message(text=text("group-asked", who=by.account.name, group=group.title), buttons=rows)
    slot = int(now.timestamp() // _ASKED_AGAIN_AFTER.total_seconds())
    for messenger, chat_id in await trouble.administrators(tx, centre):
        await outbox.put(
            tx,
            messenger=messenger,
            chat_id=chat_id,
            message=message,
            priority=Priority.PUSH,
            dedup_key=f"group-ask:{group.messenger}:{group.chat_id}:{by.person}:{messenger}:{chat_id}:{slot}",
            now=now,
        )
    await _record(tx, by, "group-ask", group, ",".join(units), now)
    return units


async def _record(tx: Transaction, by: Actor, act: str, group: Group, unit: str, now: datetime) -> None:
    data = {"group": [group.messenger, group.chat_id], "unit": unit}
    await audit.record(tx, act=act, person=by.person, messenger=by.account.messenger, now=now, data=data)


async def _tell_group(tx: Transaction, group: Group, words: Rich, now: datetime) -> None:
    await outbox.put(tx, messenger=group.messenger, chat_id=group.chat_id, message=Message(text=words), now=now)


async def bind(tx: Transaction, centre: Centre, by: Actor, group: Group, unit: str, now: datetime) -> bool:
    """Give a group to a unit, tell the group and show it the unit's first requests; False when it has it already.

    Raises Refused("unknown-unit").
    """
    staff.require_administrator(by)
    if unit not in {u.slug for u in centre.city.units}:
        raise Refused("unknown-unit", unit=unit)
    if group.unit == unit:
        return False
    await people.set_group_unit(tx, group.messenger, group.chat_id, unit)
    await desk.somebody_reads(tx, unit)
    await team.bring_to_desk(tx, centre, group.unit, now)
    await assignment.close_chat(tx, centre, group.messenger, group.chat_id, now)  # for the unit it belonged to before
    await _record(tx, by, "group-bind", group, unit, now)
    await _tell_group(tx, group, text("group-bound", unit=team.unit_title(centre, unit)), now)
    for request in await requests.on_desk(tx, (unit,), limit=_CARDS_AT_BINDING):
        await assignment.post(tx, centre, request, group.messenger, group.chat_id, viewer=None, now=now)
    return True


async def unbind(tx: Transaction, centre: Centre, by: Actor, group: Group, now: datetime) -> int:
    """Take a group from its unit and tell the group; return how many requests went to the desk for want of readers."""
    staff.require_administrator(by)
    if not group.unit:
        return 0
    await people.set_group_unit(tx, group.messenger, group.chat_id, None)
    await _record(tx, by, "group-unbind", group, group.unit, now)
    await _tell_group(tx, group, text("group-unbound", unit=team.unit_title(centre, group.unit)), now)
    to_desk = await team.bring_to_desk(tx, centre, group.unit, now)
    await assignment.close_chat(tx, centre, group.messenger, group.chat_id, now)
    return to_desk
