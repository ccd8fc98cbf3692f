"""The 137 centre: the city it serves and what it understands, handed to every service."""

from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from domain.city import City
from domain.worktime import AllTime, Time, WorkingTime
from nlp.understanding import Understanding


@dataclass(frozen=True)
class Centre:
    """What does not change while the bot runs; `usernames` is filled when the messengers are connected."""

    city: City
    understanding: Understanding
    administrators: frozenset[tuple[str, int]] = frozenset()  # (messenger, user id), from the settings
    usernames: dict[str, str] = field(default_factory=dict)  # messenger → the bot's name there
    links: dict[str, str] = field(default_factory=dict)  # messenger → pattern with {username} and {payload}

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.city.timezone)

    @cached_property
    def working_time(self) -> WorkingTime:
        """The city's working hours."""
        return WorkingTime(self.city.calendar, self.zone)

    def time(self, *, urgent: bool) -> Time:
        """Return how time is counted: in working hours, or around the clock for what is urgent."""
        return AllTime() if urgent else self.working_time

    def link(self, messenger: str, payload: str) -> str:
        """Return the address that opens the bot on `messenger` with a payload, or an empty string."""
        if messenger not in self.usernames:
            return ""
        return self.links[messenger].format(username=self.usernames[messenger], payload=payload)
