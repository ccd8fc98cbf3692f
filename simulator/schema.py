"""The Bot API as far as it is played: methods, parameters and the objects in them (botapi.json, see distil.py)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a method or field of an object."""

    name: str
    kinds: tuple[str, ...]
    required: bool
    low: int | None = None
    high: int | None = None
    unit: str = ""
    """What the limits count: ``characters``, ``bytes``, ``items``, or nothing for the number itself."""
    choices: frozenset[str] = frozenset()


def _field(name: str, line: str) -> Field:
    kinds, _, limit = _split(line)
    required = kinds.endswith("!")
    names = tuple(kinds.rstrip("!").split("|"))
    if limit.startswith("="):
        return Field(name, names, required, choices=frozenset(limit[1:].split("|")))
    if limit:
        numbers, _, unit = limit.partition(" ")
        low, _, high = numbers.partition("..")
        return Field(name, names, required, int(low), int(high), unit)
    return Field(name, names, required)


def _split(line: str) -> tuple[str, str, str]:
    # Names of types hold "Array of"; a limit begins with a digit or "=".
    for at, sign in enumerate(line):
        if sign == " " and (line[at + 1].isdigit() or line[at + 1] == "="):
            return line[:at], " ", line[at + 1 :]
    return line, "", ""


def _fields(rows: dict[str, dict[str, str]]) -> dict[str, dict[str, Field]]:
    return {of: {name: _field(name, line) for name, line in lines.items()} for of, lines in rows.items()}


def required(fields: Mapping[str, Field]) -> tuple[str, ...]:
    """The names of the fields that must be there."""
    return tuple(name for name, field in fields.items() if field.required)


_TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("botapi.json").read_text(encoding="utf-8"))
VERSION: str = _TABLE["version"]
METHODS = _fields(_TABLE["methods"])
TYPES = _fields(_TABLE["types"])
UNIONS: dict[str, list[str]] = _TABLE["unions"]
UPDATES = frozenset(_TABLE["updates"])
