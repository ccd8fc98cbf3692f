"""«جلسهٔ من»: a manager hears one after the other, answers, sends on, promises, or lets others go first."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

import telegram

from domain import lifecycle
from domain.casework import Request
from domain.hearings import Hearing, HearingState, Session, SessionState
from domain.lifecycle import Deed, Given, Need
from domain.messages import Button, Message
from domain.refusal import Refused
from domain.roles import Role
from handlers import attachments
from handlers.admin import units
from handlers.official import needs
from handlers.turn import Rows, Turn, button, number
from services import assignment, cards, casework, heard, hearings, sitting
from services.acting import Doing
from storage import requests, sessions
from texts.speech import Rich, label, lines, text

AWAITED = "sitting"
_DEEDS = (Deed.RESPOND, Deed.REPLY, Deed.SEND_ON, Deed.PROMISE)
_ORDER = (Need.UNIT, Need.DATE, Need.NOTE)
_LINES = 30
_MOST_FOUND = 7


async def show(turn: Turn) -> None:
    """Show whoever is next in the open session, or when the next one is."""
    if not turn.is_staff(Role.MANAGER):
        raise Refused("session-not-yours")
    turn.await_(None)
    found = await sessions.ahead(turn.tx, turn.actor.person)
    session = next((one for one in found if one.state is SessionState.OPEN), None)
    if session is not None:
        await _next(turn, session)
    elif found:
        waiting = len(await sessions.queue(turn.tx, found[0].id))
        await turn.say(text("my-session-planned", waiting=waiting, **heard.times(turn.centre, found[0], turn.now)))
    else:
        await turn.say(text("my-sessions-none"))


async def _next(turn: Turn, session: Session, above: Rich | str = "") -> None:
    turn.await_(None)
    waiting = await sessions.queue(turn.tx, session.id)
    if not waiting:
        rows = [[button("button-end-session", f"s:{session.id}:end")]]
        await turn.say(lines(above, text("queue-empty", **heard.times(turn.centre, session, turn.now))), buttons=rows)
        return
    hearing = waiting[0]
    request = await requests.get(turn.tx, hearing.request)
    sight = await cards.look(turn.tx, turn.centre, request)
    for message in assignment.beside_the_card(request, sight):
        await turn.say(message)
    face = cards.face(
        turn.centre, request, sight, frozenset(), turn.now, viewer=turn.actor.person, group="", masked=True
    )
    words = lines(above, text("now-heard", count=len(waiting)), face.text)
    await turn.say(face.model_copy(update={"text": words, "buttons": _buttons(turn, session, hearing, request)}))


def _buttons(turn: Turn, session: Session, hearing: Hearing, request: Request) -> Rows:
    view = cards.standing(request, frozenset({Role.MANAGER}))
    possible = {move.deed for move in lifecycle.allowed(view, turn.now)}
    here = f"s:{session.id}"
    shown = [
        button(f"deed-{deed.replace('_', '-')}", f"{here}:do:{hearing.id}:{deed}")
        for deed in _DEEDS
        if deed in possible
    ]
    shown += [
        button("button-hear-next", f"{here}:skip:{hearing.id}"),
        button("button-history", f"{here}:hist:{hearing.id}"),
    ]
    return [shown[i : i + 2] for i in range(0, len(shown), 2)]


async def _before(turn: Turn, number_of_session: int, number_of_hearing: str) -> tuple[Session, Hearing, Request]:
    """Return what a button is about, to the manager of that open session alone; raises Refused with why not."""
    session = await sitting.mine(turn.tx, turn.actor, number_of_session)
    hearing = await sessions.hearing(turn.tx, number(number_of_hearing or "x"))
    if hearing is None or hearing.session != session.id:
        raise Refused("old-button")
    if hearing.state is not HearingState.WAITING:
        raise Refused("heard-left" if hearing.state is HearingState.LEFT else "heard-already")
    if session.state is not SessionState.OPEN:
        raise Refused("session-not-open")
    return session, hearing, await requests.get(turn.tx, hearing.request)


async def _skip(turn: Turn, session: int, rest: list[str]) -> None:
    found, hearing, _ = await _before(turn, session, *rest[:1] or [""])
    await hearings.skip(turn.tx, hearing)
    await _next(turn, found)


async def _history(turn: Turn, session: int, rest: list[str]) -> None:
    _, _, request = await _before(turn, session, *rest[:1] or [""])
    events = await requests.timeline(turn.tx, request.id)
    told = [
        cards.happening_line(turn.centre, event, turn.now, hidden=True, longest=cards.WHOLE)
        for event in events[-_LINES:]
    ]
    await turn.say(lines(text("history-heading", code=request.code), *told), buttons=[[hearings.next_button()]])


async def _do(turn: Turn, session: int, rest: list[str]) -> None:
    """Begin a deed, or take the unit or the day that was chosen for it: "<hearing>:<deed>[:<part>:<value>]"."""
    hearing, deed, part, value, *_ = [*rest, "", "", "", ""]
    found, _, _ = before = await _before(turn, session, hearing)
    if deed not in {str(one) for one in _DEEDS}:
        raise Refused("old-button")
    given = _given_so_far(turn, before[1], Deed(deed)) if part else Given()
    if part == "u" and units.is_way(value):
        await _ask_other_unit(turn, before, Deed(deed), given, value)
        return
    if part == "u":
        given = replace(given, unit=value)
    elif part == "d":
        given = replace(given, date=value)
    await _go(turn, found, before[1], before[2], Deed(deed), given)


def _given_so_far(turn: Turn, hearing: Hearing, deed: Deed) -> Given:
    asked = turn.talk.awaiting or {}
    if (asked.get("kind"), asked.get("hearing"), asked.get("deed")) != (AWAITED, hearing.id, deed):
        return Given()
    known = asked["given"]
    return Given(unit=known["unit"], date=known["date"], note=known["note"], photos=tuple(known["photos"]))


async def _go(turn: Turn, session: Session, hearing: Hearing, request: Request, deed: Deed, given: Given) -> None:
    """Do the deed and show whoever is next, or ask for the next thing it needs."""
    need = _first_missing(turn, request, deed, given)
    if need is not None:
        turn.await_(AWAITED, session=session.id, hearing=hearing.id, deed=str(deed), given=asdict(given))
        await turn.say(_QUESTIONS[need](turn, f"s:{session.id}:do:{hearing.id}:{deed}", request, deed))
        return
    await casework.perform(turn.tx, turn.centre, request.id, Doing(turn.actor, deed, given, turn.now))
    await _next(turn, session, text(f"done-{deed.replace('_', '-')}", code=request.code))


def _first_missing(turn: Turn, request: Request, deed: Deed, given: Given) -> Need | None:
    """Return what is to be asked next; None when nothing is missing, or it would be refused anyway."""
    move = lifecycle.BY_DEED[deed]
    if lifecycle.objection(move, cards.standing(request, frozenset({Role.MANAGER})), turn.now):
        return None
    missing = lifecycle.missing(move, given)
    return next((need for need in _ORDER if need in missing), None)


def _leave() -> list[Button]:
    return [button("button-leave", "s:my")]


def _ask_unit(turn: Turn, prefix: str, request: Request, deed: Deed) -> Message:
    """Offer the unit that has it and the one that it would be routed to; any other by district or by name."""
    city = turn.centre.city
    likely = (city.unit(request.unit), city.route(request.subject, request.district, urgent=request.urgent))
    shown = [unit for unit in dict.fromkeys(likely) if unit != city.desk]
    rows = [[Button(label=unit.title, data=f"{prefix}:u:{unit.slug}")] for unit in shown]
    rows.append([button("button-other-unit", f"{prefix}:u:~p0")])
    words = lines(text("ask-unit", code=request.code), text("admin-or-type-unit"))
    return Message(text=words, buttons=[*rows, _leave()])


async def _ask_other_unit(
    turn: Turn, before: tuple[Session, Hearing, Request], deed: Deed, given: Given, way: str
) -> None:
    session, hearing, _ = before
    question, rows = units.draw(turn.centre.city, f"s:{session.id}:do:{hearing.id}:{deed}:u", way)
    turn.await_(AWAITED, session=session.id, hearing=hearing.id, deed=str(deed), given=asdict(given))
    await turn.say(lines(question, text("admin-or-type-unit")), buttons=[*rows, _leave()])


def _ask_day(turn: Turn, prefix: str, request: Request, deed: Deed) -> Message:
    words = text("ask-date-promise", code=request.code)
    return Message(text=words, buttons=[*needs.day_rows(turn, f"{prefix}:d:"), _leave()])


def _ask_note(turn: Turn, prefix: str, request: Request, deed: Deed) -> Message:
    words = lines(text(f"ask-note-{deed.replace('_', '-')}", code=request.code), text("or-by-voice"))
    return Message(text=words, buttons=[_leave()])


_QUESTIONS: dict[Need, Callable[[Turn, str, Request, Deed], Message]] = {
    Need.UNIT: _ask_unit,
    Need.DATE: _ask_day,
    Need.NOTE: _ask_note,
}


async def brought(update: telegram.Update, turn: Turn) -> None:
    """Take what a manager wrote or said: the unit's name, the day, the answer."""
    asked: dict[str, Any] = turn.talk.awaiting or {}
    session, hearing, request = await _before(turn, asked["session"], str(asked["hearing"]))
    deed = Deed(asked["deed"])
    given = _given_so_far(turn, hearing, deed)
    need = _first_missing(turn, request, deed, given)
    if need is Need.UNIT:
        await _typed_unit(turn, f"s:{session.id}:do:{hearing.id}:{deed}")
        return
    taken = await (_typed_day(turn, given) if need is Need.DATE else _answer(update, turn, given))
    if taken is not None:
        await _go(turn, session, hearing, request, deed, taken)


async def _typed_unit(turn: Turn, prefix: str) -> None:
    found = units.find(turn.centre.city, turn.words, desk=False)[:_MOST_FOUND]
    rows = [[Button(label=unit.title, data=f"{prefix}:u:{unit.slug}")] for unit in found]
    key = "admin-which-unit" if found else "admin-no-such-unit"
    await turn.say(text(key), buttons=[*rows, [button("button-other-unit", f"{prefix}:u:~p0")], _leave()])


async def _typed_day(turn: Turn, given: Given) -> Given | None:
    try:
        taken = await needs.typed_day(turn, given)
    except Refused as refusal:  # a day that is over: the question stays open
        await turn.sorry(refusal)
        return None
    if taken is None:
        await turn.say(text("date-unclear"))
    return taken


async def _answer(update: telegram.Update, turn: Turn, given: Given) -> Given | None:
    """Take the words, or a voice message, a film, a picture in their place."""
    found = attachments.of(update.effective_message) if update.effective_message else None
    if found is None and not turn.words:
        await turn.say(text("cannot-read-this"))
        return None
    files = (await attachments.keep(turn, found),) if found else ()
    return replace(given, note=turn.words or label("said-by-voice"), photos=files)


async def _end(turn: Turn, session: int, _: list[str]) -> None:
    found = await sitting.mine(turn.tx, turn.actor, session)
    waiting = len(await sessions.queue(turn.tx, found.id))
    if not waiting or found.state is not SessionState.OPEN:
        await _end_now(turn, session, [])
        return
    rows = [[button("button-end-yes", f"s:{session}:endy"), hearings.next_button()]]
    await turn.say(text("end-sure", waiting=waiting), buttons=rows)


async def _end_now(turn: Turn, session: int, _: list[str]) -> None:
    found = await sitting.finish_early(turn.tx, turn.centre, turn.actor, session, turn.now)
    turn.await_(None)
    await turn.say(text("session-ended", title=found.title))


PRESSES: dict[str, Callable[[Turn, int, list[str]], Awaitable[None]]] = {
    "skip": _skip,
    "hist": _history,
    "do": _do,
    "end": _end,
    "endy": _end_now,
}
