"""The language a message is written in, by its letters and its commonest words."""

import re
from functools import lru_cache
from typing import Literal

from nlp import forms
from nlp.words import words

Language = Literal["fa", "ar", "ur", "en", "finglish", "other"]
FINGLISH: Language = "finglish"

_ARABIC_SCRIPT = re.compile("[\u0621-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z]")
_OTHER_LETTER = re.compile(r"[^\W\d_]")
_LINK_SIGNS = ("://", "@", "www.")
_ARABIC_WORD = re.compile(r"[\u0621-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff]+")
_LATIN_WORD = re.compile(r"[a-z']+")

_URDU_LETTERS = re.compile("[ٹڈڑںےھہ]")
_PERSIAN_LETTERS = re.compile("[پچژگ]")
_ARABIC_LETTERS = re.compile("[ةى]|\\bال\\w{2}")

_URDU_WORDS = words("urdu")
_ARABIC_WORDS = words("arabic")
_PERSIAN_WORDS = words("persian")
_ENGLISH_WORDS = words("english")
_FINGLISH_WORDS = words("finglish")


@lru_cache(maxsize=32)  # one message is asked about by every reader of it
def language(text: str) -> Language:
    """Return the language: "fa", "ar", "ur", "en", "finglish", or "other" when no letter tells."""
    text = " ".join(word for word in text[: forms.LONGEST].split() if not _is_link(word))
    arabic, latin = len(_ARABIC_SCRIPT.findall(text)), len(_LATIN.findall(text))
    if not arabic and not latin:
        return "other"
    if len(_OTHER_LETTER.findall(text)) > 2 * (arabic + latin):
        return "other"
    return _of_arabic_script(text) if arabic >= latin else _of_latin_script(text.lower())


def _is_link(word: str) -> bool:
    return any(sign in word for sign in _LINK_SIGNS)


def _of_arabic_script(text: str) -> Language:
    said = _ARABIC_WORD.findall(text)
    persian = len(_PERSIAN_LETTERS.findall(text)) + _known(said, _PERSIAN_WORDS)
    urdu = len(_URDU_LETTERS.findall(text)) + _known(said, _URDU_WORDS)
    arabic = len(_ARABIC_LETTERS.findall(text)) + _known(said, _ARABIC_WORDS)
    if urdu > max(1, persian / 2) and urdu >= arabic:
        return "ur"
    return "ar" if arabic > max(1, persian) else "fa"


def _of_latin_script(text: str) -> Language:
    """Of words that are in neither list most are Persian, in a city where people speak it."""
    said = _LATIN_WORD.findall(text)
    return "en" if _known(said, _ENGLISH_WORDS) > _known(said, _FINGLISH_WORDS) else "finglish"


def _known(said: list[str], of: frozenset[str]) -> int:
    return sum(word in of for word in said)
