"""What a deed may need besides a unit, a reason and words: a day, another request, several units, a colleague."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain import tracking
from domain.casework import Request
from domain.city import Unit
from domain.lifecycle import PARTS_AT_MOST, Deed, Given
from domain.messages import Button, Message
from domain.refusal import Refused
from domain.roles import Role
from handlers.citizen.questions import short
from handlers.paging import LONG_PAGE, in_twos, packed, page, turning
from handlers.turn import Rows, Turn, button
from nlp import dates
from services import acting, casework, colleagues, merging, particulars, wholes
from services.supporters import told_metres
from storage import requests
from texts.numbers import day
from texts.speech import label, text

_DAYS_AHEAD = (1, 2, 3, 7, 14, 30)


def leave_row(code: str) -> list[Button]:
    """Offer to leave the deed."""
    return [button("button-leave", f"w:{code}:leave")]


def unit_rows(units: Sequence[Unit], at: int, choose: str, turn_to: str) -> Rows:
    """Offer a page of units; `choose` gets the chosen one's slug appended, `turn_to` the number of another page."""
    cut = page(units, at, LONG_PAGE)
    shown = [Button(label=unit.short_title, data=f"{choose}{unit.slug}") for unit in cut.items]
    return packed(shown) + turning(cut, turn_to)


def day_rows(turn: Turn, prefix: str, ahead: Sequence[int] = _DAYS_AHEAD) -> Rows:
    """Offer days, so many from today; `prefix` gets the chosen one appended, as 2026-12-05."""
    today = turn.now.astimezone(turn.centre.zone).date()
    written = [(today + timedelta(days=number)).isoformat() for number in ahead]
    shown = [
        Button(label=label("button-day", day=particulars.named_day(turn.centre, one, turn.now)), data=f"{prefix}{one}")
        for one in written
    ]
    return in_twos(shown)


def date_question(turn: Turn, request: Request, deed: Deed) -> Message:
    """Ask for a day: those named most as buttons, any other in words."""
    words = text(f"ask-date-{deed.replace('_', '-')}", code=request.code)
    rows = day_rows(turn, f"w:{request.code}:{deed}:d:")
    return Message(text=words, buttons=[*rows, leave_row(request.code)])


async def typed_day(turn: Turn, given: Given) -> Given | None:
    """Take the day that was written; None when the words name none."""
    day = dates.day_of(turn.words, turn.now.astimezone(turn.centre.zone).date())
    return replace(given, date=acting.checked_day(turn.centre, day.isoformat(), turn.now).isoformat()) if day else None


async def target_question(turn: Turn, request: Request, deed: Deed) -> Message:
    """Ask for the request that this one is the same as: those nearby as buttons, any other by its code."""
    found = await merging.nearby(turn.tx, turn.centre, request, turn.now)
    rows = [
        [
            button(
                "button-target",
                f"w:{request.code}:{deed}:t:{near.code}",
                code=near.code,
                metres=told_metres(near.metres),
                day=day(near.filed_at, turn.centre.zone, turn.now),
            )
        ]
        for near in found
    ]
    return Message(text=text("ask-target", code=request.code), buttons=[*rows, leave_row(request.code)])


async def with_target(turn: Turn, given: Given, words: str) -> Given | None:
    """Take the code that was written, of what that request has become part of; None when there is no such request."""
    code = tracking.find(words)
    named = await requests.by_code(turn.tx, code) if code else None
    return replace(given, target=(await wholes.followed(turn.tx, named)).code) if named else None


async def typed_target(turn: Turn, given: Given) -> Given | None:
    """Take the code that was written."""
    return await with_target(turn, given, turn.words)


def parts_question(turn: Turn, request: Request, deed: Deed, chosen: tuple[str, ...], units: Rows) -> Message:
    """Ask for the units among which it is split, one after the other; `units` are the rows to choose from."""
    names = "، ".join(turn.centre.city.unit(slug).short_title for slug in chosen)
    done = [
        button("button-parts-done", f"w:{request.code}:{deed}:o:done"),
        button("button-parts-clear", f"w:{request.code}:{deed}:o:clear"),
    ]
    words = text("ask-parts", code=request.code, chosen=len(chosen), units=names)
    return Message(text=words, buttons=[*([done] if chosen else []), *units])


def with_part(turn: Turn, chosen: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """Add a unit to those that get a part; raises Refused for the desk and for too many."""
    if unit == turn.centre.city.desk.slug:
        raise Refused("old-button")
    if len(chosen) >= PARTS_AT_MOST:
        raise Refused("parts-full")
    return (*chosen, unit)


async def colleague_question(turn: Turn, request: Request, deed: Deed) -> Message:
    """Ask which other member of the unit takes it."""
    head = Role.HEAD in casework.roles_towards(turn.actor, request)
    members = await colleagues.who_may_take(turn.tx, request, turn.actor.person, head=head)
    rows = [[Button(label=short(one.name, 40), data=f"w:{request.code}:{deed}:c:{one.person}")] for one in members]
    key = "ask-colleague" if rows else "no-colleague"
    return Message(text=text(key, code=request.code), buttons=[*rows, leave_row(request.code)])
