"""«میز من»: what is open, what is late, and finding a request by its code."""

import telegram

from domain.refusal import Refused
from domain.roles import AT_THE_DESK, IN_A_UNIT, Role
from handlers.official import queue, relief
from handlers.paging import LONG_PAGE, fetched, turning
from handlers.turn import Rows, Turn, button, number
from services import rows
from storage import requests
from texts.speech import text


def units_of(turn: Turn) -> tuple[str, ...]:
    """List the units whose requests this person works on; an operator's is the desk."""
    units = [m.unit for m in turn.actor.memberships if m.role in IN_A_UNIT]
    if turn.is_staff(*AT_THE_DESK):
        units.append(turn.centre.city.desk.slug)
    return tuple(dict.fromkeys(units))


async def open_(turn: Turn) -> None:
    """Open the desk of whoever asks: the queue for the 137 desk's own people, else the list of what is open."""
    if units_of(turn) == (turn.centre.city.desk.slug,):
        await queue.show(turn)
    else:
        await show(turn)


async def show(turn: Turn, *, late: bool = False, page: int = 0) -> None:
    """Show the desk: counts, then a button a request, urgent and earliest deadline first."""
    units = units_of(turn)
    if not units:
        raise Refused("not-staff")
    count, overdue = await requests.desk_counts(turn.tx, units, turn.now)
    found = await requests.on_desk(
        turn.tx, units, overdue_at=turn.now if late else None, limit=LONG_PAGE + 1, offset=page * LONG_PAGE
    )
    cut = fetched(found, page)
    shown: Rows = [[rows.button(turn.centre, request, turn.now)] for request in cut.items]
    shown += turning(cut, "k:late:" if late else "k:open:")
    shown += [[button("button-queue", "q:")]] if turn.is_staff(*AT_THE_DESK) else []
    other = button("button-desk-open" if late else "button-desk-late", f"k:{'open' if late else 'late'}:0")
    shown.append([other, *await relief.desk_buttons(turn)])
    await turn.say(text("desk", count=count, overdue=overdue), buttons=[*shown, *_unit_rows(turn)])


def _unit_rows(turn: Turn) -> Rows:
    """What else a unit's people do from here."""
    if not turn.is_staff(*IN_A_UNIT):
        return []
    led = [button("button-unit-people", "u:team")] if turn.is_staff(Role.HEAD) else []
    return [[button("button-bulk", "u:b"), button("button-off", "u:off"), *led]]


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Show the desk or another page of it."""
    _, kind, page, *_ = [*turn.choice, "", ""]
    await show(turn, late=kind == "late", page=number(page or "0"))
