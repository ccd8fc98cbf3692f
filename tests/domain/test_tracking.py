"""Tracking codes: what a check digit is for, shown on every number that hypothesis can think of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import tracking

NUMBERS = st.integers(100_000, 999_999)
_SCRIPTS = {"persian": "۰۱۲۳۴۵۶۷۸۹", "arabic": "٠١٢٣٤٥٦٧٨٩", "latin": "0123456789"}


def _in(digits: str, code: str) -> str:
    return code.translate(str.maketrans("0123456789", digits))


@given(NUMBERS, st.integers(0, 6), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(number: int, at: int, by: int) -> None:
    code = tracking.code(number)
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    assert tracking.is_code(code)
    assert not tracking.is_code(wrong)


@given(NUMBERS, st.integers(0, 5))
def test_every_swap_of_neighbours_is_found(number: int, at: int) -> None:
    code = tracking.code(number)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or not tracking.is_code(swapped)


@given(NUMBERS, st.sampled_from(sorted(_SCRIPTS)), st.sampled_from(["", " ", "-", "\u200c", ".", "–"]))
def test_a_code_is_understood_in_every_script_and_with_gaps(number: int, script: str, gap: str) -> None:
    code = tracking.code(number)
    spelled = gap.join(_in(_SCRIPTS[script], part) for part in (code[:3], code[3:5], code[5:]))
    assert tracking.find(f"سلام، وضعیت {spelled} چی شد؟") == code
    assert tracking.looks_like_one(spelled)


@given(NUMBERS)
def test_a_mistyped_code_is_seen_as_a_code_but_not_taken(number: int) -> None:
    code = tracking.code(number)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert tracking.find(wrong) is None
    assert tracking.looks_like_one(wrong)


@given(st.text(max_size=200))
def test_no_text_confuses_the_search(text: str) -> None:
    found = tracking.find(text)
    assert found is None or tracking.is_code(found)
    tracking.looks_like_one(text)


@pytest.mark.parametrize("number", [0, 99_999, 1_000_000, -123_456])
def test_a_number_of_another_length_makes_no_code(number: int) -> None:
    with pytest.raises(ValueError, match="6 digits"):
        tracking.code(number)


def test_longer_codes_are_made_when_short_ones_grow_crowded() -> None:
    assert tracking.is_code(tracking.code(1_234_567, 7))
    assert tracking.find(f"کد {tracking.code(1_234_567, 7)}") == tracking.code(1_234_567, 7)


@pytest.mark.parametrize("phone", ["09151112233", "+989151112233", "021-88776655 داخلی 12"])
def test_a_phone_number_is_not_taken_for_a_code(phone: str) -> None:
    assert tracking.find(phone) is None
