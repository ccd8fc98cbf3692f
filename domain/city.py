"""What a city is to its 137 centre: subjects, districts, units, routing, numbers and promised times."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.entries import Days, Entry, Hours, Jurisdiction, Lat, Lon, Phone, Slug, Urgency, Words
from domain.geo import Position, Shape, distance_m, distance_to_m, inside
from domain.response_times import Promise, ResponseTimes

type UnitKind = Literal["desk", "district", "organisation"]
type DangerKind = Literal[
    "electric", "gas", "fire", "collapse", "open_hole", "medical", "crime", "flood", "person_in_danger"
]
type Weekday = Literal["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"]


# A drawn edge of an approximate layer may be this wrong: who is that near is taken in rather than turned away.
APPROXIMATE_MARGIN_M = 1500


class District(Entry):
    """A municipal district; its shape is None where the pack has no layer of districts."""

    code: Slug
    name: Words
    shape: Shape | None = None


class Neighbourhood(Entry):
    """A neighbourhood by one point near its middle, and the code of its district."""

    name: Words
    district: Slug
    lat: Lat
    lon: Lon


class Place(Entry):
    """A named place, inside the city or near it."""

    name: Words
    lat: Lat
    lon: Lon


class Group(Entry):
    """A group of subjects, as a citizen leafs through them."""

    slug: Slug
    title: Words


class Subject(Entry):
    """What a request is about; `sla_hours` is promised until its resolution, 0 where nothing is promised.

    An open request on it within `same_within_m` metres may be the same one; 0: other people's are never shown.
    """

    slug: Slug
    title: Words
    group: Slug
    urgency: Urgency
    sla_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    jurisdiction: Jurisdiction
    refer_to: tuple[Phone, ...] = ()
    phrases: tuple[Words, ...] = ()
    short_title: Words
    needs_photo_at_close: bool = False
    anonymous_allowed: bool = True
    same_within_m: float = 0


class Unit(Entry):
    """Who does the work: the 137 desk, a function of one district, or an organisation of the whole city."""

    slug: Slug
    title: Words
    short_title: Words
    kind: UnitKind
    function: Slug
    district: Slug | None = None
    by_referral: bool = False


class Deputy(Entry):
    """Whoever answers for several units: for each unit of some functions, and for some units by name."""

    slug: Slug
    title: Words
    functions: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


class Rule(Entry):
    """One row of the routing table; an empty condition holds for every request."""

    subjects: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    urgent: bool | None = None
    unit: str | None = None
    function: str | None = None

    def holds(self, subject: Subject, district: str | None, *, urgent: bool) -> bool:
        """Tell whether every condition of the row is met."""
        about = not (self.subjects or self.groups)
        about = about or subject.slug in self.subjects or subject.group in self.groups
        where = not self.districts or district in self.districts
        return about and where and self.urgent in (None, urgent)


class Routing:
    """The routing table with the units that it leads to."""

    def __init__(self, units: Iterable[Unit], rules: Iterable[Rule]) -> None:
        """Index the units; a rule that names a unit which is not there leads nowhere."""
        self._rules = tuple(rules)
        self._units = {unit.slug: unit for unit in units}
        local = (unit for unit in self._units.values() if unit.kind == "district")
        self._functions = {(unit.function, unit.district): unit for unit in local}

    def led_to(self, subject: Subject, district: str | None, *, urgent: bool) -> Unit | None:
        """Return where the first rule leads that holds and leads to a unit; some subjects are always urgent."""
        pressing = urgent or subject.urgency == "urgent"
        held = (rule for rule in self._rules if rule.holds(subject, district, urgent=pressing))
        return next((unit for unit in (self._end(rule, district) for rule in held) if unit), None)

    def _end(self, rule: Rule, district: str | None) -> Unit | None:
        if rule.unit is not None:
            return self._units.get(rule.unit)
        return self._functions.get((rule.function or "", district))


class Number(Entry):
    """A telephone number for emergencies; `confirmed` says that a public source was seen."""

    slug: Slug
    title: Words
    phone: Phone
    confirmed: bool


class OutsideBody(Entry):
    """An organisation that is not the municipality's, and the number where it answers citizens."""

    slug: Slug
    title: Words
    phone: Phone
    confirmed: bool


class Relief(Entry):
    """How those on duty are called about what cannot wait, until somebody comes."""

    every_minutes: Annotated[int, Field(ge=1, le=60)] = 3
    tries: Annotated[int, Field(ge=1, le=10)] = 3
    """How often one person is called before the next."""
    rounds: Annotated[int, Field(ge=1, le=20)] = 3
    """How often the whole list is gone through; then only the desk is called."""
    desk_every_minutes: Annotated[int, Field(ge=1, le=120)] = 10


class Calendar(Entry):
    """Opening and closing time of each working weekday, and corrections to the official holidays."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    hours: Mapping[Weekday, tuple[time, time]]
    extra_holidays: frozenset[date] = frozenset()
    working_holidays: frozenset[date] = frozenset()


class Escalation(Entry):
    """What happens when a promise is missed, or a question to the citizen is not answered; hours as in a promise."""

    deputy: Hours  # after the breach until the unit's deputy hears of it
    manager: Hours  # after the breach until the city's managers do
    extension: Hours  # how much later the new date is that the citizen is told
    quiet: tuple[time, time]  # from, until: only what is urgent is pushed
    remind_after_days: Days
    go_on_after_days: Days  # without the citizen's answer


class City(Entry):
    """One city with everything that its 137 centre has to know; made by `storage.city_files.load_city`."""

    slug: Slug
    name: Words
    title: Words
    timezone: str
    approximate: bool
    credits: tuple[str, ...]
    centre: Position
    outline: Shape
    districts: tuple[District, ...]
    neighbourhoods: tuple[Neighbourhood, ...]
    places: tuple[Place, ...]
    groups: tuple[Group, ...]
    subjects: tuple[Subject, ...]
    units: tuple[Unit, ...]
    deputies: tuple[Deputy, ...]
    rules: tuple[Rule, ...]
    numbers: tuple[Number, ...]
    outside_bodies: tuple[OutsideBody, ...]
    dangers: Mapping[DangerKind, tuple[str, ...]]
    response_times: ResponseTimes
    calendar: Calendar
    escalation: Escalation
    relief: Relief = Relief()
    streets: tuple[str, ...] = ()
    """Names whose alleys are known by numbers: «شریعتی ۲۴»."""

    def subject(self, slug: str) -> Subject:
        """Return a subject by its slug; raises KeyError."""
        return self._subjects[slug]

    def unit(self, slug: str) -> Unit:
        """Return a unit by its slug; raises KeyError."""
        return self._units[slug]

    def district(self, code: str) -> District:
        """Return a district by its code; raises KeyError."""
        return self._districts[code]

    def deputies_of(self, unit: str) -> list[Deputy]:
        """Return who answers for a unit, by its slug; raises KeyError."""
        function = self.unit(unit).function
        return [deputy for deputy in self.deputies if unit in deputy.units or function in deputy.functions]

    def subjects_of(self, group: str) -> list[Subject]:
        """Return the subjects of a group in the order of the pack."""
        return [subject for subject in self.subjects if subject.group == group]

    @cached_property
    def desk(self) -> Unit:
        """The 137 desk, where everything goes that no rule sends elsewhere."""
        return next(unit for unit in self.units if unit.kind == "desk")

    @cached_property
    def has_district_map(self) -> bool:
        """Whether a position tells the district; otherwise the citizen chooses it from a list."""
        return any(district.shape for district in self.districts)

    @property
    def margin_m(self) -> float:
        """How far outside the drawn edges a position still counts, in metres."""
        return APPROXIMATE_MARGIN_M if self.approximate else 0.0

    def contains(self, lat: float, lon: float) -> bool:
        """Tell whether a position lies in the city, or within the margin of an approximate outline."""
        return distance_to_m(self.outline, lat, lon) <= self.margin_m

    def district_at(self, lat: float, lon: float) -> District | None:
        """Return the district of a position: the one that holds it, else the nearest within the margin."""
        drawn = [(district.shape, district) for district in self.districts if district.shape]
        for shape, district in drawn:
            if inside(shape, lat, lon):
                return district
        away = [(distance_to_m(shape, lat, lon), district) for shape, district in drawn]
        near = [row for row in away if row[0] <= self.margin_m]
        return min(near, key=lambda row: row[0])[1] if near else None

    def nearest_neighbourhood(self, lat: float, lon: float, within_m: float = 1500) -> Neighbourhood | None:
        """Return the neighbourhood with the nearest point, or None if none is within `within_m` metres."""
        here = Position(lat, lon)
        reached = [(distance_m(here, Position(n.lat, n.lon)), n) for n in self.neighbourhoods]
        near = [row for row in reached if row[0] <= within_m]
        return min(near, key=lambda row: row[0])[1] if near else None

    def route(self, subject_slug: str | None, district_code: str | None, urgent: bool = False) -> Unit:
        """Return the unit of the first rule that holds and leads to one, else the desk; raises KeyError."""
        if subject_slug is None:
            return self.desk
        subject = self.subject(subject_slug)
        return self._routing.led_to(subject, district_code, urgent=urgent) or self.desk

    def first_answer_hours(self, subject_slug: str | None, urgent: bool = False) -> float:
        """Return the hours promised until somebody answers."""
        return self._promise(subject_slug, urgent=urgent).first_answer

    def next_answer_hours(self, subject_slug: str | None, urgent: bool = False) -> float:
        """Return the hours promised until somebody answers what the citizen says later."""
        return self._promise(subject_slug, urgent=urgent).hours_to_next_answer

    def deadline_hours(self, subject_slug: str | None, urgent: bool = False) -> float:
        """Return the hours promised until the resolution."""
        return self._promise(subject_slug, urgent=urgent).resolution

    def danger_numbers(self, kind: str) -> list[Number]:
        """Return whom to call at once in a danger, the most fitting first; raises KeyError."""
        by_slug = {number.slug: number for number in self.numbers}
        by_kind = {str(name): slugs for name, slugs in self.dangers.items()}
        return [by_slug[slug] for slug in by_kind[kind]]

    def outside_body(self, subject_slug: str) -> OutsideBody | None:
        """Return whom to turn to about a subject that is not, or not only, the city's; raises KeyError."""
        by_phone = {body.phone: body for body in reversed(self.outside_bodies)}
        return next((by_phone[phone] for phone in self.subject(subject_slug).refer_to), None)

    def referrable_units(self, from_unit: str, district_code: str | None = None) -> list[Unit]:
        """Return the units that `from_unit` (a slug) may refer a request to, the likeliest first.

        Its own district's (or the request's district's) other functions, then the organisations, then its own
        function elsewhere and the rest; never the desk, which has a deed of its own. Raises KeyError.
        """
        origin = self.unit(from_unit)
        home = origin.district or district_code
        others = [unit for unit in self.units if unit.kind != "desk" and unit != origin]
        return sorted(others, key=lambda unit: _referral_rank(unit, home, origin.function))

    def _promise(self, subject_slug: str | None, *, urgent: bool) -> Promise:
        if subject_slug is None:
            return self.response_times.of("urgent" if urgent else "normal")
        promised = self._usual_promise(self.subject(subject_slug))
        at_once = self.response_times.urgent
        return promised.sooner(at_once, min(promised.resolution, at_once.resolution)) if urgent else promised

    def _usual_promise(self, subject: Subject) -> Promise:
        times = self.response_times
        if subject.slug in times.subjects:
            return times.subjects[subject.slug]
        usual = times.of(subject.urgency)
        if subject.jurisdiction == "out":
            return usual.sooner(times.outside, times.outside.resolution)
        return usual.within(subject.sla_hours or usual.resolution)

    @cached_property
    def _subjects(self) -> Mapping[str, Subject]:
        return {subject.slug: subject for subject in self.subjects}

    @cached_property
    def _units(self) -> Mapping[str, Unit]:
        return {unit.slug: unit for unit in self.units}

    @cached_property
    def _districts(self) -> Mapping[str, District]:
        return {district.code: district for district in self.districts}

    @cached_property
    def _routing(self) -> Routing:
        return Routing(self.units, self.rules)


def _referral_rank(unit: Unit, home: str | None, function: str) -> int:
    """Rank a unit for a referral; within a rank a stable sort keeps the order of the pack."""
    ranks = (
        home is not None and unit.district == home,
        unit.kind == "organisation",
        unit.function == function,
    )
    return ranks.index(True) if True in ranks else len(ranks)
