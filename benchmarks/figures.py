"""What was measured, as rows: a value, a unit, a ratio, and the bound that it keeps or misses."""

import json
import math
import operator
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

_SIGNS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge, "=": operator.eq}


@dataclass(frozen=True)
class Bound:
    """A limit: `sign` is <=, >= or =; it holds for the ratio where `of_ratio` is set, else for the value."""

    sign: str
    limit: float
    of_ratio: bool = False

    def __str__(self) -> str:
        return f"{'ratio ' if self.of_ratio else ''}{self.sign} {self.limit:g}"


@dataclass(frozen=True)
class Figure:
    """One row; `low` and `high` are the extremes of the rounds, `ratio` is to what `beside` names."""

    part: str
    what: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    ratio: float | None = None
    beside: str = ""
    bound: Bound | None = None

    @property
    def ok(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        if self.bound is None:
            return None
        measured = self.ratio if self.bound.of_ratio else self.value
        return measured is not None and _SIGNS[self.bound.sign](measured, self.bound.limit)

    def line(self) -> str:
        """The row as one line of JSON."""
        rounded = {
            key: None if value is None else float(f"{value:.4g}")
            for key, value in {"value": self.value, "low": self.low, "high": self.high, "ratio": self.ratio}.items()
        }
        words = {"part": self.part, "what": self.what, "unit": self.unit, "beside": self.beside}
        return json.dumps(
            {**words, **rounded, "bound": str(self.bound) if self.bound else None, "ok": self.ok}, ensure_ascii=False
        )


@dataclass(frozen=True)
class Spread:
    """The median of what several rounds gave, and their extremes."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        """Summarise the rounds."""
        found = sorted(values)
        return cls(statistics.median(found), found[0], found[-1])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0 to 1) of all do not exceed: the nearest rank."""
    found = sorted(values)
    return found[max(0, math.ceil(share * len(found)) - 1)]


_VERDICTS = {True: "ok", False: "NOT OK", None: ""}


def table(figures: Iterable[Figure]) -> Table:
    """Return the rows for a person to read."""
    shown = Table("part", "what", "value", "unit", "rounds", "ratio", "to", "bound", "")
    for one in figures:
        rounds = "" if one.low is None or one.high is None else f"{one.low:.4g} … {one.high:.4g}"
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        bound = "" if one.bound is None else str(one.bound)
        shown.add_row(
            one.part, one.what, f"{one.value:.4g}", one.unit, rounds, ratio, one.beside, bound, _VERDICTS[one.ok]
        )
    return shown


def show(figures: Sequence[Figure]) -> None:
    """Print the table, as wide as its words need where nobody looks on."""
    console = Console()
    (console if console.is_terminal else Console(width=200)).print(table(figures))
