"""The process that decodes one picture: limits first, then the picture from stdin, the result to stdout."""

import json
import os
import resource
import sys
from contextlib import suppress

MEGABYTE = 1024 * 1024
MOST_MEMORY = 768 * MEGABYTE
"""Address space in bytes. Measured: 50 million pixels take 473 MB as HEIC, 505 as PNG, 697 as AVIF; none take 56."""
MOST_CPU_SECONDS = 15
_LIMITS = {
    resource.RLIMIT_AS: (MOST_MEMORY, MOST_MEMORY),
    resource.RLIMIT_CPU: (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 2),  # SIGXCPU tells it from a kill by somebody else
    resource.RLIMIT_FSIZE: (0, 0),  # writes no file
    resource.RLIMIT_CORE: (0, 0),
}


def _limit() -> None:
    for what, soft_and_hard in _LIMITS.items():
        with suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(what, soft_and_hard)
    with suppress(OSError):
        os.nice(10)  # the bot's own loop goes first


def _answer(content: bytes, mime: str) -> tuple[dict[str, object], bytes]:
    from bot.media_types import Unusable  # noqa: PLC0415
    from bot.pictures import develop  # noqa: PLC0415

    try:
        made = develop(content, mime)
    except Unusable as unusable:
        return {"problem": unusable.problem}, b""
    head: dict[str, object] = {
        "content": len(made.content),
        "width": made.width,
        "height": made.height,
        "place": made.place,
        "was_clean": made.was_clean,
    }
    return head, made.content + made.thumbnail


def main() -> None:
    """Read a picture whose type is the last argument; write a line of JSON, the JPEG and the small one."""
    _limit()
    try:
        head, body = _answer(sys.stdin.buffer.read(), sys.argv[-1])
    except MemoryError:
        head, body = {"problem": "file-too-big"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
