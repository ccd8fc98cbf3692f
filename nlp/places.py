"""Places named in a message: neighbourhoods, streets, numbered alleys, districts, and where beside them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, islice, takewhile

from domain.city import City
from nlp import forms
from nlp.words import words as listed

_LONGEST_NAME = 4
_MOST = 5
_MOST_WORDS = 240

_ROADS = listed("roads")
_NUMBERED_ROADS = listed("numbered_roads")
_BESIDE = frozenset(tuple(phrase.split("_")) for phrase in listed("beside"))
_BESIDE_FIRST = frozenset(phrase[0] for phrase in _BESIDE)
_GOES_ON = listed("names_go_on")
_OWN_NAMED = listed("own_named_roads")
_COUNTED = listed("counted")
_BEFORE_NAME = listed("before_name")
_LANDMARKS = listed("landmarks")
_NUMBERED_OTHERWISE = listed("numbered_otherwise")
_STOP = listed("not_in_names")
_VERB = re.compile(r"^(?:ن?می\w{2,}|\w{2,}(?:ایم|اند|هست|ندارد|شده|کرده|هاش|هایش))$")
_SPOKEN_VERB = re.compile(r"(?:[تدشخ]م|[تدش]یم|[تدش]ند|[تدش]ن|میگه|بود|کرد|زد|گرفت|گفت|کنید|کنین|رفت|شد|داد|ست)$")
_WORD = re.compile(r"\d+|[^\W\d_]+(?:[\u064b-\u0655\u0670]+[^\W\d_]*)*(?:\u200cی\b)?")
_NUMBER = re.compile(r"^\d{1,3}$")
_SERVICES = frozenset({"110", "112", "115", "118", "119", "121", "122", "123", "125", "137", "194", "1522"})
_TITLES = frozenset({"شهید", "دکتر", "سردار", "استاد", "حاج", "شیخ"})
_HOUSE = re.compile(r"^(?:پلاک|پ|فرعی|کوچه|لاین|فاز|واحد|بن ?بست)$")
_DISTRICT_WORD = {
    "یک": "1", "دو": "2", "سه": "3", "چهار": "4", "پنج": "5", "شش": "6", "هفت": "7", "هشت": "8", "نه": "9", "ده": "10",
    "یازده": "11", "دوازده": "12", "سیزده": "13",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name on the city's map: its district when the name has one, and a point in degrees when known."""

    name: str
    district: str | None = None
    lat: float | None = None
    lon: float | None = None
    kind: str = "neighbourhood"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a message: `start` and `end` in the text as given, and `address`, the words to propose.

    `name` is the city's name when it has one; `district`, `lat` and `lon` only when they are not in doubt.
    """

    start: int
    end: int
    address: str
    name: str | None = None
    district: str | None = None
    lat: float | None = None
    lon: float | None = None
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    plain: str


def names_of(city: City) -> list[PlaceName]:
    """Collect the names that a city's map and its list of streets know."""
    names = [PlaceName(one.name, one.district, one.lat, one.lon, "neighbourhood") for one in city.neighbourhoods]
    names += [PlaceName(place.name, None, place.lat, place.lon, "place") for place in city.places]
    return names + [PlaceName(street, kind="street") for street in city.streets]


class Gazetteer:
    """A city's names, found in text by the longest match of one to four words."""

    def __init__(self, names: Iterable[PlaceName], common_words: Iterable[str] = listed("common_names")) -> None:
        """Take the names, and words that are no place unless a word before or a number after makes them one."""
        # By the letters alone, so that «احمدآباد», «احمد آباد» and the one with a half space are one name.
        self._names: dict[str, list[PlaceName]] = {}
        self._common = {_plain(word.replace("_", " ")) for word in common_words}
        for name in sorted(names, key=lambda one: one.kind == "street"):
            key = _plain(name.name)
            if name.kind == "street" and key not in self._names:
                self._names[key] = [name]
                if not key.endswith("اباد"):
                    self._common.add(key)  # people are called so as well
            elif key and name.kind != "street":
                self._names.setdefault(key, []).append(name)
        self._beginnings = {key[:end] for key in self._names for end in range(1, len(key) + 1)}

    def find(self, text: str) -> list[Mention]:
        """Return the places of a text, the most certain and most exact first; [] when it names none."""
        text = text[: forms.LONGEST]
        mentions = _joined(text, list(self._each(text, _words(text))))
        return sorted(mentions, key=lambda found: (-found.score, found.start))[:_MOST]

    def _each(self, text: str, words: list[_Word]) -> Iterator[Mention]:
        at = 0
        while at < len(words):
            found = self._at(text, words, at)
            if found is None:
                at += 1
                continue
            mention, at = found
            yield mention

    def _at(self, text: str, words: list[_Word], at: int) -> tuple[Mention, int] | None:
        if found := _district_at(text, words, at) or self._name_at(text, words, at):
            return found
        if words[at].plain in _ROADS and self._name_at(text, words, at + 1):
            return None  # the name that follows takes its road with it
        return _road_at(text, words, at) or _landmark_at(text, words, at) or _alley_at(text, words, at)

    def _name_at(self, text: str, words: list[_Word], at: int) -> tuple[Mention, int] | None:
        keys = list(
            takewhile(self._beginnings.__contains__, accumulate(w.plain for w in words[at : at + _LONGEST_NAME]))
        )
        for length in range(len(keys), 0, -1):
            key = keys[length - 1]
            if (places := self._names.get(key)) and self._is_meant(words, at, length, key):
                return _named(text, words, at, at + length, places)
        return None

    def _is_meant(self, words: list[_Word], at: int, length: int, key: str) -> bool:
        before = words[at - 1].plain if at else ""
        if before in _ROADS or _with_numbers(words, at + length) > at + length:
            return True
        if key in self._common:
            return False
        alone = not before or at + length == len(words) or before in _BEFORE_NAME
        return length > 1 or len(key) >= 5 or (len(key) >= 3 and alone)


def _named(text: str, words: list[_Word], first: int, end: int, places: list[PlaceName]) -> tuple[Mention, int]:
    start, end = _with_road(words, _with_title(words, first)), _with_numbers(words, end)
    start = _with_beside(words, start)
    districts = {place.district for place in places}
    sole = places[0] if len(places) == 1 else None
    mention = _mention(text, words, start, end, 2.0 + 0.5 * (end - start))
    return (
        Mention(
            mention.start,
            mention.end,
            mention.address,
            name=places[0].name,
            district=districts.pop() if len(districts) == 1 else None,
            lat=sole.lat if sole else None,
            lon=sole.lon if sole else None,
            score=mention.score,
        ),
        end,
    )


def _district_at(text: str, words: list[_Word], at: int) -> tuple[Mention, int] | None:
    """Read «منطقه ۹», «منطقهٔ نه», «منطقه ثامن»."""
    if words[at].plain != "منطقه" or at + 1 >= len(words):
        return None
    said = words[at + 1].plain
    code = said.lstrip("0") if _NUMBER.match(said) else _DISTRICT_WORD.get(said, "ثامن" if said == "ثامن" else "")
    if not code:
        return None
    found = _mention(text, words, at, at + 2, 1.0)
    return Mention(found.start, found.end, found.address, district=code, score=1.0), at + 2


def _road_at(text: str, words: list[_Word], at: int) -> tuple[Mention, int] | None:
    """Read a road the city's map does not know: «خیابان گلها ۱۲», «کوچه شهید رضایی», «کوچه ۸»."""
    if words[at].plain not in _NUMBERED_ROADS:
        return None
    end = _end_of_name(words, at + 1)
    numbered = _with_numbers(words, end)
    if numbered == end:
        if not _is_clearly_named(text, words, at, end):
            return None
        if not _at_break(text, words, end):
            end = numbered = min(end, _shortest_name(text, words, at + 1))
    start = _with_beside(words, at)
    score = 1.2 + 0.2 * (numbered - start) + (0.5 if numbered > end else 0.0)
    return _mention(text, words, start, numbered, score), numbered


def _alley_at(text: str, words: list[_Word], at: int) -> tuple[Mention, int] | None:
    """Read a name that the map does not know by its number: «شریعتی ۲۴», «شهید باهنر ۱۲ پلاک ۵»."""
    end = _shortest_name(text, words, at)
    if end >= len(words) or not words[end].plain.isdigit() or not _number_alone(text, words, end):
        return None
    if not all(_may_be_alley(word.plain) for word in words[at:end]):
        return None
    numbered, start = _with_numbers(words, end), _with_beside(words, at)
    housed = numbered > end + 1 and _HOUSE.match(words[end + 1].plain)
    stands_alone = _at_break(text, words, numbered) and _after_break(text, words, at)
    if not (housed or stands_alone or start < at):
        return None
    return _mention(text, words, start, numbered, 0.9 + 0.1 * (numbered - start)), numbered


def _number_alone(text: str, words: list[_Word], at: int) -> bool:
    """Tell whether a number of an alley stands here, with nothing but a blank before it."""
    if not _is_number(words, at) or words[at].plain in _SERVICES:
        return False
    after = text[words[at].end : words[at].end + 1]
    return not text[words[at - 1].end : words[at].start].strip() and after not in ("٫", ".", "٬", "-", ":")


def _after_break(text: str, words: list[_Word], at: int) -> bool:
    return at == 0 or words[at - 1].plain in _BEFORE_NAME or _at_break(text, words, at)


def _may_be_alley(word: str) -> bool:
    if len(word) < 3 or word.isascii() or word.isdigit() or _VERB.match(word) or _SPOKEN_VERB.search(word):
        return False
    return not any(word in known for known in (_STOP, _ROADS, _COUNTED, _LANDMARKS, _NUMBERED_OTHERWISE, _BESIDE_FIRST))


def _shortest_name(text: str, words: list[_Word], first: int) -> int:
    """Return where a name of one word ends, or later when its words ask for another: «آیت‌الله», «شهید», «خلیج»."""
    end, last = first + 1, min(len(words), first + _LONGEST_NAME)
    while end < last and (words[end - 1].plain in _GOES_ON or _one_word(text, words, end)):
        end += 1
    return end


def _one_word(text: str, words: list[_Word], at: int) -> bool:
    """Tell whether a word is written together with the one before: «دانش‌آموز»."""
    return text[words[at - 1].end : words[at].start] == "\u200c"


def _is_clearly_named(text: str, words: list[_Word], at: int, end: int) -> bool:
    """Without a number, words after a road are its name when they are a martyr's, or a sign ends them."""
    if end == at + 1:
        return False
    return words[at + 1].plain == "شهید" or words[at].plain in _OWN_NAMED or _at_break(text, words, end)


def _at_break(text: str, words: list[_Word], end: int) -> bool:
    return end == len(words) or bool(text[words[end - 1].end : words[end].start].strip())


def _end_of_name(words: list[_Word], first: int) -> int:
    end = first
    while end < len(words) and end - first < 3 and _may_be_name(words, end):
        end += 1
    return end


def _may_be_name(words: list[_Word], at: int) -> bool:
    word = words[at].plain
    if words[at].start - words[at - 1].end > 1 or word.isdigit() or _VERB.match(word):
        return False
    return word not in _STOP and word not in _ROADS and not _beside_length(words, at)


def _landmark_at(text: str, words: list[_Word], at: int) -> tuple[Mention, int] | None:
    """Read «روبه‌روی مسجد جامع», «پشت پمپ بنزین»."""
    first = at + _beside_length(words, at)
    if first == at or first >= len(words) or words[first].plain not in _LANDMARKS:
        return None
    end = _end_of_name(words, first + 1)
    if not _at_break(text, words, end):
        end = min(end, first + 2)
    end = _with_numbers(words, end)
    return _mention(text, words, at, end, 0.8), end


def _with_title(words: list[_Word], first: int) -> int:
    return first - 1 if first and words[first - 1].plain in _TITLES else first


def _with_road(words: list[_Word], first: int) -> int:
    while first and words[first - 1].plain in _ROADS:
        first -= 1
    return first


def _with_numbers(words: list[_Word], end: int) -> int:
    """Take in «۱۲», «۱۲ ۳», «کوچه ۵», «پلاک ۸» after a name, but not «۳ روز»."""
    while end < len(words):
        if _is_number(words, end) and words[end].start - words[end - 1].end <= 3:
            end += 1
        elif _HOUSE.match(words[end].plain) and _is_number(words, end + 1):
            end += 2
        elif words[end].plain == "و" and words[end - 1].plain.isdigit() and _is_number(words, end + 1):
            end += 2  # «بین شفیعی ۳ و ۵»
        else:
            break
    return end


def _is_number(words: list[_Word], at: int) -> bool:
    if at >= len(words) or not _NUMBER.match(words[at].plain):
        return False
    return at + 1 == len(words) or words[at + 1].plain not in _COUNTED


def _with_beside(words: list[_Word], first: int) -> int:
    for length in (3, 2, 1):
        if first >= length and _beside_length(words, first - length) == length:
            return first - length
    return first


def _beside_length(words: list[_Word], at: int) -> int:
    if at >= len(words) or words[at].plain not in _BESIDE_FIRST:
        return 0
    return next((n for n in (3, 2, 1) if tuple(word.plain for word in words[at : at + n]) in _BESIDE), 0)


def _mention(text: str, words: list[_Word], first: int, end: int, score: float) -> Mention:
    start, stop = words[first].start, words[end - 1].end
    return Mention(start, stop, " ".join(text[start:stop].split()), score=score)


def _joined(text: str, mentions: list[Mention]) -> list[Mention]:
    """Make one address of mentions with nothing but a blank or a comma between them."""
    joined: list[Mention] = []
    for found in mentions:
        last = joined[-1] if joined else None
        if last and found.start < last.end:
            continue
        if last and not text[last.end : found.start].strip(" ،,-\u200c\n"):
            joined[-1] = _one(text, last, found)
        else:
            joined.append(found)
    return joined


def _one(text: str, first: Mention, second: Mention) -> Mention:
    known = first if first.name else second
    districts = {found.district for found in (first, second) if found.district}
    return replace(
        known,
        start=first.start,
        end=second.end,
        address=" ".join(text[first.start : second.end].split()),
        district=districts.pop() if len(districts) == 1 else None,
        score=first.score + second.score,
    )


def _plain(text: str) -> str:
    return "".join(word.plain for word in _words(text))


def _words(text: str) -> list[_Word]:
    """Split at blanks, signs and between letters and digits («سجاد۱۲»), places kept as in the text."""
    return [
        _Word(found.start(), found.end(), _letters(found.group()))
        for found in islice(_WORD.finditer(text), _MOST_WORDS)
    ]


@lru_cache(maxsize=8192)
def _letters(word: str) -> str:
    return forms.letters(word).split(" ")[0]
