"""A lesson: what people put right is learnt, and a worse model is refused."""

import json
from pathlib import Path

import pytest

from nlp import learning, model_card, training
from nlp.learning import Label, Labels, Measured
from nlp.subjects import SHIPPED, SubjectModel
from nlp.training import PEOPLE, Message


def test_labels_are_read_oldest_first_and_only_known_subjects(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = [
        {"text": "دو", "subject": "a", "corrected": False, "at": "2026-02-01"},
        {"text": "یک", "subject": "a", "corrected": True, "at": "2026-01-01"},
        {"text": "سه", "subject": "unknown", "corrected": True, "at": "2026-03-01"},
        {"text": " ", "subject": "a", "corrected": True, "at": "2026-03-01"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    labels = learning.read_labels(path, ["a"])
    assert [(row.text, row.weight) for row in labels.messages] == [("یک", 1.0), ("دو", 0.6)]
    assert labels.dropped == 1


def test_a_model_is_measured_on_what_it_has_not_read() -> None:
    labels = _labels([Message("چاله", "asphalt_patch", (), PEOPLE)] * 400)
    assert labels.unread(None) == 80
    assert labels.unread("00389") == 10
    assert labels.unread("00399") == 0
    assert labels.unread("00000") == 300, "the newest say enough"


@pytest.mark.parametrize(
    ("after", "before", "worse"),
    [
        (Measured(0.90, 0.8, 0.9, 0.1), Measured(0.90, 0.8, 0.9, 0.1), False),
        (Measured(0.895, 0.9, 0.9, 0.1), Measured(0.90, 0.8, 0.9, 0.1), False),
        (Measured(0.85, 0.9, 0.9, 0.1), Measured(0.90, 0.8, 0.9, 0.1), True),
        (Measured(0.95, 0.7, 0.9, 0.1), Measured(0.90, 0.8, 0.9, 0.1), True),
        (Measured(0.95, None, 0.9, 0.1), Measured(0.90, None, 0.9, 0.1), False),
        (Measured(0.95, 0.1, 0.9, 0.1), Measured(0.90, 0.0, 0.9, 0.1), True),
        (Measured(0.95, 0.9, 0.885, 0.125), Measured(0.90, 0.8, 0.9, 0.1), False),
        (Measured(0.95, 0.9, 0.87, 0.1), Measured(0.90, 0.8, 0.9, 0.1), True),
        (Measured(0.95, 0.9, 0.9, 0.14), Measured(0.90, 0.8, 0.9, 0.1), True),
    ],
)
def test_nothing_measured_may_fall(after: Measured, before: Measured, worse: bool) -> None:
    assert bool(after.why_worse(before)) is worse


def test_a_worse_model_is_refused_and_not_written(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    few = [Message(f"{word} {n}", slug, (), "x") for word, slug in _WORDS.items() for n in ("یک", "دو", "سه", "چهار")]
    report = learning.learn(few, learning.Labels([]), SHIPPED, tmp_path / "learnt-1")
    assert report["outcome"] == "refused"
    assert "blind" in str(report["why"])
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_is_learnt_and_keeps_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    monkeypatch.setattr(training, "read_hand", lambda _: [Message("چاله", "asphalt_patch", (), "blind")])
    monkeypatch.setattr(model_card, "read_danger", lambda _: [("تشنج", True), ("سلام", False)])
    few = [Message(f"{word} {n}", slug, (), "x") for word, slug in _WORDS.items() for n in ("یک", "دو", "سه", "چهار")]
    labels = _labels([Message("قلنبه در راه", "asphalt_patch", (), PEOPLE)] * 5)
    report = learning.learn(few, labels, SHIPPED, tmp_path / "learnt-1")
    assert report["outcome"] == "promoted"
    assert learning.read_until(SHIPPED) is None
    assert learning.read_until(tmp_path / "learnt-1.npz") == "00004"
    learnt, shipped = SubjectModel.load(tmp_path / "learnt-1.npz"), SubjectModel.load(SHIPPED)
    assert learnt.rank("قلنبه")[0].slug == "asphalt_patch"
    assert (learnt.temperature, learnt.threshold, learnt.second) == (
        shipped.temperature,
        shipped.threshold,
        shipped.second,
    )


def test_the_model_that_is_written_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No lesser one stands for it: what it read last may be what makes it worse."""
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    seen = list[SubjectModel]()
    shares = iter((Measured(0.9, 0.8, 0.9, 0.1), Measured(0.9, 0.8, 0.8, 0.1)))
    monkeypatch.setattr(learning, "measure", lambda model, _: (seen.append(model), next(shares))[1])
    few = [Message(f"{word} {n}", slug, (), "x") for word, slug in _WORDS.items() for n in ("یک", "دو", "سه", "چهار")]
    labels = _labels([Message("قلنبه در راه", "asphalt_patch", (), PEOPLE)] * 5)
    report = learning.learn(few, labels, SHIPPED, tmp_path / "learnt-1")
    assert report["why"] == "the dangers found fell from 0.9 to 0.8"
    assert seen[1].rank("قلنبه")[0].slug == "asphalt_patch", "it has read the newest label too"
    assert list(tmp_path.iterdir()) == []


def test_a_subject_put_right_never_says_that_there_is_no_danger() -> None:
    rows = [
        Message("سیم لخت آویزان است", "street_lighting", (), PEOPLE),
        Message("چراغ کوچه خاموش است", "street_lighting", (), PEOPLE),
        Message("سلام", "ext_medical", (), PEOPLE),
        Message("چراغ کوچه خاموش است", "street_lighting", (), "plain"),
    ]
    tells, known = training.danger_labels(rows)
    assert tells.tolist() == [True, False, True, False]
    assert known.tolist() == [True, False, True, True]


def _labels(messages: list[Message]) -> Labels:
    return Labels([Label(row, f"{place:05}") for place, row in enumerate(messages)])


_WORDS = {"چاله": "asphalt_patch", "برق": "ext_power", "تشنج": "ext_medical", "سلام": "none"}
