"""Who gets in: every screen of the administrator asks again at every press and every word."""

from collections.abc import Awaitable, Callable
from typing import Any

import telegram

from domain.refusal import Refused
from handlers.turn import Turn
from services import staff

Handler = Callable[[telegram.Update, Turn], Awaitable[None]]
Screen = Callable[[Turn], Awaitable[None]]
Answer = Callable[[Turn, dict[str, Any]], Awaitable[None]]


def _let_in(turn: Turn, *, in_groups: bool) -> None:
    """What these screens show is not for a whole group to read: only the group's own unit is chosen in it."""
    staff.require_administrator(turn.actor)
    if turn.in_group and not in_groups:
        raise Refused("admin-in-private")


def screen(show: Screen, *, in_groups: bool = False) -> Handler:
    """Open a screen to administrators only; it closes the question that stood open, a refused press does not."""

    async def handler(update: telegram.Update, turn: Turn) -> None:
        _let_in(turn, in_groups=in_groups)
        asked = turn.talk.awaiting
        turn.await_(None)
        try:
            await show(turn)
        except Refused:
            turn.talk.awaiting = asked
            raise

    return handler


def answer(take: Answer) -> Handler:
    """Take the words that answer a question of ours; the question is over unless `take` asks again."""

    async def handler(update: telegram.Update, turn: Turn) -> None:
        asked = turn.talk.awaiting or {}
        turn.await_(None)
        _let_in(turn, in_groups=False)
        await take(turn, asked)

    return handler
