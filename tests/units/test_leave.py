"""Going on leave where scripts do not reach: much in hand, heads, members who go, colleagues who cannot be reached."""

import pytest

from domain.casework import Actor, Request
from domain.lifecycle import Deed, Given, State
from domain.refusal import Refused
from domain.roles import Role
from services import casework, leave, team
from services.acting import Doing
from services.centre import Centre
from services.ringing import RINGS
from storage import absences, field, people, requests, staff, timers
from storage.database import Database, Transaction
from tests.units import town


async def _in_hand(tx: Transaction, actor: Actor, how_many: int) -> list[int]:
    owner = await town.account(tx)
    found = [await town.a_request(tx, owner, state=State.IN_HAND, in_hand_of=actor.person) for _ in range(how_many)]
    for number in found:
        await town.lived(tx, number, owner.person, 1)
    return found


async def _begin(tx: Transaction, centre: Centre, who: Actor, stand_in: Actor, by: Actor | None = None) -> int:
    return await leave.begin(tx, centre, by or who, who.memberships[0], stand_in.person, None, town.NOW)


async def _ring_all(tx: Transaction, centre: Centre) -> None:
    while due := [timer for timer in await timers.due(tx, town.NOW) if timer.kind.startswith("leave")]:
        for timer in due:
            assert await timers.done(tx, timer)
            await RINGS[timer.kind](tx, centre, timer.data, town.NOW)


async def test_all_that_is_in_hand_is_handed_over_slice_by_slice(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        leaver, other = await town.member(tx), await town.member(tx)
        numbers = await _in_hand(tx, leaver, 30)
        assert await _begin(tx, centre, leaver, other) == 30
        await _ring_all(tx, centre)
        assert await field.held(tx, town.UNIT) == {other.person: 30}
        rows = [(await requests.timeline(tx, number))[-1] for number in numbers]
        assert {(row.deed, row.person, row.data["colleague"]) for row in rows} == {
            (Deed.HAND_OVER, leaver.person, other.person)
        }


@pytest.mark.parametrize("stuck", [1, 30])
async def test_what_cannot_be_handed_over_holds_up_nothing_else(
    database: Database, centre: Centre, monkeypatch: pytest.MonkeyPatch, stuck: int
) -> None:
    perform = casework.perform
    async with database.write() as tx:
        leaver, other = await town.member(tx), await town.member(tx)
        stays = (await _in_hand(tx, leaver, 30))[:stuck]

        async def picky(tx: Transaction, centre: Centre, number: int, doing: Doing) -> Request:
            if number in stays:
                raise Refused("not-now")
            return await perform(tx, centre, number, doing)

        monkeypatch.setattr(casework, "perform", picky)
        await _begin(tx, centre, leaver, other)
        await _ring_all(tx, centre)
        expected = {leaver.person: stuck, other.person: 30 - stuck}
        assert await field.held(tx, town.UNIT) == {person: count for person, count in expected.items() if count}


async def test_whoever_stands_in_for_a_head_leads_the_unit_until_the_head_is_back(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        head, first, second = await town.member(tx, role=Role.HEAD), await town.member(tx), await town.member(tx)
        await _begin(tx, centre, head, first)
        reached = await staff.reachable_members(tx, (Role.HEAD,), town.UNIT)
        assert {account.person for account in reached} == {first.person}
        await _begin(tx, centre, await people.actor(tx, first.account), second)
        roles = [(await people.actor(tx, one.account)).holds(Role.HEAD) for one in (first, second)]
        assert roles == [False, True]
        away = await absences.find(tx, head.person, town.UNIT)
        assert away is not None
        await leave.come_back(tx, centre, head, away.id, town.NOW)
        assert not (await people.actor(tx, second.account)).holds(Role.HEAD)


@pytest.mark.parametrize("reason", ["colleague-unreachable", "colleague-away", "colleague-gone", "colleague-yourself"])
async def test_a_stand_in_has_to_be_a_present_colleague(database: Database, centre: Centre, reason: str) -> None:
    async with database.write() as tx:
        leaver, other, third = await town.member(tx), await town.member(tx), await town.member(tx)
        if reason == "colleague-unreachable":
            await people.mark_unreachable(tx, other.account.messenger, other.account.user_id, "blocked")
        elif reason == "colleague-away":
            await _begin(tx, centre, other, third)
        elif reason == "colleague-gone":
            await staff.end_membership(tx, other.memberships[0].id, None, town.NOW)
        chosen = leaver if reason == "colleague-yourself" else other
        with pytest.raises(Refused, match=reason):
            await _begin(tx, centre, leaver, chosen)
        (number,) = await _in_hand(tx, third, 1)
        doing = Doing(leaver, Deed.HAND_OVER, Given(colleague=chosen.person), town.NOW)
        with pytest.raises(Refused, match=reason):
            await casework.perform(tx, centre, number, doing)


async def test_only_oneself_and_the_head_decide_about_a_leave(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        leaver, other, head = await town.member(tx), await town.member(tx), await town.member(tx, role=Role.HEAD)
        with pytest.raises(Refused, match="not-yours"):
            await leave.whom(tx, other, leaver.memberships[0].id)
        assert (await leave.whom(tx, head, leaver.memberships[0].id)).person == leaver.person
        await _begin(tx, centre, leaver, other, by=head)
        away = await absences.find(tx, leaver.person, town.UNIT)
        assert away is not None
        with pytest.raises(Refused, match="not-yours"):
            await leave.come_back(tx, centre, other, away.id, town.NOW)


async def test_nobody_stands_in_who_works_here_no_longer(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        leaver, other = await town.member(tx), await town.member(tx)
        await _begin(tx, centre, leaver, other)
        await staff.end_membership(tx, other.memberships[0].id, None, town.NOW)
        await leave.forget(tx, other.person, town.UNIT, town.NOW)
        reached = await staff.reachable_members(tx, (Role.OFFICIAL,), town.UNIT)
        assert {account.person for account in reached} == {leaver.person}


async def test_a_stand_in_who_is_dismissed_leads_the_unit_no_longer(database: Database, centre: Centre) -> None:
    """An administrator takes the role that they gave; the one that came with the absence goes with it."""
    async with database.write() as tx:
        boss = await town.account(tx)
        await staff.grant(tx, boss.person, Role.ADMINISTRATOR, "", None, town.NOW)
        head, other, _ = await town.member(tx, role=Role.HEAD), await town.member(tx), await town.member(tx)
        await _begin(tx, centre, head, other)
        await team.remove(tx, centre, await people.actor(tx, boss), other.memberships[0].id, town.NOW)
        assert (await people.actor(tx, other.account)).memberships == ()
        assert await absences.find(tx, head.person, town.UNIT) is None
