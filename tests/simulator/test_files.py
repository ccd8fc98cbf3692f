"""Files: ids belong to one bot, links live an hour, photos lose their EXIF in Telegram."""

import asyncio
import io
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client, picture


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    return picture(exif=exif.tobytes())


async def fetch(client: Client, file_id: str, token: str = "137:aa") -> bytes:
    path = (await client.ok("getFile", token, file_id=file_id))["file_path"]
    async with client.session.get(f"{client.url}/file/bot{token}/{path}") as answer:
        assert answer.status == 200
        return await answer.read()


async def test_telegram_photos_lose_exif_and_documents_keep_it(client: Client, maryam: Person) -> None:
    await maryam.photo(with_position())
    await maryam.document(with_position())
    photo, document = [one["message"] for one in await client.updates()]
    sent = await fetch(client, photo["photo"][-1]["file_id"])
    assert dict(Image.open(io.BytesIO(sent)).getexif()) == {}
    assert await fetch(client, document["document"]["file_id"]) == with_position()
    small = await fetch(client, photo["photo"][0]["file_id"])
    assert Image.open(io.BytesIO(small)).size == (90, 68)


Shown = dict[str, Any]


async def assert_true(client: Client, shown: Shown, token: str = "137:aa") -> None:
    """Width, height and size of a picture are those of the bytes that are downloaded."""
    data = await fetch(client, shown["file_id"], token)
    assert len(data) == shown["file_size"]
    assert Image.open(io.BytesIO(data)).size == (shown["width"], shown["height"])


def sides(sizes: list[Shown]) -> list[tuple[int, int]]:
    return [(one["width"], one["height"]) for one in sizes]


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (60, 80, [(60, 80)]),
        (640, 480, [(90, 68), (320, 240), (640, 480)]),
        (721, 1283, [(51, 90), (180, 320), (449, 800), (719, 1280)]),
        (2400, 1600, [(90, 60), (320, 213), (800, 533), (1280, 853)]),
    ],
)
async def test_photos_come_in_sizes(
    client: Client, maryam: Person, width: int, height: int, expected: list[tuple[int, int]]
) -> None:
    await maryam.photo(picture(width, height))
    sizes = (await client.updates())[0]["message"]["photo"]
    assert sides(sizes) == expected
    sent = await client.ok("sendPhoto", chat_id=1001, photo=sizes[0]["file_id"])
    assert sent["photo"] == sizes
    for one in sizes:
        await assert_true(client, one)


async def test_photos_sent_at_once_keep_their_own_sizes(client: Client, maryam: Person) -> None:
    await asyncio.gather(*[maryam.photo(picture(640, 480 - n)) for n in range(8)])
    for update in await client.updates():
        sizes = update["message"]["photo"]
        again = await client.ok("sendPhoto", chat_id=1001, photo=sizes[-1]["file_id"])
        assert again["photo"] == sizes


async def test_bale_photos_come_in_sizes_too(client: Client, bale_maryam: Person) -> None:
    await bale_maryam.photo(picture(2400, 1600))
    sizes = (await client.updates("137:cc"))[-1]["message"]["photo"]
    assert sides(sizes) == [(90, 60), (320, 213), (800, 533), (1280, 853), (2400, 1600)]
    for one in sizes:
        await assert_true(client, one, "137:cc")


async def test_pictures_sent_as_files_have_a_thumbnail(client: Client, maryam: Person) -> None:
    await maryam.document(picture(2400, 1600))
    await maryam.document(picture(100, 50))
    await maryam.document(b"%PDF", name="a.pdf", mime="application/pdf")
    await maryam.document(picture()[:300])
    large, little, pdf, broken = [one["message"]["document"] for one in await client.updates()]
    assert sides([large["thumbnail"], little["thumbnail"]]) == [(320, 213), (100, 50)]
    await assert_true(client, large["thumbnail"])
    assert "thumbnail" not in pdf
    assert "thumbnail" not in broken
    assert await client.refusal("sendPhoto", chat_id=1001, photo=large["thumbnail"]["file_id"]) == (
        400,
        "Bad Request: can't use file of type Thumbnail as Photo",
    )


async def test_films_have_a_thumbnail_in_telegram(client: Client, maryam: Person, bale_maryam: Person) -> None:
    await maryam.video(b"film")
    await maryam.file("animation", b"film", width=100, height=400)
    await maryam.voice()
    film, animation, voice = [one["message"] for one in await client.updates()]
    assert sides([film["video"]["thumbnail"], animation["animation"]["thumbnail"]]) == [(320, 180), (80, 320)]
    await assert_true(client, film["video"]["thumbnail"])
    assert set(voice["voice"]) == {"file_id", "file_unique_id", "file_size", "mime_type", "duration"}
    await bale_maryam.video(b"film")
    await bale_maryam.document(picture())
    film, document = [one["message"] for one in (await client.updates("137:cc"))[-2:]]
    assert "thumbnail" not in film["video"]
    assert sides([document["document"]["thumbnail"]]) == [(320, 240)]


async def test_a_thumbnail_sent_along_is_taken(client: Client, maryam: Person) -> None:
    async def send(small: bytes) -> Shown:
        form = FormData({"chat_id": "1001", "thumbnail": "attach://small"})
        form.add_field("video", b"film", filename="a.mp4")
        form.add_field("small", small, filename="small.jpg")
        async with client.session.post(f"{client.url}/bot137:aa/sendVideo", data=form) as answer:
            shown: Shown = (await answer.json())["result"]["video"]["thumbnail"]
            return shown

    assert await fetch(client, (await send(picture(200, 320)))["file_id"]) == picture(200, 320)
    assert sides([await send(picture(200, 321)), await send(b"nonsense")]) == [(320, 180)] * 2


async def test_large_photos_are_drawn_smaller(client: Client, maryam: Person) -> None:
    await maryam.photo(picture(3000, 2000))
    sizes = (await client.updates())[0]["message"]["photo"]
    assert [(one["width"], one["height"]) for one in sizes][-1] == (1280, 853)


async def test_what_is_no_picture_is_passed_on_as_it_is(client: Client, maryam: Person) -> None:
    for data in (b"", b"nonsense", picture()[:300]):
        await maryam.photo(data)
        sizes = (await client.updates())[-1]["message"]["photo"]
        assert len(sizes) == 1
        assert await fetch(client, sizes[-1]["file_id"]) == data


async def test_bale_photos_keep_their_bytes(client: Client, bale_maryam: Person) -> None:
    await bale_maryam.photo(with_position())
    photo = (await client.updates("137:cc"))[-1]["message"]["photo"]
    assert await fetch(client, photo[-1]["file_id"], "137:cc") == with_position()


async def test_ids_belong_to_one_bot(client: Client, maryam: Person) -> None:
    await maryam.photo(picture())
    file_id = (await client.updates())[0]["message"]["photo"][-1]["file_id"]
    again = await client.ok("sendPhoto", chat_id=1001, photo=file_id, caption="دوباره")
    assert again["photo"][-1]["file_id"] == file_id
    await maryam.start(bot="other_bot")
    for wrong in (file_id, "AgACAgQ_1_1", "junk"):
        assert await client.refusal("sendPhoto", "138:bb", chat_id=1001, photo=wrong) == (
            400,
            "Bad Request: wrong file identifier/HTTP URL specified",
        )
    assert await client.refusal("getFile", "138:bb", file_id=file_id) == (400, "Bad Request: invalid file_id")
    assert (await client.refusal("sendDocument", chat_id=1001, document=file_id))[1] == (
        "Bad Request: can't use file of type Photo as Document"
    )


async def test_links_die_after_an_hour(client: Client, maryam: Person, sim: Simulator) -> None:
    await maryam.photo(picture())
    file_id = (await client.updates())[0]["message"]["photo"][-1]["file_id"]
    path = (await client.ok("getFile", file_id=file_id))["file_path"]
    sim.set_clock(3601)
    async with client.session.get(f"{client.url}/file/bot137:aa/{path}") as answer:
        assert answer.status == 404
    async with client.session.get(f"{client.url}/file/bot138:bb/{path}") as answer:
        assert answer.status == 404


async def test_albums_of_a_bot_by_upload_and_id(client: Client, maryam: Person) -> None:
    await maryam.photo(picture())
    file_id = (await client.updates())[0]["message"]["photo"][-1]["file_id"]
    form = FormData({"chat_id": "1001"})
    form.add_field(
        "media", f'[{{"type":"photo","media":"attach://one","caption":"نو"}},{{"type":"photo","media":"{file_id}"}}]'
    )
    form.add_field("one", picture(colour="red"), filename="one.jpg")
    async with client.session.post(f"{client.url}/bot137:aa/sendMediaGroup", data=form) as answer:
        sent = (await answer.json())["result"]
    assert sent[0]["media_group_id"] == sent[1]["media_group_id"]
    seen = maryam.messages()[-2:]
    assert [one.text for one in seen] == ["نو", ""]
    assert seen[0].album == seen[1].album
    one = [{"type": "photo", "media": file_id}]
    assert (await client.refusal("sendMediaGroup", chat_id=1001, media=one))[0] == 400
    mixed = [*one, {"type": "document", "media": file_id}]
    assert (await client.refusal("sendMediaGroup", chat_id=1001, media=mixed))[1] == (
        "Bad Request: document can't be mixed with other media types"
    )


async def test_photo_is_replaced_and_caption_changed(client: Client, maryam: Person) -> None:
    await maryam.photo(picture())
    await maryam.photo(picture(colour="red"))
    first, second = [one["message"]["photo"][-1]["file_id"] for one in await client.updates()]
    sent = await client.ok("sendPhoto", chat_id=1001, photo=first, caption="پیش")
    here = {"chat_id": 1001, "message_id": sent["message_id"]}
    await client.ok("editMessageCaption", **here, caption="پس")
    await client.ok("editMessageMedia", **here, media={"type": "photo", "media": second, "caption": "پس"})
    seen = maryam.messages()[-1]
    assert (seen.text, seen.edited) == ("پس", True)
    assert seen.file is not None
    assert seen.file.id_for(137) == second
    assert await client.ok("copyMessage", chat_id=1001, from_chat_id=1001, message_id=sent["message_id"]) == {
        "message_id": sent["message_id"] + 1
    }


async def test_too_large_pictures_have_no_thumbnail(client: Client, maryam: Person) -> None:
    for side in (5001, 10_000):  # the second one is a decompression bomb to Pillow
        out = io.BytesIO()
        Image.new("1", (side, side)).save(out, "PNG")
        await maryam.document(out.getvalue())
    await maryam.document(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    assert ["thumbnail" in one["message"]["document"] for one in await client.updates()] == [False] * 3


async def test_an_animation_is_as_large_as_its_picture(client: Client, maryam: Person) -> None:
    out = io.BytesIO()
    Image.new("P", (50, 40)).save(out, "GIF")
    await maryam.file("animation", out.getvalue(), width=7, height=7)
    [update] = await client.updates()
    assert sides([update["message"]["animation"]]) == [(50, 40)]
