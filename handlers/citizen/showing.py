"""One request on a citizen's screen: where it is, until when, what happened, and what they may do."""

from domain import lifecycle
from domain.casework import Happening, Request
from domain.lifecycle import Deed, State, Verdict
from domain.richtext import clipped
from domain.roles import CITIZENS, Role
from handlers.turn import Rows, Turn, button
from nlp import private_data
from services import callers, casework, hearings, particulars, wholes
from services.cards import is_listed, reason_words, standing
from services.letters import OWNERS_ALONE, subject_title, verdict_buttons
from services.supporters import problem_with_judging
from storage import requests, sessions, supporters
from texts.numbers import clock_time, day, when
from texts.speech import Rich, lines, text

_BETWEEN_COLLEAGUES = {Deed.NOTE, Deed.HAND_OVER, Deed.RELEASE}
_TOLD_IN_TIMELINE = frozenset(Deed) - _BETWEEN_COLLEAGUES | {"take-in"}
_OWNERS_ROWS = OWNERS_ALONE | {Deed.FALL_SILENT}  # and whether the owner gave a verdict


def _whose(turn: Turn, request: Request) -> str:
    return "mine" if request.owner == turn.actor.person else "other"


def short_state(turn: Turn, request: Request) -> str:
    """Say in a word or two where a request is, or how it ended."""
    return particulars.short_state(request, mine=request.owner == turn.actor.person)


def state_words(turn: Turn, request: Request) -> Rich:
    """Say in plain words where a request is."""
    return particulars.state_words(turn.centre, request, turn.now, mine=request.owner == turn.actor.person)


def _line(turn: Turn, happening: Happening, *, owned: bool, follows: bool = False) -> Rich:
    if happening.deed == Deed.OBJECT and not _is_own(turn, happening, owned=owned):
        return text("timeline-object-other", at=_at(turn, happening))  # in whose words is nobody else's to read
    said = " · ".join(part for part in (reason_words(happening.reason), happening.note) if part)
    if follows:
        said = reason_words(happening.reason) if is_listed(happening.reason) else ""
    elif not owned and happening.person != turn.actor.person:
        said = private_data.masked(said)  # written with the owner in mind: it may name their number
    return text(
        f"timeline-{happening.deed.replace('_', '-')}",
        at=_at(turn, happening),
        said=f": «{clipped(said, 200)}»" if said else "",
        **particulars.of_happening(turn.centre, happening, turn.now),
    )


def _at(turn: Turn, happening: Happening) -> str:
    return f"{day(happening.at, turn.centre.zone, turn.now)} {clock_time(happening.at, turn.centre.zone)}"


def _is_own(turn: Turn, happening: Happening, *, owned: bool) -> bool:
    """Tell whether the reader did it themselves: with this account, or as the owner with one of before."""
    return happening.person == turn.actor.person or (owned and happening.role == Role.OWNER)


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
    rows += await _hearing_row(turn, request)
    if Deed.WITHDRAW in possible:
        rows.append([button("button-withdraw", f"r:{request.code}:wd")])
    if request.owner == turn.actor.person and await callers.may_disown(turn.tx, request):
        rows.append([button("button-not-mine", f"r:{request.code}:nm")])
    return rows


async def _hearing_row(turn: Turn, request: Request) -> Rows:
    """Offer to be heard by a manager, or to see one's turn with them, while a session is ahead."""
    if request.state is lifecycle.State.ROSTER:
        waiting = await sessions.waiting_with(turn.tx, request.id)
        return [[button("button-my-turn", f"s:{waiting[0].session}:ask")]] if waiting else []
    lately = request.closed_at is None or turn.now - request.closed_at <= lifecycle.OBJECTION_WINDOW
    if not lately or request.parent is not None or not await hearings.open_to_all(turn.tx, turn.now):
        return []
    return [[button("button-be-heard", f"s:r:{request.code}")]]


async def _supporters_buttons(turn: Turn, request: Request) -> Rows:
    rows: Rows = []
    supporter = await supporters.find(turn.tx, request.id, turn.actor.person)
    if supporter and not problem_with_judging(request, supporter, turn.now):
        rows += verdict_buttons(request)
    if request.state is not State.CLOSED:
        rows.append([button("button-support-leave", f"r:{request.code}:lv")])
    return rows


# Where another date is told, or none can be: while somebody else is awaited the time of a promise stands still.
_WITHOUT_DEADLINE = lifecycle.PAUSED | {State.ROSTER, State.PLANNED, State.WARNED, State.CLOSED}


def deadline_words(turn: Turn, request: Request) -> Rich:
    """Say until when a request is promised; when that was missed, with an apology and the new date, if there is one."""
    promised, first = request.told_for, request.deadline_at
    if promised is None or request.state in _WITHOUT_DEADLINE:
        return Rich("")
    said = when(promised, turn.centre.zone, turn.now)
    if promised < turn.now:
        return text("status-deadline-late", when=said)
    if first is not None and first < turn.now and first < promised:
        return text("status-deadline-moved", when=said, was=when(first, turn.centre.zone, turn.now))
    return text("status-deadline-due", when=said)


def next_words(turn: Turn, request: Request) -> Rich:
    """Say in a sentence what comes next, and when the citizen hears of it."""
    if request.state is not State.CLOSED:
        return text(f"next-{request.state.replace('_', '-')}", whose=_whose(turn, request))
    if request.outcome not in lifecycle.NEEDS_JUDGEMENT or request.closed_at is None:
        return Rich("")
    until = request.closed_at + lifecycle.OBJECTION_WINDOW
    enough = request.times_reopened >= lifecycle.OBJECTIONS_AT_MOST
    if until < turn.now or enough or request.verdict in (Verdict.ACCEPTED, Verdict.OBJECTED):
        return Rich("")
    return text("next-closed", until=day(until, turn.centre.zone, turn.now))


_LEFT = ("hand-on", "disown")
"""Rows of the history with which somebody ceases to be a request's owner."""


def _owners(request: Request, events: list[Happening]) -> list[int | None]:
    """Name the owner at each row of the history: whoever hands a request on is it up to that row.

    The row's own person is not asked: of two accounts that one number joined later, it may name the one of before.
    """
    owner: int | None = request.owner
    owners = []
    for event in reversed(events):
        if event.deed in _LEFT:
            owner = event.person
        owners.append(owner)
    return owners[::-1]


def _is_told(turn: Turn, happening: Happening, *, owned: bool) -> bool:
    """Tell whether a row of the history is this reader's to read: what other citizens said and did is not.

    `owned`: the request was the reader's then. What the unit asked somebody else is not theirs either.
    """
    theirs = happening.role in CITIZENS and not _is_own(turn, happening, owned=owned)
    if happening.deed in ("file", "join", Deed.OBJECT):
        return happening.deed != "join" or theirs
    if happening.deed in _OWNERS_ROWS and not owned:
        return False
    return happening.deed in _TOLD_IN_TIMELINE and not theirs


async def _parts(turn: Turn, request: Request) -> Rich:
    """Say where the parts of a split request are; once it goes on as a whole again they are history."""
    family = await wholes.family_of(turn.tx, request)
    shown = family is not None and request.state in (lifecycle.State.IN_PARTS, lifecycle.State.CLOSED)
    return family.listed(turn.centre, mine=request.owner == turn.actor.person) if family and shown else Rich("")


async def show(turn: Turn, request: Request) -> None:
    """Show one request with everything that happened to it; the place as it was written only to whoever filed it."""
    reader = turn.actor.person
    events = await requests.timeline(turn.tx, request.id)
    rows = [(event, owner == reader) for event, owner in zip(events, _owners(request, events), strict=True)]
    filed = rows[0][1]
    body = lines(
        text("request-heading", code=request.code, subject=subject_title(turn.centre, request)),
        text("request-place", place=request.address) if request.address and filed else "",
        "" if request.owner == reader else text("status-joined"),
        state_words(turn, request),
        await _parts(turn, request),
        deadline_words(turn, request),
        next_words(turn, request),
        "",
        *[_line(turn, event, owned=owned) for event, owned in rows if _is_told(turn, event, owned=owned)][-12:],
    )
    await turn.say(body, buttons=await _buttons(turn, request))


async def show_followed(turn: Turn, request: Request) -> None:
    """Show what somebody follows without having joined it: neither its code, nor anybody's words, nor where it is."""
    events = await requests.timeline(turn.tx, request.id)
    told = [event for event in events if _is_told(turn, event, owned=False)]
    open_ = request.state is not State.CLOSED
    subject, since = subject_title(turn.centre, request), day(request.filed_at, turn.centre.zone, turn.now)
    body = lines(
        text("followed-heading", subject=subject, since=since),
        text("status-followed") if open_ else "",
        state_words(turn, request),
        await _parts(turn, request),
        deadline_words(turn, request),
        "",
        *[_line(turn, event, owned=False, follows=True) for event in told][-12:],
    )
    offered = [button("button-want-too", f"n:j:{request.id}"), button("button-follow-stop", f"n:u:{request.id}")]
    await turn.say(body, buttons=[offered] if open_ else [])
