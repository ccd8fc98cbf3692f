"""Personal data in a text, found in any digits and spacing, and masked where others than the unit in charge read."""

import re
from collections.abc import Iterator

from nlp import digits, forms, private_numbers

MASK = "•••"

_GAP = rf"(?!•••)[{private_numbers.SIGNS}]{{0,5}}"
# No x: between two numbers it makes a size of them.
_LETTER = "(?:الف|[آابپتثجچحخدذرزژسشصضطظعغفقکكگلمنهیي]|[A-WYZa-wyz])"
_REGION = r"(?:ایران|ايران|iran|ir)"
_CAR = rf"(?:\d{{2}}{_GAP}{_LETTER}{_GAP}\d{{3}}|\d{{3}}{_GAP}{_LETTER}{_GAP}\d{{2}})"
# «و» joins two numbers in any sentence: it is a plate's letter only where the region is named.
_CAR_WITH_AND = rf"\d{{2}}{_GAP}و{_GAP}\d{{3}}"
_WHOSE = r"(?:\u200c?(?:م|ت|ش|ام|ات|اش|مون|تون|شون|مان|تان|شان|ی|ای|ها|های|هاش|هاشون))?"
_VEHICLE = r"ماشین|خودرو|خودروی|موتور|موتورسیکلت|وانت|تاکسی|اتوبوس|کامیون|پراید|پژو|شماره|آن|اون|این|به شماره"
_OF_CAR = rf"پلاک{_WHOSE}(?:\s(?:{_VEHICLE}){_WHOSE}){{0,4}}[\s:=]{{0,3}}"

_E_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]++(?:[@＠﹫][\w-]{1,63}+(?:\.[\w-]{1,63}+){1,4}"
    # Blanks beside the sign are a slip of the thumb before a domain of the net, and else a name in a sentence.
    r"|\s{0,3}[@＠﹫]\s{0,3}[A-Za-z0-9-]{1,63}+(?:\s?\.\s?[A-Za-z0-9-]{2,63}+){0,3}\s?\.\s?"
    r"(?:com|ir|org|net|info|edu|gov|co|me|io)\b)",
    re.IGNORECASE,
)
_PLATES = re.compile(
    rf"(?<!\w){_REGION}{_GAP}\d{{2}}{_GAP}(?:{_CAR}|{_CAR_WITH_AND})(?!\d)"
    rf"|(?<!\d)(?:(?:{_CAR}|{_CAR_WITH_AND}){_GAP}{_REGION}{_GAP}\d{{2}}|{_CAR}{_GAP}\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_OF_A_CAR = re.compile(rf"{_OF_CAR}(?P<plate>{_CAR}|\d{{3}}{_GAP}\d{{5}})(?!\d)")
_SOME = re.compile(r"\d|[@＠﹫]")  # most messages have neither, and so nothing to hide
# Drawn on the digit before them (a keycap) or not drawn at all.
_KEYCAP = "\ufe0f\u20e3"
_UNSEEN = frozenset(
    _KEYCAP + "\u00ad\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def masked(text: str) -> str:
    """Return the text with mobile numbers, ids, cards, IBANs, plates, postal codes and e-mails replaced by a mask."""
    text = text[: forms.LONGEST]
    if not _SOME.search(text):
        return text
    if _UNSEEN.isdisjoint(text):
        return _without(text, sorted(_spans(digits.latin(text))))
    places = [place for place, letter in enumerate(text) if letter not in _UNSEEN]
    plain = digits.latin("".join([text[place] for place in places]))
    found = sorted(_spans(plain))
    return _without(text, [(places[start], _after(text, places[stop - 1] + 1)) for start, stop in found])


def _after(text: str, stop: int) -> int:
    while stop < len(text) and text[stop] in _KEYCAP:
        stop += 1
    return stop


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    yield from (found.span() for found in _E_MAIL.finditer(plain))
    yield from (found.span() for found in _PLATES.finditer(plain))
    yield from (found.span("plate") for found in _OF_A_CAR.finditer(plain))
    yield from private_numbers.spans(plain)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in spans:
        if start >= end:
            parts += [text[end:start], MASK]
        end = max(end, stop)
    return "".join([*parts, text[end:]])
