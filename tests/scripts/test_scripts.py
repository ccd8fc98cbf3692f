"""Every script, on both messengers and both databases, through the real pipeline."""

from pathlib import Path

import pytest

from simulator.config import Flavour
from tests.conftest import centre_of
from tests.play.playing import play
from tests.play.script import Script, all_in
from tests.play.stage import Stage

SCRIPTS = all_in(Path(__file__).parent)
CASES = [pytest.param(s, f, id=f"{s.name}-{f}") for s in SCRIPTS for f in s.flavours]


@pytest.mark.parametrize(("script", "flavour"), CASES)
async def test_script(script: Script, flavour: Flavour, database_url: str, tmp_path: Path) -> None:
    stage = Stage(centre_of(script.city), database_url, tmp_path / "media", flavour)
    await stage.open(script.cast)
    try:
        await play(script, stage)
    finally:
        await stage.close()
