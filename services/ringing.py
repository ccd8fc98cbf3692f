"""What happens when a timer rings."""

from datetime import datetime
from typing import Any

from domain.lifecycle import Deed, Given
from domain.messages import Button, Message
from services import (
    areas,
    callers,
    casework,
    desk_alarms,
    desk_queue,
    digests,
    in_hand,
    leave,
    letters,
    no_answer,
    notices,
    relief,
    saying,
    sitting,
    warnings,
)
from services.acting import Doing
from services.centre import Centre
from services.rings import Ring
from storage import drafts, people, requests
from storage.database import Transaction
from texts.speech import label, lines, text


async def _remind_draft(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    draft = await drafts.get(tx, data["draft"])
    if draft is None or draft.state != "open" or not draft.slots.has_content:
        return
    account = await people.account(tx, draft.account)
    rows = [
        [
            Button(label=label("button-go-on"), data=f"d:{draft.id}:go"),
            Button(label=label("button-cancel"), data=f"d:{draft.id}:x"),
        ]
    ]
    message = Message(text=lines(callers.mark(draft.slots), text("draft-reminder")), buttons=rows)
    once = f"draft-reminder:{draft.id}"
    await saying.push(tx, account.messenger, account.user_id, message, now, private=True, dedup_key=once)


async def _expire_draft(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    draft = await drafts.get(tx, data["draft"])
    if draft is None or draft.state != "open":
        return
    await drafts.close(tx, draft, "expired", now)
    if not draft.slots.has_content or draft.slots.caller:
        return
    account = await people.account(tx, draft.account)
    message = Message(text=text("draft-expired"))
    once = f"draft-expired:{draft.id}"
    await saying.push(tx, account.messenger, account.user_id, message, now, private=True, dedup_key=once)


async def _fall_silent(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await casework.by_system(tx, centre, data["request"], Doing(None, Deed.FALL_SILENT, Given(), now))


async def _tell_more_photos(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await letters.more_photos(tx, centre, await requests.get(tx, data["request"]), data["photos"], now)


async def _tell_more_work(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await letters.more_work(tx, centre, await requests.get(tx, data["request"]), data["photos"], now)


async def _spread_notice(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await notices.spread(tx, centre, data["notice"], data["last"], now)


async def _withdraw_notice(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await notices.withdraw(tx, data["notice"], now)


RINGS: dict[str, Ring] = {
    "draft-remind": _remind_draft,
    "draft-expire": _expire_draft,
    "fall-silent": _fall_silent,
    "more-photos": _tell_more_photos,
    "more-work": _tell_more_work,
    "notice-spread": _spread_notice,
    "notice-withdraw": _withdraw_notice,
    **desk_queue.RINGS,
    **areas.RINGS,
    **relief.RINGS,
    **desk_alarms.RINGS,
    **sitting.RINGS,
    **digests.RINGS,
    **leave.RINGS,
    **in_hand.RINGS,
    **warnings.RINGS,
    **no_answer.RINGS,
}
