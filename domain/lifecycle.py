"""The one table of what may happen to a request: by whom, from which state, needing what, leading where.

Three fields, never one overloaded status: where it is (state), how it ended (outcome), what the citizen says (verdict).
Buttons, refusals, the diagram in the docs and the generated tests all come from MOVES.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.refusal import Refused
from domain.roles import Role


class State(StrEnum):
    """Where a request is."""

    ROSTER = "roster"  # in the queue of a manager's session
    WAITING = "waiting"  # at the 137 desk, no unit yet
    ASSIGNED = "assigned"  # a unit has it and has not answered yet
    IN_HAND = "in_hand"  # somebody in the unit took it
    UNDER_WAY = "under_way"  # work has begun
    PLANNED = "planned"  # work has a date that the citizen was told
    ASKED = "asked_citizen"  # the unit waits for the citizen's answer
    WARNED = "warned"  # somebody was given a warning notice; the unit looks again on a date
    AWAITED = "awaited_body"  # an outside body has to do its part first
    COMMISSION = "commission"  # a specialised commission decides
    IN_PARTS = "in_parts"  # it was split; it closes with its parts
    REOPENED = "reopened"  # the citizen objected; the unit has it again
    CLOSED = "closed"


OPEN = frozenset(State) - {State.CLOSED}
NEW = frozenset({State.ASSIGNED, State.REOPENED})
WORKING = frozenset({State.IN_HAND, State.UNDER_WAY, State.PLANNED, State.WARNED})
PAUSED = frozenset({State.ASKED, State.AWAITED, State.COMMISSION})
"""While somebody else is awaited, the clocks stand still."""
WITH_UNIT = NEW | WORKING | PAUSED
ENDABLE = WORKING | PAUSED  # an answer that never comes must not keep a request open


class Outcome(StrEnum):
    """How a request ended, in the classes that the 137 centre publishes; `withdrawn` and `merged` are not counted."""

    SOLVED = "solved"
    WARNING = "warning"
    GUIDED = "guided"
    NOT_MUNICIPAL = "not_municipal"
    NOT_SOLVED = "not_solved"
    COMMISSION = "commission"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Verdict(StrEnum):
    """What the citizen says of the outcome."""

    ACCEPTED = "accepted"
    OBJECTED = "objected"
    SILENT = "silent"


class Deed(StrEnum):
    """What somebody does to a request."""

    ASSIGN = "assign"
    GUIDE = "guide"
    UPHOLD = "uphold"
    ACCEPT = "accept"
    START = "start"
    PLAN = "plan"
    SOLVE = "solve"
    NOT_SOLVE = "not_solve"
    WARN = "warn"
    CONCLUDE = "conclude"
    COMMISSION = "commission"
    RULE = "rule"
    AWAIT = "await"
    RESUME = "resume"
    REFER = "refer"
    OUTSIDE = "outside"
    ASK = "ask"
    ANSWER = "answer"
    GO_ON = "go_on"
    SPLIT = "split"
    JOIN_UP = "join_up"
    MERGE = "merge"
    HAND_OVER = "hand_over"
    RELEASE = "release"
    NOTE = "note"
    CORRECT = "correct"
    RESPOND = "respond"
    REPLY = "reply"
    SEND_ON = "send_on"
    PROMISE = "promise"
    UNHEARD = "unheard"
    ADD = "add"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    OBJECT = "object"
    FALL_SILENT = "fall_silent"


class Need(StrEnum):
    """What a deed cannot do without."""

    UNIT = "unit"
    BODY = "body"  # an outside body of the city pack
    SUBJECT = "subject"
    TARGET = "target"  # the tracking code of another open request
    PARTS = "parts"  # the units among which it is split
    COLLEAGUE = "colleague"  # another member of the unit
    DATE = "date"  # a day from today on
    REASON = "reason"
    NOTE = "note"
    PHOTO = "photo"  # asked for only where the subject demands a photo at closing
    WORDS_OR_PHOTO = "words_or_photo"


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `to` None keeps the state; `outcome` and `verdict` are set when given."""

    deed: Deed
    by: frozenset[Role]
    since: frozenset[State]
    to: State | None = None
    needs: frozenset[Need] = frozenset()
    outcome: Outcome | None = None
    verdict: Verdict | None = None


_UNIT = frozenset({Role.OFFICIAL, Role.HEAD})
_DESK = frozenset({Role.OPERATOR, Role.INSPECTOR})
_INSPECTOR = frozenset({Role.INSPECTOR})
_MANAGER = frozenset({Role.MANAGER})
_OWNER = frozenset({Role.OWNER})
_SYSTEM = frozenset({Role.SYSTEM})
_WHOLE = OPEN - {State.IN_PARTS, State.ROSTER}
_BEGUN = frozenset({State.IN_HAND, State.UNDER_WAY})
_DIVISIBLE = frozenset({State.WAITING}) | NEW | WORKING

MOVES: tuple[Move, ...] = (
    # The desk.
    Move(Deed.ASSIGN, _DESK, _WHOLE, State.ASSIGNED, frozenset({Need.UNIT})),
    Move(Deed.GUIDE, _DESK, frozenset({State.WAITING}), State.CLOSED, frozenset({Need.NOTE}), Outcome.GUIDED),
    # The inspector finds that the unit was right: it ends as it had ended before the objection.
    Move(Deed.UPHOLD, _INSPECTOR, frozenset({State.WAITING}), State.CLOSED, frozenset({Need.NOTE})),
    # The unit.
    Move(Deed.ACCEPT, _UNIT, NEW, State.IN_HAND),
    Move(Deed.START, _UNIT, frozenset({State.IN_HAND, State.PLANNED}), State.UNDER_WAY),
    Move(Deed.PLAN, _UNIT, WORKING, State.PLANNED, frozenset({Need.DATE, Need.REASON})),
    Move(Deed.SOLVE, _UNIT, ENDABLE, State.CLOSED, frozenset({Need.NOTE, Need.PHOTO}), Outcome.SOLVED),
    Move(Deed.NOT_SOLVE, _UNIT, ENDABLE, State.CLOSED, frozenset({Need.REASON}), Outcome.NOT_SOLVED),
    Move(Deed.WARN, _UNIT, WORKING, State.WARNED, frozenset({Need.NOTE, Need.DATE})),
    Move(Deed.CONCLUDE, _UNIT, frozenset({State.WARNED}), State.CLOSED, frozenset({Need.NOTE}), Outcome.WARNING),
    Move(Deed.COMMISSION, _UNIT, WORKING, State.COMMISSION, frozenset({Need.DATE, Need.REASON})),
    Move(Deed.RULE, _UNIT, frozenset({State.COMMISSION}), State.CLOSED, frozenset({Need.NOTE}), Outcome.COMMISSION),
    Move(Deed.AWAIT, _UNIT, WORKING, State.AWAITED, frozenset({Need.BODY, Need.DATE, Need.REASON})),
    # Once the day that was named is over, the clock must not stand still any longer.
    Move(Deed.RESUME, _UNIT | _SYSTEM, frozenset({State.AWAITED, State.COMMISSION}), State.IN_HAND),
    Move(Deed.REFER, _UNIT, WITH_UNIT, State.ASSIGNED, frozenset({Need.UNIT, Need.REASON})),
    Move(Deed.OUTSIDE, _UNIT | _DESK, _WHOLE, State.CLOSED, frozenset({Need.BODY, Need.REASON}), Outcome.NOT_MUNICIPAL),
    # Asking takes the request in hand: whoever asks is the one who reads the answer.
    Move(Deed.ASK, _UNIT, NEW | WORKING, State.ASKED, frozenset({Need.NOTE})),
    Move(Deed.ANSWER, _OWNER, frozenset({State.ASKED}), State.IN_HAND, frozenset({Need.WORDS_OR_PHOTO})),
    Move(Deed.GO_ON, _SYSTEM, frozenset({State.ASKED}), State.IN_HAND),
    Move(Deed.SPLIT, _UNIT | _DESK, _DIVISIBLE, State.IN_PARTS, frozenset({Need.PARTS})),
    Move(Deed.JOIN_UP, _SYSTEM, frozenset({State.IN_PARTS}), State.CLOSED),
    Move(Deed.MERGE, _UNIT | _DESK, _DIVISIBLE, State.CLOSED, frozenset({Need.TARGET}), Outcome.MERGED),
    Move(Deed.HAND_OVER, _UNIT, WITH_UNIT - NEW, None, frozenset({Need.COLLEAGUE})),
    # Whoever had it works in the unit no longer: what was just accepted is to be accepted anew, the rest goes on.
    Move(Deed.RELEASE, _SYSTEM, WITH_UNIT - NEW),
    Move(Deed.NOTE, _UNIT | _DESK, OPEN - {State.ROSTER}, None, frozenset({Need.NOTE})),
    # A new subject is routed anew: where that leads to another unit the request is assigned there.
    Move(Deed.CORRECT, _UNIT | _DESK, _WHOLE, None, frozenset({Need.SUBJECT})),
    # A manager, about what was brought before them in a session.
    Move(Deed.RESPOND, _MANAGER, frozenset({State.ROSTER}), State.CLOSED, frozenset({Need.NOTE}), Outcome.GUIDED),
    Move(Deed.REPLY, _MANAGER, OPEN - {State.ROSTER}, None, frozenset({Need.NOTE})),
    Move(Deed.SEND_ON, _MANAGER, OPEN - {State.IN_PARTS}, State.ASSIGNED, frozenset({Need.UNIT, Need.NOTE})),
    Move(Deed.PROMISE, _MANAGER, OPEN - {State.IN_PARTS}, State.PLANNED, frozenset({Need.UNIT, Need.DATE, Need.NOTE})),
    Move(Deed.UNHEARD, _SYSTEM, frozenset({State.ROSTER}), State.WAITING),
    # The citizen.
    Move(Deed.ADD, _OWNER, OPEN - {State.ASKED}, None, frozenset({Need.WORDS_OR_PHOTO})),
    Move(Deed.WITHDRAW, _OWNER | _SYSTEM, OPEN, State.CLOSED, outcome=Outcome.WITHDRAWN),
    Move(Deed.APPROVE, _OWNER, frozenset({State.CLOSED}), None, verdict=Verdict.ACCEPTED),
    Move(
        Deed.OBJECT,
        _OWNER | {Role.SUPPORTER},
        frozenset({State.CLOSED}),
        State.REOPENED,
        frozenset({Need.REASON}),
        verdict=Verdict.OBJECTED,
    ),
    Move(Deed.FALL_SILENT, _SYSTEM, frozenset({State.CLOSED}), None, verdict=Verdict.SILENT),
)

BY_DEED = {move.deed: move for move in MOVES}

OBJECTION_WINDOW = timedelta(days=14)
"""A closed request can be objected to this long (Signalen gives 14 days, DIGIT 10)."""

SILENCE_AFTER = timedelta(days=7)
"""Without a word from the citizen the verdict becomes `silent` after this time; the window above still holds."""

NEEDS_JUDGEMENT = frozenset(Outcome) - {Outcome.WITHDRAWN, Outcome.MERGED}

OBJECTIONS_AT_MOST = 3
"""The first objection goes to the unit, the second to its head, the third to the desk's inspector, who decides."""

REFERRALS_AT_MOST = 3
"""From unit to unit without the desk, referred or under a new subject; then only the desk may move the request: nobody
plays ping-pong with it."""

PARTS_AT_MOST = 10
LATEST_DATE = timedelta(days=400)
"""How far ahead a plan, a follow-up or an awaited answer may lie."""

_NOT_WITH_PARTS = frozenset(
    {Deed.SPLIT, Deed.MERGE, Deed.UPHOLD, Deed.WITHDRAW, Deed.APPROVE, Deed.OBJECT, Deed.FALL_SILENT}
)
"""What is done to the whole and not to one of its parts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table looks at: the request's three fields and times, and the person's roles towards it."""

    state: State
    roles: frozenset[Role]
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    closed_at: datetime | None = None
    times_reopened: int = 0
    part: bool = False
    """Whether it is a part of another request."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person brought along with a deed."""

    unit: str = ""
    body: str = ""
    subject: str = ""
    target: str = ""
    parts: tuple[str, ...] = ()
    colleague: int = 0
    date: str = ""  # a day of the city, as 2026-12-05
    reason: str = ""
    note: str = ""
    photos: tuple[int, ...] = field(default=())


_BROUGHT = {
    Need.UNIT: lambda given: bool(given.unit),
    Need.BODY: lambda given: bool(given.body),
    Need.SUBJECT: lambda given: bool(given.subject),
    Need.TARGET: lambda given: bool(given.target),
    Need.PARTS: lambda given: len(given.parts) > 1,
    Need.COLLEAGUE: lambda given: bool(given.colleague),
    Need.DATE: lambda given: bool(given.date),
    Need.REASON: lambda given: bool(given.reason.strip()),
    Need.NOTE: lambda given: bool(given.note.strip()),
    Need.PHOTO: lambda given: bool(given.photos),
    Need.WORDS_OR_PHOTO: lambda given: bool(given.note.strip() or given.photos),
}


_JUDGED_ANEW: dict[Deed, tuple[Verdict | None, ...]] = {
    Deed.APPROVE: (None, Verdict.SILENT),
    Deed.OBJECT: (None, Verdict.SILENT, Verdict.ACCEPTED),
}
"""The verdicts that may still change: silence into anything, a yes into a no."""


def _judging(move: Move, standing: Standing, now: datetime) -> str:
    """Return why the citizen's verdict cannot be taken now, or an empty string."""
    if standing.outcome not in NEEDS_JUDGEMENT:
        return "nothing-to-judge"
    if move.deed is Deed.OBJECT and standing.times_reopened >= OBJECTIONS_AT_MOST:
        return "objected-enough"
    if standing.verdict not in _JUDGED_ANEW[move.deed]:
        return "already-judged"
    if standing.closed_at is None or now - standing.closed_at > OBJECTION_WINDOW:
        return "objection-window-over"
    return ""


def for_head_alone(standing: Standing) -> bool:
    """Tell whether the citizen has objected for the second time: then the unit's head takes it in hand."""
    return standing.state is State.REOPENED and standing.times_reopened == OBJECTIONS_AT_MOST - 1


def objection(move: Move, standing: Standing, now: datetime) -> str:
    """Return the key of the reason why `move` may not be made now, or an empty string when it may."""
    if not move.by & standing.roles:
        return "not-yours"
    if standing.state not in move.since:
        return "already-closed" if standing.state is State.CLOSED else "not-now"
    if standing.part and move.deed in _NOT_WITH_PARTS and Role.SYSTEM not in standing.roles:
        return "is-a-part"
    if for_head_alone(standing) and move.deed is Deed.ACCEPT and Role.HEAD not in standing.roles:
        return "heads-only"
    if move.deed is Deed.UPHOLD and not standing.times_reopened:
        return "nothing-to-uphold"  # nobody has answered yet
    return _about_verdict(move, standing, now)


def _about_verdict(move: Move, standing: Standing, now: datetime) -> str:
    if move.verdict in (Verdict.ACCEPTED, Verdict.OBJECTED):
        return _judging(move, standing, now)
    if move.verdict is Verdict.SILENT and standing.verdict is not None:
        return "already-judged"
    return ""


def allowed(standing: Standing, now: datetime) -> tuple[Move, ...]:
    """List the moves this person may make now, in the table's order: the buttons of a card."""
    return tuple(move for move in MOVES if not objection(move, standing, now))


def missing(move: Move, given: Given, *, photo_demanded: bool = False) -> tuple[Need, ...]:
    """List what the move still needs; a photo counts only where the subject demands one."""
    needs = (need for need in Need if need in move.needs)
    return tuple(need for need in needs if not _BROUGHT[need](given) and (need is not Need.PHOTO or photo_demanded))


def check(deed: Deed, standing: Standing, given: Given, now: datetime, *, photo_demanded: bool = False) -> Move:
    """Return the row for `deed`; raise Refused with the reason when it may not be done now."""
    move = BY_DEED[deed]
    reason = objection(move, standing, now)
    if reason:
        raise Refused(reason)
    lacking = missing(move, given, photo_demanded=photo_demanded)
    if lacking:
        raise Refused(f"needs-{lacking[0].replace('_', '-')}")
    return move
