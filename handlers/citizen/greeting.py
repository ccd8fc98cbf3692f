"""/start, /help and the other words that mean a command."""

from collections.abc import Awaitable, Callable

from domain import tracking
from domain.messages import Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import around, drafting, following, pressing
from handlers.official import desk, joining
from handlers.roster import asking
from handlers.turn import Turn, button
from services import callers
from services.staff import PAYLOAD
from texts.speech import lines, text

Command = Callable[[Turn], Awaitable[None]]

REQUEST_PAYLOAD = "r_"


async def welcome(turn: Turn) -> None:
    """Say what the bot does and show the keyboard; an open draft is offered again."""
    board, keys = menus.keyboard(turn)
    await turn.say(Message(text=text("welcome", city=turn.centre.city.name), keyboard=board), keys=keys)
    draft = await turn.open_draft()
    if draft is not None and draft.slots.has_content:
        rows = [[button("button-go-on", f"d:{draft.id}:go"), button("button-restart", f"d:{draft.id}:n")]]
        await turn.say(lines(callers.mark(draft.slots), text("draft-waiting")), buttons=rows)


async def start(turn: Turn, payload: str) -> None:
    """Open the door: an invitation, a request's code, or simply the welcome."""
    turn.await_(None)
    if payload.startswith(PAYLOAD):
        try:
            await joining.offered(turn, payload)
        except Refused as refusal:
            await turn.refuse(refusal, act="invitation")
        return
    if payload.startswith(REQUEST_PAYLOAD) and tracking.is_code(payload.removeprefix(REQUEST_PAYLOAD)):
        await following.by_code(turn, payload.removeprefix(REQUEST_PAYLOAD))
        return
    await welcome(turn)


async def _help(turn: Turn) -> None:
    board, keys = menus.keyboard(turn)
    await turn.say(Message(text=text("help", city=turn.centre.city.name), keyboard=board), keys=keys)


async def _new(turn: Turn) -> None:
    draft = await turn.open_draft()
    if draft is not None and draft.slots.has_content:
        rows = [[button("button-go-on", f"d:{draft.id}:go"), button("button-restart", f"d:{draft.id}:n")]]
        await turn.say(lines(callers.mark(draft.slots), text("draft-waiting")), buttons=rows)
        return
    await drafting.go_on(turn, draft or await drafting.the_draft(turn))


async def _cancel(turn: Turn) -> None:
    draft = await turn.open_draft()
    if turn.talk.awaiting and turn.talk.awaiting.get("kind") not in (None, "album", "more"):
        await _leave(turn)
    elif draft is not None:
        await drafting.cancel(turn, draft)
    else:
        board, keys = menus.keyboard(turn)
        await turn.say(Message(text=text("nothing-to-cancel"), keyboard=board), keys=keys)


async def _leave(turn: Turn) -> None:
    turn.await_(None)
    board, keys = menus.keyboard(turn)
    await turn.say(Message(text=text("left"), keyboard=board), keys=keys)


async def _back(turn: Turn) -> None:
    draft = await turn.open_draft()
    if turn.talk.awaiting and turn.talk.awaiting.get("kind") not in (None, "album", "more"):
        await _leave(turn)
    elif draft is not None:
        await pressing.back(turn, draft)
    else:
        await welcome(turn)


async def _skip(turn: Turn) -> None:
    draft = await turn.open_draft()
    if draft is not None:
        await pressing.skip(turn, draft)
    else:
        await welcome(turn)


async def _restart(turn: Turn) -> None:
    draft = await turn.open_draft()
    if draft is not None:
        await pressing.PRESSES["n"](turn, draft, "")
    else:
        await _new(turn)


async def _start(turn: Turn) -> None:
    await start(turn, "")


COMMANDS: dict[str, Command] = {
    "start": _start,
    "help": _help,
    "new": _new,
    "mine": following.mine,
    "track": following.ask_code,
    "near": around.begin,
    "cancel": _cancel,
    "leave": _leave,
    "back": _back,
    "skip": _skip,
    "restart": _restart,
    "desk": desk.open_,
    "roster": asking.show,
}


async def command(turn: Turn, name: str) -> None:
    """Run a command by its name; an unknown one gets the help."""
    run = COMMANDS.get(name)
    if run is None:
        await turn.say(lines(text("unknown-command")))
        await _help(turn)
        return
    if name not in ("leave", "cancel", "back"):
        turn.await_(None)
    await run(turn)
