"""What the SQLite driver runs where: nothing that waits may hold up the loop, nothing else is to pay for a thread."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import sqlite_driver
from storage.database import Database
from storage.sqlite_driver import IN_THREAD, QUICK, Connection

_THREAD = "SELECT on_thread()"


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[tuple[Database, Path]]:
    """A database with one table, a, and the place of its file."""
    path = tmp_path / "one.db"
    database = Database(f"sqlite:///{path}")
    async with database.write() as tx:
        await tx.execute(sa.text("CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES a (id))"))
    yield database, path
    await database.close()


async def _plain(tx: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = (await tx.get_raw_connection()).driver_connection._conn
    return connection


async def _told_thread(tx: Any) -> None:
    """Give the connection a function that tells whether it runs in the loop's thread."""
    loop = threading.get_ident()
    (await _plain(tx)).create_function("on_thread", 0, lambda: int(threading.get_ident() != loop))


async def _insert(database: Database, *numbers: int) -> None:
    async with database.write() as tx:
        await tx.execute(sa.text("INSERT INTO a (id) VALUES (:id)"), [{"id": number} for number in numbers])


async def test_every_connection_is_durable_and_keeps_references(file: tuple[Database, Path]) -> None:
    database, _ = file
    for open_ in (database.write, database.read):
        async with open_() as tx:
            found = [
                (await tx.execute(sa.text(f"PRAGMA {name}"))).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert found == ["wal", 2, 1]


async def test_a_writer_runs_statements_where_it_is_called(file: tuple[Database, Path]) -> None:
    async with file[0].write() as tx:
        await _told_thread(tx)
        assert (await tx.execute(sa.text(_THREAD))).scalar() == 0
        assert (await tx.execute(sa.text(_THREAD).execution_options(**IN_THREAD))).scalar() == 1


async def test_a_reader_leaves_the_loop_alone_but_for_quick_looks(file: tuple[Database, Path]) -> None:
    async with file[0].read() as tx:
        await _told_thread(tx)
        assert (await tx.execute(sa.text(_THREAD))).scalar() == 1
        assert (await tx.execute(sa.text(_THREAD).execution_options(**QUICK))).scalar() == 0


async def test_a_commit_that_changed_something_waits_for_the_disk_in_the_thread(file: tuple[Database, Path]) -> None:
    database, _ = file
    committed: list[int] = []

    async with database.write() as tx:
        connection = (await tx.get_raw_connection()).dbapi_connection
        assert isinstance(connection, Connection)
        in_thread = Connection._in_thread

    def watched(self: Any, function: Any, *arguments: Any) -> Any:
        committed.append(1)
        return in_thread(self, function, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "_in_thread", watched)
        async with database.write() as tx:
            await tx.execute(sa.text("SELECT * FROM a"))
        assert not committed
        async with database.write() as tx:
            await tx.execute(sa.text("INSERT INTO a (id) VALUES (1)"))
            assert not committed
        assert committed == [1]


async def test_a_lock_that_another_programme_holds_is_waited_for_without_the_loop(file: tuple[Database, Path]) -> None:
    database, path = file
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    writing = asyncio.create_task(_insert(database, 2))
    for _ in range(20):  # the loop goes on turning
        await asyncio.sleep(0.01)
    assert not writing.done()
    other.execute("COMMIT")
    await writing
    assert other.execute("SELECT id FROM a").fetchall() == [(2,)]
    other.close()


async def test_the_wait_for_a_lock_ends_like_a_locked_database(
    file: tuple[Database, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_driver, "_LOCK_SECONDS", 0.1)
    database, path = file
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        await _insert(database, 1)
    other.execute("COMMIT")
    await _insert(database, 2)
    assert other.execute("SELECT id FROM a").fetchall() == [(2,)]
    other.close()


async def test_what_was_cancelled_while_it_waited_leaves_nothing_behind(file: tuple[Database, Path]) -> None:
    database, path = file
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(_insert(database, 3), 0.1)
    other.execute("COMMIT")
    await _insert(database, 4)
    assert other.execute("SELECT id FROM a").fetchall() == [(4,)]
    other.close()


async def test_a_failed_block_is_rolled_back_and_the_connection_is_used_again(file: tuple[Database, Path]) -> None:
    database, _ = file
    with pytest.raises(IntegrityError):
        await _insert(database, 5, 6, 5)
    async with database.write() as tx:
        assert (await tx.execute(sa.text("SELECT count(*) FROM a"))).scalar() == 0


async def test_a_savepoint_is_rolled_back_alone(file: tuple[Database, Path]) -> None:
    async with file[0].write() as tx:
        await tx.execute(sa.text("INSERT INTO a (id) VALUES (1)"))
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await tx.execute(sa.text("INSERT INTO a (id) VALUES (1)"))
        await tx.execute(sa.text("INSERT INTO a (id) VALUES (2)"))
    async with file[0].read() as tx:
        assert (await tx.execute(sa.text("SELECT id FROM a ORDER BY id"))).scalars().all() == [1, 2]


async def test_rows_in_hand_are_not_touched_by_later_statements(file: tuple[Database, Path]) -> None:
    async with file[0].write() as tx:
        await tx.execute(sa.text("INSERT INTO a (id) VALUES (:id)"), [{"id": number} for number in range(5)])
        rows = await tx.execute(sa.text("SELECT id FROM a ORDER BY id"))
        await tx.execute(sa.text("DELETE FROM a WHERE id > 1"))
        assert rows.fetchmany(2) == [(0,), (1,)]
        assert rows.fetchone() == (2,)
        assert rows.fetchall() == [(3,), (4,)]
        assert rows.fetchone() is None


async def test_rowcounts_and_returned_rows_are_told(file: tuple[Database, Path]) -> None:
    async with file[0].write() as tx:
        added = await tx.execute(sa.text("INSERT INTO a (id) VALUES (1), (2) RETURNING id"))
        assert added.scalars().all() == [1, 2]
        assert (await tx.execute(sa.text("UPDATE a SET b = 1"))).rowcount == 2
        assert (await tx.execute(sa.text("DELETE FROM a WHERE id = 9"))).rowcount == 0
