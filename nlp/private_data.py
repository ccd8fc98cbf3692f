"""Personal data in a text, found in any digits and spacing, and masked where others than the unit in charge read."""

import re
from collections.abc import Callable, Iterator

from nlp import digits, forms

MASK = "•••"

_GAP = r"[\s\u200c._/()\-–—]{0,3}"
_LETTER = "(?:الف|[آابپتثجچحخدذرزژسشصضطظعغفقکكگلمنهیي]|[A-Za-z])"
_REGION = r"(?:ایران|ايران|iran|ir)"
_CAR = rf"(?:\d{{2}}{_GAP}{_LETTER}{_GAP}\d{{3}}|\d{{3}}{_GAP}{_LETTER}{_GAP}\d{{2}})"
# «و» joins two numbers in any sentence: it is a plate's letter only where the region is named.
_CAR_WITH_AND = rf"\d{{2}}{_GAP}و{_GAP}\d{{3}}"
_OF_CAR = r"پلاک(?:\s(?:ماشین|خودرو|خودروی|موتور|موتورسیکلت|وانت|تاکسی|اتوبوس|شماره|آن|اش|به شماره))*\s?[:=]?\s?"

_E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PLATES = re.compile(
    rf"(?<![\w])(?:{_REGION}{_GAP}\d{{2}}{_GAP}(?:{_CAR}|{_CAR_WITH_AND})"
    rf"|(?:{_CAR}|{_CAR_WITH_AND}){_GAP}{_REGION}{_GAP}\d{{2}}|{_CAR}{_GAP}\d{{2}})(?!\d)"
    rf"|(?<=پلاک ){_CAR}(?!\d)",
    re.IGNORECASE,
)
_OF_A_CAR = re.compile(rf"{_OF_CAR}(?P<plate>{_CAR}|\d{{3}}{_GAP}\d{{5}})(?!\d)")
_POST_WORD = re.compile(r"(?:کد|شماره)?[\s\u200c]?پستی[\s\u200c]?(?:ام|من|ما|خانه|منزل|ملک|محل)?[\s\u200c]?[:=]?\s?")
_FILE_WORD = re.compile(r"(?:پیگیری|رهگیری|پرونده|درخواست|نامه|فیش|قبض|شناسه|پارسل|نوسازی)\w{0,3}\s?[:=]?\s?$")
_POSTCODE = re.compile(r"(?!(\d)\1{3})[13-9]{4}[1346-9][013-9]{5}")  # the first half knows no 0 and no 2
_GROUPS = re.compile(r"\d+")
_LOOK_BACK = 24


def masked(text: str) -> str:
    """Return the text with mobile numbers, ids, cards, IBANs, plates, postal codes and e-mails replaced by a mask."""
    text = text[: forms.LONGEST]
    plain = digits.latin(text)  # as long as the text, so that places in one are places in the other
    return _without(text, sorted(_spans(plain)))


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    yield from (found.span() for found in _E_MAIL.finditer(plain))
    yield from (found.span() for found in _PLATES.finditer(plain))
    yield from (found.span("plate") for found in _OF_A_CAR.finditer(plain))
    for pattern, test in _NUMBERS:
        for found in pattern.finditer(plain):
            if test("".join(_GROUPS.findall(found.group()))):
                yield found.span()
    for found in _TEN.finditer(plain):
        if _is_postal(plain, found):
            yield found.span()


def _is_postal(plain: str, found: re.Match[str]) -> bool:
    before = plain[max(0, found.start() - _LOOK_BACK) : found.start()]
    if any(word.end() == len(before) for word in _POST_WORD.finditer(before)):
        return True
    number = "".join(_GROUPS.findall(found.group()))
    return _POSTCODE.fullmatch(number) is not None and not _FILE_WORD.search(before)


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


def _figures(least: int, most: int, start: str = r"(?<![\w+])") -> re.Pattern[str]:
    """Match a number of so many digits with gaps between them; a number beside it is another one."""
    return re.compile(rf"{start}\d(?:{_GAP}\d){{{least - 1},{most - 1}}}(?!\d)", re.IGNORECASE)


_TEN = _figures(10, 10)
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(rf"(?<!\d)(?:(?:(?:\+|00){_GAP}98|98|0){_GAP})?9(?:{_GAP}\d){{9}}(?!\d)"), _is_mobile),
    (_TEN, _is_national_id),
    (_figures(16, 16), _is_card),
    (_figures(24, 24, start=r"(?<!\w)(?:IR[\s-]?)?"), _is_iban),
)
