"""What a deed means for those who wait to be heard about the request, and whom a session is told to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.casework import Request
from domain.hearings import COMES_OF, Hearing, HearingState, Session
from domain.lifecycle import Deed, State
from domain.messages import Message
from services import acting, promises, saying
from services.acting import Doing
from services.centre import Centre
from services.sequels import Sequel
from storage import people, sessions
from storage.database import Transaction
from texts.numbers import clock_time, dated_when, when
from texts.speech import text


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """End the hearing that a manager's deed answers; one whose request ends otherwise ends with it."""
    if doing.deed in COMES_OF and doing.person is not None:
        found = await sessions.before_manager(tx, after.id, doing.person)
        if found is not None:
            promised = after.planned_for if doing.deed is Deed.PROMISE else None
            await sessions.settle(tx, found[0], COMES_OF[doing.deed], answered_at=doing.now, promised_for=promised)
    if after.state is State.CLOSED and before.state is not State.CLOSED:
        for hearing in await sessions.waiting_with(tx, after.id):
            await sessions.settle(tx, hearing.id, HearingState.LEFT)
            if doing.person != hearing.account.person:
                await _tell_place_gone(tx, hearing, after, doing.now)
    return ()


async def _tell_place_gone(tx: Transaction, hearing: Hearing, request: Request, now: datetime) -> None:
    """Say that nobody waits with a request that somebody else has closed; they may ask again."""
    session = await sessions.find(tx, hearing.session)
    if session is not None:
        words = text("place-gone", code=request.code, title=session.title)
        await saying.push_to_all(tx, [hearing.account], Message(text=words), now)


async def told_of_promise(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> Mapping[str, Any]:
    """A promised day is what citizens were told last."""
    day = acting.checked_day(centre, doing.given.date, doing.now)
    return {"promised_at": promises.end_of_day(centre, day)}


def times(centre: Centre, session: Session, now: datetime) -> dict[str, str]:
    """Say who answers, when and until when, as the texts about a session need it."""
    return {
        "title": session.title,
        "when": when(session.starts_at, centre.zone, now),
        "until": clock_time(session.ends_at, centre.zone),
    }


def notice_times(centre: Centre, session: Session, now: datetime) -> dict[str, str]:
    """Say the same for a notice, which leaves when an administrator sends it and takes hours to reach everybody."""
    return times(centre, session, now) | {"when": dated_when(session.starts_at, centre.zone, now)}


async def tell_manager(tx: Transaction, session: Session, message: Message, now: datetime) -> None:
    """Write to the manager of a session, on every messenger they use."""
    await saying.push_to_all(tx, await people.accounts_of(tx, session.manager), message, now)
