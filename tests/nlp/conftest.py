"""A city's names and the shipped model, loaded once."""

import json
from pathlib import Path

import pytest

from nlp import forms
from nlp.places import PlaceName
from nlp.understanding import Understanding

CITY = Path(__file__).parents[2] / "cities" / "mashhad"
DATA = Path(forms.__file__).parent / "data"


@pytest.fixture(scope="session")
def jurisdictions() -> dict[str, str]:
    rows = json.loads((CITY / "subjects.json").read_text(encoding="utf-8"))["subjects"]
    return {row["slug"]: row["jurisdiction"] for row in rows}


@pytest.fixture(scope="session")
def names() -> list[PlaceName]:
    rows = json.loads((CITY / "neighbourhood_points_approx.geojson").read_text(encoding="utf-8"))["features"]
    return [
        PlaceName(row["properties"]["name"], row["properties"]["district"], *reversed(row["geometry"]["coordinates"]))
        for row in rows
    ]


@pytest.fixture(scope="session")
def understanding(jurisdictions: dict[str, str], names: list[PlaceName]) -> Understanding:
    return Understanding.load(subjects=jurisdictions, places=names)


@pytest.fixture(scope="session")
def hazm() -> None:
    forms.warm_up()
