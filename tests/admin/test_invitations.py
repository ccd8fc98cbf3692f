"""Inviting staff and revoking invitations."""

from pathlib import Path

import pytest

from domain.messages import MAX_CALLBACK_BYTES
from domain.refusal import Refused
from domain.roles import BOUND, STAFF
from handlers.admin import units
from services import staff
from services.unit_groups import Group, choice
from storage import staff as staff_rows
from storage.city_files import load_city
from tests.admin.office import BOSS, OFFICIAL, Office, Said, buttons

CITIES = Path(__file__).parents[2] / "cities"
BOTH = ("t.me/city137_bot?start=i_", "ble.ir/city137bale_bot?start=i_")


def payload(letter: Said) -> str:
    return letter.text.partition("?start=")[2].splitlines()[0]


async def opened(office: Office) -> list[tuple[str, str]]:
    async with office.database.read() as tx:
        return [(i.role, i.unit) for i in await staff_rows.open_invitations(tx, office.now)]


async def test_role_district_function_link(office: Office) -> None:
    (roles,) = await office.press(BOSS, "a:inv")
    (districts,) = await office.tap(BOSS, roles, "مسئول رسیدگی")
    assert "منطقهٔ ۱" in districts.buttons
    (functions,) = await office.tap(BOSS, districts, "منطقهٔ ۴")
    assert "منطقهٔ ۴" in functions.text
    letter, control = await office.tap(BOSS, functions, "پسماند")
    assert "مسئول رسیدگی · پسماند منطقهٔ ۴" in letter.text
    assert all(link in letter.text for link in BOTH)
    assert "سه‌شنبه ۳ آذر ساعت ۰۹:۴۱" in letter.text
    assert not letter.buttons
    assert "باطل کردن" in " ".join(control.buttons)
    assert await opened(office) == [("official", "waste-4")]


async def test_the_link_lets_exactly_one_person_in(office: Office) -> None:
    letter, _ = await office.press(BOSS, "a:inv:official:waste-1")
    (asked,) = await office.write(OFFICIAL, f"/start {payload(letter)}")
    joined = await office.tap(OFFICIAL, asked, "می‌پذیرم")
    assert "خوش آمدید" in joined[0].text
    (late,) = await office.write(4, f"/start {payload(letter)}")
    assert late.text == "این پیوند یک بار استفاده شده است. از مدیر سامانه پیوند تازه بگیرید."


async def test_an_organisation_over_pages(office: Office) -> None:
    (districts,) = await office.press(BOSS, "a:inv:head")
    (first,) = await office.tap(BOSS, districts, "سازمان‌ها")
    assert "میز ۱۳۷" not in first.buttons
    (second,) = await office.tap(BOSS, first, "بعدی")
    (again,) = await office.tap(BOSS, second, "قبلی")
    assert again.buttons == first.buttons
    (back,) = await office.tap(BOSS, again, "بازگشت")
    assert back.buttons == districts.buttons
    letter, _ = await office.tap(BOSS, second, next(iter(second.buttons)))
    assert "رئیس واحد" in letter.text


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("پسماند ۴", "پسماند منطقهٔ ۴"),
        ("پسماند منطقه 4", "پسماند منطقهٔ ۴"),
        ("اتوبوس", "سازمان اتوبوسرانی"),
        ("فضاي سبز ثامن", "فضای سبز منطقهٔ ثامن"),
    ],
)
async def test_a_unit_is_found_by_typed_words(office: Office, words: str, title: str) -> None:
    await office.press(BOSS, "a:inv:official")
    (found,) = await office.write(BOSS, words)
    assert next(iter(found.buttons)) == title
    letter, _ = await office.tap(BOSS, found, title)
    assert title in letter.text


async def test_many_units_and_none(office: Office) -> None:
    await office.press(BOSS, "a:inv:official")
    (many,) = await office.write(BOSS, "پسماند")
    assert len(many.buttons) == 8
    assert "واحد دیگر هم هست" in many.text
    (none,) = await office.write(BOSS, "شورای نگهبان کهکشان")
    assert "پیدا نکردیم" in none.text
    assert "منطقهٔ ۱" in none.buttons
    (found,) = await office.write(BOSS, "پسماند ۱۲")
    assert "پسماند منطقهٔ ۱۲" in found.buttons
    assert "پسماند منطقهٔ ۱" not in found.buttons


async def test_a_deputy_is_one_of_those_that_the_pack_names(office: Office) -> None:
    (roles,) = await office.press(BOSS, "a:inv")
    (posts,) = await office.tap(BOSS, roles, "معاون")
    letter, _ = await office.tap(BOSS, posts, "معاون خدمات شهری")
    assert "معاون · معاون خدمات شهری" in letter.text
    assert await opened(office) == [("deputy", "deputy-services")]
    (asked,) = await office.write(OFFICIAL, f"/start {payload(letter)}")
    await office.tap(OFFICIAL, asked, "می‌پذیرم")
    (listed,) = await office.press(BOSS, "a:staff:0")
    assert "معاون خدمات شهری" in listed.text


async def test_nobody_is_invited_as_a_deputy_for_a_unit(office: Office) -> None:
    await office.press(BOSS, "a:inv:deputy:waste-1")
    assert office.toast is not None
    assert "این واحد را نمی‌شناسیم" in office.toast.text
    assert await opened(office) == []


@pytest.mark.parametrize("role", [role for role in STAFF if role not in BOUND])
async def test_roles_of_the_whole_city_need_no_unit(office: Office, role: str) -> None:
    _, control = await office.press(BOSS, f"a:inv:{role}:waste-1")
    assert "پسماند" not in control.text
    assert await opened(office) == [(role, "")]


async def test_a_double_tap_makes_one_link_and_a_second_colleague_gets_another(office: Office) -> None:
    await office.press(BOSS, "a:inv:official:waste-1")
    assert await office.press(BOSS, "a:inv:official:waste-1") == []
    assert office.toast is not None
    assert len(await opened(office)) == 1
    office.later(seconds=11)
    await office.press(BOSS, "a:inv:official:waste-1")
    assert len(await opened(office)) == 2


async def test_revoking(office: Office) -> None:
    letter, control = await office.press(BOSS, "a:inv:official:waste-1")
    (listed,) = await office.press(BOSS, "a:open:0")
    assert "مسئول رسیدگی · پسماند منطقهٔ ۱، تا سه‌شنبه" in listed.text
    (revoked,) = await office.tap(BOSS, control, "باطل کردن")
    assert "باطل شد" in revoked.text
    (empty,) = await office.press(BOSS, "a:open:0")
    assert empty.text == "دعوت بازی نیست."
    (refused,) = await office.write(OFFICIAL, f"/start {payload(letter)}")
    assert refused.text == "این دعوت پس گرفته شده است. از مدیر سامانه بپرسید."
    (_, _, invited), (_, _, data), *_ = await office.audited()
    assert invited == data
    assert invited is not None
    assert (invited["role"], invited["unit"]) == ("official", "waste-1")


async def test_a_used_link_cannot_be_revoked(office: Office) -> None:
    letter, control = await office.press(BOSS, "a:inv:official:waste-1")
    (asked,) = await office.write(OFFICIAL, f"/start {payload(letter)}")
    await office.tap(OFFICIAL, asked, "می‌پذیرم")
    assert await office.tap(BOSS, control, "باطل کردن") == []
    assert office.toast is not None
    assert "استفاده شده" in office.toast.text


async def test_without_a_connected_messenger_the_command_is_given(office: Office) -> None:
    office.centre.usernames.clear()
    letter, _ = await office.press(BOSS, "a:inv:manager")
    command = letter.text.splitlines()[-1].partition(":")[2].strip()
    async with office.database.read() as tx:
        found = await staff.look_at(tx, command.removeprefix("/start "), "bale", office.now)
        assert found.role == "manager"
        with pytest.raises(Refused):
            await staff.look_at(tx, "i_" + "x" * 24, "bale", office.now)


@pytest.mark.parametrize("city", ["mashhad", "qom"])
def test_every_unit_can_be_reached_and_every_button_fits(city: str) -> None:
    pack = load_city(CITIES / city)
    group = Group("telegram", -1002147483648999, "", "", active=True)
    for prefix in ("a:inv:administrator", choice(group, "").removesuffix(":")):
        ways, seen = ["~p0"], {"~p0"}
        reached = set()
        while ways:
            _, rows = units.draw(pack, prefix, ways.pop())
            for button in (button for row in rows for button in row):
                assert len(button.data.encode()) <= MAX_CALLBACK_BYTES
                rest = button.data.removeprefix(prefix + ":")
                if not units.is_way(rest):
                    reached.add(rest)
                elif rest not in seen:
                    seen.add(rest)
                    ways.append(rest)
        assert reached == {unit.slug for unit in pack.units} - ({"desk"} if "inv" in prefix else set())


async def test_buttons_have_labels_of_their_own(office: Office) -> None:
    for data in ("a:inv:head", "a:inv:head:~d1.0", "a:inv:head:~d1.1", "a:inv:head:~o0", "a:inv:head:~o2"):
        (screen,) = await office.press(BOSS, data)
        assert len(screen.buttons) == len(buttons(screen))
