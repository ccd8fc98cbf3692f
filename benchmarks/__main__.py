"""make bench: what the bot costs and how fast it is, beside peers that do less, on the same simulated messenger.

Prints JSON lines, then a table. Ratios are of one run; trust them, not the microseconds. Ours stores every update and
every answer durably (SQLite with synchronous=FULL, or PostgreSQL); the peers store nothing.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import casework, cost, flooding, lasting, latency, notices, presses
from benchmarks.databases import POSTGRES, SQLITE, postgres_answers
from benchmarks.figures import Figure, show
from benchmarks.processes import (
    CITIZENS,
    CITIZENS_POSTGRES,
    DURABLE,
    DURABLE_POSTGRES,
    OTHER_PEER,
    PEER,
    Contestant,
    missing_peer,
)

_SHORT = cost.Size(echoes=150, complaints=20, whole=5, unhurried=0, warm=5, rounds=1)


def say(words: str) -> None:
    """Tell whoever waits how far it is; standard output is for the figures."""
    Console(stderr=True, highlight=False).print(words, style="dim")


async def _contestants(who: str) -> list[Contestant]:
    found = [PEER, OTHER_PEER, DURABLE, CITIZENS, DURABLE_POSTGRES, CITIZENS_POSTGRES]
    found = [one for one in found if who in one.label or one is PEER]
    for reason, left_out in (
        (missing_peer(), {OTHER_PEER}),
        (await postgres_answers(), {DURABLE_POSTGRES, CITIZENS_POSTGRES}),
    ):
        if reason and left_out & set(found):
            say(f"LEFT OUT: {', '.join(sorted(one.label for one in left_out))}: {reason}")
            found = [one for one in found if one not in left_out]
    return found


@dataclass(frozen=True)
class Wish:
    """What the person at the keyboard asked for."""

    short: bool
    rounds: int
    who: str


async def _cost(wish: Wish) -> list[Figure]:
    size = _SHORT if wish.short else cost.Size(rounds=wish.rounds)
    return await cost.measure(await _contestants(wish.who), size, say)


async def _latency(wish: Wish) -> list[Figure]:
    size = latency.Size(30, 5, 20, 2, 1) if wish.short else latency.Size(rounds=wish.rounds)
    answering = [PEER, OTHER_PEER, DURABLE, CITIZENS]
    return await latency.measure([one for one in await _contestants(wish.who) if one in answering], size, say)


async def _start(wish: Wish) -> list[Figure]:
    return await lasting.starts(lasting.Size(starts=1 if wish.short else 5), say)


async def _memory(wish: Wish) -> list[Figure]:
    return await lasting.memory(lasting.Size(complaints=3 if wish.short else 2000), say)


async def _flood(wish: Wish) -> list[Figure]:
    size = flooding.Size(flood=300, times=3, others=2) if wish.short else flooding.Size()
    return await flooding.measure(await _kinds(), size, say)


async def _notices(wish: Wish) -> list[Figure]:
    size = notices.Size(accounts=3000, there=300, rates=((40, 1.0),)) if wish.short else notices.Size()
    return await notices.measure(await _kinds(), size, say)


async def _casework(wish: Wish) -> list[Figure]:
    size = casework.Size(few=200, many=2000, open=100, rounds=3) if wish.short else casework.Size()
    return await casework.measure(await _kinds(), size, say)


async def _press(wish: Wish) -> list[Figure]:
    return await presses.measure(await _kinds(), presses.Size(requests=2) if wish.short else presses.Size(), say)


async def _kinds() -> list[str]:
    reason = await postgres_answers()
    if reason:
        say(f"LEFT OUT: {POSTGRES}: {reason}")
    return [SQLITE] if reason else [SQLITE, POSTGRES]


PARTS: dict[str, Callable[[Wish], Coroutine[Any, Any, list[Figure]]]] = {
    "cost": _cost,
    "latency": _latency,
    "start": _start,
    "memory": _memory,
    "flood": _flood,
    "notices": _notices,
    "casework": _casework,
    "press": _press,
}
"""The parts of the benchmarks, in their order."""


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    parts: Annotated[list[str] | None, typer.Argument(help=f"Which of: {', '.join(PARTS)}; all by default.")] = None,
    rounds: Annotated[int, typer.Option(help="How many turns each contestant has.")] = 3,
    short: Annotated[bool, typer.Option(help="Small numbers: only to see that it works.")] = False,
    who: Annotated[str, typer.Option(help="CPU only of contestants with this in their name, and of the peer.")] = "",
    lenient: Annotated[bool, typer.Option(help="Exit status 0 also when a bound is missed.")] = False,
) -> None:
    """Measure and print."""
    # As Ctrl-C: contestants are ended and databases dropped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    figures: list[Figure] = []
    for part in parts or PARTS:
        if part not in PARTS:
            raise typer.BadParameter(f"{part}; there are {', '.join(PARTS)}")
        for figure in asyncio.run(PARTS[part](Wish(short, rounds, who))):
            figures.append(figure)
            sys.stdout.write(figure.line() + "\n")
    show(figures)
    if any(figure.ok is False for figure in figures) and not lenient:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
