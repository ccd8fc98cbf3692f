"""What the bots asked for: one row per call, without tokens and file bytes."""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from simulator.calls import Upload
from simulator.world import Json

_encode = json.JSONEncoder(ensure_ascii=False).encode
_FILTERS = ("bot", "method", "status")


class CallLog:
    """The newest calls, oldest first, numbered from 1 (``n``); counts include the calls that fell out of it."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: deque[Json] = deque()
        self._by_method: defaultdict[str, deque[Json]] = defaultdict(deque)
        self._counts: Counter[tuple[str | None, str, int]] = Counter()
        self.last = 0
        """The number of the newest call."""

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Json]:
        return iter(self._rows)

    def add(self, row: Json) -> None:
        """Writes a row and numbers it."""
        self.last += 1
        row["n"] = self.last
        self._rows.append(row)
        self._by_method[row["method"]].append(row)
        self._counts[row["bot"], row["method"], row["status"]] += 1
        if len(self._rows) > self._size:
            self._by_method[self._rows.popleft()["method"]].popleft()

    def calls(self, method: str, **with_parameters: Any) -> list[Json]:
        """The rows of one method whose parameters have these values."""
        return [
            row
            for row in self._by_method.get(method, ())
            if all(row["parameters"].get(key) == value for key, value in with_parameters.items())
        ]

    def count(self, method: str = "*", status: int | None = None, bot: str | None = None) -> int:
        """How many calls there were since the start or the last clear; the method with * and ?."""
        return sum(
            number
            for (by, name, code), number in self._counts.items()
            if status in (None, code) and bot in (None, by) and fnmatchcase(name, method)
        )

    def since(self, number: int) -> list[Json]:
        """The rows with numbers above this one."""
        newer = min(len(self._rows), self.last - number)
        found = list(islice(reversed(self._rows), max(0, newer)))
        found.reverse()
        return found

    def clear(self) -> None:
        """Forgets every row and count; the numbers go on."""
        self._rows.clear()
        self._by_method.clear()
        self._counts.clear()

    def lines(self) -> str:
        """All rows as JSON lines."""
        return as_lines(list(self._rows))


def as_lines(rows: list[Json]) -> str:
    """Rows as JSON lines."""
    return "".join(_encode(row) + "\n" for row in rows)


def filters(query: Mapping[str, str]) -> Json:
    """The arguments of ``count`` in a query string; raises ValueError for anything else in it."""
    if unknown := set(query) - set(_FILTERS):
        raise ValueError(f"unknown filters {sorted(unknown)}; known are {list(_FILTERS)}")
    return {key: int(value) if key == "status" else value for key, value in query.items()}


def matches(row: Json, method: str = "*", status: int | None = None, bot: str | None = None) -> bool:
    """Whether a row is one of those that ``count`` counts."""
    return status in (None, row["status"]) and bot in (None, row["bot"]) and fnmatchcase(row["method"], method)


def parameters(values: Json, files: dict[str, Upload]) -> Json:
    """The parameters for the log; of a file only its name and size in bytes."""
    if not files:
        return values
    return values | {key: {"file": one.name, "size": len(one.data)} for key, one in files.items()}


def summary(result: object) -> object:
    """What an answer said, in short."""
    if isinstance(result, dict) and "message_id" in result:
        return {"message_id": result["message_id"]}
    if isinstance(result, list):
        return [summary(one) for one in result]
    return result
