"""The bot as `python -m bot run` starts it: how soon it answers, and how much memory it needs after a long day."""

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.complaints import STEPS, complaints, words_of
from benchmarks.crowd import PATIENCE, crowd
from benchmarks.databases import SQLITE, database
from benchmarks.figures import Bound, Figure, Spread
from benchmarks.processes import CITIZENS, process, running, settings_of

START, MEMORY = "start", "memory"
_AT_ONCE = 20


@dataclass(frozen=True)
class Size:
    """How often the bot is started, and how many people complain to it."""

    starts: int = 5
    complaints: int = 2000


async def _first_answer(address: str, folder: Path) -> float:
    """Return the seconds from the start of the process to the first answer of a citizen who waits already."""
    async with crowd() as messenger:
        answer = messenger.hears(0)
        await messenger.write([words_of(0)])
        began = time.perf_counter()
        bot = (sys.executable, "-m", "bot", "run")
        async with process(bot, folder, **settings_of(messenger.url, address, folder)):
            return await asyncio.wait_for(answer, PATIENCE) - began


async def starts(size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure the first start, which makes the database, and the following ones."""
    first, later = [], []
    for number in range(size.starts):
        async with database(SQLITE) as (address, folder):
            first.append(await _first_answer(address, folder))
            later.append(await _first_answer(address, folder))
        say(f"start {number + 1}: {first[-1]:.2f} s, again {later[-1]:.2f} s")
    figures = []
    for what, values, limit in (("an empty folder", first, 8.0), ("an existing database", later, 5.0)):
        took = Spread.of(values)
        words = f"from `bot run` on {what} to the first answer"
        figures.append(Figure(START, words, took.median, "s", took.low, took.high, bound=Bound("<=", limit)))
    return figures


async def memory(size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure resident memory after the start and after many whole complaints, hazm loaded."""
    async with crowd() as messenger, running(CITIZENS, messenger.url) as bot:
        await complaints(messenger, range(1), 1)
        await bot.quiet()
        fresh = bot.memory()
        walk = await complaints(messenger, range(1, 1 + size.complaints), _AT_ONCE)
        await bot.quiet()
        say(f"{size.complaints} whole complaints, {size.complaints * len(STEPS)} updates, in {walk.seconds:.0f} s")
        after = f"resident after {size.complaints} whole complaints"
        return [
            Figure(MEMORY, "resident after one complaint", fresh, "MB"),
            Figure(MEMORY, after, bot.memory(), "MB", ratio=bot.memory() / fresh, beside="one", bound=Bound("<=", 250)),
        ]
