"""What the entries of a city pack owe to each other: names that exist, shapes that close, requests that arrive."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Annotated, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import list_supported_countries
from pydantic import Field

from domain.city import (
    APPROXIMATE_MARGIN_M,
    Calendar,
    DangerKind,
    Deputy,
    District,
    Escalation,
    Group,
    Neighbourhood,
    Number,
    OutsideBody,
    Place,
    Relief,
    Routing,
    Rule,
    Subject,
    Unit,
)
from domain.entries import Entry
from domain.geo import Position, Shape, closed, distance_to_m, inside
from domain.response_times import ResponseTimes

CITY, UNITS, ROUTING, NUMBERS = "city.toml", "units.toml", "routing.toml", "numbers.toml"

type Problem = tuple[str, str, str]
"""The file, the entry in it (may be empty) and what is wrong."""


class Header(Entry):
    """The first lines of city.toml."""

    slug: str
    name: str
    title: str
    timezone: str
    approximate: bool
    credits: tuple[str, ...] = ()
    centre: Position
    streets: tuple[str, ...] = ()


class Layers(Entry):
    """The GeoJSON files of a pack; only the outline is a must."""

    outline: str
    districts: str | None = None
    neighbourhoods: str | None = None
    places: str | None = None


class SubjectChoice(Entry):
    """The file of subjects, which other packs may share, and what this city does differently."""

    file: str
    without: tuple[str, ...] = ()
    photo_at_close: tuple[str, ...] = ()
    named_only: tuple[str, ...] = ()
    same_within: Mapping[Annotated[int, Field(gt=0, le=5000)], tuple[str, ...]] = {}  # metres → slugs


@dataclass
class Parts:
    """The good entries of a pack, and in `named` the names of all entries, so that one mistake is told once."""

    header: Header | None = None
    layers: Layers | None = None
    choice: SubjectChoice | None = None
    response_times: ResponseTimes | None = None
    calendar: Calendar | None = None
    escalation: Escalation | None = None
    relief: Relief | None = None
    outline: Shape = ()
    drawn: list[tuple[str, Shape]] = field(default_factory=list)
    districts: list[District] = field(default_factory=list)
    neighbourhoods: list[Neighbourhood] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    deputies: list[Deputy] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    bodies: list[OutsideBody] = field(default_factory=list)
    dangers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    function_districts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)


def problems(parts: Parts) -> Iterator[Problem]:
    """Yield everything that is wrong between the entries of a pack."""
    for check in CHECKS:
        yield from check(parts)


def _twice(parts: Parts) -> Iterator[Problem]:
    """A name belongs to one entry."""
    subjects = parts.choice.file if parts.choice else ""
    homes = {
        "district": (CITY, "code"),
        "group": (subjects, "slug"),
        "subject": (subjects, "slug"),
        "function": (UNITS, "slug"),
        "unit": (UNITS, "slug"),
        "deputy": (UNITS, "slug"),
        "number": (NUMBERS, "slug"),
        "body": (NUMBERS, "slug"),
    }
    for kind, (file, word) in homes.items():
        for name, times in Counter(parts.named.get(kind, ())).items():
            if times > 1:
                yield file, f"{kind} '{name}'", f"the {word} is used {times} times"


def _header(parts: Parts) -> Iterator[Problem]:
    if parts.header is None:
        return
    try:
        ZoneInfo(parts.header.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield CITY, "", f"the timezone '{parts.header.timezone}' is not known"
    centre = parts.header.centre
    if parts.outline and not inside(parts.outline, centre.lat, centre.lon):
        yield CITY, "", "the centre lies outside the outline"


def _calendar(parts: Parts) -> Iterator[Problem]:
    if parts.calendar is None:
        return
    if parts.calendar.country not in list_supported_countries():
        yield CITY, "calendar", f"the holidays of the country '{parts.calendar.country}' are not known"
    hours = parts.calendar.hours
    if not hours:
        yield CITY, "calendar", "no day of the week has hours"
    for weekday, (opening, closing) in hours.items():
        if opening >= closing:
            yield CITY, f"calendar, {weekday}", "the opening time is not before the closing time"


def _escalation(parts: Parts) -> Iterator[Problem]:
    """Who is higher hears later, and the citizen is reminded before the unit goes on."""
    steps = parts.escalation
    if steps is None:
        return
    for sooner, later in (("deputy", "manager"), ("remind_after_days", "go_on_after_days")):
        if getattr(steps, sooner) >= getattr(steps, later):
            yield CITY, "escalation", f"'{sooner}' is not less than '{later}'"
    if steps.quiet[0] == steps.quiet[1]:
        yield CITY, "escalation", "the quiet hours end when they begin"


def _deputies(parts: Parts) -> Iterator[Problem]:
    for deputy in parts.deputies:
        entry = f"deputy '{deputy.slug}'"
        yield from _unknown(UNITS, entry, "function", deputy.functions, parts.named["function"])
        yield from _unknown(UNITS, entry, "unit", deputy.units, parts.named["unit"])
        if not deputy.functions | deputy.units:
            yield UNITS, entry, "neither 'functions' nor 'units' says whom they answer for"
        if deputy.slug in parts.named["unit"]:
            yield UNITS, entry, "a unit has the same slug"


def _subject_names(parts: Parts) -> Iterator[Problem]:
    choice = parts.choice
    if choice is None:
        return
    lists: Mapping[str, Iterable[str]] = {
        "subjects, without": choice.without,
        "subjects, photo_at_close": choice.photo_at_close,
        "subjects, named_only": choice.named_only,
        "subjects, same_within": chain.from_iterable(choice.same_within.values()),
        "response_times, subjects": parts.response_times.subjects if parts.response_times else (),
    }
    for entry, slugs in lists.items():
        yield from _unknown(CITY, entry, "subject", slugs, parts.named["subject"])
    for subject in parts.subjects:
        yield from _unknown(choice.file, f"subject '{subject.slug}'", "group", [subject.group], parts.named["group"])


def _referrals(parts: Parts) -> Iterator[Problem]:
    """What another body has to do names a body that can be called."""
    phones = {body.phone for body in parts.bodies}
    file = parts.choice.file if parts.choice else ""
    for subject in parts.subjects:
        entry = f"subject '{subject.slug}'"
        if subject.jurisdiction != "in" and not subject.refer_to:
            yield file, entry, "it is not the city's alone, but 'refer_to' names nobody to turn to"
        for phone in sorted(set(subject.refer_to) - phones):
            yield file, entry, f"it refers to {phone}, but no body in {NUMBERS} has this number"


def _districts(parts: Parts) -> Iterator[Problem]:
    if not parts.named["district"]:
        yield CITY, "", "the city has no district"
    for function, codes in parts.function_districts.items():
        yield from _unknown(UNITS, f"function '{function}'", "district", codes, parts.named["district"])
    file = parts.layers.districts if parts.layers else None
    if file is None:
        return
    drawn = [code for code, _ in parts.drawn]
    for district in parts.districts:
        if district.code not in drawn:
            yield file, f"district '{district.code}'", "the polygon is missing"
    yield from _unknown(file, "codes of the features", "district", drawn, parts.named["district"])


def _shapes(parts: Parts) -> Iterator[Problem]:
    if parts.layers is None:
        return
    shapes = [(parts.layers.outline, "outline", parts.outline)]
    shapes += [(parts.layers.districts or "", f"district '{code}'", shape) for code, shape in parts.drawn]
    for file, entry, shape in shapes:
        rings = (ring for polygon in shape for ring in polygon)
        for n, ring in enumerate(rings, 1):
            if not closed(ring):
                yield file, entry, f"ring {n} of the polygon is not closed"


def _neighbourhoods(parts: Parts) -> Iterator[Problem]:
    file = (parts.layers.neighbourhoods if parts.layers else None) or ""
    margin = APPROXIMATE_MARGIN_M if parts.header and parts.header.approximate else 0.0
    for place in parts.neighbourhoods:
        entry = f"neighbourhood '{place.name}'"
        yield from _unknown(file, entry, "district", [place.district], parts.named["district"])
        if parts.outline and distance_to_m(parts.outline, place.lat, place.lon) > margin:
            yield file, entry, "the position lies outside the outline"


def _rules(parts: Parts) -> Iterator[Problem]:
    for n, rule in enumerate(parts.rules, 1):
        named = {
            "subject": rule.subjects,
            "group": rule.groups,
            "district": rule.districts,
            "unit": {rule.unit} - {None},
            "function": {rule.function} - {None},
        }
        for kind, names in named.items():
            yield from _unknown(ROUTING, f"rule {n}", kind, names, parts.named[kind])
        if (rule.unit is None) == (rule.function is None):
            yield ROUTING, f"rule {n}", "it must lead to either a 'unit' or a 'function'"


def _dangers(parts: Parts) -> Iterator[Problem]:
    kinds = get_args(DangerKind.__value__)
    for kind in kinds:
        if not parts.dangers.get(kind):
            yield NUMBERS, "dangers", f"nobody is named to call for '{kind}'"
    yield from _unknown(NUMBERS, "dangers", "kind of danger", parts.dangers, kinds)
    for kind, slugs in parts.dangers.items():
        yield from _unknown(NUMBERS, f"dangers, {kind}", "number", slugs, parts.named["number"])


def _routes(parts: Parts) -> Iterator[Problem]:
    """Every subject is led somewhere from every district, and every unit is led to from somewhere."""
    table = Routing(parts.units, parts.rules)
    codes = [district.code for district in parts.districts]
    reached: set[str] = set()
    for subject in parts.subjects:
        led = {code: _led(table, subject, code) for code in codes}
        stranded = [code for code, units in led.items() if len(units) < 2]
        reached |= {unit.slug for units in led.values() for unit in units}
        reached |= {unit.slug for unit in _led(table, subject, None)}
        if stranded:
            where = "" if stranded == codes else f" in district {', '.join(stranded)}"
            yield ROUTING, "", f"no rule routes subject '{subject.slug}'{where}"
    for unit in parts.units:
        if unit.slug not in reached and unit.kind != "desk" and not unit.by_referral:
            yield ROUTING, "", f"no rule leads to unit '{unit.slug}'; mark it by_referral if that is meant"


def _led(table: Routing, subject: Subject, code: str | None) -> list[Unit]:
    """Return where the rules lead a request about a subject, when it can wait and when it cannot."""
    found = (table.led_to(subject, code, urgent=urgent) for urgent in (False, True))
    return [unit for unit in found if unit]


def _unknown(
    file: str, entry: str, kind: str, names: Iterable[str | None], known: Collection[str]
) -> Iterator[Problem]:
    for name in sorted(str(name) for name in set(names) - set(known)):
        yield file, entry, f"{kind} '{name}' does not exist"


CHECKS: tuple[Callable[[Parts], Iterator[Problem]], ...] = (
    _twice,
    _header,
    _calendar,
    _escalation,
    _subject_names,
    _referrals,
    _districts,
    _shapes,
    _neighbourhoods,
    _deputies,
    _rules,
    _dangers,
    _routes,
)
