"""Managers' sessions when something comes in between: a notice, a dismissal, a standstill, a change of mind."""

from datetime import timedelta

import pytest

from domain.casework import Actor, Request
from domain.hearings import SessionState
from domain.lifecycle import State
from domain.roles import Role
from services import sessions
from storage import notices as notice_rows
from storage import people, requests, supporters
from storage import sessions as session_rows
from tests.admin.office import BOSS
from tests.attacks.street import COMPLAINT, PLACE, Street, to

MANAGER, CITIZEN, OPERATOR, ANOTHER = 80, 81, 82, 83


@pytest.fixture
async def session(street: Street) -> int:
    """A session that begins tomorrow and takes two hours."""
    await street.hire(BOSS, Role.ADMINISTRATOR)
    await street.hire(MANAGER, Role.MANAGER)
    manager, boss = await actor(street, MANAGER), await actor(street, BOSS)
    begins = street.now + timedelta(days=1)
    wanted = sessions.Plan("شهردار", begins, begins + timedelta(hours=2), 10)
    async with street.database.write() as tx:
        return (await sessions.plan(tx, street.centre, boss, manager.person, wanted, street.now)).id


async def actor(street: Street, user: int) -> Actor:
    async with street.database.read() as tx:
        account = await people.find(tx, street.messenger, user)
        assert account is not None
        return await people.actor(tx, account)


async def state_of(street: Street, session: int) -> SessionState:
    async with street.database.read() as tx:
        found = await session_rows.find(tx, session)
    assert found is not None
    return found.state


async def request_of(street: Street, user: int) -> Request:
    async with street.database.read() as tx:
        found = await requests.by_code(tx, await street.code(user))
    assert found is not None
    return found


async def ask(street: Street, session: int, words: str = COMPLAINT) -> Request:
    await street.press(CITIZEN, f"s:{session}:ask")
    await street.come(CITIZEN, text=words)
    return await request_of(street, CITIZEN)


async def preview(street: Street, session: int) -> int:
    await street.press(BOSS, f"a:se:{session}:tell")
    async with street.database.read() as tx:
        found = await session_rows.find(tx, session)
    assert found is not None
    assert found.notice is not None
    return found.notice


async def notice_state(street: Street, notice: int) -> str:
    async with street.database.read() as tx:
        found = await notice_rows.find(tx, notice)
    assert found is not None
    return found.state


async def test_a_session_is_called_off_also_when_its_notice_has_left_long_ago(street: Street, session: int) -> None:
    notice = await preview(street, session)
    await street.press(BOSS, f"a:notice:{notice}:send")
    await street.send()
    await street.press(BOSS, f"a:se:{session}:cancel:yes")
    assert await state_of(street, session) is SessionState.CANCELLED
    assert await notice_state(street, notice) == "done"


async def test_what_is_on_its_way_of_a_notice_stops_with_its_session(street: Street, session: int) -> None:
    await street.meet(*range(900, 910))
    notice = await preview(street, session)
    await street.press(BOSS, f"a:notice:{notice}:send")
    await street.send(3, notice=notice)
    await street.press(BOSS, f"a:se:{session}:cancel:yes")
    assert await state_of(street, session) is SessionState.CANCELLED
    assert [one.state for one in await street.said() if one.notice == notice].count("waiting") == 0


@pytest.mark.parametrize("deed", ["cancel:yes", "places:50", "when:2026-11-25:0800-1000", "tell"])
async def test_a_preview_does_not_leave_once_it_tells_what_holds_no_longer(
    street: Street, session: int, deed: str
) -> None:
    notice = await preview(street, session)
    await street.press(BOSS, f"a:se:{session}:{deed}")
    await street.press(BOSS, f"a:notice:{notice}:send")
    assert street.toast is not None
    assert "کنار گذاشته شده" in street.toast.text
    assert [one for one in await street.said() if one.notice == notice] == []


async def test_a_preview_does_not_leave_after_the_session(street: Street, session: int) -> None:
    notice = await preview(street, session)
    for _ in range(4):
        street.later(hours=12)
        while await street.ring():
            pass
    assert await state_of(street, session) is SessionState.OVER
    await street.press(BOSS, f"a:notice:{notice}:send")
    assert street.toast is not None
    assert "تمام شده" in street.toast.text


@pytest.mark.parametrize("first", ["session-begin", "session-end"])
async def test_a_session_that_was_slept_through_is_called_off_in_whatever_order_its_timers_ring(
    street: Street, session: int, first: str
) -> None:
    await ask(street, session)
    street.later(days=2)
    kinds = dict.fromkeys((first, "session-begin", "session-end"))
    for kind in kinds:
        async with street.database.write() as tx:
            await street.house.ring(tx, kind, {"session": session}, street.now)
    assert await state_of(street, session) is SessionState.CANCELLED
    assert (await request_of(street, CITIZEN)).state is not State.ROSTER
    assert not any("شروع شد" in words for words in to(await street.said(), CITIZEN))


@pytest.mark.parametrize("open_", [False, True])
async def test_nobody_waits_for_somebody_who_is_no_manager_any_more(street: Street, session: int, open_: bool) -> None:
    await ask(street, session)
    if open_:
        street.later(days=1, minutes=5)
        while await street.ring():
            pass
    await street.press(MANAGER, "s:my")
    held = (await actor(street, MANAGER)).memberships[0].id
    heard = await street.press(BOSS, f"a:end:{held}:yes")
    assert await state_of(street, session) is (SessionState.OVER if open_ else SessionState.CANCELLED)
    assert (await request_of(street, CITIZEN)).state is not State.ROSTER
    assert to(heard, CITIZEN)
    assert not any("گزارش" in words for words in to(heard, MANAGER))


async def test_what_waits_for_a_manager_is_nobody_elses_twin(street: Street, session: int) -> None:
    """Whoever joined it would wait for the session with it."""
    mine = await ask(street, session)
    await street.press(CITIZEN, f"s:{session}:place")
    await street.come(CITIZEN, location=PLACE)
    await street.come(ANOTHER, text=COMPLAINT)
    await street.come(ANOTHER, location=PLACE)
    await street.press(ANOTHER, f"d:{await street.draft(ANOTHER)}:f")
    other = await request_of(street, ANOTHER)
    assert other.id != mine.id
    await street.hire(OPERATOR, Role.OPERATOR)
    asked = await street.press(OPERATOR, f"w:{other.code}:merge")
    assert not any(mine.code in data for one in asked for data in one.buttons.values())
    await street.press(OPERATOR, f"w:{other.code}:merge:t:{mine.code}")
    assert street.toast is not None
    assert "منتظر پاسخ مدیر" in street.toast.text


@pytest.mark.parametrize("verb", ["add", "reply"])
async def test_danger_added_to_what_waits_for_a_manager_goes_the_ordinary_way_at_once(
    street: Street, session: int, verb: str
) -> None:
    await street.hire(OPERATOR, Role.OPERATOR)
    mine = await ask(street, session)
    about = {}
    if verb == "add":
        await street.press(CITIZEN, f"r:{mine.code}:add")
    else:
        bot = {"id": 137, "is_bot": True, "first_name": "۱۳۷"}
        ours = {
            "message_id": 1,
            "date": 1,
            "chat": {"id": 1, "type": "private"},
            "from": bot,
            "text": f"کد {mine.code}",
        }
        about = {"reply_to_message": ours}
    heard = await street.come(CITIZEN, text="دیگه نمیخوام زنده باشم میخوام خودمو بکشم", **about)
    assert any("خودمو بکشم" in words for words in to(heard, OPERATOR))
    assert await street.open_drafts(CITIZEN) == 1


@pytest.mark.parametrize("question", ["subj", "place"])
async def test_danger_in_place_of_a_subject_or_an_address_is_heard(street: Street, session: int, question: str) -> None:
    await street.hire(OPERATOR, Role.OPERATOR)
    await ask(street, session)
    await street.press(CITIZEN, f"s:{session}:{question}")
    heard = await street.come(CITIZEN, text="دیگه نمیخوام زنده باشم میخوام خودمو بکشم")
    assert any("خودمو بکشم" in words for words in to(heard, OPERATOR))


async def test_what_is_added_is_not_said_to_be_seen_by_a_unit(street: Street, session: int) -> None:
    mine = await ask(street, session)
    await street.press(CITIZEN, f"r:{mine.code}:add")
    (told,) = to(await street.come(CITIZEN, text="کوچهٔ دوم سمت راست است"), CITIZEN)
    assert "واحد" not in told
    assert "مدیر" in told


async def test_an_urgent_subject_makes_what_waits_urgent(street: Street, session: int) -> None:
    await ask(street, session, "با شهردار دربارهٔ محله حرف دارم که چراغ ندارد")
    urgent = next(subject.slug for subject in street.centre.city.subjects if subject.urgency == "urgent")
    await street.press(CITIZEN, f"s:{session}:subj:{urgent}")
    assert (await request_of(street, CITIZEN)).urgent


async def test_an_open_request_is_not_said_to_be_withdrawn_when_its_place_is_given_back(
    street: Street, session: int
) -> None:
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(CITIZEN, f"s:{session}:take:{code}")
    (told,) = to(await street.press(CITIZEN, f"s:{session}:lvw"), CITIZEN)
    assert "پس گرفته" not in told


async def test_whoever_hands_their_request_on_gives_their_place_with_a_manager_back(
    street: Street, session: int
) -> None:
    await street.file_with_three_acts(CITIZEN)
    mine = await request_of(street, CITIZEN)
    (other,) = await street.meet(ANOTHER)
    async with street.database.write() as tx:
        await supporters.join(tx, mine.id, other.id, street.now)
    await street.press(CITIZEN, f"s:{session}:take:{mine.code}")
    await street.press(CITIZEN, f"r:{mine.code}:wdy")
    assert (await request_of(street, ANOTHER)).id == mine.id
    async with street.database.read() as tx:
        assert await session_rows.queue(tx, session) == []
    await street.press(ANOTHER, f"s:{session}:take:{mine.code}")
    async with street.database.read() as tx:
        assert [one.account.id for one in await session_rows.queue(tx, session)] == [other.id]


@pytest.mark.parametrize("deed", ["cancel:yes", "places:1"])
async def test_what_somebody_was_writing_when_it_was_called_off_or_full_is_not_lost(
    street: Street, session: int, deed: str
) -> None:
    await street.press(CITIZEN, f"s:{session}:ask")
    if deed == "places:1":
        await street.press(ANOTHER, f"s:{session}:ask")
        await street.come(ANOTHER, text=COMPLAINT)
    await street.press(BOSS, f"a:se:{session}:{deed}")
    sorry, asked = to(await street.come(CITIZEN, text=COMPLAINT), CITIZEN)
    assert "راه معمولی باز است" in sorry
    assert "جمع نشدن زباله" in asked
    assert await street.open_drafts(CITIZEN) == 1
