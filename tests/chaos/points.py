"""The fault hook: names every moment at which a kill could hurt, counts them, and kills or freezes at a chosen one.

It wraps the product from outside, so that the product knows nothing of it: each commit of the database, each HTTP
exchange with a messenger, each file that is kept, each taking of leases and each answer to a webhook has a moment
before and one after it.
"""

import inspect
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.messengers.transport import Transport
from bot.webhook import Webhook
from storage.database import Database, Transaction
from storage.files import Files
from storage.leases import Session

KILL = "CHAOS_KILL"
"""Environment variable: `name#n`, the point to die at and at which of its occurrences."""
FREEZE = "CHAOS_FREEZE"
"""Environment variable: `name#n`, the point to stop at (SIGSTOP), until somebody sends SIGCONT."""
COUNT = "CHAOS_COUNT"
"""Environment variable: a file to which every point that is passed adds its name, a line each."""
_PRODUCT = ("bot.", "handlers.", "services.", "storage.")


class Points:
    """Passes points by name; dies or freezes at one, or writes them all down."""

    def __init__(self, kill: str = "", freeze: str = "", count: str = "") -> None:
        """`kill` and `freeze` are `name#n` or ""; `count` is a path or ""."""
        self._signals = {kill: signal.SIGKILL, freeze: signal.SIGSTOP}
        self._passed: Counter[str] = Counter()
        self._file = os.open(count, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if count else None

    def passes(self, name: str) -> None:
        """Pass a point; does not return when it is the one to die at, and late when it is the one to freeze at."""
        self._passed[name] += 1
        if self._file is not None:
            os.write(self._file, f"{name}\n".encode())
        if number := self._signals.get(f"{name}#{self._passed[name]}"):
            os.kill(os.getpid(), number)

    def watch(self) -> None:
        """Wrap the product."""
        self._commits()
        self._exchanges()
        self._kept_files()
        self._leases()
        self._webhook_answers()

    def _commits(self) -> None:
        plain = Database.write

        @asynccontextmanager
        async def watched(database: Database, who: str) -> AsyncIterator[Transaction]:
            async with plain(database) as transaction:
                yield transaction
                self.passes(f"{who}: before the commit")
            self.passes(f"{who}: after the commit")

        def write(database: Database) -> AbstractAsyncContextManager[Transaction]:
            return watched(database, _caller(sys._getframe(1)))

        Database.write = write  # type: ignore[assignment, method-assign]

    def _exchanges(self) -> None:
        plain = Transport._exchange

        async def exchange(transport: Transport, method: str, url: Any, *rest: Any) -> Any:
            name = "download" if "/file/" in str(url) else str(url).rsplit("/", 1)[-1]
            self.passes(f"{name}: before the call")
            answer = await plain(transport, method, url, *rest)
            self.passes(f"{name}: after the answer")
            return answer

        Transport._exchange = exchange  # type: ignore[assignment, method-assign]

    def _kept_files(self) -> None:
        plain = Files.keep

        def keep(files: Files, content: bytes, mime: str) -> str:
            self.passes("a file: before it is kept")
            sha256 = plain(files, content, mime)
            self.passes("a file: after it is kept")
            return sha256

        Files.keep = keep  # type: ignore[assignment, method-assign]

    def _leases(self) -> None:
        plain = Session.take

        async def take(session: Session, *rest: Any) -> dict[str, int]:
            self.passes("leases: before they are taken")
            taken = await plain(session, *rest)
            self.passes("leases: after they are taken")
            return taken

        Session.take = take  # type: ignore[assignment, method-assign]

    def _webhook_answers(self) -> None:
        answer, whole = Webhook._answer, Webhook.__call__

        async def answered(webhook: Webhook, request: Request) -> Response:
            response = await answer(webhook, request)
            self.passes("webhook: before the answer")
            return response

        async def called(webhook: Webhook, *rest: Any) -> None:
            await whole(webhook, *rest)
            self.passes("webhook: after the answer")

        Webhook._answer = answered  # type: ignore[assignment, method-assign]
        Webhook.__call__ = called  # type: ignore[assignment, method-assign]


def _caller(frame: FrameType | None) -> str:
    """Name the function of the product that opens a transaction, such as `Dispatcher._commit`."""
    while frame is not None and not frame.f_globals.get("__name__", "").startswith(_PRODUCT):
        frame = frame.f_back
    return frame.f_code.co_qualname if frame is not None else "somebody"


def watch_by_environment() -> None:
    """Wrap the product as the environment says."""
    Points(*(os.environ.get(name, "") for name in (KILL, FREEZE, COUNT))).watch()


def opener(function: Callable[..., Any]) -> str:
    """Name a function that opens a transaction, as its points are named; raises AssertionError when it opens none."""
    assert ".write()" in inspect.getsource(function), f"{function.__qualname__} opens no transaction any more"
    return function.__qualname__


def counted(path: Path) -> list[str]:
    """Return every point of a run that wrote them to `path`, as `name#n` in the order they were passed."""
    seen: Counter[str] = Counter()
    found = []
    for name in path.read_text(encoding="utf-8").splitlines():
        seen[name] += 1
        found.append(f"{name}#{seen[name]}")
    return found
