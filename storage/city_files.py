"""A city pack read from its folder, checked as a whole, and made into a `City`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import RootModel, StringConstraints

from domain.city import (
    Calendar,
    City,
    Deputy,
    District,
    Escalation,
    Group,
    Neighbourhood,
    Number,
    OutsideBody,
    Place,
    Relief,
    Rule,
    Subject,
    Unit,
)
from domain.entries import Entry, Slug, Words
from domain.response_times import ResponseTimes
from storage.city_checks import (
    CITY,
    NUMBERS,
    ROUTING,
    UNITS,
    Header,
    Layers,
    Parts,
    SubjectChoice,
    problems,
)
from storage.city_reading import PackReader, Row

HEADER_KEYS = ("slug", "name", "title", "timezone", "approximate", "credits", "centre", "streets")
CITY_TABLES = ("files", "subjects", "district", "response_times", "calendar", "escalation", "relief")
# Keys of the subjects' file that tell where an entry comes from; they are for its readers only.
EVIDENCE = ("unit", "freq_evidence")


class Function(Entry):
    """A function that every district, or each of the listed ones, has; {district} stands for its name."""

    slug: Slug
    title: Annotated[str, StringConstraints(pattern=r"\{district\}")]
    short_title: Words
    districts: tuple[str, ...] = ()
    by_referral: bool = False


class Dangers(RootModel[dict[str, tuple[str, ...]]]):
    """The numbers to call, by kind of danger."""


class CityError(Exception):
    """A city pack cannot be used; `problems` holds one English sentence for each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the sentences, and say them all when printed."""
        super().__init__("\n".join(problems))
        self.problems = problems


def load_city(path: Path | str) -> City:
    """Return the city that a pack's folder describes; raises CityError with everything that is wrong."""
    reader, parts = PackReader(Path(path)), Parts()
    for read in (_read_city, _read_layers, _read_subjects, _read_units, _read_rules, _read_numbers):
        read(reader, parts)
    for problem in problems(parts):
        reader.wrong(*problem)
    if reader.problems:
        raise CityError(reader.problems)
    return _assembled(parts)


def subjects_file(path: Path | str) -> Path:
    """Return the file of subjects that a pack names, which several may share; raises CityError when it names none."""
    reader = PackReader(Path(path))
    data = reader.toml(CITY, HEADER_KEYS + CITY_TABLES)
    choice = reader.table(SubjectChoice, data.get("subjects", {}), CITY, "subjects")
    if choice is None:
        raise CityError(reader.problems)
    return (reader.folder / choice.file).resolve()


def _read_city(reader: PackReader, parts: Parts) -> None:
    data = reader.toml(CITY, HEADER_KEYS + CITY_TABLES)
    header = {key: data[key] for key in HEADER_KEYS if key in data}
    parts.header = reader.table(Header, header, CITY, "")
    parts.layers = reader.table(Layers, data.get("files", {}), CITY, "files")
    parts.choice = reader.table(SubjectChoice, data.get("subjects", {}), CITY, "subjects")
    parts.response_times = reader.table(ResponseTimes, data.get("response_times", {}), CITY, "response_times")
    parts.calendar = reader.table(Calendar, data.get("calendar", {}), CITY, "calendar")
    parts.escalation = reader.table(Escalation, data.get("escalation", {}), CITY, "escalation")
    parts.relief = reader.table(Relief, data.get("relief", {}), CITY, "relief")
    parts.districts = reader.rows(District, data.get("district"), CITY, "district")
    parts.named["district"] = _names(data.get("district"), "code")


def _read_layers(reader: PackReader, parts: Parts) -> None:
    layers = parts.layers
    if layers is None:
        return
    parts.outline = tuple(polygon for _, shape in reader.areas(layers.outline) for polygon in shape)
    if layers.districts:
        areas = reader.areas(layers.districts)
        parts.drawn = [(str(properties.get("code", "")), shape) for properties, shape in areas]
    if layers.neighbourhoods:
        rows = _only(Neighbourhood, reader.points(layers.neighbourhoods))
        parts.neighbourhoods = reader.rows(Neighbourhood, rows, layers.neighbourhoods, "neighbourhood")
    if layers.places:
        parts.places = reader.rows(Place, _only(Place, reader.points(layers.places)), layers.places, "place")


def _read_subjects(reader: PackReader, parts: Parts) -> None:
    parts.named |= {"group": [], "subject": []}
    choice = parts.choice
    if choice is None:
        return
    data = reader.json(choice.file)
    groups = _each(data.get("groups"), _plain)
    rows = _each(data.get("subjects"), _plain)
    parts.named |= {"group": _names(groups, "slug"), "subject": _names(rows, "slug")}
    kept = _each(rows, lambda row: _localised(row, choice))
    if isinstance(kept, list):
        kept = [row for row in kept if not (isinstance(row, dict) and row.get("slug") in choice.without)]
    parts.groups = reader.rows(Group, groups, choice.file, "group")
    parts.subjects = reader.rows(Subject, kept, choice.file, "subject")


def _read_units(reader: PackReader, parts: Parts) -> None:
    data = reader.toml(UNITS, ("desk", "function", "organisation", "deputy"))
    functions = reader.rows(Function, data.get("function", []), UNITS, "function")
    desk = _each([data.get("desk", {})], lambda row: {**row, "kind": "desk", "function": "desk"})
    organisations = _each(data.get("organisation", []), _organisation)
    local = [row for function in functions for row in _units_of(function, parts.districts)]
    parts.units = [
        *reader.rows(Unit, desk, UNITS, "desk"),
        *reader.rows(Unit, local, UNITS, "unit"),
        *reader.rows(Unit, organisations, UNITS, "organisation"),
    ]
    parts.deputies = reader.rows(Deputy, data.get("deputy", []), UNITS, "deputy")
    parts.named["deputy"] = _names(data.get("deputy"), "slug")
    parts.function_districts = {function.slug: function.districts for function in functions}
    parts.named["function"] = _names(data.get("function"), "slug")
    # A function that is written twice is told once, as a function, not once for each of its districts.
    local_names = list(dict.fromkeys(_names(local, "slug")))
    parts.named["unit"] = [*local_names, *_names(desk, "slug"), *_names(organisations, "slug")]


def _read_rules(reader: PackReader, parts: Parts) -> None:
    parts.rules = reader.rows(Rule, reader.toml(ROUTING, ("rule",)).get("rule"), ROUTING, "rule")


def _read_numbers(reader: PackReader, parts: Parts) -> None:
    data = reader.toml(NUMBERS, ("number", "body", "dangers"))
    parts.numbers = reader.rows(Number, data.get("number"), NUMBERS, "number")
    parts.bodies = reader.rows(OutsideBody, data.get("body"), NUMBERS, "body")
    dangers = reader.table(Dangers, data.get("dangers", {}), NUMBERS, "dangers")
    parts.dangers = dangers.root if dangers else {}
    parts.named["number"] = _names(data.get("number"), "slug")
    parts.named["body"] = _names(data.get("body"), "slug")


def _assembled(parts: Parts) -> City:
    """Make the city of parts that were checked."""
    assert parts.header is not None  # otherwise there is a problem, and no city
    shapes = dict(parts.drawn)
    filled = {subject.group for subject in parts.subjects}
    return City.model_validate(
        {
            **dict(parts.header),
            "outline": parts.outline,
            "districts": [
                District(code=row.code, name=row.name, shape=shapes.get(row.code)) for row in parts.districts
            ],
            "neighbourhoods": parts.neighbourhoods,
            "places": parts.places,
            "groups": [group for group in parts.groups if group.slug in filled],
            "subjects": parts.subjects,
            "units": parts.units,
            "deputies": parts.deputies,
            "rules": parts.rules,
            "numbers": parts.numbers,
            "outside_bodies": parts.bodies,
            "dangers": parts.dangers,
            "response_times": parts.response_times,
            "calendar": parts.calendar,
            "escalation": parts.escalation,
            "relief": parts.relief,
        }
    )


def _each(rows: Any, change: Callable[[Row], Row]) -> Any:
    """Change the tables of a list, and leave all else as it is: the reader says what is wrong with it."""
    if not isinstance(rows, list):
        return rows
    return [change(row) if isinstance(row, dict) else row for row in rows]


def _names(rows: Any, key: str) -> list[str]:
    """Return the names that a list of tables gives, good tables or not."""
    tables = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [str(row[key]) for row in tables if key in row]


def _plain(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in EVIDENCE}


def _only(model: type[Entry], rows: list[Row]) -> list[Row]:
    """Return of each row what the model knows; layers from elsewhere carry properties of their own."""
    return [{key: row[key] for key in model.model_fields if key in row} for row in rows]


def _organisation(row: Row) -> Row:
    return {**row, "kind": "organisation", "function": row.get("slug")}


def _localised(row: Row, choice: SubjectChoice) -> Row:
    """Return a row of the subjects' file with what this city says about the subject."""
    slug, refer_to = row.get("slug"), row.get("refer_to", "")
    return {
        "short_title": row.get("title"),
        **row,
        "refer_to": refer_to.split("/") if isinstance(refer_to, str) and refer_to else refer_to or [],
        "needs_photo_at_close": slug in choice.photo_at_close,
        "anonymous_allowed": slug not in choice.named_only,
        "same_within_m": next((metres for metres, slugs in choice.same_within.items() if slug in slugs), 0),
    }


def _units_of(function: Function, districts: list[District]) -> list[Row]:
    return [
        {
            "slug": f"{function.slug}-{district.code}",
            "title": function.title.replace("{district}", district.name),
            "short_title": function.short_title,
            "kind": "district",
            "function": function.slug,
            "district": district.code,
            "by_referral": function.by_referral,
        }
        for district in districts
        if not function.districts or district.code in function.districts
    ]
