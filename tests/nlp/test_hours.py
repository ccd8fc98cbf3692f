"""Spans of hours as people write them."""

from datetime import time

import pytest

from nlp import hours


@pytest.mark.parametrize(
    ("written", "since", "until"),
    [
        ("۱۰ تا ۱۲", time(10), time(12)),
        ("از ۹:۳۰ تا ۱۱", time(9, 30), time(11)),
        ("10-11:30", time(10), time(11, 30)),
        ("۱۰ و نیم تا ۱۲", time(10, 30), time(12)),
        ("۴ تا ۶ عصر", time(16), time(18)),
        ("۱۱ صبح تا ۲ بعدازظهر", time(11), time(14)),
        ("۱۶ تا ۱۸", time(16), time(18)),
        ("از ساعت ٨ تا ساعت ١٠", time(8), time(10)),
    ],
)
def test_hours_are_read(written: str, since: time, until: time) -> None:
    assert hours.span_of(written) == (since, until)


_NONE = ("", "صبح", "۱۰", "۱۰ تا", "۱۲ تا ۱۰", "۱۰ تا ۱۲ تا ۱۴", "۲۵ تا ۲۷", "۱۰ تا ۱۰", "۹" * 80)


@pytest.mark.parametrize("written", _NONE)
def test_what_names_no_span_is_not_read(written: str) -> None:
    assert hours.span_of(written) is None
