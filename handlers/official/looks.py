"""What a card shows on demand: the citizen's number, the whole history, the card anew, the deeds done less often."""

from collections.abc import Awaitable, Callable

from domain import lifecycle
from domain.casework import Request
from domain.messages import Message, Priority, Toast
from domain.refusal import Refused
from handlers.turn import Turn
from services import assignment, cards, casework, clock_words, oversight, work_photos
from services.cards import happening_line, readable
from services.identity import national
from storage import outbox, requests
from texts.speech import label, lines, text


async def _phone(turn: Turn, request: Request) -> None:
    """The number goes to the private chat of whoever asked and may see it, never into a group."""
    phone = await casework.show_phone(turn.tx, turn.actor, request, turn.now)
    vouched = "yes" if request.phone_verified else "no"
    await outbox.put(
        turn.tx,
        messenger=turn.messenger,
        chat_id=turn.account.user_id,
        message=Message(text=text("phone-shown", code=request.code, phone=national(phone), vouched=vouched)),
        priority=Priority.REPLY,
        now=turn.now,
    )
    if turn.in_group:
        turn.toast = Toast(text=label("phone-sent-privately"))


async def _history(turn: Turn, request: Request) -> None:
    events = await requests.timeline(turn.tx, request.id)
    over = request.state is lifecycle.State.CLOSED
    told = [happening_line(turn.centre, event, turn.now, hidden=over, longest=cards.WHOLE) for event in events][-30:]
    await turn.say(
        lines(
            text("history-heading", code=request.code),
            *told,
            *await clock_words.of_request(turn.tx, turn.centre, request, turn.now),
            text("card-words", words=readable(request.display, over)[:2500]) if request.display else "",
        )
    )


async def _card(turn: Turn, request: Request) -> None:
    viewer = None if turn.in_group else turn.actor.person
    await assignment.post(
        turn.tx,
        turn.centre,
        request,
        turn.messenger,
        turn.chat_id,
        viewer=viewer,
        now=turn.now,
        priority=Priority.REPLY,
    )


async def _more(turn: Turn, request: Request) -> None:
    roles = casework.roles_towards(turn.actor, request)
    words = text("more-deeds", code=request.code)
    await turn.say(words, buttons=cards.further_buttons(request, roles, turn.now))


async def _album(turn: Turn, request: Request) -> None:
    shown = await work_photos.album(turn.tx, request)
    if request.state is not lifecycle.State.CLOSED or not shown:
        raise Refused("no-work-photos")
    await turn.say(Message(text=text("before-after", code=request.code), pictures=shown))


async def from_above(turn: Turn, code: str) -> None:
    """Show a request to a deputy or manager who was warned of it; raises Refused for anybody else."""
    request = await requests.by_code(turn.tx, code)
    if request is None or turn.in_group:
        raise Refused("old-button")
    await turn.say(await oversight.look(turn.tx, turn.centre, turn.actor, request, turn.now))


LOOKS: dict[str, Callable[[Turn, Request], Awaitable[None]]] = {
    "phone": _phone,
    "history": _history,
    "card": _card,
    "more": _more,
    "album": _album,
}
