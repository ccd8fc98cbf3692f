"""Mashhad's pack: every request arrives, every number can be called, every place is found."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from domain.city import City, DangerKind
from storage.city_files import load_city

PACK = Path(__file__).parents[2] / "cities" / "mashhad"
DISTRICTS = [*map(str, range(1, 13)), "samen"]
DANGERS = get_args(DangerKind.__value__)


@cache
def mashhad() -> City:
    return load_city(PACK)


def slugs() -> list[str]:
    return [subject.slug for subject in mashhad().subjects]


def test_what_the_pack_holds() -> None:
    city = mashhad()
    assert (len(city.groups), len(city.subjects)) == (15, 78)
    assert [district.code for district in city.districts] == DISTRICTS
    assert (len(city.neighbourhoods), len(city.places)) == (118, 139)
    assert city.approximate
    assert city.has_district_map
    assert city.timezone == "Asia/Tehran"


@pytest.mark.parametrize("urgent", [False, True])
@pytest.mark.parametrize("district", [*DISTRICTS, None])
def test_every_subject_goes_to_a_unit_of_its_district_or_of_the_city(district: str | None, urgent: bool) -> None:
    city = mashhad()
    for slug in slugs():
        unit = city.route(slug, district, urgent)
        assert city.unit(unit.slug) is unit
        assert unit.district in (district, None), slug


def test_a_district_keeps_what_is_its_own() -> None:
    city = mashhad()
    local = [slug for slug in slugs() if city.route(slug, "9").district == "9"]
    assert len(local) == 42
    assert all(city.route(slug, None) == city.desk for slug in local)


@pytest.mark.parametrize(
    ("subject", "district", "title"),
    [
        ("garbage_not_collected", "1", "پسماند منطقهٔ ۱"),
        ("street_sweeping", "9", "خدمات شهری منطقهٔ ۹"),
        ("asphalt_patch", "samen", "فنی و عمران منطقهٔ ثامن"),
        ("tree_pruning", "12", "فضای سبز منطقهٔ ۱۲"),
        ("illegal_construction", "3", "شهرسازی و پلیس ساختمان منطقهٔ ۳"),
        ("speed_bump", "4", "حمل‌ونقل و ترافیک منطقهٔ ۴"),
        ("bus_frequency", "4", "سازمان اتوبوسرانی"),
        ("metro", None, "قطار شهری مشهد"),
        ("staff_conduct", "5", "بازرسی شهرداری"),
        ("ext_water", "5", "میز ۱۳۷"),
        ("followup", "5", "میز ۱۳۷"),
        (None, "5", "میز ۱۳۷"),
        ("street_sweeping", None, "میز ۱۳۷"),
    ],
)
def test_where_some_requests_go(subject: str | None, district: str | None, title: str) -> None:
    assert mashhad().route(subject, district).title == title


@pytest.mark.parametrize("subject", ["road_collapse", "hazard_site", "tree_hazard", "gutter_cover", "unsafe_building"])
def test_what_cannot_wait_goes_to_the_relief_crews(subject: str) -> None:
    city = mashhad()
    assert city.route(subject, "7").title == "امداد ۱۳۷ منطقهٔ ۷"
    assert city.route(subject, None) == city.desk


def test_urgency_changes_the_way_of_an_ordinary_subject() -> None:
    city = mashhad()
    assert city.route("asphalt_patch", "7").function == "civil"
    assert city.route("asphalt_patch", "7", urgent=True).function == "relief"
    assert city.route("vendor", "7", urgent=True).function == "services"


def test_unknown_names_are_refused() -> None:
    city = mashhad()
    with pytest.raises(KeyError):
        city.route("no_such_subject", "1")
    with pytest.raises(KeyError):
        city.unit("services-13")
    with pytest.raises(KeyError):
        city.district("13")
    with pytest.raises(KeyError):
        city.danger_numbers("boredom")


@pytest.mark.parametrize("urgent", [False, True])
def test_every_subject_has_a_promise(urgent: bool) -> None:
    city = mashhad()
    for slug in [*slugs(), None]:
        answers = city.first_answer_hours(slug, urgent), city.next_answer_hours(slug, urgent)
        assert 0 < min(answers) <= max(answers) <= city.deadline_hours(slug, urgent)


def test_promised_times() -> None:
    city = mashhad()
    assert city.deadline_hours("asphalt_patch") == 72
    assert city.deadline_hours("asphalt_patch", urgent=True) == 4
    assert city.deadline_hours("hazard_site", urgent=True) == 2  # its own promise is sooner
    assert city.deadline_hours("fire_rescue") == 1
    assert city.deadline_hours("ext_prices") == 72
    assert city.first_answer_hours("ext_social_emergency") == 0.5
    assert city.first_answer_hours("dead_animal") == 6  # an answer is never promised after the resolution
    assert city.next_answer_hours("street_lighting") == 6  # it is known by then, and the citizen is waiting again
    assert city.next_answer_hours("fire_rescue", urgent=True) == 0.25


@pytest.mark.parametrize("kind", DANGERS)
def test_every_danger_has_somebody_to_call(kind: str) -> None:
    numbers = mashhad().danger_numbers(kind)
    assert numbers
    assert all(number.confirmed for number in numbers)


def test_whom_to_call_first() -> None:
    city = mashhad()
    first = {kind: city.danger_numbers(kind)[0].phone for kind in DANGERS}
    assert first["electric"] == "121"
    assert first["gas"] == "194"
    assert first["medical"] == "115"
    assert [number.phone for number in city.danger_numbers("person_in_danger")] == ["123", "115"]


def test_who_else_is_responsible() -> None:
    city = mashhad()
    water = city.outside_body("ext_water")
    assert water is not None
    assert (water.title, water.phone) == ("شرکت آب و فاضلاب", "122")
    burning = city.outside_body("waste_burning")
    assert burning is not None
    assert burning.slug == "environment"  # the first of the two that the subject names
    assert city.outside_body("asphalt_patch") is None
    for subject in city.subjects:
        assert (city.outside_body(subject.slug) is None) == (subject.jurisdiction == "in")


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (36.2880, 59.6157, "samen"),  # the shrine
        (36.318, 59.562, "1"),  # Sajjad
        (36.3016, 59.51, "9"),
        (36.3586, 59.5179, "10"),  # Qasemabad
        (36.3685, 59.4562, "12"),
    ],
)
def test_districts_of_known_points(lat: float, lon: float, code: str) -> None:
    city = mashhad()
    district = city.district_at(lat, lon)
    assert district is not None
    assert district.code == code
    assert city.contains(lat, lon)


@pytest.mark.parametrize(
    ("lat", "lon"), [(0, 0), (35.70, 51.40), (34.6416, 50.8746), (59.6157, 36.2880), (36.80, 59.60)]
)
def test_elsewhere_is_elsewhere(lat: float, lon: float) -> None:
    city = mashhad()
    assert not city.contains(lat, lon)
    assert city.district_at(lat, lon) is None
    assert city.nearest_neighbourhood(lat, lon) is None


def test_a_step_outside_an_approximate_outline_is_not_turned_away() -> None:
    city = mashhad()
    khalaj = next(place for place in city.neighbourhoods if place.name == "خلج")
    strict = city.model_copy(update={"approximate": False})
    district = city.district_at(khalaj.lat, khalaj.lon)
    assert city.contains(khalaj.lat, khalaj.lon)
    assert district is not None
    assert district.code == khalaj.district
    assert not strict.contains(khalaj.lat, khalaj.lon)
    assert strict.district_at(khalaj.lat, khalaj.lon) is None


def test_every_neighbourhood_is_nearest_to_itself_and_in_its_district() -> None:
    city = mashhad()
    for place in city.neighbourhoods:
        assert city.nearest_neighbourhood(place.lat, place.lon) == place
        district = city.district_at(place.lat, place.lon)
        assert district is not None
        assert district.code == place.district


def test_the_nearest_neighbourhood_has_to_be_near() -> None:
    city = mashhad()
    sajjad = city.nearest_neighbourhood(36.320, 59.562, within_m=300)
    assert sajjad is not None
    assert sajjad.name == "سجاد"
    assert city.nearest_neighbourhood(36.320, 59.562, within_m=100) is None


def test_referrals_name_the_likeliest_first() -> None:
    city = mashhad()
    units = city.referrable_units("services-9")
    kinds = [(unit.kind, unit.district == "9", unit.function == "services") for unit in units]
    at_home, organisations, elsewhere = kinds[:8], kinds[8:23], kinds[23:35]
    assert at_home == [("district", True, False)] * 8
    assert organisations == [("organisation", False, False)] * 15
    assert elsewhere == [("district", False, True)] * 12
    assert len(units) == len(city.units) - 2  # neither itself nor the desk
    assert city.desk not in units


def test_an_organisation_refers_into_the_district_of_the_request() -> None:
    city = mashhad()
    units = city.referrable_units("parks", "4")
    assert [unit.district for unit in units[:9]] == ["4"] * 9
    assert units[9].kind == "organisation"
    assert city.referrable_units("parks")[0].kind == "organisation"


def test_titles_are_persian_and_fit_on_a_button() -> None:
    city = mashhad()
    names = [district.name for district in city.districts]
    names += [place.name for place in city.neighbourhoods] + [place.name for place in city.places]
    titles = [group.title for group in city.groups] + [subject.title for subject in city.subjects]
    titles += [unit.title for unit in city.units] + [number.title for number in city.numbers]
    titles += [body.title for body in city.outside_bodies]
    short = [subject.short_title for subject in city.subjects] + [unit.short_title for unit in city.units]
    words = [*names, *titles, *short]
    assert not [title for title in words if re.search("[A-Za-z0-9يك!]", title)]
    assert max(map(len, short)) <= 24


def test_subjects_that_need_a_photo_or_a_name() -> None:
    city = mashhad()
    assert city.subject("asphalt_patch").needs_photo_at_close
    assert city.subject("asphalt_patch").same_within_m == 60
    assert city.subject("noise_pollution").same_within_m == 0, "a neighbour's quarrel is nobody else's to read"
    assert not city.subject("bus_driver").needs_photo_at_close
    assert not city.subject("fees_tax").anonymous_allowed
    assert city.subject("staff_conduct").anonymous_allowed
    assert city.subject("hazard_site").short_title == "نقطهٔ خطرآفرین"
    assert city.subject("tree_pruning").short_title == city.subject("tree_pruning").title


def test_subjects_of_a_group_keep_their_order() -> None:
    assert [subject.slug for subject in mashhad().subjects_of("safety")] == ["fire_rescue", "hazard_site"]


def test_unit_names_fit_into_a_buttons_data() -> None:
    assert max(len(unit.slug) for unit in mashhad().units) <= 24


def test_a_city_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        mashhad().subject("metro").title = "مترو"  # type: ignore[misc]


def test_unconfirmed_numbers_are_marked_so_in_the_file() -> None:
    bodies = tomllib.loads((PACK / "numbers.toml").read_text(encoding="utf-8"))["body"]
    assert {body["phone"] for body in bodies if not body["confirmed"]} == {"190", "195", "1540"}


def test_the_layers_carry_their_credit() -> None:
    credits = " ".join(mashhad().credits)
    assert "Who's On First" in credits
    assert "GeoNames, CC BY 4.0" in credits
