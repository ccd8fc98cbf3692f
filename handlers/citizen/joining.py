"""One request of several citizens: is it the one that is there already, and what those who joined it can say."""

from domain.casework import Request
from domain.lifecycle import Deed, Given, State
from domain.messages import Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import drafting, showing
from handlers.turn import Turn
from services import casework, reminders, supporters
from services.casework import Doing
from storage import drafts, requests
from storage.drafts import Draft
from texts.speech import Rich, lines, text


async def same(turn: Turn, draft: Draft, _: str = "") -> None:
    """It is the same one: join it, or add to one's own; when it was closed meanwhile the draft goes on by itself."""
    twin = draft.slots.twin
    if twin is None:
        raise Refused("old-button")
    try:
        if twin.whose == "other":
            joined = await supporters.join(turn.tx, turn.centre, turn.account, draft, twin.request, turn.now)
            told = text("joined-request", code=joined.request.code, count=joined.citizens)
            request = joined.request
        else:
            request = await _add_to_own(turn, draft, twin.request)
            told = text("added", code=request.code)
    except Refused as refusal:
        if refusal.reason != "twin-closed":
            raise
        await _another(turn, draft, text("refused-twin-closed"))
        return
    turn.await_(None)
    board, keys = menus.keyboard(turn)
    words = lines(told, showing.state_words(turn, request), showing.deadline_words(turn, request))
    await turn.say(Message(text=words, keyboard=board), keys=keys)


async def _add_to_own(turn: Turn, draft: Draft, number: int) -> Request:
    request = await requests.get(turn.tx, number)
    if request.state is State.CLOSED:
        raise Refused("twin-closed")
    given = Given(note=draft.slots.text, photos=tuple(draft.slots.photos + draft.slots.files))
    if request.owner == turn.actor.person:
        deed = Deed.ANSWER if request.state is State.ASKED else Deed.ADD
        doing = Doing(turn.actor, deed, given, turn.now)
        request = await casework.perform(turn.tx, turn.centre, number, doing)
        await drafts.close(turn.tx, draft, "joined", turn.now, number)
        await reminders.forget_draft(turn.tx, draft.id)
        return request
    return (await supporters.join(turn.tx, turn.centre, turn.account, draft, number, turn.now)).request


async def another(turn: Turn, draft: Draft, _: str = "") -> None:
    """It is another one: the draft goes on, and this request is not asked about again."""
    await _another(turn, draft, text("twin-apart"))


async def _another(turn: Turn, draft: Draft, note: Rich) -> None:
    if draft.slots.twin is not None:
        draft.slots.not_twins.append(draft.slots.twin.request)
        draft.slots.twin = None
    await drafting.go_on(turn, draft, note)


async def approve(turn: Turn, request: Request) -> None:
    """Take the yes of somebody who joined."""
    await supporters.approve(turn.tx, turn.centre, turn.actor, request.id, turn.now)
    await turn.say(text("approved"))


async def leave(turn: Turn, request: Request, _: str = "") -> None:
    """Tell somebody who joined nothing more."""
    await supporters.leave(turn.tx, turn.centre, turn.actor, request.id, turn.now)
    await turn.say(text("support-left"))


async def hand_on(turn: Turn, request: Request) -> bool:
    """Let a request go on without its owner when others want it too; False when nobody does."""
    if not await supporters.inherit(turn.tx, turn.centre, turn.actor, request.id, turn.now):
        return False
    await turn.say(text("withdrawn-goes-on", code=request.code))
    return True
