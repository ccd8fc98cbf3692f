"""Real files made on the spot: pictures with a position in them, sounds, films, and damaged ones."""

import struct
from fractions import Fraction
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from bot import pictures
from bot.media_types import PICTURES, Developed, Unusable, look

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


def heic(size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    """A picture as an iPhone sends it, as a file."""
    pillow_heif.register_heif_opener()
    return picture(size, form="HEIF", **options)


def avif(size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    """A picture in AVIF, quickly made."""
    return picture(size, form="AVIF", speed=10, **options)


def turned(content: bytes, quarters: int) -> bytes:
    """A HEIC to be shown turned so many quarters against the clock: an `irot` box more, the rest moved behind it."""
    box, more = struct.pack(">I4sB", 9, b"irot", quarters), 10  # the box, and its place in the list of one item
    made = bytearray(content)
    ipma = made.index(b"ipma") - 4
    ipco, iprp, meta, iloc = (made.index(name) - 4 for name in (b"ipco", b"iprp", b"meta", b"iloc"))
    number = sum(made[ipco:ipma].count(name) for name in (b"hvcC", b"colr", b"ispe", b"pixi")) + 1
    for at, extra in ((ipma, 1), (iprp, more), (meta, more), (ipco, 9)):
        made[at : at + 4] = struct.pack(">I", int.from_bytes(made[at : at + 4]) + extra)
    items = int.from_bytes(made[iloc + 14 : iloc + 16])
    for at in range(iloc + 20, iloc + 20 + 18 * items, 18):  # where each item begins in the file
        made[at : at + 4] = struct.pack(">I", int.from_bytes(made[at : at + 4]) + more)
    made[ipma + 18] += 1
    made.insert(ipma + 19 + made[ipma + 18] - 1, 0x80 | number)
    made[ipma:ipma] = box
    return bytes(made)


def unusable(content: bytes, kind: str) -> str:
    """The problem that the decoder or the look before it finds; "" when there is none."""
    try:
        developed(content, kind)
    except Unusable as problem:
        return problem.problem
    return ""


def developed(content: bytes, kind: str = "document") -> Developed | None:
    """What becomes of a file, decoded in this process; None for what is no picture."""
    mime = look(content, kind)
    return pictures.develop(content, mime) if mime in PICTURES else None


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
