"""Which messages show a request to staff, so that all of them can be kept up to date."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import cards, requests


@dataclass(frozen=True, slots=True)
class Card:
    """A message in a chat that shows a request; `viewer` is None in a group."""

    id: int
    request: int
    messenger: str
    chat_id: int
    outbox: int
    viewer: int | None
    unit: str


def _card(row: Any) -> Card:
    return Card(row.id, row.request_id, row.messenger, row.chat_id, row.outbox_id, row.viewer_id, row.unit)


async def add(
    tx: Transaction, *, request: int, messenger: str, chat_id: int, outbox: int, viewer: int | None, unit: str
) -> None:
    """Remember a card that was just put into the outbox."""
    row = {"messenger": messenger, "chat_id": chat_id, "outbox_id": outbox, "viewer_id": viewer, "unit": unit}
    await tx.execute(sa.insert(cards).values(request_id=request, **row))


async def live(tx: Transaction, request: int) -> list[Card]:
    """List the cards of a request that still show it."""
    query = sa.select(cards).where(cards.c.request_id == request, cards.c.live).order_by(cards.c.id)
    return [_card(row) for row in await tx.execute(query)]


async def live_in_chat(tx: Transaction, messenger: str, chat_id: int) -> list[Card]:
    """List the cards in one chat that still show a request, oldest first."""
    here = (cards.c.messenger == messenger, cards.c.chat_id == chat_id)
    rows = await tx.execute(sa.select(cards).where(*here, cards.c.live).order_by(cards.c.id))
    return [_card(r) for r in rows]


async def live_of_open(tx: Transaction, messenger: str, chat_id: int, limit: int) -> list[Card]:
    """List the newest cards in one chat that show an open request."""
    here = (cards.c.messenger == messenger, cards.c.chat_id == chat_id, cards.c.live)
    open_ = requests.c.state != sa.literal_column("'closed'")  # literal, or the partial index is not used
    query = sa.select(cards).join(requests, requests.c.id == cards.c.request_id).where(*here, open_)
    return [_card(row) for row in await tx.execute(query.order_by(cards.c.id.desc()).limit(limit))]


async def retire(tx: Transaction, card_ids: list[int]) -> None:
    """Stop updating these cards: the request went elsewhere, or a newer card took their place."""
    if card_ids:
        await tx.execute(sa.update(cards).where(cards.c.id.in_(card_ids)).values(live=False))
