"""What a file is, told by its content, and whether it is whole; nothing is decoded here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count


class Unusable(Exception):
    """The file cannot be used; `problem` is a key of texts."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Developed:
    """A picture as a JPEG without metadata, a small one of it, and where it was taken, as (lat, lon).

    `was_clean` says that the picture as it came carried no metadata either.
    """

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    place: tuple[float, float] | None
    was_clean: bool


# --- what it is -------------------------------------------------------------------------------------------------

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"%PDF-", "application/pdf"),
)
# ISO base media files tell by their brands, the major one first; with none of these it is a film.
_BRANDS: Mapping[bytes, str] = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
}
_ANY_PICTURE = frozenset({b"mif1", b"msf1"})  # a picture; which one, a compatible brand tells
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif"})
_SOUNDS = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4"})
_FILMS = frozenset({"video/mp4", "video/quicktime", "video/3gpp"})
BOXED = _FILMS | {"audio/mp4"}
"""Sounds and films in ISO base media files."""
_ALLOWED: Mapping[str, frozenset[str]] = {
    "photo": PICTURES,
    "voice": _SOUNDS,
    "video": _FILMS | {"image/gif", "image/webp", "image/png"},  # an animation may be a moving picture
    "document": PICTURES | _SOUNDS | _FILMS | {"application/pdf"},
}


def _brand(content: bytes) -> str:
    major, size = content[8:12], min(int.from_bytes(content[:4]), 1024)
    if major not in _ANY_PICTURE:
        return _BRANDS.get(major, "video/mp4")
    compatible = (_BRANDS.get(content[at : at + 4], "") for at in range(16, size, 4))
    return next((mime for mime in compatible if mime.startswith("image/")), "image/heic")


def type_of(content: bytes) -> str:
    """Return the MIME type that the first bytes tell, "" for what is not known here."""
    for signature, mime in _SIGNATURES:
        if content.startswith(signature):
            return mime
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return _brand(content) if content[4:8] == b"ftyp" else ""


# --- whether it is whole ----------------------------------------------------------------------------------------

_CUT, _BROKEN = "file-cut", "file-broken"
# They are walked in the event loop. A film of 20 MB has some hundreds of boxes; sound may have a page for each 20 ms.
_MOST_BOXES, _MOST_PAGES = 10_000, 50_000


def boxes(
    content: bytes, start: int = 0, end: int | None = None, counted: Iterator[int] | None = None
) -> Iterator[tuple[bytes, int, int, int]]:
    """Walk the boxes of an ISO base media file on one level: name, start, start of the content, end.

    Raises Unusable where a box is longer than what it lies in, or shorter than its own head, or where there are too
    many: `counted` counts those of several levels together.
    """
    counted = counted or count(1)
    at, last = start, len(content) if end is None else end
    while at < last:
        if last - at < 8 and not any(content[at:last]):  # QuickTime ends some lists with a zero
            return
        size, head = int.from_bytes(content[at : at + 4]), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        elif size == 0:  # up to the end
            size = last - at
        if size < head or next(counted) > _MOST_BOXES:
            raise Unusable(_BROKEN)
        if at + size > last:
            raise Unusable(_CUT)
        yield content[at + 4 : at + 8], at, at + head, at + size
        at += size


def _film(content: bytes) -> str:
    return "" if b"moov" in {name for name, *_ in boxes(content)} else _BROKEN


def _still(content: bytes) -> str:
    return "" if b"meta" in {name for name, *_ in boxes(content)} else _BROKEN


def _ogg(content: bytes) -> str:
    """Walk the pages of an Ogg file up to its last byte."""
    at, pages = 0, 0
    while at < len(content):
        pages += 1
        segments = content[at + 26] if at + 27 <= len(content) else 0
        table = content[at + 27 : at + 27 + segments]
        if pages > _MOST_PAGES or not b"OggS".startswith(content[at : at + 4]):
            return _BROKEN
        if len(table) < segments or at + 27 > len(content):
            return _CUT
        at += 27 + segments + sum(table)
    return "" if at == len(content) else _CUT


_FAULTS: Mapping[str, Callable[[bytes], str]] = {
    "audio/ogg": _ogg,
    "audio/mpeg": lambda content: "" if len(content) > 128 else _BROKEN,  # frames stand alone: it is only shorter
    "audio/mp4": _film,
    "video/mp4": _film,
    "video/quicktime": _film,
    "video/3gpp": _film,
    "image/heic": _still,
    "image/avif": _still,
    "image/webp": lambda content: _CUT if int.from_bytes(content[4:8], "little") + 8 > len(content) else "",
    "application/pdf": lambda content: "" if b"%%EOF" in content[-2048:] else _CUT,
}


def look(content: bytes, kind: str) -> str:
    """Return the MIME type of a file sent as a photo, voice, video or document; raises Unusable.

    What is no picture is then known to be whole; of pictures only the decoder can tell.
    """
    if not content:
        raise Unusable("file-empty")
    mime = type_of(content)
    if kind == "voice" and mime == "video/mp4":  # sound alone in a container with a general brand
        mime = "audio/mp4"
    if mime not in _ALLOWED.get(kind, frozenset()):
        raise Unusable("file-type")
    fault = _FAULTS[mime](content) if mime in _FAULTS else ""
    if fault:
        raise Unusable(fault)
    return mime
