"""Something changed between the list and the tap, between one call and the next, or whoever had it is gone."""

from domain.casework import Request
from domain.lifecycle import State
from domain.roles import Role
from services import clocks
from storage import calls, people, requests
from storage import clocks as clock_rows
from tests.admin.office import BOSS, Said
from tests.attacks.street import PLACE, UNIT, Street, to

CITIZEN, OFFICIAL, COLLEAGUE, STRANGER = 60, 61, 62, 63
RELIEF = "relief-1"
PHONE = "09151234567"


async def request_of(street: Street, code: str) -> Request:
    async with street.database.read() as tx:
        found = await requests.by_code(tx, code)
    assert found is not None
    return found


async def person_of(street: Street, user: int) -> int:
    async with street.database.read() as tx:
        found = await people.find(tx, "telegram", user)
    assert found is not None
    return found.person


# ── several at once ──


async def test_a_button_of_an_earlier_list_does_nothing_while_nothing_is_marked(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    await street.press(OFFICIAL, "u:b")
    for data in ("u:d:refer", "u:d:accept", "u:d:note", "u:q:1", "u:c"):
        assert to(await street.press(OFFICIAL, data), OFFICIAL) == []
        assert street.toast is not None
        assert "مال قبل است" in street.toast.text


async def test_a_confirmation_confirms_what_it_named(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    named, marked_later = [(await street.file(UNIT)).code for _ in range(2)]
    for data in ("u:b", f"u:t:{named}", "u:c"):
        await street.press(OFFICIAL, data)
    (asked,) = await street.press(OFFICIAL, "u:d:accept")
    await street.press(OFFICIAL, f"u:t:{marked_later}")
    await street.tap(OFFICIAL, asked, "بله")
    assert street.toast is not None
    assert "مال قبل است" in street.toast.text
    assert [(await request_of(street, code)).in_hand_of for code in (named, marked_later)] == [None, None]


# ── around me ──


async def test_what_turned_out_to_be_somebodys_own_affair_cannot_be_joined(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    number = (await request_of(street, code)).id
    await street.come(STRANGER, text="سلام")
    await street.press(STRANGER, f"n:o:{number}:{PLACE['latitude']:.4f},{PLACE['longitude']:.4f}")
    private = next(one.slug for one in street.centre.city.subjects if not one.same_within_m)
    await street.press(OFFICIAL, f"w:{code}:correct:s:{private}")
    assert to(await street.press(STRANGER, f"n:j:{number}"), STRANGER) == []
    assert street.toast is not None
    assert "دیگر باز نیست" in street.toast.text
    assert (await request_of(street, code)).supporters == 0


# ── whoever had it works here no longer ──


async def until_words(street: Street, words: str) -> list[Said]:
    """Let time pass until these words are said, and return what was said with them."""
    for _ in range(60):
        before = len(await street.said())
        street.later(hours=1)
        while await street.ring():
            pass
        heard = (await street.said())[before:]
        if any(words in one.text for one in heard):
            return heard
    raise AssertionError(words)


async def test_of_what_a_dismissed_colleague_had_in_hand_the_unit_is_warned(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    held = await street.hire(COLLEAGUE, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(COLLEAGUE, f"w:{code}:accept")
    await street.press(BOSS, f"a:end:{held}:yes")
    heard = await until_words(street, "نیمی از")
    assert any("نیمی از" in words for words in to(heard, OFFICIAL))
    assert to(heard, COLLEAGUE) == []


# ── calls ──


async def urgent(street: Street) -> list[Said]:
    await street.come(CITIZEN, text="درخت شکسته داره می‌افته روی پیاده‌رو")
    await street.come(CITIZEN, location=PLACE)
    draft = await street.draft(CITIZEN)
    await street.press(CITIZEN, f"d:{draft}:c")
    await street.come(CITIZEN, text=PHONE)
    return await street.press(CITIZEN, f"d:{draft}:f")


async def on_duty(street: Street) -> list[int]:
    held = []
    for who in (COLLEAGUE, OFFICIAL):
        held.append(await street.hire(who, Role.OFFICIAL, RELIEF))
        await street.press(who, f"y:on:{RELIEF}")
    return held


async def called(street: Street, owner: int = CITIZEN) -> int | None:
    async with street.database.read() as tx:
        call = await calls.get(tx, (await request_of(street, await street.code(owner))).id)
    assert call is not None
    return call.called


async def test_whoever_is_on_leave_is_not_called_and_is_on_duty_again_afterwards(street: Street) -> None:
    (held, _) = await on_duty(street)
    await street.press(COLLEAGUE, f"u:yes:{held}:{await person_of(street, OFFICIAL)}:open")
    await street.press(COLLEAGUE, f"y:on:{RELIEF}")
    assert street.toast is not None
    assert "مرخصی" in street.toast.text
    await urgent(street)
    assert await called(street) == await person_of(street, OFFICIAL)
    await street.press(COLLEAGUE, "u:back:1")
    assert any(
        "کسی · کشیک از" in words or "نفر 62 · کشیک از" in words
        for words in to(await street.press(COLLEAGUE, f"y:s:{RELIEF}"), COLLEAGUE)
    )


async def test_a_call_goes_on_when_whoever_is_called_goes_on_leave(street: Street) -> None:
    (held, _) = await on_duty(street)
    await urgent(street)
    assert await called(street) == await person_of(street, COLLEAGUE)
    await street.press(COLLEAGUE, f"u:yes:{held}:{await person_of(street, OFFICIAL)}:open")
    assert await called(street) == await person_of(street, OFFICIAL)


async def test_whoever_is_dismissed_while_called_keeps_nothing_of_the_call(street: Street) -> None:
    (held, _) = await on_duty(street)
    heard = await urgent(street)
    (call,) = [one for one in heard if one.chat[1] == COLLEAGUE and "0915" in one.text.translate(_LATIN)]
    heard = await street.press(BOSS, f"a:end:{held}:yes")
    (after,) = [one for one in heard if one.edits == call.row]
    assert "دیگر نزد شما نیست" in after.text
    assert after.buttons == {}
    assert await called(street) == await person_of(street, OFFICIAL)


_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789", " ")


async def test_an_operator_who_is_dismissed_keeps_neither_alarm_nor_cards_of_units(street: Street) -> None:
    held = await street.hire(STRANGER, Role.OPERATOR)
    heard = await urgent(street)  # nobody is there: card and alarm come to the desk at once
    shown = [one for one in heard if one.chat[1] == STRANGER and "درخت شکسته" in one.text]
    assert len(shown) == 2
    heard = await street.press(BOSS, f"a:end:{held}:yes")
    taken = {one.edits for one in heard if "دیگر نزد شما نیست" in one.text}
    assert taken == {one.row for one in shown}


# ── whoever was asked goes ──


async def test_the_clocks_go_on_when_whoever_was_asked_hands_the_request_on(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    number = (await request_of(street, code)).id
    await street.come(STRANGER, text="سلام")
    for data in (f"n:o:{number}:{PLACE['latitude']:.4f},{PLACE['longitude']:.4f}", f"n:j:{number}"):
        await street.press(STRANGER, data)
    assert (await request_of(street, code)).supporters == 1
    await street.press(OFFICIAL, f"w:{code}:accept")
    await street.press(OFFICIAL, f"w:{code}:ask")
    await street.come(OFFICIAL, text="زنگ کدام طبقه را بزنیم؟")
    asked = await request_of(street, code)
    assert asked.state is State.ASKED
    street.later(hours=20)
    await street.press(CITIZEN, f"r:{code}:wdy")
    after = await request_of(street, code)
    assert (after.state, after.supporters) == (State.IN_HAND, 0)
    async with street.database.read() as tx:
        known = await clock_rows.of_request(tx, after.id)
    assert clocks.problems(after, list(known.values())) == []
    assert asked.deadline_at is not None
    assert after.deadline_at is not None
    assert after.deadline_at > asked.deadline_at


async def test_a_number_leaves_the_chat_of_whoever_comes_when_its_owner_goes(street: Street) -> None:
    await on_duty(street)
    heard = await urgent(street)
    code = await street.code(CITIZEN)
    (call,) = [one for one in heard if one.chat[1] == COLLEAGUE and "0915" in one.text.translate(_LATIN)]
    heard = await street.press(COLLEAGUE, f"y:go:{code}")
    assert any("0915" in one.text.translate(_LATIN) for one in heard if one.edits == call.row)
    number = (await request_of(street, code)).id
    await street.come(STRANGER, text="سلام")
    for data in (f"n:o:{number}:{PLACE['latitude']:.4f},{PLACE['longitude']:.4f}", f"n:j:{number}"):
        await street.press(STRANGER, data)
    heard = await street.press(CITIZEN, f"r:{code}:wdy")
    (after,) = [one for one in heard if one.edits == call.row]
    assert "شمارهٔ شهروند برداشته شد" in after.text
    assert (await request_of(street, code)).supporters == 0


async def test_whoever_is_being_called_is_called_without_the_number_of_who_goes(street: Street) -> None:
    await on_duty(street)
    await urgent(street)
    code = await street.code(CITIZEN)
    number = (await request_of(street, code)).id
    await street.come(STRANGER, text="سلام")
    for data in (f"n:o:{number}:{PLACE['latitude']:.4f},{PLACE['longitude']:.4f}", f"n:j:{number}"):
        await street.press(STRANGER, data)
    heard = await street.press(CITIZEN, f"r:{code}:wdy")
    (again,) = [one for one in heard if one.chat[1] == COLLEAGUE and "می‌روم" in one.buttons]
    assert "0915" not in again.text.translate(_LATIN)
    assert await called(street, STRANGER) == await person_of(street, COLLEAGUE)
