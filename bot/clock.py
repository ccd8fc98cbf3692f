"""The one place where the time comes in."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time of this machine."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC)


class SetClock(Clock):
    """A clock that tests set and move; between moves it stands still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self.moment

    def move(self, **by: float) -> None:
        """Go on by a timedelta's arguments, such as `hours=2`."""
        self.moment += timedelta(**by)
