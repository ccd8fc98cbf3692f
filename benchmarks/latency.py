"""How soon a person is answered: on a quiet day, and while the bot works at half of what it can."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.cost import words_for
from benchmarks.crowd import PATIENCE, Crowd, crowd
from benchmarks.figures import Bound, Figure, percentile
from benchmarks.names import PRODUCT, STOCK
from benchmarks.processes import Contestant, running

PART = "time to a reply"
_APART = 0.03  # seconds between an answer and the next person on a quiet day
_SHARES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
_BOUNDS = {("idle", "p95"): 0.25, ("at half load", "p99"): 1.0}  # seconds; for ours


@dataclass(frozen=True)
class Size:
    """How many people write in each of the three phases of one turn."""

    saturated: int = 400
    idle: int = 150
    half: int = 400
    warm: int = 30
    rounds: int = 3


@dataclass(frozen=True)
class _Waits:
    idle: list[float]
    half: list[float]
    rate: float  # updates per second at half load


async def _idle(messenger: Crowd, who: Contestant, people: range) -> list[float]:
    waits = []
    for number in people:
        answer, began = messenger.hears(number), time.perf_counter()
        await messenger.write([words_for(who, number)], number)
        waits.append(await asyncio.wait_for(answer, PATIENCE) - began)
        await asyncio.sleep(_APART)
    return waits


async def _arriving(messenger: Crowd, who: Contestant, people: range, rate: float) -> list[float]:
    """Let people come as they please, `rate` of them a second on average, whether or not the bot keeps up."""
    chance = random.Random(137)  # noqa: S311
    began = at = time.perf_counter()
    answers: list[tuple[float, asyncio.Future[float]]] = []
    for number in people:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        # Counted from when the person meant to write: a messenger too busy to take the message is no excuse.
        answers.append((at, messenger.hears(number)))
        await messenger.write([words_for(who, number)], number)
    assert at > began
    return [await asyncio.wait_for(answer, PATIENCE) - at for at, answer in answers]


async def _turn(who: Contestant, size: Size) -> _Waits:
    async with crowd() as messenger, running(who, messenger.url) as bot:
        await _idle(messenger, who, range(size.warm))
        await bot.quiet()
        first = size.warm
        before, began = messenger.answers, time.perf_counter()
        await messenger.write([words_for(who, n) for n in range(size.saturated)], first)
        await messenger.answered(before + size.saturated)
        rate = size.saturated / (time.perf_counter() - began) / 2
        await bot.quiet()
        first += size.saturated
        idle = await _idle(messenger, who, range(first, first + size.idle))
        first += size.idle
        return _Waits(idle, await _arriving(messenger, who, range(first, first + size.half), rate), rate)


def _figures(who: Contestant, load: str, waits: Sequence[float], peers: dict[tuple[str, str], float]) -> list[Figure]:
    what = "a new citizen's complaint" if who.name == PRODUCT else "an echo"
    found = []
    for name, share in _SHARES:
        value = percentile(waits, share)
        limit = _BOUNDS.get((load, name))
        bound = Bound("<=", limit * 1000) if limit is not None and who.on else None
        ratio = None
        if who.name == STOCK:
            peers[load, name] = value
        elif peers:
            ratio = value / peers[load, name]
        beside = STOCK if ratio is not None else ""
        words = f"{who.label}: {what}, {load}, {name}"
        found.append(Figure(PART, words, value * 1000, "ms", ratio=ratio, beside=beside, bound=bound))
    return found


async def measure(contestants: Sequence[Contestant], size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure everybody in rounds; the waits of all rounds are one sample."""
    found: dict[Contestant, list[_Waits]] = defaultdict(list)
    for number in range(size.rounds):
        for who in contestants:
            waits = await _turn(who, size)
            found[who].append(waits)
            say(f"round {number + 1}: {who.label}: idle {percentile(waits.idle, 0.5) * 1000:.1f} ms in the middle, "
                f"half load is {waits.rate:.0f}/s")  # fmt: skip
    peers: dict[tuple[str, str], float] = {}
    figures = []
    for who, turns in found.items():
        figures += _figures(who, "idle", [one for turn in turns for one in turn.idle], peers)
        figures += _figures(who, "at half load", [one for turn in turns for one in turn.half], peers)
    return figures
