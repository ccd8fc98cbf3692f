"""What is missing on a machine is left out with a reason, and is a failure in CI."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest

from tests import requirements_of_tests as needs

OutcomeOf = {"": pytest.skip.Exception, "true": pytest.fail.Exception}


@pytest.fixture(params=["", "true"], ids=["at home", "in CI"])
def outcome(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[BaseException]]:
    monkeypatch.setenv("CI", request.param)
    needs._no_postgres.cache_clear()
    yield OutcomeOf[request.param]
    needs._no_postgres.cache_clear()


def test_without_postgres(outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "SERVER", "postgresql://postgres@127.0.0.1:1/postgres")
    with pytest.raises(outcome, match=r"no PostgreSQL at 127\.0\.0\.1:1 "):
        needs.postgres_url()


def test_without_chromium(outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(outcome, match="no Chromium on the PATH"):
        needs.chromium()


def test_a_named_chromium_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "my-browser"
    browser.touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert needs.chromium() == browser


@pytest.mark.postgres
async def test_a_database_of_its_own_is_made_and_dropped() -> None:
    first, second = needs.postgres_url(), needs.postgres_url()
    try:
        assert first != second
        connection = await asyncpg.connect(first)
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    finally:
        needs.drop(first)  # though still connected to
        needs.drop(second)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(first)


@pytest.mark.parametrize("name", ["postgres", "bot137", "bot137_test_x; DROP TABLE requests"])
def test_no_other_database_is_dropped(name: str) -> None:
    with pytest.raises(ValueError, match="not a test's database"):
        needs.drop(f"postgresql://postgres@127.0.0.1:5432/{name}")


def test_the_report_ends_with_what_was_left_out() -> None:
    said: list[str] = []
    skipped = [SimpleNamespace(longrepr=("file", 1, f"Skipped: {reason}")) for reason in ("no a", "no b", "no a")]
    reporter = SimpleNamespace(stats={"skipped": skipped}, section=said.append, line=said.append)
    needs.say_what_was_left_out(reporter)  # type: ignore[arg-type]
    assert said == ["left out on this machine", "2 tests: no a", "1 test: no b"]
