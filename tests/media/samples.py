"""Real files made on the spot: pictures with a position in them, sounds, films, and damaged ones."""

import struct
from fractions import Fraction
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

MASHHAD = (36.2972, 59.6062)


def picture(size: tuple[int, int] = (640, 480), mode: str = "RGB", form: str = "JPEG", **options: Any) -> bytes:
    """A noisy picture: left half dark, so that turning shows."""
    image = Image.effect_noise(size, 30).convert(mode)
    image.paste(0 if mode in ("L", "P", "1") else (0,) * len(image.getbands()), (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def _sexagesimal(value: float) -> tuple[IFDRational, ...]:
    degrees, rest = divmod(abs(value) * 3600, 3600)
    minutes, seconds = divmod(rest, 60)
    exact = Fraction(seconds).limit_denominator(10_000)
    return IFDRational(int(degrees)), IFDRational(int(minutes)), IFDRational(exact.numerator, exact.denominator)


def exif(place: tuple[float, float] | None = None, orientation: int = 1, **gps: Any) -> Image.Exif:
    """Metadata as a telephone writes it; further `gps` tags replace the true ones."""
    made = Image.Exif()
    made[ExifTags.Base.Make] = "Secret Camera"
    made[ExifTags.Base.Orientation] = orientation
    if place:
        tags: dict[int, Any] = {
            ExifTags.GPS.GPSLatitudeRef: "N" if place[0] >= 0 else "S",
            ExifTags.GPS.GPSLatitude: _sexagesimal(place[0]),
            ExifTags.GPS.GPSLongitudeRef: "E" if place[1] >= 0 else "W",
            ExifTags.GPS.GPSLongitude: _sexagesimal(place[1]),
        }
        made.get_ifd(ExifTags.IFD.GPSInfo).update(tags | {ExifTags.GPS[name]: value for name, value in gps.items()})
    return made


def ogg(pages: int = 3) -> bytes:
    """An Ogg file of so many pages."""
    page = b"OggS" + bytes(22) + bytes([2, 255, 45]) + bytes(300)
    return page * pages


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def film(brand: bytes = b"isom") -> bytes:
    """The skeleton of an MP4."""
    return _box(b"ftyp", brand + bytes(4)) + _box(b"moov", bytes(200)) + _box(b"mdat", bytes(3000))


def pdf() -> bytes:
    """The skeleton of a PDF."""
    return b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n"
