"""Danger must be seen. These are safety tests: do not relax one without a person's decision."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from nlp.understanding import Understanding
from nlp.urgency import danger
from tests.nlp.conftest import DATA
from tests.nlp.hostile import EXAMPLES, TEXTS

KINDS = {"electric", "gas", "fire", "collapse", "open_hole", "medical", "crime", "flood", "person_in_danger"}


def of_subject(subject: str) -> list[str]:
    hands = ("young", "formal", "angry", "captions")
    rows = (json.loads(line) for hand in hands for line in Path(DATA / f"{hand}.jsonl").read_text("utf-8").splitlines())
    return [row["text"] for row in rows if row["subject"] == subject]


@pytest.mark.parametrize("text", of_subject("ext_social_emergency"))
def test_a_person_in_danger_is_always_seen(text: str) -> None:
    found = danger(text)
    assert found is not None
    assert found.kind == "person_in_danger"


@pytest.mark.parametrize(("subject", "least"), [("ext_medical", 0.95), ("fire_rescue", 0.9)])
def test_most_emergencies_are_seen_by_rules_alone(subject: str, least: float) -> None:
    texts = of_subject(subject)
    assert sum(danger(text) is not None for text in texts) >= least * len(texts)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("بوی گاز میاد تو راه پله", "gas"),
        ("لوله گاز رو با بیل زدن سوراخ شد", "gas"),
        ("خونه همسایه آتیش گرفته", "fire"),
        ("تو آسانسور گیر کردیم", "fire"),
        ("سیم برق افتاده روی زمین جرقه میزنه", "electric"),
        ("دیوار داره میریزه رو سر مردم", "collapse"),
        ("درپوش چاه نیست بچه میفته توش", "open_hole"),
        ("پدرم سکته کرده بیهوشه", "medical"),
        ("سر کوچه چاقو کشیدن", "crime"),
        ("سیل اومده آب رفته تو خونه ها", "flood"),
        ("ميخوام خودمو بكشم", "person_in_danger"),
        ("بوی گاز میاااااد", "gas"),
        ("ye nafar bihush oftade", "medical"),
        ("buye gaz miad", "gas"),
        ("khune atish gerefte", "fire"),
    ],
)
def test_kind_of_danger(text: str, kind: str) -> None:
    found = danger(text)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "سلام",
        "چاله خیابان را پر کنید",
        "سطل زباله نداریم",
        "روبه‌روی ادارهٔ گاز آشغال ریخته",
        "پنج‌شنبه‌ها اتوبوس دیر می‌آید",
        "عوارض نوسازی زیاد شده",
        "میدان آتش‌نشانی ترافیک است",
        "چراغ کوچه سوخته",
        "قبض گاز زیاد آمده",
    ],
)
def test_everyday_messages_are_no_danger(text: str) -> None:
    assert danger(text) is None


def test_rules_do_not_cry_wolf() -> None:
    hands = ("young", "formal", "angry", "captions", "plain")
    rows = [json.loads(line) for hand in hands for line in (DATA / f"{hand}.jsonl").read_text("utf-8").splitlines()]
    calm = [
        row["text"]
        for row in rows
        if row["subject"] in {"suggestion", "taxi", "fees_tax", "illegal_ads", "ext_prices", "none"}
    ]
    assert len(calm) > 200
    assert sum(danger(text) is not None for text in calm) <= 0.03 * len(calm)


def test_the_subject_model_sees_danger_the_rules_miss(understanding: Understanding) -> None:
    text = "یکی از تیر چراغ بالا رفته و پایین نمی‌آید، آتش‌نشانی بفرستید"
    reading = understanding.read(text)
    assert reading.danger is not None


@given(TEXTS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_is_read(text: str) -> None:
    found = danger(text)
    assert found is None or found.kind in KINDS


@pytest.mark.parametrize(
    "text", ["برق قطعه", "برق محله دو ساعته رفته لطفا پیگیری کنید", "barq raft", "۰۹۱۵ ۱۲۳ ۴۵ ۶۷", "۱۲۳", "😀"]
)
def test_plain_power_cuts_and_numbers_are_no_danger(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).danger is None


@pytest.mark.parametrize(
    "text", ["برق رفته مادرم دستگاه اکسیژن داره", "سیم برق افتاده تو کوچه", "برق رفت و ترانس داره جرقه میزنه"]
)
def test_a_power_cut_that_hurts_is_danger(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).danger is not None
