"""aiosqlite for SQLAlchemy, with a hop to its thread only where something may wait.

SQLAlchemy's own adapter hands every statement to aiosqlite's thread four times (cursor, execute, fetch, close), and a
hop costs more than most statements. A writing connection runs its statements where it is called: it holds the write
lock, so none of them waits. What waits for the disk stays in the thread: opening, commits, and everything read by the
connections for reading, one hop a statement, but for quick looks into the queues.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Self, TypeVar

from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util.concurrency import await_

_Result = TypeVar("_Result")

IN_THREAD = {"in_thread": True}
"""Execution options of a statement that takes long: it runs in the thread on a writing connection as well."""

QUICK = {"quick": True}
"""Execution options of a statement that looks up a few rows by an index: it needs no thread on a reading connection."""

_LOCK_SECONDS = 10.0
_ASK_EVERY = 0.02
_PRAGMAS = (
    f"PRAGMA busy_timeout={_LOCK_SECONDS * 1000:.0f}",
    "PRAGMA journal_mode=WAL",
    # FULL: a confirmed update is never sent again, so its commit has to survive a power cut as well.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


class _Cursor(sqlite3.Cursor):
    """Reads all rows at once, so that no statement stays open behind another; executes in whichever thread it is."""

    owner: "Connection"
    _left: Iterator[Any] = iter(())

    def execute(self, sql: str, parameters: Any = ()) -> Self:
        """Execute and fetch."""
        super().execute(sql, parameters)
        self._left = iter(super().fetchall() if self.description else ())
        return self

    def fetchall(self) -> list[Any]:
        """Hand out all rows that are left."""
        return list(self._left)

    def fetchone(self) -> Any:
        """Hand out the next row, None after the last."""
        return next(self._left, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """Hand out the next rows."""
        return list(islice(self._left, size))

    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks this of a driver; here nothing is open."""


class _Ready:
    """Done already: SQLAlchemy refuses a driver that never awaits."""

    def __await__(self) -> Any:
        return iter(())


_READY = _Ready()


class Connection(AsyncAdapt_aiosqlite_connection):
    """One connection; `writes` says that its transactions take the write lock at once."""

    __slots__ = ("_changes", "_writes")

    def __init__(self, dbapi: Any, connection: Any, *, writes: bool) -> None:
        super().__init__(dbapi, connection)
        self._writes, self._changes = writes, 0
        self._in_thread(self._prepare)

    @property
    def _plain(self) -> sqlite3.Connection:
        try:
            plain: sqlite3.Connection = self._connection._conn
        except ValueError as error:
            self._handle_exception(error)
        return plain

    def _in_thread(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        try:
            result: _Result = await_(self._connection._execute(function, *arguments))
        except Exception as error:
            self._handle_exception(error)
        return result

    def _prepare(self) -> None:
        plain = self._plain
        plain.isolation_level = None  # the module must not open transactions of its own
        for pragma in _PRAGMAS:
            plain.execute(pragma)
        if self._writes:
            plain.execute("PRAGMA busy_timeout=0")

    def cursor(self, server_side: bool = False) -> Any:
        """Return a cursor; rows are never streamed."""
        cursor = self._plain.cursor(_Cursor)
        cursor.owner = self
        return cursor

    def run(self, method: Callable[..., Any], arguments: Sequence[Any], context: Any) -> None:
        """Call a cursor's method; in the thread when reading, unless the statement says otherwise."""
        options = {} if context is None else context.execution_options
        if options.get("in_thread", not self._writes and not options.get("quick")):
            self._in_thread(method, *arguments)
        else:
            await_(_READY)
            method(*arguments)

    def begin(self) -> None:
        """Open a transaction; a writing one takes the lock, and waits for it when somebody else has it."""
        plain = self._plain
        if not self._writes:
            plain.execute("BEGIN")
            return
        if not self._took_lock(plain):
            await_(self._wait_for_lock(plain))
        self._changes = plain.total_changes

    @staticmethod
    def _took_lock(plain: sqlite3.Connection) -> bool:
        try:
            plain.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    async def _wait_for_lock(self, plain: sqlite3.Connection) -> None:
        """Ask for the lock again and again, as SQLite itself does; unlike SQLite's, this wait can be cancelled."""
        for _ in range(int(_LOCK_SECONDS / _ASK_EVERY)):
            await asyncio.sleep(_ASK_EVERY)
            if self._took_lock(plain):
                return
        plain.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commit; in the thread when there is something to bring to the disk."""
        if self._connection._connection is None:
            return
        if self._writes and self._plain.total_changes != self._changes:
            self._in_thread(self._plain.commit)
        else:
            self._plain.commit()

    def rollback(self) -> None:
        """Roll back, after whatever a cancelled call left running in the thread; nothing to do after a commit."""
        if self._connection._connection is not None and self._plain.in_transaction:
            self._in_thread(self._plain.rollback)


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arguments: Any, **options: Any) -> Connection:
        writes = options.pop("writes", False)
        adapted = super().connect(*arguments, **options)
        return Connection(self, adapted._connection, writes=writes)


class Dialect(SQLiteDialect_aiosqlite):
    """SQLite over `Connection`."""

    driver = "direct"
    supports_statement_cache = True
    supports_server_side_cursors = False

    @classmethod
    def import_dbapi(cls) -> _Module:
        """Return the module in DB-API form."""
        return _Module(__import__("aiosqlite"), sqlite3)

    def do_begin(self, dbapi_connection: Any) -> None:
        """Open the transaction that SQLAlchemy only takes note of."""
        dbapi_connection.dbapi_connection.begin()

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Execute one statement."""
        cursor.owner.run(cursor.execute, (statement, parameters), context)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        """Execute one statement without parameters."""
        cursor.owner.run(cursor.execute, (statement,), context)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Execute one statement with many rows of parameters."""
        cursor.owner.run(cursor.executemany, (statement, parameters), context)
