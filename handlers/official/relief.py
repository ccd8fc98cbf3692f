"""Relief: the list of those on duty ("y:s:<unit>" and on), and the buttons of a call ("y:go:<code>")."""

from collections.abc import Awaitable, Callable

import telegram

from domain.lifecycle import Deed, Given
from domain.messages import Button, Toast
from domain.refusal import Refused
from domain.roles import IN_A_UNIT
from handlers.official import deeds
from handlers.turn import Rows, Turn, button, number
from services import casework, duty, relief
from services.acting import Doing
from storage import duty as duty_rows
from storage.duty import Listed
from texts.numbers import span
from texts.speech import Rich, label, lines, text

Press = Callable[[Turn, str, str], Awaitable[None]]

_SHOWN = 10


def _units_of(turn: Turn) -> list[str]:
    own = (held.unit for held in turn.actor.memberships if held.role in IN_A_UNIT)
    return list(dict.fromkeys(own))


async def desk_buttons(turn: Turn) -> list[Button]:
    """Return the button under which the members of a unit find their list, with whether they are on duty."""
    units = _units_of(turn)
    if not units:
        return []
    on = await duty_rows.units_of(turn.tx, turn.actor.person)
    state = "on" if on.intersection(units) else "off"
    return [button(f"button-duty-{state}", f"y:s:{units[0]}" if len(units) == 1 else "y:s:")]


async def _show(turn: Turn, unit: str, _: str) -> None:
    if not unit:
        rows = [[Button(label=turn.centre.city.unit(slug).title, data=f"y:s:{slug}")] for slug in _units_of(turn)]
        await turn.say(text("duty-which-unit"), buttons=rows)
        return
    await show(turn, _known(turn, unit))


def _known(turn: Turn, unit: str) -> str:
    if unit not in {one.slug for one in turn.centre.city.units}:
        raise Refused("old-button")
    return unit


def _line(turn: Turn, place: int, one: Listed) -> Rich:
    state = "off" if not one.on_duty else "on" if one.reachable else "lost"
    return text("duty-line", place=place, name=one.name, state=state, since=span(turn.now - one.since))


async def show(turn: Turn, unit: str) -> None:
    """Show who of a unit is called, in which order, with what this person may do about it."""
    there = await duty.listed(turn.tx, turn.actor, unit)
    title = turn.centre.city.unit(unit).title
    told = [_line(turn, place, one) for place, one in enumerate(there, 1)]
    rows: Rows = []
    if duty.works_in(turn.actor, unit):
        on = any(one.person == turn.actor.person and one.on_duty for one in there)
        rows.append(
            [button("button-duty-leave", f"y:off:{unit}") if on else button("button-duty-take", f"y:on:{unit}")]
        )
    if duty.may_order(turn.actor, unit):
        rows.append([button("button-duty-order", f"y:e:{unit}"), button("button-duty-add", f"y:a:{unit}")])
    heading = text("duty", unit=title, on=sum(one.on_duty for one in there))
    await turn.say(lines(heading, *told), buttons=rows)


async def _take(turn: Turn, unit: str, _: str) -> None:
    await duty.say(turn.tx, turn.centre, turn.actor, _known(turn, unit), turn.now, on=True)
    await show(turn, unit)


async def _leave(turn: Turn, unit: str, _: str) -> None:
    await duty.say(turn.tx, turn.centre, turn.actor, _known(turn, unit), turn.now, on=False)
    await show(turn, unit)


def _require_order(turn: Turn, unit: str) -> None:
    if not duty.may_order(turn.actor, _known(turn, unit)):
        raise Refused("heads-order-duty")


async def _order(turn: Turn, unit: str, _: str) -> None:
    """One row a person: earlier, or off the list."""
    _require_order(turn, unit)
    there = (await duty.listed(turn.tx, turn.actor, unit))[:_SHOWN]
    rows = [
        [
            button("button-duty-earlier", f"y:up:{unit}:{one.person}", name=one.name),
            button("button-duty-remove", f"y:rm:{unit}:{one.person}", name=one.name),
        ]
        for one in there
    ]
    told = [_line(turn, place, one) for place, one in enumerate(there, 1)]
    await turn.say(lines(text("duty-order"), *told), buttons=[*rows, [button("button-back", f"y:s:{unit}")]])


async def _earlier(turn: Turn, unit: str, person: str) -> None:
    await duty.call_earlier(turn.tx, turn.actor, _known(turn, unit), number(person), turn.now)
    await _order(turn, unit, "")


async def _remove(turn: Turn, unit: str, person: str) -> None:
    await duty.take_off(turn.tx, turn.centre, turn.actor, _known(turn, unit), number(person), turn.now)
    await _order(turn, unit, "")


async def _choose(turn: Turn, unit: str, _: str) -> None:
    _require_order(turn, unit)
    others = list((await duty.colleagues(turn.tx, unit)).items())[:_SHOWN]
    rows = [[Button(label=name or label("someone"), data=f"y:ad:{unit}:{person}")] for person, name in others]
    asked = text("duty-whom" if rows else "duty-nobody-left")
    await turn.say(asked, buttons=[*rows, [button("button-back", f"y:s:{unit}")]])


async def _add(turn: Turn, unit: str, person: str) -> None:
    await duty.put_on(turn.tx, turn.centre, turn.actor, _known(turn, unit), number(person), turn.now)
    await show(turn, unit)


async def _answer(turn: Turn, key: str, code: str) -> None:
    if turn.pressed:
        turn.toast = Toast(text=label(key, code=code))
    else:
        await turn.say(text(key, code=code))


async def _come(turn: Turn, code: str, _: str) -> None:
    """Whoever comes takes the request in hand, as with the button of a card."""
    request = await deeds.the_request(turn, code)
    await relief.refuse_if_answered(turn.tx, turn.actor, request.id)
    doing = Doing(turn.actor, Deed.ACCEPT, Given(), turn.now)
    await casework.perform(turn.tx, turn.centre, request.id, doing)
    await _answer(turn, "done-accept", request.code)


async def _cannot(turn: Turn, code: str, _: str) -> None:
    request = await deeds.the_request(turn, code)
    await relief.decline(turn.tx, turn.centre, turn.actor, request.id, turn.now)
    await _answer(turn, "call-declined", request.code)


async def _see_to_it(turn: Turn, code: str, _: str) -> None:
    request = await deeds.the_request(turn, code)
    await relief.take_over(turn.tx, turn.centre, turn.actor, request.id, turn.now)
    await _answer(turn, "call-taken-over", request.code)


PRESSES: dict[str, Press] = {
    "s": _show,
    "on": _take,
    "off": _leave,
    "e": _order,
    "up": _earlier,
    "rm": _remove,
    "a": _choose,
    "ad": _add,
    "go": _come,
    "no": _cannot,
    "dk": _see_to_it,
}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what a button about duty or about a call says."""
    _, verb, what, whom, *_ = [*turn.choice, "", "", ""]
    press = PRESSES.get(verb)
    if press is None:
        raise Refused("old-button")
    await press(turn, what, whom)
