"""Coming in as staff: a one-time link, what it gives, and the person's yes."""

import telegram

from domain.messages import Message
from domain.refusal import Refused
from handlers import menus
from handlers.turn import Turn, button, number
from services import staff, team
from storage import people
from texts.speech import text


async def offered(turn: Turn, payload: str) -> None:
    """Show what an invitation gives and ask for a yes; the link alone changes nothing."""
    invitation = await staff.look_at(turn.tx, payload, turn.messenger, turn.now)
    turn.await_("invitation", id=invitation.id)
    rows = [[button("button-join", f"i:{invitation.id}:y"), button("button-leave", f"i:{invitation.id}:n")]]
    await turn.say(text("invited", role=team.role_title(turn.centre, invitation.role, invitation.unit)), buttons=rows)


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Take up the invitation that this person was shown; a made-up number gets nowhere."""
    _, shown_id, answer, *_ = [*turn.choice, "", ""]
    shown = turn.talk.awaiting or {}
    if shown.get("kind") != "invitation" or str(shown.get("id")) != shown_id:
        raise Refused("old-button")
    turn.await_(None)
    if answer != "y":
        await turn.say(text("invitation-left"))
        return
    invitation = await staff.join(turn.tx, turn.centre, turn.account, number(shown_id), turn.now)
    turn.actor = await people.actor(turn.tx, turn.account)
    board, keys = menus.keyboard(turn)
    words = text("joined", role=team.role_title(turn.centre, invitation.role, invitation.unit))
    await turn.say(Message(text=words, keyboard=board), keys=keys)
