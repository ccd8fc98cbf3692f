from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from nlp.dates import day_of
from tests.nlp.hostile import TEXTS

TODAY = date(2026, 11, 24)  # Tuesday, 3 Azar 1405


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("امروز", TODAY),
        ("فردا", date(2026, 11, 25)),
        ("پس‌فردا", date(2026, 11, 26)),
        ("پس فردا", date(2026, 11, 26)),
        ("شنبه", date(2026, 11, 28)),
        ("سه‌شنبه", date(2026, 12, 1)),
        ("پنج شنبه", date(2026, 11, 26)),
        ("چهارشنبه آینده", date(2026, 11, 25)),
        ("۲۰ آذر", date(2026, 12, 11)),
        ("۲۰ام آذر ماه", date(2026, 12, 11)),
        ("2 آذر", date(2027, 11, 23)),  # yesterday: next year's
        ("۵ فروردین ۱۴۰۶", date(2027, 3, 25)),
        ("1405/9/20", date(2026, 12, 11)),
        ("۱۴۰۵-۰۹-۲۰", date(2026, 12, 11)),
        ("۱۰ روز دیگه", date(2026, 12, 4)),
        ("دو هفته دیگر", date(2026, 12, 8)),
        ("هفته بعد", date(2026, 12, 1)),
        ("ماه آینده", date(2026, 12, 24)),
    ],
)
def test_days_are_read(written: str, day: date) -> None:
    assert day_of(written, TODAY) == day


@pytest.mark.parametrize(
    "written", ["", "نمی‌دانم", "۳۵ آذر", "۳۱ مهر", "1405/13/1", "به زودی", "۱۲", "آذر", "۲۰ آذر" + " " * 100]
)
def test_what_names_no_day_is_none(written: str) -> None:
    assert day_of(written, TODAY) is None


@given(TEXTS)
def test_nothing_breaks_it(written: str) -> None:
    day_of(written, TODAY)


@given(st.dates(date(2026, 11, 24), date(2027, 11, 22)))
def test_every_day_of_a_year_can_be_written_as_persians_do(day: date) -> None:
    jalali = JalaliDate.to_jalali(day)
    assert day_of(f"{jalali.year}/{jalali.month}/{jalali.day}", TODAY) == day
