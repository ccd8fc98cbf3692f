"""One request on a citizen's screen: where it is, until when, what happened, and what they may do."""

from domain import lifecycle
from domain.casework import Happening, Request
from domain.lifecycle import Deed
from domain.richtext import clipped
from domain.roles import CITIZENS, Role
from handlers.turn import Rows, Turn, button
from services import casework
from services.cards import reason_words, standing
from services.letters import subject_title, verdict_buttons
from services.supporters import problem_with_judging
from storage import requests, supporters
from texts.numbers import clock_time, day, when
from texts.speech import Rich, label, lines, text

_TOLD_IN_TIMELINE = frozenset(Deed) - {Deed.NOTE}  # a note between colleagues is not the citizen's to read


def state_words(turn: Turn, request: Request) -> Rich:
    """Say in plain words where a request is."""
    unit = turn.centre.city.unit(request.unit).title
    if request.state is lifecycle.State.CLOSED:
        return text("status-closed", outcome=label(f"outcome-{(request.outcome or '').replace('_', '-')}"))
    return text(f"status-{request.state.replace('_', '-')}", unit=unit)


def _line(turn: Turn, happening: Happening) -> Rich:
    unit = turn.centre.city.unit(happening.unit).title
    said = " · ".join(part for part in (reason_words(happening.reason), happening.note) if part)
    at = f"{day(happening.at, turn.centre.zone, turn.now)} {clock_time(happening.at, turn.centre.zone)}"
    return text(
        f"timeline-{happening.deed.replace('_', '-')}",
        at=at,
        unit=unit,
        said=f": «{clipped(said, 200)}»" if said else "",
    )


async def _buttons(turn: Turn, request: Request) -> Rows:
    roles = await casework.roles_of(turn.tx, turn.actor, request)
    possible = {m.deed for m in lifecycle.allowed(standing(request, roles), turn.now)}
    if Role.SUPPORTER in roles:
        return await _supporters_buttons(turn, request)
    rows: Rows = []
    if Deed.APPROVE in possible:
        rows += verdict_buttons(request)
    elif Deed.OBJECT in possible:
        rows.append([button("button-not-solved", f"r:{request.code}:no")])
    if Deed.ANSWER in possible:
        rows.append([button("button-answer", f"r:{request.code}:answer")])
    if Deed.ADD in possible:
        rows.append([button("button-add", f"r:{request.code}:add")])
    if Deed.WITHDRAW in possible:
        rows.append([button("button-withdraw", f"r:{request.code}:wd")])
    return rows


async def _supporters_buttons(turn: Turn, request: Request) -> Rows:
    rows: Rows = []
    supporter = await supporters.find(turn.tx, request.id, turn.actor.person)
    if supporter and not problem_with_judging(request, supporter, turn.now):
        rows += verdict_buttons(request)
    if request.state is not lifecycle.State.CLOSED:
        rows.append([button("button-support-leave", f"r:{request.code}:lv")])
    return rows


def deadline_words(turn: Turn, request: Request) -> Rich:
    """Say until when a request is promised, with an apology when that time is over."""
    if request.state is lifecycle.State.CLOSED or not request.deadline_at:
        return Rich("")
    late = "late" if request.deadline_at < turn.now else "due"
    return text(f"status-deadline-{late}", when=when(request.deadline_at, turn.centre.zone, turn.now))


def _is_told(turn: Turn, happening: Happening) -> bool:
    """Tell whether a row of the history is this reader's to read: what other citizens said and did is not."""
    theirs = happening.role in CITIZENS and happening.person != turn.actor.person
    if happening.deed in ("file", "join"):
        return happening.deed == "file" or theirs
    return happening.deed in _TOLD_IN_TIMELINE and not theirs


async def show(turn: Turn, request: Request) -> None:
    """Show one request with everything that happened to it; to those who joined, without the owner's place."""
    mine = request.owner == turn.actor.person
    events = await requests.timeline(turn.tx, request.id)
    body = lines(
        text("request-heading", code=request.code, subject=subject_title(turn.centre, request)),
        text("request-place", place=request.address) if request.address and mine else "",
        "" if mine else text("status-joined"),
        state_words(turn, request),
        deadline_words(turn, request),
        "",
        *[_line(turn, event) for event in events if _is_told(turn, event)][-12:],
    )
    await turn.say(body, buttons=await _buttons(turn, request))
