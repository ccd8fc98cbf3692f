"""Two people at the same moment: parts close, a whole is withdrawn, two requests are merged into each other."""

import asyncio

import pytest
import sqlalchemy as sa

from domain.casework import Actor, Request
from domain.lifecycle import Deed, Given, Outcome, State
from domain.refusal import Refused
from services import casework
from services.acting import Doing
from services.centre import Centre
from storage import requests
from storage.database import Database
from storage.tables import history
from tests.generated.casts import NOW, OTHER_UNIT, UNIT, Cast, file

pytestmark = pytest.mark.asyncio(loop_scope="package")

_TIMES = 5  # at once is not quite at once


async def _do(database: Database, centre: Centre, request: Request, actor: Actor, deed: Deed, **given: str) -> str:
    """Do a deed in a transaction of its own; return why it was refused, or an empty string."""
    try:
        async with database.write() as tx:
            await casework.perform(tx, centre, request.id, Doing(actor, deed, Given(**given), NOW))
    except Refused as refused:
        return refused.reason
    return ""


async def _whole(database: Database, centre: Centre, cast: Cast) -> tuple[Request, Request, Request]:
    async with database.write() as tx:
        whole = await file(tx, centre, cast.people["owner"], State.IN_PARTS)
        first, second = await requests.parts_of(tx, whole.id)
        for part, unit in ((first, UNIT), (second, OTHER_UNIT)):
            await requests.change(tx, part.id, state=State.IN_HAND, unit=unit)
    return whole, first, second


async def test_the_last_two_parts_close_at_once_and_the_whole_closes_once(
    database: Database, centre: Centre, cast: Cast
) -> None:
    for _ in range(_TIMES):
        whole, first, second = await _whole(database, centre, cast)
        ends = await asyncio.gather(
            _do(database, centre, first, cast.people["official"], Deed.NOT_SOLVE, reason="راه نبود"),
            _do(database, centre, second, cast.people["official-elsewhere"], Deed.NOT_SOLVE, reason="راه نبود"),
        )
        assert ends == ["", ""]
        async with database.read() as tx:
            now = await requests.get(tx, whole.id)
            joined = sa.select(sa.func.count()).where(history.c.request_id == whole.id, history.c.deed == Deed.JOIN_UP)
            assert (now.state, now.outcome, await tx.scalar(joined)) == (State.CLOSED, Outcome.NOT_SOLVED, 1)


async def test_a_part_closes_while_the_whole_is_withdrawn(database: Database, centre: Centre, cast: Cast) -> None:
    for _ in range(_TIMES):
        whole, first, second = await _whole(database, centre, cast)
        closed, withdrawn = await asyncio.gather(
            _do(database, centre, first, cast.people["official"], Deed.NOT_SOLVE, reason="راه نبود"),
            _do(database, centre, whole, cast.people["owner"], Deed.WITHDRAW),
        )
        assert (closed, withdrawn) in (("", ""), ("already-closed", ""))
        async with database.read() as tx:
            states = [(await requests.get(tx, one.id)).state for one in (whole, first, second)]
        assert states == [State.CLOSED] * 3


async def test_of_two_requests_merged_into_each_other_one_stays(database: Database, centre: Centre, cast: Cast) -> None:
    operator = cast.people["operator"]
    for _ in range(_TIMES):
        async with database.write() as tx:
            one, other = [await file(tx, centre, cast.people["owner"], State.IN_HAND) for _ in range(2)]
        ends = await asyncio.gather(
            _do(database, centre, one, operator, Deed.MERGE, target=other.code),
            _do(database, centre, other, operator, Deed.MERGE, target=one.code),
        )
        assert sorted(ends) in (["", "already-closed"], ["", "merge-closed"])
        async with database.read() as tx:
            states = {(await requests.get(tx, request.id)).state for request in (one, other)}
        assert states == {State.IN_HAND, State.CLOSED}
