"""Pictures of an iPhone, which sends them as files, and others of the newer formats."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from bot import pictures
from bot.media_types import look, type_of
from tests.media.samples import MASHHAD, avif, developed, exif, heic, picture, turned, unusable


def _shown(content: bytes) -> Image.Image:
    made = developed(content)
    assert made is not None
    image = Image.open(BytesIO(made.content))
    image.load()
    return image


def _dark(image: Image.Image) -> str:
    """Which side is the dark half on?"""
    width, height = image.size
    middle = {
        "left": (width // 8, height // 2),
        "right": (width * 7 // 8, height // 2),
        "top": (width // 2, height // 8),
        "bottom": (width // 2, height * 7 // 8),
    }
    shades = {side: sum(_shade(image, x + dx, y) for dx in range(-5, 6)) for side, (x, y) in middle.items()}
    return min(shades, key=shades.__getitem__)


def _shade(image: Image.Image, x: int, y: int) -> float:
    pixel = image.convert("L").getpixel((x, y))
    assert isinstance(pixel, int | float)
    return float(pixel)


@pytest.mark.parametrize("make", [heic, avif])
def test_the_newer_formats_become_jpegs_and_their_position_is_read(make: object) -> None:
    assert callable(make)
    sent = make((600, 400), exif=exif(MASHHAD))
    assert b"Secret Camera" in sent
    made = developed(sent)
    assert made is not None
    assert (made.width, made.height, made.was_clean) == (600, 400, False)
    assert made.place == pytest.approx(MASHHAD, abs=1e-6)
    for written in (made.content, made.thumbnail):
        assert type_of(written) == "image/jpeg"
        assert b"Secret" not in written
        assert not Image.open(BytesIO(written)).getexif()


@pytest.mark.parametrize(
    ("quarters", "size", "dark"), [(1, (400, 600), "bottom"), (2, (600, 400), "right"), (3, (400, 600), "top")]
)
def test_a_heic_is_turned_by_its_own_box_and_not_again_by_its_exif(
    quarters: int, size: tuple[int, int], dark: str
) -> None:
    image = _shown(turned(heic((600, 400), exif=exif(orientation=6)), quarters))
    assert (image.size, _dark(image)) == (size, dark)


@pytest.mark.parametrize(("orientation", "dark"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")])
def test_an_avif_is_turned_once(orientation: int, dark: str) -> None:
    assert _dark(_shown(avif((600, 400), exif=exif(orientation=orientation)))) == dark


@pytest.mark.parametrize(
    ("brands", "mime"),
    [
        (b"heic\0\0\0\0mif1heic", "image/heic"),
        (b"mif1\0\0\0\0mif1heic", "image/heic"),
        (b"mif1\0\0\0\0mif1avifmiaf", "image/avif"),
        (b"msf1\0\0\0\0hevcmif1", "image/heic"),
        (b"isom\0\0\0\0isomavc1", "video/mp4"),
    ],
)
def test_the_brands_tell_what_it_is(brands: bytes, mime: str) -> None:
    assert type_of((8 + len(brands)).to_bytes(4) + b"ftyp" + brands + bytes(40)) == mime


@pytest.mark.parametrize("side", [60_000, 30_000, 7_100])
def test_a_heic_that_claims_to_be_huge_is_refused_before_it_is_decoded(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = bytearray(heic())
    at = sent.index(b"ispe") + 8
    sent[at : at + 8] = side.to_bytes(4) * 2
    monkeypatch.setattr(pictures, "_plain", lambda _image: pytest.fail("it was decoded"))
    assert unusable(bytes(sent), "document") == "file-too-big"


def test_a_heic_of_many_pictures_is_refused_and_of_a_few_the_first_is_kept() -> None:
    def made(count: int) -> bytes:
        first, *rest = [Image.new("RGB", (64, 48), (number % 250, 9, 9)) for number in range(count)]
        written = BytesIO()
        first.save(written, "HEIF", save_all=True, append_images=rest)
        return written.getvalue()

    heic()  # has the format known
    assert unusable(made(101), "document") == "file-too-big"
    assert _shown(made(3)).size == (64, 48)


def test_colours_of_another_space_look_as_they_did() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    assert look(picture(icc_profile=b"not a profile at all"), "photo") == "image/jpeg"
    assert _shown(picture(icc_profile=b"not a profile at all")).size == (640, 480)
    swapped = picture(icc_profile=profile.tobytes())
    assert _shown(swapped).info.get("icc_profile") is None


def test_deep_grey_keeps_its_shades() -> None:
    written = BytesIO()
    ramp = Image.new("I;16", (256, 64))
    for x in range(256):
        for y in range(64):
            ramp.putpixel((x, y), x * 257)
    ramp.save(written, "PNG")
    image = _shown(written.getvalue())
    assert abs(_shade(image, 128, 30) - 128) < 6
    assert _shade(image, 5, 30) < 12
    assert _shade(image, 250, 30) > 243
