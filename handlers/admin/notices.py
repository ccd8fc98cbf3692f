"""A notice to all citizens: written, seen as they will see it, sent once, followed and stopped."""

from collections.abc import Awaitable, Callable
from typing import Any

from domain.messages import Form, Message, Priority, Toast
from domain.refusal import Refused
from handlers.paging import menu_row
from handlers.turn import Rows, Turn, button, number
from services import notices
from services.notices import Progress
from storage import notices as notice_rows
from storage import outbox, sessions
from storage.notices import Notice
from texts.numbers import when
from texts.speech import Rich, label, lines, text

AWAITED = "a-notice"
_EARLIER = 3


async def press(turn: Turn) -> None:
    """Find the verb: "a:notice[:<number>:<verb>[:<row of the progress message>]]"."""
    if len(turn.choice) == 2:
        await _ask(turn)
        return
    verb = _VERBS.get(turn.choice[3]) if len(turn.choice) in (4, 5) else None
    if verb is None:
        raise Refused("old-button")
    await verb(turn, number(turn.choice[2]))


async def _ask(turn: Turn, session: int | None = None) -> None:
    turn.await_(AWAITED, session=session)
    earlier = [[_earlier(turn, notice)] for notice in await notice_rows.latest(turn.tx, _EARLIER)]
    await turn.say(text("admin-write-notice"), buttons=[*earlier, [button("button-cancel", "a:menu")]])


def _earlier(turn: Turn, notice: Notice) -> Any:
    at = when(notice.created_at, turn.centre.zone, turn.now)
    return button("admin-earlier-notice", f"a:notice:{notice.id}:see", number=notice.id, at=at)


async def typed(turn: Turn, asked: dict[str, Any]) -> None:
    """Take the notice's words and show it before it leaves; when they will not do, the question stays open."""
    session = asked.get("session")
    turn.await_(AWAITED, session=session)
    notice = await notices.draft(turn.tx, turn.actor, turn.words, turn.now, session)
    turn.await_(None)
    await preview(turn, notice)


async def preview(turn: Turn, notice: Notice) -> None:
    """Show a notice as everybody will see it, and for how many it is meant."""
    await turn.say(await notices.message(turn.tx, turn.centre, notice))
    reach = await notice_rows.reach(turn.tx)
    shares = [text("admin-notice-share", messenger=label(f"messenger-{m}"), count=count) for m, count in reach.items()]
    count = sum(reach.values())
    rows = [
        [button("admin-notice-send", f"a:notice:{notice.id}:send", count=count)],
        [
            button("admin-notice-again", f"a:notice:{notice.id}:again"),
            button("button-cancel", f"a:notice:{notice.id}:drop"),
        ],
    ]
    await turn.say(lines(text("admin-notice-preview", count=count), *shares), buttons=rows)


async def _send(turn: Turn, notice: int) -> None:
    if not await notices.send(turn.tx, turn.centre, turn.actor, notice, turn.now):
        await turn.sorry(Refused("notice-left"))
        return
    await _follow(turn, notice)


async def _again(turn: Turn, notice: int) -> None:
    await notices.drop(turn.tx, turn.actor, notice, turn.now)
    session = await sessions.of_notice(turn.tx, notice)
    await _ask(turn, session.id if session else None)


async def _drop(turn: Turn, notice: int) -> None:
    await notices.drop(turn.tx, turn.actor, notice, turn.now)
    await turn.say(text("admin-notice-dropped"), buttons=[menu_row()])


async def _follow(turn: Turn, notice: int) -> None:
    """Say how far a notice is, on the message that already says it when its button was pressed."""
    progress = await notices.progress(turn.tx, turn.actor, notice, turn.now)
    await _show(turn, progress)
    if turn.pressed:
        turn.toast = Toast(text=label("admin-progress-toast", sent=progress.sent, total=progress.total))


async def _show(turn: Turn, progress: Progress) -> None:
    here = await _screen(turn)
    if here is not None:
        face = Message(text=_words(progress), buttons=_buttons(progress, here), form=Form.EDIT)
        turn.offer(face.buttons)
        await outbox.put(
            turn.tx,
            messenger=turn.messenger,
            chat_id=turn.chat_id,
            message=face,
            edits=here,
            priority=Priority.REPLY,
            now=turn.now,
        )
        return
    row = await turn.say(_words(progress))
    if row is not None:  # only now is it known which row its own button has to name
        buttons = _buttons(progress, row)
        turn.offer(buttons)
        await outbox.amend(turn.tx, row, Message(text=_words(progress), buttons=buttons))


async def _screen(turn: Turn) -> int | None:
    """Return the row of the progress message under which the button was pressed."""
    if not turn.pressed or len(turn.choice) != 5:
        return None
    row = number(turn.choice[4])
    return row if await notice_rows.said_here(turn.tx, row, turn.messenger, turn.chat_id) else None


def _words(progress: Progress) -> Rich:
    details = {
        "number": progress.notice.id,
        "sent": progress.sent,
        "total": progress.total,
        "waiting": progress.waiting,
        "failed": progress.failed,
    }
    failed = text("admin-progress-failed", failed=progress.failed) if progress.failed else ""
    if progress.notice.state == "cancelled":
        under_way = text("admin-progress-under-way", waiting=progress.waiting) if progress.waiting else ""
        return lines(text("admin-progress-cancelled", **details), under_way)
    return lines(text(f"admin-progress-{progress.notice.state}", **details), failed)


def _buttons(progress: Progress, row: int) -> Rows:
    notice = progress.notice
    rows: Rows = []
    if notice.state == "sending":
        refresh = button("admin-refresh", f"a:notice:{notice.id}:see:{row}")
        rows.append([refresh, button("admin-notice-stop", f"a:notice:{notice.id}:stop:{row}")])
    return [*rows, menu_row()]


async def _stop(turn: Turn, notice: int) -> None:
    progress = await notices.stop(turn.tx, turn.actor, notice, turn.now)
    await _show(turn, progress)
    if turn.pressed:
        turn.toast = Toast(text=label("admin-notice-stopped", sent=progress.sent, total=progress.total), alert=True)


_VERBS: dict[str, Callable[[Turn, int], Awaitable[None]]] = {
    "send": _send,
    "again": _again,
    "drop": _drop,
    "see": _follow,
    "stop": _stop,
}
