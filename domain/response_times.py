"""What a city promises: the hours until somebody answers, and until a request is settled."""

from collections.abc import Mapping

from domain.entries import Entry, Hours, Urgency


class Promise(Entry):
    """Hours until the first answer, until the answer to what a citizen says later, and until the resolution."""

    first_answer: Hours
    next_answer: Hours | None = None
    resolution: Hours

    @property
    def hours_to_next_answer(self) -> float:
        """The hours until the next answer: as many as until the first, where the city says nothing else."""
        return self.first_answer if self.next_answer is None else self.next_answer

    def within(self, hours: float) -> "Promise":
        """Return the promise with a resolution in so many hours, and no answer after it."""
        return Promise(
            first_answer=min(self.first_answer, hours),
            next_answer=min(self.hours_to_next_answer, hours),
            resolution=hours,
        )

    def sooner(self, other: "Promise", resolution: float) -> "Promise":
        """Return the sooner answers of this promise and another with a resolution in so many hours."""
        return Promise(
            first_answer=min(self.first_answer, other.first_answer),
            next_answer=min(self.hours_to_next_answer, other.hours_to_next_answer),
            resolution=resolution,
        )


class ResponseTimes(Entry):
    """What the city promises by urgency, by subject where that differs, and for other bodies' duties."""

    low: Promise
    normal: Promise
    high: Promise
    urgent: Promise
    outside: Promise
    subjects: Mapping[str, Promise] = {}

    def of(self, urgency: Urgency) -> Promise:
        """Return the promise for an urgency."""
        by_urgency = {"low": self.low, "normal": self.normal, "high": self.high, "urgent": self.urgent}
        return by_urgency[urgency]
