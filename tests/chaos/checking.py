"""Counts what was lost, doubled or out of order, from the database and the simulator's log alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.tables import inbox, timers
from tests.chaos import checking_effects, checking_messages
from tests.chaos.crowd import Chat, Citizen


@dataclass
class Expected:
    """What was said in a run, and what may therefore be found."""

    citizens: Sequence[Citizen]
    staff: Mapping[Chat, Sequence[int]] = field(default_factory=dict)
    """The updates of those who work here, by chat."""
    readers: Sequence[Chat] = ()
    """The chats each of which gets one card of every request."""
    deeds: Sequence[str] = ("file",)
    """The history that every request has in the end."""
    in_flight: Counter[int] = field(default_factory=Counter)
    """How many kills found which row of the outbox in flight."""


@dataclass
class Findings:
    """What a run did wrong, in words; `repeated` counts messages that came once more, each for a reason."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    repeated: int = 0

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return [*self.lost, *self.doubled, *self.disordered]


async def check(
    database: Database, log: Iterable[Mapping[str, Any]], bots: Mapping[str, str], expected: Expected, files: Path
) -> Findings:
    """Look at everything that should be there once, and in its order; `bots` gives each bot's messenger."""
    found = Findings()
    await _updates(database, expected, found)
    await _timers(database, found)
    await checking_effects.look(database, expected, files, found)
    await checking_messages.look(database, list(log), bots, expected, found)
    return found


async def _updates(database: Database, expected: Expected, found: Findings) -> None:
    """Every update is in the inbox once, handled, and each chat's were handled in the order they were said."""
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(inbox).order_by(inbox.c.id))).all()
    lanes: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        lanes[row.lane].append(row)
        if row.state != "done":
            found.lost.append(f"update {row.update_id} of {row.lane} is {row.state}: {row.problem}")
    said = {citizen.chat: citizen.updates for citizen in expected.citizens} | dict(expected.staff)
    for (messenger, chat), updates in said.items():
        _lane(f"{messenger}:{chat}", lanes.pop(f"{messenger}:{chat}", []), updates, found)
    found.doubled += [f"{len(lane)} updates of {name}, who never spoke" for name, lane in lanes.items()]


def _lane(name: str, lane: list[Any], updates: Sequence[int], found: Findings) -> None:
    stored = Counter(row.update_id for row in lane)
    found.lost += [f"update {n} of {name} never came into the inbox" for n in updates if not stored[n]]
    found.doubled += [f"update {n} of {name} is in the inbox {times} times" for n, times in stored.items() if times > 1]
    found.doubled += [f"update {n} of {name} was never sent" for n in stored.keys() - set(updates)]
    if [row.update_id for row in lane] != sorted(row.update_id for row in lane):
        found.disordered.append(f"{name}'s updates lie in the inbox in another order")
    done = [row.done_at for row in lane if row.done_at]
    if done != sorted(done):
        found.disordered.append(f"{name}'s updates were handled in another order")


async def _timers(database: Database, found: Findings) -> None:
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(timers.c.key, timers.c.problem).where(timers.c.state == "failed"))).all()
    found.lost += [f"the timer {row.key} failed: {row.problem}" for row in rows]
