"""A notice to all citizens, from the first word to the last message."""

import pytest

from domain.messages import Form, Priority
from domain.roles import Role
from storage import people
from tests.admin.office import BOSS, CITIZEN, OFFICIAL, Office, Said

WORDS = "آب شرب محلهٔ سجاد فردا از ساعت ۸ تا ۱۲ قطع است.\nاز شکیبایی شما ممنونیم."


async def preview(office: Office, words: str = WORDS) -> tuple[Said, Said]:
    await office.press(BOSS, "a:notice")
    shown, control = await office.write(BOSS, words)
    return shown, control


def sent_to(said: list[Said]) -> list[Said]:
    return [one for one in said if one.notice is not None]


async def test_the_preview_is_what_citizens_get_and_the_count_is_right(office: Office) -> None:
    await office.meet(*range(100, 104))
    await office.meet(*range(100, 102), messenger="bale")
    async with office.database.write() as tx:
        await people.mark_unreachable(tx, "telegram", 103, "blocked")
    shown, control = await preview(office)
    assert WORDS in shown.text
    assert "شهرداری مشهد" in shown.text
    assert not shown.buttons
    assert "برای ۶ نفر فرستاده شود؟" in control.text
    assert "بله: ۲ نفر" in control.text
    assert "تلگرام: ۴ نفر" in control.text  # the administrator is one of them
    said = sent_to(await office.tap(BOSS, control, "فرستادن به ۶ نفر"))
    assert len(said) == 6
    assert ("telegram", 103) not in {one.chat for one in said}
    assert all(one.message == shown.message for one in said)


async def test_a_notice_waits_behind_everything_else(office: Office) -> None:
    await office.meet(100)
    _, control = await preview(office)
    await office.tap(BOSS, control, "فرستادن")
    async with office.database.read() as tx:
        rows = (await tx.exec_driver_sql("SELECT priority FROM outbox WHERE notice_id IS NOT NULL")).all()
    assert {row[0] for row in rows} == {Priority.NOTICE}


async def test_a_double_tap_sends_once(office: Office) -> None:
    await office.meet(100, 101)
    _, control = await preview(office)
    await office.tap(BOSS, control, "فرستادن")
    assert await office.tap(BOSS, control, "فرستادن") == []
    assert office.toast is not None
    assert office.toast.text == "این اطلاعیه فرستاده شده است و دوباره فرستاده نمی‌شود."
    await office.meet(102)
    assert await office.tap(BOSS, control, "فرستادن") == []
    assert len(sent_to(await office.said())) == 3


async def test_progress_is_refreshed_in_place_until_it_is_over(office: Office) -> None:
    await office.meet(*range(100, 109))
    _, control = await preview(office)
    progress = (await office.tap(BOSS, control, "فرستادن"))[-1]
    notice = next(one.notice for one in await office.said() if one.notice)
    assert "۰ از ۱۰ فرستاده شد" in progress.text
    assert progress.message.form is Form.SEND
    await office.send(4, notice=notice, but=108)
    (edit,) = await office.tap(BOSS, progress, "تازه کردن")
    assert edit.edits == progress.row
    assert edit.message.form is Form.EDIT
    assert "۴ از ۱۰ فرستاده شد" in edit.text
    assert office.toast is not None
    assert office.toast.text == "۴ از ۱۰"
    await office.send(5, notice=notice, but=108)
    async with office.database.write() as tx:
        await office.house.unreachable(tx, "telegram", 108, "blocked", office.now)
    (over,) = await office.tap(BOSS, edit, "تازه کردن")
    assert "تمام شد: ۹ از ۱۰ فرستاده شد" in over.text
    assert "برای ۱ نفر نرفت" in over.text
    assert list(over.buttons) == ["مدیریت"]


async def test_the_refresh_button_can_be_typed(office: Office) -> None:
    _, control = await preview(office)
    await office.tap(BOSS, control, "فرستادن")
    (typed,) = await office.write(BOSS, "تازه کردن")
    assert "۰ از ۱ فرستاده شد" in typed.text
    assert typed.edits is None
    (edit,) = await office.tap(BOSS, typed, "تازه کردن")
    assert edit.edits == typed.row


async def test_stopping_tells_honestly_what_had_left(office: Office) -> None:
    await office.meet(*range(100, 109))
    _, control = await preview(office)
    progress = (await office.tap(BOSS, control, "فرستادن"))[-1]
    notice = next(one.notice for one in await office.said() if one.notice)
    await office.send(3, notice=notice)
    async with office.database.write() as tx:
        flying = "UPDATE outbox SET claimed_at = created_at WHERE id = (SELECT max(id) FROM outbox WHERE notice_id > 0)"
        await tx.exec_driver_sql(flying)
    (stopped,) = await office.tap(BOSS, progress, "توقف")
    assert stopped.edits == progress.row
    assert "به ۳ نفر رسیده بود و برای ۶ نفر نرفت" in stopped.text
    assert "۱ پیام هنگام توقف در راه بود" in stopped.text
    assert office.toast is not None
    assert office.toast.alert
    states = [one.state for one in sent_to(await office.said())]
    assert (states.count("sent"), states.count("cancelled"), states.count("waiting")) == (3, 6, 1)
    assert await office.tap(BOSS, progress, "توقف") == []
    assert await office.tap(BOSS, control, "فرستادن") == []
    acts = [(act, data) for act, reason, data in await office.audited() if reason is None]
    assert acts == [
        ("notice-send", {"notice": notice, "messages": 10}),
        ("notice-stop", {"notice": notice, "messages": 6}),
    ]


async def test_what_was_in_flight_and_failed_does_not_leave_after_a_stop(office: Office) -> None:
    _, control = await preview(office)
    progress = (await office.tap(BOSS, control, "فرستادن"))[-1]
    async with office.database.write() as tx:
        await tx.exec_driver_sql("UPDATE outbox SET claimed_at = created_at WHERE notice_id > 0")
    await office.tap(BOSS, progress, "توقف")
    async with office.database.write() as tx:
        await tx.exec_driver_sql("UPDATE outbox SET claimed_at = NULL")
    (seen,) = await office.press(BOSS, progress.buttons["تازه کردن"])
    assert "برای ۱ نفر نرفت" in seen.text
    assert [one.state for one in sent_to(await office.said())] == ["cancelled"]


async def test_stopping_when_all_has_left(office: Office) -> None:
    _, control = await preview(office)
    progress = (await office.tap(BOSS, control, "فرستادن"))[-1]
    await office.send()
    assert await office.tap(BOSS, progress, "توقف") == []
    assert office.toast is not None
    assert office.toast.text == "این اطلاعیه پیش‌تر تمام یا متوقف شده است."


async def test_a_preview_is_dropped_or_written_again(office: Office) -> None:
    _, control = await preview(office)
    (again,) = await office.tap(BOSS, control, "متن دیگر")
    assert again.text.startswith("متن اطلاعیه را بنویسید.")
    assert await office.tap(BOSS, control, "فرستادن") == []
    assert office.toast is not None
    assert "کنار گذاشته شده" in office.toast.text
    shown, second = await office.write(BOSS, "متن دوم")
    assert "متن دوم" in shown.text
    (dropped,) = await office.write(BOSS, "لغو")
    assert dropped.text == "اطلاعیه کنار گذاشته شد و برای کسی نرفت."
    assert await office.tap(BOSS, second, "فرستادن") == []
    assert sent_to(await office.said()) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [("\u200b\u200f  ", "notice-empty"), ("ا" * 3501, "notice-too-long"), ("😀" * 1751, "notice-too-long")],
)
async def test_words_that_will_not_do_leave_the_question_open(office: Office, words: str, reason: str) -> None:
    await office.press(BOSS, "a:notice")
    (refusal,) = await office.write(BOSS, words)
    assert not refusal.buttons
    assert [why for _, why, _ in await office.audited()] == [reason]
    shown, _ = await office.write(BOSS, "ا" * 3500)
    assert "ا" * 3500 in shown.text


async def test_marks_in_a_notice_are_shown_as_they_were_written(office: Office) -> None:
    shown, _ = await preview(office, "<b>مهم</b> *مهم* [پیوند](http://x) & «او»")
    assert "<b>مهم</b> *مهم* [پیوند](http://x) & «او»" in shown.text


async def test_whoever_lost_the_role_while_writing_is_not_caught_in_the_question(office: Office) -> None:
    await office.hire(CITIZEN, Role.ADMINISTRATOR)
    number = await office.hire(OFFICIAL, Role.ADMINISTRATOR)
    await office.press(OFFICIAL, "a:notice")
    await office.press(CITIZEN, f"a:end:{number}:yes")
    (refusal,) = await office.write(OFFICIAL, WORDS)
    assert refusal.text == "این بخش برای مدیران سامانه است."
    answer = (await office.write(OFFICIAL, "آشغال سر کوچهٔ ما سه روز است مانده"))[0]
    assert answer.text != refusal.text
    assert sent_to(await office.said()) == []


async def test_earlier_notices_can_be_looked_at(office: Office) -> None:
    _, control = await preview(office)
    await office.tap(BOSS, control, "فرستادن")
    await office.send()
    (asked,) = await office.press(BOSS, "a:notice")
    (seen,) = await office.tap(BOSS, asked, "اطلاعیهٔ")
    assert "تمام شد: ۱ از ۱" in seen.text


async def test_a_made_up_row_does_not_edit_somebody_elses_message(office: Office) -> None:
    await office.meet(100)
    _, control = await preview(office)
    await office.tap(BOSS, control, "فرستادن")
    theirs = next(one for one in await office.said() if one.chat == ("telegram", 100))
    for row in (theirs.row, 999_999):
        (fresh,) = await office.press(BOSS, f"a:notice:{theirs.notice}:see:{row}")
        assert fresh.edits is None
