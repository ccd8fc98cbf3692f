"""Filing for a caller: their number, then the same questions as in a citizen's chat; or an answer at once."""

from collections.abc import Awaitable, Callable
from typing import Any

import telegram

from domain import tracking
from domain.casework import Request
from domain.draft import Caller, Slots
from domain.lifecycle import Deed
from domain.messages import Button, Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import drafting, filed
from handlers.citizen.questions import short
from handlers.official import deeds
from handlers.official.looks import LOOKS
from handlers.turn import Rows, Turn, button, number
from services import callers, desk_queue, filing, identity, templates
from services.letters import subject_title
from storage import callers as rows
from storage import drafts, requests
from storage import templates as template_rows
from storage.drafts import Draft
from texts.speech import label, lines, text

NUMBER, GUIDANCE = "caller", "caller-guide"
"""What is awaited: the caller's number, the answer that was given on the phone."""
_LISTED_AT_MOST = 6


async def _open(turn: Turn, *_: str) -> None:
    """Ask for the number; a call that was not finished is offered first."""
    draft = await drafts.open_of(turn.tx, turn.account.id, for_caller=True)
    if draft is not None and draft.slots.has_content:
        choices = [button("button-go-on", f"d:{draft.id}:go"), button("button-caller-another", "f:new")]
        await turn.say(lines(callers.mark(draft.slots), text("caller-waits")), buttons=[choices])
        return
    await _ask_number(turn)


async def _another(turn: Turn, *_: str) -> None:
    await _ask_number(turn)


async def _ask_number(turn: Turn) -> None:
    turn.await_(NUMBER)
    choices = [button("button-caller-unknown", "f:go:"), button("button-leave", "g:leave")]
    await turn.say(text("ask-caller"), buttons=[choices])


async def typed_number(update: telegram.Update, turn: Turn) -> None:
    """Take the number, or the code that the caller asks about; one that cannot be read is asked for again."""
    desk_queue.require_desk(turn.actor)
    if await _about_code(turn):  # some codes could be read as short telephone numbers
        return
    try:
        phone = identity.parsed_phone(turn.words)
    except Refused as refusal:
        await turn.sorry(refusal)
        return
    known = await rows.open_of_number(turn.tx, phone, _LISTED_AT_MOST)
    if not known:
        await _begin(turn, phone)
        return
    turn.await_(None)
    choices: Rows = [[_row(turn, request)] for request in known]
    choices.append([button("button-caller-new", f"f:go:{phone.removeprefix('+')}"), button("button-leave", "g:leave")])
    await turn.say(text("caller-known", phone=identity.national(phone), count=len(known)), buttons=choices)


async def _about_code(turn: Turn) -> bool:
    code = tracking.find(turn.words)
    request = await requests.by_code(turn.tx, code) if code else None
    if request is None:
        return False
    turn.await_(None)
    await LOOKS["card"](turn, await deeds.the_request(turn, request.code))
    return True


def _row(turn: Turn, request: Request) -> Button:
    row = label("caller-row", code=request.code, subject=subject_title(turn.centre, request))
    return Button(label=short(row, 60), data=f"w:{request.code}:card")


async def _go(turn: Turn, digits: str, _: str) -> None:
    await _begin(turn, identity.parsed_phone(f"+{digits}") if digits else "")


async def _begin(turn: Turn, phone: str) -> None:
    """Open the caller's draft; one that was left half done is put aside."""
    left = await drafts.open_of(turn.tx, turn.account.id, for_caller=True)
    if left is not None:
        await drafts.close(turn.tx, left, "cancelled", turn.now)
    draft = await drafting.begin(turn, Slots(caller=Caller(phone=phone), phone=phone))
    await drafting.go_on(turn, draft)


async def _callers_draft(turn: Turn, part: str) -> Draft:
    draft = await turn.draft(number(part))
    if draft is None or draft.account != turn.account.id or draft.slots.caller is None:
        raise Refused("old-button")
    if draft.state != "open":
        raise Refused(f"draft-{draft.state}")
    return draft


async def _ask_guidance(turn: Turn, part: str, _: str) -> None:
    draft = await _callers_draft(turn, part)
    ready = await templates.offered(turn.tx, Deed.GUIDE, draft.slots.subject, turn.now)
    choices: Rows = [[Button(label=one.title, data=f"f:t:{draft.id}:{one.id}")] for one in ready]
    turn.await_(GUIDANCE, draft=draft.id)
    asked = lines(callers.mark(draft.slots), text("ask-guidance"))
    await turn.say(asked, buttons=[*choices, [button("button-back", f"d:{draft.id}:go")]])


async def _ready(turn: Turn, part: str, template: str) -> None:
    draft = await _callers_draft(turn, part)
    ready = await template_rows.find(turn.tx, number(template))
    if ready is None or ready.deed != Deed.GUIDE:
        raise Refused("old-button")
    await _guide(turn, draft, ready.words)


async def typed_guidance(update: telegram.Update, turn: Turn) -> None:
    """Take the answer in the operator's own words."""
    desk_queue.require_desk(turn.actor)
    asked: dict[str, Any] = turn.talk.awaiting or {}
    draft = await _callers_draft(turn, str(asked["draft"]))
    if not turn.words.strip():
        await turn.say(text("cannot-read-this"))
        return
    await _guide(turn, draft, turn.words)


async def _guide(turn: Turn, draft: Draft, words: str) -> None:
    owner = (await drafting.whose(turn, draft)).account
    request = await filing.guide(turn.tx, turn.centre, owner, draft, words, turn.actor, turn.now)
    turn.await_(None)
    board, keys = menus.keyboard(turn)
    said = lines(callers.mark(draft.slots), text("caller-guided", code=request.code))
    await turn.say(Message(text=said, keyboard=board), keys=keys)
    await filed.take_buttons_away(turn, draft)


_VERBS: dict[str, Callable[[Turn, str, str], Awaitable[None]]] = {
    "": _open,
    "new": _another,
    "go": _go,
    "g": _ask_guidance,
    "t": _ready,
}
AWAITED = {NUMBER: typed_number, GUIDANCE: typed_guidance}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what a button of a call says, for the desk's own people and in private: a number is not for a group."""
    desk_queue.require_desk(turn.actor)
    if turn.in_group:
        raise Refused("queue-in-private")
    _, verb, one, two, *_ = [*turn.choice, "", "", ""]
    if verb not in _VERBS:
        raise Refused("old-button")
    await _VERBS[verb](turn, one, two)
