"""«مرخصی» and the unit's people: who stands in, until when, coming back; "u:off…", "u:sub…", "u:end…", "u:yes…"."""

from datetime import date, datetime, time, timedelta

import telegram

from domain.casework import Membership
from domain.messages import Button
from domain.refusal import Refused
from domain.roles import IN_A_UNIT, Role
from handlers.citizen.questions import short
from handlers.turn import Rows, Turn, button, number
from nlp import dates
from services import acting, leave
from services.particulars import named_day
from storage import absences, field, staff
from texts.speech import label, lines, text

_DAYS_AHEAD = (0, 2, 6, 13)
_OPEN = "open"


def _units(turn: Turn, *roles: Role) -> list[Membership]:
    """List one role of this person's for each unit in which they hold any of `roles`."""
    return list({held.unit: held for held in turn.actor.memberships if held.role in roles}.values())


def _leave_row() -> list[Button]:
    return [button("button-leave", "u:x")]


async def off(turn: Turn, membership: str = "") -> None:
    """Ask who stands in; whoever works in several units chooses one first."""
    if not membership:
        await _which_unit(turn)
        return
    leaver = await leave.whom(turn.tx, turn.actor, number(membership))
    away = await absences.find(turn.tx, leaver.person, leaver.unit)
    if away is not None:
        until = leave.until_words(turn.centre, away.until, turn.now)
        rows = [[button("button-back-at-work", f"u:back:{away.id}")], _leave_row()]
        await turn.say(text("leave-is", name=away.name, until=until, stand_in=away.stand_in_name), buttons=rows)
        return
    possible = await leave.stand_ins(turn.tx, leaver)
    if not possible:
        raise Refused("leave-nobody")
    rows = [[Button(label=short(one.name), data=f"u:sub:{leaver.id}:{one.person}")] for one in possible]
    await turn.say(text("ask-stand-in"), buttons=[*rows, _leave_row()])


async def _which_unit(turn: Turn) -> None:
    mine = _units(turn, *IN_A_UNIT)
    if not mine:
        raise Refused("not-staff")
    if len(mine) == 1:
        await off(turn, str(mine[0].id))
        return
    titles = [(turn.centre.city.unit(held.unit).title, held.id) for held in mine]
    rows = [[Button(label=short(title), data=f"u:off:{held}")] for title, held in titles]
    await turn.say(text("leave-which-unit"), buttons=[*rows, _leave_row()])


async def stand_in(turn: Turn, membership: str, person: str) -> None:
    """Ask until when: the last day of the leave."""
    leaver = await leave.whom(turn.tx, turn.actor, number(membership))
    if number(person) not in {one.person for one in await leave.stand_ins(turn.tx, leaver)}:
        raise Refused("colleague-gone")
    today = turn.now.astimezone(turn.centre.zone).date()
    days = [(today + timedelta(days=ahead)).isoformat() for ahead in _DAYS_AHEAD]
    shown = [
        Button(
            label=label("button-day", day=named_day(turn.centre, day, turn.now)),
            data=f"u:end:{leaver.id}:{person}:{day}",
        )
        for day in days
    ]
    shown.append(button("button-leave-open", f"u:end:{leaver.id}:{person}:{_OPEN}"))
    turn.await_("leave", membership=leaver.id, stand_in=number(person))
    rows = [shown[i : i + 2] for i in range(0, len(shown), 2)]
    await turn.say(text("ask-leave-until"), buttons=[*rows, _leave_row()])


async def until(turn: Turn, membership: str, person: str, last: str) -> None:
    """Show what will happen, and ask for a yes."""
    turn.await_(None)
    leaver = await leave.whom(turn.tx, turn.actor, number(membership))
    members = {one.person: one for one in await staff.colleagues(turn.tx, leaver.unit)}
    chosen = members.get(number(person))
    if chosen is None:
        raise Refused("colleague-gone")
    count = (await field.held(turn.tx, leaver.unit)).get(leaver.person, 0)
    told = leave.until_words(turn.centre, _back_on(turn, last), turn.now)
    words = text("leave-sure", name=members[leaver.person].name, stand_in=chosen.name, until=told, count=count)
    rows = [[button("button-leave-yes", f"u:yes:{leaver.id}:{person}:{last}")], _leave_row()]
    await turn.say(words, buttons=rows)


def _back_on(turn: Turn, last: str) -> datetime | None:
    """Return when somebody is back whose last day away this is: at the next opening; None for an open end."""
    if last == _OPEN:
        return None
    day: date = acting.checked_day(turn.centre, last, turn.now)
    return turn.centre.working_time.next_opening(datetime.combine(day + timedelta(days=1), time(), turn.centre.zone))


async def sure(turn: Turn, membership: str, person: str, last: str) -> None:
    """Let the leave begin."""
    leaver = await leave.whom(turn.tx, turn.actor, number(membership))
    back = _back_on(turn, last)
    count = await leave.begin(turn.tx, turn.centre, turn.actor, leaver, number(person), back, turn.now)
    await turn.say(text("leave-begun", back=leave.back_words(turn.centre, back, turn.now), count=count))


async def back(turn: Turn, absence: str) -> None:
    """Somebody is back at work."""
    ended = await leave.come_back(turn.tx, turn.centre, turn.actor, number(absence), turn.now)
    await turn.say(text("leave-ended-now", name=ended.name, stand_in=ended.stand_in_name))


async def people(turn: Turn, unit: str = "") -> None:
    """Show the head who works in the unit, what each has in hand and who is away."""
    led = _units(turn, Role.HEAD)
    chosen = next((held for held in led if held.unit == unit), led[0] if led else None)
    if chosen is None:
        raise Refused("heads-see-people")
    members, held = await staff.colleagues(turn.tx, chosen.unit), await field.held(turn.tx, chosen.unit)
    told = [
        text("unit-person-away", name=one.name, stand_in=one.stand_in)
        if one.stand_in
        else text("unit-person", name=one.name, count=held.get(one.person, 0))
        for one in members
    ]
    rows: Rows = [
        [Button(label=label("button-leave-of", name=short(one.name, 24)), data=f"u:off:{one.membership}")]
        for one in members
    ]
    others = [(turn.centre.city.unit(other.unit).title, other.unit) for other in led if other is not chosen]
    rows += [[Button(label=short(title), data=f"u:team:{slug}")] for title, slug in others]
    heading = text("unit-people", unit=turn.centre.city.unit(chosen.unit).title)
    await turn.say(lines(heading, *told), buttons=rows)


async def day_written(update: telegram.Update, turn: Turn) -> None:
    """Take the last day of a leave in words."""
    asked = turn.talk.awaiting or {}
    day = dates.day_of(turn.words, turn.now.astimezone(turn.centre.zone).date())
    if day is None:
        await turn.say(text("date-unclear"))
        return
    try:
        acting.checked_day(turn.centre, day.isoformat(), turn.now)
    except Refused as refusal:  # a day that is over: the question stays open
        await turn.sorry(refusal)
        return
    await until(turn, str(asked["membership"]), str(asked["stand_in"]), day.isoformat())
