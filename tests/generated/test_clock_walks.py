"""Any row of deeds by anybody, with time passing and timers ringing, leaves a request with clocks that make sense."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import pytest

from domain import lifecycle
from domain.casework import Actor, Request
from domain.lifecycle import MOVES, Deed, Given, Move, Need, State
from domain.refusal import Refused
from domain.roles import Role
from services import cards, casework, clock_words, clocks
from services.acting import Doing
from services.centre import Centre
from services.creating import Filer, create
from services.promises import deadline
from services.ringing import RINGS
from storage import clocks as rows
from storage import media, people, requests, staff, timers
from storage.database import Database, Transaction

pytestmark = pytest.mark.asyncio(loop_scope="package")

START = datetime(2026, 3, 16, 6, 11, tzinfo=UTC)  # four days before Nowruz
UNIT, OTHER = "waste-1", "civil-1"
_ELSEWHERE = {Deed.SPLIT, Deed.MERGE, Deed.HAND_OVER, Deed.UPHOLD, Deed.WITHDRAW, Deed.CORRECT}
"""Deeds that need others, or end the walk."""
_DEEDS = [move for move in MOVES if move.deed not in _ELSEWHERE]
_users = count(7_000)


async def _hired(tx: Transaction, *roles: tuple[Role, str]) -> Actor:
    account = await people.meet(tx, "telegram", next(_users), "کسی", START)
    for role, unit in roles:
        await staff.grant(tx, account.person, role, unit, None, START)
    return await people.actor(tx, account)


async def _filed(tx: Transaction, centre: Centre, owner: Actor, *, urgent: bool) -> Request:
    row = {
        "account_id": owner.account.id,
        "subject": "garbage_not_collected",
        "unit": UNIT,
        "district": "1",
        "urgent": urgent,
        "state": State.ASSIGNED,
        "deadline_at": deadline(centre, "garbage_not_collected", START, urgent=urgent),
    }
    return await create(tx, centre, Filer(owner.person, Role.OWNER, "telegram"), row, [], START)


async def _given(tx: Transaction, move: Move, request: Request, actor: Actor, now: datetime, dice: Random) -> Given:
    photos: tuple[int, ...] = ()
    if Need.PHOTO in move.needs:
        file, mine = f"F{next(_users)}", actor.account.id
        photos = (await media.remember(tx, kind="photo", messenger="telegram", file_id=file, account_id=mine, now=now),)
    return Given(
        unit=(OTHER if request.unit == UNIT else UNIT) if Need.UNIT in move.needs else "",
        body="power" if Need.BODY in move.needs else "",
        date=(now + timedelta(days=dice.randint(1, 12))).date().isoformat() if Need.DATE in move.needs else "",
        reason="دلیل" if Need.REASON in move.needs else "",
        note="یادداشت" if move.needs & {Need.NOTE, Need.WORDS_OR_PHOTO} else "",
        photos=photos,
    )


async def _one_deed(
    tx: Transaction, centre: Centre, number: int, people_here: Sequence[Actor], now: datetime, dice: Random
) -> str:
    """Let somebody do something that they may do; return what, or an empty string."""
    request = await requests.get(tx, number)
    actor = dice.choice(people_here)
    standing = cards.standing(request, casework.roles_towards(actor, request))
    possible = [move for move in _DEEDS if not lifecycle.objection(move, standing, now)]
    if not possible:
        return ""
    move = dice.choice(possible)
    given = await _given(tx, move, request, actor, now, dice)
    try:
        await casework.perform(tx, centre, number, Doing(actor, move.deed, given, now))
    except Refused:  # for what the table does not see: too many referrals
        return ""
    return str(move.deed)


async def _ring_what_is_due(database: Database, centre: Centre, now: datetime) -> list[str]:
    rung = []
    for _ in range(20):
        async with database.read() as tx:
            due = await timers.due(tx, now)
        if not due:
            return rung
        for timer in due:
            async with database.write() as tx:
                if await timers.done(tx, timer):  # else what rang before has moved it
                    await RINGS[timer.kind](tx, centre, timer.data, now)
                    rung.append(timer.kind)
    raise AssertionError(f"timers ring without end: {rung[-5:]}")


async def _is_sound(database: Database, centre: Centre, number: int, now: datetime) -> None:
    async with database.read() as tx:
        request = await requests.get(tx, number)
        known = await rows.of_request(tx, number)
        assert clocks.problems(request, list(known.values())) == []
        assert len(await clock_words.of_request(tx, centre, request, now)) >= len(known), "each can be explained"
        if request.state is State.ASKED or any(clock.alive and clock.due_at for clock in known.values()):
            assert request.told_for is not None


@pytest.mark.parametrize("seed", range(6))
async def test_clocks_stay_sound_on_every_way(database: Database, centre: Centre, seed: int) -> None:
    dice, now, way = Random(seed), START, []
    async with database.write() as tx:
        owner = await _hired(tx)
        both = [(Role.OFFICIAL, UNIT), (Role.OFFICIAL, OTHER)]
        here = [owner, owner, await _hired(tx, *both), await _hired(tx, (Role.HEAD, UNIT), (Role.HEAD, OTHER))]
        number = (await _filed(tx, centre, owner, urgent=seed % 3 == 0)).id
    await _is_sound(database, centre, number, now)
    for _ in range(60):
        now += timedelta(hours=dice.choice((0.2, 2, 9, 30, 80)))
        way += await _ring_what_is_due(database, centre, now)
        await _is_sound(database, centre, number, now)
        async with database.write() as tx:
            way.append(await _one_deed(tx, centre, number, here, now, dice))
        try:
            await _is_sound(database, centre, number, now)
        except AssertionError as error:
            error.add_note(" → ".join(way))
            raise
    assert {"clock"} <= set(way)
