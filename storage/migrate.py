"""Bringing a database's schema forward; there is no way back but a backup."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database

_FOLDER = Path(__file__).parent / "migrations"


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Return the version that this programme needs."""
    head: Any = ScriptDirectory.from_config(_config()).get_current_head()
    return str(head)


def _upgrade(connection: sa.Connection, to: str) -> None:
    command.upgrade(_config(connection), to)


async def version(database: Database) -> str | None:
    """Return the version of a database's schema; None for an empty one."""
    async with database.read() as tx:
        return await tx.run_sync(lambda connection: MigrationContext.configure(connection).get_current_revision())


async def upgrade(database: Database, to: str = "head") -> str:
    """Bring the schema forward to `to` and return the version it has then; nothing happens when it is there."""
    async with database.write() as tx:
        await tx.run_sync(_upgrade, to)
    return str(await version(database))
