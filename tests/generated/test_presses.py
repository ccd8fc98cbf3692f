"""Every button of a card, pressed by everybody in every state as an old or made-up button could be."""

from typing import Any

import pytest
import sqlalchemy as sa
import telegram

from domain.casework import Account
from domain.lifecycle import MOVES, Deed, Move, State
from domain.messages import Toast
from domain.roles import READS_CARDS
from handlers.house import House
from services.centre import Centre
from storage import requests
from storage.database import Database, Transaction
from storage.tables import audit, history, talks
from tests.generated.casts import CAST, NOW, READERS, Cast, Stage, in_the_table, set_the_stage, tried
from texts.speech import known, label

pytestmark = pytest.mark.asyncio(loop_scope="package")


def press(account: Account, data: str) -> telegram.Update:
    """Return an update in which somebody presses a button under a message of the bot."""
    person = {"id": account.user_id, "is_bot": False, "first_name": account.name}
    chat = {"id": account.user_id, "type": "private", "first_name": account.name}
    bot = {"id": 137, "is_bot": True, "first_name": "۱۳۷"}
    message = {"message_id": 1, "date": int(NOW.timestamp()), "chat": chat, "from": bot, "text": "کارت"}
    query = {"id": "9", "from": person, "chat_instance": "1", "data": data, "message": message}
    raw: dict[str, Any] = {"update_id": 1, "callback_query": query}
    return telegram.Update.de_json(raw, None)


_ON_NO_CARD = [move.deed for move in MOVES if not move.by & READS_CARDS]


def _pressed_by(who: str, state: State) -> list[Move]:
    """List what somebody presses; to whoever reads no cards every deed is the same."""
    return tried(who, state, whatever=_ON_NO_CARD if who in READERS else list(Deed))


def _may(move: Move, who: str, state: State) -> bool:
    return who in READERS and bool(move.by & READS_CARDS) and in_the_table(move, who, state)


async def _newest(tx: Transaction, table: sa.Table) -> int:
    return int(await tx.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))) or 0)


async def _pressed(tx: Transaction, house: House, stage: Stage, move: Move, *, may: bool) -> None:
    audited, happened = await _newest(tx, audit), await _newest(tx, history)
    toast = await house.handle(tx, "telegram", press(stage.actor.account, f"w:{stage.request.code}:{move.deed}"), NOW)
    refusals = await _refusals(tx, audited)
    changed = await _newest(tx, history) > happened
    if not may:
        assert len(refusals) == 1
        assert known(f"refused-{refusals[0]}")
        assert toast is not None
        assert toast.alert
        assert toast.text
        assert not changed
    elif move.needs:
        assert (refusals, changed) == ([], False)
        assert await _is_asked(tx, stage, move)
    else:
        assert (refusals, changed) == ([], True)
        assert toast == Toast(text=label(f"done-{move.deed.replace('_', '-')}", code=stage.request.code))
        assert (await requests.get(tx, stage.request.id)).state is move.to


async def _refusals(tx: Transaction, after: int) -> list[str]:
    return list((await tx.execute(sa.select(audit.c.refused).where(audit.c.id > after))).scalars())


async def _is_asked(tx: Transaction, stage: Stage, move: Move) -> bool:
    awaiting = await tx.scalar(sa.select(talks.c.awaiting).where(talks.c.user_id == stage.actor.account.user_id))
    wanted = {"kind": "deed", "deed": move.deed, "code": stage.request.code}
    return awaiting is not None and {key: awaiting[key] for key in wanted} == wanted


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("state", State)
async def test_a_press_does_what_the_table_says_or_is_refused_and_audited(
    database: Database, centre: Centre, cast: Cast, who: str, state: State
) -> None:
    house = House(centre)
    async with database.write() as tx:
        untouched = await set_the_stage(tx, centre, cast, who, state)
        for move in _pressed_by(who, state):
            may = _may(move, who, state)
            stage = await set_the_stage(tx, centre, cast, who, state) if may else untouched
            try:
                await _pressed(tx, house, stage, move, may=may)
            except AssertionError as error:
                error.add_note(f"{who} · {move.deed} · {state}")
                raise


@pytest.mark.parametrize(
    "data",
    ["", "w:", "w:1", "w:0000000:accept", "x", "d:999999999999999999999:f", "i:1:y", "a:menu", "k:late:x", "m:-1"],
)
async def test_made_up_data_never_raises(database: Database, centre: Centre, cast: Cast, data: str) -> None:
    house = House(centre)
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "stranger", State.ASSIGNED)
        before = await requests.get(tx, stage.request.id)
        await house.handle(tx, "telegram", press(stage.actor.account, data), NOW)
        assert await requests.get(tx, stage.request.id) == before
