"""A town for a week: its people on both messengers, the bot with a messenger's bad days, and a clock that runs fast."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from domain.roles import Role
from services.centre import Centre
from tests.chaos.trouble import make_faulty
from tests.play.script import Part
from tests.play.stage import Stage
from tests.week.people import Citizen, Worker, citizen, worker

_UNITS = ("waste-9", "services-9", "civil-9", "green-9", "traffic-9", "relief-9", "waste-org", "parks", "traffic-org")
_DESK_MENU = ("میز من",)
_A_LOOK, _PATIENCE = 1, 300  # seconds, looks


@dataclass(frozen=True, slots=True)
class Size:
    """How big the town is and how long it is watched; `hour` is how much of everybody's time counts as one step."""

    citizens: int
    officials: int
    operators: int
    days: int
    hour: timedelta = timedelta(hours=1)
    complaints: float = 0.3
    """How likely it is that a citizen who is awake, and asked nothing, complains."""


def _staff(size: Size) -> Iterator[Part]:
    flavours = ("telegram", "bale")
    for n in range(size.officials):
        unit = _UNITS[n % len(_UNITS)]
        role = Role.HEAD if n < len(_UNITS) and size.officials > len(_UNITS) else Role.OFFICIAL
        yield Part(0, "staff", f"مسئول{n}", (role, unit), {"on": flavours[n % 2]})
    for n in range(size.operators):
        yield Part(0, "staff", f"میز{n}", (Role.OPERATOR,), {"on": flavours[n % 2]})
    yield Part(0, "staff", "بازرس", (Role.INSPECTOR,), {})
    yield Part(0, "staff", "مدیر", (Role.MANAGER,), {})
    yield Part(0, "admin", "سامانه", (), {})


class Town:
    """The week of a town; `run` lives through it."""

    def __init__(self, centre: Centre, database_url: str, media: Path, size: Size, seed: int) -> None:
        self.size, self.seed = size, seed
        self.chance = random.Random(seed)
        self.stage = Stage(centre, database_url, media, "telegram")
        self.citizens: list[Citizen] = []
        self.workers: list[Worker] = []

    async def open(self) -> None:
        """Call everybody in and start the bot."""
        cast = (*_staff(self.size), *self._people())
        await self.stage.open(cast)
        make_faulty(self.stage.simulator)
        for part in cast:
            person = self.stage.players[part.name].person
            own = random.Random(f"{self.seed}-{part.name}")
            if part.kind == "person":
                self.citizens.append(citizen(person, own, self.size.complaints))
            elif part.name.startswith(("مسئول", "میز", "بازرس")):
                self.workers.append(worker(person, own, _DESK_MENU))

    def _people(self) -> Iterator[Part]:
        for n in range(self.size.citizens):
            yield Part(0, "person", f"شهروند{n}", (), {"on": ("telegram", "bale")[n % 2]})

    async def close(self) -> None:
        """Stop everything."""
        await self.stage.close()

    async def run(self) -> None:
        """Live through the week, hour by hour; then let the bot come to rest."""
        for hour in range(self.size.days * 24):
            await self._hour(hour % 24)
            self.stage.pass_time(self.size.hour)
        self.stage.simulator.api.faults.clear()
        for _ in range(3):
            self.stage.pass_time(timedelta(hours=12))
            await self._settled()

    async def _hour(self, since_morning: int) -> None:
        """Let those act who are awake: all by day, few by night; staff press three times as often as citizens."""
        awake = 0.3 if since_morning < 14 else 0.02
        for one in self._some(self.citizens, awake):
            await one.live()
        for _ in range(2):
            await self._settled()
            self.stage.breathe()
            for one in self._some(self.workers, awake * 3):
                await one.work()
        await self._settled()

    async def _settled(self) -> None:
        """Wait until the bot has come to rest; what was put off on a bad day needs time to pass."""
        for _ in range(_PATIENCE):
            try:
                async with asyncio.timeout(_A_LOOK):
                    await self.stage.settled()
            except TimeoutError:
                self.stage.pass_time(timedelta(seconds=20))
            else:
                return
        raise TimeoutError("the bot does not come to rest")

    def _some[T](self, of: Sequence[T], share: float) -> list[T]:
        return [one for one in of if self.chance.random() < share]
