"""What some tests need of the machine: a PostgreSQL server and a Chromium. In CI (CI=true) both are a must."""

import asyncio
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from pytest import TerminalReporter  # noqa: PT013

SERVER = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS_TO_CONNECT = 5.0
_PREFIX = "bot137_test_"


def lacking(what: str) -> NoReturn:
    """Leave the test out with a plain reason; in CI, fail it."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI must have it: {what}", pytrace=False)
    pytest.skip(what)


def finished[T](work: Coroutine[Any, Any, T]) -> T:
    """Run to its end in a thread of its own, so that a test inside a running event loop may ask too."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _address(database: str) -> str:
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{database}"))


async def _execute(statement: str) -> None:
    connection = await asyncpg.connect(_address("postgres"), timeout=SECONDS_TO_CONNECT)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@cache
def _no_postgres() -> str:
    """Why no PostgreSQL can be used, asked once; "" when one answers."""
    try:
        finished(_execute("SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        where = urlsplit(SERVER)
        return f"no PostgreSQL at {where.hostname}:{where.port} ({type(error).__name__}); TEST_POSTGRES names another"
    return ""


def postgres_url(template: str = "template0") -> str:
    """Create an empty database (or a copy of the database `template`) and return its postgresql:// address."""
    if missing := _no_postgres():
        lacking(missing)
    name = _PREFIX + secrets.token_hex(8)
    finished(_execute(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return _address(name)


def drop(url: str) -> None:
    """Drop a database that postgres_url made, whoever is still connected to it; ValueError for any other database."""
    name = urlsplit(url).path.removeprefix("/")
    if not name.startswith(_PREFIX) or not name.removeprefix(_PREFIX).isalnum():
        raise ValueError(f"not a test's database: {name}")
    finished(_execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def chromium() -> Path:
    """Path of a Chromium for the browser tests (CHROMIUM=... names one)."""
    named = os.environ.get("CHROMIUM")
    found = next((path for name in ([named] if named else BROWSERS) if (path := shutil.which(name))), None)
    if found is None:
        lacking("no Chromium on the PATH; CHROMIUM=/path/to/it names one")
    return Path(found)


def say_what_was_left_out(terminalreporter: TerminalReporter) -> None:
    """End pytest's report with how many tests were left out for which reason; for pytest_terminal_summary."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reports if report.longrepr)
    if reasons:
        terminalreporter.section("left out on this machine")
    for reason, tests in reasons.most_common():
        terminalreporter.line(f"{tests} {'test' if tests == 1 else 'tests'}: {reason}")
