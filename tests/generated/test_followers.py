"""Whoever follows a request hears of every change of it once, and reads neither its code nor anybody's words."""

import pytest
import sqlalchemy as sa

from domain.casework import Account, Request
from domain.lifecycle import MOVES, Move, State
from domain.messages import Message
from services import casework
from services.acting import Doing
from services.centre import Centre
from services.followers import TOLD_FOLLOWERS
from storage import followers, media
from storage.database import Database, Transaction
from storage.tables import outbox
from tests.generated.casts import NOW, ROLE_IN_TABLE, Cast, Stage, in_the_table, set_the_stage
from texts.numbers import persian

pytestmark = pytest.mark.asyncio(loop_scope="package")

_PRIVATE = ("آشغال سر کوچه", "سجاد ۱۲", "مخزن هم", "کار این واحد نیست", "پلاک", "09151112233", "حل شد؟")


async def _said(tx: Transaction, who: Account, after: int) -> list[Message]:
    mine = (outbox.c.messenger == who.messenger, outbox.c.chat_id == who.user_id, outbox.c.id > after)
    return [Message.model_validate(said) for said in await tx.scalars(sa.select(outbox.c.message).where(*mine))]


async def _newest(tx: Transaction) -> int:
    return int(await tx.scalar(sa.select(sa.func.coalesce(sa.func.max(outbox.c.id), 0))) or 0)


def _reads_nothing_private(message: Message, request: Request) -> None:
    everything = message.text + "".join(f"{one.label} {one.data}" for row in message.buttons for one in row)
    assert not message.pictures
    for private in (*_PRIVATE, request.code, persian(int(request.code))):
        assert private not in everything, f"{private} in {everything}"


async def _done_by_somebody(tx: Transaction, centre: Centre, cast: Cast, move: Move) -> tuple[Stage, int]:
    """Let whoever may do a deed to something that is followed; return the last row of the outbox before it."""
    who = next(name for name, role in ROLE_IN_TABLE.items() if role in move.by)
    state = next(state for state in State if state is not State.ROSTER and in_the_table(move, who, state))
    stage = await set_the_stage(tx, centre, cast, who, state)
    await followers.follow(tx, stage.request.id, cast.people["follower"].account.id, NOW)
    photo = await media.remember(
        tx,
        kind="photo",
        messenger="telegram",
        file_id=f"F{stage.request.id}",
        account_id=stage.actor.account.id,
        now=NOW,
    )
    before = await _newest(tx)
    given = stage.enough(move.needs, photo)
    await casework.perform(tx, centre, stage.request.id, Doing(stage.actor, move.deed, given, NOW))
    return stage, before


_OF_PEOPLE = [move for move in MOVES if move.by & set(ROLE_IN_TABLE.values()) and move.since - {State.ROSTER}]


@pytest.mark.parametrize("move", _OF_PEOPLE, ids=lambda move: move.deed.value)
async def test_every_change_is_told_once_without_anything_private(
    database: Database, centre: Centre, cast: Cast, move: Move
) -> None:
    async with database.write() as tx:
        stage, before = await _done_by_somebody(tx, centre, cast, move)
        said = await _said(tx, cast.people["follower"].account, before)
    assert len(said) == (1 if move.deed in TOLD_FOLLOWERS else 0)
    for message in said:
        _reads_nothing_private(message, stage.request)


async def test_whoever_follows_is_not_counted(database: Database, centre: Centre, cast: Cast) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "follower", State.ASSIGNED)
        assert stage.request.supporters == 0
        assert not await casework.roles_of(tx, stage.actor, stage.request)
