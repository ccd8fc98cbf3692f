"""Following somebody else's request without joining it ("n:w:…"), looking at it (v), hearing no more of it (u)."""

from domain.refusal import Refused
from domain.roles import CITIZENS
from handlers.citizen import showing
from handlers.turn import Turn, number
from services import around, casework, followed_dates, followers, wholes
from storage import followers as rows
from storage import requests
from texts.speech import lines, text


async def begin(turn: Turn, which: str, _: str) -> None:
    """Let the person follow a request that they were shown."""
    request = await followers.begin(turn.tx, turn.centre, turn.account, number(which), turn.now)
    stands = showing.state_words(turn, request), showing.deadline_words(turn, request)
    await turn.say(lines(text("follow-begun"), *stands), buttons=followed_dates.buttons(request))


async def view(turn: Turn, which: str, _: str) -> None:
    """Show what the person follows, or what it was merged into; to whoever has joined it, as theirs.

    Raises Refused("not-followed") to others, and of what may be shown to others no longer.
    """
    known = await requests.find(turn.tx, number(which))
    request = await wholes.followed(turn.tx, known) if known else None
    if request is None:
        raise Refused("not-followed")
    if await casework.roles_of(turn.tx, turn.actor, request) & CITIZENS:
        await showing.show(turn, request)
    elif request.subject in around.public_subjects(turn.centre) and await rows.follows(
        turn.tx, request.id, turn.actor.person
    ):
        await showing.show_followed(turn, request)
    else:
        raise Refused("not-followed")


async def stop(turn: Turn, which: str, _: str) -> None:
    """Tell the person nothing more of a request; a second tap is answered like the first."""
    await followers.stop(turn.tx, turn.account, number(which), turn.now)
    await turn.say(text("support-left"))
