"""«میز من»: what is open, what is late, and finding a request by its code."""

import telegram

from domain.messages import Button
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, IN_A_UNIT
from handlers.citizen.questions import short
from handlers.official import queue, relief
from handlers.turn import Rows, Turn, button, number
from services.letters import subject_title
from storage import requests
from texts.numbers import span
from texts.speech import label, text

_PAGE = 8


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
        turn.tx, units, overdue_at=turn.now if late else None, limit=_PAGE + 1, offset=page * _PAGE
    )
    rows: Rows = []
    for request in found[:_PAGE]:
        late_by = request.deadline_at is not None and request.deadline_at < turn.now
        left = span(request.deadline_at - turn.now) if request.deadline_at else ""
        row = label(
            "desk-row",
            code=request.code,
            subject=subject_title(turn.centre, request),
            left=left,
            late="yes" if late_by else "no",
            urgent="yes" if request.urgent else "no",
        )
        rows.append([Button(label=short(row, 60), data=f"w:{request.code}:card")])
    kind = "late" if late else "open"
    turning = [button("button-previous", f"k:{kind}:{page - 1}")] if page else []
    turning += [button("button-next", f"k:{kind}:{page + 1}")] if len(found) > _PAGE else []
    rows += [turning] if turning else []
    rows += [[button("button-queue", "q:")]] if turn.is_staff(*AT_THE_DESK) else []
    other = button("button-desk-open" if late else "button-desk-late", f"k:{'open' if late else 'late'}:0")
    rows.append([other, *await relief.desk_buttons(turn)])
    await turn.say(text("desk", count=count, overdue=overdue), buttons=rows)


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Show the desk or another page of it."""
    _, kind, page, *_ = [*turn.choice, "", ""]
    await show(turn, late=kind == "late", page=number(page or "0"))
