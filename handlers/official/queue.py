"""The desk's queue: what waits and why, the next one, and giving one back."""

from collections.abc import Awaitable, Callable

import telegram

from domain.casework import Request
from domain.desk import CLAIM_LASTS, Queue
from domain.messages import Button, Toast
from domain.refusal import Refused
from handlers.citizen.questions import short
from handlers.official import deeds
from handlers.official.looks import LOOKS
from handlers.paging import LONG_PAGE, fetched, in_twos, turning
from handlers.turn import Rows, Turn, button, number
from services import desk_queue
from services.letters import subject_title
from storage import desk
from storage.desk import COUNTED_AT_MOST, Waiting
from texts.numbers import span
from texts.speech import Rich, label, lines, text


def _count_line(waiting: Waiting) -> Rich:
    more = "yes" if waiting.count >= COUNTED_AT_MOST else "no"
    kind = label(f"queue-kind-{waiting.kind}")
    return text("queue-line", kind=kind, count=waiting.count, urgent=waiting.urgent, more=more)


async def show(turn: Turn) -> None:
    """Show how much waits, by kind, and the way to the next one."""
    desk_queue.require_desk(turn.actor)
    waiting = await desk.counts(turn.tx)
    kinds = [button(f"queue-kind-{one.kind}", f"q:k:{one.kind}:0") for one in waiting]
    rows: Rows = [[button("button-queue-next", "q:next")]] if waiting else []
    rows += in_twos(kinds)
    rows.append([button("button-desk-list", "k:open:0")])
    heading = text("queue", count=sum(one.count for one in waiting))
    await turn.say(lines(heading, *(_count_line(one) for one in waiting)), buttons=rows)


async def _list(turn: Turn, kind: str, page: str) -> None:
    if kind not in set(Queue):
        raise Refused("old-button")
    at = number(page or "0")
    found = await desk.listed(turn.tx, Queue(kind), limit=LONG_PAGE + 1, offset=at * LONG_PAGE)
    cut = fetched(found, at)
    rows: Rows = [[_row(turn, request)] for request in cut.items]
    rows += turning(cut, f"q:k:{kind}:")
    heading = text("queue-of-kind" if found else "queue-kind-empty", kind=label(f"queue-kind-{kind}"))
    await turn.say(heading, buttons=[*rows, [button("button-back", "q:")]])


def _row(turn: Turn, request: Request) -> Button:
    row = label(
        "queue-row",
        code=request.code,
        subject=subject_title(turn.centre, request),
        waited=span(turn.now - request.filed_at),
        urgent="yes" if request.urgent else "no",
    )
    return Button(label=short(row, 60), data=f"w:{request.code}:card")


async def _next(turn: Turn, *_: str) -> None:
    """Take the next one; whoever holds one already is shown that one and told why."""
    if turn.in_group:
        raise Refused("queue-in-private")
    request = await desk_queue.take_next(turn.tx, turn.centre, turn.actor, turn.now)
    if request is None:
        await turn.say(text("queue", count=0))
        return
    if request.claimed_at != turn.now:
        await turn.say(text("queue-held", code=request.code))
    await LOOKS["card"](turn, request)


async def _take(turn: Turn, code: str, _: str) -> None:
    request = await deeds.the_request(turn, code)
    await desk_queue.take(turn.tx, turn.centre, turn.actor, request, turn.now)
    await _confirm(turn, label("queue-taken", code=code, minutes=CLAIM_LASTS.seconds // 60))


async def _give_back(turn: Turn, code: str, _: str) -> None:
    request = await deeds.the_request(turn, code)
    await desk_queue.give_back(turn.tx, turn.centre, turn.actor, request, turn.now)
    await _confirm(turn, label("queue-given-back", code=code))


async def _confirm(turn: Turn, words: str) -> None:
    if turn.pressed:
        turn.toast = Toast(text=words)
    else:
        await turn.say(Rich(words))


_VERBS: dict[str, Callable[[Turn, str, str], Awaitable[None]]] = {
    "next": _next,
    "k": _list,
    "take": _take,
    "back": _give_back,
}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Show the queue, or do what one of its buttons says."""
    desk_queue.require_desk(turn.actor)
    _, verb, one, two, *_ = [*turn.choice, "", "", ""]
    if verb in _VERBS:
        await _VERBS[verb](turn, one, two)
    elif verb:
        raise Refused("old-button")
    else:
        await show(turn)
