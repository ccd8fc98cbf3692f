"""Bringing a database's schema forward; there is no way back but a backup.

Alembic is loaded only where there is something to do: a bot that just starts needs neither its time nor its memory.
"""

from pathlib import Path

import sqlalchemy as sa

from storage.database import Database

_FOLDER = Path(__file__).parent / "migrations"
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.Text))


def newest() -> str:
    """Return the version that this programme needs: the files are numbered in their order, and a test says so."""
    return max(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def _upgrade(connection: sa.Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    number: str | None = connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()
    return number


async def version(database: Database) -> str | None:
    """Return the version of a database's schema; None for an empty one."""
    async with database.read() as tx:
        return await tx.run_sync(_version)


async def upgrade(database: Database, to: str = "head") -> str:
    """Bring the schema forward to `to` and return the version it has then; nothing happens when it is there."""
    if to == "head" and await version(database) == newest():
        return newest()
    async with database.write() as tx:
        await tx.run_sync(_upgrade, to)
    return str(await version(database))
