"""One line for each run: what was done to the bot, and what came of it."""

import time
from dataclasses import dataclass, field

from tests.chaos.checking import Expected, Findings, check
from tests.chaos.scene import BOTS, Scene

LINES: list[str] = []
"""The lines of all runs so far, shown at the end of the report."""
MESSENGER_OF = {bot["username"]: bot["flavour"] for bot in BOTS}
"""The messenger of each bot of the simulator."""


@dataclass
class Report:
    """What a run, or the runs of a sweep together, came to."""

    name: str
    seed: int
    database: str
    workers: int
    updates: int = 0
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    repeated: int = 0
    in_flight: int = 0
    more: str = ""
    """What else there is to say."""
    began: float = field(default_factory=time.monotonic)

    def add(self, scene: Scene, found: Findings, updates: int) -> None:
        """Add one run."""
        self.updates += updates
        self.kills += scene.kills
        self.lost += len(found.lost)
        self.doubled += len(found.doubled)
        self.disordered += len(found.disordered)
        self.repeated += found.repeated
        self.in_flight += scene.in_flight.total()

    def print(self) -> None:
        """Keep the line for the end of the report."""
        LINES.append(
            f"{self.name}: SEED={self.seed} {self.database}, {self.workers} "
            f"{'worker' if self.workers == 1 else 'workers'}, {self.kills} kills, {self.updates} updates: "
            f"{self.lost} lost, {self.doubled} doubled, {self.disordered} disordered, "
            f"{self.repeated} repeated of {self.in_flight} in flight at kills, {time.monotonic() - self.began:.0f} s"
            + (f"; {self.more}" if self.more else "")
        )


async def judged(scene: Scene, expected: Expected) -> Findings:
    """Check a run whose processes have ended."""
    return await check(scene.database, scene.simulator.log, MESSENGER_OF, expected, scene.media_folder)


def fail_if_wrong(seed: int, found: Findings) -> None:
    """Raise AssertionError that names the seed and the first things that are wrong."""
    assert not found.wrong, f"SEED={seed}: {len(found.wrong)} wrong, the first: {found.wrong[:6]}"
