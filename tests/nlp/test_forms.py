import sys
import time

import pytest
from hypothesis import given, settings

from nlp import digits, forms
from tests.nlp.hostile import EXAMPLES, TEXTS, WORST

BOUND = 0.01  # seconds: twice what a free core takes
"""Seconds of processor time for one form of one message."""


def test_digits_keep_their_place() -> None:
    assert digits.latin("پلاک ۱۲ و ٣٤") == "پلاک 12 و 34"
    assert digits.persian("پلاک 12 و ٣٤") == "پلاک ۱۲ و ۳۴"


def test_clean_removes_what_cannot_be_seen_and_keeps_the_words() -> None:
    assert forms.clean("\u202e\ufeffسلام\x00 کوچه\u200cها\u200d\r\nخط دوم  \ud800") == "سلام کوچه\u200cها\nخط دوم"


def test_clean_caps_length_and_stacked_marks() -> None:
    assert len(forms.clean("ا" * 9000)) == forms.LONGEST
    assert forms.clean("ا" + "\u0301" * 50) == "ا\u0301\u0301"


def test_clean_text_can_be_stored_anywhere() -> None:
    assert forms.clean("a\ud800\x00b").encode("utf-8") == b"ab"


@pytest.mark.usefixtures("hazm")
@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("سلام كوچه ي ما آسفالت نمي شود", "سلام کوچه\u200cی ما آسفالت نمی\u200cشود"),
        ("درخت ها", "درخت\u200cها"),
        ("تماس 09151234567 و a.b@c.ir", "تماس 09151234567 و a.b@c.ir"),
        ("https://nshn.ir/a_b?c=1 چاله", "https://nshn.ir/a_b?c=1 چاله"),
        ("کد M-1234-56 را ببینید", "کد M-1234-56 را ببینید"),
        ("36.31, 59.53", "36.31, 59.53"),
        ("ب" * 60 + " نمي شود", "ب" * 60 + " نمی\u200cشود"),
    ],
)
def test_display_is_good_persian_with_numbers_and_links_as_typed(raw: str, shown: str) -> None:
    assert forms.display(raw) == shown


def test_display_does_not_wait_for_hazm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "_normalize", None)
    assert forms.display("كوچه ي ما ۰۹۱۵۱۲۳۴۵۶۷") == "کوچه ی ما ۰۹۱۵۱۲۳۴۵۶۷"


@pytest.mark.usefixtures("hazm")
def test_hazm_comes_without_scikit_learn() -> None:
    assert "hazm" in sys.modules
    assert "sklearn" not in sys.modules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("می‌شود", "میشه"),
        ("نمي شود", "نمی‌شود"),
        ("پیاده‌رو", "پیاده رو"),
        ("آسفالت", "اسفالت"),
        ("چراق خیابون", "چراغ خیابان"),
        ("درخت‌ها", "درخت ها"),
        ("زوووود", "زود"),
        ("سجاد۱۲", "سجاد 12"),
        ("فاضلابِ", "فاصلاب"),
        ("ﺳﻼﻡ", "سلام"),
    ],
)
def test_folded_is_one_for_what_sounds_one(one: str, other: str) -> None:
    assert forms.folded(one) == forms.folded(other)


@given(TEXTS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_forms_take_any_text(text: str) -> None:
    cleaned = forms.clean(text)
    assert forms.clean(cleaned) == cleaned
    assert len(cleaned) <= forms.LONGEST
    assert not any(mark in cleaned for mark in "\x00\u200d\u202e\u2066\ufeff")
    forms.display(text).encode("utf-8")
    folded = forms.folded(text)
    assert "  " not in folded
    assert folded == folded.strip()


@pytest.mark.usefixtures("hazm")
@pytest.mark.parametrize("text", WORST.values(), ids=WORST.keys())
@pytest.mark.parametrize("form", [forms.clean, forms.display, forms.folded.__wrapped__])
def test_no_message_takes_long(form: object, text: str) -> None:
    assert callable(form)
    form(text)
    assert min(_seconds(form, text) for _ in range(7)) <= BOUND


def _seconds(form: object, text: str) -> float:
    assert callable(form)
    start = time.process_time()
    form(text)
    return time.process_time() - start


def test_the_little_hamza_stays_in_what_officials_read() -> None:
    forms.warm_up()
    assert forms.display("آشغال سر کوچهٔ ما") == "آشغال سر کوچهٔ ما"
