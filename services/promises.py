"""What the citizen is promised, and until when."""

from datetime import date, datetime, time, timedelta

from services.centre import Centre

_ROUGH = timedelta(hours=1)
_FINE = timedelta(minutes=5)
_SHORT = 3  # hours: a promise this short is told to five minutes, a longer one to the hour
_EVENING = time(20)


def deadline(centre: Centre, subject: str | None, now: datetime, *, urgent: bool) -> datetime:
    """Return when a request has to be settled, rounded up to a time that can be said on the phone."""
    hours = centre.city.deadline_hours(subject, urgent=urgent)
    step = _FINE if hours <= _SHORT else _ROUGH
    local = (now + timedelta(hours=hours)).astimezone(centre.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    steps = -((midnight - local) // step)  # rounds up
    return midnight + steps * step


def end_of_day(centre: Centre, day: date) -> datetime:
    """Return the moment until which something promised for a day may be done: its evening, in the city's time."""
    return datetime.combine(day, _EVENING, centre.zone)
