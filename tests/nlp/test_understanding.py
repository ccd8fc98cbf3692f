import json
import math
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from nlp.classify_lines import classify
from nlp.places import PlaceName
from nlp.subjects import NONE, SHIPPED, SubjectModel
from nlp.understanding import Understanding
from tests.nlp.conftest import DATA
from tests.nlp.hostile import TEXTS, WORST

BOUND = 0.1
"""Seconds of processor time for the whole reading of the worst message: twice what a free core takes."""


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("برق قطعه", "ext_power"),
        ("كوچه ما تاريك است لطفا چراغ بگذاريد", "street_lighting"),
        ("سلام خسته نباشید سطل زباله کوچه ما شکسته ممنون میشم عوض کنید", "garbage_bin"),
        ("اتوبوس خیلی دیر میاد", "bus_frequency"),
        ("khiaboon por az chale ast", "asphalt_patch"),
        ("سگ ولگرد زیاد شده", "stray_dogs"),
    ],
)
def test_plain_messages_are_understood(understanding: Understanding, text: str, slug: str) -> None:
    assert understanding.read(text).guesses[0].slug == slug


def test_landmarks_are_not_subjects(understanding: Understanding) -> None:
    for text in ("چاله جلوی ایستگاه مترو", "سطل زباله روبه‌روی اداره برق شکسته", "آشغال کنار پارک جمع نشده"):
        assert understanding.read(text).guesses[0].slug not in ("metro", "ext_power", "park_maintenance")


def test_a_reading_holds_everything(understanding: Understanding) -> None:
    reading = understanding.read("بوی گاز میاد سجاد ۱۲ https://neshan.org/maps/@36.31,59.53,16z")
    assert reading.danger is not None
    assert reading.kind == "request"
    assert reading.position == (36.31, 59.53)
    assert reading.mentions[0].district == "1"
    assert reading.language == "fa"
    assert reading.model == understanding.version


def test_nothing_asked_is_none_and_never_sure(understanding: Understanding) -> None:
    for text in ("سلام", "ممنون", "😀", "", "تو رباتی؟"):
        reading = understanding.read(text)
        assert (reading.kind, reading.sure) == ("none", False)


def test_danger_is_never_none(understanding: Understanding) -> None:
    assert understanding.read("کمک حالم بده").kind == "request"


def test_probabilities_are_probabilities() -> None:
    chances = SubjectModel.load(SHIPPED).chances("چاله خیابان")
    assert math.isclose(sum(chances.values()), 1, abs_tol=1e-4)
    assert NONE in chances


def test_guesses_are_the_citys_own_subjects_best_first() -> None:
    small = Understanding.load(subjects=["asphalt_patch", "stray_dogs", "unknown"], places=[PlaceName("سجاد", "1")])
    guesses = small.read("برق قطعه", top=5).guesses
    assert {guess.slug for guess in guesses} == {"asphalt_patch", "stray_dogs"}
    assert guesses[0].p >= guesses[1].p


def test_model_fits_the_city_and_the_repository(jurisdictions: dict[str, str]) -> None:
    model = SubjectModel.load(SHIPPED)
    assert set(model.classes) == {*jurisdictions, NONE}
    assert SHIPPED.stat().st_size < 3_000_000
    assert 0.3 <= model.threshold < 1


def test_a_broken_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "subjects.npz"
    path.with_suffix(".json").write_text(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"), encoding="utf-8")
    path.write_bytes(b"not a model")
    with pytest.raises((OSError, ValueError)):
        SubjectModel.load(path)


def test_shipped_model_on_the_blind_letters() -> None:
    """The figures of docs/nlp.md with room for rounding; a worse model must not ship unseen."""
    model = SubjectModel.load(SHIPPED)
    rows = [json.loads(line) for line in (DATA / "blind.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [(row, [guess.slug for guess in model.rank(row["text"])]) for row in rows if row["subject"] != NONE]
    first = np.mean([guessed[0] == row["subject"] for row, guessed in asked])
    three = np.mean([row["subject"] in guessed for row, guessed in asked])
    assert first >= 0.75
    assert three >= 0.9


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(understanding: Understanding, text: str) -> None:
    reading = understanding.read(text)
    assert len(reading.guesses) == 3
    assert all(0 <= guess.p <= 1 for guess in reading.guesses)


@pytest.mark.parametrize("text", WORST.values(), ids=WORST.keys())
def test_no_message_takes_long(understanding: Understanding, text: str) -> None:
    def seconds() -> float:
        start = time.process_time()
        understanding.read(text)
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) <= BOUND


def test_lines_are_classified(understanding: Understanding, jurisdictions: dict[str, str]) -> None:
    lines = [
        '{"text": "برق قطعه"}',
        "",
        "x",
        "[]",
        '{"text": 5}',
        '{"text": "بوی گاز میاد"}',
        '{"text": ""}',
        "[" * 5000,
    ]
    answers = [json.loads(line) for line in classify(lines, understanding, jurisdictions)]
    assert len(answers) == 7
    power, *wrong, gas, empty, deep = answers
    assert power["subjects"][0]["slug"] == "ext_power"
    assert (power["kind"], power["urgent"], power["jurisdiction"], power["language"]) == ("request", False, "out", "fa")
    assert all(set(answer) == {"error"} for answer in [*wrong, deep])
    assert gas["urgent"] is True
    assert empty["kind"] == "none"
