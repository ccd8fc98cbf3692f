"""Somebody who works here shares their number and becomes one person on two messengers: no work is left behind."""

from datetime import timedelta

import pytest

from domain.casework import Actor
from domain.roles import Role
from services import leave, sessions
from storage import absences, calls, duty, people, requests
from tests.attacks.street import PLACE, UNIT, Street, to

PHONE = "+989151112299"
CITIZEN, HERE, THERE, COLLEAGUE, BOSS = 70, 71, 72, 73, 1
RELIEF = "relief-1"


@pytest.fixture
async def bale(street: Street) -> Street:
    """The number is verified on Telegram; whoever works here came in on Bale and is another person so far."""
    await street.contact(HERE, PHONE)
    street.messenger = "bale"
    return street


async def actor(street: Street, user: int) -> Actor:
    async with street.database.read() as tx:
        account = await people.find(tx, street.messenger, user)
        assert account is not None
        return await people.actor(tx, account)


async def test_what_is_in_hand_stays_in_hand(bale: Street) -> None:
    await bale.hire(THERE, Role.OFFICIAL, UNIT)
    code = (await bale.file(UNIT)).code
    await bale.press(THERE, f"w:{code}:accept")
    await bale.contact(THERE, PHONE)
    async with bale.database.read() as tx:
        request = await requests.by_code(tx, code)
    assert request is not None
    assert request.in_hand_of == (await actor(bale, THERE)).person


async def test_what_was_taken_out_of_the_queue_is_still_held(bale: Street) -> None:
    await bale.hire(THERE, Role.OPERATOR)
    await bale.hire(COLLEAGUE, Role.OPERATOR)
    code = (await bale.file("civil-1")).code  # nobody is there
    await bale.press(THERE, f"q:take:{code}")
    await bale.contact(THERE, PHONE)
    await bale.press(THERE, f"q:back:{code}")
    assert bale.toast is not None
    assert "به صف برگشت" in bale.toast.text


async def test_whoever_is_on_duty_is_still_called(bale: Street) -> None:
    await bale.hire(THERE, Role.OFFICIAL, RELIEF)
    await bale.press(THERE, f"y:on:{RELIEF}")
    await bale.come(CITIZEN, text="درخت شکسته داره می‌افته روی پیاده‌رو")
    await bale.come(CITIZEN, location=PLACE)
    await bale.press(CITIZEN, f"d:{await bale.draft(CITIZEN)}:f")
    await bale.contact(THERE, PHONE)
    person = (await actor(bale, THERE)).person
    async with bale.database.read() as tx:
        request = await requests.by_code(tx, await bale.code(CITIZEN))
        assert request is not None
        call = await calls.get(tx, request.id)
        assert [one.person for one in await duty.of_unit(tx, RELIEF)] == [person]
    assert call is not None
    assert (call.called, call.asked, {one.person for one in call.shown}) == (person, (person,), {person})


async def test_a_managers_session_is_still_theirs(bale: Street) -> None:
    await bale.hire(THERE, Role.MANAGER)
    await bale.hire(BOSS, Role.ADMINISTRATOR)
    wanted = sessions.Plan("شهردار", bale.now + timedelta(days=1), bale.now + timedelta(days=1, hours=2), 10)
    manager, boss = await actor(bale, THERE), await actor(bale, BOSS)
    async with bale.database.write() as tx:
        await sessions.plan(tx, bale.centre, boss, manager.person, wanted, bale.now)
    await bale.contact(THERE, PHONE)
    assert "جلسهٔ شما («شهردار»)" in to(await bale.press(THERE, "s:my"), THERE)[0]


async def test_whoever_led_a_unit_for_a_time_leads_it_no_longer(bale: Street) -> None:
    head = await bale.hire(COLLEAGUE, Role.HEAD, UNIT)
    await bale.hire(THERE, Role.OFFICIAL, UNIT)
    stand_in, leader = await actor(bale, THERE), await actor(bale, COLLEAGUE)
    async with bale.database.write() as tx:
        who = await leave.whom(tx, leader, head)
        await leave.begin(tx, bale.centre, leader, who, stand_in.person, None, bale.now)
    await bale.contact(THERE, PHONE)
    assert (await actor(bale, THERE)).holds(Role.HEAD)
    async with bale.database.write() as tx:
        away = await absences.find(tx, leader.person, UNIT)
        assert away is not None
        await leave.come_back(tx, bale.centre, leader, away.id, bale.now)
    assert not (await actor(bale, THERE)).holds(Role.HEAD)
    assert (await actor(bale, THERE)).holds(Role.OFFICIAL)
