"""What an administrator sees when something went wrong, and what is never shown."""

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import app
from services.health import problem_class
from storage import inbox, people, receivers
from storage.tables import outbox, timers
from tests.admin.office import BOSS, CITIZEN, NOW, OFFICIAL, Office


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
    (aside,) = await office.press(BOSS, "a:health:aside")
    assert aside.text.splitlines()[0] == "۶ مورد کنار گذاشته شد."
    assert "پیام‌های کنارگذاشته: ۰" in aside.text
    assert set(aside.buttons) == {"تازه کردن", "مدیریت"}


async def test_only_an_administrator_decides_about_what_is_stuck(office: Office) -> None:
    async with office.database.write() as tx:
        await inbox.receive(tx, "bale", [inbox.Arrival(1, "message:1:1", "bale:1", "{}")], NOW)
        (row,) = await inbox.waiting_after(tx, "bale", 0, 9)
        await inbox.quarantine(tx, row.id, "ValueError", NOW)
    for person, verb in product((OFFICIAL, CITIZEN), ("again", "aside")):
        said = await office.press(person, f"a:health:{verb}")
        assert not any("مورد" in one.text for one in said)
    async with office.database.read() as tx:
        assert await inbox.quarantined_count(tx) == 1


def test_doctor_tries_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    without_tables = CliRunner().invoke(app, ["doctor", "--retry"])
    assert without_tables.exit_code == 1
    assert "Nothing was changed, the database cannot be used" in without_tables.output
    CliRunner().invoke(app, ["migrate"])
    told = CliRunner().invoke(app, ["doctor", "--retry"])
    assert (told.exit_code, told.output) == (0, "Tried again: 0 updates, 0 messages, 0 timers.\n")


def test_a_problems_class_has_no_words_of_others() -> None:
    assert problem_class("ValueError: متن") == "ValueError"
    assert problem_class("refused 400: چیزی") == "refused 400"
    assert problem_class("") == ""
    assert len(problem_class("x" * 500)) == 40
