"""Leases as the parts of the engine see them: held or not, and never longer than can be known.

Past its deadline, which is earlier than the database's, a holder makes no call and takes no work until the lease is
renewed: a process that was frozen and wakes up finds it has passed before it does anything.
"""

import asyncio
import fcntl
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import structlog

from bot.bell import Bell, Queue
from bot.clock import Clock
from storage import leases
from storage.database import Database
from storage.leases import Session

log = structlog.get_logger(__name__)

_TELL_EVERY = 0.005  # seconds
# This clock goes on while the machine sleeps, where there is such a one.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _now() -> float:
    return time.clock_gettime(_CLOCK)


@dataclass(frozen=True, slots=True)
class Pace:
    """How leases are kept; times in seconds."""

    held_for: float = 6.0
    margin: float = 1.0  # the holder's own deadline is so much earlier than the database's
    renew_every: float = 2.0
    look_every: float = 1.0  # while another holds what we want, or the database is away


class Deposed(Exception):
    """The lease is not ours, or we cannot know: nothing may be done in its name."""


class AlreadyRunning(Exception):
    """Another process works on this SQLite file."""


class Lease:
    """One lease, ours or not."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.token = 0
        self._deadline = float("-inf")
        self._held, self._gone = asyncio.Event(), asyncio.Event()

    @property
    def valid(self) -> bool:
        """Whether it is ours beyond doubt at this moment."""
        return _now() < self._deadline

    def check(self) -> None:
        """Raise Deposed unless it is ours beyond doubt."""
        if not self.valid:
            raise Deposed(self.name)

    @property
    def fence(self) -> tuple[str, int] | None:
        """Name and token, for statements that only the holder's may change anything; None where nobody else can be."""
        return (self.name, self.token) if self.name else None

    async def gained(self) -> None:
        """Return when it is ours."""
        await self._held.wait()

    async def lost(self) -> None:
        """Return when it is another's."""
        await self._gone.wait()

    def got(self, token: int, deadline: float) -> None:
        """Note that it was taken or renewed; under a new token it has been another's meanwhile."""
        if self._held.is_set() and token != self.token:
            self.let_go()
        self._deadline = deadline
        if not self._held.is_set() or token != self.token:
            log.info("lease taken", lease=self.name, token=token)
        self.token = token
        self._gone.clear()
        self._held.set()

    def let_go(self) -> None:
        """Note that it is another's, or nobody's."""
        self.suspend()
        if self._held.is_set():
            log.warning("lease lost", lease=self.name, token=self.token)
        self._held.clear()
        self._gone.set()

    def suspend(self) -> None:
        """Do nothing in its name until it is renewed."""
        self._deadline = float("-inf")


def lasting(name: str = "", token: int = 1) -> Lease:
    """Return a lease that never ends: for one who is known to be alone."""
    lease = Lease(name)
    lease.token, lease._deadline = token, float("inf")
    lease._held.set()
    return lease


class Share:
    """Which part of the work is this worker's: number `number` of `of` workers."""

    def __init__(self) -> None:
        self.number, self.of = 0, 1
        self._changed: list[Callable[[], None]] = []

    @property
    def alone(self) -> bool:
        """Whether there is no other worker."""
        return self.of == 1

    def call(self, who: Callable[[], None]) -> None:
        """Call `who` whenever it changes."""
        self._changed.append(who)

    def set(self, number: int, of: int) -> None:
        """Note who is there now."""
        if (number, of) != (self.number, self.of):
            self.number, self.of = number, of
            log.info("work is shared anew", worker=number + 1, of=of)
            for who in self._changed:
                who()

    def has(self, shard: int) -> bool:
        """Say whether lanes of this shard are ours."""
        return shard % self.of == self.number


class Keeper:
    """Holds the leases of one process; `worker` is this process's own, under which it shares work with others."""

    def __init__(self, database: Database, bell: Bell, clock: Clock) -> None:
        self.database, self.bell, self.share = database, bell, Share()
        self.holder = uuid.uuid4().hex
        self.leases: dict[str, Lease] = {}
        self._clock = clock

    def lease(self, name: str) -> Lease:
        """Want a lease; to be called before `run`."""
        return self.leases.setdefault(name, Lease(name))

    def worker(self) -> Lease:
        """Want to be one of the workers."""
        return self.lease(f"{leases.WORKER}{self.holder}")

    async def open(self) -> None:
        """Make sure that this process may run at all; raises AlreadyRunning."""

    async def run(self) -> None:
        """Take leases and keep them until cancelled."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let everything go."""
        raise NotImplementedError


class FileKeeper(Keeper):
    """On SQLite one process does everything: the lock on a file beside the database is all leases at once.

    The operating system lets go of it when the process ends, however it ends.
    """

    _file: TextIO | None = None

    @property
    def _path(self) -> Path | None:
        name = self.database.url.database
        # Resolved: through a symbolic link it is the same database, so it has to be the same lock.
        return Path(f"{Path(name).resolve()}.lock") if name and name != ":memory:" else None

    async def open(self) -> None:
        """Lock the file; raises AlreadyRunning when another process has it."""
        if self._file is not None or self._path is None:
            return
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            other = file.read(20).strip()
            file.close()
            raise AlreadyRunning(other) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    async def run(self) -> None:
        """Have everything for good."""
        async with self.database.write() as tx:
            tokens = await leases.take_anew(tx, self.leases, self.holder, self._clock.now())
        for name, lease in self.leases.items():
            lease.got(tokens[name], float("inf"))
        await asyncio.get_running_loop().create_future()

    async def other(self) -> str | None:
        """Return the number of the process that works on this file now, None when there is none."""
        if self._path is None or not self._path.exists():
            return None
        try:
            await self.open()
        except AlreadyRunning as running:
            return str(running)
        await self.close()
        return None

    async def close(self) -> None:
        """Unlock the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


class ServerKeeper(Keeper):
    """On PostgreSQL leases are rows, kept through one connection, which also carries the bell to other processes."""

    def __init__(self, database: Database, bell: Bell, clock: Clock, *, some_elsewhere: bool, pace: Pace) -> None:
        """`some_elsewhere`: other processes are sure to be there, because this one does not do everything."""
        super().__init__(database, bell, clock)
        self._pace = pace
        self._some_elsewhere = bell.others = some_elsewhere
        self._session: Session | None = None
        self._one_at_a_time = asyncio.Lock()
        self._away = ""  # what keeps us from renewing
        self._look = asyncio.Event()
        bell.call(Queue.LEASES, self._look.set)

    async def run(self) -> None:
        """Take, renew and lose leases, and carry the bell, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep())
            group.create_task(self._tell())

    async def close(self) -> None:
        """Let everything go, so that others take over at once."""
        for lease in self.leases.values():
            lease.suspend()
        session, self._session = self._session, None
        if session is None:
            return
        try:
            with suppress(*leases.FAILURES):
                await session.release(self.holder)
                await session.tell(Queue.LEASES)
            await session.close()
        except asyncio.CancelledError:
            session.drop()
            raise

    async def _keep(self) -> None:
        while True:
            try:
                await self._round()
            except leases.FAILURES as error:
                self._cut_off(error)
            wanting = self._session is None or not all(lease.valid for lease in self.leases.values())
            self._look.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.look_every if wanting else self._pace.renew_every):
                    await self._look.wait()

    async def _round(self) -> None:
        session = await self._connected()
        async with self._one_at_a_time:
            begun = _now()
            tokens = await session.take(sorted(self.leases), self.holder, self._pace.held_for)
            there = await session.there()
            if any(self.leases[name].token == 0 for name in tokens):
                await session.tell(Queue.LEASES)  # who shares work with us does it from now on
        if self._away:
            self._away = ""
            log.info("leases are renewed again")
        for name, lease in self.leases.items():
            if name in tokens:
                lease.got(tokens[name], begun + self._pace.held_for - self._pace.margin)
            else:
                lease.let_go()
        self.bell.others = self._some_elsewhere or any(holder != self.holder for _, holder in there)
        workers = [holder for name, holder in there if name.startswith(leases.WORKER)]
        if self.holder in workers:
            self.share.set(workers.index(self.holder), len(workers))

    async def _connected(self) -> Session:
        if self._session is None:
            self._session = await Session.open(self.database, self.bell.heard, self._ended)
            self.bell.heard_everything()
            self._look.clear()
        return self._session

    def _ended(self) -> None:
        """The server or the network ended the session: others may already have what was ours."""
        self._session = None
        for lease in self.leases.values():
            lease.suspend()
        self._look.set()

    def _cut_off(self, error: BaseException) -> None:
        if self._away != type(error).__name__:
            self._away = type(error).__name__
            log.warning("leases cannot be renewed", error=self._away)
        for lease in self.leases.values():
            lease.suspend()
        if self._session is not None:
            self._session.drop()
            self._session = None

    async def _tell(self) -> None:
        """Tell others what is new, many news in one word."""
        while True:
            await self.bell.rung.wait()
            words = self.bell.take_untold()
            session = self._session
            if session is not None and words:
                with suppress(*leases.FAILURES):  # whoever is not told looks by themselves
                    async with self._one_at_a_time:
                        await session.tell(words)
            await asyncio.sleep(_TELL_EVERY)


def keeper(database: Database, bell: Bell, clock: Clock, *, some_elsewhere: bool, pace: Pace | None = None) -> Keeper:
    """Return what keeps leases on this kind of database."""
    if database.is_sqlite:
        return FileKeeper(database, bell, clock)
    return ServerKeeper(database, bell, clock, some_elsewhere=some_elsewhere, pace=pace or Pace())
