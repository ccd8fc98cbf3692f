"""Albums: how many items, which together, and the words for what is wrong with one of them."""

import json
from typing import Any

import pytest
from aiohttp import FormData

from simulator.person import Person
from tests.simulator.conftest import Client, picture

PARSE = "can't parse InputMedia: "
Known = dict[str, str]


@pytest.fixture
async def known(client: Client, maryam: Person) -> Known:
    """A file id of each kind."""
    await maryam.photo(picture())
    await maryam.document(b"abc")
    for kind in ("video", "audio"):
        await maryam.file(kind, b"abc")
    photo, document, video, audio = [one["message"] for one in await client.updates()]
    rest = {"document": document["document"], "video": video["video"], "audio": audio["audio"]}
    return {"photo": photo["photo"][-1]["file_id"]} | {kind: one["file_id"] for kind, one in rest.items()}


def items(known: Known, *kinds: str) -> list[dict[str, str]]:
    return [{"type": kind, "media": known[kind]} for kind in kinds]


async def album(client: Client, media: object) -> tuple[int, str]:
    status, body = await client.call("sendMediaGroup", chat_id=1001, media=media)
    return status, str(body.get("description")).removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    "kinds", [["photo", "video"], ["document"] * 2, ["audio"] * 3, ["photo"] * 10, ["video", "photo", "video"]]
)
async def test_what_goes_together(client: Client, known: Known, maryam: Person, kinds: list[str]) -> None:
    sent = await client.ok("sendMediaGroup", chat_id=1001, media=items(known, *kinds))
    assert len({one["media_group_id"] for one in sent}) == 1
    assert [one.kind for one in maryam.messages(newest=len(kinds))] == kinds


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], "there are no messages to send"),
        (["photo"], "expected 2-10 media in the media group"),
        (["photo"] * 11, "too many messages to send as an album"),
        (["photo", "document"], "document can't be mixed with other media types"),
        (["audio", "video"], "audio can't be mixed with other media types"),
        (["document", "audio"], "document can't be mixed with other media types"),
    ],
)
async def test_what_does_not(client: Client, known: Known, maryam: Person, kinds: list[str], words: str) -> None:
    before = len(maryam.messages())
    assert await album(client, items(known, *kinds)) == (400, words)
    assert await album(client, json.dumps(items(known, *kinds))) == (400, words)
    assert len(maryam.messages()) == before


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("x", f"{PARSE}expected an Object"),
        ({"media": "x"}, f'{PARSE}Can\'t find field "type"'),
        ({"type": "photo"}, f"{PARSE}media not found"),
        ({"type": "photo", "media": "attach://gone"}, f"{PARSE}media not found"),
        ({"type": "animation", "media": "x"}, f'{PARSE}type "animation" can\'t be used in sendMediaGroup'),
        ({"type": "voice", "media": "x"}, f'{PARSE}type "voice" is unsupported'),
        (
            {"type": "photo", "media": "x", "caption": "<b>", "parse_mode": "HTML"},
            f"{PARSE}Can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"type": "photo", "media": "x", "caption": "آ" * 1025}, "message caption is too long"),
        ({"type": "photo", "media": "x"}, "wrong file identifier/HTTP URL specified"),
        (
            {"type": "photo", "media": "https://example.org/a.jpg"},
            'failed to send message #2 with the error message "Failed to get HTTP URL content"',
        ),
    ],
)
async def test_one_bad_item_spoils_the_album(client: Client, known: Known, item: Any, words: str) -> None:
    assert await album(client, [*items(known, "photo"), item]) == (400, words)


async def test_a_broken_picture_is_named_by_its_place(client: Client, known: Known, maryam: Person) -> None:
    form = FormData({"chat_id": "1001"})
    form.add_field("media", json.dumps([*items(known, "photo"), {"type": "photo", "media": "attach://one"}]))
    form.add_field("one", b"nonsense", filename="one.jpg")
    async with client.session.post(f"{client.url}/bot137:aa/sendMediaGroup", data=form) as answer:
        assert (answer.status, (await answer.json())["description"]) == (
            400,
            'Bad Request: failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"',
        )


@pytest.mark.parametrize("media", [None, "", 5, {"type": "photo"}])
async def test_what_is_no_album(client: Client, maryam: Person, media: object) -> None:
    words = "expected an Array of InputMedia" if media else 'parameter "media" is required'
    assert await album(client, media) == (400, words)
