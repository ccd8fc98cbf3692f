"""Every script through the real pipeline: on Telegram with SQLite and on Bale with PostgreSQL, or all four ways."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.config import Flavour
from tests.conftest import centre_of
from tests.play.playing import play
from tests.play.script import Script, all_in
from tests.play.stage import Stage

SCRIPTS = all_in(Path(__file__).parent)
ALL = os.environ.get("SCRIPTS", "") == "all"
"""`SCRIPTS=all make test` plays each on both databases with both messengers: a quarter of an hour more."""
_USUALLY = {"telegram": "sqlite", "bale": "postgres"}
_MARKS = {"sqlite": (), "postgres": (pytest.mark.postgres,)}


def _cases() -> Iterator[Any]:
    for script in SCRIPTS:
        for flavour in script.flavours:
            once = not ALL and len(script.flavours) > 1  # what is of one messenger only is played on both databases
            for kind in [_USUALLY[flavour]] if once else _MARKS:
                yield pytest.param(script, flavour, kind, id=f"{kind}-{script.name}-{flavour}", marks=_MARKS[kind])


@pytest.mark.parametrize(("script", "flavour", "database_url"), list(_cases()), indirect=["database_url"])
async def test_script(script: Script, flavour: Flavour, database_url: str, tmp_path: Path) -> None:
    stage = Stage(centre_of(script.city), database_url, tmp_path / "media", flavour)
    await stage.open(script.cast)
    try:
        await play(script, stage)
    finally:
        await stage.close()
