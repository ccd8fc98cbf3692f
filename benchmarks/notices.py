"""A notice to 100,000 people: queued and stopped while citizens go on being answered, and sent at the set rate."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa

from benchmarks.complaints import words_of
from benchmarks.crowd import FIRST, PATIENCE, Crowd, crowd
from benchmarks.databases import database
from benchmarks.figures import Bound, Figure
from benchmarks.names import PRODUCT
from benchmarks.processes import Contestant, Running, command, process
from storage import migrate
from storage.database import Database
from storage.tables import accounts, notices, outbox, people

PART = "notices"
_APART = 0.1  # seconds between the citizens who write meanwhile
_LOOK = 0.02
_AT_ONCE = 5000  # people who are made known in one transaction
_BOSS = 0
_NOTICE = "آب شرب محلهٔ سجاد فردا از ساعت ۸ تا ۱۲ قطع است. از شکیبایی شما ممنونیم."
_WRITERS = 50_000_000  # citizens who write meanwhile, beyond all others: new ones, as the worst case


@dataclass(frozen=True)
class Size:
    """How many people the notice is for, and for which rates, in messages a second, the sending is watched."""

    accounts: int = 100_000
    there: int = 3000  # people of the simulated messenger, the first accounts: those that the notice reaches in time
    rates: tuple[tuple[float, float], ...] = ((28, 12.0), (200, 8.0))  # rate, seconds
    bound: float = 5.0


@dataclass
class _Citizens:
    """People who write all the time, one after the other, and how long each waited."""

    messenger: Crowd
    waits: list[float] = field(default_factory=list)
    number: int = _WRITERS

    async def write(self) -> None:
        """Go on until cancelled; the one who waits then counts with the time so far."""
        while True:
            self.number += 1
            answer, began = self.messenger.hears(self.number), time.perf_counter()
            await self.messenger.person(self.number).write(words_of(self.number))
            try:
                await asyncio.wait_for(answer, PATIENCE)
            finally:
                self.waits.append(time.perf_counter() - began)
            await asyncio.sleep(_APART)


@asynccontextmanager
async def _writing(messenger: Crowd) -> AsyncIterator[_Citizens]:
    citizens = _Citizens(messenger)
    task = asyncio.create_task(citizens.write())
    try:
        yield citizens
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _fill(db: Database, count: int) -> None:
    """Let the bot know so many people, as if each had written once."""
    now = datetime.now(UTC)
    await migrate.upgrade(db)
    for first in range(1, count + 1, _AT_ONCE):
        numbers = range(first, min(count + 1, first + _AT_ONCE))
        somebody = [{"id": n, "name": "", "created_at": now} for n in numbers]
        rows = [{"messenger": "telegram", "user_id": FIRST + n, "person_id": n, "seen_at": now} for n in numbers]
        async with db.write() as tx:
            await tx.execute(sa.insert(people), somebody)
            await tx.execute(sa.insert(accounts), rows)
    if not db.is_sqlite:
        async with db.write() as tx:  # numbers were given, so the sequence has not moved
            await tx.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence("people", "id"), count)))


def _open_chats(messenger: Crowd, count: int) -> None:
    """The people of the messenger have written to the bot before, so it may write to them."""
    for number in range(count + 1):
        person = messenger.person(number)
        messenger.simulator.exchange.world.private(person.account, person.bot()).opened = True


async def _press(messenger: Crowd, label: str) -> None:
    """Press the administrator's newest button whose label begins like this."""
    boss = messenger.person(_BOSS)
    labels = [name for seen in reversed(boss.messages()) for name in seen.labels]
    await boss.press(next(name for name in labels if name.startswith(label)))


async def _prepared(messenger: Crowd) -> None:
    """Let the administrator write a notice, up to the button that sends it."""
    boss = messenger.person(_BOSS)
    for act, answer in (
        (lambda: boss.write("مدیریت"), "مدیریت"),
        (lambda: _press(messenger, "اطلاعیه به همه"), "متن اطلاعیه"),
        (lambda: boss.write(_NOTICE), "فرستاده شود"),
    ):
        told = messenger.hears(_BOSS, answer)
        await act()
        await asyncio.wait_for(told, PATIENCE)


async def _until(db: Database, finished: sa.Select[int]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            async with db.read() as tx:
                if await tx.scalar(finished):
                    return
            await asyncio.sleep(_LOOK)


_QUEUED = (
    sa.select(sa.func.count()).select_from(notices).where(notices.c.state == "sending", notices.c.reached.is_(None))
)


_WAITS = sa.select(outbox.c.id).where(
    outbox.c.state == sa.literal_column("'waiting'"), outbox.c.notice_id.is_not(None), outbox.c.claimed_at.is_(None)
)
_TAKEN_OUT = sa.select(sa.func.count()).select_from(notices).where(notices.c.state == "cancelled", ~_WAITS.exists())


@dataclass
class _Scene:
    messenger: Crowd
    bot: Running
    db: Database

    async def press(self, label: str, finished: sa.Select[int]) -> tuple[float, list[float]]:
        """Press a button of the administrator's; return the seconds until all is done, and what citizens waited."""
        async with _writing(self.messenger) as citizens:
            await asyncio.sleep(1.0)
            citizens.waits.clear()
            began = time.perf_counter()
            await _press(self.messenger, label)
            await _until(self.db, finished)
            seconds = time.perf_counter() - began
            await asyncio.sleep(1.0)
        return seconds, citizens.waits

    async def arrivals(self, seconds: float) -> list[float]:
        """Return the moments at which messages arrive for a while."""
        moments: list[float] = []
        self.messenger.watch = lambda person, moment: moments.append(moment)
        await asyncio.sleep(seconds)
        self.messenger.watch = None
        return moments


@asynccontextmanager
async def _scene(kind: str, size: Size, rate: float) -> AsyncIterator[_Scene]:
    who = Contestant(PRODUCT, kind)
    async with crowd() as messenger, database(kind) as (address, folder):
        db = Database(address)
        try:
            await _fill(db, size.accounts)
            _open_chats(messenger, size.there)
            more = {"ADMINISTRATORS": f"telegram:{FIRST + _BOSS}", "BENCH_RATE": f"{rate:g}"}
            async with process(command(who, messenger.url, address, folder), folder, **more) as started:
                await _prepared(messenger)
                bot = Running(started, address, folder)
                await bot.quiet()
                yield _Scene(messenger, bot, db)
        finally:
            await db.close()


def most_in_a_second(moments: list[float]) -> int:
    """Return how many of the moments the fullest second has, wherever it begins."""
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def _sending(kind: str, rate: float, seconds: float, moments: list[float]) -> list[Figure]:
    achieved = len(moments) / seconds
    burst = max(2.0, rate / 20)  # what may leave at once after a pause
    what = f"{kind}: messages in a second, {rate:g}/s set, over {seconds:g} s"
    most = f"{kind}: messages in the fullest second, {rate:g}/s set"
    return [
        Figure(
            PART,
            what,
            achieved,
            "/s",
            ratio=achieved / rate,
            beside="the set rate",
            bound=Bound(">=", 0.97, of_ratio=True),
        ),
        Figure(PART, most, most_in_a_second(moments), "messages", bound=Bound("<=", rate + burst + 1)),
    ]


def _took(kind: str, what: str, took: float, waits: list[float], size: Size) -> list[Figure]:
    return [
        Figure(PART, f"{kind}: {size.accounts} {what}", took, "s", bound=Bound("<=", size.bound)),
        Figure(
            PART,
            f"{kind}: longest of {len(waits)} replies while they are {what}",
            max(waits),
            "s",
            bound=Bound("<=", 1.0),
        ),
    ]


async def measure(kinds: list[str], size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Measure queueing and stopping at the usual rate, and the pace at each rate."""
    figures = []
    for kind in kinds:
        for number, (rate, seconds) in enumerate(size.rates):
            async with _scene(kind, size, rate) as scene:
                took, waits = await scene.press("فرستادن", _QUEUED)
                say(f"{kind}: {size.accounts} notices queued in {took:.2f} s, longest wait {max(waits):.2f} s")
                moments = await scene.arrivals(seconds)
                figures += _took(kind, f"queued ({rate:g}/s set)", took, waits, size)
                figures += _sending(kind, rate, seconds, moments)
                if number == 0:
                    took, waits = await scene.press("توقف", _TAKEN_OUT)
                    say(f"{kind}: stopped in {took:.2f} s, longest wait {max(waits):.2f} s")
                    figures += _took(kind, "taken out again", took, waits, size)
    return figures
