"""Where a bot's processor time goes, looked at each time some of it was used.

At each look the main thread's processor time since the last one (user and system) is booked on what it is doing then:
on the asyncio task that runs, which tells the stage of the way, and on the innermost code of a kind that is known. The
other threads' time is booked as one.
"""

import asyncio
import json
import signal
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType

_EVERY = 0.001  # seconds of processor time; the system may make more of it
_WRITE_EVERY = 0.25

# By the task's name; the first that fits. What runs between tasks is the loop with the network's callbacks.
STAGES = {
    "telegram receiver": "receive and store",
    "dispatcher": "handle",
    "outbox ": "send",
    "telegram sender": "claim and settle",
    "media worker": "look for files",
    "leases": "timers, leases",
    "clockwork": "timers, leases",
}
BETWEEN, THREADS, REST = "loop and network", "other threads", "all the rest"
# By a piece of the file's path, innermost frame first; the first frame that fits any decides.
KINDS = {
    "/sqlalchemy/": "database",
    "/aiosqlite/": "database",
    "/asyncpg/": "database",
    "/greenlet": "database",
    "/storage/": "database",
    "/aiohttp/": "HTTP",
    "/yarl/": "HTTP",
    "/multidict/": "HTTP",
    "/telegram/": "Bot API",
    "/bot/messengers/": "Bot API",
    "/json/": "JSON",
    "/hazm/": "Persian",
    "/nlp/": "Persian",
    "/numpy/": "Persian",
    "/fluent/": "words",
    "/texts/": "words",
    "/handlers/": "trade",
    "/services/": "trade",
    "/domain/": "trade",
    "/pydantic/": "trade",
    "/structlog/": "log",
    "/logging/": "log",
    "/bot/": "engine",
    "/asyncio/": "loop",
}
OTHER = "other"


def stage_of(task: str | None) -> str:
    """Return the stage of the way that a task of this name belongs to; None: no task was running."""
    if task is None:
        return BETWEEN
    return next((stage for begin, stage in STAGES.items() if task.startswith(begin)), REST)


def kind_of(frame: FrameType | None) -> str:
    """Return what kind of work a stack is about."""
    while frame is not None:
        path = frame.f_code.co_filename
        for piece, kind in KINDS.items():
            if piece in path:
                return kind
        frame = frame.f_back
    return OTHER


class Sampler:
    """Looks each time the process has used some processor time; writes what it has seen so far to a file now and then.

    The file is JSON: "stage|kind" → seconds. The system looks at its clock some 250 times a second, so that a stage
    of which few looks were taken is known but roughly.
    """

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._path, self._loop = path, loop
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._main, self._all = time.thread_time(), time.process_time()

    def start(self) -> None:
        """Begin to look; only in the main thread, which is the loop's."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
        self._loop.call_later(_WRITE_EVERY, self._write)

    def _write(self) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self._seconds))
        new.replace(self._path)
        self._loop.call_later(_WRITE_EVERY, self._write)

    def _look(self, _: int, frame: FrameType | None) -> None:
        main, whole = time.thread_time(), time.process_time()
        here, everywhere = main - self._main, whole - self._all
        self._main, self._all = main, whole
        task = asyncio.current_task(self._loop)
        self._seconds[f"{stage_of(task.get_name() if task else None)}|{kind_of(frame)}"] += here
        self._seconds[f"{THREADS}|{OTHER}"] += max(0.0, everywhere - here)
