"""Requests that people at random do random things to, as far as the table lets them: what must hold still holds."""

import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from domain import lifecycle
from domain.casework import Actor, Request
from domain.lifecycle import BY_DEED, NEEDS_JUDGEMENT, Deed, Given, Move, Need, State
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, Role
from services import casework
from services.acting import Doing
from services.cards import standing
from services.centre import Centre
from services.letters import TOLD
from storage import followers, requests, supporters
from storage.database import Database, Transaction
from storage.tables import outbox, timers
from tests.generated.casts import NOW, OTHER_UNIT, UNIT, Cast, Stage, call_in, file
from tests.week.checks import Week, look_at

_WALKS, _AT_ONCE, _STEPS = 300, 25, 25
_APART = timedelta(days=60)
"""Longer than a walk: no message of one is taken for that of another."""
_WALKERS = ("owner", "supporter", "operator", "inspector", "official", "head", "official-elsewhere", "manager")
_BY_TIMER = (Deed.GO_ON, Deed.FALL_SILENT, Deed.UNHEARD, Deed.RELEASE)
_BEGINNINGS = (State.ASSIGNED, State.ASSIGNED, State.WAITING, State.ROSTER)
_MAY_BE_REFUSED = frozenset(
    {
        *("same-unit", "same-subject", "referred-enough", "promise-needs-a-unit", "needs-photo"),
        *(
            "parts-full",
            "merge-itself",
            "merge-closed",
            "merge-part",
            "merge-roster",
            "colleague-has-it",
            "colleague-gone",
            "done-already",
        ),
    }
)
"""What the table cannot see; anything else that it allows must not be refused."""


@dataclass
class Walk:
    """One request, another that it may be merged into, and what has become of them so far."""

    centre: Centre
    cast: Cast
    random: Random
    now: datetime
    numbers: list[int] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    done: list[str] = field(default_factory=list)

    @property
    def follower(self) -> int:
        """The account of somebody who follows, and has joined or filed something else."""
        return self.cast.people["follower"].account.id

    async def go(self, tx: Transaction) -> None:
        """Go a while about a request of the owner; in half of the cases somebody joined it, or a manager hears it."""
        owner, neighbour = self.cast.people["owner"], self.cast.people["stranger"]
        first = await file(tx, self.centre, owner, self.random.choice(_BEGINNINGS), times_reopened=0)
        other = await file(tx, self.centre, neighbour, State.ASSIGNED)
        self.numbers, self.codes = [first.id, other.id], (first.code, other.code)
        if self.random.random() < 0.5:
            await self.cast.bring_before(tx, first)
        if self.random.random() < 0.5:
            await supporters.join(tx, first.id, self.cast.people["supporter"].account.id, self.now)
        if self.random.random() < 0.5:
            await followers.follow(tx, self.random.choice((first.id, other.id)), self.follower, self.now)
        for _ in range(self.random.randint(1, _STEPS)):
            await self.step(tx)

    async def step(self, tx: Transaction) -> None:
        """Let somebody do something that the table allows, a while later."""
        self.now += timedelta(minutes=self.random.choice((1, 7, 45, 300, 2000)))
        request = await requests.get(tx, self.random.choice(self.numbers))
        ways = [way async for way in self._ways(tx, request)]
        if not ways:
            return
        actor, move = self.random.choice(ways)
        given = self._given(request, actor, move)
        self.done.append(f"{request.code} {request.state} {move.deed} {given}")
        try:
            await casework.perform(tx, self.centre, request.id, Doing(actor, move.deed, given, self.now))
        except Refused as refused:
            if refused.reason not in _MAY_BE_REFUSED:
                raise
        parts = [part.id for number in self.numbers[:2] for part in await requests.parts_of(tx, number)]
        self.numbers = [*self.numbers[:2], *parts]

    async def _ways(self, tx: Transaction, request: Request) -> AsyncIterator[tuple[Actor | None, Move]]:
        for who in _WALKERS:
            actor = self.cast.people[who]
            view = standing(request, await casework.roles_of(tx, actor, request))
            for move in lifecycle.allowed(view, self.now):
                yield actor, move
        system = standing(request, frozenset({Role.SYSTEM}))
        for deed in _BY_TIMER:
            if not lifecycle.objection(BY_DEED[deed], system, self.now):
                yield None, BY_DEED[deed]

    def _given(self, request: Request, actor: Actor | None, move: Move) -> Given:
        units = (UNIT, OTHER_UNIT, "services-1", self.centre.city.desk.slug)
        day = self.now.astimezone(self.centre.zone).date() + timedelta(days=self.random.randrange(30))
        usual = Stage(request, actor or self.cast.people["owner"], self.cast).enough(move.needs)
        chosen = {
            Need.UNIT: {"unit": self.random.choice(units)},
            Need.DATE: {"date": day.isoformat()},
            Need.PARTS: {"parts": tuple(self.random.choices(units[:3], k=self.random.randint(2, 4)))},
            Need.TARGET: {"target": self.random.choice(self.codes)},
        }
        for need in move.needs & chosen.keys():
            usual = replace(usual, **chosen[need])
        return usual


def _counted(row: Any, events: Sequence[Any], desk: str) -> list[str]:
    """The counters say what the history says: objections, and referrals since somebody above the units decided.

    A correction of the subject that leads to another unit is one too, or a decision when the desk made it.
    """
    objected = sum(event.deed == Deed.OBJECT for event in events)
    referrals = 0
    for before, event in pairwise([events[0], *events]):
        corrected = event.deed == Deed.CORRECT and event.unit != before.unit
        decided = event.deed in (Deed.ASSIGN, Deed.SEND_ON, Deed.PROMISE) or (corrected and event.role in AT_THE_DESK)
        above = event.unit == desk or decided
        referrals = 0 if above else referrals + (event.deed == Deed.REFER or corrected)
    wrong = [] if row.times_reopened == objected <= lifecycle.OBJECTIONS_AT_MOST else ["objections are not counted"]
    if row.unit != desk and row.referrals != referrals:
        wrong.append(f"{row.referrals} referrals, {referrals} in the history")
    return wrong if row.referrals <= lifecycle.REFERRALS_AT_MOST else [*wrong, "ping-pong"]


async def _left_to_ring(tx: Transaction, row: Any) -> list[str]:
    """A verdict is awaited for what is closed and not judged and nothing else is due; for what is open it is not."""
    rows = await tx.execute(sa.select(timers.c.kind, timers.c.data).where(timers.c.state == "waiting"))
    due = {kind for kind, data in rows if data.get("request") == row.id} - {"more-photos"}
    judged = row.state == State.CLOSED and row.verdict is None and row.outcome in NEEDS_JUDGEMENT
    awaited = {"fall-silent"} if judged and row.parent_id is None else set()
    if row.state == State.CLOSED:
        return [] if due == awaited else [f"{due} is due, not {awaited}"]
    return ["a verdict is awaited of what is open"] if "fall-silent" in due else []


async def _owner_told(tx: Transaction, row: Any, events: Sequence[Any], owner: Actor) -> list[str]:
    """The owner has a message about everything that others did and citizens are told of."""
    mine = (outbox.c.messenger == owner.account.messenger, outbox.c.chat_id == owner.account.user_id)
    said = set(await tx.scalars(sa.select(outbox.c.created_at).where(*mine)))
    told = [event for event in events if event.deed in set(TOLD) and event.person_id != owner.person]
    return [f"the owner did not hear of {event.deed}" for event in told if event.at not in said]


async def _problems(tx: Transaction, walk: Walk) -> list[str]:
    week = Week()
    rows, events = await look_at(tx, walk.numbers, week)
    wrong = week.wrong
    for row in rows:
        owner = next(one for one in walk.cast.people.values() if one.account.id == row.account_id)
        wrong += _counted(row, events[row.id], walk.centre.city.desk.slug)
        wrong += await _left_to_ring(tx, row)
        wrong += await _owner_told(tx, row, events[row.id], owner)
    return wrong


@pytest_asyncio.fixture
async def apart(sqlite_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of its own: who is told what must not be mixed up with other tests."""
    copy = tmp_path / "bot.db"
    shutil.copy(sqlite_file, copy)
    database = Database(f"sqlite:///{copy}")
    yield database
    await database.close()


@pytest.mark.parametrize("seed", range(_WALKS // _AT_ONCE))
async def test_whatever_people_do_what_must_hold_still_holds(apart: Database, centre: Centre, seed: int) -> None:
    async with apart.write() as tx:
        cast = await call_in(tx, centre)
    for number in range(_AT_ONCE):
        walk = Walk(centre, cast, Random(seed * _AT_ONCE + number), NOW + number * _APART)
        async with apart.write() as tx:
            await walk.go(tx)
            assert not await _problems(tx, walk), "\n".join(walk.done)
