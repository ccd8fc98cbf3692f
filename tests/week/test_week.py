"""A simulated week: citizens, units and the desk at work for days, with bad days of the messengers in between."""

import os
import random
import sys
import time
from pathlib import Path

import pytest

from services.centre import Centre
from tests.week import checks
from tests.week.town import Size, Town

LONG = os.environ.get("WEEK", "") == "long"
"""`make week` lives through the whole week; `make test` through two days of a small town."""
_SIZE = Size(500, 40, 6, 7, complaints=0.06) if LONG else Size(24, 9, 2, 2)


@pytest.mark.slow
async def test_after_a_week_every_request_is_where_it_may_be_and_everybody_was_told(
    centre: Centre, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    began, used = time.monotonic(), time.process_time()
    town = Town(centre, database_url, tmp_path / "media", _SIZE, seed)
    await town.open()
    try:
        await town.run()
        assert town.stage.engine is not None
        week = await checks.look(town.stage.engine.database)
    finally:
        await town.close()
    took = f"{time.monotonic() - began:.0f} s, {time.process_time() - used:.0f} s of the processor"
    lines = [f"a week of {_SIZE} on {database_url.partition(':')[0]}, SEED={seed}: {took}"]
    lines += [f"  {name}: {count}" for name, count in sorted(week.figures.items())]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert not week.wrong, f"SEED={seed}: {len(week.wrong)} wrong, the first: {week.wrong[:8]}"
    assert week.figures["requests"] >= _SIZE.citizens // 2
    assert week.figures["state closed"] > 0
