"""Takes the metadata out of MP4, MOV, 3GP and M4A, where telephones write the position, the device and the owner."""

import re
from collections.abc import Iterator
from itertools import count

from bot.media_types import boxes

# QuickTime File Format and ISO/IEC 14496-12: what users and devices add lies in these, on any of the levels below.
_METADATA = frozenset({b"udta", b"meta", b"uuid"})
_LEVELS = frozenset({b"moov", b"trak", b"mdia", b"minf"})
_DEEPEST = 5
# What programmes that write films put there about themselves; with it alone a film counts as clean.
_HARMLESS = re.compile(rb"udta|meta|hdlr|mdir|appl|ilst|\xa9too|data|Lavf[\d.]+")
_SAYS_SOMETHING = re.compile(rb"[ -~\xa0-\xff]{4}")


def _found(content: bytes, start: int, end: int, depth: int, counted: Iterator[int]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for name, at, inside, after in boxes(content, start, end, counted):
        if name in _METADATA:
            found.append((at, inside, after))
        elif name in _LEVELS and depth < _DEEPEST:
            found += _found(content, inside, after, depth + 1, counted)
    return found


def without_metadata(content: bytes) -> tuple[bytes, bool]:
    """Return the film with its metadata overwritten by zeros, and whether it was clean before; raises Unusable.

    The boxes are marked as free and stay where they are, so the offsets of sound and pictures hold.
    """
    bare, was_clean = bytearray(content), True
    for at, inside, after in _found(content, 0, len(content), 0, count(1)):
        if _SAYS_SOMETHING.search(_HARMLESS.sub(b"\0", content[at + 4 : after])):
            was_clean = False
        bare[at + 4 : at + 8] = b"free"
        bare[inside:after] = bytes(after - inside)
    return bytes(bare), was_clean
