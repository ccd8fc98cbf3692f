from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from simulator.server import Simulator
from tests.engine.rig import Rig, config


@pytest.fixture
async def rig(database_url: str, tmp_path: Path) -> AsyncIterator[Rig]:
    """An engine, not started yet, on a fresh database of both kinds in turn."""
    async with Simulator(config()) as simulator:
        for number in range(40):
            person = simulator.person(1000 + number)
            simulator.exchange.world.private(person.account, person.bot()).opened = True
        rig = Rig(simulator, database_url, tmp_path / "media")
        yield rig
        await rig.stop()
