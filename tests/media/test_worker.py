"""From a file_id in a row to a checked file on disk, or to a reason why not."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from bot import picture_process
from bot.media_worker import MOST_TRIES
from bot.messengers.failures import CallFailed, Failure
from bot.picture_process import NotDeveloped
from domain.draft import Slots
from storage import drafts, media, people
from storage.files import Files, StoreAway
from storage.tables import media as media_table
from tests.media.conftest import NOW, Bench, until
from tests.media.samples import MASHHAD, exif, film, heic, ogg, picture


async def test_a_document_with_a_position_becomes_a_clean_photo_on_disk(bench: Bench) -> None:
    number = await bench.sent("doc", picture(exif=exif(MASHHAD)), kind="document")
    await bench.work()
    row = await bench.row(number)
    assert (row.kind, row.state) == ("photo", "stored")
    assert row.place == pytest.approx(MASHHAD, abs=1e-6)
    assert bench.house.heard == [(number, "stored", "")]
    copy = await bench.copy(number, "bale")
    assert copy is not None
    assert copy.file_id is None  # the messenger's copy is a document, and still says where
    assert copy.stored is not None
    with copy.stored.open("rb") as handle:
        kept = handle.read()
    assert b"Secret Camera" not in kept
    assert Image.open(BytesIO(kept)).size == (640, 480)


async def test_a_clean_photo_keeps_its_name_on_its_messenger_and_is_stored_for_others(bench: Bench) -> None:
    number = await bench.sent("plain", picture())
    await bench.work()
    here, there = await bench.copy(number, "bale"), await bench.copy(number, "telegram")
    assert here is not None
    assert there is not None
    assert (here.file_id, there.file_id) == ("plain", None)
    assert here.stored == there.stored
    async with bench.database.write() as tx:
        await media.learn_copy(tx, number, "telegram", "learned")
        await media.learn_copy(tx, number, "telegram", "learned again")
    there = await bench.copy(number, "telegram")
    assert there is not None
    assert there.file_id == "learned again"


async def test_the_same_content_is_stored_once(bench: Bench) -> None:
    content = ogg()
    numbers = [await bench.sent(name, content, kind="voice") for name in ("a", "b", "c")]
    await bench.work()
    stored = {copy.stored for number in numbers if (copy := await bench.copy(number, "bale"))}
    assert len(stored) == 1
    assert sorted(number for number, _, _ in bench.house.heard) == numbers
    assert len([path for path in bench.files.root.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        (b"", "photo", "file-empty"),
        (picture()[:-2000], "photo", "file-cut"),
        (b"MZ" + bytes(100), "document", "file-type"),
        (picture() + bytes(10 * 1024 * 1024), "photo", "file-too-big"),
        (None, "photo", "file-gone"),
    ],
)
async def test_unusable_files_are_refused_with_a_reason(
    bench: Bench, content: bytes | None, kind: str, problem: str
) -> None:
    number = await bench.sent("bad", content, kind=kind)
    await bench.work()
    assert bench.house.heard == [(number, "refused", problem)]
    assert await bench.copy(number, "bale") is None


async def test_a_file_announced_as_too_big_is_not_even_fetched(bench: Bench) -> None:
    number = await bench.sent("huge", picture(), kind="video", size=21 * 1024 * 1024)
    await bench.work()
    assert bench.house.heard == [(number, "refused", "file-too-big")]
    assert bench.shelf.asked == []


async def test_network_trouble_is_tried_again_later_and_later(bench: Bench) -> None:
    trouble = [CallFailed(Failure.NETWORK), CallFailed(Failure.SERVER), CallFailed(Failure.RATE, retry_after=30)]
    bench.shelf.failures["x"] = list(trouble)
    number = await bench.sent("x", picture())
    waits = []
    for _ in trouble:
        await bench.work()
        assert (await bench.row(number)).state == "waiting"
        async with bench.database.read() as tx:
            due = await tx.scalar(sa.select(media_table.c.not_before).where(media_table.c.id == number))
        assert due is not None
        waits.append((due - bench.clock.now()).total_seconds())
        bench.clock.moment = due
    assert waits == [2, 4, 30]
    await bench.work()
    assert bench.house.heard == [(number, "stored", "")]


async def test_a_messenger_away_for_hours_ends_in_a_refusal(bench: Bench) -> None:
    bench.shelf.failures["x"] = [CallFailed(Failure.NETWORK)] * MOST_TRIES
    number = await bench.sent("x", picture())
    for _ in range(MOST_TRIES):
        await bench.work()
        bench.clock.move(minutes=10)
    assert bench.house.heard == [(number, "refused", "file-gone")]
    assert len(bench.shelf.asked) == MOST_TRIES


async def test_when_the_house_fails_nothing_is_written_and_it_is_asked_again(bench: Bench) -> None:
    bench.house.fails = 1
    number = await bench.sent("x", picture())
    await bench.work()
    assert (await bench.row(number)).state == "waiting"
    bench.clock.move(seconds=3)
    await bench.work()
    assert bench.house.heard == [(number, "stored", "")]


async def test_a_house_that_always_fails_does_not_hold_the_file_for_ever(bench: Bench) -> None:
    bench.house.fails = MOST_TRIES
    number = await bench.sent("x", ogg(), kind="voice")
    for _ in range(MOST_TRIES):
        await bench.work()
        bench.clock.move(minutes=10)
    assert (await bench.row(number)).state == "stored"
    assert bench.house.heard == []


class _Away(Files):
    """A store that is away as often as it is told to be."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.times, self.asked = 0, 0

    def _check(self) -> None:
        self.asked += 1
        if self.times:
            self.times -= 1
            raise StoreAway("writing to the bucket: MaxRetryError")

    def has(self, sha256: str, mime: str) -> bool:
        self._check()
        return super().has(sha256, mime)

    def keep(self, content: bytes, mime: str) -> str:
        self._check()
        return super().keep(content, mime)


async def test_a_store_that_is_away_costs_no_file_and_no_try(
    bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench.worker._store = store = _Away(tmp_path / "media")
    store.times = MOST_TRIES * 3
    caplog.set_level("INFO")
    numbers = [await bench.sent(name, picture()) for name in ("a", "b")]
    while store.times:
        await bench.work()
        bench.clock.move(seconds=20)
    await bench.work()
    assert sorted(bench.house.heard) == [(number, "stored", "") for number in numbers]
    assert len(bench.shelf.asked) <= 2 * len(numbers)  # while it is known to be away nothing is fetched
    async with bench.database.read() as tx:
        assert set(await tx.scalars(sa.select(media_table.c.attempts))) == {0}
    told = [record.getMessage() for record in caplog.records if "store of files" in record.getMessage()]
    assert told == [
        "the store of files is away, files wait: writing to the bucket: MaxRetryError",
        "the store of files is back",
    ]


async def test_a_process_that_is_always_killed_ends_in_a_refusal(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed(_content: bytes, _mime: str) -> None:
        raise NotDeveloped("the decoding process ended with status -9")

    monkeypatch.setattr(picture_process, "develop", killed)
    number = await bench.sent("x", picture())
    for _ in range(MOST_TRIES):
        assert (await bench.row(number)).state == "waiting"
        await bench.work()
        bench.clock.move(minutes=10)
    assert bench.house.heard == [(number, "refused", "file-broken")]


async def test_a_small_picture_is_kept_beside_each_picture(bench: Bench) -> None:
    number = await bench.sent("x", picture((3000, 2000)), kind="document")
    await bench.work()
    row = await bench.row(number)
    with bench.files.open(row.thumbnail, "image/jpeg") as handle:
        small = Image.open(handle)
        assert (small.format, small.size) == ("JPEG", (320, 213))
    assert len(list(bench.files.root.rglob("*.jpg"))) == 2


@pytest.mark.parametrize(
    ("small", "kept"),
    [(picture((320, 180), exif=exif(MASHHAD)), True), (b"", False), (b"MZ" * 50, False), (None, False)],
)
async def test_of_a_film_the_messengers_own_small_picture_is_kept(
    bench: Bench, small: bytes | None, kept: bool
) -> None:
    if small is not None:
        bench.shelf.files["small"] = small
    number = await bench.sent("film", film(), kind="video", thumbnail="small")
    plain = await bench.sent("other", film(b"qt  "), kind="video")
    await bench.work()
    assert bench.shelf.asked.count("small") == 1
    row = await bench.row(number)
    assert (row.state, bool(row.thumbnail)) == ("stored", kept)
    assert (await bench.row(plain)).thumbnail == ""
    if kept:
        with bench.files.open(row.thumbnail, "image/jpeg") as handle:
            assert b"Secret Camera" not in handle.read()


@pytest.mark.parametrize(
    ("content", "kind", "becomes"),
    [
        (picture(form="GIF", mode="P"), "video", "photo"),
        (picture(form="WEBP"), "video", "photo"),
        (film(), "video", "video"),
        (heic(exif=exif(MASHHAD)), "document", "photo"),
    ],
)
async def test_what_is_sent_as_one_thing_may_be_kept_as_another(
    bench: Bench, content: bytes, kind: str, becomes: str
) -> None:
    number = await bench.sent("x", content, kind=kind)
    await bench.work()
    row, copy = await bench.row(number), await bench.copy(number, "bale")
    assert (row.state, row.kind) == ("stored", becomes)
    assert copy is not None
    assert (copy.file_id is None) == (kind != becomes)


async def test_one_stuck_download_does_not_hold_up_the_others(bench: Bench) -> None:
    release = asyncio.Event()
    fetch = bench.shelf.download

    async def slow(file_id: str, limit_bytes: int) -> bytes:
        if file_id == "slow":
            await release.wait()
        return await fetch(file_id, limit_bytes)

    bench.shelf.download = slow  # type: ignore[method-assign]
    await bench.sent("slow", picture())
    others = [await bench.sent(f"quick{n}", picture()) for n in range(5)]

    async def others_done() -> bool:
        return len(bench.house.heard) == len(others)

    async with bench.working(), asyncio.timeout(20):
        await until(others_done)
        assert not await bench.worker.idle()
        release.set()
    assert len(bench.house.heard) == 6
    assert sorted(bench.shelf.asked) == sorted(["slow", *(f"quick{n}" for n in range(5))])  # each fetched once


async def test_the_loop_stays_free_while_a_large_picture_is_decoded(bench: Bench) -> None:
    loop = asyncio.get_running_loop()
    longest = []  # of each try: something else may hold up the machine during one of them
    for number in range(3):
        await bench.sent(f"large{number}", picture((5000, 4000), mode="L"), kind="document")
        longest.append(0.0)
        async with bench.working():
            while len(bench.house.heard) == number:
                before = loop.time()
                await asyncio.sleep(0.005)
                longest[-1] = max(longest[-1], loop.time() - before)
    assert min(longest) < 0.25


async def test_a_file_sent_twice_to_one_draft_is_one_row(bench: Bench) -> None:
    async with bench.database.write() as tx:
        account = await people.meet(tx, "bale", 1203344551, "مریم", NOW)
        draft = (await drafts.begin(tx, account.id, Slots(), NOW)).id
    about: dict[str, Any] = {"draft_id": draft, "file_unique_id": "u1"}
    first = await bench.sent("x", picture(), **about)
    assert await bench.sent("x", **about) == first
    assert await bench.sent("y", draft_id=draft, file_unique_id="u2") != first
    assert await bench.sent("x", file_unique_id="u1") != first
    async with bench.database.read() as tx:
        assert await media.unchecked(tx, [first, 999]) == {first}
    await bench.work()
    async with bench.database.read() as tx:
        assert await media.unchecked(tx, [first]) == set()
        assert await media.get(tx, 999) is None
