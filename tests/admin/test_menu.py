"""Who gets into the administrator's screens, and how."""

import re

import pytest

from domain.roles import Role
from handlers.admin.routes import PRESSED
from tests.admin.office import BOSS, CITIZEN, GROUP, OFFICIAL, Office, buttons

EVERY_PRESS = (
    "a:menu",
    "a:inv",
    "a:inv:official:waste-1",
    "a:inv:administrator",
    "a:open:0",
    "a:rev:1",
    "a:staff:0",
    "a:mem:1",
    "a:end:1",
    "a:end:1:yes",
    "a:groups:0",
    f"a:g:telegram:{GROUP}:waste-1",
    "a:notice",
    "a:notice:1:send",
    "a:health",
    "a:se",
    "a:du",
    "a:du:waste-1",
    "a:tp",
    "a:tp:d:guide:0",
)
MADE_UP = {
    "a:": "old-button",
    "a:nothing": "old-button",
    "a:open:x": "old-button",
    "a:open:۱": "old-button",
    "a:staff:99999999999999999999": "old-button",
    "a:inv:official:~x0": "old-button",
    "a:inv:official:~d99.0": "old-button",
    "a:inv:official:~p": "old-button",
    "a:inv:official:~dx.y": "old-button",
    "a:inv:owner": "unknown-role",
    "a:inv:official:no-such-unit": "unknown-unit",
    "a:g:telegram": "old-button",
    "a:g:telegram:x:waste-1": "old-button",
    "a:g:telegram:-5:waste-1": "group-unknown",
    "a:notice:1:fly": "old-button",
    "a:notice:x:send": "old-button",
    "a:notice:77:send": "notice-unknown",
    "a:notice:77:see:1": "notice-unknown",
    "a:notice:1:see:1:1": "old-button",
    "a:end:77:yes": "already-gone",
    "a:rev:77": "invitation-unknown",
    "a:du:no-such-unit": "old-button",
    "a:du:~dx.y": "old-button",
    "a:tp:fly": "old-button",
    "a:tp:d:accept:0": "old-button",
    "a:tp:d:guide:x": "old-button",
    "a:tp:s:7777777": "template-gone",
    "a:tp:u:7777777:": "template-gone",
}


def test_every_button_of_the_table_is_tried() -> None:
    assert all(any(re.match(pattern, data) for data in EVERY_PRESS) for pattern in PRESSED)


@pytest.mark.parametrize("way", ["مدیریت", "/admin"])
async def test_an_administrator_opens_the_menu_by_words(office: Office, way: str) -> None:
    (menu,) = await office.write(BOSS, way)
    assert menu.chat == ("telegram", BOSS)
    people = {"دعوت همکار", "همکاران", "گروه‌ها", "کشیک واحدها", "جمله‌های آماده"}
    assert set(menu.buttons) == people | {"اطلاعیه به همه", "جلسه‌های مدیران", "وضعیت سامانه"}


async def test_every_button_of_the_menu_can_be_typed(office: Office) -> None:
    (menu,) = await office.write(BOSS, "مدیریت")
    for label in menu.buttons:
        await office.send()
        pressed = await office.tap(BOSS, menu, label)
        await office.write(BOSS, "مدیریت")
        await office.send()
        typed = await office.write(BOSS, label)
        assert [said.text for said in typed] == [said.text for said in pressed]
        assert typed[-1].buttons == pressed[-1].buttons


async def test_a_stranger_is_told_why_not(office: Office) -> None:
    (refusal,) = await office.write(CITIZEN, "مدیریت")
    assert refusal.text == "این بخش برای مدیران سامانه است."
    assert [(act, reason) for act, reason, _ in await office.audited()] == [("a:menu", "administrators-only")]


@pytest.mark.parametrize("user", [CITIZEN, OFFICIAL])
async def test_nobody_else_gets_in_by_a_made_up_press(office: Office, user: int) -> None:
    await office.hire(OFFICIAL, Role.HEAD, "waste-1")
    for data in EVERY_PRESS:
        assert await office.press(user, data) == []
        assert office.toast is not None
        assert office.toast.alert
    trail = await office.audited()
    assert [(act, reason) for act, reason, _ in trail] == [(data, "administrators-only") for data in EVERY_PRESS]


async def test_made_up_data_of_an_administrator_is_refused_without_an_error(office: Office) -> None:
    for data in MADE_UP:
        assert await office.press(BOSS, data) == []
        assert office.toast is not None
        assert office.toast.alert, data
    reasons = {data: reason for data, reason, _ in await office.audited()}
    assert reasons == MADE_UP


async def test_the_menu_does_not_open_before_a_whole_group(office: Office) -> None:
    (refusal,) = await office.write(BOSS, "/admin", chat=GROUP)
    assert refusal.text == "این بخش را در گفت‌وگوی خصوصی با ربات باز کنید."
    assert await office.press(BOSS, "a:inv:official:waste-1", chat=GROUP) == []
    assert [reason for _, reason, _ in await office.audited()] == ["admin-in-private"] * 2


async def test_no_screen_has_more_buttons_than_a_small_phone_shows(office: Office) -> None:
    for number in range(30):
        await office.hire(100 + number, Role.OFFICIAL, "waste-1", f"همکار {number}")
    for data in (
        "a:menu",
        "a:inv",
        "a:inv:head",
        "a:staff:1",
        "a:inv:head:~p1",
        "a:inv:head:~d1.0",
        "a:inv:head:~o1",
        "a:tp",
        "a:tp:d:guide:0",
    ):
        (screen,) = await office.press(BOSS, data)
        choices = [button for button in buttons(screen) if button.data != "a:menu"]
        assert 2 <= len(choices) <= 8, data
        assert len({button.label for button in choices}) == len(choices)
