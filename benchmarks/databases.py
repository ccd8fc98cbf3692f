"""Databases that are made for one measurement and dropped after it."""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
SERVER = os.environ.get("BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


async def postgres_answers() -> str | None:
    """Return why PostgreSQL cannot be measured, None when it can."""
    try:
        connection = await asyncpg.connect(SERVER, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        return f"no PostgreSQL server answers at {SERVER.rpartition('@')[2]}: {type(error).__name__}"
    await connection.close()
    return None


async def _tell_server(statement: str) -> None:
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def server_pids(url: str) -> list[int]:
    """Return the processes of the PostgreSQL server that work for a database."""
    connection = await asyncpg.connect(SERVER)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", url.rpartition("/")[2]
        )
    finally:
        await connection.close()
    return [row[0] for row in rows]


@asynccontextmanager
async def database(kind: str) -> AsyncIterator[tuple[str, Path]]:
    """Give the address of an empty database and a folder beside it; both are gone after the block."""
    # On a disk, not in memory: synchronous=FULL has to cost what it costs.
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=os.environ.get("BENCH_DIR", "/var/tmp")))  # noqa: S108
    name = f"bot137_bench_{secrets.token_hex(6)}"
    try:
        if kind == SQLITE:
            yield f"sqlite:///{folder}/bench.db", folder
            return
        await _tell_server(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}", folder
        finally:
            await _tell_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        shutil.rmtree(folder, ignore_errors=True)
