"""Pairs of messages on one subject near each other: the same thing, or another thing in the same street."""

import json
import time
from pathlib import Path

import pytest

from nlp import duplicates
from tests.nlp.hostile import WORST

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
]


def _scores(same: bool) -> list[float]:
    return [
        duplicates.score(pair["a"], pair["b"], metres=pair["metres"], within=pair["within"])
        for pair in PAIRS
        if pair["same"] is same
    ]


def test_the_same_thing_is_offered_and_another_thing_mostly_not() -> None:
    same, other = _scores(True), _scores(False)
    assert len(same) == len(other) == 30
    wins = sum((a > b) + (a == b) / 2 for a in same for b in other)
    assert wins / (len(same) * len(other)) >= 0.94
    assert sum(score >= duplicates.LIKELY for score in same) >= 25, "a missed one is a double request"
    assert sum(score >= duplicates.LIKELY for score in other) <= 2, "a false offer shows somebody's photo to a stranger"


def test_another_number_in_the_same_street_is_another_place() -> None:
    here = duplicates.score("چاله جلوی پلاک ۱۲", "چاله جلوی پلاک ۱۲ است", metres=20, within=60)
    there = duplicates.score("چاله جلوی پلاک ۱۲", "چاله جلوی پلاک ۴۰ است", metres=20, within=60)
    assert here > duplicates.LIKELY > there


def test_beyond_the_radius_nothing_is_the_same() -> None:
    assert duplicates.score("چاله", "چاله", metres=61, within=60) == 0.0


def test_it_does_not_matter_who_wrote_first() -> None:
    for pair in PAIRS:
        one = duplicates.score(pair["a"], pair["b"], metres=pair["metres"], within=pair["within"])
        assert one == pytest.approx(
            duplicates.score(pair["b"], pair["a"], metres=pair["metres"], within=pair["within"])
        )


def test_hostile_words_are_scored_in_time() -> None:
    for words in WORST.values():
        began = time.process_time()
        score = duplicates.score(words, PAIRS[0]["a"], metres=10, within=60)
        assert 0 <= score <= 1
        assert time.process_time() - began < 0.1
