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

    WAITING = "waiting"  # at the 137 desk, no unit yet
    ASSIGNED = "assigned"  # a unit has it and has not answered yet
    IN_HAND = "in_hand"  # somebody in the unit took it
    UNDER_WAY = "under_way"  # work has begun
    ASKED = "asked_citizen"  # the unit waits for the citizen's answer
    REOPENED = "reopened"  # the citizen objected; the unit has it again
    CLOSED = "closed"


OPEN = frozenset(State) - {State.CLOSED}
WITH_UNIT = OPEN - {State.WAITING}
ACCEPTED = frozenset({State.IN_HAND, State.UNDER_WAY})
ENDABLE = ACCEPTED | {State.ASKED}  # an answer that never comes must not keep a request open


class Outcome(StrEnum):
    """How a request ended, in the classes that the 137 centre publishes, and `withdrawn`, which is not counted."""

    SOLVED = "solved"
    WARNING = "warning"
    GUIDED = "guided"
    NOT_MUNICIPAL = "not_municipal"
    NOT_SOLVED = "not_solved"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What the citizen says of the outcome."""

    ACCEPTED = "accepted"
    OBJECTED = "objected"
    SILENT = "silent"


class Deed(StrEnum):
    """What somebody does to a request."""

    ASSIGN = "assign"
    ACCEPT = "accept"
    START = "start"
    SOLVE = "solve"
    NOT_SOLVE = "not_solve"
    WARN = "warn"
    REFER = "refer"
    OUTSIDE = "outside"
    ASK = "ask"
    ANSWER = "answer"
    NOTE = "note"
    GUIDE = "guide"
    CORRECT = "correct"
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
_DESK = frozenset({Role.OPERATOR})
_OWNER = frozenset({Role.OWNER})
_NEW = frozenset({State.ASSIGNED, State.REOPENED})

MOVES: tuple[Move, ...] = (
    Move(Deed.ASSIGN, _DESK, OPEN, State.ASSIGNED, frozenset({Need.UNIT})),
    Move(Deed.GUIDE, _DESK, frozenset({State.WAITING}), State.CLOSED, frozenset({Need.NOTE}), Outcome.GUIDED),
    Move(Deed.ACCEPT, _UNIT, _NEW, State.IN_HAND),
    Move(Deed.START, _UNIT, frozenset({State.IN_HAND}), State.UNDER_WAY),
    Move(Deed.SOLVE, _UNIT, ENDABLE, State.CLOSED, frozenset({Need.NOTE, Need.PHOTO}), Outcome.SOLVED),
    Move(Deed.NOT_SOLVE, _UNIT, ENDABLE, State.CLOSED, frozenset({Need.REASON}), Outcome.NOT_SOLVED),
    Move(Deed.WARN, _UNIT, ENDABLE, State.CLOSED, frozenset({Need.NOTE}), Outcome.WARNING),
    Move(Deed.REFER, _UNIT, WITH_UNIT, State.ASSIGNED, frozenset({Need.UNIT, Need.REASON})),
    Move(
        Deed.OUTSIDE,
        _UNIT | _DESK,
        OPEN,
        State.CLOSED,
        frozenset({Need.BODY, Need.REASON}),
        Outcome.NOT_MUNICIPAL,
    ),
    # Asking takes the request in hand: whoever asks is the one who reads the answer.
    Move(Deed.ASK, _UNIT, _NEW | ACCEPTED, State.ASKED, frozenset({Need.NOTE})),
    Move(Deed.ANSWER, _OWNER, frozenset({State.ASKED}), State.IN_HAND, frozenset({Need.WORDS_OR_PHOTO})),
    Move(Deed.NOTE, _UNIT | _DESK, OPEN, None, frozenset({Need.NOTE})),
    # A new subject is routed anew: where that leads to another unit the request is assigned there.
    Move(Deed.CORRECT, _UNIT | _DESK, OPEN, None, frozenset({Need.SUBJECT})),
    Move(Deed.ADD, _OWNER, OPEN - {State.ASKED}, None, frozenset({Need.WORDS_OR_PHOTO})),
    Move(Deed.WITHDRAW, _OWNER, OPEN, State.CLOSED, outcome=Outcome.WITHDRAWN),
    Move(Deed.APPROVE, _OWNER, frozenset({State.CLOSED}), None, verdict=Verdict.ACCEPTED),
    Move(
        Deed.OBJECT,
        _OWNER | {Role.SUPPORTER},
        frozenset({State.CLOSED}),
        State.REOPENED,
        frozenset({Need.REASON}),
        verdict=Verdict.OBJECTED,
    ),
    Move(Deed.FALL_SILENT, frozenset({Role.SYSTEM}), frozenset({State.CLOSED}), None, verdict=Verdict.SILENT),
)

BY_DEED = {move.deed: move for move in MOVES}

OBJECTION_WINDOW = timedelta(days=14)
"""A closed request can be objected to this long (Signalen gives 14 days, DIGIT 10)."""

SILENCE_AFTER = timedelta(days=7)
"""Without a word from the citizen the verdict becomes `silent` after this time; the window above still holds."""

NEEDS_JUDGEMENT = frozenset(Outcome) - {Outcome.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table looks at: the request's three fields and times, and the person's roles towards it."""

    state: State
    roles: frozenset[Role]
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a person brought along with a deed."""

    unit: str = ""
    body: str = ""
    subject: str = ""
    reason: str = ""
    note: str = ""
    photos: tuple[int, ...] = field(default=())


_BROUGHT = {
    Need.UNIT: lambda given: bool(given.unit),
    Need.BODY: lambda given: bool(given.body),
    Need.SUBJECT: lambda given: bool(given.subject),
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
    if standing.verdict not in _JUDGED_ANEW[move.deed]:
        return "already-judged"
    if standing.closed_at is None or now - standing.closed_at > OBJECTION_WINDOW:
        return "objection-window-over"
    return ""


def objection(move: Move, standing: Standing, now: datetime) -> str:
    """Return the key of the reason why `move` may not be made now, or an empty string when it may."""
    if not move.by & standing.roles:
        return "not-yours"
    if standing.state not in move.since:
        return "already-closed" if standing.state is State.CLOSED else "not-now"
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
