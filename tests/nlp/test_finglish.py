"""Persian in Latin letters is put into Persian letters."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.finglish import Speller, _apart

WORDS = {
    **dict.fromkeys(("خیابان", "کوچه", "زباله", "آسفالت", "چاله", "برق", "خانه", "آب", "قطع", "است", "میشود"), 200),
    **dict.fromkeys(("خوبان", "خبان", "سلام", "سالم", "فاضلاب", "جوی", "بوی", "گاز", "مدرسه", "صبح", "شب"), 20),
    **dict.fromkeys(("راه", "چاه", "چه", "با", "بو", "متر", "مترو", "اداره", "دارد", "ایستگاه", "اتوبوس"), 40),
    **dict.fromkeys(("را", "رو", "از", "تا", "ما", "من", "میکنند", "نمیشود", "و", "یک"), 300),
}


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller({word.replace("آ", "ا"): n for word, n in WORDS.items()})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khiaban", "خیابان"),
        ("xiyabun", "خیابان"),
        ("Khiabooneh ma", "خیابان ما"),
        ("kuche", "کوچه"),
        ("koocheye", "کوچه"),
        ("zobale", "زباله"),
        ("asfalt chale", "اسفالت چاله"),
        ("bargh", "برق"),
        ("barq qat'e", "برق قطع"),
        ("khune", "خانه"),
        ("fazelab", "فاضلاب"),
        ("salam", "سلام"),
        ("madrese", "مدرسه"),
        ("mishe", "میشود"),
        ("nemishe", "نمیشود"),
        ("mikonan", "میکنند"),
        ("buye gaz", "بوی گاز"),
        ("madrasseh", "مدرسه"),
        ("rah baste", "راه"),
        ("chah", "چاه"),
        ("bu", "بو"),
        ("bus", "اتوبوس"),
        ("metro", "مترو"),
        ("edare", "اداره"),
        ("istgah", "ایستگاه"),
        ("otobus", "اتوبوس"),
        ("aab", "اب"),
        ("khiabaan", "خیابان"),
        ("kuce", "کوچه"),
        ("kuche 12", "کوچه 12"),
    ],
)
def test_a_word_is_found_however_it_is_typed(speller: Speller, typed: str, meant: str) -> None:
    assert speller.persian(typed).split()[: len(meant.split())] == meant.split()


def test_what_is_like_no_word_stays_as_it_is(speller: Speller) -> None:
    assert speller.persian("wifi samsung") == "wifi samsung"
    assert speller.persian("کوچه wifi") == "کوچه wifi"
    assert speller.persian("") == ""


def test_of_two_that_sound_alike_the_frequent_one_is_taken() -> None:
    assert Speller({"راضی": 3, "رازی": 90}).persian("razi") == "رازی"
    assert Speller({"راضی": 90, "رازی": 3}).persian("razi") == "راضی"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("abcdefghijklmnopqrstuvwxyz '12šâé\u0301کچه"), max_size=400))
def test_any_text_gives_a_text(text: str) -> None:
    assert isinstance(Speller({"کوچه": 3, "برق": 4}).persian(text), str)


def _seconds(speller: Speller, text: str) -> float:
    _apart.cache_clear()
    began = time.process_time()
    speller.persian(text)
    return time.process_time() - began


def test_a_long_message_takes_little_time() -> None:
    alike = {f"{'ا' * (n % 7)}ب{'و' * (n % 5)}ر{'ی' * (n % 3)}": n for n in range(400)}
    fresh = " ".join(f"b{'aeiou'[n % 5] * (n % 5)}r{'aeiou'[n % 4] * (n % 5)}{n}" for n in range(300))
    for text in (fresh, "salam " + "aeiou" * 240, "b" + "ae" * 12 + " r" * 500):
        assert any(_seconds(Speller(alike), text) < 0.01 for _ in range(5))
