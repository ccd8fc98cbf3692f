"""Slots, not steps: whatever the order in which a citizen tells it, the same request comes out."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.draft import MAX_PHOTOS, MAX_WORDS, Asking, Slots, next_question
from domain.refusal import Refused
from services import filing, intake
from services.centre import Centre

_WORDS = "آشغال سر کوچه‌ی ما سه روزه مونده و جمع نمی‌کنند"
_PLACE = (36.315, 59.545)

Telling = Callable[[Centre, Slots], object]

_TELLINGS: dict[str, Telling] = {
    "words": lambda centre, slots: intake.take_words(centre, slots, _WORDS, 1),
    "place": lambda centre, slots: intake.take_position(centre, slots, *_PLACE),
    "photo": lambda centre, slots: intake.take_photo(slots, 7),
    "photo again": lambda centre, slots: intake.take_photo(slots, 7),
    "voice": lambda centre, slots: intake.take_file(slots, 8),
    "subject": lambda centre, slots: intake.choose_subject(centre, slots, "garbage_not_collected"),
}
_ONCE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _told(centre: Centre, order: list[str]) -> Slots:
    slots = Slots()
    for what in order:
        _TELLINGS[what](centre, slots)
    return slots


@_ONCE
@given(order=st.permutations(sorted(_TELLINGS)))
def test_any_order_ends_in_the_same_review(centre: Centre, order: list[str]) -> None:
    slots = _told(centre, order)
    assert slots == _told(centre, sorted(_TELLINGS))
    assert next_question(slots, has_districts=True) is Asking.REVIEW
    assert filing.complete(slots)


@_ONCE
@given(order=st.permutations(sorted(_TELLINGS)), kept=st.integers(0, len(_TELLINGS)))
def test_only_what_is_missing_is_asked(centre: Centre, order: list[str], kept: int) -> None:
    told = set(order[:kept])
    slots = _told(centre, order[:kept])
    asked = next_question(slots, has_districts=True)
    if not told & {"words", "photo", "photo again", "voice"}:
        assert asked is Asking.WORDS
    elif not slots.subject_settled:
        assert asked is Asking.SUBJECT
        assert "subject" not in told
    else:
        assert asked is (Asking.REVIEW if "place" in told else Asking.PLACE)
    assert filing.complete(slots) == (asked is Asking.REVIEW)


@_ONCE
@given(order=st.permutations(sorted(_TELLINGS)))
def test_a_draft_survives_the_way_through_the_database(centre: Centre, order: list[str]) -> None:
    slots = _told(centre, order)
    assert Slots.model_validate(slots.model_dump(mode="json")) == slots


@_ONCE
@given(texts=st.lists(st.text(max_size=3000), max_size=5))
def test_words_never_grow_beyond_their_bound(centre: Centre, texts: list[str]) -> None:
    slots = Slots()
    for number, text in enumerate(texts):
        intake.take_words(centre, slots, text, number)
    assert sum(len(part.text) for part in slots.words) <= MAX_WORDS


@given(numbers=st.lists(st.integers(1, 30), max_size=40))
def test_at_most_ten_photos_each_once(numbers: list[int]) -> None:
    slots = Slots()
    for number in numbers:
        if number in slots.photos or len(slots.photos) < MAX_PHOTOS:
            intake.take_photo(slots, number)
        else:
            with pytest.raises(Refused, match="photos-full"):
                intake.take_photo(slots, number)
    assert slots.photos == list(dict.fromkeys(numbers))[:MAX_PHOTOS]


@_ONCE
@given(
    lat=st.one_of(st.floats(-90, 90), st.floats(36.1, 36.5)), lon=st.one_of(st.floats(-180, 180), st.floats(59.3, 59.8))
)
def test_a_position_is_taken_only_inside_the_city(centre: Centre, lat: float, lon: float) -> None:
    slots = Slots()
    if centre.city.contains(lat, lon):
        intake.take_position(centre, slots, lat, lon)
        assert (slots.place.lat, slots.place.lon) == (lat, lon)
    else:
        with pytest.raises(Refused, match=r"position-(empty|outside)"):
            intake.take_position(centre, slots, lat, lon)
        assert not slots.place.known
