"""Which unit reads its cards in which group."""

from domain.roles import Role
from storage import people
from tests.admin.office import BOSS, CITIZEN, GROUP, OFFICIAL, Office, Said

OPERATOR, OTHER_GROUP = 22, -55


def to(chat: int, said: list[Said]) -> list[Said]:
    return [one for one in said if one.chat == ("telegram", chat)]


async def unit_of(office: Office, unit: str) -> list[tuple[str, int]]:
    async with office.database.read() as tx:
        return await people.groups_of_unit(tx, unit)


async def test_an_administrator_chooses_in_the_group(office: Office) -> None:
    (districts,) = await office.write(BOSS, "/unit", chat=GROUP)
    assert districts.chat == ("telegram", GROUP)
    assert "پسماند یک" in districts.text
    (functions,) = await office.tap(BOSS, districts, "منطقهٔ ۱", chat=GROUP)
    (bound,) = await office.tap(BOSS, functions, "پسماند", chat=GROUP)
    assert bound.chat == ("telegram", GROUP)
    assert bound.text == "از این پس کارت‌های «پسماند منطقهٔ ۱» به این گروه می‌آیند."
    assert office.toast is not None
    assert await unit_of(office, "waste-1") == [("telegram", GROUP)]


async def test_nobody_else_in_the_group_may_press(office: Office) -> None:
    await office.hire(OFFICIAL, Role.HEAD, "waste-1")
    (districts,) = await office.write(BOSS, "/unit@city137_bot پسماند ۱", chat=GROUP)
    for user in (OFFICIAL, CITIZEN):
        assert await office.tap(user, districts, "پسماند منطقهٔ ۱", chat=GROUP) == []
        assert office.toast is not None
        assert office.toast.text == "این بخش برای مدیران سامانه است."
    assert await unit_of(office, "waste-1") == []
    await office.tap(BOSS, districts, "پسماند منطقهٔ ۱", chat=GROUP)
    assert await unit_of(office, "waste-1") == [("telegram", GROUP)]


async def test_a_units_own_people_ask_and_an_administrator_confirms(office: Office) -> None:
    await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1", "رضایی")
    said = await office.write(OFFICIAL, "/unit", chat=GROUP)
    (answer,) = to(GROUP, said)
    assert "پسماند منطقهٔ ۱" in answer.text
    assert not answer.buttons
    (asked,) = to(BOSS, said)
    assert "نفر 2" in asked.text
    assert await unit_of(office, "waste-1") == []
    done = await office.tap(BOSS, asked, "تأیید: پسماند منطقهٔ ۱")
    assert "می‌آیند" in to(GROUP, done)[0].text
    assert "در خود گروه هم گفتیم" in to(BOSS, done)[0].text
    assert await unit_of(office, "waste-1") == [("telegram", GROUP)]
    (again,) = await office.tap(BOSS, asked, "تأیید: پسماند منطقهٔ ۱")
    assert "از پیش" in again.text
    acts = [act for act, _, _ in await office.audited()]
    assert acts == ["group-ask", "group-bind"]


async def test_asking_many_times_bothers_the_administrators_once(office: Office) -> None:
    await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1")
    for _ in range(3):
        await office.write(OFFICIAL, "/unit", chat=GROUP)
    assert len(to(BOSS, await office.said())) == 1


async def test_operators_ask_for_the_desk(office: Office) -> None:
    await office.hire(OPERATOR, Role.OPERATOR)
    said = await office.write(OPERATOR, "/unit", chat=GROUP)
    await office.tap(BOSS, to(BOSS, said)[0], "تأیید: میز ۱۳۷")
    assert await unit_of(office, "desk") == [("telegram", GROUP)]


async def test_a_stranger_is_refused(office: Office) -> None:
    (refusal,) = await office.write(CITIZEN, "/unit", chat=GROUP)
    assert refusal.text == "واحد گروه را همکاران همان واحد یا مدیر سامانه تعیین می‌کنند."
    assert [reason for _, reason, _ in await office.audited()] == ["group-not-staff"]


async def test_in_a_private_chat_the_command_says_where(office: Office) -> None:
    (refusal,) = await office.write(BOSS, "/unit")
    assert refusal.text == "این دستور را در گروه واحد بفرستید."


async def test_a_new_group_sees_the_open_requests_at_once(office: Office) -> None:
    requests = [await office.file("waste-1") for _ in range(7)]
    await office.join_group()
    said = to(GROUP, await office.press(BOSS, f"a:g:telegram:{GROUP}:waste-1"))
    assert len(said) == 6
    assert all("آشغال سر کوچه" in card.text for card in said[1:])
    assert f"w:{requests[0].code}:accept" in said[1].buttons.values()


async def test_a_group_is_given_to_another_unit_and_taken_away(office: Office) -> None:
    await office.hire(OPERATOR, Role.OPERATOR)
    await office.file("waste-1")
    await office.join_group()
    await office.press(BOSS, f"a:g:telegram:{GROUP}:waste-1")
    (listed,) = await office.press(BOSS, "a:groups:0")
    assert "۱. پسماند یک (تلگرام): پسماند منطقهٔ ۱" in listed.text
    (chosen,) = await office.tap(BOSS, listed, "۱.")
    assert chosen.text.startswith("کارت‌های «پسماند منطقهٔ ۱» به گروه «پسماند یک» می‌آیند.")
    done = await office.tap(BOSS, chosen, "جدا کردن")
    assert to(GROUP, done)[0].text == "کارت‌های «پسماند منطقهٔ ۱» دیگر به این گروه نمی‌آیند."
    assert "۱ درخواست باز آن به میز ۱۳۷ رفت" in to(BOSS, done)[0].text
    assert "آشغال سر کوچه" in to(OPERATOR, done)[0].text
    assert await unit_of(office, "waste-1") == []
    (loose,) = await office.press(BOSS, "a:groups:0")
    assert "بدون واحد" in loose.text


async def test_a_unit_for_the_group_can_be_typed_in_the_private_chat(office: Office) -> None:
    await office.join_group()
    await office.press(BOSS, f"a:g:telegram:{GROUP}:")
    (found,) = await office.write(BOSS, "میز ۱۳۷")
    done = await office.tap(BOSS, found, "میز ۱۳۷")
    assert "میز ۱۳۷" in to(GROUP, done)[0].text


async def test_a_group_that_threw_the_bot_out_cannot_be_given(office: Office) -> None:
    await office.join_group()
    await office.press(BOSS, f"a:g:telegram:{GROUP}:waste-1")
    async with office.database.write() as tx:
        await office.house.unreachable(tx, "telegram", GROUP, "kicked", office.now)
    assert await office.press(BOSS, f"a:g:telegram:{GROUP}:civil-1") == []
    assert office.toast is not None
    assert office.toast.text == "ربات در این گروه نیست."
    (listed,) = await office.press(BOSS, "a:groups:0")
    assert "ربات در آن نیست" in listed.text
    assert not any(data.startswith("a:g:") for data in listed.buttons.values())
    (health,) = await office.press(BOSS, "a:health")
    assert "ربات از گروه «پسماند یک» (پسماند منطقهٔ ۱) بیرون است" in health.text
