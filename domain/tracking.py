"""Tracking codes: six random digits and a check digit, so that a misheard code is noticed on the phone.

The check digit is H. Michael Damm's (doctoral thesis, Marburg 2004): it finds every single wrong digit and every
swap of two neighbours. Random numbers, so that a code tells nothing about how many requests there are.
"""

import re

DIGITS = 6
"""Digits before the check digit. A million codes; when they grow crowded, new codes get one digit more."""

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

_CODE = re.compile(rf"(?<!\d)\d{{{DIGITS + 1},{DIGITS + 3}}}(?!\d)")
_BETWEEN = re.compile(r"(?<=\d)[\s\-–_./٫٬\u200c\u200e\u200f\u2066-\u2069]+(?=\d)")
_WORDS_AROUND = 24


def _check(number: str) -> int:
    digit = 0
    for character in number:
        digit = _DAMM[digit][int(character)]
    return digit


def code(number: int, digits: int = DIGITS) -> str:
    """Make the code for `number`, which has `digits` decimal digits and does not begin with zero."""
    if not 10 ** (digits - 1) <= number < 10**digits:
        raise ValueError(f"a tracking number has {digits} digits")
    return f"{number}{_check(str(number))}"


def is_code(text: str) -> bool:
    """Tell whether `text`, in Latin digits, is a code whose check digit is right."""
    return bool(_CODE.fullmatch(text)) and text[0] != "0" and _check(text) == 0


def _latin(text: str) -> str:
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)


def find(text: str) -> str | None:
    """Find a code in what a person wrote: Persian, Arabic or Latin digits, spaces or dashes inside, words around."""
    for candidate in _CODE.findall(_BETWEEN.sub("", _latin(text))):
        if is_code(candidate):
            return str(candidate)
    return None


def looks_like_one(text: str) -> bool:
    """Tell whether a short message is meant as a code, even a mistyped one, rather than as words."""
    joined = _BETWEEN.sub("", _latin(text))
    found = re.search(r"(?<!\d)\d{5,9}(?!\d)", joined)
    return found is not None and len(joined) - len(found.group()) <= _WORDS_AROUND and not re.search(r"\d{10,}", joined)
