import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from nlp import evaluation, features, training
from nlp.evaluation import Answer
from nlp.subjects import Linear, SubjectModel
from nlp.training import HANDS, Message
from tests.nlp.conftest import CITY


def linear(weights: list[list[float]]) -> Linear:
    return Linear(
        index={"چاله": 0, "برق": 1},
        idf=np.array([1.0, 2.0], dtype=np.float32),
        weights=np.array(weights, dtype=np.float32),
        bias=np.array([0.1, -0.1], dtype=np.float32),
    )


def model() -> SubjectModel:
    weights = linear([[3.0, -1.0], [-2.0, 4.0]])
    return SubjectModel("linear-test", ("asphalt_patch", "ext_power"), weights, weights, 0.5, 0.8)


def answer(p: float, *, right: bool, hand: str = "young") -> Answer:
    return Answer(Message("x", "a", ("b",), hand), ("a" if right else "c",), p)


def test_a_saved_model_reads_as_before(tmp_path: Path) -> None:
    path = tmp_path / "subjects.npz"
    training.save(model(), path, {"hands": {}})
    loaded = SubjectModel.load(path)
    assert (loaded.version, loaded.classes, loaded.threshold) == ("linear-test", ("asphalt_patch", "ext_power"), 0.8)
    assert loaded.logits("چاله") == pytest.approx(model().logits("چاله"), abs=0.05)
    assert loaded.rank("برق")[0].slug == "ext_power"


def test_saving_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        training.save(model(), tmp_path / name, {})
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_unknown_words_leave_the_bias() -> None:
    assert model().letters.logits(Counter({"ناشناخته": 3})) == pytest.approx([0.1, -0.1])


def test_features_are_words_pairs_and_pieces() -> None:
    counts = features.count(["آب", "قطع"])
    assert counts["آب"] == counts["آب قطع"] == 1
    assert counts["\t آب "] == 1
    assert counts["\tقطع "] == 1
    assert max(map(len, features.count(["ا" * 4096]))) <= 24


def test_temperature_makes_over_confident_answers_modest() -> None:
    unsure = [(np.array([4.0, 0.0], dtype=np.float32), right) for right in (0, 1, 0, 1)]
    certain = [(np.array([1.0, 0.0], dtype=np.float32), 0)] * 4
    assert training.calibrated(unsure) > 1.5
    assert training.calibrated(certain) == 0.2


def test_threshold_is_where_answers_become_wrong() -> None:
    good = [answer(0.9 - place / 1000, right=True) for place in range(100)]
    bad = [answer(0.5 - place / 1000, right=False) for place in range(50)]
    threshold = evaluation.threshold_of(good + bad)
    assert 0.49 <= threshold <= 0.81


def test_threshold_holds_for_every_hand() -> None:
    good = [answer(0.9, right=True) for _ in range(900)]
    weak = [answer(0.6 - place / 100, right=place % 2 == 0, hand="angry") for place in range(40)]
    assert 0.55 < evaluation.threshold_of(good + weak) <= 0.6


def test_every_hand_is_whole_and_names_real_subjects() -> None:
    subjects = {row["slug"] for row in json.loads((CITY / "subjects.json").read_text(encoding="utf-8"))["subjects"]}
    for hand in (*HANDS, evaluation.BLIND):
        rows = training.read_hand(hand)
        assert {row.subject for row in rows} <= subjects | {"none"}
        assert all(row.text.strip() for row in rows)
    plain = Counter(row.subject for row in training.read_hand("plain"))
    assert min(plain[slug] for slug in subjects) >= 4
    assert plain["none"] >= 60


def test_blind_letters_are_in_no_hand() -> None:
    trained = {row.text for hand in HANDS for row in training.read_hand(hand)}
    assert not trained & {row.text for row in training.read_hand(evaluation.BLIND)}


def test_version_changes_with_the_messages() -> None:
    one = Message("چاله", "asphalt_patch", (), "plain")
    assert training.version_of([one]) != training.version_of([one, one])


def test_training_twice_gives_one_model() -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    words = {"asphalt_patch": "چاله آسفالت خیابان", "ext_power": "برق قطع ترانس", "none": "سلام ممنون باشه"}
    rows = [Message(word, subject, (), "plain") for subject, said in words.items() for word in said.split() * 4]
    one, two = training.fit(rows, "a"), training.fit(rows, "a")
    assert np.array_equal(one.letters.weights, two.letters.weights)
    assert one.rank("چاله")[0].slug == "asphalt_patch"
