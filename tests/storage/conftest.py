from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.engine.databases import KINDS, fresh_database


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        yield database
