"""Is this file what it says it is? Looked at by its content; pictures are decoded and written anew without metadata."""

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MEGABYTE = 1024 * 1024
LIMITS = {"photo": 10 * MEGABYTE}  # what the messengers themselves take; 20 MB is the most a bot may fetch
OTHER_LIMIT = 20 * MEGABYTE

LONGEST_SIDE = 2560
JPEG_QUALITY = 88
_MOST_PIXELS = 40_000_000  # a JPEG may have twice as many: it is decoded at a fraction of its size
_WIDEST = 20  # width to height: messengers refuse narrower strips
_NULL_ISLAND = 0.001  # degrees: cameras without a fix write 0,0

# Pillow only warns about pictures that unpack to more than 89 million pixels; here that ends the matter.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class Unusable(Exception):
    """The file cannot be used; `problem` is a key of texts."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Checked:
    """A file fit to be kept: its content without metadata, and where the picture was taken, as (lat, lon).

    `original_is_clean` says that the file as it was sent carried no metadata either.
    """

    kind: str
    content: bytes
    mime: str
    width: int | None = None
    height: int | None = None
    place: tuple[float, float] | None = None
    original_is_clean: bool = True


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
# ISO base media files tell by their brand; any other brand is a film.
_BRANDS: Mapping[bytes, str] = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
}
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"})
_SOUNDS = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4"})
_FILMS = frozenset({"video/mp4", "video/quicktime", "video/3gpp"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "photo": _PICTURES,
    "voice": _SOUNDS,
    "video": _FILMS,
    "document": _PICTURES | _SOUNDS | _FILMS | {"application/pdf"},
}


def _type_of(content: bytes) -> str:
    for signature, mime in _SIGNATURES:
        if content.startswith(signature):
            return mime
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    return ""


# --- whether it is whole ----------------------------------------------------------------------------------------


def _boxes_are_whole(content: bytes) -> bool:
    """Walk the outermost boxes of an MP4, MOV or 3GP: all inside the file, the index (moov) among them."""
    at, names = 0, set[bytes]()
    while at < len(content):
        size, head = int.from_bytes(content[at : at + 4]), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        elif size == 0:  # up to the end
            size = len(content) - at
        if size < head or at + size > len(content):
            return False
        names.add(content[at + 4 : at + 8])
        at += size
    return b"moov" in names


def _pages_are_whole(content: bytes) -> bool:
    """Walk the pages of an Ogg file up to its last byte."""
    at = 0
    while at < len(content):
        segments = content[at + 26] if at + 27 <= len(content) else 0
        table = content[at + 27 : at + 27 + segments]
        if content[at : at + 4] != b"OggS" or len(table) < segments or at + 27 > len(content):
            return False
        at += 27 + segments + sum(table)
    return at == len(content)


_WHOLE: Mapping[str, Callable[[bytes], bool]] = {
    "audio/ogg": _pages_are_whole,
    "audio/mpeg": lambda content: len(content) > 128,  # frames stand alone: a shorter file is only shorter
    "audio/mp4": _boxes_are_whole,
    "video/mp4": _boxes_are_whole,
    "video/quicktime": _boxes_are_whole,
    "video/3gpp": _boxes_are_whole,
    "application/pdf": lambda content: b"%%EOF" in content[-2048:],
}


# --- pictures ---------------------------------------------------------------------------------------------------


def _heif() -> tuple[str, ...]:
    if find_spec("pillow_heif") is None:
        return ()
    import_module("pillow_heif").register_heif_opener()
    return ("HEIF",)


_FORMATS = (*(str(kind.format) for kind in (JpegImageFile, PngImageFile, WebPImageFile, GifImageFile)), *_heif())
_TURNS: Mapping[object, Image.Transpose] = {  # EXIF orientation, CIPA DC-008
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_METADATA = ("exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif", "comment", "photoshop")


def _degrees(parts: Any, direction: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(direction or "").strip().upper().startswith(negative) else value


def _place(image: Image.Image) -> tuple[float, float] | None:
    """Read where a picture was taken; None when it does not say, or says what cannot be."""
    tag = ExifTags.GPS
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[tag.GPSLatitude], gps.get(tag.GPSLatitudeRef), "S")
        lon = _degrees(gps[tag.GPSLongitude], gps.get(tag.GPSLongitudeRef), "W")
    except Exception:  # damaged metadata fails in many ways, and none of them spoils the picture
        return None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return None
    return None if max(abs(lat), abs(lon)) < _NULL_ISLAND else (lat, lon)


def _upright(image: Image.Image) -> Image.Image:
    """Turn a picture as its camera was held (not with ImageOps, which fails where it cannot write the EXIF again)."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception:
        turn = None
    return image if turn is None else image.transpose(turn)


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered)
    return paper


def _not_too_narrow(image: Image.Image) -> Image.Image:
    width, height = image.size
    size = (max(width, math.ceil(height / _WIDEST)), max(height, math.ceil(width / _WIDEST)))
    return image if size == image.size else ImageOps.pad(image, size, color="white")


def _developed(image: Image.Image) -> Image.Image:
    """Turn a decoded picture upright, plain and at most LONGEST_SIDE long, in a new image without metadata."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG only: decode at 1/2, 1/4 or 1/8 where that is enough
    image.load()
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = _not_too_narrow(_opaque(_upright(image)))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    return bare


def _open(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content), formats=_FORMATS)
    most = _MOST_PIXELS * (2 if image.format in ("JPEG", "MPO") else 1)
    if image.width * image.height > most:
        raise Unusable("file-too-big")
    return image


def _picture(content: bytes) -> Checked:
    try:
        with _open(content) as probe:
            probe.verify()  # leaves the image unusable, hence the second opening
        with _open(content) as image:
            place, bare = _place(image), _developed(image)
            clean = not any(name in image.info for name in _METADATA)
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable("file-too-big") from None
    except Exception as problem:  # Pillow's decoders raise a dozen kinds on damaged input
        raise Unusable("file-broken") from problem
    written = BytesIO()
    bare.save(written, "JPEG", quality=JPEG_QUALITY)
    return Checked("photo", written.getvalue(), "image/jpeg", bare.width, bare.height, place, clean)


def check(content: bytes, kind: str) -> Checked:
    """Check a file of a kind (photo, voice, video, document), up to the kind's size; raises Unusable.

    A picture sent as a document comes back as a photo. Everything but pictures is kept as it is.
    """
    if not content:
        raise Unusable("file-empty")
    if len(content) > LIMITS.get(kind, OTHER_LIMIT):
        raise Unusable("file-too-big")
    mime = _type_of(content)
    if kind == "voice" and mime == "video/mp4":  # sound alone in a container with a general brand
        mime = "audio/mp4"
    if mime == "image/heic" and "HEIF" not in _FORMATS:
        raise Unusable("file-heic")
    if mime not in _ALLOWED.get(kind, frozenset()):
        raise Unusable("file-type")
    if mime in _PICTURES:
        return _picture(content)
    if not _WHOLE[mime](content):
        raise Unusable("file-broken")
    return Checked(kind, content, mime)
