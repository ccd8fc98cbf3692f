"""Quiet hours, in which only what is urgent is pushed."""

from datetime import datetime, timedelta

from services.centre import Centre


def awake(centre: Centre, moment: datetime, *, urgent: bool) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into; what is urgent never waits."""
    begin, end = centre.city.escalation.quiet
    local = moment.astimezone(centre.zone)
    late = local.time() >= begin
    asleep = (late or local.time() < end) if begin > end else (late and local.time() < end)
    if urgent or not asleep:
        return moment
    morning = local.date() + timedelta(days=1) if begin > end and late else local.date()
    return datetime.combine(morning, end, centre.zone)
