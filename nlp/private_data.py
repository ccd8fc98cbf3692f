"""Personal data in a text, found in any digits and spacing, and masked where others than the unit in charge read."""

import re
from collections.abc import Callable

from nlp import digits, forms

_E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_IBAN = re.compile(r"(?<!\w)IR[\s-]?\d{2}(?:[\s-]?\d){22}(?!\d)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[ \u200c._-]?\d){8,23}(?!\d)")
_GROUPS = re.compile(r"\d+")

MASK = "•••"


def masked(text: str) -> str:
    """Return the text with mobile numbers, national ids, bank cards, IBANs and e-mails replaced by a mask."""
    text = text[: forms.LONGEST]
    plain = digits.latin(text)  # as long as the text, so that places in one are places in the other
    spans = [found.span() for found in _E_MAIL.finditer(plain)]
    spans += [found.span() for found in _IBAN.finditer(plain) if _is_iban(found.group())]
    spans += [found.span() for found in _NUMBER.finditer(plain) if is_personal(found.group())]
    return _without(text, sorted(spans))


def is_personal(number: str) -> bool:
    """Say whether a written number is a person's mobile, national id, bank card or account (IBAN without IR)."""
    bare = "".join(_GROUPS.findall(digits.latin(number)))
    return any(test(bare) for test in _TESTS)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in spans:
        if start >= end:
            parts += [text[end:start], MASK]
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def _is_mobile(number: str) -> bool:
    national = re.sub(r"^(?:0098|98|0)?(?=9\d{9}$)", "", number)
    return len(national) == 10 and national[0] == "9"


def _is_national_id(number: str) -> bool:
    if len(number) != 10 or len(set(number)) == 1:
        return False
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9])) % 11
    return int(number[9]) == (rest if rest < 2 else 11 - rest)


def _is_card(number: str) -> bool:
    if len(number) != 16:
        return False
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(number))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_iban(written: str) -> bool:
    number = "".join(_GROUPS.findall(written))
    return len(number) == 24 and int(number[2:] + "1827" + number[:2]) % 97 == 1


_TESTS: tuple[Callable[[str], bool], ...] = (_is_mobile, _is_national_id, _is_card, _is_iban)
