"""What a day at a messenger's server is like: slow, cut off, overloaded, now and then a proxy's page."""

import asyncio
import random

from simulator.server import Simulator
from tests.chaos.crowd import Citizen, crowd, speak
from tests.chaos.scene import Scene

_HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
_SOMETIMES: tuple[tuple[str, float, dict[str, object]], ...] = (  # methods, share of the calls, what happens to them
    ("send*", 0.002, {"status": 429, "retry_after": 1}),
    ("send*", 0.001, {"status": 429}),
    ("send*", 0.004, {"status": 500}),
    ("send*", 0.004, {"status": 502, "text": _HTML}),
    ("send*", 0.004, {"drop": "before"}),
    ("send*", 0.004, {"drop": "after"}),
    ("send*", 0.004, {"delay": 0.5}),
    ("send*", 0.004, {"drip": 0.5}),
    ("edit*", 0.01, {"status": 502, "text": _HTML}),
    ("edit*", 0.01, {"drop": "after"}),
    ("getUpdates", 0.02, {"status": 502, "text": _HTML}),
    ("getUpdates", 0.02, {"drop": "before"}),
    ("getUpdates", 0.02, {"drop": "after"}),
    ("getUpdates", 0.02, {"drip": 0.3}),
    ("getUpdates", 0.005, {"status": 429, "retry_after": 1}),
    ("webhook", 0.03, {"repeat": 1, "together": True}),
    ("webhook", 0.03, {"drop": "before"}),
    ("webhook", 0.03, {"drop": "after"}),
    ("getFile", 0.05, {"status": 500}),
    ("download", 0.05, {"drop": "before"}),
    ("download", 0.05, {"drip": 0.3}),
)


def make_faulty(simulator: Simulator) -> None:
    """Let some calls go wrong from now on, as the simulator's seed decides."""
    for method, rate, what in _SOMETIMES:
        simulator.fault(method, rate=rate, times=None, **what)


class Talk:
    """A crowd that talks in the background; `said` updates when it has ended."""

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        self.citizens: list[Citizen] = []
        self.said = 0
        self._scene, self._chance = scene, chance
        self._task: asyncio.Task[int] | None = None

    async def gather(self, citizens: int) -> None:
        """Bring the citizens of the scene together."""
        self.citizens = await crowd(self._scene, citizens)

    async def say(self, turns: range) -> None:
        """Let everybody have these turns at once."""
        self.said += await speak(self.citizens, turns, self._chance, 0)

    def begin(self, turns: range, pause: float) -> None:
        """Let everybody have these turns in the background, up to `pause` seconds apart."""
        self._task = asyncio.create_task(speak(self.citizens, turns, self._chance, pause))

    async def end(self) -> None:
        """Wait until everybody has had their say."""
        if self._task is not None:
            self.said += await self._task
            self._task = None
