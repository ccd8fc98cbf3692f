"""What many tests share: both kinds of database, the shipped city, and what this machine left out."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from pytest import TerminalReporter  # noqa: PT013

from domain.city import City
from nlp import forms, places
from nlp.understanding import Understanding
from services.centre import Centre
from storage.city_files import load_city
from storage.database import Database
from storage.tables import metadata
from tests import requirements_of_tests

ROOT = Path(__file__).parent.parent
DATABASES = (pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres))

# Deleting a few rows is much faster than truncating every table, which makes new files of them.
_EMPTY = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """End the report with what this machine could not run."""
    requirements_of_tests.say_what_was_left_out(terminalreporter)


async def _create_tables(url: str) -> None:
    database = Database(url)
    async with database.write() as tx:
        await tx.run_sync(metadata.create_all)
        if not database.is_sqlite:
            name = database.url.database
            await tx.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")  # tests need no disk
    await database.close()


async def _emptied(url: str) -> None:
    database = Database(url)
    async with database.write() as tx:
        await tx.exec_driver_sql("SET session_replication_role = replica")  # rows that name each other may go
        for statement in _EMPTY:
            await tx.exec_driver_sql(statement)
        await tx.exec_driver_sql("SET session_replication_role = DEFAULT")
    await database.close()


def in_a_loop_of_its_own(url: str) -> None:
    """Create all tables from where no loop may be started."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _create_tables(url)).result()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of one PostgreSQL database with all tables, for all tests of this run."""
    url = requirements_of_tests.postgres_url()
    in_a_loop_of_its_own(url)
    yield url
    requirements_of_tests.drop(url)


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    in_a_loop_of_its_own(f"sqlite:///{path}")
    return path


@pytest.fixture(params=DATABASES)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with all tables and no rows, of both kinds in turn."""
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres"))
        await _emptied(url)
        return url
    shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path / "bot.db")
    return f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with all tables and no rows, of both kinds in turn."""
    database = Database(database_url)
    yield database
    await database.close()


@cache
def centre_of(name: str) -> Centre:
    """Open the 137 centre of a city that ships, with no administrator named."""
    forms.warm_up()  # as in a bot that runs: what officials read is hazm's Persian
    city = load_city(ROOT / "cities" / name)
    subjects = [subject.slug for subject in city.subjects]
    return Centre(city, Understanding.load(subjects=subjects, places=places.names_of(city)))


@pytest.fixture(scope="session")
def centre() -> Centre:
    """The 137 centre of Mashhad."""
    return centre_of("mashhad")


@pytest.fixture(scope="session")
def city(centre: Centre) -> City:
    """Mashhad as it ships."""
    return centre.city
