"""Scripts of two voices with updates delivered instead of polled."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.engine import Engine
from bot.web import add_web
from handlers.house import House
from simulator.config import FLAVOURS, Flavour
from tests.conftest import centre_of
from tests.engine.webhook_engine import settings_of
from tests.engine.webhook_rig import free_port
from tests.play.playing import play
from tests.play.script import all_in
from tests.play.stage import Stage

SCRIPTS = {script.name: script for script in all_in(Path(__file__).parent.parent / "scripts")}
CHOSEN = ("citizen_three_actions", "citizen_album", "bad_double_taps", "across_messengers")
CASES = [pytest.param(name, f, id=f"{name}-{f}") for name in CHOSEN for f in SCRIPTS[name].flavours]


class HookedStage(Stage):
    """A stage on which both messengers deliver."""

    def _new_engine(self, house: House, **more: Any) -> Engine:
        engine = super()._new_engine(house, delivered=FLAVOURS, **more)
        tokens = {bot.config.flavour: token for token, bot in self.simulator.exchange.world.bots.items()}
        kept = {f"{name}_webhook": name in engine.clients for name in FLAVOURS}
        web = add_web(engine, settings_of(self.simulator.url, tokens, free_port(), **kept))
        assert web is not None
        web.open()
        return engine

    async def settled(self) -> None:
        """Wait for deliveries as well."""
        async with asyncio.timeout(20):
            while any(len(self.simulator.exchange.queues[bot.config.token]) for bot in self._bots()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await super().settled()

    def _bots(self) -> list[Any]:
        assert self.engine is not None
        return [bot for bot in self.simulator.exchange.world.bots.values() if bot.config.flavour in self.engine.clients]


@pytest.mark.parametrize(("name", "flavour"), CASES)
async def test_script_by_webhook(name: str, flavour: Flavour, database_url: str, tmp_path: Path) -> None:
    script = SCRIPTS[name]
    stage = HookedStage(centre_of(script.city), database_url, tmp_path / "media", flavour)
    await stage.open(script.cast)
    try:
        await play(script, stage)
        assert not stage.simulator.log.calls("getUpdates")
        assert stage.simulator.log.calls("webhook")
    finally:
        await stage.close()
