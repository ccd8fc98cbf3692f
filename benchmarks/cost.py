"""What each update costs, and how many there can be in a second.

The contestants take turns in rounds, so that a busy machine burdens all alike.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benchmarks.complaints import STEPS, complaints, words_of
from benchmarks.crowd import Crowd, crowd
from benchmarks.databases import SQLITE
from benchmarks.figures import Bound, Figure, Spread
from benchmarks.names import ECHO, PRODUCT, STOCK
from benchmarks.processes import Contestant, running

PART, SPEED = "CPU per update", "at saturation"
_AT_ONCE = 20
_APART = 0.02  # seconds between the updates of an unhurried day


@dataclass(frozen=True)
class Size:
    """How many updates one turn measures, after how many that only warm up."""

    echoes: int = 2000
    complaints: int = 400
    whole: int = 100
    unhurried: int = 200
    warm: int = 50
    rounds: int = 3


@dataclass(frozen=True)
class Price:
    """Microseconds of processor time for one update, the bot's own and PostgreSQL's for it; updates in a second."""

    own: float
    server: float
    rate: float


def words_for(who: Contestant, number: int) -> str:
    """Return what a person writes to a contestant."""
    return words_of(number) if who.name == PRODUCT else f"message {number}"


async def _a_crowd(messenger: Crowd, who: Contestant, count: int, first: int) -> int:
    """Everybody writes at the same moment."""
    before = messenger.answers
    await messenger.write([words_for(who, n) for n in range(count)], first)
    await messenger.answered(before + count)
    return count


async def _one_by_one(messenger: Crowd, who: Contestant, count: int, first: int) -> int:
    """Somebody writes, is answered, and a moment later the next one writes."""
    for number in range(first, first + count):
        before = messenger.answers
        await messenger.write([words_for(who, number)], number)
        await messenger.answered(before + 1)
        await asyncio.sleep(_APART)
    return count


async def _whole(messenger: Crowd, _: Contestant, count: int, first: int) -> int:
    """Citizens go all the way, some of them at the same time."""
    await complaints(messenger, range(first, first + count), min(_AT_ONCE, count))
    return count * len(STEPS)


Load = Callable[[Crowd, Contestant, int, int], Awaitable[int]]


@dataclass(frozen=True)
class Turn:
    """One contestant under one load."""

    who: Contestant
    load: Load
    count: int
    warm: int
    what: str

    async def price(self) -> Price:
        """Start the contestant, warm it up, measure it, stop it."""
        async with crowd() as messenger, running(self.who, messenger.url) as bot:
            await self.load(messenger, self.who, self.warm, 0)
            await bot.quiet()
            own, server = bot.cpu(), await bot.server_cpu()
            began = time.perf_counter()
            updates = await self.load(messenger, self.who, self.count, self.warm)
            seconds = time.perf_counter() - began
            await bot.quiet()
            own, server = bot.cpu() - own, await bot.server_cpu() - server
            return Price(own / updates * 1e6, server / updates * 1e6, updates / seconds)


def turns(contestants: Sequence[Contestant], size: Size) -> list[Turn]:
    """Say who is measured under which load."""
    found = []
    for who in contestants:
        product = who.name == PRODUCT
        what = "a new citizen's complaint" if product else "an echo"
        count = size.complaints if product else size.echoes
        found.append(Turn(who, _a_crowd, count, size.warm, f"{what}, in a crowd"))
        if size.unhurried and who.on in ("", SQLITE):
            found.append(Turn(who, _one_by_one, size.unhurried, min(size.warm, size.unhurried), f"{what}, one by one"))
        if product:
            found.append(Turn(who, _whole, size.whole, min(size.warm, 20), "whole complaints of 5 updates"))
    return found


def _bound(turn: Turn) -> Bound | None:
    """Our durable echo costs no more than the peer's, which stores nothing; the rest has nothing to be held against."""
    held = turn.who.name == ECHO and turn.who.on == SQLITE and turn.load is _a_crowd
    return Bound("<=", 1.0, of_ratio=True) if held else None


def _figures(turn: Turn, prices: Sequence[Price], peer: tuple[float, float] | None) -> list[Figure]:
    """Return the rows of one contestant under one load; `peer` is the peer's price and rate under it."""
    what, beside = f"{turn.who.label}: {turn.what}", STOCK if peer else ""
    own, server = Spread.of(price.own for price in prices), Spread.of(price.server for price in prices)
    ratio = own.median / peer[0] if peer else None
    found = [Figure(PART, what, own.median, "µs", own.low, own.high, ratio, beside, _bound(turn))]
    if server.median:
        found.append(Figure(PART, f"{what}, PostgreSQL's own part", server.median, "µs", server.low, server.high))
    if turn.load is not _one_by_one:
        whole = turn.load is _whole
        rate = Spread.of(price.rate / (len(STEPS) if whole else 1) for price in prices)
        unit = "complaints/s" if whole else "updates/s"
        ratio = rate.median / peer[1] if peer and not whole else None
        found.append(
            Figure(SPEED, what, rate.median, unit, rate.low, rate.high, ratio, beside if ratio is not None else "")
        )
    return found


async def measure(contestants: Sequence[Contestant], size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure everybody in rounds and return the medians, each beside the stock peer under the same load."""
    chosen = turns(contestants, size)
    prices: dict[Turn, list[Price]] = defaultdict(list)
    for number in range(size.rounds):
        for turn in chosen:
            price = await turn.price()
            prices[turn].append(price)
            say(f"round {number + 1}: {turn.who.label}, {turn.what}: {price.own:.0f} µs, {price.rate:.0f}/s")
    peers = {
        turn.load: (Spread.of(p.own for p in prices[turn]).median, Spread.of(p.rate for p in prices[turn]).median)
        for turn in chosen
        if turn.who.name == STOCK
    }
    figures = []
    for turn in chosen:
        peer = None if turn.who.name == STOCK else peers.get(turn.load, peers.get(_a_crowd))
        figures += _figures(turn, prices[turn], peer)
    return sorted(figures, key=lambda figure: figure.part != PART)
