"""Phone numbers as people read and dial them."""

import pytest

from services.identity import national, parsed_phone


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("۰۹۱۵ ۱۱۱ ۲۲۳۳", "09151112233"),
        ("+98 915 111 2233", "09151112233"),
        ("989151112233", "09151112233"),
        ("051-3123 4567", "05131234567"),
        ("+93 70 123 4567", "0093701234567"),
    ],
)
def test_a_number_is_written_in_one_piece_as_it_is_dialled_here(typed: str, dialled: str) -> None:
    """Groups of Persian digits change places in a line from right to left: the last would be read first."""
    assert national(parsed_phone(typed)) == dialled
