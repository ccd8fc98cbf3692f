"""What the citizen is promised, and until when."""

from datetime import date, datetime, time, timedelta

from services.centre import Centre

_ROUGH = timedelta(hours=1)
_FINE = timedelta(minutes=5)
_SHORT = 3  # hours: a promise this short is told to five minutes, a longer one to the hour
_A_DAY = 24  # hours that are one working day
_EVENING = time(20)


def deadline(centre: Centre, subject: str | None, now: datetime, *, urgent: bool) -> datetime:
    """Return when a request has to be settled: in working hours, unless it is urgent."""
    return _promised(centre, centre.city.deadline_hours(subject, urgent=urgent), now, urgent=urgent)


def first_answer(centre: Centre, subject: str | None, now: datetime, *, urgent: bool) -> datetime:
    """Return until when somebody has to answer a request for the first time."""
    return _promised(centre, centre.city.first_answer_hours(subject, urgent=urgent), now, urgent=urgent)


def next_answer(centre: Centre, subject: str | None, now: datetime, *, urgent: bool) -> datetime:
    """Return until when somebody has to answer what a citizen said after the first answer."""
    return _promised(centre, centre.city.next_answer_hours(subject, urgent=urgent), now, urgent=urgent)


def new_date(centre: Centre, now: datetime, *, urgent: bool, again: bool = False) -> datetime:
    """Return the date that takes the place of one that was missed; `again`: nobody hears of it every few hours."""
    hours = centre.city.escalation.extension
    return _promised(centre, max(hours, _A_DAY) if again else hours, now, urgent=urgent)


def _promised(centre: Centre, hours: float, now: datetime, *, urgent: bool) -> datetime:
    time = centre.time(urgent=urgent)
    return sayable(centre, time.after(now, time.promised(hours)), urgent=urgent, fine=hours <= _SHORT)


def sayable(centre: Centre, moment: datetime, *, urgent: bool, fine: bool = False) -> datetime:
    """Round a moment up to an hour (or, `fine`, to five minutes), but not past closing time."""
    step = _FINE if fine else _ROUGH
    local = moment.astimezone(centre.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    steps = -((midnight - local) // step)  # rounds up
    rounded = midnight + steps * step
    return rounded if urgent else min(rounded, centre.working_time.closing(moment)).astimezone(centre.zone)


def end_of_day(centre: Centre, day: date) -> datetime:
    """Return the moment until which something promised for a day may be done: its evening, in the city's time."""
    return datetime.combine(day, _EVENING, centre.zone)
