"""When the machine itself stumbles: an apology to the person, a note to the administrators."""

from datetime import datetime, timedelta

from domain.messages import Message, Priority
from domain.roles import Role
from services.centre import Centre
from storage import outbox, staff
from storage.database import Transaction
from texts.speech import label, text

_APOLOGY_EVERY = timedelta(minutes=5)


def _slot(now: datetime, every: timedelta) -> int:
    return int(now.timestamp() // every.total_seconds())


async def administrators(tx: Transaction, centre: Centre) -> list[tuple[str, int]]:
    """List the (messenger, chat) of everybody who looks after the machine."""
    members = await staff.reachable_members(tx, (Role.ADMINISTRATOR,))
    return sorted({(a.messenger, a.user_id) for a in members} | centre.administrators)


async def apologise(
    tx: Transaction, centre: Centre, messenger: str, chat_id: int | None, inbox_id: int, now: datetime
) -> None:
    """Say sorry to whoever sent an update that could not be handled, and tell the administrators its number."""
    if chat_id is not None:
        await outbox.put(
            tx,
            messenger=messenger,
            chat_id=chat_id,
            message=Message(text=text("trouble-apology")),
            dedup_key=f"apology:{messenger}:{chat_id}:{_slot(now, _APOLOGY_EVERY)}",
            now=now,
        )
    again = _slot(now, _APOLOGY_EVERY)  # what is tried again and fails is told again
    for where, chat in await administrators(tx, centre):
        await outbox.put(
            tx,
            messenger=where,
            chat_id=chat,
            message=Message(text=text("trouble-note", number=inbox_id, messenger=label(f"messenger-{messenger}"))),
            priority=Priority.PUSH,
            dedup_key=f"trouble:{inbox_id}:{again}:{where}:{chat}",
            now=now,
        )


async def unreachable(
    tx: Transaction, centre: Centre, messenger: str, chat_id: int, unit: str | None, reason: str, now: datetime
) -> None:
    """A unit's group threw the bot out: its requests would go unseen, so the administrators hear of it."""
    if unit is None:
        return
    for where, chat in await administrators(tx, centre):
        await outbox.put(
            tx,
            messenger=where,
            chat_id=chat,
            message=Message(
                text=text(
                    "trouble-group-lost", unit=centre.city.unit(unit).title, messenger=label(f"messenger-{messenger}")
                )
            ),
            priority=Priority.PUSH,
            dedup_key=f"group-lost:{messenger}:{chat_id}:{where}:{chat}:{_slot(now, timedelta(hours=1))}",
            now=now,
        )
