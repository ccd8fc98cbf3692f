"""Several requests at once: marked on the desk's list, one deed chosen for all, shown again before it is done.

What is marked stands in the talk: {"kind": "bulk", "codes": […], "row": the list's message, "deed": …, "given": …}.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import telegram

from domain.casework import Request
from domain.lifecycle import Deed, Given
from domain.messages import Button, Message
from domain.refusal import Refused
from domain.roles import IN_A_UNIT
from handlers.citizen.questions import short
from handlers.official.deeds import REASONS
from handlers.official.desk import units_of
from handlers.official.needs import unit_rows
from handlers.paging import LONG_PAGE, fetched, in_twos, turning
from handlers.turn import Rows, Turn, button, number
from services import bulk, rows
from services.cards import reason_words
from storage import requests
from texts.numbers import persian
from texts.speech import Rich, label, lines, text


def _talk(turn: Turn) -> dict[str, Any]:
    """Return what was marked so far; raises Refused("old-button") when something else came in between."""
    awaiting = turn.talk.awaiting or {}
    if awaiting.get("kind") != "bulk":
        raise Refused("old-button")
    return awaiting


async def _marked(turn: Turn) -> list[Request]:
    """Return what is marked; raises Refused("old-button") for a button of an earlier list while nothing is."""
    several = await bulk.chosen(turn.tx, _talk(turn)["codes"])
    if not several:
        raise Refused("old-button")
    return several


def _keep(turn: Turn, **changes: Any) -> dict[str, Any]:
    turn.talk.awaiting = {**_talk(turn), **changes}
    return turn.talk.awaiting


def _leave_row() -> list[Button]:
    return [button("button-leave", "u:x")]


async def begin(turn: Turn, _: str = "") -> None:
    """Show the list anew, with nothing marked."""
    if not turn.is_staff(*IN_A_UNIT):
        raise Refused("not-staff")
    turn.await_("bulk", codes=[], page=0)
    row = await turn.say(await _list(turn))
    _keep(turn, row=row)


async def _list(turn: Turn) -> Message:
    talk = _talk(turn)
    codes, at = talk["codes"], talk["page"]
    found = await requests.on_desk(turn.tx, units_of(turn), limit=LONG_PAGE + 1, offset=at * LONG_PAGE)
    cut = fetched(found, at)
    shown: Rows = [[_toggle(turn, request, request.code in codes)] for request in cut.items]
    going = [button("button-bulk-go", "u:c", count=persian(len(codes)))] if codes else []
    return Message(
        text=text("bulk-list", count=len(codes), most=bulk.MOST),
        buttons=[row for row in (*shown, *turning(cut, "u:p:"), going, _leave_row()) if row],
    )


def _toggle(turn: Turn, request: Request, marked: bool) -> Button:
    line = rows.line(turn.centre, request, turn.now)
    return Button(
        label=short(label("bulk-marked" if marked else "bulk-unmarked", line=line), 60), data=f"u:t:{request.code}"
    )


async def _in_place(turn: Turn) -> None:
    """Bring the list up to date where it stands."""
    await turn.change(_talk(turn)["row"], await _list(turn))


async def _mark(turn: Turn, code: str) -> None:
    codes = _talk(turn)["codes"]
    if code not in codes and len(codes) >= bulk.MOST:
        raise Refused("bulk-full", most=persian(bulk.MOST))
    # A confirmation named what was marked before: it confirms nothing else.
    _keep(turn, codes=[one for one in codes if one != code] if code in codes else [*codes, code], token="")
    await _in_place(turn)


async def _turn_page(turn: Turn, page: str) -> None:
    _keep(turn, page=max(number(page), 0))
    await _in_place(turn)


async def _choose(turn: Turn, _: str) -> None:
    """Offer the deeds that all of the marked requests allow."""
    several = await _marked(turn)
    possible = bulk.possible(turn.actor, several, turn.now)
    if not possible:
        raise Refused("bulk-nothing-common")
    shown = [button(f"deed-{deed.replace('_', '-')}", f"u:d:{deed}") for deed in possible]
    await turn.say(text("bulk-which", count=len(several)), buttons=[*in_twos(shown), _leave_row()])


async def _deed(turn: Turn, deed: str) -> None:
    if deed not in bulk.DEEDS:
        raise Refused("old-button")
    await _marked(turn)
    _keep(turn, deed=deed, unit="", reason="", note="", token="")
    await _next(turn)


async def _next(turn: Turn) -> None:
    """Ask for what the deed needs, then for a yes."""
    talk = _talk(turn)
    deed = Deed(talk["deed"])
    if deed is Deed.REFER and not talk["unit"]:
        await _ask_unit(turn, "0")
    elif deed is Deed.REFER and not talk["reason"]:
        reasons = [[button(f"reason-{name}", f"u:r:{name}")] for name in REASONS[Deed.REFER]]
        await turn.say(text("bulk-reason"), buttons=[*reasons, _leave_row()])
    elif deed is Deed.NOTE and not talk["note"]:
        await turn.say(text("bulk-note"), buttons=[_leave_row()])
    else:
        await _confirm(turn)


async def _ask_unit(turn: Turn, page: str) -> None:
    first = (await _marked(turn))[0]
    city = turn.centre.city
    units = [city.desk, *city.referrable_units(first.unit, first.district)]
    rows = unit_rows(units, number(page), "u:u:", "u:q:")
    await turn.say(text("bulk-unit"), buttons=[*rows, _leave_row()])


async def _unit(turn: Turn, slug: str) -> None:
    if slug not in {unit.slug for unit in turn.centre.city.units} or not _talk(turn).get("deed"):
        raise Refused("old-button")
    _keep(turn, unit=slug)
    await _next(turn)


async def _reason(turn: Turn, name: str) -> None:
    if name not in REASONS[Deed.REFER] or not _talk(turn).get("deed"):
        raise Refused("old-button")
    _keep(turn, reason=f"list:{name}")
    await _next(turn)


async def _confirm(turn: Turn) -> None:
    token = secrets.token_hex(4)
    talk = _keep(turn, token=token)
    codes = "، ".join(persian(code) for code in talk["codes"])
    unit = turn.centre.city.unit(talk["unit"]).title if talk["unit"] else ""
    said = " · ".join(part for part in (unit, reason_words(talk["reason"]), talk["note"]) if part)
    deed = label(f"deed-{talk['deed'].replace('_', '-')}")
    words = text("bulk-sure", deed=deed, count=len(talk["codes"]), codes=codes)
    buttons = [[button("button-bulk-yes", f"u:y:{token}")], _leave_row()]
    await turn.say(lines(words, text("unit-says", words=said) if said else ""), buttons=buttons)


async def _yes(turn: Turn, token: str) -> None:
    """Do it; a confirmation that was used, or is not the newest, does nothing."""
    talk = _talk(turn)
    if not token or token != talk.get("token"):
        raise Refused("old-button")
    given = Given(unit=talk["unit"], reason=talk["reason"], note=talk["note"])
    turn.await_(None)
    came = await bulk.perform(turn.tx, turn.centre, turn.actor, talk["codes"], Deed(talk["deed"]), given, turn.now)
    await turn.say(_told(came), buttons=[[button("menu-desk", "g:desk")]])


def _told(came: bulk.Done) -> Rich:
    codes = "، ".join(persian(code) for code in came.done)
    why = [
        text("bulk-refused", code=code, why=label(f"refused-{refusal.reason}", **refusal.details))
        for code, refusal in came.refused
    ]
    return lines(text("bulk-done", count=len(came.done), codes=codes), *why)


async def brought(update: telegram.Update, turn: Turn) -> None:
    """Take a note or a reason in words; words that nothing asked for end the marking."""
    talk = _talk(turn)
    deed = talk.get("deed")
    if deed == Deed.NOTE and turn.words:
        _keep(turn, note=turn.words)
    elif deed == Deed.REFER and talk["unit"] and turn.words:
        _keep(turn, reason=turn.words)
    else:
        await turn.say(text("bulk-buttons"), buttons=[_leave_row()])
        return
    await _next(turn)


PRESSES: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "b": begin,
    "t": _mark,
    "p": _turn_page,
    "c": _choose,
    "d": _deed,
    "u": _unit,
    "q": _ask_unit,
    "r": _reason,
    "y": _yes,
}
