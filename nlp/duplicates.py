"""Whether two messages on one subject, near each other, speak of the same thing: to be offered, never to be merged.

The score joins distance and words, weighted on the pairs in tests/nlp/data/pairs.jsonl: the same subject throughout,
half of them another thing in the same street. Numbers speak louder than letters: «پلاک ۱۲» and «پلاک ۴۰» differ.
Where one of them is wordless, as a photo is, distance alone decides.
"""

import math
import re
from collections import Counter

from nlp import forms

LIKELY = 0.6
"""From this score on two messages are worth asking about."""

_NEARNESS, _WORDS = 0.55, 1.0
_WORDLESS = 0.8  # the score at no distance where there is nothing to compare
_OTHER_NUMBER = 0.35  # what is left of the score where the numbers name two places
_GRAM = 3
_LONGEST = 1500
_NUMBERED = re.compile(r"([^\W\d_]+)\s+(\d{1,4})(?!\d)")
_TELL_APART = frozenset(
    {"پلاک", "کوچه", "خیابان", "خ", "ک", "پ", "بلوک", "فاز", "شماره", "طبقه", "واحد", "ایستگاه", "بلوار", "فرعی"}
)
"""Words whose number names one place; another number after them is another place."""


def _grams(folded: str) -> Counter[str]:
    padded = f" {folded} "
    return Counter(padded[i : i + _GRAM] for i in range(len(padded) - _GRAM + 1))


def _alike(a: str, b: str) -> float:
    """Return the cosine of two texts' character trigrams, 0 to 1."""
    one, other = _grams(a), _grams(b)
    shared = sum(count * other[gram] for gram, count in one.items())
    length = math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))
    return shared / length if length else 0.0


def _numbers(folded: str) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for word, digits in _NUMBERED.findall(folded):
        named.setdefault(word, set()).add(digits.lstrip("0"))
    return named


def _tells_apart(a: str, b: str) -> bool:
    """Tell whether the texts give one name different numbers: «سجاد ۱۲» here, «سجاد ۱۴» there."""
    one, other = _numbers(a), _numbers(b)
    return any(
        one[word].isdisjoint(other[word]) for word in one.keys() & other.keys() if word in _TELL_APART or len(word) > 2
    )


def score(a: str, b: str, *, metres: float, within: float) -> float:
    """Return how likely two messages on one subject are about the same thing, 0 to 1; 0 beyond `within` metres."""
    if metres > within:
        return 0.0
    one, other = forms.folded(a[:_LONGEST]), forms.folded(b[:_LONGEST])
    near = math.exp(-((metres / within) ** 2))
    if not one.strip() or not other.strip():
        return _WORDLESS * near
    value = min(1.0, _NEARNESS * near + _WORDS * _alike(one, other))
    return value * _OTHER_NUMBER if _tells_apart(one, other) else value
