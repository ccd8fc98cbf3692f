"""A pack with mistakes is refused with one clear sentence for each, and with all of them at once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.city_files import CityError, load_city
from tests.city.small_pack import HOLE, TREE, WATER, Files, layer, small_pack, square, subject, subjects, written

type Change = Callable[[Files], None]


def replaced(file: str, old: str, new: str) -> Change:
    def change(files: Files) -> None:
        assert old in files[file]
        files[file] = files[file].replace(old, new, 1)

    return change


def rewritten(file: str, text: str) -> Change:
    def change(files: Files) -> None:
        files[file] = text

    return change


def removed(file: str) -> Change:
    def change(files: Files) -> None:
        del files[file]

    return change


def problems(folder: Path, *changes: Change) -> list[str]:
    files = small_pack()
    for change in changes:
        change(files)
    with pytest.raises(CityError) as caught:
        load_city(written(folder, files))
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_the_pack_without_a_mistake_is_a_city(tmp_path: Path) -> None:
    city = load_city(written(tmp_path, small_pack()))
    assert [unit.slug for unit in city.units] == ["desk", "works-west", "works-east", "parks"]
    assert city.route("hole", "east").slug == "works-east"
    assert city.route("hole", None) == city.desk
    east = city.district_at(0.5, 1.5)
    assert east is not None
    assert east.code == "east"


MISTAKES: list[tuple[str, Change, list[str]]] = [
    (
        "rule, subject",
        replaced("routing.toml", '"hole"]', '"hole", "hoel"]'),
        ["routing.toml, rule 1: subject 'hoel' does not exist."],
    ),
    (
        "rule, group",
        replaced("routing.toml", '"outside"]', '"outside", "inside"]'),
        ["routing.toml, rule 3: group 'inside' does not exist."],
    ),
    (
        "rule, district",
        replaced("routing.toml", 'groups = ["green"]', 'groups = ["green"]\ndistricts = ["north"]'),
        [
            "routing.toml, rule 2: district 'north' does not exist.",
            "routing.toml: no rule routes subject 'tree'.",
            "routing.toml: no rule leads to unit 'parks'; mark it by_referral if that is meant.",
        ],
    ),
    (
        "rule, unit",
        replaced("routing.toml", 'unit = "desk"', 'unit = "dsek"'),
        [
            "routing.toml, rule 3: unit 'dsek' does not exist.",
            "routing.toml: no rule routes subject 'water'.",
        ],
    ),
    (
        "rule, function",
        replaced("routing.toml", 'function = "works"', 'function = "work"'),
        [
            "routing.toml, rule 1: function 'work' does not exist.",
            "routing.toml: no rule routes subject 'hole'.",
            "routing.toml: no rule leads to unit 'works-west'; mark it by_referral if that is meant.",
            "routing.toml: no rule leads to unit 'works-east'; mark it by_referral if that is meant.",
        ],
    ),
    (
        "rule to both",
        replaced("routing.toml", 'unit = "parks"', 'unit = "parks"\nfunction = "works"'),
        ["routing.toml, rule 2: it must lead to either a 'unit' or a 'function'."],
    ),
    (
        "rule to nowhere",
        replaced("routing.toml", '[[rule]]\ngroups = ["green"]', '[[rule]]\n[[rule]]\ngroups = ["green"]'),
        ["routing.toml, rule 2: it must lead to either a 'unit' or a 'function'."],
    ),
    (
        "rule with a misspelt key",
        replaced("routing.toml", 'groups = ["outside"]', 'group = ["outside"]'),
        [
            "routing.toml, rule 3: 'group' is not a known key.",
            "routing.toml: no rule routes subject 'water'.",
        ],
    ),
    (
        "table with a misspelt name",
        replaced("units.toml", "[[organisation]]", "[[organization]]"),
        [
            "units.toml: 'organization' is not a known key.",
            "units.toml, deputy 'green': unit 'parks' does not exist.",
            "routing.toml, rule 2: unit 'parks' does not exist.",
            "routing.toml: no rule routes subject 'tree'.",
        ],
    ),
    (
        "subject in some districts only",
        replaced("routing.toml", 'function = "works"', 'function = "works"\ndistricts = ["west"]'),
        [
            "routing.toml: no rule routes subject 'hole' in district east.",
            "routing.toml: no rule leads to unit 'works-east'; mark it by_referral if that is meant.",
        ],
    ),
    (
        "subject only while it is not urgent",
        replaced("routing.toml", 'unit = "parks"', 'unit = "parks"\nurgent = false'),
        ["routing.toml: no rule routes subject 'tree'."],
    ),
    (
        "unrouted subject",
        rewritten("subjects.json", subjects(HOLE, TREE, WATER, subject("noise", "roads"))),
        ["routing.toml: no rule routes subject 'noise'."],
    ),
    (
        "unreached unit",
        replaced("routing.toml", 'unit = "parks"', 'unit = "desk"'),
        ["routing.toml: no rule leads to unit 'parks'; mark it by_referral if that is meant."],
    ),
    (
        "subject twice",
        rewritten("subjects.json", subjects(HOLE, TREE, WATER, HOLE)),
        ["subjects.json, subject 'hole': the slug is used 2 times."],
    ),
    (
        "unit twice",
        replaced(
            "units.toml",
            "[[organisation]]",
            '[[organisation]]\nslug = "parks"\ntitle = "باغ"\nshort_title = "باغ"\n\n[[organisation]]',
        ),
        ["units.toml, unit 'parks': the slug is used 2 times."],
    ),
    (
        "function twice",
        replaced(
            "units.toml",
            "[[function]]",
            '[[function]]\nslug = "works"\ntitle = "کار {district}"\nshort_title = "کار"\n\n[[function]]',
        ),
        ["units.toml, function 'works': the slug is used 2 times."],
    ),
    (
        "district twice",
        replaced("city.toml", 'code = "east"', 'code = "west"'),
        [
            "city.toml, district 'west': the code is used 2 times.",
            "districts.geojson, codes of the features: district 'east' does not exist.",
        ],
    ),
    (
        "group of a subject",
        rewritten("subjects.json", subjects(HOLE, TREE, WATER, {**HOLE, "slug": "b", "group": "sky"})),
        [
            "subjects.json, subject 'b': group 'sky' does not exist.",
            "routing.toml: no rule routes subject 'b'.",
        ],
    ),
    (
        "urgency",
        rewritten("subjects.json", subjects(HOLE, {**TREE, "urgency": "soon"}, WATER)),
        [
            "subjects.json, subject 'tree': 'urgency' is 'soon', but input should be 'low', 'normal', 'high' "
            "or 'urgent'.",
            "routing.toml: no rule leads to unit 'parks'; mark it by_referral if that is meant.",
        ],
    ),
    (
        "nobody to refer to",
        rewritten("subjects.json", subjects(HOLE, TREE, {**WATER, "refer_to": ""})),
        ["subjects.json, subject 'water': it is not the city's alone, but 'refer_to' names nobody to turn to."],
    ),
    (
        "a body without an entry",
        rewritten("subjects.json", subjects(HOLE, TREE, {**WATER, "refer_to": "122/199"})),
        ["subjects.json, subject 'water': it refers to 199, but no body in numbers.toml has this number."],
    ),
    (
        "a name of a subject in city.toml",
        replaced("city.toml", '["hole"]', '["whole"]'),
        ["city.toml, subjects, photo_at_close: subject 'whole' does not exist."],
    ),
    (
        "a distance for a subject that is not there",
        replaced("city.toml", 'photo_at_close = ["hole"]', 'same_within = { 60 = ["hole", "holes"] }'),
        ["city.toml, subjects, same_within: subject 'holes' does not exist."],
    ),
    (
        "telephone number",
        replaced("numbers.toml", 'phone = "125"', 'phone = "12 5"'),
        ["numbers.toml, number 'fire': '12 5' is not a telephone number."],
    ),
    (
        "danger without a number",
        replaced("numbers.toml", 'gas = ["fire"]', 'gas = []\nboredom = ["fire"]'),
        [
            "numbers.toml, dangers: nobody is named to call for 'gas'.",
            "numbers.toml, dangers: kind of danger 'boredom' does not exist.",
        ],
    ),
    (
        "unknown number of a danger",
        replaced("numbers.toml", 'flood = ["fire"]', 'flood = ["boat"]'),
        ["numbers.toml, dangers, flood: number 'boat' does not exist."],
    ),
    (
        "missing polygon",
        rewritten("districts.geojson", layer(({"code": "west"}, "Polygon", [square(0, 1)]))),
        ["districts.geojson, district 'east': the polygon is missing."],
    ),
    (
        "open polygon",
        rewritten(
            "districts.geojson",
            layer(({"code": "west"}, "Polygon", [square(0, 1)[:-1]]), ({"code": "east"}, "Polygon", [square(1, 2)])),
        ),
        ["districts.geojson, district 'west': ring 1 of the polygon is not closed."],
    ),
    (
        "a line for a polygon",
        rewritten("outline.geojson", layer(({"name": "شهر"}, "LineString", square(0, 2)))),
        [
            "outline.geojson, feature 'شهر': the geometry is a LineString, not one of "
            "'Point', 'Polygon', 'MultiPolygon'.",
        ],
    ),
    (
        "a polygon for a point",
        rewritten("neighbourhoods.geojson", layer(({"name": "ده", "district": "west"}, "Polygon", [square(0, 1)]))),
        ["neighbourhoods.geojson, feature 'ده': a Polygon is out of place in this layer."],
    ),
    (
        "no geometry",
        replaced("outline.geojson", '"geometry"', '"geometri"'),
        ["outline.geojson, feature 1: it is 'None' where a table is needed."],
    ),
    (
        "position outside",
        rewritten("neighbourhoods.geojson", layer(({"name": "ده", "district": "west"}, "Point", [0.5, 1.5]))),
        ["neighbourhoods.geojson, neighbourhood 'ده': the position lies outside the outline."],
    ),
    (
        "district of a neighbourhood",
        rewritten("neighbourhoods.geojson", layer(({"name": "ده", "district": "up"}, "Point", [0.5, 0.5]))),
        ["neighbourhoods.geojson, neighbourhood 'ده': district 'up' does not exist."],
    ),
    (
        "centre outside",
        replaced("city.toml", "lat = 0.5", "lat = 5"),
        ["city.toml: the centre lies outside the outline."],
    ),
    (
        "timezone",
        replaced("city.toml", "Asia/Tehran", "Asia/Mashhad"),
        ["city.toml: the timezone 'Asia/Mashhad' is not known."],
    ),
    (
        "office hours",
        replaced("city.toml", '["08:00", "14:00"]', '["14:00", "08:00"]'),
        ["city.toml, calendar, saturday: the opening time is not before the closing time."],
    ),
    (
        "missing promise",
        replaced("city.toml", "outside = { first_answer = 24, resolution = 72 }\n", ""),
        ["city.toml, response_times: 'outside' is missing."],
    ),
    (
        "missing title",
        replaced("city.toml", 'title = "مرکز ۱۳۷"\n', ""),
        ["city.toml: 'title' is missing."],
    ),
    (
        "function without its district in the title",
        replaced("units.toml", "عمران {district}", "عمران منطقه"),
        [
            "units.toml, function 'works': 'عمران منطقه' does not hold {district}, the name of the district.",
            "routing.toml: no rule routes subject 'hole'.",
        ],
    ),
    (
        "district of a function",
        replaced("units.toml", 'short_title = "عمران"', 'short_title = "عمران"\ndistricts = ["west", "est"]'),
        [
            "units.toml, function 'works': district 'est' does not exist.",
            "routing.toml: no rule routes subject 'hole' in district east.",
        ],
    ),
]


@pytest.mark.parametrize(
    ("change", "sentences"),
    [pytest.param(change, sentences, id=name) for name, change, sentences in MISTAKES],
)
def test_a_mistake_is_told_in_its_sentence(tmp_path: Path, change: Change, sentences: list[str]) -> None:
    assert problems(tmp_path, change) == sentences


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        replaced("numbers.toml", 'phone = "122"', 'phone = "call us"'),
        replaced("routing.toml", '"hole"]', '"hole", "hoel"]'),
        replaced("city.toml", "Asia/Tehran", "Asia/Mashhad"),
        rewritten("neighbourhoods.geojson", layer(({"name": "ده", "district": "west"}, "Point", [9, 9]))),
        rewritten("outline.geojson", layer(({}, "Polygon", [square(0, 2)[:-1]]))),
    )
    assert told == [
        "numbers.toml, body 'water': 'call us' is not a telephone number.",
        "city.toml: the timezone 'Asia/Mashhad' is not known.",
        "subjects.json, subject 'water': it refers to 122, but no body in numbers.toml has this number.",
        "outline.geojson, outline: ring 1 of the polygon is not closed.",
        "neighbourhoods.geojson, neighbourhood 'ده': the position lies outside the outline.",
        "routing.toml, rule 1: subject 'hoel' does not exist.",
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "numbers.toml: the file does not exist." in problems(tmp_path, removed("numbers.toml"))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("routing.toml", "[[rule"),
        ("subjects.json", "{"),
        ("units.toml", '[[organisation]]\nslug = "a"\nslug = "b"'),
        ("districts.geojson", '{"features": [}'),
    ],
)
def test_a_file_that_cannot_be_parsed_is_named(tmp_path: Path, file: str, text: str) -> None:
    told = problems(tmp_path, rewritten(file, text))
    assert any(sentence.startswith(f"{file}: the file cannot be read (") for sentence in told)


@pytest.mark.parametrize("text", ["[]", "7", '{"features": {}}', '{"features": [1]}', '{"features": []}'])
def test_a_layer_without_features_is_named(tmp_path: Path, text: str) -> None:
    told = problems(tmp_path, rewritten("districts.geojson", text))
    assert "districts.geojson: there are no GeoJSON features in it." in told


def test_odd_properties_are_told_and_never_crash(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": [], "geometry": {"type": "Point", "coordinates": [0.5, 0.5]}}
    told = problems(tmp_path, rewritten("neighbourhoods.geojson", json.dumps({"features": [feature]})))
    assert told == [
        "neighbourhoods.geojson, neighbourhood 1: 'name' is missing.",
        "neighbourhoods.geojson, neighbourhood 1: 'district' is missing.",
    ]


@pytest.mark.parametrize("rows", [None, 7, "x", {}, [7], [None], [{"slug": 7}], [[]]])
@pytest.mark.parametrize("key", ["groups", "subjects"])
def test_odd_values_in_the_subjects_are_told_and_never_crash(tmp_path: Path, key: str, rows: object) -> None:
    data = json.loads(small_pack()["subjects.json"]) | {key: rows}
    told = problems(tmp_path, rewritten("subjects.json", json.dumps(data)))
    assert any(sentence.startswith("subjects.json") for sentence in told)


@pytest.mark.parametrize("file", ["city.toml", "units.toml", "routing.toml", "numbers.toml"])
@pytest.mark.parametrize("key", ["desk", "function", "organisation", "rule", "number", "body", "dangers"])
@pytest.mark.parametrize("value", ["7", '"x"', "[7]", "[]", "{ slug = 7 }"])
def test_odd_values_in_the_tables_are_told_and_never_crash(tmp_path: Path, file: str, key: str, value: str) -> None:
    assert problems(tmp_path, rewritten(file, f"{key} = {value}"))


def test_an_empty_folder_names_every_file(tmp_path: Path) -> None:
    with pytest.raises(CityError) as caught:
        load_city(tmp_path)
    missing = {sentence.split(":")[0] for sentence in caught.value.problems if "does not exist" in sentence}
    assert {"city.toml", "units.toml", "routing.toml", "numbers.toml"} <= missing
