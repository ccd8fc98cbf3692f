"""One database of each kind for all generated tests: each makes rows of its own, and statements are compiled once."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.centre import Centre
from storage.database import Database
from tests.conftest import DATABASES
from tests.generated.casts import Cast, call_in


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=DATABASES)
async def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """A database with all tables, shared by the tests of this folder."""
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres"))
    else:
        empty: Path = request.getfixturevalue("sqlite_file")
        copy = tmp_path_factory.mktemp("generated") / "bot.db"
        shutil.copy(empty, copy)
        url = f"sqlite:///{copy}"
    shared = Database(url)
    yield shared
    await shared.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def cast(database: Database, centre: Centre) -> Cast:
    """Everybody who comes near a request, the same people in all tests on a database."""
    async with database.write() as tx:
        return await call_in(tx, centre)
