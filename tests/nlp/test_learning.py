"""A lesson: what people put right is learnt, and a worse model is refused."""

import json
from pathlib import Path

import pytest

from nlp import learning, training
from nlp.learning import Measured
from nlp.subjects import SHIPPED, SubjectModel
from nlp.training import Message


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
    assert [(row.text, row.weight) for row in labels] == [("یک", 1.0), ("دو", 0.6)]


@pytest.mark.parametrize(
    ("after", "before", "worse"),
    [
        (Measured(0.90, 0.8), Measured(0.90, 0.8), False),
        (Measured(0.895, 0.9), Measured(0.90, 0.8), False),
        (Measured(0.85, 0.9), Measured(0.90, 0.8), True),
        (Measured(0.95, 0.7), Measured(0.90, 0.8), True),
        (Measured(0.95, None), Measured(0.90, None), False),
        (Measured(0.95, 0.1), Measured(0.90, 0.0), True),
    ],
)
def test_nothing_measured_may_fall(after: Measured, before: Measured, worse: bool) -> None:
    assert bool(after.why_worse(before)) is worse


def test_a_worse_model_is_refused_and_not_written(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    few = [Message(f"{word} {n}", slug, (), "x") for word, slug in _WORDS.items() for n in ("یک", "دو", "سه", "چهار")]
    report = learning.learn(few, [], SHIPPED, tmp_path / "learnt-1")
    assert report["outcome"] == "refused"
    assert "blind" in str(report["why"])
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_is_learnt_and_keeps_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="training has its own environment (requirements/train.txt)")
    monkeypatch.setattr(training, "read_hand", lambda _: [Message("چاله", "asphalt_patch", (), "blind")])
    few = [Message(f"{word} {n}", slug, (), "x") for word, slug in _WORDS.items() for n in ("یک", "دو", "سه", "چهار")]
    labels = [Message("قلنبه در راه", "asphalt_patch", (), learning.PEOPLE)] * 5
    report = learning.learn(few, labels, SHIPPED, tmp_path / "learnt-1")
    assert report["outcome"] == "promoted"
    learnt, shipped = SubjectModel.load(tmp_path / "learnt-1.npz"), SubjectModel.load(SHIPPED)
    assert learnt.rank("قلنبه")[0].slug == "asphalt_patch"
    assert (learnt.temperature, learnt.threshold, learnt.second) == (
        shipped.temperature,
        shipped.threshold,
        shipped.second,
    )


_WORDS = {"چاله": "asphalt_patch", "برق": "ext_power", "تشنج": "ext_medical", "سلام": "none"}
