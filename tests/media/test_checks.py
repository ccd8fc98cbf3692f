"""What is accepted, what is refused and why, and that no metadata is left in what is kept."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from bot import media_checks
from bot.media_checks import MEGABYTE, Unusable, check
from tests.media.samples import MASHHAD, exif, film, ogg, pdf, picture

HEADS = [
    b"",
    picture()[:200],
    picture(form="PNG")[:60],
    b"GIF89a",
    b"RIFF\x00\x00\x01\x00WEBP",
    b"OggS",
    b"%PDF-",
    film()[:20],
]


def problem(content: bytes, kind: str) -> str:
    with pytest.raises(Unusable) as caught:
        check(content, kind)
    return caught.value.problem


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


# --- pictures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGBA"), ("GIF", "P")],
)
@pytest.mark.parametrize("kind", ["photo", "document"])
def test_pictures_of_every_kind_become_plain_jpegs(form: str, mode: str, kind: str) -> None:
    checked = check(picture(form=form, mode=mode), kind)
    assert (checked.kind, checked.mime, checked.width, checked.height) == ("photo", "image/jpeg", 640, 480)
    image = opened(checked.content)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 480))


def test_the_position_is_read_and_nothing_else_is_left() -> None:
    sent = picture(exif=exif(MASHHAD), comment=b"my comment", xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
    assert b"Secret Camera" in sent
    checked = check(sent, "document")
    assert checked.place == pytest.approx(MASHHAD, abs=1e-6)
    assert checked.original_is_clean is False
    assert not opened(checked.content).getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & opened(checked.content).info.keys()
    for trace in (b"Secret", b"comment", b"xmpmeta", b"Exif"):
        assert trace not in checked.content


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_the_position_is_read_from_other_formats_too(form: str) -> None:
    checked = check(picture(form=form, exif=exif((-33.85, -70.5))), "document")
    assert checked.place == pytest.approx((-33.85, -70.5), abs=1e-6)
    assert checked.original_is_clean is False


def test_a_picture_without_metadata_is_clean() -> None:
    checked = check(picture(), "photo")
    assert (checked.place, checked.original_is_clean) == (None, True)


@pytest.mark.parametrize(
    ("place", "gps"),
    [
        ((0.0, 0.0), {}),
        ((91.0, 59.0), {}),
        ((36.0, 181.0), {}),
        (MASHHAD, {"GPSLatitude": (36.0, 17.0)}),
        (MASHHAD, {"GPSLongitude": (IFDRational(0, 0), IFDRational(1), IFDRational(1))}),
    ],
)
def test_positions_that_cannot_be_are_ignored(place: tuple[float, float], gps: dict[str, Any]) -> None:
    assert check(picture(exif=exif(place, **gps)), "photo").place is None


@pytest.mark.filterwarnings("ignore:Tag data larger:UserWarning", "ignore:Corrupt EXIF:UserWarning")
def test_damaged_metadata_does_not_spoil_the_picture() -> None:
    sent = picture(exif=exif(MASHHAD))
    start = sent.index(b"Exif\x00\x00") + 6
    broken = sent[: start + 8] + b"\xff" * 40 + sent[start + 48 :]
    assert check(broken, "photo").width == 640


def test_a_lying_camera_is_turned_upright() -> None:
    checked = check(picture((600, 400), exif=exif(orientation=6)), "photo")
    assert (checked.width, checked.height) == (400, 600)
    image = opened(checked.content).convert("L")
    top, bottom = image.getpixel((200, 100)), image.getpixel((200, 500))
    assert isinstance(top, int | float)
    assert isinstance(bottom, int | float)
    assert top < 30 < bottom  # the dark left half is now above


def test_large_pictures_are_made_smaller_and_narrow_strips_wider() -> None:
    large = check(picture((5000, 2500), mode="L"), "document")
    assert (large.width, large.height) == (2560, 1280)
    strip = check(picture((1000, 20), mode="L"), "photo")
    assert (strip.width, strip.height) == (1000, 50)


def test_of_a_moving_gif_the_first_picture_is_kept() -> None:
    frames = [Image.new("P", (64, 64), color) for color in (1, 2, 3)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    assert getattr(opened(check(written.getvalue(), "photo").content), "n_frames", 1) == 1


def test_of_a_telephones_double_picture_the_first_is_kept() -> None:
    written = BytesIO()
    first, second = Image.new("RGB", (64, 48), "white"), Image.new("RGB", (32, 24), "black")
    first.save(written, "MPO", save_all=True, append_images=[second])
    checked = check(written.getvalue(), "photo")
    assert (checked.width, checked.height) == (64, 48)


def _png(width: int, height: int) -> bytes:
    """A PNG that claims a size and has a line of data."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(900))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(7000, 7000), (12_000, 12_000), (60_000, 60_000)])
def test_bombs_are_refused_by_what_they_claim(size: tuple[int, int]) -> None:
    assert problem(_png(*size), "photo") == "file-too-big"


# --- refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "document"])
def test_empty_and_oversized_files(kind: str) -> None:
    assert problem(b"", kind) == "file-empty"
    limit = (10 if kind == "photo" else 20) * MEGABYTE
    assert problem(picture() + bytes(limit), kind) == "file-too-big"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"hello, this is a text", "document"),
        (b"hello, this is a text", "photo"),
        (b"MZ\x90\x00" + bytes(500), "document"),
        (b"PK\x03\x04" + bytes(500), "document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo"),
        (pdf(), "photo"),
        (ogg(), "photo"),
        (picture(), "voice"),
        (picture(), "video"),
        (film(b"avif"), "document"),
        (b"BM" + bytes(500), "photo"),
    ],
)
def test_files_of_the_wrong_type(content: bytes, kind: str) -> None:
    assert problem(content, kind) == "file-type"


def test_heic_is_named_so_that_the_person_knows_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_checks, "_FORMATS", ("JPEG", "PNG"))
    assert problem(film(b"heic"), "document") == "file-heic"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture()[:-2000], "photo"),
        (picture(form="PNG")[:-3000], "photo"),
        (picture(form="WEBP")[:-500], "photo"),
        (picture()[:30], "photo"),
        (b"\xff\xd8\xff", "photo"),
        (b"\xff\xd8\xff" + b"\x00" * 5000, "document"),
        (ogg()[:-10], "voice"),
        (ogg() + b"Og", "voice"),
        (b"OggS", "voice"),
        (film()[:-10], "video"),
        (film()[:300][:200], "video"),
        (b"\x00\x00\x00\x00ftypisom", "video"),
        (pdf()[:-20], "document"),
        (b"ID3", "voice"),
    ],
)
def test_truncated_files_are_broken(content: bytes, kind: str) -> None:
    assert problem(content, kind) == "file-broken"


@pytest.mark.parametrize(
    ("content", "kind", "mime"),
    [
        (ogg(), "voice", "audio/ogg"),
        (b"ID3" + bytes(500), "voice", "audio/mpeg"),
        (film(b"M4A "), "voice", "audio/mp4"),
        (film(), "voice", "audio/mp4"),
        (film(), "video", "video/mp4"),
        (film(b"qt  "), "video", "video/quicktime"),
        (film(b"3gp5"), "video", "video/3gpp"),
        (pdf(), "document", "application/pdf"),
        (film(), "document", "video/mp4"),
    ],
)
def test_sounds_films_and_documents_are_kept_as_they_are(content: bytes, kind: str, mime: str) -> None:
    checked = check(content, kind)
    assert (checked.kind, checked.mime, checked.content) == (kind, mime, content)


@given(st.binary(max_size=400), st.sampled_from(["photo", "voice", "video", "document"]), st.sampled_from(HEADS))
def test_no_content_whatsoever_raises_anything_else(tail: bytes, kind: str, head: bytes) -> None:
    content = head + tail
    try:
        outcome = check(content, kind).mime
    except Unusable as unusable:
        outcome = unusable.problem
    assert outcome.startswith(("file-", "image/", "audio/", "video/", "application/"))
