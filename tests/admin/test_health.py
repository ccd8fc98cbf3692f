"""What an administrator sees when something went wrong, and what is never shown."""

from datetime import timedelta

import sqlalchemy as sa

from services.health import problem_class
from storage import inbox, people, receivers
from storage.tables import outbox, timers
from tests.admin.office import BOSS, NOW, Office


async def test_all_is_well(office: Office) -> None:
    async with office.database.write() as tx:
        await receivers.moved(tx, "telegram", 7, NOW - timedelta(minutes=2))
        await receivers.mark_health(tx, "bale", "ok", NOW)
    (screen,) = await office.press(BOSS, "a:health")
    assert screen.text.splitlines() == [
        "همه چیز درست کار می‌کند.",
        "بله: وصل است، آخرین پیام هنوز نیامده",
        "تلگرام: وصل است، آخرین پیام امروز ساعت ۰۹:۳۹",
        "در صف: ۰ پیام آمده، ۰ پیام رفتنی",
        "پیام‌های کنارگذاشته: ۰",
        "پیام‌هایی که نرفتند: ۰",
        "به همهٔ شهروندان می‌توانیم پیام بدهیم.",
    ]
    assert set(screen.buttons) == {"تازه کردن", "مدیریت"}


async def test_every_trouble_is_named_and_nobodys_words_are_shown(office: Office) -> None:
    await office.meet(100, 101, messenger="bale")
    async with office.database.write() as tx:
        await receivers.mark_health(tx, "telegram", "conflict", NOW - timedelta(hours=1))
        await receivers.mark_health(tx, "bale", "TeapotError", NOW)
        arrivals = [inbox.Arrival(n, f"message:1:{n}", "telegram:1", '{"text": "راز"}') for n in range(5)]
        await inbox.receive(tx, "telegram", arrivals, NOW)
        for row in (await inbox.waiting_after(tx, "telegram", 0, 9))[:4]:
            await inbox.quarantine(tx, row.id, "ValueError: نام و نشانی یک شهروند", NOW)
        dead = {"messenger": "bale", "chat_id": 1, "priority": 1, "message": {"text": "راز"}, "created_at": NOW}
        await tx.execute(sa.insert(outbox).values(state="dead", problem="too-long 400: متن", **dead))
        late = {"key": "k", "kind": "x", "due_at": NOW, "data": {}, "state": "failed", "problem": "KeyError: 'x'"}
        await tx.execute(sa.insert(timers).values(late))
        await people.mark_unreachable(tx, "bale", 100, "blocked")
        await people.mark_unreachable(tx, "bale", 101, "blocked")
    (screen,) = await office.press(BOSS, "a:health")
    assert "چیزی هست که باید دیده شود." in screen.text
    assert "تلگرام: از امروز ساعت ۰۸:۴۱ وصل نیست (برنامهٔ دیگری با همین توکن کار می‌کند)" in screen.text
    assert "بله: از امروز ساعت ۰۹:۴۱ وصل نیست (TeapotError)" in screen.text
    assert "در صف: ۱ پیام آمده" in screen.text
    assert "پیام‌های کنارگذاشته: ۴" in screen.text
    assert screen.text.count("· ValueError") == 3
    assert "too-long 400" in screen.text
    assert "یادآورهایی که انجام نشدند: ۱" in screen.text
    assert "بله: به ۲ نفر نمی‌توانیم پیام بدهیم" in screen.text
    assert "نشانی" not in screen.text
    assert "راز" not in screen.text


def test_a_problems_class_has_no_words_of_others() -> None:
    assert problem_class("ValueError: متن") == "ValueError"
    assert problem_class("refused 400: چیزی") == "refused 400"
    assert problem_class("") == ""
    assert len(problem_class("x" * 500)) == 40
