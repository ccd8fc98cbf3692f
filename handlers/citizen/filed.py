"""The last tap of a draft: the code, who has it now, until when."""

from domain.casework import Request
from domain.messages import Form, Message, Priority
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import drafting
from handlers.turn import Turn, button, number
from services import callers, filing
from storage import outbox, requests
from storage.drafts import Draft
from texts.numbers import when
from texts.speech import Rich, lines, text


def _where_it_went(turn: Turn, request: Request) -> Rich:
    city = turn.centre.city
    deadline = when(request.deadline_at, turn.centre.zone, turn.now) if request.deadline_at else ""
    if request.unit == city.desk.slug:
        return text("filed-desk", deadline=deadline)
    return text("filed-unit", unit=city.unit(request.unit).title, deadline=deadline)


async def file(turn: Turn, draft: Draft) -> None:
    """File the draft and give the citizen the code; an unfinished draft goes on with what is missing."""
    owner = (await drafting.whose(turn, draft)).account
    by = turn.account if draft.slots.caller else None
    try:
        request = await filing.file(turn.tx, turn.centre, owner, draft, turn.now, by=by)
    except Refused as refusal:
        await drafting.go_on(turn, draft, text(f"refused-{refusal.reason}", **refusal.details))
        return
    board, keys = menus.keyboard(turn)
    promise = text("filed-for-caller" if draft.slots.caller else "filed-promise")
    words = lines(callers.mark(draft.slots), text("filed", code=request.code), _where_it_went(turn, request), promise)
    await_rest_of_album(turn, request.code)
    await turn.say(Message(text=words, keyboard=board), keys=keys)
    await take_buttons_away(turn, draft)
    await _offer_second(turn, draft)


def await_rest_of_album(turn: Turn, code: str) -> None:
    """The draft is over; on a slow line the rest of its album comes after the tap and belongs to the request."""
    asked = turn.talk.awaiting or {}
    if asked.get("kind") == "album":
        turn.await_("more", code=code, album=asked["album"])
    else:
        turn.await_(None)


async def _offer_second(turn: Turn, draft: Draft) -> None:
    """Where the words tell of another problem too, offer to file it as well."""
    subject = filing.second_subject(draft.slots)
    if subject is None:
        return
    rows = [[button("button-second-yes", f"d:{draft.id}:2"), button("button-second-no", "g:leave")]]
    title = turn.centre.city.subject(subject).short_title
    await turn.say(text("ask-second", subject=title, words=draft.slots.second_words), buttons=rows)


async def second(turn: Turn, draft_id: str) -> None:
    """Go on with the other problem: its review is next."""
    draft = await filing.begin_second(turn.tx, turn.account, number(draft_id), turn.now)
    await drafting.go_on(turn, draft)


async def take_buttons_away(turn: Turn, draft: Draft) -> None:
    """The last card of a draft stays to be read again, without buttons that would only be refused."""
    if draft.slots.answer_ref is not None:
        await outbox.put(
            turn.tx,
            messenger=turn.messenger,
            chat_id=turn.chat_id,
            message=Message(form=Form.EDIT),
            edits=draft.slots.answer_ref,
            priority=Priority.PUSH,
            now=turn.now,
        )


async def again(turn: Turn, draft_id: str) -> bool:
    """A second tap on «ثبت» gets the same code; False when the draft is not filed yet."""
    draft = await turn.draft(number(draft_id))
    if draft is None or draft.account != turn.account.id or draft.state != "filed" or draft.request is None:
        return False
    request = await requests.get(turn.tx, draft.request)
    await turn.say(text("filed-already", code=request.code))
    return True
