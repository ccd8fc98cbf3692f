"""The scene of a run: simulated messengers, a database, and the bot's processes among which death goes round."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.roles import Role
from simulator.person import Person
from simulator.server import Simulator
from storage import people
from storage import staff as staff_rows
from storage.database import FAILURES, Database
from storage.tables import inbox, media, outbox, timers
from tests.chaos.processes import Member, free_port

TOKENS = {"telegram": "137:TELEGRAM-TEST", "bale": "731:BALE-TEST"}
BOTS = [
    {"token": TOKENS["telegram"], "flavour": "telegram", "username": "Chaos137Bot", "name": "۱۳۷"},
    {"token": TOKENS["bale"], "flavour": "bale", "username": "chaos137_bot", "name": "۱۳۷"},
]
ALONE: Mapping[str, tuple[str, ...]] = {"bot": ()}
"""Every role in one process."""
_IN_FLIGHT = sa.select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.claimed_at.is_not(None))
_LOOK_EVERY = 0.05  # seconds


def apart(workers: int) -> dict[str, tuple[str, ...]]:
    """Name the processes of a bot whose roles are split: two that may receive, two that may send, so many that work."""
    named: dict[str, tuple[str, ...]] = {f"receiver{n}": ("--role", "receiver") for n in range(2)}
    named |= {f"sender{n}": ("--role", "sender") for n in range(2)}
    return named | {f"worker{n}": ("--role", "worker") for n in range(workers)}


@dataclass
class Scene:
    """What a run consists of, and what was done to it: kills, and the rows that were in flight at them."""

    simulator: Simulator
    url: str
    folder: Path
    database: Database
    members: dict[str, Member] = field(default_factory=dict)
    may_die: bool = False
    """Whether a process may end by itself: the fault hook kills it."""
    kills: int = 0
    in_flight: Counter[int] = field(default_factory=Counter)

    @property
    def media_folder(self) -> Path:
        """Where the bot keeps files."""
        return self.folder / "media"

    def cast(self, roles: Mapping[str, tuple[str, ...]], *, webhook: bool = False) -> None:
        """Name the processes and what each is told after `bot run`; updates are polled or come by webhook."""
        settings = {
            "TELEGRAM_TOKEN": TOKENS["telegram"],
            "TELEGRAM_API": self.simulator.url,
            "TELEGRAM_RATE": "1000",
            "BALE_TOKEN": TOKENS["bale"],
            "BALE_API": self.simulator.url,
            "BALE_RATE": "1000",
            "DATABASE_URL": self.url,
            "MEDIA_DIR": str(self.media_folder),
        }
        if webhook:
            port = str(free_port())
            settings |= {"TELEGRAM_WEBHOOK": "true", "BALE_WEBHOOK": "true", "SECRET_KEY": "k" * 40}
            settings |= {"WEB_PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        self.members = {name: Member(name, self.folder, settings, words) for name, words in roles.items()}

    def start_all(self) -> None:
        """Start every process."""
        for member in self.members.values():
            member.start()

    async def note_in_flight(self) -> None:
        """Remember which messages are in flight now: each of them may come once more."""
        async with self.database.read() as tx:
            self.in_flight.update((await tx.execute(_IN_FLIGHT)).scalars())

    async def died(self, member: Member) -> None:
        """Count a kill; what was in flight then may come twice."""
        self.kills += 1
        if member.sends:
            await self.note_in_flight()

    async def kill(self, name: str) -> None:
        """kill -9 one process."""
        await self.members[name].kill()
        await self.died(self.members[name])

    async def freeze(self, names: Collection[str], seconds: float) -> None:
        """SIGSTOP processes for some time; what a sender among them has in flight may come twice."""
        for name in names:
            self.members[name].signal(signal.SIGSTOP)
        await self.frozen(names)
        await self.wake(names, seconds)

    async def frozen(self, names: Collection[str]) -> None:
        """Wait until processes are frozen, and remember at once what is in flight at a sender among them."""
        for name in sorted(names, key=lambda name: not self.members[name].sends):
            while not self.members[name].frozen:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(_LOOK_EVERY)
            if self.members[name].sends:
                await self.note_in_flight()

    async def frozen_at_last(self, names: Collection[str], seconds: float) -> int:
        """Wait as `frozen` does; who has not come to its point after so many seconds is frozen where it is.

        Where a lease has moved on a starved machine, its first holder may never come there. Returns how many did come.
        """
        waiting = asyncio.create_task(self.frozen(names))
        await asyncio.wait((waiting,), timeout=seconds)
        late = [] if waiting.done() else [name for name in names if not self.members[name].frozen]
        for name in late:
            self.members[name].signal(signal.SIGSTOP)
        await waiting
        return len(names) - len(late)

    async def wake(self, names: Collection[str], seconds: float) -> None:
        """Leave frozen processes as they are for some time, then SIGCONT."""
        await asyncio.sleep(seconds)
        for name in names:
            self.members[name].signal(signal.SIGCONT)

    async def left(self) -> Counter[str]:
        """Count by table what still waits, is held or is in flight."""
        open_states = ("waiting", "held")
        found: Counter[str] = Counter()
        async with self.database.read() as tx:
            for table in (inbox, outbox, media):
                query = sa.select(sa.func.count()).select_from(table).where(table.c.state.in_(open_states))
                found[table.name] = int(await tx.scalar(query) or 0)
            due = sa.select(sa.func.count()).select_from(timers)
            due = due.where(timers.c.state == "waiting", timers.c.due_at <= datetime.now(UTC))
            found["timers"] = int(await tx.scalar(due) or 0)
        return +found

    async def handled(self) -> int:
        """Count the updates that no longer wait; none while the database is away."""
        query = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state.in_(("done", "quarantined")))
        try:
            async with self.database.read() as tx:
                return int(await tx.scalar(query) or 0)
        except FAILURES:
            return 0

    async def reached(self, wanted: int) -> None:
        """Wait until so many updates are handled; raises AssertionError when a process has ended meanwhile."""
        while await self.handled() < wanted:
            self.all_alive()
            await asyncio.sleep(_LOOK_EVERY)

    async def quiet(self, updates: int) -> None:
        """Wait until so many updates are handled and nothing is left to do."""
        while True:
            try:
                if await self.handled() >= updates and not await self.left():
                    return
            except FAILURES:
                pass  # the server is just being restarted
            self.all_alive()
            await asyncio.sleep(_LOOK_EVERY)

    def all_alive(self) -> None:
        """Raise AssertionError with the last words of a process that has ended by itself."""
        for member in self.members.values():
            if member.process is not None and not self.may_die:
                assert member.ended is None, f"ended with {member.ended}: {member.words_of_log()}"

    async def stop_all(self) -> None:
        """End every process gracefully; each has to end well."""
        for name, status in zip(
            self.members, await asyncio.gather(*(m.stop() for m in self.members.values())), strict=True
        ):
            assert status == 0, self.members[name].words_of_log()

    async def kill_all(self) -> None:
        """End what is still running, whatever happened."""
        for member in self.members.values():
            if member.process is not None and member.ended is None:
                await member.kill()

    async def employ(self, person: Person, role: Role, unit: str = "") -> None:
        """Let somebody work here who has spoken to the bot before."""
        account = person.account
        now = datetime.now(UTC)
        async with self.database.write() as tx:
            known = await people.meet(tx, account.flavour, account.id, account.config.first_name, now)
            await staff_rows.grant(tx, known.person, role, unit, None, now)
        self.simulator.exchange.world.private(account, person.bot()).opened = True


@asynccontextmanager
async def scene(url: str, folder: Path, citizens: Sequence[Mapping[str, Any]], **config: Any) -> AsyncIterator[Scene]:
    """Open a scene with these people in it; nothing of the bot runs yet."""
    database = Database(url)
    async with Simulator({"bots": BOTS, "people": list(citizens), "strict": True, **config}) as simulator:
        one = Scene(simulator, url, folder, database)
        try:
            yield one
        finally:
            await one.kill_all()
            await database.close()
            (folder / "calls.jsonl").write_text(
                simulator.log.lines(), encoding="utf-8"
            )  # for whoever looks into a failure
