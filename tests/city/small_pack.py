"""A city of two square districts, written into a folder so that a test can break it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

type Files = dict[str, str]

CITY = """\
slug = "small"
name = "شهر"
title = "مرکز ۱۳۷"
timezone = "Asia/Tehran"
approximate = false
centre = { lat = 0.5, lon = 1.0 }

[files]
outline = "outline.geojson"
districts = "districts.geojson"
neighbourhoods = "neighbourhoods.geojson"

[subjects]
file = "subjects.json"
photo_at_close = ["hole"]

[[district]]
code = "west"
name = "غرب"

[[district]]
code = "east"
name = "شرق"

[response_times]
low = { first_answer = 48, resolution = 240 }
normal = { first_answer = 24, resolution = 72 }
high = { first_answer = 8, resolution = 24 }
urgent = { first_answer = 1, resolution = 4 }
outside = { first_answer = 24, resolution = 72 }

[calendar]
country = "IR"

[calendar.hours]
saturday = ["08:00", "14:00"]

[escalation]
deputy = 24
manager = 72
extension = 48
quiet = ["22:00", "07:00"]
remind_after_days = 2
go_on_after_days = 5
"""

UNITS = """\
[desk]
slug = "desk"
title = "میز"
short_title = "میز"

[[function]]
slug = "works"
title = "عمران {district}"
short_title = "عمران"

[[organisation]]
slug = "parks"
title = "پارک‌ها"
short_title = "پارک‌ها"

[[deputy]]
slug = "green"
title = "معاون"
functions = ["works"]
units = ["parks"]
"""

ROUTING = """\
[[rule]]
subjects = ["hole"]
function = "works"

[[rule]]
groups = ["green"]
unit = "parks"

[[rule]]
groups = ["outside"]
unit = "desk"
"""

NUMBERS = """\
[[number]]
slug = "fire"
title = "آتش‌نشانی"
phone = "125"
confirmed = true

[[body]]
slug = "water"
title = "آب"
phone = "122"
confirmed = true

[dangers]
electric = ["fire"]
gas = ["fire"]
fire = ["fire"]
collapse = ["fire"]
open_hole = ["fire"]
medical = ["fire"]
crime = ["fire"]
flood = ["fire"]
person_in_danger = ["fire"]
"""


def square(west: float, east: float) -> list[list[float]]:
    """Return a closed ring one degree high from one longitude to another."""
    return [[west, 0.0], [east, 0.0], [east, 1.0], [west, 1.0], [west, 0.0]]


def layer(*features: tuple[Mapping[str, Any], str, Any]) -> str:
    """Return a GeoJSON collection of (properties, type of geometry, coordinates)."""
    rows = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": where}}
        for properties, kind, where in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows})


def subject(slug: str, group: str, **other: Any) -> dict[str, Any]:
    """Return a row of the subjects' file."""
    usual = {"urgency": "normal", "sla_hours": 24, "jurisdiction": "in", "refer_to": "", "phrases": []}
    return {"slug": slug, "title": slug, "group": group, **usual, **other}


def subjects(*rows: Mapping[str, Any]) -> str:
    """Return a subjects' file of three groups."""
    groups = [{"slug": slug, "title": slug} for slug in ("roads", "green", "outside")]
    return json.dumps({"groups": groups, "subjects": rows})


HOLE = subject("hole", "roads")
TREE = subject("tree", "green")
WATER = subject("water", "outside", jurisdiction="out", refer_to="122", sla_hours=0)


def small_pack() -> Files:
    """Return the files of a pack without a mistake, by name."""
    return {
        "city.toml": CITY,
        "units.toml": UNITS,
        "routing.toml": ROUTING,
        "numbers.toml": NUMBERS,
        "subjects.json": subjects(HOLE, TREE, WATER),
        "outline.geojson": layer(({}, "Polygon", [square(0, 2)])),
        "districts.geojson": layer(
            ({"code": "west"}, "Polygon", [square(0, 1)]),
            ({"code": "east"}, "MultiPolygon", [[square(1, 2)]]),
        ),
        "neighbourhoods.geojson": layer(({"name": "ده", "district": "west"}, "Point", [0.5, 0.5])),
    }


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files into a folder and return it."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
