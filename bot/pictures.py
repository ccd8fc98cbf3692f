"""Decodes one picture and writes it anew without metadata; to be run where memory and time are limited."""

import math
import warnings
from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageOps

from bot.media_types import Developed, Unusable

LONGEST_SIDE = 2560
JPEG_QUALITY = 88
THUMBNAIL_SIDE = 320
THUMBNAIL_QUALITY = 75
_MOST_PIXELS = 50_000_000  # the largest HEIC of a telephone has 48.8 million
_MOST_JPEG_PIXELS = 120_000_000  # decoded at a fraction of its size; cheap telephones advertise 108 million
_MOST_SCANS = 200  # of a progressive JPEG: ten are usual, and each costs a pass over the whole picture
_MOST_FRAMES = 100  # of a HEIC: each has its headers read before the first is decoded
_WIDEST = 20  # width to height: messengers refuse narrower strips
_NULL_ISLAND = 0.001  # degrees: cameras without a fix write 0,0

# Pillow only warns about pictures that unpack to more; here that ends the matter.
Image.MAX_IMAGE_PIXELS = _MOST_JPEG_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# Only the decoder that the content's first bytes name is let near it.
_FORMATS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/avif": ("AVIF",),
    "image/heic": ("HEIF",),
}
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

# --- what the metadata says -------------------------------------------------------------------------------------


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


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # as above
        return None


# --- what is done to the picture --------------------------------------------------------------------------------


def _in_srgb(image: Image.Image) -> Image.Image:
    """Translate colours of another space, such as an iPhone's Display P3, before its profile is dropped."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        source = ImageCms.getOpenProfile(BytesIO(profile))
        if ImageCms.getProfileDescription(source).startswith("sRGB"):
            return image
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):  # a damaged profile: the colours as they are
        return image


def _resizable(image: Image.Image) -> Image.Image:
    """Leave palettes and deep grey, which Pillow makes smaller badly or not at all."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L") if image.mode == "I" else _shallow(image)
    if image.mode in ("1", "P", "PA", "LA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _shallow(image: Image.Image) -> Image.Image:
    return _resizable(image.convert("I"))


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


def _plain(image: Image.Image) -> Image.Image:
    """Return a decoded picture upright, without transparency, at most LONGEST_SIDE long, without metadata."""
    turn = _turn(image)
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG only: decode at 1/2, 1/4 or 1/8 where that is enough
    image.load()
    small = _resizable(image)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    small = _opaque(_in_srgb(small))
    upright = _not_too_narrow(small if turn is None else small.transpose(turn))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    return bare


# --- the whole way ----------------------------------------------------------------------------------------------


def _open(content: bytes, mime: str) -> Image.Image:
    image = Image.open(BytesIO(content), formats=_FORMATS[mime])
    if image.width * image.height > (_MOST_JPEG_PIXELS if mime == "image/jpeg" else _MOST_PIXELS):
        raise Unusable("file-too-big")
    return image


def _prepare(content: bytes, mime: str) -> None:
    """Load what Pillow does not bring along, and refuse what costs too much before any pixel is seen."""
    if mime == "image/jpeg" and content.count(b"\xff\xda") > _MOST_SCANS:
        raise Unusable("file-too-big")
    if mime == "image/heic":
        heif = import_module("pillow_heif")
        heif.options.DECODE_THREADS = 1
        heif.options.THUMBNAILS = heif.options.DEPTH_IMAGES = heif.options.AUX_IMAGES = False
        heif.register_heif_opener()


def _jpeg(image: Image.Image, quality: int) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


def _developed(content: bytes, mime: str) -> Developed:
    _prepare(content, mime)
    with _open(content, mime) as probe:
        if mime == "image/heic" and getattr(probe, "n_frames", 1) > _MOST_FRAMES:
            raise Unusable("file-too-big")
        probe.verify()  # leaves the image unusable, hence the second opening
    with _open(content, mime) as image:
        place = _place(image)
        was_clean = not any(name in image.info for name in _METADATA)
        bare = _plain(image)
    written = _jpeg(bare, JPEG_QUALITY)
    width, height = bare.size
    bare.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Developed(written, _jpeg(bare, THUMBNAIL_QUALITY), width, height, place, was_clean)


_SAID = (("truncated", "file-cut"), ("memory", "file-too-big"), ("too large", "file-too-big"))


def develop(content: bytes, mime: str) -> Developed:
    """Decode a picture of this type and write it anew; raises Unusable, and nothing else, for what it cannot."""
    try:
        return _developed(content, mime)
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Unusable("file-too-big") from None
    except Exception as problem:  # Pillow's decoders raise a dozen kinds on damaged input
        said = str(problem).lower()
        raise Unusable(next((name for words, name in _SAID if words in said), "file-broken")) from problem
