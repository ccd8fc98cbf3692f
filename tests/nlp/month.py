"""A month of corrections, learnt week by week, and a poisoned batch; printed as JSON. Needs scikit-learn.

`python -m tests.nlp.month FOLDER`, with the Python of the training environment. The model in use has read
chats of the young; the people write in voices that it has never read. They are many and say the same things over, as
people do: a single hand avoids to repeat itself, so there is little to learn in one half of it for the other.
"""

import json
import random
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from nlp import evaluation, learning, training
from nlp.subjects import NONE, SubjectModel
from nlp.training import Message

_SEED = 137
_PEOPLE = ("paper", "sms", "teen", "dari", "furious", "voice", "close")
_WEEKS, _A_WEEK = 4, 100
_READ = 300  # messages of the hand: enough to be worth using, and a lesson takes a few seconds


def month(folder: Path) -> dict[str, object]:
    """Learn for four weeks, then from a poisoned batch; return the outcomes, and the accuracy after each week."""
    hands = [*training.read_hand("young")[:_READ], *training.read_hand("plain")]
    people = [row for hand in _PEOPLE for row in training.read_hand(hand) if row.subject != NONE]
    random.Random(_SEED).shuffle(people)
    told, unseen = people[: _WEEKS * _A_WEEK], people[_WEEKS * _A_WEEK :]
    current = folder / "week-0.npz"
    training.save(training.fit(hands, "start"), current, {})
    accuracy, outcomes = [_accuracy(current, unseen)], []
    for week in range(1, _WEEKS + 1):
        report, current = _lesson(hands, told[: week * _A_WEEK], current, folder / f"week-{week}")
        outcomes.append(report["outcome"])
        accuracy.append(_accuracy(current, unseen))
    poison, after = _lesson(hands, [*told, *_poisoned(unseen)], current, folder / "poisoned")
    return {
        "accuracy": accuracy,
        "outcomes": outcomes,
        "poison": poison,
        "still_in_use": after == current,
        "poison_written": (folder / "poisoned.npz").exists(),
    }


def _lesson(
    hands: Sequence[Message], labelled: Sequence[Message], current: Path, output: Path
) -> tuple[dict[str, object], Path]:
    labels = output.with_suffix(".jsonl")
    first = date(2026, 1, 1)
    rows = [
        {"text": row.text, "subject": row.subject, "corrected": True, "at": str(first + timedelta(days=day))}
        for day, row in enumerate(labelled)
    ]
    labels.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    known = SubjectModel.load(current).classes
    report = learning.learn(hands, learning.read_labels(labels, known), current, output)
    return report, output.with_name(f"{output.name}.npz") if report["outcome"] == "promoted" else current


def _poisoned(rows: Sequence[Message]) -> list[Message]:
    """Return messages with the subjects of others, as somebody sends who wants the bot to learn nonsense."""
    wrong = [row.subject for row in rows[1:]] + [rows[0].subject]
    return [Message(row.text, subject, (), row.hand) for row, subject in zip(rows, wrong, strict=True)]


def _accuracy(model: Path, rows: Sequence[Message]) -> float:
    return evaluation.figures(evaluation.answers(SubjectModel.load(model), rows), 1.0)["acceptable"]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(month(Path(sys.argv[1]))))
