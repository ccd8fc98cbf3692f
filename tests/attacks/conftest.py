from dataclasses import replace

import pytest

from handlers.house import House
from services.centre import Centre
from storage.database import Database
from tests.admin.office import BOSS
from tests.attacks.street import Street


@pytest.fixture
def street(centre: Centre, database: Database) -> Street:
    """The street before the office: anybody may send anything, well-formed or made up."""
    return Street(House(replace(centre, administrators=frozenset({("telegram", BOSS)}))), database)
