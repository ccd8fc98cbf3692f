"""A second city with other units and no map of districts: nothing is hard-coded for the first."""

from functools import cache
from pathlib import Path

import pytest

from domain.city import City
from storage.city_files import load_city

CITIES = Path(__file__).parents[2] / "cities"


@cache
def qom() -> City:
    return load_city(CITIES / "qom")


def test_it_shares_the_subjects_but_one() -> None:
    shared = {subject.slug for subject in load_city(CITIES / "mashhad").subjects}
    assert {subject.slug for subject in qom().subjects} == shared - {"metro"}


def test_without_a_map_the_citizen_chooses_the_district() -> None:
    city = qom()
    assert not city.has_district_map
    assert city.contains(city.centre.lat, city.centre.lon)
    assert city.district_at(city.centre.lat, city.centre.lon) is None
    assert city.nearest_neighbourhood(city.centre.lat, city.centre.lon) is None
    assert [district.name for district in city.districts][-1] == "منطقهٔ ۸"
    assert not city.contains(36.2880, 59.6157)


@pytest.mark.parametrize("district", [*map(str, range(1, 9)), None])
def test_every_request_arrives(district: str | None) -> None:
    city = qom()
    for subject in city.subjects:
        for urgent in (False, True):
            unit = city.route(subject.slug, district, urgent)
            assert city.unit(unit.slug) is unit
            assert unit.district in (district, None)


def test_its_own_units_and_times() -> None:
    city = qom()
    assert city.desk.title == "مرکز ۱۳۷ قم"
    assert city.route("asphalt_patch", "3").title == "عمران و ترافیک منطقهٔ ۳"
    assert city.route("garbage_not_collected", "3").title == "سازمان مدیریت پسماند"
    assert city.route("cemetery", None).title == "سازمان آرامستان‌ها (بهشت معصومه)"
    assert city.deadline_hours("asphalt_patch", urgent=True) == 6
    assert city.calendar.hours["saturday"][1].hour == 14
    assert "friday" not in city.calendar.hours


def test_photos_are_asked_for_where_this_city_says() -> None:
    assert qom().subject("asphalt_patch").needs_photo_at_close
    assert not qom().subject("street_sweeping").needs_photo_at_close
