"""Every button and answer about managers' sessions on one page."""

from collections.abc import Awaitable, Callable

import telegram

from domain.refusal import Refused
from handlers.citizen import arriving
from handlers.roster import asking, correcting, sitting
from handlers.turn import Turn, number
from services import intake

Handler = Callable[[telegram.Update, Turn], Awaitable[None]]

_PRESSES = {**asking.PRESSES, **sitting.PRESSES}
_SCREENS: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "my": sitting.show,
    "list": asking.show,
}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what a button says: "s:my", "s:list", "s:r:<code>" or "s:<session>:<verb>[:…]"."""
    if turn.in_group:
        raise Refused("admin-in-private")
    _, first, verb, *rest = [*turn.choice, "", ""]
    if first in _SCREENS:
        await _SCREENS[first](turn)
        return
    if first != "r" and verb not in _PRESSES:
        raise Refused("old-button")
    try:
        if first == "r":
            await asking.bring(turn, verb)
        else:
            await _PRESSES[verb](turn, number(first), [part for part in rest if part])
    except Refused as refusal:
        if not await asking.sorry_kindly(turn, refusal):
            raise


async def _brought(update: telegram.Update, turn: Turn) -> None:
    try:
        await asking.brought(update, turn)
    except Refused as refusal:
        if not await asking.sorry_kindly(turn, refusal):
            raise
        await arriving.arrived(update, turn)  # what was said is not lost: it becomes a complaint like others


def _unless_danger(answered: Handler) -> Handler:
    """Danger is a complaint at once, whatever was asked."""

    async def take(update: telegram.Update, turn: Turn) -> None:
        if intake.tells_of_danger(turn.centre, turn.words):
            turn.await_(None)
            await arriving.arrived(update, turn)
        else:
            await answered(update, turn)

    return take


AWAITED: dict[str, Handler] = {
    asking.AWAITED: _brought,
    correcting.PLACE: _unless_danger(correcting.brought_place),
    correcting.SUBJECT: _unless_danger(correcting.typed_subject),
    sitting.AWAITED: sitting.brought,
}
