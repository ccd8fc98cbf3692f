"""The working time of a city: what is added can be taken away again, and nothing falls on a day when nobody works."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.city import Calendar
from domain.worktime import AllTime, WorkingTime

TEHRAN, BERLIN = ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/Berlin")
WEEK = ("saturday", "sunday", "monday", "tuesday", "wednesday")
OFFICE = {weekday: (time(7), time(14, 30)) for weekday in WEEK}
IRAN = Calendar(country="IR", hours=OFFICE)
WITH_THURSDAYS = Calendar(country="IR", hours={**OFFICE, "thursday": (time(8), time(12))})
AT_NIGHT = Calendar(country="DE", hours=dict.fromkeys((*WEEK, "friday"), (time(0, 30), time(23, 30))))
PLACES = {
    "tehran": WorkingTime(IRAN, TEHRAN),
    "thursdays": WorkingTime(WITH_THURSDAYS, TEHRAN),
    "over the hour that is missing": WorkingTime(AT_NIGHT, BERLIN),
}
DAY = 7.5 * 3600
HOUR = 3600


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TEHRAN)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
seconds = st.integers(-60 * 24 * HOUR, 60 * 24 * HOUR)
places = st.sampled_from(sorted(PLACES))


@settings(max_examples=150, deadline=None)
@given(places, moments, seconds)
def test_what_was_added_lies_between(place: str, moment: datetime, length: int) -> None:
    working = PLACES[place]
    assert working.between(moment, working.after(moment, length)) == length


@settings(max_examples=100, deadline=None)
@given(places, moments, st.integers(1, 30 * 24 * HOUR), st.integers(1, 30 * 24 * HOUR))
def test_adding_in_two_steps_is_adding_at_once(place: str, moment: datetime, one: int, other: int) -> None:
    working = PLACES[place]
    assert working.after(working.after(moment, one), other) == working.after(moment, one + other)


@settings(max_examples=100, deadline=None)
@given(places, moments, moments, moments)
def test_parts_of_a_span_add_up(place: str, one: datetime, two: datetime, three: datetime) -> None:
    working = PLACES[place]
    assert working.between(one, two) + working.between(two, three) == pytest.approx(working.between(one, three))
    assert working.between(one, two) == -working.between(two, one)
    if one <= two:
        assert 0 <= working.between(one, two) <= AllTime().between(one, two)


@settings(max_examples=100, deadline=None)
@given(places, moments, st.integers(1, 30 * 24 * HOUR))
def test_nothing_ends_outside_working_hours(place: str, moment: datetime, length: int) -> None:
    working = PLACES[place]
    end = working.after(moment, length)
    opening, closing = working.hours(end.astimezone(working._zone).date()) or (None, None)
    assert opening is not None
    assert closing is not None
    assert opening < end <= closing


@settings(max_examples=100, deadline=None)
@given(places, moments)
def test_the_next_opening_is_the_first_moment_that_counts(place: str, moment: datetime) -> None:
    working = PLACES[place]
    opens = working.next_opening(moment)
    assert opens >= moment
    assert working.between(moment, opens) == 0
    assert working.between(opens, opens + timedelta(seconds=1)) > 0


# Nowruz of 1405 begins on Friday 20 March 2026 and ends with Thursday 2 April; 25-31 March are working days but for
# the weekend of 26 and 27 March.
@pytest.mark.parametrize(
    ("filed", "length", "settled"),
    [
        (at(2026, 3, 18, 13, 30), HOUR, at(2026, 3, 18, 14, 30)),  # the last Wednesday of the year
        (at(2026, 3, 18, 13, 30), 2 * HOUR, at(2026, 3, 25, 8)),  # over Thursday, Friday and four days of Nowruz
        (at(2026, 3, 21, 10), HOUR, at(2026, 3, 25, 8)),
        (at(2026, 3, 25, 7), 2 * DAY, at(2026, 3, 28, 14, 30)),
        (at(2026, 3, 31, 14), HOUR, at(2026, 4, 4, 7, 30)),  # Republic Day, Nature Day, Friday
        (at(2026, 6, 23, 14), HOUR, at(2026, 6, 27, 7, 30)),  # Tasu'a, Ashura, Friday: three free days in a row
        (at(2026, 8, 11, 14), HOUR, at(2026, 8, 15, 7, 30)),
        (at(2026, 11, 30, 14), HOUR, at(2026, 12, 1, 7, 30)),  # over the end of a month
        (at(2026, 12, 31, 9), HOUR, at(2027, 1, 2, 8)),  # a Thursday, and the end of a Gregorian year
        (at(2027, 3, 18, 9), HOUR, at(2027, 3, 25 + 2, 8)),  # Nowruz of the next year: 20 March is a holiday too
        (at(2026, 11, 21, 9, 41), DAY, at(2026, 11, 22, 9, 41)),
        (at(2026, 11, 20, 23), 0.5 * HOUR, at(2026, 11, 21, 7, 30)),
    ],
)
def test_working_hours_pass_over_free_days(filed: datetime, length: float, settled: datetime) -> None:
    working = PLACES["tehran"]
    assert working.after(filed, length) == settled
    assert working.between(filed, settled) == length
    assert working.between(settled, filed) == -length


def test_a_pack_corrects_the_calendar_of_the_country() -> None:
    corrected = IRAN.model_copy(
        update={
            "extra_holidays": frozenset({date(2026, 11, 21)}),
            "working_holidays": frozenset({date(2026, 3, 21), date(2026, 3, 27)}),
        }
    )
    working = WorkingTime(corrected, TEHRAN)
    assert not working.works(date(2026, 11, 21))
    assert working.works(date(2026, 3, 21))
    assert not working.works(date(2026, 3, 27)), "a Friday has no hours, holiday or not"
    assert working.after(at(2026, 3, 18, 14), HOUR) == at(2026, 3, 21, 7, 30)


def test_a_short_thursday_counts_as_long_as_it_is() -> None:
    working = PLACES["thursdays"]
    assert working.after(at(2026, 11, 25, 14), 2 * HOUR) == at(2026, 11, 26, 9, 30)
    assert working.between(at(2026, 11, 26), at(2026, 11, 28)) == 4 * HOUR


def test_summer_time_of_old_years_is_kept() -> None:
    working = PLACES["tehran"]
    opening, _ = working.hours(date(2021, 7, 3)) or (None, None)
    assert opening == datetime(2021, 7, 3, 2, 30, tzinfo=UTC), "four and a half hours before UTC in summer"
    opening, _ = working.hours(date(2023, 7, 3)) or (None, None)
    assert opening == datetime(2023, 7, 3, 3, 30, tzinfo=UTC), "summer time was given up in 2022"
    assert (
        PLACES["over the hour that is missing"].between(
            datetime(2026, 3, 28, tzinfo=BERLIN), datetime(2026, 3, 30, tzinfo=BERLIN)
        )
        == (23 + 22) * HOUR
    )


def test_promised_hours_become_working_days_and_hours() -> None:
    working = PLACES["tehran"]
    assert working.promised(6) == 6 * HOUR
    assert working.promised(12) == DAY, "never more than the day that it is a part of"
    assert working.promised(24) == DAY
    assert working.promised(72) == 3 * DAY
    assert working.promised(0.25) == 900
    assert working.promised(30) == DAY + 6 * HOUR
    assert AllTime().promised(12) == 12 * HOUR


def test_a_calendar_without_working_days_is_told() -> None:
    with pytest.raises(ValueError, match="no working day"):
        WorkingTime(Calendar(country="IR", hours={}), TEHRAN).next_opening(at(2026, 1, 1))


def test_around_the_clock_every_second_counts() -> None:
    friday = at(2026, 3, 20, 23)
    assert AllTime().after(friday, 7200) == at(2026, 3, 21, 1)
    assert AllTime().between(at(2026, 3, 21, 1), friday) == -7200
