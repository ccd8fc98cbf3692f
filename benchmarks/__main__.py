"""make bench: what one update costs, and how soon the first answer comes, beside a peer on the same messenger.

Prints JSON lines, then a table. Each contestant answers the same crowd on the same simulator in the same run; trust the
ratios, not the microseconds. Ours stores every update and every answer durably (SQLite, synchronous=FULL); the peer
stores nothing.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.contestants import ECHO, PRODUCT, STOCK
from benchmarks.crowd import TOKEN, Crowd, crowd

UPDATES = int(os.environ.get("BENCH_UPDATES", "1000"))
_TICKS = os.sysconf("SC_CLK_TCK")
_COMPLAINT = "چراغ کوچهٔ ما یک هفته است خاموش است"
_PATIENCE = 120.0


@dataclass(frozen=True)
class Figure:
    """One measured row; `ratio` is against the peer where there is one."""

    what: str
    value: float
    unit: str
    ratio: float | None = None


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _answered(messenger: Crowd, count: int) -> None:
    async with asyncio.timeout(_PATIENCE):
        while await messenger.answers() < count:  # noqa: ASYNC110 - the answers arrive in another process
            await asyncio.sleep(0.2)


async def cost(name: str) -> float:
    """Return the CPU microseconds that a contestant spends on one update and its answer, start-up left out."""
    with tempfile.TemporaryDirectory() as folder:
        async with crowd(Path(folder), UPDATES + 1) as messenger:
            words = [_COMPLAINT if name == PRODUCT else f"message {n}" for n in range(UPDATES + 1)]
            command = (sys.executable, "-m", "benchmarks.contestants", name, messenger.url, folder)
            process = await asyncio.create_subprocess_exec(*command)
            try:
                await messenger.say(words[:1])
                await _answered(messenger, 1)
                before = _cpu_seconds(process.pid)
                await messenger.say(words[1:], first=1)
                await _answered(messenger, UPDATES + 1)
                return (_cpu_seconds(process.pid) - before) / UPDATES * 1e6
            finally:
                process.kill()
                await process.wait()


async def first_answer() -> float:
    """Return the seconds from the start of `python -m bot run` to the first answer of a citizen who waits already."""
    with tempfile.TemporaryDirectory() as folder:
        async with crowd(Path(folder), 1) as messenger:
            await messenger.say([_COMPLAINT])
            settings = {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API": messenger.url,
                "DATABASE_URL": f"sqlite:///{folder}/bot.db",
                "MEDIA_DIR": f"{folder}/media",
                "LOG_LEVEL": "ERROR",
            }
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env={**os.environ, **settings}
            )
            try:
                while await messenger.answers() < 1:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                return time.perf_counter() - began
            finally:
                process.terminate()
                await process.wait()


async def _run() -> list[Figure]:
    peer = await cost(STOCK)
    echo, product = await cost(ECHO), await cost(PRODUCT)
    return [
        Figure(f"{STOCK}, stores nothing", round(peer), "µs CPU per update"),
        Figure(f"{ECHO}, stored durably", round(echo), "µs CPU per update", round(echo / peer, 2)),
        Figure(
            f"{PRODUCT}, a complaint read and answered", round(product), "µs CPU per update", round(product / peer, 2)
        ),
        Figure("from start to first answer", round(await first_answer(), 2), "s"),
    ]


def main() -> None:
    """Measure and print."""
    figures = asyncio.run(_run())
    for figure in figures:
        print(json.dumps(asdict(figure), ensure_ascii=False))  # noqa: T201
    table = Table("what", "value", "unit", "ratio to the peer")
    for figure in figures:
        table.add_row(
            figure.what, f"{figure.value:g}", figure.unit, "" if figure.ratio is None else f"{figure.ratio:g}"
        )
    Console().print(table)


if __name__ == "__main__":
    main()
