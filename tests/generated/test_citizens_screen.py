"""A request on the screens of its owner and of somebody who joined, in every state, after every deed."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain.lifecycle import Deed, Outcome, State
from handlers.house import House
from services.centre import Centre
from storage import requests
from storage.database import Database, Transaction
from storage.tables import outbox
from tests.generated.casts import NOW, Cast, set_the_stage
from tests.generated.test_presses import press
from texts.speech import label

pytestmark = pytest.mark.asyncio(loop_scope="package")

_INTERNAL = re.compile(r"[a-z]+[-_][a-z0-9]+|\b(?:None|True|False|desk|waste|civil)\b")
_TOLD_NOWHERE = (Deed.NOTE, Deed.HAND_OVER, Deed.RELEASE)


async def _screen(
    tx: Transaction, house: House, cast: Cast, who: str, state: State, deed: Deed | None = None, **columns: object
) -> str:
    """Open the request as `who`, after `deed` if one is given, and return what is said."""
    stage = await set_the_stage(tx, house.centre, cast, who, state, **columns)
    if deed is not None:
        await requests.append_history(
            tx,
            request_id=stage.request.id,
            at=NOW - timedelta(hours=3),
            deed=deed,
            person_id=None,
            role="system",
            to_state=state,
            unit=stage.request.unit,
            reason="list:no-budget",
            note="مخزن هم اضافه شد",
            data={"body": "power", "date": "2026-12-05", "parts": ["waste-1", "civil-1"], "target": "1234567"},
        )
    shown = f"n:v:{stage.request.id}" if who == "follower" else f"r:{stage.request.code}:view"
    await house.handle(tx, "telegram", press(stage.actor.account, shown), NOW)
    chat = stage.actor.account.user_id
    newest = sa.select(outbox.c.message).where(outbox.c.chat_id == chat).order_by(outbox.c.id.desc()).limit(1)
    said = await tx.scalar(newest)
    assert said is not None
    return str(said["text"])


@pytest.mark.parametrize("who", ["owner", "supporter"])
async def test_every_state_says_what_comes_next_in_plain_words(
    database: Database, centre: Centre, cast: Cast, who: str
) -> None:
    house = House(centre)
    async with database.write() as tx:
        for state in State:
            planned = {"planned_for": NOW + timedelta(days=4), "body": "power", "parts": 3}
            said = await _screen(tx, house, cast, who, state, **planned)
            assert not _INTERNAL.search(re.sub(r"<[^>]+>", "", said)), said
            if state is not State.CLOSED:
                whose = "mine" if who == "owner" else "other"
                assert label(f"next-{state.replace('_', '-')}", whose=whose) in said


@pytest.mark.parametrize("who", ["owner", "supporter", "follower"])
async def test_every_deed_reads_well(database: Database, centre: Centre, cast: Cast, who: str) -> None:
    house = House(centre)
    async with database.write() as tx:
        for deed in Deed:
            said = await _screen(tx, house, cast, who, State.IN_HAND, deed)
            assert not _INTERNAL.search(re.sub(r"<[^>]+>", "", said)), said
            if deed in _TOLD_NOWHERE or who == "follower":
                assert "مخزن" not in said
            assert (label("status-followed") in said) == (who == "follower")


@pytest.mark.parametrize("outcome", Outcome)
async def test_every_end_reads_well(database: Database, centre: Centre, cast: Cast, outcome: Outcome) -> None:
    async with database.write() as tx:
        said = await _screen(tx, House(centre), cast, "owner", State.CLOSED, outcome=outcome)
    assert label(f"outcome-{outcome.replace('_', '-')}") in said
    assert not _INTERNAL.search(re.sub(r"<[^>]+>", "", said)), said


async def test_a_missed_promise_is_told_with_an_apology_and_the_new_date(
    database: Database, centre: Centre, cast: Cast
) -> None:
    missed = {"deadline_at": NOW - timedelta(hours=3), "promised_at": NOW + timedelta(days=1)}
    async with database.write() as tx:
        said = await _screen(tx, House(centre), cast, "owner", State.IN_HAND, **missed)
        over = await _screen(tx, House(centre), cast, "owner", State.IN_HAND, deadline_at=NOW - timedelta(hours=3))
        awaited = await _screen(tx, House(centre), cast, "owner", State.ASKED, **missed)
    assert "پوزش می‌خواهیم" in said
    assert "مهلت تازه: فردا" in said
    assert "پوزش می‌خواهیم" in over
    assert "مهلت" not in awaited
