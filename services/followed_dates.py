"""Whoever follows a request hears of another date than they were told, also where nothing else of it is theirs."""

from datetime import datetime

from domain.casework import Request
from domain.lifecycle import State
from domain.messages import Button, Message
from services import saying
from services.centre import Centre
from services.letters import new_date, subject_title
from services.wholes import family_of
from storage import followers as rows
from storage.database import Transaction
from texts.numbers import when
from texts.speech import Rich, label, lines, text


def buttons(request: Request) -> list[list[Button]]:
    """Offer to look at a request that is followed and, while there is more to hear, to hear no more of it."""
    stop = Button(label=label("button-follow-stop"), data=f"n:u:{request.id}")
    return [look(request)] if request.state is State.CLOSED else [[*look(request), stop]]


def look(request: Request) -> list[Button]:
    """Offer to look at a request without naming its code."""
    return [Button(label=label("button-timeline"), data=f"n:v:{request.id}")]


def heading(centre: Centre, request: Request) -> Rich:
    """Say which of the requests that somebody follows the news is about."""
    return text("follow-news", subject=subject_title(centre, request))


async def moved(tx: Transaction, centre: Centre, before: Request, request: Request, now: datetime) -> None:
    """Say the date that the end of a question moved: of the question itself they heard nothing."""
    date = new_date(centre, before, request, now)
    if date:
        await _tell(tx, centre, request, date, now)


async def missed(
    tx: Transaction, centre: Centre, request: Request, until: datetime, now: datetime, *, again: bool
) -> None:
    """Apologise to them too for a date that is over, and say the new one."""
    unit, at = centre.city.unit(request.unit).title, when(until, centre.zone, now)
    await _tell(tx, centre, request, text("follow-late-again" if again else "follow-late", unit=unit, until=at), now)


async def _tell(tx: Transaction, centre: Centre, request: Request, words: Rich, now: datetime) -> None:
    theirs = await rows.of_request(tx, request.parent or request.id)
    if not theirs:
        return
    family = await family_of(tx, request)
    whole = family.whole if family else request
    part = family.heading(centre, request) if family and request.parent else ""
    message = Message(text=lines(heading(centre, whole), part, words), buttons=buttons(whole))
    await saying.push_to_all(tx, theirs, message, now)
