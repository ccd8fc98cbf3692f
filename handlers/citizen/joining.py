"""One request of several citizens: is it the one that is there already, and what those who joined it can say."""

from domain.casework import Request
from domain.draft import Asking, Twin
from domain.lifecycle import Deed, Given, Outcome, State
from domain.messages import Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import drafting, filed, showing
from handlers.turn import Turn
from services import callers, casework, reminders, supporters
from services.acting import Doing
from storage import drafts, requests
from storage.drafts import Draft
from texts.speech import Rich, lines, text


def _asked_about(draft: Draft) -> Twin:
    twin = draft.slots.twin
    if twin is None:
        raise Refused("old-button")
    return twin


def _refuse_unless_asked(draft: Draft, number: str) -> None:
    """A card of before asks about another request: its buttons mean nothing any more."""
    if number != str(_asked_about(draft).request):
        raise Refused("old-button")


async def pressed_same(turn: Turn, draft: Draft, number: str) -> None:
    """Take the yes under a card, if it is about the request that is asked about now."""
    _refuse_unless_asked(draft, number)
    await same(turn, draft)


async def pressed_another(turn: Turn, draft: Draft, number: str) -> None:
    """Take the no under a card, if it is about the request that is asked about now."""
    _refuse_unless_asked(draft, number)
    await another(turn, draft)


def asked_beside(turn: Turn, *, yes: bool) -> bool:
    """Tell whether something else, asked meanwhile, can be answered with a bare yes (or no) as well."""
    means = menus.is_yes if yes else menus.is_no
    others = (name for name, data in turn.talk.offered.items() if data.split(":")[2:3] not in (["ty"], ["tn"]))
    return any(means(word) for name in others for word in menus.said(name).split()[:1])


async def same(turn: Turn, draft: Draft) -> None:
    """It is the same one: join it, or add to one's own; when it was closed meanwhile the draft goes on by itself."""
    twin = _asked_about(draft)
    try:
        if twin.whose == "other":
            account = (await drafting.whose(turn, draft)).account
            joined = await supporters.join(turn.tx, turn.centre, account, draft, twin.request, turn.now)
            told = text("joined-request", code=joined.request.code, count=joined.citizens)
            request = joined.request
        else:
            request = await _add_to_own(turn, draft, twin.request)
            told = text("added", code=request.code, manager="no")
    except Refused as refusal:
        if refusal.reason != "twin-closed":
            raise
        await _another(turn, draft, text("refused-twin-closed"))
        return
    filed.await_rest_of_album(turn, request.code)
    board, keys = menus.keyboard(turn)
    stands = showing.state_words(turn, request), showing.deadline_words(turn, request)
    words = lines(callers.mark(draft.slots), told, *stands)
    await turn.say(Message(text=words, keyboard=board), keys=keys)
    await filed.take_buttons_away(turn, draft)


async def _add_to_own(turn: Turn, draft: Draft, number: int) -> Request:
    request = await requests.get(turn.tx, number)
    if request.state is State.CLOSED:
        raise Refused("twin-closed")
    given = Given(note=draft.slots.text, photos=tuple(draft.slots.photos + draft.slots.files))
    actor = await drafting.whose(turn, draft)
    if request.owner == actor.person:
        deed = Deed.ANSWER if request.state is State.ASKED else Deed.ADD
        doing = Doing(actor, deed, given, turn.now)
        request = await casework.perform(turn.tx, turn.centre, number, doing)
        await drafts.close(turn.tx, draft, "joined", turn.now, number)
        await reminders.forget_draft(turn.tx, draft.id)
        return request
    return (await supporters.join(turn.tx, turn.centre, actor.account, draft, number, turn.now)).request


async def another(turn: Turn, draft: Draft) -> None:
    """It is another one: the draft goes on, and this request is not asked about again."""
    _asked_about(draft)
    await _another(turn, draft, text("twin-apart"))


async def _another(turn: Turn, draft: Draft, note: Rich) -> None:
    if draft.slots.twin is not None:
        draft.slots.not_twins.append(draft.slots.twin.request)
    await drafting.settle(turn, draft)
    still = draft.slots.asking is Asking.TWIN  # the next one is asked about: it is not filed on its own yet
    await drafting.ask(turn, draft, "" if still else note)


async def approve(turn: Turn, request: Request) -> None:
    """Take the yes of somebody who joined."""
    await supporters.approve(turn.tx, turn.centre, turn.actor, request.id, turn.now)
    await turn.say(thanks_for_approval(request))


def thanks_for_approval(request: Request) -> Rich:
    """Thank for a yes: it may be to a solution or to another answer."""
    return text("approved" if request.outcome is Outcome.SOLVED else "approved-answer")


async def leave(turn: Turn, request: Request) -> None:
    """Tell somebody who joined nothing more; a second tap is answered like the first."""
    try:
        await supporters.leave(turn.tx, turn.centre, turn.actor, request.id, turn.now)
    except Refused:
        if not await has_left(turn, request, "support-leave"):
            raise
    await turn.say(text("support-left"))


async def has_left(turn: Turn, request: Request, deed: str) -> bool:
    """Tell whether the person has taken leave of a request already, with this deed."""
    events = await requests.timeline(turn.tx, request.id)
    return any(event.deed == deed and event.person == turn.actor.person for event in events)


async def hand_on(turn: Turn, request: Request) -> bool:
    """Let a request go on without its owner when others want it too; False when nobody does."""
    if not await supporters.inherit(turn.tx, turn.centre, turn.actor, request.id, turn.now):
        return False
    await turn.say(text("withdrawn-goes-on", code=request.code))
    return True
