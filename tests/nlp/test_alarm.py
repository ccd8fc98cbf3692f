"""How danger is judged from what a model hears, what the rules say, and what a message seems to be about."""

import pytest

from nlp import alarm
from nlp.alarm import Alarm

CHANCES = {"fire_rescue": 0.5, "ext_gas": 0.2, "asphalt_patch": 0.25, "none": 0.05}


def test_traits_are_what_is_known_of_a_message() -> None:
    of = alarm.traits(-0.4, CHANCES, ruled=True, latin=False, words=0)
    assert of == pytest.approx((-0.4, 1.0, 0.5, 0.2, 0.5, 0.0, 0.0))


def test_a_rule_and_an_alarming_subject_each_raise_the_score() -> None:
    judge = Alarm(0.0, 0.1, (1.0, 0.6, 2.0, 1.0, 0.0, 0.0, 0.0))
    calm = {"asphalt_patch": 1.0}
    plain, ruled, about = (
        judge.score(alarm.traits(0.0, chances, ruled=said, latin=False, words=5))
        for chances, said in ((calm, False), (calm, True), (CHANCES, False))
    )
    assert plain == pytest.approx(0.1)
    assert ruled == pytest.approx(0.7)
    assert about == pytest.approx(1.3)


def test_a_model_of_an_earlier_version_has_a_score_alone() -> None:
    assert alarm.read(-0.45) == Alarm(-0.45)
    assert alarm.read({"least": 1.0, "bias": 0.5, "weights": [1, 2, 3, 4, 5, 6, 7]}).weights == (1, 2, 3, 4, 5, 6, 7)


def test_what_always_tells_of_danger_is_not_among_what_sometimes_does() -> None:
    assert not alarm.ALWAYS & alarm.SOMETIMES
