"""What the bots asked for: one row per call, without tokens and file bytes."""

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from simulator.calls import Upload
from simulator.world import Json


class CallLog:
    """The newest calls, oldest first."""

    def __init__(self, size: int) -> None:
        self._rows: deque[Json] = deque(maxlen=size)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Json]:
        return iter(self._rows)

    def add(self, row: Json) -> None:
        """Writes a row."""
        self._rows.append(row)

    def calls(self, method: str, **with_parameters: Any) -> list[Json]:
        """The rows of one method whose parameters have these values."""
        return [
            row
            for row in self._rows
            if row["method"] == method
            and all(row["parameters"].get(key) == value for key, value in with_parameters.items())
        ]

    def clear(self) -> None:
        """Forgets every row."""
        self._rows.clear()

    def lines(self) -> str:
        """All rows as JSON lines."""
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self._rows)


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
