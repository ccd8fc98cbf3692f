"""Naming a colleague so that the messenger tells them, where it can; elsewhere the plain name stays."""

from collections.abc import Mapping

from storage import people
from storage.database import Transaction
from texts.speech import Rich, text


async def numbers_of(tx: Transaction, person: int | None) -> Mapping[str, int]:
    """Return somebody's user number by messenger, of the account seen last on each; nothing for nobody."""
    if person is None:
        return {}
    found = await people.accounts_of(tx, person)
    return {account.messenger: account.user_id for account in reversed(found)}


def of(name: str, number: int | None) -> Rich:
    """Name somebody; with their number on the reader's messenger as a mention. Renderers know who can mention."""
    return text("mention", name=name, id=str(number)) if number is not None else text("no-mention", name=name)
