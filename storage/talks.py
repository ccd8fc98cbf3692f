"""What was last offered to a person in a chat, and what their next words answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import talks


@dataclass(slots=True)
class Talk:
    """`offered` maps the newest buttons' labels to their data, `keys` those of the keyboard that still stands below;
    `awaiting` names the open question, if any."""

    messenger: str
    chat_id: int
    user_id: int
    offered: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    awaiting: dict[str, Any] | None = None


_CHANGING = ("offered", "keyboard", "awaiting", "updated_at")
_LOAD = sa.select(talks.c.offered, talks.c.keyboard, talks.c.awaiting).where(
    talks.c.messenger == sa.bindparam("messenger"),
    talks.c.chat_id == sa.bindparam("chat"),
    talks.c.user_id == sa.bindparam("user"),
)


async def load(tx: Transaction, messenger: str, chat_id: int, user_id: int) -> Talk:
    """Return the talk, empty when there was none."""
    talk = Talk(messenger, chat_id, user_id)
    row = (await tx.execute(_LOAD, {"messenger": messenger, "chat": chat_id, "user": user_id})).one_or_none()
    if row is not None:
        talk.offered, talk.keys, talk.awaiting = dict(row.offered), dict(row.keyboard), row.awaiting
    return talk


_SAVE = PerDialect(
    lambda insert: (
        insert(talks)
        .values({name: sa.bindparam(name) for name in ("messenger", "chat_id", "user_id", *_CHANGING)})
        .on_conflict_do_update(
            index_elements=["messenger", "chat_id", "user_id"],
            set_={name: sa.literal_column(f"excluded.{name}") for name in _CHANGING},
        )
    )
)


async def save(tx: Transaction, talk: Talk, now: datetime) -> None:
    """Write the talk back."""
    key = {"messenger": talk.messenger, "chat_id": talk.chat_id, "user_id": talk.user_id}
    shown = {"offered": list(talk.offered.items()), "keyboard": list(talk.keys.items())}
    await tx.execute(_SAVE.for_(tx), {**key, **shown, "awaiting": talk.awaiting, "updated_at": now})


_OFFER = PerDialect(
    lambda insert: (
        insert(talks)
        .values({name: sa.bindparam(name) for name in ("messenger", "chat_id", "user_id", *_CHANGING)})
        .on_conflict_do_update(
            index_elements=["messenger", "chat_id", "user_id"],
            set_={"offered": sa.literal_column("excluded.offered")},
        )
    )
)


def _offering(talk: Talk, now: datetime) -> dict[str, Any]:
    key = {"messenger": talk.messenger, "chat_id": talk.chat_id, "user_id": talk.user_id}
    shown = {"offered": list(talk.offered.items()), "keyboard": []}
    return {**key, **shown, "awaiting": None, "updated_at": now}


async def offer(tx: Transaction, talk: Talk, now: datetime) -> None:
    """Write only what is offered: the person may be answering an open question in another transaction just now."""
    await tx.execute(_OFFER.for_(tx), _offering(talk, now))


async def offer_all(tx: Transaction, several: Sequence[Talk], now: datetime) -> None:
    """Write what is offered in several talks."""
    if several:
        await tx.execute(_OFFER.for_(tx), [_offering(talk, now) for talk in several])


async def load_private(tx: Transaction, chats: Sequence[tuple[str, int]]) -> list[Talk]:
    """Return the talks of several private chats (messenger, chat) in their order, empty where there was none."""
    query = sa.select(talks.c.messenger, talks.c.chat_id, talks.c.offered).where(
        talks.c.chat_id.in_([chat for _, chat in chats]), talks.c.chat_id == talks.c.user_id
    )
    known = {(row.messenger, row.chat_id): dict(row.offered) for row in await tx.execute(query)}
    return [Talk(messenger, chat, chat, known.get((messenger, chat), {})) for messenger, chat in chats]
