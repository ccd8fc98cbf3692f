"""A session as people see it: to those who wait, and the queue to those who look after it."""

from domain.hearings import Session
from handlers.turn import Rows, Turn, button
from services import heard
from services.hearings import QueuePlace
from services.letters import subject_title
from storage import requests, sessions
from texts.speech import Rich, lines, text

_LISTED = 30


async def queue(turn: Turn, session: Session, rows: Rows) -> None:
    """List who waits: code and subject, nothing personal, and no button to answer in the manager's place."""
    waiting = await sessions.queue(turn.tx, session.id)
    listed = []
    for number, hearing in enumerate(waiting[:_LISTED], 1):
        request = await requests.get(turn.tx, hearing.request)
        subject = subject_title(turn.centre, request)
        listed.append(text("hearing-line", number=number, code=request.code, subject=subject))
    heading = text("queue-heading", count=len(waiting), title=session.title)
    await turn.say(lines(heading, *listed), buttons=rows)


def place_words(turn: Turn, place: QueuePlace) -> Rich:
    """Say to a citizen which place in the queue is theirs, and when it begins."""
    details = heard.times(turn.centre, place.session, turn.now)
    begun = "yes" if place.session.starts_at <= turn.now else "no"
    return text("my-turn", number=place.number, code=place.request.code, begun=begun, **details)


def place_buttons(place: QueuePlace) -> Rows:
    """Offer what somebody who waits may want."""
    here = f"s:{place.session.id}"
    return [
        [
            button("button-add", f"r:{place.request.code}:add"),
            button("button-timeline", f"r:{place.request.code}:view"),
        ],
        [button("button-leave-queue", f"{here}:lv")],
    ]
