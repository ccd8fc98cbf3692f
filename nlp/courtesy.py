"""Greetings, thanks and set phrases that stand around the matter of a message."""

import re

from nlp import forms
from nlp.landmarks import without_landmarks
from nlp.words import words

_WORDS = words("courtesy")
_SENTENCE_END = re.compile(r"[.!?؟؛;\n…]+|(?<=\D)[،,](?=\s)")
_SHORTEST = 3


def only_courtesy(said: list[str]) -> bool:
    """Say whether no word of folded text is about anything."""
    return all(word in _WORDS for word in said)


def sentences(text: str) -> list[list[str]]:
    """Return the folded words of each clause that says something, greetings and set phrases left out."""
    clauses = (without_landmarks(forms.folded(clause)).split() for clause in _SENTENCE_END.split(text[: forms.LONGEST]))
    return [clause for clause in clauses if len(clause) >= _SHORTEST and _weight(clause) >= 2]


def _weight(clause: list[str]) -> int:
    return sum(word not in _WORDS for word in clause)
