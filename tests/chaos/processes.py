"""Real processes of the bot: started by fork from one that has imported everything, killed, frozen and woken."""

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.chaos.victim"])
_LOOK_EVERY = 0.005  # seconds
SECONDS_TO_STOP = 8.0  # promised are five, on a machine that has nothing else to do


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _live(words: tuple[str, ...], settings: Mapping[str, str], log: str) -> None:
    """Be the bot; only what is forked imports it like this, as it changes the product around it."""
    from tests.chaos import victim

    victim.live(words, settings, log)


@dataclass
class Member:
    """One process of the bot: its name, what comes after `bot run`, its settings; and the run under way."""

    name: str
    folder: Path
    settings: Mapping[str, str]
    words: tuple[str, ...] = ()
    process: ForkServerProcess | None = None
    starts: int = 0

    @property
    def sends(self) -> bool:
        """Whether this process may have messages in flight."""
        return not self.words or "sender" in self.words

    @property
    def log(self) -> Path:
        """What the newest run wrote."""
        return self.folder / f"{self.name}-{self.starts}.log"

    def start(self, **extra: str) -> None:
        """Fork a new run; `extra` settings are for this run alone."""
        self.starts += 1
        words = ("run", *self.words)
        arguments = (words, {**self.settings, **extra}, str(self.log))
        self.process = _CONTEXT.Process(target=_live, args=arguments, daemon=True, name=self.name)
        self.process.start()

    @property
    def ended(self) -> int | None:
        """The status the run ended with, negative for a signal; None while it is alive."""
        assert self.process is not None
        return self.process.exitcode

    @property
    def frozen(self) -> bool:
        """Whether it was stopped by SIGSTOP and not woken since."""
        assert self.process is not None
        state = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2]
        return state.startswith("T")

    @property
    def at_work(self) -> bool:
        """Whether the newest run has said that it is at work."""
        return self.log.exists() and "the bot is at work" in self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the run under way."""
        assert self.process is not None
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    async def wait(self, seconds: float = 60) -> int:
        """Wait for the end of the run and return its status; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.ended is None:  # noqa: ASYNC110 - a forked process has no event to wait for
                await asyncio.sleep(_LOOK_EVERY)
        return self.ended

    async def kill(self) -> None:
        """kill -9, and wait until the process is gone; `start` makes a new one."""
        self.signal(signal.SIGKILL)
        await self.wait()
        self.process = None  # it has not ended by itself

    async def until_at_work(self, seconds: float = 120) -> None:
        """Wait until the run is at work, or has ended; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not self.at_work and self.ended is None:  # noqa: ASYNC110 - a forked process has no event to wait for
                await asyncio.sleep(_LOOK_EVERY)

    async def stop(self) -> int:
        """End it gracefully and return its status; raises TimeoutError when that takes too long.

        A run that has only just been forked knows no SIGTERM yet: it is waited for.
        """
        await self.until_at_work()
        if self.ended is None:
            self.signal(signal.SIGTERM)
        return await self.wait(SECONDS_TO_STOP)

    def words_of_log(self, lines: int = 15) -> str:
        """Return the last lines that the newest run wrote."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join([f"{self.name}, start {self.starts}:", *text.splitlines()[-lines:]])
