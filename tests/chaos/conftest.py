from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requirements_of_tests import drop, postgres_url


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of both kinds in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bot.db'}"
        return
    url = postgres_url()
    yield url
    drop(url)
