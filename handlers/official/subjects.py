"""Choosing the right subject of a request: the machine's other guesses, the groups, or words typed by the official."""

from domain.casework import Request
from domain.lifecycle import Deed
from domain.messages import Button, Message
from handlers.citizen.questions import short
from handlers.turn import Rows, Turn, button
from services import intake
from texts.speech import text

_GUESSES = 3


def _rows(turn: Turn, request: Request, slugs: list[str]) -> Rows:
    city = turn.centre.city
    known = {subject.slug for subject in city.subjects}
    return [
        [Button(label=short(city.subject(slug).short_title), data=f"w:{request.code}:{Deed.CORRECT}:s:{slug}")]
        for slug in slugs
        if slug in known and slug != request.subject
    ]


def _groups(turn: Turn, request: Request) -> Rows:
    groups = [
        Button(label=short(group.title, 24), data=f"w:{request.code}:{Deed.CORRECT}:g:{group.slug}")
        for group in turn.centre.city.groups
    ]
    return [groups[i : i + 2] for i in range(0, len(groups), 2)]


def _leave(request: Request) -> list[Button]:
    return [button("button-leave", f"w:{request.code}:leave")]


def question(turn: Turn, request: Request, deed: Deed) -> Message:
    """Ask which subject is the right one: the guesses first, so that two taps do in most cases."""
    rows = _rows(turn, request, [*request.guesses[:_GUESSES]]) + _groups(turn, request)
    return Message(text=text("ask-right-subject", code=request.code), buttons=[*rows, _leave(request)])


def of_group(turn: Turn, request: Request, group: str) -> Message:
    """List one group's subjects."""
    rows = _rows(turn, request, [subject.slug for subject in turn.centre.city.subjects_of(group)])
    return Message(text=text("ask-right-subject-in-group", code=request.code), buttons=[*rows, _leave(request)])


def found(turn: Turn, request: Request) -> Message:
    """List the subjects that fit what was typed; the groups when none does."""
    rows = _rows(turn, request, intake.find_subjects(turn.centre, turn.words))
    key = "ask-right-subject-in-group" if rows else "right-subject-not-found"
    return Message(text=text(key, code=request.code), buttons=[*(rows or _groups(turn, request)), _leave(request)])
