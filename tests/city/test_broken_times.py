"""A pack whose hours, escalation or deputies make no sense is refused, in one sentence for each mistake."""

from pathlib import Path

import pytest

from tests.city.test_broken_packs import Change, problems, replaced

MISTAKES: list[tuple[str, Change, list[str]]] = [
    (
        "no office hours at all",
        replaced("city.toml", '[calendar.hours]\nsaturday = ["08:00", "14:00"]', "[calendar.hours]"),
        ["city.toml, calendar: no day of the week has hours."],
    ),
    (
        "country without known holidays",
        replaced("city.toml", 'country = "IR"', 'country = "XX"'),
        ["city.toml, calendar: the holidays of the country 'XX' are not known."],
    ),
    (
        "no escalation",
        replaced("city.toml", "deputy = 24\n", ""),
        ["city.toml, escalation: 'deputy' is missing."],
    ),
    (
        "managers before the deputy",
        replaced("city.toml", "deputy = 24", "deputy = 72"),
        ["city.toml, escalation: 'deputy' is not less than 'manager'."],
    ),
    (
        "going on before the reminder",
        replaced("city.toml", "go_on_after_days = 5", "go_on_after_days = 1"),
        ["city.toml, escalation: 'remind_after_days' is not less than 'go_on_after_days'."],
    ),
    (
        "quiet hours without end",
        replaced("city.toml", '["22:00", "07:00"]', '["22:00", "22:00"]'),
        ["city.toml, escalation: the quiet hours end when they begin."],
    ),
    (
        "deputy of nobody known",
        replaced("units.toml", 'units = ["parks"]', 'units = ["park"]'),
        ["units.toml, deputy 'green': unit 'park' does not exist."],
    ),
    (
        "deputy for nothing",
        replaced("units.toml", 'functions = ["works"]\nunits = ["parks"]', ""),
        ["units.toml, deputy 'green': neither 'functions' nor 'units' says whom they answer for."],
    ),
    (
        "deputy with a unit's slug",
        replaced("units.toml", 'slug = "green"', 'slug = "parks"'),
        ["units.toml, deputy 'parks': a unit has the same slug."],
    ),
]


@pytest.mark.parametrize(
    ("change", "sentences"),
    [pytest.param(change, sentences, id=name) for name, change, sentences in MISTAKES],
)
def test_a_mistake_is_told_in_its_sentence(tmp_path: Path, change: Change, sentences: list[str]) -> None:
    assert problems(tmp_path, change) == sentences
