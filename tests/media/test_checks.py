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

from bot.media_checks import MEGABYTE, check
from bot.media_types import Developed, Unusable, look
from tests.media.samples import MASHHAD, avif, developed, exif, film, heic, ogg, pdf, picture, unusable

HEADS = [
    b"",
    picture()[:200],
    picture(form="PNG")[:60],
    b"GIF89a",
    b"RIFF\x00\x00\x01\x00WEBP",
    b"OggS",
    b"%PDF-",
    film()[:20],
    heic((64, 48))[:300],
    avif((64, 48))[:300],
]


def made(content: bytes, kind: str = "document") -> Developed:
    picture_of_it = developed(content, kind)
    assert picture_of_it is not None
    return picture_of_it


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
    checked = made(picture(form=form, mode=mode), kind)
    assert (checked.width, checked.height) == (640, 480)
    image, small = opened(checked.content), opened(checked.thumbnail)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 480))
    assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (320, 240))
    assert len(checked.thumbnail) < 20_000


def test_the_position_is_read_and_nothing_else_is_left() -> None:
    sent = picture(exif=exif(MASHHAD), comment=b"my comment", xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
    assert b"Secret Camera" in sent
    checked = made(sent, "document")
    assert checked.place == pytest.approx(MASHHAD, abs=1e-6)
    assert checked.was_clean is False
    assert not opened(checked.content).getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & opened(checked.content).info.keys()
    for trace in (b"Secret", b"comment", b"xmpmeta", b"Exif"):
        assert trace not in checked.content


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_the_position_is_read_from_other_formats_too(form: str) -> None:
    checked = made(picture(form=form, exif=exif((-33.85, -70.5))), "document")
    assert checked.place == pytest.approx((-33.85, -70.5), abs=1e-6)
    assert checked.was_clean is False


def test_a_picture_without_metadata_is_clean() -> None:
    checked = made(picture(), "photo")
    assert (checked.place, checked.was_clean) == (None, True)


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
    assert made(picture(exif=exif(place, **gps)), "photo").place is None


@pytest.mark.filterwarnings("ignore:Tag data larger:UserWarning", "ignore:Corrupt EXIF:UserWarning")
def test_damaged_metadata_does_not_spoil_the_picture() -> None:
    sent = picture(exif=exif(MASHHAD))
    start = sent.index(b"Exif\x00\x00") + 6
    broken = sent[: start + 8] + b"\xff" * 40 + sent[start + 48 :]
    assert made(broken, "photo").width == 640


def test_a_lying_camera_is_turned_upright() -> None:
    checked = made(picture((600, 400), exif=exif(orientation=6)), "photo")
    assert (checked.width, checked.height) == (400, 600)
    image = opened(checked.content).convert("L")
    top, bottom = image.getpixel((200, 100)), image.getpixel((200, 500))
    assert isinstance(top, int | float)
    assert isinstance(bottom, int | float)
    assert top < 30 < bottom  # the dark left half is now above


def test_large_pictures_are_made_smaller_and_narrow_strips_wider() -> None:
    large = made(picture((5000, 2500), mode="L"), "document")
    assert (large.width, large.height) == (2560, 1280)
    strip = made(picture((1000, 20), mode="L"), "photo")
    assert (strip.width, strip.height) == (1000, 50)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_of_moving_pictures_the_first_is_kept(form: str) -> None:
    first, *rest = [Image.new("RGB", (64, 64), colour) for colour in ("white", "black", "black")]
    written = BytesIO()
    first.save(written, form, save_all=True, append_images=rest, duration=100)
    assert getattr(opened(written.getvalue()), "n_frames", 1) > 1
    image = opened(made(written.getvalue(), "photo").content)
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("L").getextrema() == (255, 255)


def test_of_a_telephones_double_picture_the_first_is_kept() -> None:
    written = BytesIO()
    first, second = Image.new("RGB", (64, 48), "white"), Image.new("RGB", (32, 24), "black")
    first.save(written, "MPO", save_all=True, append_images=[second])
    checked = made(written.getvalue(), "photo")
    assert (checked.width, checked.height) == (64, 48)


def _png(width: int, height: int) -> bytes:
    """A PNG that claims a size and has a line of data."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(900))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(7100, 7100), (12_000, 12_000), (60_000, 60_000)])
def test_bombs_are_refused_by_what_they_claim(size: tuple[int, int]) -> None:
    assert unusable(_png(*size), "photo") == "file-too-big"


# --- refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "document"])
async def test_empty_and_oversized_files(kind: str) -> None:
    limit = (10 if kind == "photo" else 20) * MEGABYTE
    for content, problem in ((b"", "file-empty"), (picture() + bytes(limit), "file-too-big")):
        with pytest.raises(Unusable) as caught:
            await check(content, kind)
        assert caught.value.problem == problem


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
        (b"BM" + bytes(500), "photo"),
    ],
)
def test_files_of_the_wrong_type(content: bytes, kind: str) -> None:
    assert unusable(content, kind) == "file-type"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture()[:-2000], "photo"),
        (picture((1600, 1200))[:200_000], "photo"),
        (picture(form="PNG")[:-3000], "photo"),
        (picture(form="WEBP")[:-500], "photo"),
        (picture(form="GIF")[:-3000], "photo"),
        (heic()[:-500], "document"),
        (avif()[:-500], "document"),
        (ogg()[:-10], "voice"),
        (ogg() + b"Og", "voice"),
        (b"OggS", "voice"),
        (film()[:-10], "video"),
        (film()[:200], "video"),
        (pdf()[:-20], "document"),
    ],
)
def test_what_did_not_arrive_whole_is_called_so(content: bytes, kind: str) -> None:
    assert unusable(content, kind) == "file-cut"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff", "photo"),
        (b"\xff\xd8\xff" + b"\x00" * 5000, "document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "photo"),
        (b"GIF89a" + bytes(300), "photo"),
        (b"RIFF\x04\x00\x00\x00WEBP", "photo"),
        (film(b"heic"), "document"),
        (film(b"avif"), "document"),
        (ogg() + b"MZ" * 100, "voice"),
        (b"\x00\x00\x00\x00ftypisom", "video"),
        (b"ID3", "voice"),
    ],
)
def test_what_only_begins_like_a_file_is_broken(content: bytes, kind: str) -> None:
    assert unusable(content, kind) == "file-broken"


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
async def test_sounds_films_and_documents_are_kept_as_they_are(content: bytes, kind: str, mime: str) -> None:
    checked = await check(content, kind)
    assert (checked.kind, checked.mime, checked.content) == (kind, mime, content)
    assert (checked.original_is_clean, checked.thumbnail) == (True, None)


@pytest.mark.parametrize(
    ("content", "kind", "mime"),
    [
        (picture(form="GIF", mode="P"), "video", "image/gif"),  # an animation on a messenger that keeps GIFs
        (picture() + b"PK\x03\x04" + bytes(500), "document", "image/jpeg"),
        (picture() + pdf(), "document", "image/jpeg"),
        (b"GIF89a" + picture()[6:], "photo", "image/gif"),
        (b"%PDF-1.7\n" + picture() + b"\n%%EOF", "document", "application/pdf"),
    ],
)
def test_of_a_file_that_is_two_things_the_first_bytes_decide(content: bytes, kind: str, mime: str) -> None:
    assert look(content, kind) == mime
    if mime == "image/jpeg":
        assert not {b"PK\x03\x04", b"%PDF"} & {made(content).content[-504:-500], made(content).content[:4]}
        assert b"%PDF" not in made(content).content


@given(st.binary(max_size=400), st.sampled_from(["photo", "voice", "video", "document"]), st.sampled_from(HEADS))
def test_no_content_whatsoever_raises_anything_else(tail: bytes, kind: str, head: bytes) -> None:
    content = head + tail
    problem = unusable(content, kind)
    assert problem.startswith("file-") or look(content, kind)
