from dataclasses import replace

import pytest

from handlers.house import House
from services.centre import Centre
from storage.database import Database
from tests.admin.office import BOSS, Office

LINKS = {"telegram": "https://t.me/{username}?start={payload}", "bale": "https://ble.ir/{username}?start={payload}"}
NAMES = {"telegram": "city137_bot", "bale": "city137bale_bot"}


@pytest.fixture
def office(centre: Centre, database: Database) -> Office:
    """An office whose administrator is named in the settings, on both messengers."""
    here = replace(centre, administrators=frozenset({("telegram", BOSS)}), usernames=dict(NAMES), links=LINKS)
    return Office(House(here), database)


@pytest.fixture
def office_without_settings(centre: Centre, database: Database) -> Office:
    """An office whose administrators are only those who were invited."""
    return Office(House(replace(centre, administrators=frozenset(), usernames=dict(NAMES), links=LINKS)), database)
