"""Malformed updates of realistic kinds: what a proxy, a new version of an API or a broken client does to JSON."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

_KEPT = "update_id"  # without it a bot could never confirm the update
_HUGE: tuple[int | float, ...] = (2**63, -(2**63), 10**30, 1e308, 2**31)

Place = tuple[Any, Any]
"""A container and the key or index of a value in it."""


def _places(value: Any) -> Iterator[Place]:
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(rows):
        if key != _KEPT:
            yield value, key
            yield from _places(inner)


def _missing(places: list[Place], chance: random.Random) -> None:
    holder, key = chance.choice([place for place in places if isinstance(place[0], dict)])
    del holder[key]


def _null(places: list[Place], chance: random.Random) -> None:
    holder, key = chance.choice(places)
    holder[key] = None


def _type(places: list[Place], chance: random.Random) -> None:
    holder, key = chance.choice(places)
    old = holder[key]
    others: list[Any] = [[], {}, "x", 7, True, ["x"], {"id": "x"}, ""]
    holder[key] = chance.choice([one for one in others if type(one) is not type(old)])


def _huge(places: list[Place], chance: random.Random) -> None:
    numbers = [(holder, key) for holder, key in places if type(holder[key]) in (int, float)]
    holder, key = chance.choice(numbers or places)
    holder[key] = chance.choice(_HUGE)


def _kind(places: list[Place], chance: random.Random) -> None:
    update, name = places[0]
    update["hologram_message"] = update.pop(name)


def _empty(places: list[Place], chance: random.Random) -> None:
    update, name = places[0]
    update[name] = {}


_KINDS: dict[str, Callable[[list[Place], random.Random], None]] = {
    "missing": _missing, "null": _null, "type": _type, "huge": _huge, "kind": _kind, "empty": _empty,
}  # fmt: skip
KINDS = (*_KINDS, "cut", "any")


def damaged(text: str, kind: str, chance: random.Random) -> str:
    """The JSON of an update spoilt in one way; ``any`` chooses one that leaves it JSON, ``cut`` ends it too early."""
    if kind == "cut":
        return text[: chance.randrange(1, len(text))] if len(text) > 1 else ""
    try:
        update = json.loads(text)
    except ValueError:
        return text  # somebody has spoilt it already
    places = list(_places(update)) if isinstance(update, dict) else []
    if not places:
        return text
    _KINDS[chance.choice(list(_KINDS)) if kind == "any" else kind](places, chance)
    return json.dumps(update, ensure_ascii=False, separators=(",", ":"))
