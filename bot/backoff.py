"""How long to wait before the next try."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Steps:
    """The first wait and the longest, in seconds; each wait doubles the one before."""

    first: float
    longest: float

    def after(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row, without chance in it."""
        return min(self.longest, self.first * 2.0 ** min(max(failures, 1) - 1, 30))


@dataclass(slots=True)
class Backoff:
    """Counts failures in a row and says how long to wait; up to a quarter is added by chance, so that crowds spread."""

    chance: random.Random = field(default_factory=random.Random)
    failures: int = 0

    def failed(self, steps: Steps) -> float:
        """Count a failure; return the seconds to wait."""
        self.failures += 1
        return steps.after(self.failures) * (1 + self.chance.random() / 4)

    def worked(self) -> None:
        """Forget the failures."""
        self.failures = 0
