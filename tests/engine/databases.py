"""A fresh database of either kind for one test."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from storage.database import Database
from storage.tables import metadata

POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
KINDS = (pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres))


async def _admin(statement: str) -> None:
    connection = await asyncpg.connect(f"{POSTGRES}/postgres", timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def fresh_url(kind: str, folder: Path) -> AsyncIterator[str]:
    """Give the address of an empty database and drop it afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bot.db'}"
        return
    name = f"bot137_{uuid.uuid4().hex[:12]}"
    try:
        await _admin(f"CREATE DATABASE {name}")
    except OSError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"PostgreSQL is not reachable: {error}")
    try:
        yield f"{POSTGRES}/{name}"
    finally:
        await _admin(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def fresh_database(kind: str, folder: Path) -> AsyncIterator[Database]:
    """Give a database with all tables."""
    async with fresh_url(kind, folder) as url:
        database = Database(url)
        try:
            async with database.write() as tx:
                await tx.run_sync(metadata.create_all)
            yield database
        finally:
            await database.close()
