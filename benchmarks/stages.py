"""python -m benchmarks.stages: the picture of where the processor time of one update goes, from real runs."""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import sampling
from benchmarks.cost import words_for
from benchmarks.crowd import crowd
from benchmarks.figures import Spread
from benchmarks.processes import CITIZENS, DURABLE, ROOT, Contestant, running

PICTURE = ROOT / "docs" / "pictures" / "cpu-by-stage.png"
_WARM = 100
_TITLES = {DURABLE: "an echo, stored durably", CITIZENS: "a new citizen's complaint"}
_STAGES = (*dict.fromkeys(sampling.STAGES.values()), sampling.BETWEEN, sampling.THREADS, sampling.REST)
_KINDS = tuple(dict.fromkeys((*sampling.KINDS.values(), sampling.OTHER)))

Shares = dict[tuple[str, str], float]


def _read(path: Path) -> Counter[str]:
    return Counter(json.loads(path.read_text())) if path.exists() else Counter()


async def shares(who: Contestant, updates: int) -> tuple[Shares, float]:
    """Return microseconds for each update by stage and kind, and how much of the process's time the looks have seen."""
    async with crowd() as messenger, running(who, messenger.url, BENCH_SAMPLES="samples.json") as bot:
        path = bot.folder / "samples.json"
        await messenger.write([words_for(who, n) for n in range(_WARM)])
        await messenger.answered(_WARM)
        await bot.quiet()
        await asyncio.sleep(0.5)
        before, used = _read(path), bot.cpu()
        await messenger.write([words_for(who, n) for n in range(updates)], _WARM)
        await messenger.answered(_WARM + updates)
        await bot.quiet()
        await asyncio.sleep(0.5)
        after = _read(path)
        after.subtract(before)
        found: Shares = {}
        for key, seconds in after.items():
            stage, _, kind = key.partition("|")
            found[stage, kind] = seconds / updates * 1e6
        return found, sum(after.values()) / (bot.cpu() - used)


def draw(found: dict[Contestant, Shares], path: Path) -> None:
    """Draw one panel for each contestant: a bar for each stage, coloured by the kind of work."""
    import matplotlib as mpl  # noqa: PLC0415 - a second of imports that nothing else needs

    mpl.use("agg")
    from matplotlib import pyplot  # noqa: PLC0415

    figure, panels = pyplot.subplots(len(found), 1, figsize=(10, 2.9 * len(found)), layout="constrained")
    colours = dict(zip(_KINDS, pyplot.get_cmap("tab20").colors, strict=False))  # type: ignore[attr-defined]
    seen: set[str] = set()
    for panel, (who, shares_) in zip(panels, found.items(), strict=True):
        left = Counter[str]()
        for kind in _KINDS:
            widths = [shares_.get((stage, kind), 0.0) for stage in _STAGES]
            if sum(widths) < sum(shares_.values()) / 200:
                continue
            lefts = [left[stage] for stage in _STAGES]
            panel.barh(_STAGES, widths, left=lefts, color=colours[kind], label=kind if kind not in seen else None)
            seen.add(kind)
            left.update(dict(zip(_STAGES, widths, strict=True)))
        panel.invert_yaxis()
        panel.margins(x=0.03)
        panel.set_title(f"{_TITLES[who]}: {sum(shares_.values()):.0f} µs of processor time for each update, in a crowd")
        panel.set_xlabel("µs")
    figure.legend(loc="outside right center", frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": ""})


async def _measure(rounds: int, updates: int) -> dict[Contestant, Shares]:
    """Take the median of the rounds for each stage and kind."""
    turns: dict[Contestant, list[Shares]] = {who: [] for who in _TITLES}
    for _ in range(rounds):
        for who in _TITLES:
            found, seen = await shares(who, updates if who is DURABLE else updates // 5)
            turns[who].append(found)
            sys.stderr.write(f"{who.label}: {seen:.0%} of the process's time was seen\n")
    return {
        who: {key: Spread.of(one.get(key, 0.0) for one in found).median for key in set().union(*found)}
        for who, found in turns.items()
    }


def main(
    rounds: Annotated[int, typer.Option(help="How many turns each has.")] = 3,
    updates: Annotated[int, typer.Option(help="Echoes in one turn; complaints are a fifth of it.")] = 2000,
    picture: Annotated[Path, typer.Option(help="Where the picture goes.")] = PICTURE,
) -> None:
    """Measure, print JSON lines, draw."""
    found = asyncio.run(_measure(rounds, updates))
    for who, shares_ in found.items():
        for (stage, kind), value in sorted(shares_.items(), key=lambda item: -item[1]):
            row = {"who": who.label, "stage": stage, "kind": kind, "µs": round(value, 1)}
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    draw(found, picture)


if __name__ == "__main__":
    typer.run(main)
