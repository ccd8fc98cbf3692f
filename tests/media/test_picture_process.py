"""Hostile pictures: each ends in a reason, within its limits, and the bot's loop goes on meanwhile."""

import asyncio
import os
import resource
import struct
import sys
import time
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot import picture_child, picture_process
from bot.media_types import Unusable, type_of
from bot.picture_process import NotDeveloped, develop
from tests.media.samples import MASHHAD, exif, heic, picture

_LONGEST_PAUSE = 0.3  # seconds the loop may stand still on a machine with other work


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _png(width: int, height: int, *more: bytes) -> bytes:
    """A PNG with alpha that holds all it claims, in a few kilobytes."""
    packer = zlib.compressobj(9)
    line = b"\0" + bytes(width * 4)
    packed = b"".join([packer.compress(line) for _ in range(height)] + [packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"".join([
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", head),
        *more,
        _chunk(b"IDAT", packed),
        _chunk(b"IEND", b""),
    ])  # fmt: skip


def _packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(megabytes)] + [packer.flush()])


def _jpeg(size: tuple[int, int] = (64, 64), **options: bool) -> bytes:
    written = BytesIO()
    Image.new("RGB", size).save(written, "JPEG", **options)
    return written.getvalue()


def _many_scans() -> bytes:
    sent = _jpeg((3000, 3000), progressive=True)
    last = sent[sent.rindex(b"\xff\xda") : -2]
    return sent[:-2] + last * 5000 + b"\xff\xd9"


def _after_start(segment: bytes, times: int) -> bytes:
    sent = _jpeg()
    return sent[:2] + segment * times + sent[2:]


def _gif(frames: int) -> bytes:
    first, *rest = [Image.new("P", (8, 8), number % 200) for number in range(frames)]
    written = BytesIO()
    first.save(written, "GIF", save_all=True, append_images=rest, optimize=False)
    return written.getvalue()


def _exif_in_a_circle() -> bytes:
    """Metadata whose directories name each other: Exif → GPS → Exif, and a next directory that is the first."""

    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return struct.pack("<HHII", tag, kind, count, value)

    first = struct.pack("<H", 2) + entry(0x8769, 4, 1, 8) + entry(0x8825, 4, 1, 8) + struct.pack("<I", 8)
    body = b"Exif\0\0" + b"II*\0" + struct.pack("<I", 8) + first
    sent = _jpeg()
    return sent[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + sent[2:]


def _exif_that_lies() -> bytes:
    """Metadata that claims four billion numbers, and a position of zeros divided by zeros."""
    body = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2)
    body += struct.pack("<HHII", 0x8825, 4, 1, 38) + struct.pack("<HHII", 0x9286, 7, 0xFFFFFFFF, 38) + bytes(4)
    body += struct.pack("<H", 2) + struct.pack("<HHII", 2, 5, 3, 0) + struct.pack("<HHII", 4, 5, 3, 0xFFFFFF00)
    sent = _jpeg()
    return sent[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + sent[2:]


HOSTILE = {
    "pixels with alpha": (lambda: _png(7000, 7000), ""),
    "words packed small": (lambda: _png(8, 8, _chunk(b"zTXt", b"a\0\0" + _packed_zeros(300))), "file-too-big"),
    "a profile packed small": (lambda: _png(8, 8, _chunk(b"iCCP", b"a\0\0" + _packed_zeros(300))), "file-too-big"),
    "a hundred thousand words": (lambda: _png(8, 8, _chunk(b"tEXt", b"a\0b") * 100_000), ""),
    "five thousand passes": (_many_scans, "file-too-big"),
    "comments": (lambda: _after_start(b"\xff\xfe\xff\xff" + bytes(65533), 140), ""),
    "tables": (lambda: _after_start(b"\xff\xc4\x00\x14\x00" + bytes(16) + b"\0", 100_000), "file-broken"),
    "a large JPEG": (lambda: _jpeg((10_900, 10_900)), ""),
    "too large a JPEG": (lambda: _jpeg((11_100, 11_100)), "file-too-big"),
    "frames": (lambda: _gif(5000), ""),
    "circular metadata": (_exif_in_a_circle, ""),
    "lying metadata": (_exif_that_lies, ""),
}


async def _longest_pause(until: "asyncio.Task[object]") -> float:
    loop, longest = asyncio.get_running_loop(), 0.0
    while not until.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before)
    return longest


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_pictures_cost_little_and_hold_up_nothing(name: str) -> None:
    make, expected = HOSTILE[name]
    content = await asyncio.to_thread(make)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work = asyncio.create_task(develop(content, type_of(content)))
    pause = await _longest_pause(work)
    problem = work.exception()
    assert getattr(problem, "problem", "") == expected, repr(problem)
    if not expected:
        assert work.result().content.startswith(b"\xff\xd8\xff")
        assert work.result().place is None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < picture_child.MOST_CPU_SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own) * 1024 < 64 * 2**20
    assert pause < _LONGEST_PAUSE


async def test_a_picture_comes_back_whole_through_the_process() -> None:
    for content in (picture((3000, 2000), exif=exif(MASHHAD)), heic(exif=exif(MASHHAD))):
        made = await develop(content, type_of(content))
        image, small = Image.open(BytesIO(made.content)), Image.open(BytesIO(made.thumbnail))
        assert image.size == (made.width, made.height)
        assert max(small.size) == 320
        assert made.place == pytest.approx(MASHHAD, abs=1e-6)
        assert not made.was_clean


def _instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child run this code after its limits are set."""
    start = picture_process._START.replace("import main; main()", "import _limit")
    monkeypatch.setattr(picture_process, "_COMMAND", (sys.executable, "-I", "-c", f"{start}\n_limit()\n{code}"))


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import ctypes; ctypes.string_at(0)", "file-broken"),
        ("import os; os.abort()", "file-broken"),
        ("import resource, os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "file-too-big"),
    ],
)
async def test_a_decoder_that_crashes_harms_nobody(monkeypatch: pytest.MonkeyPatch, code: str, problem: str) -> None:
    _instead(monkeypatch, code)
    with pytest.raises(Unusable) as caught:
        await develop(picture(), "image/jpeg")
    assert caught.value.problem == problem


@pytest.mark.parametrize("code", ["import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "raise SystemExit(1)"])
async def test_what_says_nothing_of_the_picture_is_to_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    _instead(monkeypatch, code)
    with pytest.raises(NotDeveloped):
        await develop(picture(), "image/jpeg")


async def test_memory_and_processor_time_have_an_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = tmp_path / "written"
    _instead(
        monkeypatch,
        "import sys, json, resource\n"
        "try: bytearray(900 << 20); problem = 'memory without end'\n"
        "except MemoryError: problem = 'file-too-big'\n"
        f"try: open({str(written)!r}, 'w').write('x')\n"
        "except OSError: pass\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_CPU)\n"
        "if soft > 60: problem = 'time without end'\n"
        "print(json.dumps({'problem': problem}))",
    )
    with pytest.raises(Unusable) as caught:
        await develop(picture(), "image/jpeg")
    assert caught.value.problem == "file-too-big"
    assert not written.exists() or written.stat().st_size == 0


async def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    link = tmp_path / "pid"
    monkeypatch.setattr(picture_process, "MOST_SECONDS", 3.0)
    _instead(monkeypatch, f"import os, time; os.symlink(str(os.getpid()), {str(link)!r}); time.sleep(60)")
    with pytest.raises(NotDeveloped):
        await develop(picture(), "image/jpeg")
    assert not _alive(link)


async def test_a_process_ends_with_the_task_that_wanted_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    link = tmp_path / "pid"
    _instead(monkeypatch, f"import os, time; os.symlink(str(os.getpid()), {str(link)!r}); time.sleep(60)")
    task = asyncio.create_task(develop(picture(), "image/jpeg"))
    async with asyncio.timeout(20):
        while not link.is_symlink():  # noqa: ASYNC110  (another process makes it)
            await asyncio.sleep(0.02)
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 3
    assert not _alive(link)


def _alive(link: Path) -> bool:
    try:
        os.kill(int(str(link.readlink())), 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "1000:secret")
    _instead(monkeypatch, "import os, json; print(json.dumps({'problem': ' '.join(os.environ)}))")
    with pytest.raises(Unusable) as caught:
        await develop(picture(), "image/jpeg")
    assert "TELEGRAM_TOKEN" not in caught.value.problem
