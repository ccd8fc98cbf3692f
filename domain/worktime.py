"""Time that counts: the city's working hours without official holidays, or every hour where nothing can wait."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from holidays import country_holidays

from domain.city import Calendar, Weekday

_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)
_DAY_HOURS = 24
_HORIZON = 10_000
"""Days that are looked through for working time; nothing that is promised lies so far away."""

type Span = tuple[datetime, datetime]
"""From the opening to the closing time of a day, in UTC."""


class Time(Protocol):
    """A way to count time."""

    def after(self, moment: datetime, seconds: float) -> datetime:
        """Return the moment that lies so many seconds of it after another, before it where they are negative."""
        ...

    def between(self, start: datetime, end: datetime) -> float:
        """Count the seconds of it from one moment to another, negative where that is the earlier."""
        ...

    def promised(self, hours: float) -> float:
        """Return the seconds of it that a promise of so many hours stands for."""
        ...


class AllTime:
    """Around the clock."""

    def after(self, moment: datetime, seconds: float) -> datetime:
        """Return the moment so many seconds later, or earlier."""
        return moment.astimezone(UTC) + timedelta(seconds=seconds)

    def between(self, start: datetime, end: datetime) -> float:
        """Count the seconds from one moment to another."""
        return (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()

    def promised(self, hours: float) -> float:
        """An hour is an hour."""
        return hours * 3600


class WorkingTime:
    """The working hours of a city; moments are aware and come out in UTC.

    A span of it ends at a closing time and not at the next opening, so that a deadline falls into working hours.
    """

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        """Take the city's hours; a year's holidays are looked up when a day of it is first asked for."""
        self._calendar, self._zone = calendar, zone
        self._holidays = country_holidays(calendar.country)
        self._days_known: dict[date, Span | None] = {}

    @cached_property
    def day_seconds(self) -> float:
        """The usual length of a working day."""
        lengths = [_seconds(closing) - _seconds(opening) for opening, closing in self._calendar.hours.values()]
        return sum(lengths) / len(lengths)

    def works(self, day: date) -> bool:
        """Tell whether anybody works on a day."""
        if _WEEKDAYS[day.weekday()] not in self._calendar.hours or day in self._calendar.extra_holidays:
            return False
        return day in self._calendar.working_holidays or day not in self._holidays

    def hours(self, day: date) -> Span | None:
        """Return the opening and the closing time of a day; None on a free one."""
        if day not in self._days_known:
            opening, closing = self._calendar.hours.get(_WEEKDAYS[day.weekday()], (time(), time()))
            self._days_known[day] = (self._at(day, opening), self._at(day, closing)) if self.works(day) else None
        return self._days_known[day]

    def next_opening(self, moment: datetime) -> datetime:
        """Return the moment itself while somebody works, else when the next working day opens."""
        return next(max(opening, moment.astimezone(UTC)) for opening, closing in self._from(moment) if closing > moment)

    def closing(self, moment: datetime) -> datetime:
        """Return when the working day closes that a moment falls into or that comes next."""
        return next(closing for _, closing in self._from(moment) if closing >= moment)

    def after(self, moment: datetime, seconds: float) -> datetime:
        """Return the moment so many working seconds later, or earlier where they are negative."""
        if seconds == 0:
            return moment.astimezone(UTC)
        return self._later(moment, seconds) if seconds > 0 else self._earlier(moment, -seconds)

    def between(self, start: datetime, end: datetime) -> float:
        """Count the working seconds from one moment to another."""
        if end < start:
            return -self.between(end, start)
        total = timedelta()
        for opening, closing in self._from(start):
            if opening >= end:
                break
            total += max(min(closing, end) - max(opening, start), timedelta())
            if closing >= end:
                break
        return total.total_seconds()

    def promised(self, hours: float) -> float:
        """Return the working seconds of a promise: 24 hours are a working day, what is less than that at most one."""
        days, rest = divmod(hours, _DAY_HOURS)
        return days * self.day_seconds + min(rest * 3600, self.day_seconds)

    def _later(self, moment: datetime, seconds: float) -> datetime:
        left = timedelta(seconds=seconds)
        for opening, closing in self._from(moment):
            begin = max(opening, moment)
            if begin + left <= closing:
                return begin.astimezone(UTC) + left
            left -= max(closing - begin, timedelta())
        raise AssertionError

    def _earlier(self, moment: datetime, seconds: float) -> datetime:
        left = timedelta(seconds=seconds)
        for opening, closing in self._back_from(moment):
            end = min(closing, moment)
            if end - left >= opening:
                return end.astimezone(UTC) - left
            left -= max(end - opening, timedelta())
        raise AssertionError

    def _from(self, moment: datetime) -> Iterator[Span]:
        """Go through the working days from the day of a moment on."""
        return self._days(moment.astimezone(self._zone).date(), _DAY)

    def _back_from(self, moment: datetime) -> Iterator[Span]:
        return self._days(moment.astimezone(self._zone).date(), -_DAY)

    def _days(self, day: date, step: timedelta) -> Iterator[Span]:
        for _ in range(_HORIZON):
            hours = self.hours(day)
            if hours is not None:
                yield hours
            day += step
        raise ValueError("the calendar has no working day")

    def _at(self, day: date, clock: time) -> datetime:
        # In UTC: Python counts between two moments of one zone as if no clock were ever put forward or back.
        return datetime.combine(day, clock, self._zone).astimezone(UTC)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
