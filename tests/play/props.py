"""Things that people send: pictures with and without a place in them, sounds, broken files."""

import io
from functools import cache

import pillow_heif
from PIL import Image, ImageDraw

_GPS_IFD = 0x8825


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = abs(value) % 1 * 60
    return float(int(abs(value))), float(int(minutes)), round(minutes % 1 * 60, 4)


@cache
def picture(number: int = 0, at: tuple[float, float] | None = None, side: int = 320) -> bytes:
    """Draw a JPEG, another one for each number; `at` goes into its EXIF as the place it was taken."""
    image = Image.new("RGB", (side, side * 3 // 4), (40 + number * 17 % 200, 120, 90))
    ImageDraw.Draw(image).ellipse((20, 20, 60 + number % 90, 90), fill=(200, 60 + number % 150, 30))
    exif = Image.Exif()
    exif[0x010F] = "Pocket"
    if at is not None:
        lat, lon = at
        exif[_GPS_IFD] = {
            1: "N" if lat >= 0 else "S",
            2: _degrees(lat),
            3: "E" if lon >= 0 else "W",
            4: _degrees(lon),
        }
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()


def heic() -> bytes:
    """What an iPhone sends as a file: HEIC, with the place it was taken at."""
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture(9, at=(36.315, 59.545)))) as image:
        image.save(out, "HEIF", exif=image.getexif())
    return out.getvalue()


def moving() -> bytes:
    """A GIF of three pictures."""
    first, *rest = [Image.new("P", (160, 120), number) for number in range(3)]
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=rest)
    return out.getvalue()


def truncated() -> bytes:
    """A JPEG whose second half never arrived."""
    whole = picture(7)
    return whole[: len(whole) // 2]


def oversized() -> bytes:
    """More bytes than a messenger lets a bot fetch (20 MB), looking like a JPEG at the start."""
    return picture(8) + b"\0" * (21 * 1024 * 1024)


def sound() -> bytes:
    """The first page of an Ogg Opus stream, as voice notes are."""
    head = b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
    return b"OggS\x00\x02" + b"\0" * 8 + b"\x01\x00\x00\x00" + b"\0" * 8 + b"\x01\x13" + head


def film() -> bytes:
    """The outermost boxes of an MP4 file."""
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08moov" + b"\x00\x00\x00\x08mdat"


def paper() -> bytes:
    """A PDF of one empty page."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


FILES = {
    "pdf": ("letter.pdf", "application/pdf", paper),
    "exe": ("setup.exe", "application/octet-stream", lambda: b"MZ" + b"\0" * 64),
    "heic": ("IMG_0137.HEIC", "image/heic", heic),
    "gif": ("moving.gif", "image/gif", moving),
    "empty": ("photo.jpg", "image/jpeg", lambda: b""),
    "truncated": ("photo.jpg", "image/jpeg", truncated),
    "oversized": ("photo.jpg", "image/jpeg", oversized),
}
"""Documents by the name a script gives them: file name, announced type, content."""
