"""The clocks of requests, one row for each request and kind."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from domain.clocks import Clock, Going, Kind, Step
from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import clocks

_ALIKE = ("around_the_clock", "seconds", "started_at", "due_at", "left_seconds", "stopped_at", "late")
"""Columns that are called as in the record."""
_OF_REQUEST = sa.select(clocks).where(clocks.c.request_id == sa.bindparam("request"))
_WRITTEN = ("state", *_ALIKE, "steps")
_PUT = PerDialect(
    lambda insert: (
        statement := insert(clocks).values({name: sa.bindparam(name) for name in ("request_id", "kind", *_WRITTEN)})
    ).on_conflict_do_update(
        index_elements=["request_id", "kind"],
        set_={name: statement.excluded[name] for name in _WRITTEN},
    )
)


def _clock(row: Any) -> Clock:
    more = {name: getattr(row, name) for name in _ALIKE}
    return Clock(kind=Kind(row.kind), going=Going(row.state), steps=tuple(map(Step, row.steps)), **more)


async def of_request(tx: Transaction, request: int) -> dict[Kind, Clock]:
    """Return a request's clocks by kind."""
    found = [_clock(row) for row in await tx.execute(_OF_REQUEST, {"request": request})]
    return {clock.kind: clock for clock in found}


async def put(tx: Transaction, request: int, several: Sequence[Clock]) -> None:
    """Write clocks of a request, in the place of those of the same kinds."""
    rows = [
        {"request_id": request, "kind": clock.kind, "state": clock.going, "steps": list(clock.steps)}
        | {name: getattr(clock, name) for name in _ALIKE}
        for clock in several
    ]
    if rows:
        await tx.execute(_PUT.for_(tx), rows)
