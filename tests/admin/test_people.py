"""The list of staff, and what happens when a role is taken away."""

from domain.messages import Form
from domain.roles import Role
from tests.admin.office import BOSS, OFFICIAL, Office, Said

COLLEAGUE, OPERATOR, SECOND_BOSS = 21, 22, 23


def to(user: int, said: list[Said]) -> list[Said]:
    return [one for one in said if one.chat == ("telegram", user)]


async def refused(office: Office) -> str:
    assert office.toast is not None
    assert office.toast.alert
    return office.toast.text


async def test_the_list_goes_by_unit_in_the_citys_order(office: Office) -> None:
    await office.hire(31, Role.OFFICIAL, "bus", "اکبری")
    await office.hire(32, Role.HEAD, "waste-1", "رضایی")
    await office.hire(33, Role.OPERATOR, "", "مرادی")
    await office.hire(34, Role.OFFICIAL, "waste-1", "کریمی")
    (listed,) = await office.press(BOSS, "a:staff:0")
    assert listed.text.splitlines() == [
        "۴ نقش",
        "همهٔ شهر",
        "۱. مرادی، کارشناس میز ۱۳۷",
        "پسماند منطقهٔ ۱",
        "۲. رضایی، رئیس واحد",
        "۳. کریمی، مسئول رسیدگی",
        "سازمان اتوبوسرانی",
        "۴. اکبری، مسئول رسیدگی",
    ]
    (card,) = await office.write(BOSS, "۳. کریمی")
    assert card.text.splitlines() == ["کریمی", "مسئول رسیدگی · پسماند منطقهٔ ۱", "از امروز"]


async def test_a_long_list_has_pages_and_a_search(office: Office) -> None:
    for number in range(13):
        await office.hire(100 + number, Role.OFFICIAL, "waste-1", f"همکار {chr(0x627 + number)}")
    await office.hire(130, Role.HEAD, "waste-12", "زهرا کاظمی")
    (first,) = await office.press(BOSS, "a:staff:0")
    (second,) = await office.tap(BOSS, first, "بعدی")
    assert f"۷. همکار {chr(0x627 + 6)}، مسئول رسیدگی" in second.text
    (found,) = await office.write(BOSS, "كاظمي")
    assert [line for line in found.text.splitlines() if line.startswith("۱.")] == ["۱. زهرا کاظمی، رئیس واحد"]
    await office.tap(BOSS, first, "بعدی")
    (found,) = await office.write(BOSS, "پسماند ۱۲")
    assert "زهرا کاظمی" in found.text
    assert "همکار" not in found.text.replace("همکاران", "")
    await office.tap(BOSS, first, "بعدی")
    (nobody,) = await office.write(BOSS, "ناشناس")
    assert nobody.text == "کسی با این نام پیدا نکردیم."


async def test_a_short_list_does_not_take_words_for_a_search(office: Office) -> None:
    await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1", "رضایی")
    await office.press(BOSS, "a:staff:0")
    answer = (await office.write(BOSS, "سلام، سطل زبالهٔ کوچهٔ ما پر است"))[-1]
    assert "پیدا نکردیم" not in answer.text


async def test_a_role_is_taken_after_a_yes_and_the_person_is_told(office: Office) -> None:
    number = await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1", "رضایی")
    await office.hire(COLLEAGUE, Role.OFFICIAL, "waste-1", "کریمی")
    request = await office.file("waste-1")
    await office.send()
    (asked,) = await office.press(BOSS, f"a:end:{number}")
    assert "رضایی" in asked.text
    done = await office.tap(BOSS, asked, "بله")
    assert to(BOSS, done)[0].text == "نقش «مسئول رسیدگی · پسماند منطقهٔ ۱» از رضایی گرفته شد."
    told, card = to(OFFICIAL, done)
    assert "دیگر با شما نیست" in told.text
    assert card.message.form is Form.EDIT
    assert card.edits is not None
    assert "آشغال" not in card.text
    assert not card.buttons
    assert to(COLLEAGUE, done) == []
    assert await office.press(OFFICIAL, f"w:{request.code}:accept") == []
    assert "مسئولان" in await refused(office)


async def test_a_second_yes_and_a_no(office: Office) -> None:
    number = await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1", "رضایی")
    (asked,) = await office.press(BOSS, f"a:end:{number}")
    (kept,) = await office.tap(BOSS, asked, "نه")
    assert "رضایی" in kept.text
    await office.tap(BOSS, asked, "بله")
    assert await office.tap(BOSS, asked, "بله") == []
    assert await refused(office) == "این نقش پیش‌تر برداشته شده است."
    assert [act for act, reason, _ in await office.audited() if reason is None] == ["dismiss"]


async def test_who_holds_two_roles_in_the_unit_keeps_the_card(office: Office) -> None:
    number = await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1", "رضایی")
    await office.hire(OFFICIAL, Role.HEAD, "waste-1", "رضایی")
    await office.file("waste-1")
    await office.send()
    done = await office.press(BOSS, f"a:end:{number}:yes")
    assert [said.edits for said in to(OFFICIAL, done)] == [None]


async def test_the_last_ones_requests_come_before_the_desk(office: Office) -> None:
    number = await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1", "رضایی")
    await office.hire(OPERATOR, Role.OPERATOR, "", "مرادی")
    request = await office.file("waste-1")
    await office.send()
    done = await office.press(BOSS, f"a:end:{number}:yes")
    assert "«پسماند منطقهٔ ۱» دیگر کسی ندارد؛ ۱ درخواست باز آن به میز ۱۳۷ رفت." in to(BOSS, done)[0].text
    (card,) = to(OPERATOR, done)
    assert "هنوز عضوی ندارد" in card.text
    assert "آشغال سر کوچه" in card.text
    assert any(data.startswith(f"w:{request.code}:") for data in card.buttons.values())


async def test_whoever_is_no_administrator_cannot_come_back_by_an_own_link(office: Office) -> None:
    number = await office.hire(SECOND_BOSS, Role.ADMINISTRATOR, "", "مرادی")
    letter, _ = await office.press(SECOND_BOSS, "a:inv:administrator")
    payload = letter.text.partition("?start=")[2].splitlines()[0]
    await office.press(BOSS, f"a:end:{number}:yes")
    (refusal,) = await office.write(SECOND_BOSS, f"/start {payload}")
    assert "پس گرفته شده" in refusal.text
    (refusal,) = await office.write(SECOND_BOSS, "مدیریت")
    assert refusal.text == "این بخش برای مدیران سامانه است."


async def test_the_only_administrator_stays(office_without_settings: Office) -> None:
    office = office_without_settings
    number = await office.hire(SECOND_BOSS, Role.ADMINISTRATOR, "", "مرادی")
    assert await office.press(SECOND_BOSS, f"a:end:{number}:yes") == []
    assert await refused(office) == "این تنها مدیر سامانه است. اول مدیر دیگری دعوت کنید."
    await office.hire(OFFICIAL, Role.ADMINISTRATOR, "", "رضایی")
    await office.press(SECOND_BOSS, f"a:end:{number}:yes")
    assert "گرفته شد" in to(SECOND_BOSS, await office.said())[-1].text
    assert await office.press(SECOND_BOSS, "a:menu") == []


async def test_names_cannot_carry_marks(office: Office) -> None:
    await office.hire(OFFICIAL, Role.OFFICIAL, "waste-1", "<b>رضا</b> & *او*")
    (listed,) = await office.press(BOSS, "a:staff:0")
    assert "<b>رضا</b> & *او*" in listed.text
