"""The one way to the database: a writing transaction at a time on SQLite, many on PostgreSQL."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

FAILURES = (SQLAlchemyError, OSError)
"""What is raised when the database cannot be reached or refuses a statement."""

FROZEN_AFTER = 5.0
_SECONDS_TO_CONNECT = 5.0
_LOOKS, _LOOK_EVERY = 100, 0.01  # seconds: whether SQLite's threads have ended
# A server that vanished without a word, with its machine or the network, is noticed after these seconds; else whoever
# waits for its answer would wait for good.
_SILENT = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 11_000}

Transaction = AsyncConnection  # what services and handlers are handed; SQL itself stays in storage/

registry.register("sqlite.direct", "storage.sqlite_driver", "Dialect")


def _async_url(url: str) -> sa.URL:
    """Accept the plain forms people write (sqlite:///…, postgres://…) and name the asynchronous driver."""
    parsed = sa.make_url(url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}
    return parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername))


def _notice_silence(connection: Any, _record: Any) -> None:
    """Let the operating system break a connection whose other end is gone."""
    transport = getattr(connection.driver_connection, "_transport", None)
    plug = transport.get_extra_info("socket") if transport else None
    if plug is None or plug.family not in (socket.AF_INET, socket.AF_INET6):
        return
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _SILENT.items():
        if hasattr(socket, name):
            plug.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class Database:
    """Opens transactions on one database; `url` is SQLAlchemy's, SQLite or PostgreSQL."""

    def __init__(self, url: str, *, pool_size: int = 10, frozen_after: float = FROZEN_AFTER) -> None:
        """`frozen_after` seconds without a word in a transaction, PostgreSQL rolls it back: its process is frozen."""
        parsed = _async_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.url = parsed
        self._one_writer = asyncio.Lock()
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            direct = parsed.set(drivername="sqlite+direct")
            # An error's text must not carry what citizens wrote into the log.
            self._writer = create_async_engine(
                direct, hide_parameters=True, pool_size=1, max_overflow=0, connect_args={"writes": True}
            )
            self._reader = create_async_engine(direct, hide_parameters=True, pool_size=4, max_overflow=4)
        else:
            settings = {
                "idle_in_transaction_session_timeout": str(int(frozen_after * 1000)),
                "application_name": "bot137",
            }
            self._writer = self._reader = create_async_engine(
                parsed,
                hide_parameters=True,
                pool_size=pool_size,
                max_overflow=5,
                connect_args={"server_settings": settings, "timeout": _SECONDS_TO_CONNECT},
            )
            sa.event.listen(self._writer.sync_engine, "connect", _notice_silence)
        self._opened: WeakSet[Any] = WeakSet()
        for engine in {self._writer, self._reader}:
            sa.event.listen(engine.sync_engine, "connect", self._note_opened)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open a transaction that commits at the end of the block and rolls back when it raises."""
        if not self.is_sqlite:
            async with self._writer.begin() as transaction:
                yield transaction
            return
        async with self._one_writer, self._writer.begin() as transaction:
            yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Open a transaction for reading only; it never waits for the writer."""
        async with self._reader.connect() as transaction, transaction.begin():
            yield transaction

    def _note_opened(self, connection: Any, _record: Any) -> None:
        self._opened.add(connection.driver_connection)

    async def close(self, within: float | None = None) -> None:
        """Give all connections back; those that cannot be given back within so many seconds are broken off."""
        engines = (self._writer,) if self._reader is self._writer else (self._writer, self._reader)
        for engine in engines:
            try:
                async with asyncio.timeout(within):
                    await engine.dispose()
            except TimeoutError:
                await engine.dispose(close=False)
                await self._break_off()

    async def _break_off(self) -> None:
        """Close what is open without a word to the other end, which may not hear it."""
        opened = list(self._opened)
        for connection in opened:
            (connection.stop if self.is_sqlite else connection.terminate)()
        threads = [connection._thread for connection in opened] if self.is_sqlite else []
        for _ in range(_LOOKS):  # a thread that outlives the loop has nobody to answer to
            if not any(thread.is_alive() for thread in threads):
                return
            await asyncio.sleep(_LOOK_EVERY)
