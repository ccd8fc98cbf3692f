"""What a telephone writes into a film about its owner is gone, and the film plays as before."""

import struct
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.films import without_metadata
from bot.media_checks import check
from bot.media_types import Unusable

_POSITION = b"+36.2972+059.6062/"


def _box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", len(inside) + 8, name) + inside


def _wide(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, name, len(content) + 16) + content


def _film(*in_moov: bytes, brand: bytes = b"qt  ", last: bytes = b"") -> bytes:
    head = _box(b"mvhd", bytes(100))
    return _box(b"ftyp", brand, bytes(4)) + _box(b"moov", head, *in_moov) + _wide(b"mdat", b"\x07" * 3000) + last


_ENCODER = _box(
    b"udta", _box(b"meta", bytes(4), _box(b"ilst", _box(b"\xa9too", _box(b"data", b"\0\0\0\1Lavf58.76.100"))))
)
DIRTY = {
    "position of an iPhone": _film(_box(b"meta", _box(b"keys", b"com.apple.quicktime.location.ISO6709"), _POSITION)),
    "position of an Android": _film(_box(b"udta", _box(b"\xa9xyz", struct.pack(">HH", 18, 0x15C7), _POSITION))),
    "position in binary": _film(_box(b"udta", _box(b"loci", bytes(6), struct.pack(">ii", 59 << 16, 36 << 16)))),
    "a track's name": _film(_box(b"trak", _box(b"tkhd", bytes(80)), _box(b"udta", _box(b"name", b"Maryam")))),
    "XMP at the end": _film(last=_box(b"uuid", bytes(16), b"<x:xmpmeta>secret</x:xmpmeta>")),
    "in a wide box": _film(_wide(b"udta", _POSITION)),
    "to the end": _film(last=b"\0\0\0\0udta" + _POSITION),
}


@pytest.mark.parametrize("name", DIRTY)
async def test_metadata_is_erased_and_nothing_moves(name: str) -> None:
    sent = DIRTY[name]
    checked = await check(sent, "video")
    assert (checked.mime, checked.original_is_clean) == ("video/quicktime", False)
    assert len(checked.content) == len(sent)
    for trace in (_POSITION, b"Maryam", b"com.apple", b"secret", b"loci", b"udta", b"uuid"):
        assert trace not in checked.content
    media = b"\x07" * 3000
    assert checked.content.index(media) == sent.index(media)
    assert checked.content.count(b"mvhd") == 1


@pytest.mark.parametrize("sent", [_film(), _film(_ENCODER, brand=b"isom"), _film(bytes(4))])
async def test_a_film_that_says_nothing_is_clean(sent: bytes) -> None:
    assert (await check(sent, "video")).original_is_clean
    assert (await check(sent, "document")).kind == "document"


def test_a_track_that_reaches_beyond_the_film_is_refused() -> None:
    with pytest.raises(Unusable) as caught:
        without_metadata(_film(struct.pack(">I4s", 500_000, b"trak") + bytes(20)))
    assert caught.value.problem == "file-cut"


def test_tracks_within_tracks_without_end_are_not_followed() -> None:
    nested = b""
    for _ in range(2000):
        nested = _box(b"trak", nested)
    assert without_metadata(_film(nested)) == (_film(nested), True)


_EMPTY = _box(b"free")
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty boxes": (lambda: _film(last=_EMPTY * 2_500_000), "video"),
    "empty boxes in an index": (lambda: _film(_EMPTY * 2_500_000), "video"),
    "many indexes": (lambda: _film(last=_box(b"moov", _EMPTY * 9_000) * 270), "video"),
    "metadata": (lambda: _film(last=_box(b"udta", b"name") * 1_700_000), "document"),
    "empty pages": (lambda: (b"OggS" + bytes(23)) * 700_000, "voice"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_files_of_millions_of_parts_are_refused_before_they_hold_up_anything(name: str) -> None:
    make, kind = HOSTILE[name]
    sent = make()
    began = time.process_time()
    with pytest.raises(Unusable) as caught:
        await check(sent, kind)
    assert caught.value.problem == "file-broken"
    assert time.process_time() - began < 0.2


async def test_a_long_voice_with_a_page_for_each_moment_is_taken() -> None:
    page = b"OggS" + bytes(22) + b"\1\50" + bytes(40)
    assert (await check(page * 30_000, "voice")).kind == "voice"  # ten minutes


@given(st.binary(max_size=300))
def test_any_content_of_an_index_ends_in_a_film_or_a_reason(inside: bytes) -> None:
    sent = _film(inside)
    try:
        bare, problem = without_metadata(sent)[0], ""
    except Unusable as unusable:
        bare, problem = sent, unusable.problem
    assert len(bare) == len(sent)
    assert problem in ("", "file-cut", "file-broken")
