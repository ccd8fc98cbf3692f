"""The long form or the short one, seeds, and fresh databases of both kinds."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest import TerminalReporter  # noqa: PT013

from storage import migrate
from storage.database import Database
from tests.chaos.postgres_cluster import Cluster, cluster
from tests.chaos.reporting import LINES
from tests.requirements_of_tests import drop, finished, postgres_url

LONG = os.environ.get("CHAOS", "") == "long"
"""`make chaos` runs the long form; `make test` a short one of the same."""

FreshUrl = Callable[[Path], str]


def inlets(webhook_on: str) -> list[Any]:
    """Return parameters `kind, webhook`: both databases, polling and behind a webhook; in short the latter on one."""
    marks = {"sqlite": (), "postgres": (pytest.mark.postgres,)}
    polling = [pytest.param(kind, False, id=kind, marks=marks[kind]) for kind in marks]
    behind = [
        pytest.param(kind, True, id=f"{kind}-webhook", marks=marks[kind])
        for kind in marks
        if LONG or kind == webhook_on
    ]
    return polling + behind


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """End the report with a line for each run."""
    if LINES:
        terminalreporter.section("chaos")
    for line in LINES:
        terminalreporter.line(line)


@pytest.fixture
def seed() -> int:
    """Decide everything that is left to chance; SEED=… repeats a run."""
    return int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))


@pytest.fixture
def chance(seed: int) -> random.Random:
    return random.Random(seed)


async def _migrated(url: str) -> None:
    database = Database(url)
    await migrate.upgrade(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest version, to be copied."""
    path = tmp_path_factory.mktemp("chaos") / "empty.db"
    finished(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a PostgreSQL database at the newest version, to be copied."""
    url = postgres_url()
    finished(_migrated(url))
    yield urlsplit(url).path.removeprefix("/")
    drop(url)


@pytest.fixture
def fresh_sqlite(sqlite_template: Path) -> FreshUrl:
    """Make a SQLite database in a folder."""

    def fresh(folder: Path) -> str:
        shutil.copy(sqlite_template, folder / "bot.db")
        return f"sqlite:///{folder / 'bot.db'}"

    return fresh


@pytest.fixture
def fresh_postgres(postgres_template: str) -> Iterator[FreshUrl]:
    """Make a PostgreSQL database; they go when the test has ended."""
    made: list[str] = []

    def fresh(_folder: Path) -> str:
        made.append(postgres_url(postgres_template))
        return made[-1]

    yield fresh
    for url in made:
        drop(url)


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    """Both kinds of database in turn."""
    return str(request.param)


@pytest.fixture
def fresh_url(kind: str, request: pytest.FixtureRequest) -> FreshUrl:
    """Make a database of either kind, at the newest version and without rows."""
    made: FreshUrl = request.getfixturevalue(f"fresh_{kind}")
    return made


@pytest.fixture
def own_postgres() -> Iterator[Cluster]:
    """A PostgreSQL server that may be restarted."""
    with cluster() as one:
        yield one
