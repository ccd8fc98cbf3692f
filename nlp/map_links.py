"""Positions inside what people paste: map links, geo: addresses, pairs of numbers. No link is ever opened."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from nlp import digits, forms

Position = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""

_N = r"([-+]?\d{1,3}(?:\.\d{1,15})?)"
_DECIMAL = r"([-+]?\d{1,3}\.\d{2,15})"
_GAP = r"\s{0,2}(?:,|%2C|،|;|/|\s)\s{0,2}"

_MAP_HOST = re.compile(
    r"(?:https?://)?[\w.-]{0,40}\b(?:google\.[a-z.]{2,6}/maps|maps\.google\.|maps\.app\.goo\.gl|goo\.gl/maps|neshan\.org|nshn\.ir"
    r"|balad\.ir|openstreetmap\.org|osm\.org|osm\.to|waze\.com|maps\.apple\.com|maps\.apple|yandex\.[a-z]{2,3}/maps)\S{0,2000}",
    re.IGNORECASE,
)
_MAP_SIGN = re.compile(r"\.(?:com|ir|org|gl|to|apple|google|[a-z]{2,3}/maps)", re.IGNORECASE)  # in every map's address
_SHORT = re.compile(
    r"\b(?:goo\.gl/maps|maps\.app\.goo\.gl|goo\.gl|nshn\.ir|bld\.ir|osm\.to|osm\.org/go|maps\.apple/p|waze\.com/ul/h\w|balad\.ir/p/|g\.co/)",
    re.IGNORECASE,
)
_GEO = re.compile(rf"\bgeo:{_N},{_N}(?:[;?][^\s]*)?", re.IGNORECASE)

_LAT_FIRST = (
    re.compile(rf"!3d{_DECIMAL}!4d{_DECIMAL}"),
    re.compile(
        rf"[?&#](?:q|query|ll|sll|daddr|destination|center|saddr|loc|to|origin|viewpoint)=(?:loc:|ll\.)?{_N}{_GAP}{_N}"
    ),
    re.compile(rf"[?&#]m?lat(?:itude)?={_N}&(?:[^\s#]*&)?m?(?:lon|lng|long)(?:itude)?={_N}"),
    re.compile(rf"/(?:dir/[^@\s]*|place|search)/{_DECIMAL},\+?{_DECIMAL}"),
    re.compile(rf"/@{_DECIMAL},{_DECIMAL}"),
    re.compile(rf"[#/&=](?:map=)?\d{{1,2}}(?:\.\d+)?/{_DECIMAL}/{_DECIMAL}"),
)
_LON_FIRST = (
    re.compile(rf"[?&#]m?(?:lon|lng|long)(?:itude)?={_N}&(?:[^\s#]*&)?m?lat(?:itude)?={_N}"),
    re.compile(rf"[?&](?:ll|pt)={_N},{_N}(?=[^\s]*)"),
)
_PAIR = re.compile(rf"(?<![\d.,:/=@]){_DECIMAL}\s{{0,2}}[,،;\s]\s{{0,2}}{_DECIMAL}(?![\d.]*\d)")
_ARC = r"(\d{1,3})\s?°\s?(\d{1,2})\s?['′’]\s?(\d{1,2}(?:\.\d{1,6})?)\s?(?:\"|″|”|'')\s?"
_DEGREES = re.compile(rf"{_ARC}([NS])[\s,]{{0,3}}{_ARC}([EW])", re.IGNORECASE)


def position(text: str) -> Position | None:
    """Return latitude and longitude in degrees from the first map link, geo: address or pair of decimals, or None."""
    text = digits.latin(text[: forms.LONGEST]).replace("٫", ".").replace("\u060c", ",")
    readers: tuple[Callable[[str], Position | None], ...] = (_of_link, _of_geo, _of_degrees, _of_pair)
    return next(filter(None, (read(text) for read in readers)), None)


def has_short_link(text: str) -> bool:
    """Say whether there is a map link whose position cannot be read without opening it."""
    return bool(_SHORT.search(text[: forms.LONGEST])) and position(text) is None


def _of_link(text: str) -> Position | None:
    if not _MAP_SIGN.search(text):
        return None
    for found in _MAP_HOST.finditer(text):
        link = unquote(found.group())
        yandex = "yandex" in link.lower()
        for pattern in () if yandex else _LAT_FIRST:
            if (match := pattern.search(link)) and (place := _checked(match[1], match[2])):
                return place
        for pattern in _LON_FIRST:
            if (match := pattern.search(link)) and (place := _checked(match[2], match[1])):
                return place
    return None


def _of_geo(text: str) -> Position | None:
    found = _GEO.search(text)
    return _checked(found[1], found[2]) if found else None


def _of_pair(text: str) -> Position | None:
    found = _PAIR.search(text)
    if not found:
        return None
    first, second = float(found[1]), float(found[2])
    # Iran lies at 25-40 north and 44-64 east, so a pair the wrong way round is recognised.
    if 44 <= first <= 64 and 25 <= second <= 40:
        return second, first
    return _checked(found[1], found[2])


def _of_degrees(text: str) -> Position | None:
    found = _DEGREES.search(text)
    if not found:
        return None
    north, east = (_degrees(*found.group(first, first + 1, first + 2)) for first in (1, 5))
    return _checked(
        str(-north if found[4] in "sS" else north),
        str(-east if found[8] in "wW" else east),
    )


def _degrees(whole: str, minutes: str, seconds: str) -> float:
    return round(int(whole) + int(minutes) / 60 + float(seconds) / 3600, 7)


def _checked(lat: str, lon: str) -> Position | None:
    place = float(lat), float(lon)
    inside = abs(place[0]) <= 90 and abs(place[1]) <= 180
    return place if inside and place != (0.0, 0.0) else None
