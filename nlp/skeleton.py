"""Consonants of a word, the same for Persian letters and for Persian in Latin letters (Finglish)."""

import re
from functools import lru_cache

from nlp import forms

# Sounds written alike in Latin letters share one sign; vowels, and و and ی that mostly stand for them, fall away.
_PERSIAN = str.maketrans(
    {
        **dict(zip("بپتطجچحخدرزذضظژسصثشعغقفکگلمنه", "bpttjChxdrzzzzzsssS\0qqfkglmnh", strict=True)),
        **dict.fromkeys("اویع", None),
    }
)
_DIGRAPHS = (("kh", "x"), ("gh", "q"), ("sh", "S"), ("ch", "C"), ("zh", "z"), ("ck", "k"), ("ph", "f"))
_LATIN = str.maketrans({"c": "k", **dict.fromkeys("aeiouvwy'", None)})
_DOUBLED = re.compile(r"(.)\1+")
_FINAL_H = re.compile(r"(?<=.)h$")


def skeleton(text: str) -> str:
    """Return the consonants of each word of the text, words without any left out."""
    return " ".join(filter(None, map(of_word, forms.folded(text).split())))


@lru_cache(maxsize=8192)
def of_word(word: str) -> str:
    """Return the consonants of one folded word; "" when it has none."""
    return _FINAL_H.sub("", _DOUBLED.sub(r"\1", sound(without_digraphs(word))))


def without_digraphs(word: str) -> str:
    """Return a word in Latin letters with one sign for each of kh, gh, sh, ch and the like."""
    for pair, sign in _DIGRAPHS:
        word = word.replace(pair, sign)
    return word


def sound(letters: str) -> str:
    """Return the sign of each consonant among the letters; vowels fall away."""
    return letters.translate(_LATIN).translate(_PERSIAN)
