"""What the machine understood of words for a manager: the citizen may put subject and place right, but need not."""

from collections.abc import Awaitable, Callable
from typing import Any

import telegram

from domain.casework import Request
from domain.draft import Place, Slots
from domain.lifecycle import State
from domain.messages import Button
from domain.refusal import Refused
from handlers.citizen.questions import short
from handlers.turn import Rows, Turn, button
from services import hearings, intake, sessions
from services.hearings import QueuePlace
from services.letters import subject_title
from texts.speech import Rich, label, text

PLACE, SUBJECT = "hearing-place", "hearing-subject"
_GUESSES = 4


def understood(turn: Turn, request: Request) -> Rich:
    """Say which subject and place it was taken for."""
    not_said = label("not-said")
    subject = subject_title(turn.centre, request) if request.subject else not_said
    place = request.address or (label("place-on-map") if request.lat else not_said)
    return text("hearing-understood", subject=subject, place=place)


def buttons(place: QueuePlace) -> Rows:
    """Offer to put subject and place right."""
    here = f"s:{place.session.id}"
    return [[button("button-name-subject", f"{here}:subj"), button("button-name-place", f"{here}:place")]]


async def _mine(turn: Turn, session: int) -> QueuePlace:
    """Return where the person stands, with words that are still only the manager's; raises Refused."""
    place = await hearings.place_of(turn.tx, await sessions.found(turn.tx, session), turn.actor.person)
    if place is None or place.request.state is not State.ROSTER:
        raise Refused("heard-not-waiting")
    return place


def _subject_rows(turn: Turn, session: int, slugs: list[str]) -> Rows:
    city = turn.centre.city
    known = {subject.slug for subject in city.subjects}
    shown = [
        [Button(label=short(city.subject(slug).short_title), data=f"s:{session}:subj:{slug}")]
        for slug in slugs
        if slug in known
    ]
    return [*shown, [button("button-leave", "g:leave")]]


async def _subject(turn: Turn, session: int, rest: list[str]) -> None:
    place = await _mine(turn, session)
    if not rest:
        turn.await_(SUBJECT, session=session)
        guesses = [*place.request.guesses[:_GUESSES]]
        await turn.say(text("ask-hearing-subject"), buttons=_subject_rows(turn, session, guesses))
        return
    if rest[0] not in {subject.slug for subject in turn.centre.city.subjects}:
        raise Refused("old-button")
    title = turn.centre.city.subject(rest[0]).short_title
    await _put_right(turn, place, {"subject": rest[0]}, label("said-subject", subject=title))


async def typed_subject(update: telegram.Update, turn: Turn) -> None:
    """Look for the subject that was typed."""
    session = (turn.talk.awaiting or {})["session"]
    await _mine(turn, session)
    slugs = intake.find_subjects(turn.centre, turn.words) if turn.words else []
    await turn.say(
        text("subject-found" if slugs else "hearing-subject-not-found"), buttons=_subject_rows(turn, session, slugs)
    )


async def _place(turn: Turn, session: int, _: list[str]) -> None:
    await _mine(turn, session)
    turn.await_(PLACE, session=session)
    await turn.say(text("ask-place"), buttons=[[button("button-leave", "g:leave")]])


async def brought_place(update: telegram.Update, turn: Turn) -> None:
    """Take a position or an address for the place; what is none is asked again."""
    place = await _mine(turn, (turn.talk.awaiting or {})["session"])
    message = update.effective_message
    slots = Slots(place=Place(address=place.request.address))  # a position adds to an address, it does not replace it
    spot = message and (message.venue.location if message.venue else message.location)
    try:
        if spot:
            intake.take_position(turn.centre, slots, spot.latitude, spot.longitude)
        else:
            intake.take_address(turn.centre, slots, turn.words)
    except Refused as refusal:  # the question stays open
        await turn.sorry(refusal)
        return
    where = slots.place
    columns = {"lat": where.lat, "lon": where.lon, "address": where.address, "district": where.district}
    await _put_right(turn, place, columns, label("said-place", place=where.address or label("place-on-map")))


async def _put_right(turn: Turn, place: QueuePlace, columns: dict[str, Any], said: str) -> None:
    await hearings.put_right(turn.tx, turn.centre, turn.actor, place.request, columns, said, turn.now)
    turn.await_(None)
    changed = await _mine(turn, place.session.id)
    await turn.say(understood(turn, changed.request), buttons=buttons(changed))


PRESSES: dict[str, Callable[[Turn, int, list[str]], Awaitable[None]]] = {
    "subj": _subject,
    "place": _place,
}
