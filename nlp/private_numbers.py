"""Numbers that belong to a person, found in any grouping: mobiles, national ids, postal codes, cards and IBANs.

Digits with nothing but blanks and signs between them are a chain. A number of the right length is looked for at every
group of it, not only at its first, so that a year or a price beside a card does not hide the card from the test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SIGNS = r"\s\u200c._()\-‐‑‒–—―−·•*,،٬٫:;؛/|\\~ـ"

# These part the members of a list, an hour or a size as often as the groups of one number.
_HARD = re.compile(r"[,،:;؛/*]")
_LISTED = re.compile(r"[,،:;؛/*]\s")
_CHAIN = re.compile(rf"\d+(?:[{SIGNS}]{{1,5}}+\d+)*+")
_GROUP = re.compile(r"\d+")
_LEAST = 10

_HOUR = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!:?\d)"
# What is written like nothing else. Each must stand free, or the middle of a card would pass for a price; three bullets
# are what an earlier masking left, and no gap between the numbers on their two sides.
_OTHERS = re.compile(
    r"•{3,}|(?<!\d)(?:"
    rf"(?<!\d[/.\-])(?:1[34]\d\d([/.\-])\d\d?\1\d\d?|\d\d?([/.\-])\d\d?\2(?:1[34]|20)\d\d)(?!\d|[/.\-]\d)(?:\s{_HOUR})?"
    rf"|(?<!\d.){_HOUR}(?:[\s,،\-–]{{1,3}}{_HOUR})*"
    r"|(?<!\d[,،٬.])[1-9]\d{0,2}([,،٬.])\d{3}(?:\3\d{3}){0,3}(?!\d|[,،٬.]\d)"
    r"|(?<!\d[.٫/])(?:2[4-9]|[345]\d|6[0-4])[.٫]\d{3,15}(?!\d|[.٫/]\d))",
    re.DOTALL,
)

_LOOK_BACK = 32
_WHOSE = r"[\s\u200c]?(?:ام|م|ش|اش|مون|مان|شون|شان|ت|من|ما|خانه|منزل|ملک|محل|است|هست)?[\s\u200c:=]{0,4}$"
_CALLED_POST = re.compile(rf"پستی{_WHOSE}|(?i:post|posti)[\s:=]{{0,3}}$")
_CALLED_ID = re.compile(rf"(?:کد|شماره|ش)[\s\u200c.]{{0,2}}مل[یي]{_WHOSE}|(?i:code|kode?)\s?(?i:mell?i)[\s:=]{{0,3}}$")
_CALLED_FILE = re.compile(
    r"(?:کد|شماره|شماره‌ی|شمارهٔ)[\s\u200c]{0,2}(?:پیگیری|رهگیری|پرونده|درخواست|نامه|فیش|قبض|پارسل|نوسازی)\w{0,3}[\s:=]{0,3}$"
)
# A postal code has no check digit: a weaker hint is enough to take ten digits for something else.
_OF_A_FILE = re.compile(r"(?:پیگیری|رهگیری|پرونده|درخواست|نامه|فیش|قبض|شناسه|پارسل|نوسازی|مبلغ)\w{0,3}[\s:=]{0,3}$")
_MONEY = re.compile(r"[\s\u200c]{0,2}(?:(?:هزار|میلیون|میلیارد)[\s\u200c]{0,2})?(?:ریال|تومان|تومن)")
_OWN_SIGN = re.compile(rf"(?:\+|(?<![a-z])IR)[{SIGNS}]{{0,5}}$", re.IGNORECASE)

_MOBILE = re.compile(r"(?=((?:(?:0098|98)0?|0)9\d{9}))")
_MOBILES = re.compile(r"(?:(?:0098|98|0)9\d{9}){2,}")
_POSTCODE = re.compile(r"(?=(?!(\d)\1{3})[13-9]{4}[1346-9][013-9]{5})")  # the first half knows no 0 and no 2
_SHORT_OR_YEAR = re.compile(r"1\d{2,3}|20\d\d")
# As people part them. Any other grouping may as well be several numbers.
_TEN_GROUPS = {
    *((5, 5), (3, 7), (4, 6), (6, 4), (3, 6, 1), (3, 3, 4), (3, 4, 3), (4, 3, 3), (3, 3, 3, 1), (3, 3, 2, 2)),
    *((3, 2, 2, 3), (3, 2, 3, 2)),
}
_CARD_GROUPS = {(8, 8), (4, 12), (12, 4), (6, 10), (10, 6), (6, 4, 6), (4,) * 4}

type _Digits = NDArray[np.int64]
type _Kind = Literal["sure", "card", "id", "post", "bare"]
"""What a number may be. A sure one is told by its digits alone, in any grouping; a bare one a mobile without its 0."""

# By these a number's digits are weighed, the first digit first; each test is a remainder of that sum.
_ID_WEIGHTS = np.arange(10, 0, -1)
_IBAN_WEIGHTS = np.array(
    [pow(10, power, 97) for power in (1, 0, *range(27, 5, -1))]
)  # IR, as 1827, follows the account
_IBAN_LETTERS = 182700 % 97
_CARD_STARTS = (1, 2, 4, 5, 6, 9)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Digits in a row with what stands before and after them."""

    plain: str
    groups: list[tuple[int, int]]
    widths: list[int]
    number: str  # its digits alone
    before: str
    priced: bool

    def place(self, first: int, last: int) -> tuple[int, int]:
        return self.groups[first][0], self.groups[last][1]

    def parts(self, first: int, last: int) -> list[str]:
        return [self.plain[start:stop] for start, stop in self.groups[first : last + 1]]


def spans(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text with ASCII digits a person's numbers stand; two may overlap when both could be meant."""
    plain = _OTHERS.sub(lambda found: "\0" * len(found[0]), plain)
    for found in _CHAIN.finditer(plain):
        if found.end() - found.start() >= _LEAST:
            chain = _chain(plain, *found.span())
            if len(chain.number) >= _LEAST:
                yield from _in_chain(chain)


def _chain(plain: str, start: int, stop: int) -> _Chain:
    groups = [group.span() for group in _GROUP.finditer(plain, start, stop)]
    widths = [end - begin for begin, end in groups]
    before = plain[max(0, start - _LOOK_BACK) : start]
    number = "".join(_GROUP.findall(plain, start, stop))
    return _Chain(plain, groups, widths, number, before, _MONEY.match(plain, stop) is not None)


def _in_chain(chain: _Chain) -> Iterator[tuple[int, int]]:
    ends = {at: index for index, at in enumerate(accumulate(chain.widths))}
    starts = {0: 0, **{at: index + 1 for at, index in ends.items()}}
    sign = _OWN_SIGN.search(chain.before)
    for at, length, kind in _candidates(chain):
        first, last = starts.get(at), ends.get(at + length)
        if first is not None and last is not None and (kind == "sure" or _is_one(chain, first, last, length, kind)):
            start, stop = chain.place(first, last)
            yield (start - len(sign[0]) if sign and first == 0 else start), stop
    yield from (chain.place(index, index) for index in _runs_of_mobiles(chain))
    if _MOBILES.fullmatch(chain.number):
        yield chain.place(0, len(chain.groups) - 1)


def _runs_of_mobiles(chain: _Chain) -> Iterator[int]:
    for index, part in enumerate(chain.groups):
        if chain.widths[index] >= 2 * _LEAST and _MOBILES.fullmatch(chain.plain, *part):
            yield index


def _candidates(chain: _Chain) -> Iterator[tuple[int, int, _Kind]]:
    """Yield where in the digits a number begins, how many digits it has, and what it may be."""
    number = chain.number
    digits = np.frombuffer(number.encode(), dtype=np.uint8).astype(np.int64) - ord("0")
    yield from ((found.start(), len(found[1]), "sure") for found in _MOBILE.finditer(number))
    yield from ((at, 24, "sure") for at in _ibans(digits))
    yield from ((at, 16, "card") for at in _cards(digits))
    yield from ((at, 10, "id") for at in _national_ids(digits))
    yield from ((at, 10, "bare") for at in _places(digits[:-9] == 9))
    yield from ((found.start(), 10, "post") for found in _POSTCODE.finditer(number))
    if _CALLED_POST.search(chain.before) or _CALLED_ID.search(chain.before):
        yield 0, 10, "sure"


def _weighed(digits: _Digits, weights: _Digits) -> _Digits:
    """Return the weighed sum of the digits from each place on; none where too few are left."""
    return np.convolve(digits, weights[::-1], "valid") if len(digits) >= len(weights) else digits[:0]


def _places(true: NDArray[np.bool_]) -> list[int]:
    places: list[int] = np.flatnonzero(true).tolist()
    return places


def _ibans(digits: _Digits) -> list[int]:
    sums = (_weighed(digits, _IBAN_WEIGHTS) + _IBAN_LETTERS) % 97
    return [at for at in _places(sums == 1) if digits[at + 2] == 0]  # every bank's number begins with 0


def _cards(digits: _Digits) -> list[int]:
    doubled = digits * 2 - 9 * (digits > 4)
    odd, even = np.tile([1, 0], 8), np.tile([0, 1], 8)
    sums = _weighed(doubled, odd) + _weighed(digits, even)
    return _places((sums % 10 == 0) & np.isin(digits[: len(sums)], _CARD_STARTS))


def _national_ids(digits: _Digits) -> list[int]:
    rest = _weighed(digits, _ID_WEIGHTS) % 11
    different = _weighed(np.append(np.diff(digits) != 0, 0), np.ones(9, dtype=np.int64))[: len(rest)] > 0
    valid = (rest == 0) | ((rest == 2) & (digits[9:] == 1))  # a remainder of 1 is its own check digit
    return _places(valid & different)


def _is_one(chain: _Chain, first: int, last: int, length: int, kind: _Kind) -> bool:
    """Tell whether the groups are one number of that kind, and no price, code or numbers of their own."""
    if first == 0 and _is_called_otherwise(chain.before, kind):
        return False
    if chain.priced and last == len(chain.groups) - 1 and chain.plain[chain.groups[first][0]] != "0":
        return False
    if last - first in (0, length - 1):
        return True  # in one piece, or digit by digit
    start, stop = chain.place(first, last)
    widths = tuple(chain.widths[first : last + 1])
    natural = widths in (_CARD_GROUPS if kind == "card" else _TEN_GROUPS)
    if not natural and (kind in {"post", "bare"} or _HARD.search(chain.plain, start, stop)):
        return False
    if kind == "bare" and _LISTED.search(chain.plain, start, stop):
        return False
    return not _is_list(widths, chain.parts(first, last))


def _is_called_otherwise(before: str, kind: _Kind) -> bool:
    if before[-1:].isascii() and before[-1:].isalpha():
        return True  # a piece of a link or of a code
    if kind == "id":
        return _CALLED_FILE.search(before) is not None
    return kind == "post" and _OF_A_FILE.search(before) is not None


def _is_list(widths: tuple[int, ...], parts: list[str]) -> bool:
    """Tell whether the groups are house numbers in order, years, short numbers of the city, or a price in thousands."""
    if widths == (1, 3, 3, 3):
        return parts[0] != "0"
    if set(widths) == {2}:
        return all(one < other for one, other in pairwise(parts))
    return all(_SHORT_OR_YEAR.fullmatch(part) for part in parts)
