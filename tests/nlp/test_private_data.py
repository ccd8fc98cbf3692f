import pytest
from hypothesis import given, settings

from nlp import private_data
from nlp.private_data import MASK
from tests.nlp.hostile import EXAMPLES, TEXTS


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
        "0915 (123) 45-67",
        "۰۹۱۵.۱۲۳.۴۵.۶۷",
        "۱۲ ب ۳۴۵ ایران ۶۷",
        "12الف345-67",
        "ایران ۶۷ - ۱۲ ب ۳۴۵",
        "۱۲ب۳۴۵ ۶۷",
        "۱۲ و ۳۴۵ ایران ۶۷",
        "۹۱۷۳۵-۸۴۵۳۷",
        "3173684537",
    ],
)
def test_personal_data_is_masked(secret: str) -> None:
    assert private_data.masked(f"شماره من {secret} است") == f"شماره من {MASK} است"


@pytest.mark.parametrize(
    "text",
    [
        "کوچه ۱۲ پلاک ۵",
        "پلاک ۱۲ و ۳۴۵ و ۶۷",
        "بلوک ۱۲ ب واحد ۳",
        "ساعت ۱۰:۳۰ تا ۱۱ روز ۱۴۰۳/۰۵/۱۲",
        "خط ۸۳۰ و ۸۳۱ و ۵۰۲",
        "کد پیگیری ۳۱۷۳۶۸۴۵۳۷",
        "تلفن شهرداری ۰۵۱۳۱۲۳۴",
        "مبلغ ۱۲۳۴۵۶۷۸۹۰ ریال",
        "6037991122334456",
        "36.3123, 59.5345",
        "۱۳۷",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert private_data.masked(text) == text


@given(TEXTS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_masking_takes_any_text_and_is_done_once(text: str) -> None:
    once = private_data.masked(text)
    assert private_data.masked(once) == once


def test_what_a_word_before_it_tells() -> None:
    assert private_data.masked("پلاک ماشین ۱۲ س ۳۴۵ بود") == f"پلاک ماشین {MASK} بود"
    assert private_data.masked("پلاک موتور ۱۲۳-۴۵۶۷۸") == f"پلاک موتور {MASK}"
    assert private_data.masked("کد پستی ۲۱۷۳۵۰۴۵۳۷") == f"کد پستی {MASK}"


def test_numbers_side_by_side_are_each_masked() -> None:
    assert private_data.masked("09151234567 0084575948") == f"{MASK} {MASK}"
