"""Danger to life or property now, by rules on folded text.

A false alarm costs an operator a glance and a miss may cost a life, so the rules are wide.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

from nlp import forms
from nlp.language import FINGLISH, language

DangerKind = Literal[
    "electric", "gas", "fire", "collapse", "open_hole", "medical", "crime", "flood", "person_in_danger"
]


@dataclass(frozen=True, slots=True)
class Danger:
    """What kind of danger a message tells of."""

    kind: DangerKind


@dataclass(frozen=True, slots=True)
class _Rule:
    """All of `needs` within the text, in any order, and none of `without`."""

    kind: DangerKind
    needs: tuple[re.Pattern[str], ...]
    without: re.Pattern[str] | None = None


@cache  # rules share lists, so that each is searched once a message
def _signs(alternatives: tuple[str, ...], start: str = " ") -> re.Pattern[str]:
    return re.compile(f"{start}(?:{'|'.join(alternatives)})")


def _rules(rows: list[dict[str, Any]]) -> Iterator[_Rule]:
    for row in rows:
        without = _signs(tuple(row["without"])) if "without" in row else None
        yield _Rule(row["kind"], tuple(_signs(tuple(need)) for need in row["needs"]), without)


_TABLE = tomllib.loads(Path(__file__).with_name("danger.toml").read_text(encoding="utf-8"))
_RULES = tuple(_rules(_TABLE["rule"]))
_OUTAGE = next(_rules([_TABLE["outage"] | {"kind": "electric"}]))
_FINGLISH: tuple[tuple[DangerKind, re.Pattern[str]], ...] = tuple(
    (row["kind"], _signs(tuple(row["signs"]), start="")) for row in _TABLE["finglish"]
)


def danger(text: str) -> Danger | None:
    """Return the danger a message tells of, the one most pressing to a person's life first, or None."""
    if language(text) == FINGLISH:
        return _in_latin_letters(text.lower()[: forms.LONGEST])
    # Folded words have one blank between them. A sign begins with it: searching for a blank is several times faster
    # than trying every place of the text for a word's start.
    said = cache(partial(_says, f" {forms.folded(text)}"))
    return next((Danger(rule.kind) for rule in _RULES if _tells(rule, said)), None)


def is_plain_outage(text: str) -> bool:
    """Tell whether a message says no more than that the power is away: nothing that burns, hangs or hurts."""
    return _tells(_OUTAGE, cache(partial(_says, f" {forms.folded(text)}")))


def _says(folded: str, signs: re.Pattern[str]) -> bool:
    return signs.search(folded) is not None


def _tells(rule: _Rule, said: Callable[[re.Pattern[str]], bool]) -> bool:
    return all(map(said, rule.needs)) and not (rule.without and said(rule.without))


def _in_latin_letters(text: str) -> Danger | None:
    return next((Danger(kind) for kind, signs in _FINGLISH if signs.search(text)), None)
