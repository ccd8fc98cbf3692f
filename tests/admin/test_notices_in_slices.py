"""A notice to a whole city goes into the outbox, and out of it again, a slice at a time."""

import pytest
import sqlalchemy as sa

from services import notices
from storage import outbox as outbox_rows
from storage import people
from storage.database import Transaction
from storage.tables import notices as notices_table
from storage.tables import outbox
from tests.admin.office import BOSS, Office, Said

CITIZENS = range(100, 110)  # with the administrator 11 people: slices of 4, 4 and 3


@pytest.fixture(autouse=True)
def _slices_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "SLICE", 4)


async def sent(office: Office) -> Said:
    """Press "send" for a notice to everybody; return the message that tells how far it is."""
    await office.meet(*CITIZENS)
    await office.press(BOSS, "a:notice")
    _, control = await office.write(BOSS, "آب فردا قطع است")
    assert "برای ۱۱ نفر فرستاده شود؟" in control.text
    return (await office.tap(BOSS, control, "فرستادن"))[-1]


async def chats(office: Office, state: str = "waiting") -> list[int]:
    return [one.chat[1] for one in await office.said() if one.notice is not None and one.state == state]


async def number(office: Office) -> int:
    return next(one.notice for one in await office.said() if one.notice)


async def row(office: Office) -> sa.Row[tuple[int, int | None, str]]:
    columns = (notices_table.c.recipients, notices_table.c.reached, notices_table.c.state)
    async with office.database.read() as tx:
        return (await tx.execute(sa.select(*columns))).one()


async def test_a_slice_at_a_time_and_everybody_once(office: Office) -> None:
    progress = await sent(office)
    assert "۰ از ۱۱ فرستاده شد" in progress.text
    assert await chats(office) == [100, 101, 102, 103]
    assert await office.ring()
    assert len(await chats(office)) == 8
    (edit,) = await office.tap(BOSS, progress, "تازه کردن")
    assert "۰ از ۱۱ فرستاده شد" in edit.text
    assert await office.ring()
    assert not await office.ring()
    assert sorted(await chats(office)) == [BOSS, *CITIZENS]
    assert tuple(await row(office)) == (11, None, "sending")
    await office.send()
    (over,) = await office.tap(BOSS, edit, "تازه کردن")
    assert "تمام شد: ۱۱ از ۱۱ فرستاده شد" in over.text


async def test_it_is_not_over_while_slices_are_to_come(office: Office) -> None:
    progress = await sent(office)
    await office.send(notice=await number(office))
    (edit,) = await office.tap(BOSS, progress, "تازه کردن")
    assert "۴ از ۱۱ فرستاده شد" in edit.text
    assert "توقف ارسال" in edit.buttons


async def test_who_comes_after_the_press_is_not_meant(office: Office) -> None:
    await sent(office)
    await office.meet(500)
    while await office.ring():
        pass
    assert sorted(await chats(office)) == [BOSS, *CITIZENS]


async def test_who_cannot_be_reached_any_more_is_not_counted_in_the_end(office: Office) -> None:
    progress = await sent(office)
    async with office.database.write() as tx:
        await people.mark_unreachable(tx, "telegram", 109, "blocked")
    while await office.ring():
        pass
    assert 109 not in await chats(office)
    (edit,) = await office.tap(BOSS, progress, "تازه کردن")
    assert "۰ از ۱۰ فرستاده شد" in edit.text


async def test_a_kill_between_and_in_a_slice_doubles_nothing(office: Office) -> None:
    await sent(office)
    notice = await number(office)

    async def killed_before_the_commit() -> None:
        async with office.database.write() as tx:
            await notices.spread(tx, office.centre, notice, 10**6, office.now)
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await killed_before_the_commit()
    assert len(await chats(office)) == 4
    while await office.ring():
        pass
    assert sorted(await chats(office)) == [BOSS, *CITIZENS]


async def test_a_slice_that_was_in_already_is_not_put_in_again(office: Office) -> None:
    await sent(office)
    async with office.database.write() as tx:  # as if the cursor had been lost
        await tx.execute(sa.update(notices_table).values(reached=0))
    while await office.ring():
        pass
    assert sorted(await chats(office)) == [BOSS, *CITIZENS]


async def test_a_stop_takes_out_first_what_would_leave_next(office: Office) -> None:
    progress = await sent(office)
    while await office.ring():
        pass
    await office.send(2, notice=await number(office))
    (stopped,) = await office.tap(BOSS, progress, "توقف")
    assert "به ۲ نفر رسیده بود و برای ۹ نفر نرفت" in stopped.text
    assert await chats(office, "cancelled") == [102, 103, 104, 105]
    assert len(await chats(office)) == 5  # their turn comes
    while await office.ring():
        pass
    assert await chats(office) == []
    (seen,) = await office.press(BOSS, progress.buttons["تازه کردن"])
    assert "به ۲ نفر رسیده بود و برای ۹ نفر نرفت" in seen.text
    acts = [data for act, _, data in await office.audited() if act == "notice-stop"]
    assert acts == [{"notice": await number(office), "messages": 9}]


async def test_a_stop_before_all_slices_are_in(office: Office) -> None:
    progress = await sent(office)
    await office.send(1, notice=await number(office))
    (stopped,) = await office.tap(BOSS, progress, "توقف")
    assert "به ۱ نفر رسیده بود و برای ۱۰ نفر نرفت" in stopped.text
    while await office.ring():
        pass
    assert await chats(office) == []
    assert len(await chats(office, "cancelled")) == 3
    assert (await row(office)).recipients == 11


async def test_what_was_in_flight_at_the_stop_is_looked_at_again(office: Office) -> None:
    progress = await sent(office)
    flying = sa.update(outbox).where(outbox.c.notice_id.is_not(None), outbox.c.chat_id == 100)
    async with office.database.write() as tx:
        await tx.execute(flying.values(claimed_at=office.now))
    (stopped,) = await office.tap(BOSS, progress, "توقف")
    assert "۱ پیام هنگام توقف در راه بود" in stopped.text
    while await office.ring():
        pass
    assert await chats(office) == [100]
    async with office.database.write() as tx:
        await tx.execute(flying.values(claimed_at=None, attempts=1))  # it failed and would be tried again
    office.later(seconds=11)
    assert await office.ring()
    assert await chats(office) == []
    while await office.ring():
        pass  # it ends


async def test_a_slice_that_found_fewer_is_not_taken_for_the_last(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = await sent(office)
    while await office.ring():
        pass
    whole = outbox_rows.cancel_notice

    async def some_left_meanwhile(tx: Transaction, notice: int, reason: str, limit: int, **how: bool) -> int:
        return await whole(tx, notice, reason, limit - 1, **how)

    monkeypatch.setattr(outbox_rows, "cancel_notice", some_left_meanwhile)
    await office.tap(BOSS, progress, "توقف")
    while await office.ring():
        pass
    assert await chats(office) == []
    assert len(await chats(office, "cancelled")) == 11
