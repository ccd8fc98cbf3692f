"""Coming and going: a person blocks the bot, a group takes it in or throws it out."""

import telegram

from handlers.turn import Turn
from services import assignment, trouble
from storage import outbox, people
from texts.speech import text

_GONE = (telegram.ChatMember.LEFT, telegram.ChatMember.BANNED)


async def _out_of_group(turn: Turn, reason: str) -> None:
    unit = await people.leave_group(turn.tx, turn.messenger, turn.chat_id)
    await outbox.cancel_waiting(turn.tx, turn.messenger, turn.chat_id, reason)
    await trouble.unreachable(turn.tx, turn.centre, turn.messenger, turn.chat_id, unit, reason, turn.now)
    await assignment.leave_chat(turn.tx, turn.centre, turn.messenger, turn.chat_id, turn.now)


async def changed(update: telegram.Update, turn: Turn) -> None:
    """Follow what happened to the bot itself in a chat."""
    change = update.my_chat_member
    if change is None:
        return
    gone = change.new_chat_member.status in _GONE
    if turn.in_group:
        if gone:
            await _out_of_group(turn, "removed from the group")
        elif change.old_chat_member.status in _GONE:
            await turn.say(text("group-hello"))
    elif gone:
        await people.mark_unreachable(turn.tx, turn.messenger, turn.account.user_id, "blocked")
        await outbox.cancel_waiting(turn.tx, turn.messenger, turn.chat_id, "blocked")
        await assignment.leave_chat(turn.tx, turn.centre, turn.messenger, turn.chat_id, turn.now)


async def service_message(update: telegram.Update, turn: Turn) -> None:
    """Where the messenger sends no updates about the bot itself, a group's service messages tell the same."""
    message = update.effective_message
    if message is None:
        return
    if message.migrate_to_chat_id:
        await people.move_group(turn.tx, turn.messenger, turn.chat_id, message.migrate_to_chat_id)
