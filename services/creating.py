"""Bringing a request into the world: its row and code, the first line of its history, its files, its card."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import tracking
from domain.casework import Request
from domain.roles import Role
from services import assignment, clocks, desk_alarms, relief
from services.centre import Centre
from storage import requests
from storage.database import Transaction

_TRIES_PER_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Filer:
    """Who files it, in which role, from which messenger."""

    person: int | None
    role: Role
    messenger: str | None


async def new_code(tx: Transaction) -> str:
    """Draw a code that nobody has; when short ones grow crowded, a longer one."""
    for digits in range(tracking.DIGITS, tracking.DIGITS + 3):
        for _ in range(_TRIES_PER_LENGTH):
            lowest = 10 ** (digits - 1)
            code = tracking.code(lowest + secrets.randbelow(9 * lowest), digits)
            if not await requests.code_taken(tx, code):
                return code
    raise RuntimeError("no free tracking code was found")


async def create(
    tx: Transaction,
    centre: Centre,
    filer: Filer,
    row: Mapping[str, Any],
    files: Sequence[int],
    now: datetime,
    *,
    shown: bool = True,
) -> Request:
    """Write a request of these columns down, bring its card before the unit and call for what cannot wait.

    One that is not `shown` is settled before anybody else has to look at it.
    """
    number = await requests.insert(tx, code=await new_code(tx), filed_at=now, changed_at=now, **row)
    event = await requests.append_history(
        tx,
        request_id=number,
        at=now,
        deed="file",
        person_id=filer.person,
        role=filer.role,
        messenger=filer.messenger,
        to_state=row["state"],
        unit=row["unit"],
    )
    await requests.attach(tx, number, list(files), "filed", event)
    request = await requests.get(tx, number)
    await clocks.begin(tx, centre, request, now)
    if shown:
        await assignment.hand_over(tx, centre, request, now)
        await relief.reached(tx, centre, request, now)
        await desk_alarms.reached(tx, centre, request, now)
    return request
