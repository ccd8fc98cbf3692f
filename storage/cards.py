"""Which messages show a request to staff, so that all of them can be kept up to date."""

from dataclasses import dataclass

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import cards


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


async def add(
    tx: Transaction, *, request: int, messenger: str, chat_id: int, outbox: int, viewer: int | None, unit: str
) -> None:
    """Remember a card that was just put into the outbox."""
    row = {"messenger": messenger, "chat_id": chat_id, "outbox_id": outbox, "viewer_id": viewer, "unit": unit}
    await tx.execute(sa.insert(cards).values(request_id=request, **row))


async def live(tx: Transaction, request: int) -> list[Card]:
    """List the cards of a request that still show it."""
    query = sa.select(cards).where(cards.c.request_id == request, cards.c.live).order_by(cards.c.id)
    return [
        Card(r.id, r.request_id, r.messenger, r.chat_id, r.outbox_id, r.viewer_id, r.unit)
        for r in await tx.execute(query)
    ]


async def retire(tx: Transaction, card_ids: list[int]) -> None:
    """Stop updating these cards: the request went elsewhere, or a newer card took their place."""
    if card_ids:
        await tx.execute(sa.update(cards).where(cards.c.id.in_(card_ids)).values(live=False))
