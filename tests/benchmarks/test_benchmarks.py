"""The benchmarks measure and print; whether bounds are kept is seen in `make bench`, not on a busy machine."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import __main__ as bench
from benchmarks.complaints import words_of
from benchmarks.figures import Bound, Figure, Spread, percentile
from benchmarks.notices import most_in_a_second
from benchmarks.processes import Failed, process
from benchmarks.sampling import Sampler
from tests.project.checkout import ROOT

KEYS = {"part", "what", "value", "unit", "low", "high", "ratio", "beside", "bound", "ok"}


def figure(**fields: object) -> Figure:
    return Figure(**{"part": "p", "what": "w", "value": 2.0, "unit": "s"} | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "rows", "left_out"),
    [
        (("cost", "--short", "--who", "our echo"), 4, "LEFT OUT: our echo, PostgreSQL"),
        (("notices", "--short"), 6, "LEFT OUT: PostgreSQL"),
        (("casework", "--short"), 3, "LEFT OUT: PostgreSQL"),
        (("press", "--short"), 1, "LEFT OUT: PostgreSQL"),
    ],
)
def test_the_short_form_prints_lines_of_json_and_a_table(words: tuple[str, ...], rows: int, left_out: str) -> None:
    nobody = {"BENCH_POSTGRES": "postgresql://postgres@127.0.0.1:1/postgres"}
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", *words, "--lenient"],
        cwd=ROOT,
        env={**os.environ, **nobody},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    found = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    assert len(found) == rows
    assert all(row.keys() == KEYS and row["value"] > 0 for row in found)
    assert all(row["what"][:40] in ran.stdout.partition("┏")[2] for row in found)
    assert left_out in ran.stderr


@pytest.mark.parametrize(
    ("fields", "ok"),
    [
        ({}, None),
        ({"bound": Bound("<=", 2.0)}, True),
        ({"bound": Bound("<=", 1.9)}, False),
        ({"bound": Bound(">=", 2.1)}, False),
        ({"bound": Bound("<=", 1.0, of_ratio=True), "ratio": 0.9}, True),
        ({"bound": Bound("<=", 1.0, of_ratio=True), "ratio": 1.1}, False),
        ({"bound": Bound("<=", 1.0, of_ratio=True)}, False),
    ],
)
def test_a_bound_is_kept_or_missed(fields: dict[str, object], ok: bool | None) -> None:
    assert figure(**fields).ok is ok
    assert json.loads(figure(**fields).line())["ok"] is ok


@pytest.mark.parametrize(("words", "status"), [(["made-up"], 1), (["made-up", "--lenient"], 0), (["no-such"], 2)])
def test_a_missed_bound_is_the_exit_status(monkeypatch: pytest.MonkeyPatch, words: list[str], status: int) -> None:
    async def missed(_: bench.Wish) -> list[Figure]:
        return [figure(bound=Bound("<=", 1.0))]

    monkeypatch.setitem(bench.PARTS, "made-up", missed)
    ran = CliRunner().invoke(bench.app, words)
    assert ran.exit_code == status
    assert ("NOT OK" in ran.output) == (words[0] == "made-up")


def test_rounds_and_percentiles() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    hundred = [float(n) for n in range(1, 101)]
    assert [percentile(hundred, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50.0, 95.0, 99.0, 100.0]
    assert percentile([7.0], 0.99) == 7.0


def test_the_fullest_second() -> None:
    assert most_in_a_second([]) == 0
    assert most_in_a_second([0.0, 0.5, 0.9, 1.2, 3.0]) == 3


def test_no_two_citizens_write_the_same() -> None:
    assert len({words_of(n) for n in range(3000)}) == 3000


async def test_a_contestant_that_ends_is_not_waited_for(tmp_path: Path) -> None:
    async def wait() -> None:
        async with process((sys.executable, "-c", "print('out of order'); raise SystemExit(3)"), tmp_path):
            await asyncio.sleep(30)

    with pytest.raises(Failed, match=r"ended with 3; it said: out of order"):
        await wait()


async def test_the_processor_time_is_booked_on_the_task_that_used_it(tmp_path: Path) -> None:
    async def busy(seconds: float) -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            json.dumps({"a": [1, 2, 3]})

    path = tmp_path / "samples.json"
    sampler = Sampler(path, asyncio.get_running_loop())
    sampler.start()
    try:
        await asyncio.create_task(busy(0.3), name="outbox 1")
        await asyncio.create_task(busy(0.1), name="dispatcher 0")
        await asyncio.sleep(0.4)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    seen = json.loads(path.read_text())
    sent = sum(seconds for key, seconds in seen.items() if key.startswith("send|"))
    handled = sum(seconds for key, seconds in seen.items() if key.startswith("handle|"))
    assert 0.2 < sent < 0.4
    assert 0.05 < handled < 0.2
