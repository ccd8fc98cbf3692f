"""JSON and numbers as the real server reads them, whatever a bot wrote."""

import json
import re
from collections.abc import Iterable
from typing import Any

from simulator.refusals import Refused

_DEPTH = 100  # of TDLib's reader
_OPENING = re.compile(r"[\[{]")
_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_LEADING = re.compile(r"-?[0-9]{0,18}")


def read_json(text: str) -> Any:
    """What a JSON text says; raises ValueError for what is none or too deep, Refused for half a surrogate pair."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None
    # Hardly any text can be too deep or hold half a pair: the others are not walked through.
    if len(_OPENING.findall(text)) > _DEPTH or _HALF.search(text):
        _walk(found)
    return found


def _walk(found: Any) -> None:
    level: list[Any] = [found]
    for _ in range(_DEPTH + 2):
        _check_texts(one for one in level if isinstance(one, str))
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return
    raise ValueError("too deep")


def _inside(one: Any) -> Iterable[Any]:
    if isinstance(one, dict):
        return (*one.keys(), *one.values())
    return one if isinstance(one, list) else ()


def _check_texts(texts: Iterable[str]) -> None:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        raise not_utf8() from None


def not_utf8() -> Refused:
    """The server's refusal of a text that is no UTF-8."""
    return Refused("parameter", reason="strings must be encoded in UTF-8")


def whole(value: Any) -> int | None:
    """A value as a whole number, None for what is none, 1e999 included."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def leading(value: object) -> int:
    """The whole number at the beginning of a value, 0 where there is none: 1.5 is 1 and "abc" is 0."""
    found = _LEADING.match(str(value))
    return int(found.group()) if found and found.group() not in ("", "-") else 0
