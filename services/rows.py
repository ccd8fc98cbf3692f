"""One request as one line of a list, with its code, its subject and the time that is left."""

from datetime import datetime

from domain.casework import Request
from domain.clocks import RUNS
from domain.messages import Button
from domain.richtext import clipped
from services.centre import Centre
from services.letters import subject_title
from texts.numbers import span
from texts.speech import label

_LETTERS = 60


def left(request: Request, now: datetime) -> str:
    """Say how long there is until the deadline, or how long it has been over, unless nothing runs."""
    if request.state not in RUNS:
        return label("clock-still")
    return span(request.deadline_at - now) if request.deadline_at else ""


def late(request: Request, now: datetime) -> bool:
    """Tell whether the deadline is over, of what somebody could work on now."""
    return request.state in RUNS and request.deadline_at is not None and request.deadline_at < now


def line(centre: Centre, request: Request, now: datetime) -> str:
    """Write a request in one line."""
    return label(
        "desk-row",
        code=request.code,
        subject=subject_title(centre, request),
        left=left(request, now),
        late="yes" if late(request, now) else "no",
        urgent="yes" if request.urgent else "no",
    )


def button(centre: Centre, request: Request, now: datetime) -> Button:
    """Make the button that opens a request's card."""
    return Button(label=clipped(line(centre, request, now), _LETTERS), data=f"w:{request.code}:card")
