"""Ready sentences under a question for a reason or words: one tap instead of typing."""

from domain.casework import Request
from domain.lifecycle import Deed, Need
from domain.messages import Button, Message
from handlers.turn import Rows, Turn, button, number
from services import templates
from texts.speech import text

SAID = frozenset({Need.REASON, Need.NOTE})


async def under(turn: Turn, request: Request, deed: Deed, asked: Message) -> tuple[Message, bool]:
    """Put the sentences for this deed under its question; tell whether there are any."""
    found = await templates.offered(turn.tx, deed, request.subject, turn.now)
    if not found:
        return asked, False
    data = f"w:{request.code}:{deed}"
    rows: Rows = [[Button(label=one.title, data=f"{data}:x:{one.id}")] for one in found]
    *above, leave = asked.buttons
    return asked.model_copy(update={"buttons": [*rows, *above, [button("button-write", f"{data}:w"), *leave]]}), True


async def chosen(turn: Turn, request: Request, deed: Deed, value: str) -> str:
    """Return the chosen sentence about this request."""
    return await templates.chosen(turn.tx, turn.centre, number(value), request, deed, turn.now)


def to_write(request: Request, leave: list[Button]) -> Message:
    """Ask for words of one's own."""
    return Message(text=text("write-it", code=request.code), buttons=[leave])
