"""Has each picture decoded in a process of its own, limited in memory and time: no picture can harm the bot."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from bot.media_types import Developed, Unusable

_ROOT = str(Path(__file__).resolve().parents[1])
# -I: neither the environment nor the folder in which the bot was started decides what is imported.
_START = f"import sys; sys.path.insert(0, {_ROOT!r}); from bot.picture_child import main; main()"
_COMMAND = (sys.executable, "-I", "-c", _START)
_ENVIRONMENT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}  # no token among it
MOST_SECONDS = 90.0  # by the clock, six times the limit of processor time: a picture alone does not get there
_PROBLEMS = {
    signal.SIGXCPU: "file-too-big",
    signal.SIGSEGV: "file-broken",
    signal.SIGABRT: "file-broken",
    signal.SIGBUS: "file-broken",
    signal.SIGFPE: "file-broken",
    signal.SIGILL: "file-broken",
}


class NotDeveloped(Exception):
    """The process was killed or got no time, which says nothing about the picture: to be tried again later."""


def _read(answer: bytes) -> Developed:
    line, _, body = answer.partition(b"\n")
    head = json.loads(line)
    if "problem" in head:
        raise Unusable(head["problem"])
    place = (head["place"][0], head["place"][1]) if head["place"] else None
    at = head["content"]
    return Developed(body[:at], body[at:], head["width"], head["height"], place, head["was_clean"])


async def _answered(process: asyncio.subprocess.Process, content: bytes) -> bytes:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        raise NotDeveloped(f"not decoded within {MOST_SECONDS:.0f} s") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return answer


async def develop(content: bytes, mime: str) -> Developed:
    """Decode a picture of this type and write it anew; raises Unusable or NotDeveloped."""
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        mime,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # decoders may quote what the picture says
        env=_ENVIRONMENT,
        start_new_session=True,  # a Ctrl-C is for the bot
    )
    answer = await _answered(process, content)
    status = process.returncode or 0
    if status == 0:
        return _read(answer)
    if status < 0 and (problem := _PROBLEMS.get(signal.Signals(-status))):
        raise Unusable(problem)
    raise NotDeveloped(f"the decoding process ended with status {status}")
