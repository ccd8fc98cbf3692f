"""What is promised can be said on the phone, and falls into working hours unless it cannot wait."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import promises
from services.centre import Centre

TEHRAN = ZoneInfo("Asia/Tehran")


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TEHRAN)


SATURDAY = datetime(2026, 11, 21, 9, 41, tzinfo=TEHRAN)
WEDNESDAY = datetime(2026, 3, 18, 14, 10, tzinfo=TEHRAN)  # the last working hour before Nowruz
FRIDAY_NIGHT = datetime(2026, 11, 20, 23, 5, tzinfo=TEHRAN)

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(TEHRAN))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("subject", "now", "until"),
    [
        ("garbage_not_collected", SATURDAY, at(2026, 11, 22, 10, 0)),  # 12 hours: within a working day
        ("dead_animal", SATURDAY, at(2026, 11, 22, 9, 0)),  # six hours of work
        ("asphalt_patch", SATURDAY, at(2026, 11, 24, 10, 0)),  # three working days
        ("asphalt_patch", WEDNESDAY, at(2026, 3, 29, 14, 30)),  # not after closing time
        ("garbage_not_collected", FRIDAY_NIGHT, at(2026, 11, 21, 14, 30)),
        ("dead_animal", WEDNESDAY, at(2026, 3, 25, 13, 0)),
    ],
)
def test_a_deadline_in_working_hours(centre: Centre, subject: str, now: datetime, until: datetime) -> None:
    assert promises.deadline(centre, subject, now, urgent=False) == until


def test_what_is_urgent_does_not_wait_for_the_morning(centre: Centre) -> None:
    assert promises.deadline(centre, "hazard_site", FRIDAY_NIGHT, urgent=True) == FRIDAY_NIGHT + timedelta(hours=2)
    assert promises.first_answer(centre, "hazard_site", WEDNESDAY, urgent=True) == WEDNESDAY + timedelta(minutes=30)
    assert promises.new_date(centre, FRIDAY_NIGHT, urgent=True) > FRIDAY_NIGHT + timedelta(hours=47)


def test_the_next_answer_has_hours_of_its_own(centre: Centre) -> None:
    first = promises.first_answer(centre, "street_lighting", SATURDAY, urgent=False)
    later = promises.next_answer(centre, "street_lighting", SATURDAY, urgent=False)
    assert (first, later) == (at(2026, 11, 22, 10, 0), at(2026, 11, 22, 9, 0))


@settings(max_examples=100, deadline=None)
@given(moments, st.sampled_from(["garbage_not_collected", "dead_animal", "asphalt_patch", "park_change", None]))
def test_every_deadline_is_a_sayable_time_of_a_working_day(now: datetime, subject: str | None) -> None:
    from tests.conftest import centre_of

    centre = centre_of("mashhad")
    until = promises.deadline(centre, subject, now, urgent=False)
    assert until > now
    assert until.minute in (0, 30)
    assert until.second == until.microsecond == 0
    opening, closing = centre.working_time.hours(until.date()) or (until, until - timedelta(1))
    assert opening < until <= closing


def test_a_day_ends_in_the_evening(centre: Centre) -> None:
    assert promises.end_of_day(centre, date(2026, 11, 23)) == datetime(2026, 11, 23, 20, tzinfo=TEHRAN)
