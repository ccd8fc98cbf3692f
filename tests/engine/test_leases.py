"""Leases on PostgreSQL: one holder at a time, handed on in time, and a late holder knows that it is late."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.bell import Bell, Queue
from bot.clock import Clock
from bot.leases import AlreadyRunning, Deposed, FileKeeper, Lease, Pace, ServerKeeper, Share, lasting
from storage import leases
from storage.database import Database
from storage.leases import Session
from storage.tables import leases as table

SHORT = Pace(held_for=0.9, margin=0.2, renew_every=0.25, look_every=0.1)
on_postgres = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]


def nobody(*_: object) -> None:
    pass


@asynccontextmanager
async def running(database: Database, *names: str, worker: bool = False) -> AsyncIterator[ServerKeeper]:
    """A keeper at work that wants some leases."""
    keeper = ServerKeeper(database, Bell(), Clock(), some_elsewhere=False, pace=SHORT)
    for name in names:
        keeper.lease(name)
    if worker:
        keeper.worker()
    task = asyncio.create_task(keeper.run())
    try:
        yield keeper
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await keeper.close()


async def soon(condition: Callable[[], bool], seconds: float = 5) -> float:
    """Wait until it holds; return how long that took."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return loop.time() - begun


def freeze(keeper: ServerKeeper, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let a keeper renew nothing until the event is set, as in a process that was stopped."""
    thaw, sound = asyncio.Event(), keeper._round

    async def frozen() -> None:
        await thaw.wait()
        await sound()

    monkeypatch.setattr(keeper, "_round", frozen)
    return thaw


@pytest.fixture
def sessions(database: Database) -> Iterator[list[Session]]:
    opened: list[Session] = []
    yield opened
    for session in opened:
        session.drop()


class TestRows:
    """The statements, in two sessions."""

    pytestmark = on_postgres

    async def opened(self, database: Database, sessions: list[Session]) -> Session:
        session = await Session.open(database, nobody, lambda: None)
        sessions.append(session)
        return session

    async def test_who_comes_second_waits_until_it_is_let_go(self, database: Database, sessions: list[Session]) -> None:
        first, second = [await self.opened(database, sessions) for _ in range(2)]
        assert await first.take(["a", "b"], "one", 60) == {"a": 1, "b": 1}
        assert await second.take(["a", "c"], "two", 60) == {"c": 1}
        assert await first.take(["a", "b"], "one", 60) == {"a": 1, "b": 1}, "renewing changes no hands"
        assert await first.there() == [("a", "one"), ("b", "one"), ("c", "two")]
        await first.release("one")
        assert await second.there() == [("c", "two")]
        assert await second.take(["a"], "two", 60) == {"a": 2}
        assert await first.take(["a"], "one", 60) == {}

    async def test_what_has_run_out_falls_to_another(self, database: Database, sessions: list[Session]) -> None:
        first, second = [await self.opened(database, sessions) for _ in range(2)]
        await first.take(["a"], "one", 0.2)
        assert await second.take(["a"], "two", 60) == {}
        await asyncio.sleep(0.25)
        assert await second.take(["a"], "two", 60) == {"a": 2}

    async def test_what_a_session_held_is_free_once_it_is_gone(
        self, database: Database, sessions: list[Session]
    ) -> None:
        first, second = [await self.opened(database, sessions) for _ in range(2)]
        await first.take(["a"], "one", 600)
        first.drop()
        async with asyncio.timeout(5):
            while not await second.take(["a"], "two", 60):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await second.there() == [("a", "two")]

    async def test_of_many_candidates_one_gets_it(self, database: Database, sessions: list[Session]) -> None:
        candidates = [await self.opened(database, sessions) for _ in range(8)]
        for round_ in range(5):
            names = [f"{round_} {n}" for n in range(5)]
            taken = await asyncio.gather(*(one.take(names, str(n), 60) for n, one in enumerate(candidates)))
            assert sorted(name for tokens in taken for name in tokens) == names

    async def test_the_end_of_a_session_is_told(self, database: Database, sessions: list[Session]) -> None:
        ended = asyncio.Event()
        session = await Session.open(database, nobody, ended.set)
        sessions.append(session)
        async with database.write() as tx:
            await tx.execute(sa.select(sa.func.pg_terminate_backend(session._connection.get_server_pid())))
        await asyncio.wait_for(ended.wait(), 5)


class TestKeeping:
    """Keepers, each with a session of its own."""

    pytestmark = on_postgres

    async def test_one_holds_and_the_other_takes_over_when_it_ends(self, database: Database) -> None:
        async with running(database, "a") as second:
            async with running(database, "a") as first:
                await soon(lambda: first.leases["a"].valid or second.leases["a"].valid)
                await asyncio.sleep(1.2)
                holder, other = (first, second) if first.leases["a"].valid else (second, first)
                assert holder.leases["a"].token == 1, "renewed over and over it stays the same"
                assert not other.leases["a"].valid
            await soon(lambda: second.leases["a"].valid)

    async def test_a_frozen_holder_stops_by_itself_before_another_begins(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with running(database, "a") as first, running(database, "a") as second:
            await soon(lambda: first.leases["a"].valid or second.leases["a"].valid)
            holder, other = (first, second) if first.leases["a"].valid else (second, first)
            mine, others = holder.leases["a"], other.leases["a"]
            thaw = freeze(holder, monkeypatch)
            both = False
            async with asyncio.timeout(5):
                while not others.valid:
                    await asyncio.sleep(0.005)
                    both = both or (mine.valid and others.valid)
            assert not both
            with pytest.raises(Deposed):
                mine.check()
            assert others.token == mine.token + 1
            assert not mine._gone.is_set(), "it does not know yet, and does nothing all the same"
            thaw.set()
            await asyncio.wait_for(mine.lost(), 5)
            assert others.valid

    async def test_a_lost_connection_suspends_at_once_and_is_made_anew(self, database: Database) -> None:
        async with running(database, "a") as keeper:
            lease = keeper.leases["a"]
            await soon(lambda: lease.valid)
            assert keeper._session is not None
            backend = keeper._session._connection.get_server_pid()
            async with database.write() as tx:
                await tx.execute(sa.select(sa.func.pg_terminate_backend(backend)))
            assert await soon(lambda: not lease.valid) < 3  # not after the six of a lease
            await soon(lambda: lease.valid)
            assert lease.token == 1

    async def test_workers_number_themselves_and_again_when_one_goes(self, database: Database) -> None:
        async with running(database, worker=True) as first:
            async with running(database, worker=True) as second, running(database, worker=True) as third:
                all_three = (first, second, third)
                await soon(lambda: all(keeper.share.of == 3 for keeper in all_three))
                assert sorted(keeper.share.number for keeper in all_three) == [0, 1, 2]
                owners = [sum(keeper.share.has(shard) for keeper in all_three) for shard in range(64)]
                assert owners == [1] * 64
            await soon(lambda: first.share.alone)
        async with database.read() as tx:
            assert (await tx.execute(sa.select(sa.func.count()).select_from(table))).scalar_one() == 3

    async def test_the_bell_is_carried_to_others_and_not_when_alone(self, database: Database) -> None:
        heard: list[str] = []
        async with running(database, "a") as first:
            await soon(lambda: first.leases["a"].valid)
            first.bell.ring(Queue.INBOX)
            assert not first.bell.untold, "there is nobody to be told"
            async with running(database, "b") as second:
                second.bell.call(Queue.INBOX, lambda: heard.append("inbox"))
                second.bell.call(Queue.OUTBOX, lambda: heard.append("outbox"))
                await soon(lambda: first.bell.others and second.leases["b"].valid)
                heard.clear()
                for _ in range(100):
                    first.bell.ring(Queue.INBOX)
                assert await soon(lambda: bool(heard)) < 3
                await asyncio.sleep(0.1)
                assert set(heard) == {"inbox"}
                assert len(heard) < 5, "a hundred news at once are one word"

    async def test_doctor_can_read_who_holds_what(self, database: Database) -> None:
        async with running(database, "a") as keeper:
            await soon(lambda: keeper.leases["a"].valid)
            async with database.read() as tx:
                (held,) = await leases.everything(tx)
            assert (held.name, held.holder, held.token, held.now) == ("a", keeper.holder, 1, True)
        async with database.read() as tx:
            (held,) = await leases.everything(tx)
        assert not held.now, "it was let go"


class TestFile:
    """The lock beside a SQLite file."""

    def keeper(self, path: Path) -> FileKeeper:
        return FileKeeper(Database(f"sqlite:///{path}"), Bell(), Clock())

    async def test_a_second_one_is_refused_until_the_first_ends(self, tmp_path: Path) -> None:
        first, second = self.keeper(tmp_path / "bot.db"), self.keeper(tmp_path / "bot.db")
        await first.open()
        await first.open()
        with pytest.raises(AlreadyRunning, match=r"^\d+$"):
            await second.open()
        assert await second.other() == str(os.getpid())
        await first.close()
        assert await second.other() is None
        await second.open()
        await second.close()

    async def test_one_that_comes_by_a_symbolic_link_is_refused_too(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "bot.db").touch()
        (tmp_path / "bot.db").symlink_to(tmp_path / "data" / "bot.db")
        (tmp_path / "other").symlink_to(tmp_path / "data", target_is_directory=True)
        first = self.keeper(tmp_path / "data" / "bot.db")
        await first.open()
        for way in (tmp_path / "bot.db", tmp_path / "other" / "bot.db"):
            with pytest.raises(AlreadyRunning):
                await self.keeper(way).open()
        await first.close()

    async def test_the_token_grows_with_each_start(self, tmp_path: Path, sqlite_file: Path) -> None:
        shutil.copy(sqlite_file, tmp_path / "bot.db")
        tokens = []
        for _ in range(3):
            keeper = self.keeper(tmp_path / "bot.db")
            lease = keeper.lease("telegram sender")
            task = asyncio.create_task(keeper.run())
            await asyncio.wait_for(lease.gained(), 5)
            assert lease.valid
            tokens.append(lease.token)
            task.cancel()
            await keeper.database.close()
        assert tokens == [1, 2, 3]


async def test_a_new_token_means_that_it_was_lost_in_between() -> None:
    lease = Lease("a")
    with pytest.raises(Deposed):
        lease.check()
    lease.got(3, float("inf"))
    lease.check()
    lost = asyncio.create_task(lease.lost())
    await asyncio.sleep(0)
    lease.got(5, float("inf"))
    await asyncio.wait_for(lost, 1)
    assert (lease.valid, lease.token) == (True, 5)
    assert lasting().valid


def test_a_share_is_told_of_changes_only() -> None:
    share, told = Share(), []
    share.call(lambda: told.append((share.number, share.of)))
    share.set(0, 1)
    share.set(1, 2)
    share.set(1, 2)
    assert told == [(1, 2)]
