"""The buttons of a unit's people, "u:…": several requests at once, what is near, leave, who works here."""

from collections.abc import Awaitable, Callable

import telegram

from domain.refusal import Refused
from handlers.official import absence, bulk, near
from handlers.turn import Turn
from texts.speech import text


async def _leave(turn: Turn) -> None:
    turn.await_(None)
    await turn.say(text("deed-left"))


_SCREENS: dict[str, Callable[..., Awaitable[None]]] = {
    "x": _leave,
    "near": near.ask,
    "how": near.how,
    "menu": near.to_menu,
    "off": absence.off,
    "sub": absence.stand_in,
    "end": absence.until,
    "yes": absence.sure,
    "back": absence.back,
    "team": absence.people,
}
_TAKES = {"off": (0, 1), "sub": (2, 2), "end": (3, 3), "yes": (3, 3), "back": (1, 1), "team": (0, 1)}
"""How many parts may follow each of them."""


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what the button says; these screens are not for a group to read."""
    _, verb, *rest = [*turn.choice, ""]
    parts = [part for part in rest if part]
    if turn.in_group:
        raise Refused("old-button")
    if verb in bulk.PRESSES:
        await bulk.PRESSES[verb](turn, parts[0] if parts else "")
        return
    least, most = _TAKES.get(verb, (0, 0))
    if verb not in _SCREENS or not least <= len(parts) <= most:
        raise Refused("old-button")
    await _SCREENS[verb](turn, *parts)
