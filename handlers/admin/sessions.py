"""Managers' sessions: planned step by step, changed, called off, told to the citizens.

Every step's choices are in the button: "a:se:m<person>:<day>:<hours>:<places>" plans one; words typed instead are put
where the button's choice would stand. "a:se:<session>:<verb>…" is about one that there is.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from domain.hearings import Session, SessionState
from domain.messages import Button
from domain.refusal import Refused
from domain.roles import Role
from handlers.admin import notices
from handlers.citizen.questions import short
from handlers.official import needs
from handlers.paging import in_twos, menu_row
from handlers.roster import showing
from handlers.turn import Rows, Turn, button, number
from nlp import dates, digits, hours
from services import acting, sessions, sitting
from services.sessions import Plan
from storage import notices as notice_rows
from storage import sessions as rows
from storage import staff
from texts.numbers import clock_time, day, persian
from texts.speech import Rich, label, lines, text

AWAITED = "a-session"
_EARLIER = 5
_DAYS = range(1, 8)
_HOURS = ("0800-1000", "1000-1200", "1200-1400", "1600-1800")
_PLACES = (10, 20, 30, 50)
_ORDER = ("day", "hours", "places", "title")


async def press(turn: Turn) -> None:
    """Find the step or the verb: "a:se[:…]"."""
    path = turn.choice[2:]
    if not path:
        await _list(turn)
    elif path == ["new"]:
        await _ask_manager(turn)
    elif path[0].startswith("m"):
        await _plan(turn, path)
    else:
        await _about(turn, path)


async def _list(turn: Turn) -> None:
    ahead, held = await rows.ahead(turn.tx), await rows.held(turn.tx, _EARLIER)
    shown = [
        [Button(label=short(label("session-row", **_times(turn, session)), 60), data=f"a:se:{session.id}")]
        for session in [*ahead, *held]
    ]
    words = text("admin-sessions" if shown else "admin-no-sessions")
    await turn.say(words, buttons=[*shown, [button("admin-session-new", "a:se:new")], menu_row()])


def _times(turn: Turn, session: Session) -> dict[str, str]:
    zone = turn.centre.zone
    return {
        "title": session.title,
        "day": day(session.starts_at, zone, turn.now),
        "since": clock_time(session.starts_at, zone),
        "until": clock_time(session.ends_at, zone),
    }


# ── planning, step by step ──


async def _ask_manager(turn: Turn) -> None:
    found = [
        (membership, name) for membership, name in await staff.everyone(turn.tx) if membership.role is Role.MANAGER
    ]
    if not found:
        await turn.say(text("admin-no-managers"), buttons=[[button("admin-invite", "a:inv")], menu_row()])
        return
    shown = [[Button(label=short(name or label("someone")), data=f"a:se:m{one.person}")] for one, name in found]
    await turn.say(text("admin-session-who"), buttons=[*shown, menu_row()])


async def _plan(turn: Turn, path: list[str]) -> None:
    """Ask for what is missing of "m<person>:<day>:<hours>:<places>:<title>", or plan the session."""
    manager = number(path[0][1:])
    if len(path) <= len(_STEPS):
        await _STEPS[len(path)](turn, ":".join(path))
        return
    starts_at, ends_at = _span(turn, path[1], path[2])
    title = turn.words if not turn.pressed else await rows.last_title(turn.tx, manager)
    wanted = Plan(title, starts_at, ends_at, number(path[3]))
    try:
        session = await sessions.plan(turn.tx, turn.centre, turn.actor, manager, wanted, turn.now)
    except Refused as refusal:
        if not turn.pressed:
            turn.await_(AWAITED, path=":".join(path[:4]))
        raise refusal
    await _show(turn, session, text("admin-session-planned"))


async def _ask_day(turn: Turn, path: str) -> None:
    await _ask(turn, path, text("admin-session-day"), needs.day_rows(turn, f"a:se:{path}:", _DAYS))


async def _ask_hours(turn: Turn, path: str) -> None:
    shown = [
        button("button-hours", f"a:se:{path}:{one}", since=persian(one[:2]), until=persian(one[5:7])) for one in _HOURS
    ]
    await _ask(turn, path, text("admin-session-hours"), in_twos(shown))


async def _ask_places(turn: Turn, path: str) -> None:
    shown = [button("button-places", f"a:se:{path}:{one}", count=one) for one in _PLACES]
    await _ask(turn, path, text("admin-session-places"), in_twos(shown))


async def _ask_title(turn: Turn, path: str) -> None:
    manager = path.split(":", maxsplit=1)[0]
    known = await rows.last_title(turn.tx, number(manager[1:])) if manager.startswith("m") else ""
    shown = [[Button(label=short(known), data=f"a:se:{path}:t")]] if known else []
    await _ask(turn, path, text("admin-session-title"), shown)


async def _ask(turn: Turn, path: str, words: Rich, choices: Rows) -> None:
    turn.await_(AWAITED, path=path)
    await turn.say(words, buttons=[*choices, [button("button-cancel", "a:se")]])


_STEPS: dict[int, Callable[[Turn, str], Awaitable[None]]] = {
    1: _ask_day,
    2: _ask_hours,
    3: _ask_places,
    4: _ask_title,
}


async def typed(turn: Turn, asked: dict[str, Any]) -> None:
    """Take typed words where a button's choice would stand; what is not understood is asked again."""
    path = asked["path"].split(":")
    step = _step(path)
    written = _READ[step](turn)
    if not written:
        turn.await_(AWAITED, path=asked["path"])
        await turn.say(text(f"session-{step}-unclear"))
        return
    turn.data = f"a:se:{asked['path']}:{written}"
    await press(turn)


def _step(path: list[str]) -> str:
    """Name what the words after this path are."""
    if path[0].startswith("m"):
        return _ORDER[len(path) - 1]
    return _ORDER[len(path) - 2] if path[1] == "when" else path[1]


def _typed_day(turn: Turn) -> str:
    found = dates.day_of(turn.words, turn.now.astimezone(turn.centre.zone).date())
    return found.isoformat() if found else ""


def _typed_hours(turn: Turn) -> str:
    found = hours.span_of(turn.words)
    return f"{found[0]:%H%M}-{found[1]:%H%M}" if found else ""


def _typed_places(turn: Turn) -> str:
    written = "".join(letter for letter in digits.latin(turn.words) if letter.isdecimal())
    return written if len(written) <= len(str(sessions.MOST_PLACES)) else ""


_READ: dict[str, Callable[[Turn], str]] = {
    "day": _typed_day,
    "hours": _typed_hours,
    "places": _typed_places,
    "title": lambda turn: "t" if turn.words else "",
}


def _span(turn: Turn, written_day: str, written_hours: str) -> tuple[datetime, datetime]:
    """Read the day and hours of a path; raises Refused for what no step of ours made."""
    of_day: date = acting.checked_day(turn.centre, written_day, turn.now)
    since, _, until = written_hours.partition("-")
    return _moment(turn, of_day, since), _moment(turn, of_day, until)


def _moment(turn: Turn, of_day: date, written: str) -> datetime:
    hour, minute = number(written[:2] or "x"), number(written[2:] or "x")
    if hour > 23 or minute > 59:
        raise Refused("old-button")
    return datetime.combine(of_day, time(hour, minute), turn.centre.zone)


# ── one that there is ──


async def _about(turn: Turn, path: list[str]) -> None:
    session = await sessions.found(turn.tx, number(path[0]))
    verb, *rest = [*path[1:], ""]
    act = _VERBS.get(verb)
    if act is None:
        raise Refused("old-button")
    await act(turn, session, [part for part in rest if part])


async def _show_one(turn: Turn, session: Session, _: list[str]) -> None:
    await _show(turn, session)


async def _show(turn: Turn, session: Session, above: Rich | str = "") -> None:
    taken = await rows.taken(turn.tx, session.id)
    words = text(
        "admin-session",
        manager=session.manager_name,
        places=session.places,
        taken=taken,
        state=label(f"session-state-{session.state}"),
        **_times(turn, session),
    )
    await turn.say(lines(above, words), buttons=[*_buttons(session), [button("admin-sessions-all", "a:se")]])


def _buttons(session: Session) -> Rows:
    here = f"a:se:{session.id}"
    queue = [button("button-session-queue", f"{here}:queue")]
    if session.state is SessionState.PLANNED:
        return [
            [button("admin-session-tell", f"{here}:tell")],
            [button("admin-session-when", f"{here}:when"), button("admin-session-more-places", f"{here}:places")],
            [button("admin-session-rename", f"{here}:title"), button("admin-session-cancel", f"{here}:cancel")],
            queue,
        ]
    if session.state is SessionState.OPEN:
        return [queue]
    return [[button("button-report", f"{here}:report")]] if session.state is SessionState.OVER else []


async def _tell(turn: Turn, session: Session, _: list[str]) -> None:
    """Preview the notice of a session; one that has left already is followed instead."""
    known = await notice_rows.find(turn.tx, session.notice) if session.notice else None
    if known is not None and known.state in ("sending", "done"):
        turn.data = f"a:notice:{known.id}:see"
        await notices.press(turn)
        return
    await notices.preview(turn, await sessions.announce(turn.tx, turn.centre, turn.actor, session.id, turn.now))


async def _when(turn: Turn, session: Session, rest: list[str]) -> None:
    path = ":".join([str(session.id), "when", *rest])
    if len(rest) > 1:
        starts_at, ends_at = _span(turn, rest[0], rest[1])
        await _change(turn, session, starts_at=starts_at, ends_at=ends_at)
    else:
        await (_ask_hours if rest else _ask_day)(turn, path)


async def _places(turn: Turn, session: Session, rest: list[str]) -> None:
    if rest:
        await _change(turn, session, places=number(rest[0]))
    else:
        await _ask_places(turn, f"{session.id}:places")


async def _title(turn: Turn, session: Session, rest: list[str]) -> None:
    if rest and not turn.pressed:
        await _change(turn, session, title=turn.words)
    else:
        await _ask_title(turn, f"{session.id}:title")


async def _change(turn: Turn, session: Session, **changes: Any) -> None:
    wanted = Plan(session.title, session.starts_at, session.ends_at, session.places)
    changed = await sessions.change(turn.tx, turn.centre, turn.actor, session.id, replace(wanted, **changes), turn.now)
    await _show(turn, changed, text("admin-session-changed"))


async def _cancel(turn: Turn, session: Session, rest: list[str]) -> None:
    if rest != ["yes"]:
        waiting = len(await rows.queue(turn.tx, session.id))
        choices = [button("admin-session-cancel-yes", f"a:se:{session.id}:cancel:yes")]
        words = text("admin-session-cancel-sure", waiting=waiting, **_times(turn, session))
        await turn.say(words, buttons=[choices, [button("admin-remove-no", f"a:se:{session.id}")]])
        return
    await sitting.cancel(turn.tx, turn.centre, turn.actor, session.id, turn.now)
    await turn.say(text("admin-session-cancelled"), buttons=[[button("admin-sessions-all", "a:se")]])


async def _queue(turn: Turn, session: Session, _: list[str]) -> None:
    await showing.queue(turn, session, [[button("admin-sessions-all", "a:se")]])


async def _report(turn: Turn, session: Session, _: list[str]) -> None:
    words = await sitting.report(turn.tx, turn.centre, session, turn.now)
    await turn.say(words, buttons=[[button("admin-sessions-all", "a:se")]])


_VERBS: dict[str, Callable[[Turn, Session, list[str]], Awaitable[None]]] = {
    "": _show_one,
    "tell": _tell,
    "when": _when,
    "places": _places,
    "title": _title,
    "cancel": _cancel,
    "queue": _queue,
    "report": _report,
}
