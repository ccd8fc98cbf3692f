"""Cards and words do not reach people who have no business with the request any more."""

from domain.roles import Role
from tests.admin.office import BOSS, GROUP
from tests.attacks.street import BOT, UNIT, Street, to

CITIZEN, OFFICIAL, LEAVER = 30, 10, 20
SECRET = "تلفن همسایه را هم داریم"


async def test_who_was_removed_does_not_read_a_later_objection(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    membership = await street.hire(LEAVER, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.close_unsolved(OFFICIAL, code)
    await street.press(BOSS, f"a:end:{membership}:yes")
    await street.press(CITIZEN, f"r:{code}:no")
    heard = await street.come(CITIZEN, text=SECRET)
    assert any(SECRET in words for words in to(heard, OFFICIAL))
    assert ["دیگر نزد شما نیست" in words for words in to(heard, LEAVER)] == [True]


async def bound_group(street: Street) -> str:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    await street.join_group()
    await street.press(BOSS, f"a:g:telegram:{GROUP}:{UNIT}")
    return await street.file_with_three_acts(CITIZEN)


async def test_a_group_that_was_taken_from_its_unit_reads_no_more(street: Street) -> None:
    code = await bound_group(street)
    freed = await street.press(BOSS, f"a:g:telegram:{GROUP}:-")
    assert any("دیگر نزد شما نیست" in words for words in to(freed, GROUP))
    assert any(code in one.buttons.get("می‌پذیرم", "") for one in freed if one.chat[1] == OFFICIAL)
    await street.press(CITIZEN, f"r:{code}:add")
    heard = await street.come(CITIZEN, text=SECRET)
    assert to(heard, GROUP) == []
    assert any(SECRET in words for words in to(heard, OFFICIAL))


async def test_a_group_given_to_another_unit_loses_the_cards_of_the_first(street: Street) -> None:
    code = await bound_group(street)
    await street.press(BOSS, f"a:g:telegram:{GROUP}:civil-1")
    await street.press(CITIZEN, f"r:{code}:add")
    assert to(await street.come(CITIZEN, text=SECRET), GROUP) == []


async def test_what_colleagues_say_to_each_other_is_no_answer(street: Street) -> None:
    code = await bound_group(street)
    await street.press(OFFICIAL, f"w:{code}:accept", GROUP)
    await street.press(OFFICIAL, f"w:{code}:ask", GROUP)
    other = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup", "title": "گروه"}}
    colleague = {"id": LEAVER, "is_bot": False, "first_name": "کریمی"}
    assert await street.come(OFFICIAL, GROUP, text="ناهار کجا برویم؟") == []
    assert await street.come(OFFICIAL, GROUP, text="ناهار؟", reply_to_message=other | {"from": colleague}) == []
    heard = await street.come(OFFICIAL, GROUP, text="کدام سمت؟", reply_to_message=other | {"from": BOT})
    assert "کدام سمت؟" in to(heard, CITIZEN)[0]


LOOKS = ("card", "history", "more", "note", "accept")


async def test_nothing_is_shown_in_a_group_that_was_taken_from_its_unit(street: Street) -> None:
    code = await bound_group(street)
    await street.press(BOSS, f"a:g:telegram:{GROUP}:-")
    for look in LOOKS:
        assert to(await street.press(OFFICIAL, f"w:{code}:{look}", GROUP), GROUP) == []
        assert street.toast is not None
        assert "به این گروه نمی‌آید" in street.toast.text
    assert len(to(await street.press(OFFICIAL, f"w:{code}:card"), OFFICIAL)) == 1


async def test_nothing_is_shown_in_the_group_of_a_unit_that_gave_it_away(street: Street) -> None:
    code = await bound_group(street)
    await street.hire(LEAVER, Role.OPERATOR)
    await street.press(LEAVER, f"w:{code}:assign:u:civil-1")
    for look in LOOKS:
        assert to(await street.press(LEAVER, f"w:{code}:{look}", GROUP), GROUP) == []
