"""Danger to life or property now, by rules on folded text.

A false alarm costs an operator a glance and a miss may cost a life, so the rules are wide.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
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


def _signs(alternatives: list[str], start: str = r"\b") -> re.Pattern[str]:
    return re.compile(f"{start}(?:{'|'.join(alternatives)})")


def _rules(rows: list[dict[str, Any]]) -> Iterator[_Rule]:
    for row in rows:
        without = _signs(row["without"]) if "without" in row else None
        yield _Rule(row["kind"], tuple(_signs(need) for need in row["needs"]), without)


_TABLE = tomllib.loads(Path(__file__).with_name("danger.toml").read_text(encoding="utf-8"))
_RULES = tuple(_rules(_TABLE["rule"]))
_FINGLISH: tuple[tuple[DangerKind, re.Pattern[str]], ...] = tuple(
    (row["kind"], _signs(row["signs"], start="")) for row in _TABLE["finglish"]
)


def danger(text: str) -> Danger | None:
    """Return the danger a message tells of, the one most pressing to a person's life first, or None."""
    if language(text) == FINGLISH:
        return _in_latin_letters(text.lower()[: forms.LONGEST])
    folded = forms.folded(text)
    return next((Danger(rule.kind) for rule in _RULES if _tells(rule, folded)), None)


def _tells(rule: _Rule, folded: str) -> bool:
    if not all(need.search(folded) for need in rule.needs):
        return False
    return rule.without is None or not rule.without.search(folded)


def _in_latin_letters(text: str) -> Danger | None:
    return next((Danger(kind) for kind, signs in _FINGLISH if signs.search(text)), None)
