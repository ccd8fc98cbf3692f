"""The simulated messenger with a crowd in it, in the measuring process: it sees each answer the moment it arrives."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from benchmarks.names import TOKEN
from simulator.exchange import Change
from simulator.person import Person
from simulator.server import Simulator
from simulator.world import Bot

USERNAME = "bench_bot"
FIRST = 1000
"""The messenger's number of the first person."""
PATIENCE = 300.0
"""Seconds after which an answer that does not come ends the measurement."""


class Crowd:
    """People by number from 0 on; `answers` counts the messages and edits that reached them."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.answers = 0
        self.moments: dict[int, float] = {}  # person → when the newest answer came, seconds of perf_counter
        self._heard: dict[int, tuple[str, asyncio.Future[float]]] = {}
        self._counted: list[tuple[int, asyncio.Future[None]]] = []
        self.watch: Callable[[int, float], None] | None = None
        simulator.exchange.watchers.add(self._note)

    @property
    def url(self) -> str:
        """The messenger's address."""
        return self.simulator.url

    def person(self, number: int) -> Person:
        """Return somebody; who was not there yet enters."""
        if ("telegram", FIRST + number) not in self.simulator.exchange.world.people:
            phone = f"+98915{number:07d}"
            self.simulator.add_person(id=FIRST + number, flavour="telegram", first_name=f"person {number}", phone=phone)
        return self.simulator.person(FIRST + number)

    async def write(self, words: list[str], first: int = 0) -> None:
        """Let people write these texts, one each, from person `first` on."""
        for number, text in enumerate(words, first):
            await self.person(number).write(text)

    async def answered(self, count: int) -> None:
        """Return when so many answers have arrived over all; raises TimeoutError."""
        if self.answers < count:
            reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._counted.append((count, reached))
            await asyncio.wait_for(reached, PATIENCE)

    def hears(self, number: int, words: str = "") -> asyncio.Future[float]:
        """Return what ends, with the moment, when a person is told something with these words in it."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._heard[FIRST + number] = (words, future)
        return future

    def _note(self, change: Change) -> None:
        message = change.message
        if change.what not in ("message", "edit") or message is None or not isinstance(message.sender, Bot):
            return
        now, chat = time.perf_counter(), message.chat.id
        self.answers += 1
        self.moments[chat - FIRST] = now
        if self.watch is not None:
            self.watch(chat - FIRST, now)
        if chat in self._heard and self._heard[chat][0] in message.content.text:
            _, future = self._heard.pop(chat)
            if not future.done():
                future.set_result(now)
        for wanted, reached in self._counted:
            if self.answers >= wanted and not reached.done():
                reached.set_result(None)
        self._counted = [one for one in self._counted if not one[1].done()]


@asynccontextmanager
async def crowd() -> AsyncIterator[Crowd]:
    """Open the messenger, close it when the block ends."""
    bot = {"token": TOKEN, "flavour": "telegram", "username": USERNAME, "name": "bench"}
    async with Simulator({"bots": [bot], "log_size": 1000}) as simulator:
        yield Crowd(simulator)
