"""Numbers, dates and spans of time as a Persian reader expects them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from persiantools import digits
from persiantools.jdatetime import JalaliDate

_WEEKDAYS = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")
_MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_NEAR_DAYS = {-1: "دیروز", 0: "امروز", 1: "فردا", 2: "پس‌فردا"}


def persian(value: object) -> str:
    """Write the digits of anything in Persian."""
    return str(digits.en_to_fa(str(value)))


def day(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Name a day: «فردا», or «سه‌شنبه ۴ آذر», with the year when it is not this one."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    near = _NEAR_DAYS.get((local.date() - today.date()).days)
    return near or dated(moment, zone, now)


def dated(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Name a day by its date alone, for what is read on another day than it was written."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    date = JalaliDate.to_jalali(local.date())  # type: ignore[no-untyped-call]
    name = f"{_WEEKDAYS[date.weekday()]} {date.day} {_MONTHS[date.month - 1]}"
    same_year = date.year == JalaliDate.to_jalali(today.date()).year  # type: ignore[no-untyped-call]
    return persian(name if same_year else f"{name} {date.year}")


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Write the hour and minute."""
    return persian(moment.astimezone(zone).strftime("%H:%M"))


def when(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Write a day and its hour: «فردا ساعت ۱۰:۰۰»."""
    return f"{day(moment, zone, now)} ساعت {clock_time(moment, zone)}"


def dated_when(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Write a date and its hour: «سه‌شنبه ۴ آذر ساعت ۱۰:۰۰»."""
    return f"{dated(moment, zone, now)} ساعت {clock_time(moment, zone)}"


def span(length: timedelta) -> str:
    """Say a length of time in its largest round unit: «۳ ساعت», «۲ روز»."""
    minutes = max(int(abs(length.total_seconds()) // 60), 1)
    if minutes < 60:
        return f"{persian(minutes)} دقیقه"
    if minutes < 48 * 60:
        return f"{persian(minutes // 60)} ساعت"
    return f"{persian(minutes // (24 * 60))} روز"


def distance(metres: float) -> str:
    """Say how far something is: «۳۵۰ متر», «۲٫۴ کیلومتر»."""
    if metres < 995:
        return f"{persian(max(round(metres / 10) * 10, 10))} متر"
    return f"{persian(f'{metres / 1000:.1f}'.replace('.', '٫'))} کیلومتر"
