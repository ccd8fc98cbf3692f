"""Days as people write them: «فردا», «شنبه», «۲۰ آذر», «۱۴۰۵/۹/۲۰», «دو هفته دیگر»."""

import re
from datetime import date, timedelta

from persiantools.jdatetime import JalaliDate

from nlp import forms

_LONGEST = 60  # letters; no day needs more
_MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "ابان",
    "اذر",
    "دی",
    "بهمن",
    "اسفند",
)
_NEAR = {"امروز": 0, "فردا": 1, "پسفردا": 2}
_WEEKDAYS = {"شنبه": 0, "یکشنبه": 1, "دوشنبه": 2, "سهشنبه": 3, "چهارشنبه": 4, "پنجشنبه": 5, "جمعه": 6}
_NUMBERS = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده")
_SPANS = {"روز": 1, "هفته": 7, "ماه": 30}
_WHOLE = re.compile(r"\b(1[34]\d\d)[/\-. ](\d{1,2})[/\-. ](\d{1,2})\b")
_MONTH_DAY = re.compile(rf"\b(\d{{1,2}}) ?(?:ام )?({'|'.join(_MONTHS)})(?: ?ماه)?(?: (1[34]\d\d))?\b")
_LATER = re.compile(rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)}) ?({'|'.join(_SPANS)}) ?(?:دیگر|دیگه|بعد|اینده)\b")
_NEXT = re.compile(rf"^({'|'.join(_SPANS)}) ?(?:دیگر|دیگه|بعد|اینده)$")


def day_of(written: str, today: date) -> date | None:
    """Return the day that these words name, today or later where the year is left out; None: they name none."""
    if len(written) > _LONGEST:
        return None
    said = " ".join(forms.folded(written).split())
    return _near(said, today) or _in_so_long(said, today) or _dated(said, today)


def _near(said: str, today: date) -> date | None:
    joined = said.replace(" ", "")
    if joined in _NEAR:
        return today + timedelta(days=_NEAR[joined])
    for name, number in _WEEKDAYS.items():
        if joined.removesuffix("بعد").removesuffix("اینده") == name:
            ahead = (number - JalaliDate.to_jalali(today).weekday()) % 7  # type: ignore[no-untyped-call]
            return today + timedelta(days=ahead or 7)
    return None


def _in_so_long(said: str, today: date) -> date | None:
    if found := _NEXT.search(said):
        return today + timedelta(days=_SPANS[found[1]])
    if found := _LATER.search(said):
        number = int(found[1]) if found[1].isdecimal() else _NUMBERS.index(found[1]) + 1
        return today + timedelta(days=number * _SPANS[found[2]])
    return None


def _dated(said: str, today: date) -> date | None:
    if found := _WHOLE.search(said):
        return _gregorian(*(int(part) for part in found.groups()))
    if not (found := _MONTH_DAY.search(said)):
        return None
    day, month, year = int(found[1]), _MONTHS.index(found[2]) + 1, found[3]
    if year:
        return _gregorian(int(year), month, day)
    this_year = JalaliDate.to_jalali(today).year  # type: ignore[no-untyped-call]
    meant = _gregorian(this_year, month, day)
    return meant if meant is None or meant >= today else _gregorian(this_year + 1, month, day)


def _gregorian(year: int, month: int, day: int) -> date | None:
    try:
        jalali = JalaliDate(year, month, day)  # type: ignore[no-untyped-call]
        return date.fromordinal(jalali.to_gregorian().toordinal())
    except (ValueError, OverflowError):
        return None
