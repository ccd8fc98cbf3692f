"""Every state × deed × person on a real database: done exactly when a row of the table says so, else refused."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain import lifecycle
from domain.casework import Request
from domain.lifecycle import ENDABLE, MOVES, NEEDS_JUDGEMENT, OPEN, Deed, Given, Move, Need, Outcome, State
from domain.messages import Message
from domain.refusal import Refused
from domain.roles import READS_CARDS, Role
from services import cards, casework
from services.acting import Doing
from services.centre import Centre
from storage import media, requests
from storage.database import Database, Transaction
from storage.tables import history, outbox, timers
from tests.generated.casts import (
    CAST,
    NOW,
    OTHER_UNIT,
    READERS,
    ROLE_IN_TABLE,
    TOLD_TO_CITIZEN,
    UNIT,
    Cast,
    Stage,
    in_the_table,
    set_the_stage,
    tried,
)
from texts.speech import known

pytestmark = pytest.mark.asyncio(loop_scope="package")

_SHOWS_PHOTO = "garbage_not_collected"
_MOVES_UNIT = (Deed.ASSIGN, Deed.REFER, Deed.SEND_ON, Deed.PROMISE)


async def _photo(tx: Transaction, stage: Stage) -> int:
    account = stage.actor.account
    return await media.remember(
        tx, kind="photo", messenger="telegram", file_id=f"F{stage.request.id}", account_id=account.id, now=NOW
    )


async def _rows(tx: Transaction, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return int(await tx.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)


async def _newest(tx: Transaction, table: sa.Table) -> int:
    return int(await tx.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))) or 0)


async def _are_refused(tx: Transaction, centre: Centre, stage: Stage, moves: list[Move]) -> None:
    """Each is refused with a reason that has words, and none of them leaves a trace."""
    before = await _newest(tx, history), await _newest(tx, outbox)
    for move in moves:
        doing = Doing(stage.actor, move.deed, stage.enough(move.needs), NOW)
        with pytest.raises(Refused) as refused:
            await casework.perform(tx, centre, stage.request.id, doing)
        assert known(f"refused-{refused.value.reason}"), f"no words for {refused.value.reason}, {move.deed}"
    assert (await _newest(tx, history), await _newest(tx, outbox)) == before
    assert await requests.get(tx, stage.request.id) == stage.request


async def _is_done(tx: Transaction, centre: Centre, stage: Stage, move: Move) -> None:
    given = stage.enough(move.needs, await _photo(tx, stage))
    said = await _newest(tx, outbox)
    await casework.perform(tx, centre, stage.request.id, Doing(stage.actor, move.deed, given, NOW))
    await _was_done(tx, stage, move, given)
    happened = (await requests.timeline(tx, stage.request.id))[-1]
    told = await _rows(tx, outbox, outbox.c.id > said, outbox.c.chat_id == stage.request.chat_id)
    by_another = move.deed is Deed.OBJECT and happened.role == Role.SUPPORTER
    assert told == (1 if move.deed in TOLD_TO_CITIZEN or by_another else 0), (
        "the citizen hears of it once, or not at all"
    )


def _outcome_after(stage: Stage, move: Move) -> Outcome | None:
    upheld = Outcome.NOT_SOLVED if move.deed is Deed.UPHOLD else None  # nothing had been answered before
    return move.outcome or upheld or stage.request.outcome


def _state_after(stage: Stage, move: Move, now: Request, *, rerouted: bool) -> State:
    if rerouted:
        return State.ASSIGNED
    if move.to is State.IN_HAND and now.in_hand_of is None:  # it comes back to nobody
        return State.REOPENED if stage.request.times_reopened else State.ASSIGNED
    return move.to or stage.request.state


async def _was_done(tx: Transaction, stage: Stage, move: Move, given: Given) -> None:
    now = await requests.get(tx, stage.request.id)
    happened = (await requests.timeline(tx, now.id))[-1]
    rerouted = move.deed is Deed.CORRECT and stage.request.state is State.WAITING
    assert now.state is _state_after(stage, move, now, rerouted=rerouted)
    assert now.outcome is _outcome_after(stage, move)
    assert now.verdict is move.verdict
    assert (now.closed_at == NOW) if move.to is State.CLOSED else True
    unit = UNIT if rerouted else stage.request.unit
    assert now.unit == (OTHER_UNIT if move.deed in _MOVES_UNIT else unit)
    assert now.subject == (given.subject or stage.request.subject)
    assert (now.merged_into == stage.cast.target.id) == (move.deed is Deed.MERGE)
    assert len(await requests.parts_of(tx, now.id)) == (2 if State.IN_PARTS in (now.state, stage.request.state) else 0)
    assert (happened.deed, happened.person, happened.at) == (move.deed, stage.actor.person, NOW)
    assert (happened.from_state, happened.to_state) == (stage.request.state, now.state)
    assert (happened.reason, happened.note) == (given.reason, given.note)
    files = {number for number, _, part in await requests.files(tx, now.id) if part == "evidence"}
    assert files == set(given.photos)
    due = await _rows(tx, timers, timers.c.key == f"fall-silent:{now.id}", timers.c.state == "waiting")
    judged = now.state is State.CLOSED and now.verdict is None and now.outcome in NEEDS_JUDGEMENT
    assert due == (1 if judged else 0)


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("state", State)
async def test_only_what_the_table_allows_is_done(
    database: Database, centre: Centre, cast: Cast, who: str, state: State
) -> None:
    async with database.write() as tx:
        others = [move for move in tried(who, state) if not in_the_table(move, who, state)]
        await _are_refused(tx, centre, await set_the_stage(tx, centre, cast, who, state), others)
        for move in MOVES:
            if in_the_table(move, who, state):
                try:
                    await _is_done(tx, centre, await set_the_stage(tx, centre, cast, who, state), move)
                except AssertionError as error:
                    error.add_note(f"{who} · {move.deed} · {state}")
                    raise


@pytest.mark.parametrize("state", State)
async def test_buttons_are_exactly_the_moves_of_the_table(
    database: Database, centre: Centre, cast: Cast, state: State
) -> None:
    for who in CAST.keys() - {"owner", "supporter"}:
        async with database.write() as tx:
            stage = await set_the_stage(tx, centre, cast, who, state)
            roles = casework.roles_towards(stage.actor, stage.request)
        first, further = (draw(stage.request, roles, NOW) for draw in (cards.buttons, cards.further_buttons))
        data = [button.data.split(":") for row in first + further for button in row]
        shown = {verb for _, code, verb in data if code == stage.request.code}
        deeds = {move.deed.value for move in MOVES if move.by & READS_CARDS and in_the_table(move, who, state)}
        assert shown - {"phone", "history", "more"} == deeds, f"{who} · {state}"
        assert ("phone" in shown) == (bool(roles & READS_CARDS) and state is not State.CLOSED)


@pytest.mark.parametrize("move", [move for move in MOVES if move.needs], ids=lambda move: move.deed.value)
async def test_a_move_without_what_it_needs_is_refused_with_the_need(
    database: Database, centre: Centre, cast: Cast, move: Move
) -> None:
    who = next(name for name, role in ROLE_IN_TABLE.items() if role in move.by)
    state = next(state for state in State if in_the_table(move, who, state))
    for need in sorted(move.needs):
        async with database.write() as tx:
            stage = await set_the_stage(tx, centre, cast, who, state, subject=_SHOWS_PHOTO)
            given = stage.enough(move.needs - {need}, await _photo(tx, stage) if need is not Need.PHOTO else None)
            with pytest.raises(Refused) as refused:
                await casework.perform(tx, centre, stage.request.id, Doing(stage.actor, move.deed, given, NOW))
            assert refused.value.reason == f"needs-{need.replace('_', '-')}"
            assert known(f"refused-{refused.value.reason}")
            assert await requests.get(tx, stage.request.id) == stage.request


async def test_a_photo_is_demanded_only_where_the_subject_says_so(
    database: Database, centre: Centre, cast: Cast
) -> None:
    free = next(s.slug for s in centre.city.subjects if not s.needs_photo_at_close and s.jurisdiction == "in")
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "official", State.IN_HAND, subject=free)
        doing = Doing(stage.actor, Deed.SOLVE, Given(note="انجام شد"), NOW)
        done = await casework.perform(tx, centre, stage.request.id, doing)
    assert done.state is State.CLOSED


async def test_a_second_tap_is_told_apart_from_a_wrong_button(database: Database, centre: Centre, cast: Cast) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "official", State.ASSIGNED)
        doing = Doing(stage.actor, Deed.ACCEPT, Given(), NOW)
        await casework.perform(tx, centre, stage.request.id, doing)
        with pytest.raises(Refused, match="done-already"):
            await casework.perform(tx, centre, stage.request.id, doing)


@pytest.mark.parametrize(("after", "reason"), [(timedelta(days=13), ""), (timedelta(days=15), "objection-window-over")])
async def test_an_objection_has_its_time(
    database: Database, centre: Centre, cast: Cast, after: timedelta, reason: str
) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, "owner", State.CLOSED)
        doing = Doing(stage.actor, Deed.OBJECT, Given(reason="نیامدند"), NOW - timedelta(days=1) + after)
        if reason:
            with pytest.raises(Refused, match=reason):
                await casework.perform(tx, centre, stage.request.id, doing)
        else:
            again = await casework.perform(tx, centre, stage.request.id, doing)
            assert (again.state, again.times_reopened) == (State.REOPENED, 1)


@pytest.mark.parametrize("who", CAST)
async def test_only_those_in_charge_see_the_number(database: Database, centre: Centre, cast: Cast, who: str) -> None:
    async with database.write() as tx:
        stage = await set_the_stage(tx, centre, cast, who, State.ASSIGNED)
        if who in READERS:
            assert await casework.show_phone(tx, stage.actor, stage.request, NOW) == "+989151112233"
        else:
            with pytest.raises(Refused, match="not-yours"):
                await casework.show_phone(tx, stage.actor, stage.request, NOW)


async def test_messages_of_every_deed_can_be_read_back(database: Database, centre: Centre, cast: Cast) -> None:
    for move in MOVES:
        who = next((name for name, role in ROLE_IN_TABLE.items() if role in move.by), None)
        if who is None:
            continue
        state = next(state for state in State if in_the_table(move, who, state))
        async with database.write() as tx:
            last = await tx.scalar(sa.select(sa.func.coalesce(sa.func.max(outbox.c.id), 0)))
            stage = await set_the_stage(tx, centre, cast, who, state)
            given = stage.enough(move.needs, await _photo(tx, stage))
            await casework.perform(tx, centre, stage.request.id, Doing(stage.actor, move.deed, given, NOW))
            said = (await tx.execute(sa.select(outbox.c.message).where(outbox.c.id > last))).scalars()
            assert all(Message.model_validate(message).text for message in said)


@pytest.mark.asyncio(loop_scope="package")
async def test_the_table_has_one_row_a_deed_and_no_dead_end() -> None:
    assert len(MOVES) == len({move.deed for move in MOVES}) == len(Deed)
    leaves = {state for move in MOVES if move.to not in (None, state_of(move)) for state in move.since}
    assert leaves >= OPEN, "every open state can be left"
    assert {state for move in MOVES if move.to is State.CLOSED for state in move.since} >= ENDABLE
    assert set(lifecycle.BY_DEED) == set(Deed)


def state_of(move: Move) -> State | None:
    """Return the only state a move starts from, when there is only one."""
    return next(iter(move.since)) if len(move.since) == 1 else None
