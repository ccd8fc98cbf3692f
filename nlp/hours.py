"""A span of hours as people write it: «۱۰ تا ۱۲», «از ۹:۳۰ تا ۱۱», «۴ تا ۶ عصر»."""

import re
from datetime import time

from nlp import digits

_LONGEST = 60  # letters
_TIME = re.compile(r"(?<![\d:])(\d{1,2})(?:[:٫.](\d{2}))?(\s*و\s*نیم)?(?![\d:])")
_AFTER_NOON = re.compile(r"عصر|شب|بعد[\s\u200c]?از[\s\u200c]?ظهر")
_NOON = 12


def span_of(written: str) -> tuple[time, time] | None:
    """Return the two times that these words name, the earlier first; None when they do not name exactly two."""
    if len(written) > _LONGEST:
        return None
    plain = digits.latin(written)
    found = list(_TIME.finditer(plain))
    if len(found) != 2:
        return None
    begin, end = (_minutes(one) for one in found)
    late = _AFTER_NOON.search(plain) is not None
    if late and end < _NOON * 60:
        end += _NOON * 60
    if late and begin < _NOON * 60 and begin + _NOON * 60 < end:
        begin += _NOON * 60
    if not begin < end < 24 * 60:
        return None
    return time(begin // 60, begin % 60), time(end // 60, end % 60)


def _minutes(found: re.Match[str]) -> int:
    hour, minute, half = found.groups()
    return int(hour) * 60 + (30 if half else int(minute or 0))
