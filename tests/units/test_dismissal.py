"""Whoever works in a unit no longer has nothing in hand there, however much it was and wherever it stood."""

import pytest
import sqlalchemy as sa

from domain.casework import Actor, Request
from domain.lifecycle import Deed, Given, State
from domain.messages import Message
from domain.refusal import Refused
from domain.roles import Role
from services import casework, colleagues, relief, team
from services.acting import Doing
from services.centre import Centre
from services.ringing import RINGS
from storage import calls, duty, field, people, requests, staff, timers
from storage.database import Database, Transaction
from storage.tables import outbox
from tests.units import town


async def _in_hand(tx: Transaction, actor: Actor, *states: State, **more: object) -> list[int]:
    owner, found = await town.account(tx), []
    for state in states:
        found.append(await town.a_request(tx, owner, state=State.ASSIGNED, in_hand_of=actor.person, **more))
        await town.lived(tx, found[-1], owner.person, 1)
        await requests.change(tx, found[-1], state=state)
    return found


async def _dismiss(tx: Transaction, centre: Centre, who: Actor, place: int = 0) -> team.Removal:
    boss = await town.account(tx)
    await staff.grant(tx, boss.person, Role.ADMINISTRATOR, "", None, town.NOW)
    return await team.remove(tx, centre, await people.actor(tx, boss), who.memberships[place].id, town.NOW)


async def _slices(tx: Transaction, centre: Centre) -> int:
    """Let the timers of the rest ring, and count them."""
    rung = 0
    while due := [timer for timer in await timers.due(tx, town.NOW) if timer.kind == "release-rest"]:
        for timer in due:
            assert await timers.done(tx, timer)
            await RINGS[timer.kind](tx, centre, timer.data, town.NOW)
            rung += 1
    return rung


async def _told(tx: Transaction, who: Actor, words: str) -> int:
    mine = (outbox.c.messenger == who.account.messenger, outbox.c.chat_id == who.account.user_id)
    said = await tx.scalars(sa.select(outbox.c.message).where(*mine))
    return sum(words in Message.model_validate(message).text for message in said)


async def test_all_goes_back_slice_by_slice_and_the_head_hears_once(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        gone, other, head = await town.member(tx), await town.member(tx), await town.member(tx, role=Role.HEAD)
        numbers = await _in_hand(tx, gone, *[State.IN_HAND] * 30)
        kept = await _in_hand(tx, other, State.IN_HAND)
        assert (await _dismiss(tx, centre, gone)).given_back == 30
        assert await _slices(tx, centre) == 1
        assert await field.held(tx, town.UNIT) == {other.person: len(kept)}
        rows = [(await requests.timeline(tx, number))[-1] for number in numbers]
        assert {(row.deed, row.person, row.to_state) for row in rows} == {(Deed.RELEASE, None, State.ASSIGNED)}
        assert (await _told(tx, head, "۳۰ درخواست"), await _told(tx, other, "۳۰ درخواست")) == (1, 0)


async def test_what_had_gone_further_stays_where_it_is(database: Database, centre: Centre) -> None:
    further = (State.UNDER_WAY, State.PLANNED, State.WARNED, State.ASKED, State.AWAITED, State.COMMISSION)
    async with database.write() as tx:
        gone, other = await town.member(tx), await town.member(tx)
        numbers = await _in_hand(tx, gone, *further, planned_for=town.NOW, body="power")
        assert (await _dismiss(tx, centre, gone)).given_back == len(further)
        found = await requests.several(tx, numbers)
        assert [(one.state, one.in_hand_of) for one in found] == [(state, None) for state in further]
        assert await _told(tx, other, "۶ درخواست") == 1  # there is no head: the unit hears


async def test_whoever_still_works_in_the_unit_keeps_the_work(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        both = await town.member(tx)
        await staff.grant(tx, both.person, Role.HEAD, town.UNIT, None, town.NOW)
        await _in_hand(tx, both, State.IN_HAND)
        assert (await _dismiss(tx, centre, both)).given_back == 0
        assert await field.held(tx, town.UNIT) == {both.person: 1}


async def test_whoever_is_back_before_the_rest_is_given_back_keeps_the_rest(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        gone, _ = await town.member(tx), await town.member(tx)
        await _in_hand(tx, gone, *[State.IN_HAND] * 30)
        await _dismiss(tx, centre, gone)
        await staff.grant(tx, gone.person, Role.OFFICIAL, town.UNIT, None, town.NOW)
        await _slices(tx, centre)
        assert await field.held(tx, town.UNIT) == {gone.person: 5}


async def test_what_cannot_wait_is_called_about_again(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        gone, _ = await town.member(tx), await town.member(tx)
        (number,) = await _in_hand(tx, gone, State.IN_HAND, urgent=True)
        await _dismiss(tx, centre, gone)
        assert await calls.is_under_way(tx, number)


async def test_the_message_of_the_call_leaves_their_chat(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        gone, _ = await town.member(tx), await town.member(tx)
        await staff.grant(tx, gone.person, Role.HEAD, town.UNIT, None, town.NOW)
        owner = await town.account(tx)
        number = await town.a_request(tx, owner, urgent=True, phone="+989121234567", display="سیم لخت روی زمین است")
        await town.lived(tx, number, owner.person, 1)
        await duty.say(tx, town.UNIT, gone.person, town.NOW, on=True)
        await relief.reached(tx, centre, await requests.get(tx, number), town.NOW)
        gone = await people.actor(tx, gone.account)
        await casework.perform(tx, centre, number, Doing(gone, Deed.ACCEPT, Given(), town.NOW))
        kept = await calls.get(tx, number)
        assert kept is not None
        assert kept.shown
        for place in (1, 0):
            await _dismiss(tx, centre, gone, place)
        assert await _told(tx, gone, "دیگر در دست شما نیست") == 1


@pytest.mark.parametrize(
    ("times", "heads", "state"), [(1, 0, State.REOPENED), (2, 1, State.REOPENED), (2, 0, State.WAITING)]
)
async def test_what_came_back_is_still_known_as_such(
    database: Database, centre: Centre, times: int, heads: int, state: State
) -> None:
    async with database.write() as tx:
        gone = await town.member(tx, role=Role.HEAD)
        await town.member(tx)
        others = [await town.member(tx, role=Role.HEAD) for _ in range(heads)]
        (number,) = await _in_hand(tx, gone, State.IN_HAND, times_reopened=times)
        await _dismiss(tx, centre, gone)
        found = await requests.get(tx, number)
        assert (found.state, found.in_hand_of) == (state, None)
        assert (found.unit == centre.city.desk.slug) == (state is State.WAITING)
        for other in others:
            await casework.perform(tx, centre, number, Doing(other, Deed.ACCEPT, Given(), town.NOW))


@pytest.mark.parametrize(("before", "deed"), [(State.ASKED, Deed.GO_ON), (State.AWAITED, Deed.RESUME)])
async def test_what_comes_back_to_nobody_waits_to_be_accepted(
    database: Database, centre: Centre, before: State, deed: Deed
) -> None:
    async with database.write() as tx:
        gone, other = await town.member(tx), await town.member(tx)
        numbers = await _in_hand(tx, gone, before, before, planned_for=town.NOW, body="power")
        await _dismiss(tx, centre, gone)
        await casework.perform(tx, centre, numbers[0], Doing(None, deed, Given(), town.NOW))
        assert (await requests.get(tx, numbers[0])).state is State.ASSIGNED
        if deed is Deed.RESUME:
            await casework.perform(tx, centre, numbers[1], Doing(other, deed, Given(), town.NOW))
            found = await requests.get(tx, numbers[1])
            assert (found.state, found.in_hand_of) == (State.IN_HAND, other.person)


async def test_without_anybody_left_it_goes_to_the_desk(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        gone = await town.member(tx)
        (number,) = await _in_hand(tx, gone, State.IN_HAND)
        assert (await _dismiss(tx, centre, gone)).to_desk == 1
        found = await requests.get(tx, number)
        assert (found.state, found.queue, found.in_hand_of) == (State.ASSIGNED, "orphan", None)


async def test_what_cannot_be_given_back_holds_up_nothing_else(
    database: Database, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform = casework.perform
    async with database.write() as tx:
        gone, _ = await town.member(tx), await town.member(tx)
        stays, goes = await _in_hand(tx, gone, State.IN_HAND, State.IN_HAND)

        async def picky(tx: Transaction, centre: Centre, number: int, doing: Doing) -> Request:
            if number == stays:
                raise Refused("not-now")
            return await perform(tx, centre, number, doing)

        monkeypatch.setattr(casework, "perform", picky)
        await _dismiss(tx, centre, gone)
        found = await requests.several(tx, [stays, goes])
        assert [one.in_hand_of for one in found] == [gone.person, None]


async def test_anybody_of_the_unit_may_take_what_nobody_has(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        gone, other = await town.member(tx), await town.member(tx)
        (number,) = await _in_hand(tx, gone, State.UNDER_WAY)
        await _dismiss(tx, centre, gone)
        found = await colleagues.who_may_take(tx, await requests.get(tx, number), other.person, head=False)
        assert [one.person for one in found] == [other.person]
