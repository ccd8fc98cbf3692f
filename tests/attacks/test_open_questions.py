"""What is asked can be answered, left, or made impossible by somebody else; nobody is caught in it."""

from domain.roles import Role
from tests.attacks.street import UNIT, Street, as_reply_to, to

CITIZEN, OFFICIAL, OPERATOR = 30, 10, 11
ANOTHER = 31


async def test_a_question_that_was_overtaken_does_not_swallow_the_next_complaint(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(CITIZEN, f"r:{code}:add")
    await street.close_unsolved(OFFICIAL, code)
    assert "بسته شده" in to(await street.come(CITIZEN, text="پلاک ۱۲ است"), CITIZEN)[0]
    assert "روشنایی" in to(await street.come(CITIZEN, text="چراغ خیابان سوخته و تاریک است"), CITIZEN)[0]
    assert await street.open_drafts(CITIZEN) == 1


async def test_an_official_whose_card_went_elsewhere_can_leave_the_question(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    await street.hire(OPERATOR, Role.OPERATOR)
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(OFFICIAL, f"w:{code}:note")
    await street.press(OPERATOR, f"w:{code}:assign:u:civil-1")
    assert "کاری نکردیم" in to(await street.press(OFFICIAL, f"w:{code}:leave"), OFFICIAL)[0]
    assert "روشنایی" in to(await street.come(OFFICIAL, text="چراغ خیابان سوخته و تاریک است"), OFFICIAL)[0]


async def test_not_to_know_is_an_answer(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(OFFICIAL, f"w:{code}:ask")
    await street.come(OFFICIAL, text="پلاک چند است؟")
    await street.press(CITIZEN, f"r:{code}:answer")
    heard = await street.come(CITIZEN, text="نمی‌دانم")
    assert "پاسخ شما رسید" in to(heard, CITIZEN)[0]
    assert any("نمی‌دانم" in words for words in to(heard, OFFICIAL))


async def test_a_bare_no_after_closing_is_the_verdict(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.close_unsolved(OFFICIAL, code)
    assert "چه مانده است" in to(await street.come(CITIZEN, text="نه"), CITIZEN)[0]


async def test_a_bare_yes_that_could_mean_two_things_does_neither(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    first, second = [await street.file_with_three_acts(CITIZEN) for _ in range(2)]
    await street.press(CITIZEN, f"r:{first}:wd")
    await street.close_unsolved(OFFICIAL, second)
    heard = to(await street.come(CITIZEN, text="بله"), CITIZEN)
    assert heard
    assert not any("پس گرفته شد" in words or "خوشحالیم" in words for words in heard)


async def test_an_answer_to_another_cards_question_goes_to_nobody(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    first, second = [await street.file_with_three_acts(user) for user in (CITIZEN, ANOTHER)]
    asked = to(await street.press(OFFICIAL, f"w:{first}:ask"), OFFICIAL)[0]
    await street.press(OFFICIAL, f"w:{second}:ask")
    heard = await street.come(OFFICIAL, text="کلید دست کیست؟", **as_reply_to(asked))
    assert to(heard, CITIZEN) == to(heard, ANOTHER) == []
    again = to(heard, OFFICIAL)[0]
    heard = await street.come(OFFICIAL, text="کدام سمت کوچه؟", **as_reply_to(again))
    assert to(heard, CITIZEN) == []
    assert "کدام سمت کوچه؟" in to(heard, ANOTHER)[0]


async def test_a_long_addition_is_kept_whole(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(CITIZEN, f"r:{code}:add")
    heard = await street.come(CITIZEN, text="کوچه خراب است " * 200 + "و این پایان است")
    assert any("و این پایان است" in words for words in to(heard, OFFICIAL))
