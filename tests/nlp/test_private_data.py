import pytest
from hypothesis import given, settings

from nlp import private_data
from nlp.private_data import MASK
from tests.nlp.hostile import TEXTS


@pytest.mark.parametrize(
    "secret",
    [
        "09151234567",
        "۰۹۱۵ ۱۲۳ ۴۵۶۷",
        "+98 915 123 4567",
        "0098-915-123-4567",
        "9151234567",
        "٠٩١٥١٢٣٤٥٦٧",
        "0084575948",
        "۰۰۸-۴۵۷۵۹۴-۸",
        "6037 9911 2233 4455",
        "IR58 0540 1051 8002 1273 1130 07",
        "ir580540105180021273113007",
        "ali.rezaei@example.ir",
    ],
)
def test_personal_data_is_masked(secret: str) -> None:
    assert private_data.masked(f"شماره من {secret} است") == f"شماره من {MASK} است"


@pytest.mark.parametrize(
    "text",
    ["کوچه ۱۲ پلاک ۵", "تلفن شهرداری ۰۵۱۳۱۲۳۴", "مبلغ ۱۲۳۴۵۶۷۸۹۰ ریال", "6037991122334456", "36.3123, 59.5345", "۱۳۷"],
)
def test_other_numbers_stay(text: str) -> None:
    assert private_data.masked(text) == text


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_masking_takes_any_text_and_is_done_once(text: str) -> None:
    once = private_data.masked(text)
    assert private_data.masked(once) == once
