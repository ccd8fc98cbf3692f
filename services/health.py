"""How the machine is: what came in and could not be handled, what could not be sent, who cannot be reached."""

from dataclasses import asdict, dataclass
from datetime import datetime

from domain.casework import Actor
from services import staff, unit_groups
from services.unit_groups import Group
from storage import audit, inbox, outbox, people, receivers, timers, troubles
from storage.database import Transaction
from storage.receivers import Standing
from storage.troubles import Counts

_LONGEST_CLASS = 40


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong: its number, where, when, and the class of the problem without anybody's words."""

    number: int
    messenger: str
    at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Health:
    """What an administrator looks at; the lists hold the newest few of what is counted."""

    receivers: list[Standing]
    waiting_in: int
    waiting_out: int
    quarantined: int
    newest_quarantined: list[Trouble]
    dead: int
    newest_dead: list[Trouble]
    failed_timers: int
    unreachable: dict[str, int]
    lost_groups: list[Group]

    @property
    def well(self) -> bool:
        """Tell whether there is nothing to do; citizens who closed the bot are no trouble of ours."""
        connected = all(receiver.health == "ok" for receiver in self.receivers)
        return connected and not (self.stuck or self.lost_groups)

    @property
    def stuck(self) -> int:
        """Count what can be tried again, or put aside."""
        return self.quarantined + self.dead + self.failed_timers


def problem_class(problem: str) -> str:
    """Return the class of a problem: what stands before the first colon; what follows may quote somebody."""
    return problem.partition(":")[0].strip()[:_LONGEST_CLASS]


async def look(tx: Transaction, by: Actor, now: datetime, newest: int = 3) -> Health:
    """Collect how everything is."""
    staff.require_administrator(by)
    stuck = await inbox.quarantined(tx, newest)
    dead = await outbox.dead(tx, newest)
    groups = await unit_groups.seen(tx)
    return Health(
        receivers=await receivers.standings(tx),
        waiting_in=await inbox.waiting_count(tx) + await inbox.held_count(tx),
        waiting_out=await outbox.due_count(tx, now),
        quarantined=await inbox.quarantined_count(tx),
        newest_quarantined=[Trouble(r.id, r.messenger, r.received_at, problem_class(r.problem)) for r in stuck],
        dead=await outbox.dead_count(tx),
        newest_dead=[Trouble(r.id, r.messenger, r.created_at, problem_class(r.problem)) for r in dead],
        failed_timers=len(await timers.failed(tx)),
        unreachable=await people.unreachable_counts(tx),
        lost_groups=[group for group in groups if group.unit and not group.active],
    )


async def try_again(tx: Transaction, by: Actor, now: datetime) -> Counts:
    """Let all that could not be handled, sent or done be tried again."""
    staff.require_administrator(by)
    return await _recorded(tx, by, "tried-again", await troubles.again(tx), now)


async def put_aside(tx: Transaction, by: Actor, now: datetime) -> Counts:
    """Count all that could not be handled, sent or done as seen: it is listed no more and nothing is erased."""
    staff.require_administrator(by)
    return await _recorded(tx, by, "put-aside", await troubles.put_aside(tx, now), now)


async def _recorded(tx: Transaction, by: Actor, act: str, counts: Counts, now: datetime) -> Counts:
    await audit.record(tx, act=act, person=by.person, messenger=by.account.messenger, now=now, data=asdict(counts))
    return counts
