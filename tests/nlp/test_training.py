import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlp import evaluation, features, model_card, selection, training
from nlp.alarm import Alarm
from nlp.evaluation import Answer
from nlp.finglish import Speller
from nlp.private_data import masked
from nlp.subjects import SHIPPED, Linear, Second, SubjectModel
from nlp.training import HANDS, Message
from tests.nlp.conftest import CITY

BLIND = (model_card.BLIND, model_card.LETTERBOX)


def model() -> SubjectModel:
    linear = Linear(
        index={"چاله": 0, "برق": 1, "\tبرق ": 2, "\x1fbrq": 3},
        idf=np.array([1.0, 2.0, 1.5, 1.0], dtype=np.float32),
        weights=np.array([[3.0, -1.0, -1.0], [-2.0, 4.0, 0.5], [-1.0, 2.0, 0.0], [-1.0, 3.0, 0.0]], dtype=np.float32),
        bias=np.array([0.1, -0.1, -2.0], dtype=np.float32),
    )
    return SubjectModel(
        "linear-test",
        ("asphalt_patch", "ext_power"),
        linear,
        0.5,
        0.8,
        Alarm(-1.0, 0.5, (1.0, 0.6, 2.0, 1.0, 0.0, 0.1, 0.2)),
        Second(-1.0, (1.0, 0.5, 0.0, 0.0, 0.1), 0.6),
    )


def answer(p: float, *, right: bool, hand: str = "young") -> Answer:
    return Answer(Message("x", "a", ("b",), hand), ("a" if right else "c",), p)


def test_a_saved_model_reads_as_before(tmp_path: Path) -> None:
    path = tmp_path / "subjects.npz"
    kept = replace(model(), speller=Speller({"کوچه": 70_000, "برق": 3}))
    training.save(kept, path, {"hands": {}})
    loaded = SubjectModel.load(path)
    assert (loaded.version, loaded.classes, loaded.threshold) == ("linear-test", ("asphalt_patch", "ext_power"), 0.8)
    assert (loaded.danger, loaded.second) == (model().danger, Second(-1.0, (1.0, 0.5, 0.0, 0.0, 0.1), 0.6))
    assert loaded.linear.logits(["چاله"]) == pytest.approx(model().linear.logits(["چاله"]), abs=0.05)
    assert loaded.rank("برق")[0].slug == "ext_power"
    assert loaded.speller == kept.speller
    assert loaded.persian("kuche") == "کوچه"


def test_saving_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        training.save(model(), tmp_path / name, {})
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_unknown_words_leave_the_bias() -> None:
    for words in (["ناشناخته"], []):
        assert model().linear.logits(words) == pytest.approx([0.1, -0.1, -2.0])


def test_finglish_is_read_as_the_persian_it_stands_for() -> None:
    speaks = replace(model(), speller=Speller({"چاله": 5, "برق": 9, "است": 30}))
    assert speaks.hear("bargh nist").classes == pytest.approx(model().hear("برق nist").classes)
    assert speaks.rank("ye chale vasate kuche ast")[0].slug == "asphalt_patch"
    assert speaks.persian("chale bargh") == "چاله برق"
    assert speaks.persian("چاله bargh چاله") == "چاله bargh چاله"


def test_each_block_has_its_length() -> None:
    rows, values = model().linear.vector(["برق", "چاله", "برق"])
    blocks = {row: features.block(name) for name, row in model().linear.index.items()}
    for block, length in enumerate((1.0, 1.0, 0.7)):
        mine = [value for row, value in zip(rows, values, strict=True) if blocks[row] == block]
        assert float(np.linalg.norm(mine)) == pytest.approx(length, abs=1e-5)


def test_features_are_words_pairs_pieces_and_consonants() -> None:
    counts = features.count(["برق", "قطع"])
    assert counts["برق"] == counts["برق قطع"] == 1
    assert counts["\t بر"] == 1
    assert counts["\x1fbrq"] == 2  # as a word and as a piece of it
    assert counts["\x1fbrq qt"] == 1
    assert max(map(len, features.count(["ا" * 4096]))) <= 24


def test_temperature_makes_over_confident_answers_modest() -> None:
    unsure = [(np.array([4.0, 0.0], dtype=np.float32), right) for right in (0, 1, 0, 1)]
    certain = [(np.array([1.0, 0.0], dtype=np.float32), 0)] * 4
    assert training.calibrated(unsure) > 1.5
    assert training.calibrated(certain) == 0.06


def test_threshold_is_where_answers_become_wrong() -> None:
    good = [answer(0.9 - place / 1000, right=True) for place in range(100)]
    bad = [answer(0.5 - place / 1000, right=False) for place in range(50)]
    threshold = evaluation.threshold_of(good + bad)
    assert 0.49 <= threshold <= 0.81


def test_threshold_holds_for_every_hand() -> None:
    good = [answer(0.9, right=True) for _ in range(900)]
    weak = [answer(0.6 - place / 100, right=place % 2 == 0, hand="angry") for place in range(40)]
    assert 0.55 < evaluation.threshold_of(good + weak) <= 0.6


def test_calibration_error_is_the_gap_between_said_and_true() -> None:
    answers = [answer(0.75, right=place % 2 == 0) for place in range(40)]
    assert evaluation.calibration_error(answers) == pytest.approx(0.25)
    assert evaluation.reliability(answers) == [(0.75, 0.5, 40)]
    assert evaluation.calibration_error([]) == 0.0


def test_confusions_and_coverage_are_counted() -> None:
    answers = [answer(0.9, right=True)] * 3 + [answer(0.2, right=False)]
    assert evaluation.confusions(answers) == [("a", "c", 1)]
    assert evaluation.coverage(answers, (0.75, 1.0)) == [(0.75, 1.0), (1.0, 0.75)]


def test_two_messages_joined_hold_both_subjects() -> None:
    rows = [Message("چاله", "asphalt_patch", (), "x"), Message("برق رفت", "ext_power", (), "x")]
    (both,) = evaluation.joined(rows)
    assert (both.text, both.subject, both.also) == ("چاله. برق رفت", "asphalt_patch", ("ext_power",))


def test_a_table_is_markdown() -> None:
    assert model_card.table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_every_hand_is_whole_and_names_real_subjects() -> None:
    subjects = {row["slug"] for row in json.loads((CITY / "subjects.json").read_text(encoding="utf-8"))["subjects"]}
    for hand in (*HANDS, *BLIND, *(f"fragments_{writer}" for writer in training.FRAGMENTS)):
        rows = training.read_hand(hand)
        assert {row.subject for row in rows} <= subjects | {"none"}
        assert {slug for row in rows for slug in row.also} <= subjects
        assert all(row.text.strip() for row in rows)
    for hand, least in (("plain", 4), ("letters", 6)):
        counts = Counter(row.subject for row in training.read_hand(hand))
        assert min(counts[slug] for slug in subjects) >= least
    assert sum(row.subject == "none" for hand in HANDS for row in training.read_hand(hand)) >= 180


def test_blind_messages_are_in_no_hand() -> None:
    trained = {row.text for hand in HANDS for row in training.read_hand(hand)}
    sets = [training.DATA / f"{name}.jsonl" for name in ("danger", "danger_frozen", "danger_last", "danger_newest")]
    dangers = [json.loads(line)["text"] for path in sets for line in path.read_text("utf-8").splitlines()]
    assert not trained & {*dangers, *(row.text for hand in BLIND for row in training.read_hand(hand))}


def test_the_data_hold_no_personal_data() -> None:
    lines = [line for path in training.DATA.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    texts = [json.loads(line)["text"] for line in lines]
    assert len(texts) > 50_000  # fragments and frozen sets among them
    assert [text for text in texts if masked(text) != text] == []


def test_version_changes_with_the_messages() -> None:
    one = Message("چاله", "asphalt_patch", (), "plain")
    assert training.version_of([one]) != training.version_of([one, one])


def test_training_twice_gives_one_model() -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    words = {
        "asphalt_patch": "چاله آسفالت خیابان",
        "ext_power": "برق قطع ترانس",
        "ext_medical": "بیهوش خونریزی تشنج",
        "none": "سلام ممنون باشه",
    }
    rows = [Message(word, subject, (), "plain") for subject, said in words.items() for word in said.split() * 4]
    one, two = training.fit(rows, "a"), training.fit(rows, "a")
    assert np.array_equal(one.linear.weights, two.linear.weights)
    assert one.rank("چاله")[0].slug == "asphalt_patch"
    assert one.hear("تشنج").danger > one.hear("چاله").danger


def test_training_spells_finglish_within_a_persian_message() -> None:
    speller = Speller({"برق": 90, "رفت": 90, "صبح": 90})
    words = training.words_of("سلام وقتتون بخیر barq raft az sobh", speller)
    assert {"برق", "رفت", "صبح"} <= set(words)


def test_training_weighs_a_message_as_reading_does() -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    said = {"asphalt_patch": "چاله آسفالت خیابان چاله", "ext_medical": "برق قطع ترانس Samsung", "none": "salam merci"}
    of = training.corpus([Message(text, subject, (), "plain") for subject, text in said.items() for _ in range(3)])
    model = training.fit_corpus(of, "a")
    columns = np.array([of.names.index(name) for name in model.linear.index])
    idf = np.zeros(len(of.names), dtype=np.float32)
    idf[columns] = model.linear.idf
    matrix = training.weighed(of, columns, idf)
    for row, text in ((0, said["asphalt_patch"]), (3, said["ext_medical"]), (6, said["none"])):
        places, values = model.linear.vector(training.words_of(text, of.speller))
        assert len(places) > 3
        assert dict(zip(places, values, strict=True)) == pytest.approx(
            dict(zip(matrix[row].indices, matrix[row].data, strict=True)), abs=1e-5
        )


def test_a_corpus_without_a_hand_has_none_of_its_copies() -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    rows = [
        Message(f"چاله {n}", "asphalt_patch", ("ext_power",), hand) for hand in ("plain", "talk") for n in range(20)
    ]
    left = training.corpus(rows).without("talk")
    assert {row.hand for row in left.rows} == {"plain"}
    assert len(left.rows) == left.counts.shape[0] == len(left.tells) == len(left.known) >= 40


def test_what_somebody_said_of_danger_counts_before_subject_and_rules() -> None:
    rows = [
        Message("سلام", "ext_medical", (), "x"),
        Message("سلام", "ext_medical", (), "x", danger=False),
        Message("دیوار", "unsafe_building", (), "x"),
        Message("دیوار", "unsafe_building", (), "x", danger=True),
        Message("بوی گاز میاد", "ext_gas", (), "x"),
        Message("عوارض", "fees_tax", (), "x"),
    ]
    tells, known = training.danger_labels(rows)
    assert tells.tolist() == [True, False, False, True, True, False]
    assert known.tolist() == [True, True, False, True, True, True]


def test_the_shipped_model_was_trained_on_these_messages_and_with_these_settings() -> None:
    hands = [row for rows in selection.read_all().values() for row in rows]
    version = training.version_of([*hands, *training.read_phrases(CITY / "subjects.json")])
    shipped = SubjectModel.load(SHIPPED)
    about = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    assert shipped.version == version
    assert set(about["left_out"]) == set(HANDS) - set(training.ABOUT_DANGER)
    assert version in (Path(__file__).parents[2] / "docs/model_card.md").read_text(encoding="utf-8")
