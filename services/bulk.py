"""One deed on several requests: each is done by itself, and what is refused does not hold up the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import lifecycle
from domain.casework import Actor, Request
from domain.lifecycle import Deed, Given
from domain.refusal import Refused
from services import casework
from services.acting import Doing
from services.cards import standing
from services.centre import Centre
from storage import requests
from storage.database import Transaction

MOST = 20
DEEDS = (Deed.ACCEPT, Deed.START, Deed.REFER, Deed.NOTE)
"""What may be done to several at once."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: codes that it was done to, and (code, refusal) of the others."""

    done: Sequence[str]
    refused: Sequence[tuple[str, Refused]]


async def chosen(tx: Transaction, codes: Sequence[str]) -> list[Request]:
    """Return the requests behind the codes, in the order in which they are changed."""
    found = [await requests.by_code(tx, code) for code in codes]
    return sorted((request for request in found if request is not None), key=lambda request: request.id)


def possible(actor: Actor, several: Sequence[Request], now: datetime) -> list[Deed]:
    """List the deeds that every one of the requests allows this person now."""
    allowed = [
        {move.deed for move in lifecycle.allowed(standing(one, casework.roles_towards(actor, one)), now)}
        for one in several
    ]
    return [deed for deed in DEEDS if allowed and all(deed in each for each in allowed)]


async def perform(
    tx: Transaction, centre: Centre, actor: Actor, codes: Sequence[str], deed: Deed, given: Given, now: datetime
) -> Done:
    """Do the deed on each request, with its own history and news."""
    done: list[str] = []
    refused: list[tuple[str, Refused]] = []
    for request in await chosen(tx, codes):
        try:
            async with tx.begin_nested():
                await casework.perform(tx, centre, request.id, Doing(actor, deed, given, now))
            done.append(request.code)
        except Refused as refusal:
            refused.append((request.code, refusal))
    return Done(done, refused)
