"""A citizen's draft on its way to a request: any message fills its slot, then the one open question is asked."""

from datetime import timedelta

from domain.casework import Actor
from domain.draft import Asking, Slots, next_question
from domain.messages import Form, Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import questions
from handlers.turn import Turn, number
from services import alarms, callers, desk_queue, reminders, supporters
from storage import drafts, outbox
from storage.drafts import Draft
from texts.speech import Rich, lines, text

_ALBUM_PAUSE = timedelta(milliseconds=700)
"""The rest of an album arrives in updates of its own; waiting this long lets one card show all of it."""


async def the_draft(turn: Turn) -> Draft:
    """Return the person's open draft, a new one when there is none: it is watched from its first question on."""
    known = await turn.open_draft()
    if known is not None:
        return known
    return await begin(turn, Slots())


async def whose(turn: Turn, draft: Draft) -> Actor:
    """Return whose complaint it is: who is calling, or whoever writes."""
    if draft.slots.caller is None:
        return turn.actor
    return Actor(await callers.account_of(turn.tx, draft.slots.caller, draft.id, turn.now))


async def afresh(turn: Turn, draft: Draft) -> Draft:
    """Begin anew, for the same caller if it was for one."""
    await drafts.close(turn.tx, draft, "cancelled", turn.now)
    slots = Slots(caller=draft.slots.caller, phone=draft.slots.caller.phone if draft.slots.caller else "")
    return await begin(turn, slots)


async def begin(turn: Turn, slots: Slots) -> Draft:
    """Open a draft with what is known already."""
    draft = await drafts.begin(turn.tx, turn.account.id, slots, turn.now)
    turn.note(draft)
    return draft


async def ask(turn: Turn, draft: Draft, note: Rich | str = "", *, pause: bool = False) -> None:
    """Ask the draft's open question. While the last question has not even left, it is replaced, not followed."""
    asked = questions.question(turn, draft)
    message = asked.message
    if note:
        message = message.model_copy(update={"text": lines(note, message.text)})
    turn.offer(message.buttons)
    if message.keyboard is not None:
        turn.talk.keys = asked.keys
    turn.await_(None)
    ref = draft.slots.answer_ref
    if ref is None or not await outbox.amend(turn.tx, ref, message):
        not_before = turn.now + _ALBUM_PAUSE if pause else None
        draft.slots.answer_ref = await turn.say(message, keys=asked.keys, not_before=not_before)
    await drafts.save(turn.tx, draft, turn.now)
    await reminders.watch_draft(turn.tx, draft.id, turn.now, for_caller=draft.slots.caller is not None)


async def ask_in_place(turn: Turn, draft: Draft) -> None:
    """Bring the card that was sent last up to date, for what arrives in the same breath (the rest of an album)."""
    asked = questions.question(turn, draft)
    ref = draft.slots.answer_ref
    if ref is not None and not await outbox.amend(turn.tx, ref, asked.message) and not asked.message.keyboard:
        message: Message = asked.message.model_copy(update={"form": Form.EDIT, "pictures": []})  # they stay as sent
        await outbox.put(
            turn.tx, messenger=turn.messenger, chat_id=turn.chat_id, message=message, edits=ref, now=turn.now
        )
    await drafts.save(turn.tx, draft, turn.now)


async def go_on(turn: Turn, draft: Draft, note: Rich | str = "", *, pause: bool = False) -> None:
    """Ask what is missing next."""
    await settle(turn, draft)
    await ask(turn, draft, note, pause=pause)


async def settle(turn: Turn, draft: Draft) -> None:
    """Settle what is asked next, and whether the complaint may be an open request that is there already."""
    account = (await whose(turn, draft)).account
    await alarms.raise_for(turn.tx, turn.centre, account, draft.id, draft.slots, turn.now)
    draft.slots.twin = None
    has_districts = bool(turn.centre.city.districts)
    draft.slots.asking = next_question(draft.slots, has_districts=has_districts)
    if draft.slots.asking is Asking.REVIEW:
        draft.slots.twin = await supporters.look_for_twin(turn.tx, turn.centre, account, draft.slots, turn.now)
        draft.slots.asking = next_question(draft.slots, has_districts=has_districts)


async def chosen_draft(turn: Turn) -> Draft:
    """Return the open draft a pressed button belongs to; raises Refused with what became of it."""
    draft = await turn.draft(number(turn.choice[1]))
    if draft is None or draft.account != turn.account.id:
        raise Refused("old-button")
    if draft.state != "open":
        raise Refused(f"draft-{draft.state}")
    if draft.slots.caller is not None:
        desk_queue.require_desk(turn.actor)  # whoever left the desk meanwhile files for nobody
    return draft


async def cancel(turn: Turn, draft: Draft) -> None:
    """Drop a draft at the citizen's wish."""
    await drafts.close(turn.tx, draft, "cancelled", turn.now)
    await reminders.forget_draft(turn.tx, draft.id)
    board, keys = menus.keyboard(turn)
    await turn.say(text("draft-cancelled-now"), keyboard=board, keys=keys)
