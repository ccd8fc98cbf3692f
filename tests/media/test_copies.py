"""What was once sent to a messenger, or came from it, is not uploaded there again, whoever sends it."""

from datetime import timedelta

import pytest

from storage import media
from storage.media import MediaFile
from tests.media.conftest import NOW, Bench
from tests.media.samples import MASHHAD, exif, ogg, picture


async def _copy(bench: Bench, number: int, messenger: str) -> MediaFile:
    copy = await bench.copy(number, messenger)
    assert copy is not None
    return copy


async def _learn(bench: Bench, number: int, messenger: str, file_id: str) -> None:
    async with bench.database.write() as tx:
        await media.learn_copy(tx, number, messenger, file_id)


async def test_the_same_content_of_two_people_is_uploaded_once(bench: Bench) -> None:
    content = picture()
    first, second = [await bench.sent(name, content) for name in ("one", "two")]
    other = await bench.sent("other", picture((320, 240)))
    await bench.work()
    assert (await _copy(bench, second, "telegram")).file_id is None
    await _learn(bench, first, "telegram", "uploaded")
    assert (await _copy(bench, second, "telegram")).file_id == "uploaded"
    assert (await _copy(bench, other, "telegram")).file_id is None
    assert (await _copy(bench, second, "bale")).file_id == "two"  # its own name first


async def test_what_came_clean_from_a_messenger_is_known_there_for_all(bench: Bench) -> None:
    content = picture()
    unclean = await bench.sent("says where", picture(exif=exif(MASHHAD)))
    await bench.work()
    assert (await _copy(bench, unclean, "bale")).file_id is None
    clean = await bench.sent("says nothing", content)
    again = await bench.sent("as a document", content, kind="document")
    await bench.work()
    assert (await _copy(bench, clean, "bale")).file_id == "says nothing"
    assert (await _copy(bench, again, "bale")).file_id == "says nothing"  # a photo as well, once it was checked


async def test_a_copy_with_metadata_is_never_used_by_anybody(bench: Bench) -> None:
    content = picture(exif=exif(MASHHAD))
    numbers = [await bench.sent(name, content, kind=kind) for name, kind in (("a", "photo"), ("b", "document"))]
    await bench.work()
    for number in numbers:
        assert (await _copy(bench, number, "bale")).file_id is None
    await _learn(bench, numbers[0], "bale", "ours")
    for number in numbers:
        assert (await _copy(bench, number, "bale")).file_id == "ours"


async def test_a_name_the_messenger_forgot_is_replaced_wherever_it_stood(bench: Bench) -> None:
    content = ogg()
    numbers = [await bench.sent(name, content, kind="voice") for name in ("a", "b", "c")]
    await bench.work()
    await _learn(bench, numbers[0], "telegram", "stale")
    await _learn(bench, numbers[1], "telegram", "fresh")  # the stale one was refused, the file uploaded again
    assert {(await _copy(bench, number, "telegram")).file_id for number in numbers} == {"fresh"}
    await _learn(bench, numbers[1], "bale", "fresh there")
    assert {(await _copy(bench, number, "bale")).file_id for number in numbers} == {"fresh there"}


async def test_the_same_bytes_as_another_kind_have_their_own_name(bench: Bench) -> None:
    content = ogg()
    voice = await bench.sent("voice", content, kind="voice")
    paper = await bench.sent("paper", content, kind="document")
    await bench.work()
    await _learn(bench, voice, "telegram", "a voice")
    assert (await _copy(bench, paper, "telegram")).file_id is None
    assert (await _copy(bench, paper, "bale")).file_id == "paper"


@pytest.mark.parametrize("messenger", ["bale", "telegram"])
async def test_what_was_not_checked_is_not_shown_to_anybody(bench: Bench, messenger: str) -> None:
    number = await bench.sent("unchecked", picture(exif=exif(MASHHAD)), kind="document")
    assert await bench.copy(number, messenger) is None
    bench.clock.moment = NOW + timedelta(hours=1)
    assert await bench.copy(number, messenger) is None
