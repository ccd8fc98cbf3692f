"""A citizen asks a manager to be heard: in words, by voice, with a photo, or with an open request of theirs."""

from collections.abc import Awaitable, Callable
from typing import Any

import telegram

from domain.casework import Request
from domain.draft import Slots
from domain.hearings import Session
from domain.lifecycle import OBJECTION_WINDOW, Outcome, State
from domain.messages import Button
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, Role
from handlers import attachments
from handlers.attachments import Attachment
from handlers.citizen import arriving, following
from handlers.citizen.questions import short
from handlers.roster import correcting, showing
from handlers.turn import Rows, Turn, button
from services import heard, hearings, intake, sessions
from services.hearings import QueuePlace
from services.letters import subject_title
from storage import requests
from texts.speech import Rich, label, lines, text

AWAITED = "hearing"
_CHOSEN_FROM = 6
_MANY = 4  # sessions on one screen


async def show(turn: Turn) -> None:
    """List the sessions in which one can ask to be heard."""
    found = await hearings.open_to_all(turn.tx, turn.now)
    if not found:
        await turn.say(text("no-sessions"), buttons=[[button("menu-new", "g:new")]])
        return
    rows: Rows = [[_choice(session, f"s:{session.id}:ask")] for session in found[:_MANY]]
    told = [text("session-line", **heard.times(turn.centre, session, turn.now)) for session in found[:_MANY]]
    if turn.is_staff(*AT_THE_DESK, Role.ADMINISTRATOR):  # they look, but cannot answer for a manager
        queues = [_choice(session, f"s:{session.id}:queue", "queue-of") for session in found[:_MANY]]
        rows += [[one] for one in queues]
    await turn.say(lines(text("sessions"), *told), buttons=rows)


def _choice(session: Session, data: str, key: str = "session-title") -> Button:
    return Button(label=short(label(key, title=session.title)), data=data)


async def _look(turn: Turn, session: int, _: list[str]) -> None:
    if not turn.is_staff(*AT_THE_DESK, Role.ADMINISTRATOR):
        raise Refused("session-not-yours")
    await showing.queue(turn, await sessions.found(turn.tx, session), [])


async def bring(turn: Turn, code: str) -> None:
    """Bring one of the person's own requests before a manager: "s:r:<code>"."""
    request = await following.own(turn, code)
    found = await hearings.open_to_all(turn.tx, turn.now)
    if not found:
        await show(turn)
    elif len(found) == 1:
        await _take(turn, found[0].id, [request.code])
    else:
        rows = [[_choice(session, f"s:{session.id}:take:{code}")] for session in found[:_MANY]]
        await turn.say(text("which-session"), buttons=[*rows, [button("button-leave", "g:leave")]])


async def _ask(turn: Turn, session: int, _: list[str]) -> None:
    """Ask what is to be said to the manager; whoever waits already sees their place."""
    known = await sessions.found(turn.tx, session)
    place = await hearings.place_of(turn.tx, known, turn.actor.person)
    if place is not None:
        await turn.say(showing.place_words(turn, place), buttons=showing.place_buttons(place))
        return
    known = await _free(turn, session)
    await _ask_words(turn, known, "")


async def _free(turn: Turn, session: int) -> Session:
    return await hearings.refuse_unless_free(turn.tx, session, turn.actor.person, turn.now)


async def _ask_words(turn: Turn, session: Session, code: str) -> None:
    turn.await_(AWAITED, session=session.id, about=code)
    own = [] if code else await _own(turn)
    rows = [[button("button-choose-request", f"s:{session.id}:mine")]] if own else []
    key = "ask-hearing-again" if code else "ask-hearing"
    words = text(key, code=code, **heard.times(turn.centre, session, turn.now))
    await turn.say(words, buttons=[*rows, [button("button-leave", "g:leave")]])


async def _own(turn: Turn) -> list[Request]:
    newest = await requests.of_person(turn.tx, turn.actor.person, _CHOSEN_FROM)
    return [one for one in newest if one.owner == turn.actor.person and (_can_be_heard(turn, one))]


def _can_be_heard(turn: Turn, request: Request) -> bool:
    """Tell whether a request is open, or closed so lately that it could be objected to."""
    lately = request.closed_at is None or turn.now - request.closed_at <= OBJECTION_WINDOW
    return lately and request.parent is None and request.state is not State.ROSTER


async def _mine(turn: Turn, session: int, _: list[str]) -> None:
    await _free(turn, session)
    rows = [
        [
            Button(
                label=short(f"{one.code} · {subject_title(turn.centre, one)}", 60), data=f"s:{session}:take:{one.code}"
            )
        ]
        for one in await _own(turn)
    ]
    await turn.say(text("which-request"), buttons=[*rows, [button("button-leave", "g:leave")]])


async def _take(turn: Turn, session: int, rest: list[str]) -> None:
    """Queue an open request as it is; about one that is closed the citizen says what is still wrong."""
    request = await following.own(turn, rest[0] if rest else "")
    if request.state is State.CLOSED and _can_be_heard(turn, request):
        await _ask_words(turn, await _free(turn, session), request.code)
        return
    place = await hearings.bring_request(turn.tx, turn.centre, turn.actor, session, request, turn.now)
    turn.await_(None)
    await _queued(turn, place)


async def _queued(turn: Turn, place: QueuePlace, understood: Rich | str = "", rows: Rows | None = None) -> None:
    words = lines(text("hearing-queued"), showing.place_words(turn, place), understood)
    await turn.say(words, buttons=[*(rows or []), *showing.place_buttons(place)])


async def brought(update: telegram.Update, turn: Turn) -> None:
    """Take what a citizen has to say to a manager into the queue; danger goes the ordinary way at once."""
    asked = turn.talk.awaiting or {}
    found = attachments.of(update.effective_message) if update.effective_message else None
    if found is None and not turn.words:
        await turn.say(text("cannot-read-this"))
        return
    slots = Slots()
    kind = intake.read_words(turn.centre, slots, turn.words, turn.message_id).kind if turn.words else ""
    if slots.danger:
        turn.await_(None)
        await arriving.arrived(update, turn)
    elif kind == "none" and found is None:
        await turn.say(text("hearing-say-more"), buttons=[[button("button-leave", "g:leave")]])
    else:
        await _queue(turn, asked, slots, found)


async def _queue(turn: Turn, asked: dict[str, Any], slots: Slots, found: Attachment | None) -> None:
    if found is not None:
        (intake.take_photo if found.shows else intake.take_file)(slots, await attachments.keep(turn, found))
    if asked["about"]:
        hearings.go_on_about(slots, await following.own(turn, asked["about"]))
    place = await hearings.bring_words(turn.tx, turn.centre, turn.account, asked["session"], slots, turn.now)
    following.await_rest_of_album(turn, place.request.code)
    await _queued(turn, place, correcting.understood(turn, place.request), correcting.buttons(place))


async def _leave(turn: Turn, session: int, _: list[str]) -> None:
    place = await hearings.place_of(turn.tx, await sessions.found(turn.tx, session), turn.actor.person)
    if place is None:
        raise Refused("heard-not-waiting")
    if place.request.state is not State.ROSTER:
        await _leave_for(turn, session, withdraw=False)
        return
    rows = [
        [button("button-ordinary-way", f"s:{session}:lvo")],
        [button("button-withdraw", f"s:{session}:lvw")],
        [button("button-stay", f"s:{session}:ask")],
    ]
    await turn.say(text("ask-leave-queue", code=place.request.code), buttons=rows)


async def _leave_for(turn: Turn, session: int, *, withdraw: bool) -> None:
    request = await hearings.leave(turn.tx, turn.centre, turn.actor, session, turn.now, withdraw=withdraw)
    await turn.say(
        text("queue-left", code=request.code, withdrawn="yes" if request.outcome is Outcome.WITHDRAWN else "no")
    )


async def _leave_ordinary(turn: Turn, session: int, _: list[str]) -> None:
    await _leave_for(turn, session, withdraw=False)


async def _leave_withdrawn(turn: Turn, session: int, _: list[str]) -> None:
    await _leave_for(turn, session, withdraw=True)


PRESSES: dict[str, Callable[[Turn, int, list[str]], Awaitable[None]]] = {
    "ask": _ask,
    "mine": _mine,
    "take": _take,
    "queue": _look,
    "lv": _leave,
    "lvo": _leave_ordinary,
    "lvw": _leave_withdrawn,
    **correcting.PRESSES,
}


async def sorry_kindly(turn: Turn, refusal: Refused) -> bool:
    """Say why a manager cannot hear them and offer the ordinary way; False when it is another refusal."""
    if refusal.reason not in ("session-full", "session-over", "session-cancelled"):
        return False
    turn.await_(None)
    words = lines(text(f"refused-{refusal.reason}", **refusal.details), text("ordinary-way-stays"))
    others = [one for one in await hearings.open_to_all(turn.tx, turn.now) if str(one.id) not in turn.choice]
    rows: Rows = [[button("button-other-sessions", "s:list")]] if others else []
    await turn.say(words, buttons=[*rows, [button("menu-new", "g:new")]])
    return True
