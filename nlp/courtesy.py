"""Greetings, thanks and set phrases that stand around the matter of a message, and the clauses between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nlp import forms
from nlp.landmarks import without_landmarks
from nlp.words import words

READ = 1600
"""Characters that are also read clause by clause."""

_WORDS = words("courtesy")
_NEXT_MATTER = (
    "همچنین|ضمنا|ضمناً|در ضمن|از طرفی|از طرف دیگر|از سوی دیگر|از سویی|علاوه بر|مشکل بعدی|مشکل دیگر|مورد دیگر|مورد بعدی"
    "|یکی دیگه|یکی دیگر|دوم اینکه|دوما|ثانیا|بعدش هم|تازه|یه چیز دیگه|حالا بماند|راستی"
)
_CLAUSE_END = re.compile(rf"[.!?؟؛;\n…:«»]+|(?<=\D)[،,](?=\s)|\s(?:و )?(?=(?:{_NEXT_MATTER})\b)")
SHORTEST = 3
"""Words that make a clause."""

_WINDOW, _STRIDE = 14, 9
_MOST_CLAUSES = 8


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message: as it was written, and its folded words."""

    raw: str
    words: list[str]


def only_courtesy(said: list[str]) -> bool:
    """Say whether no word of folded text is about anything."""
    return all(word in _WORDS for word in said)


def clauses(text: str) -> list[Clause]:
    """Return the clauses that say something, greetings and set phrases left out, long ones as overlapping windows."""
    return list(islice(_telling(text[:READ]), _MOST_CLAUSES))


def _telling(text: str) -> Iterator[Clause]:
    for piece in _CLAUSE_END.split(text):
        for raw in _windows(piece.split()):
            said = without_landmarks(forms.folded(raw)).split()
            if len(said) >= SHORTEST and sum(word not in _WORDS for word in said) >= 2:
                yield Clause(raw, said)


def _windows(spoken: list[str]) -> Iterator[str]:
    last = max(len(spoken) - _WINDOW, 0)
    for start in range(0, last + _STRIDE, _STRIDE):
        yield " ".join(spoken[min(start, last) : min(start, last) + _WINDOW])
        if start >= last:
            return
