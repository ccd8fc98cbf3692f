"""A month of corrections, learnt week by week, then night by night, and poison; printed as JSON. Needs scikit-learn.

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
_NIGHTS, _A_NIGHT = 3, 10
_BATCH, _WRONG = 100, 0.3  # of a batch, so many are wrong
_READ = 300  # messages of the hand: enough to be worth using, and a lesson takes a few seconds


def month(folder: Path) -> dict[str, object]:
    """Learn week by week, night by night, then from poison; return the outcomes, and the accuracy after each lesson."""
    hands = [*training.read_hand("young")[:_READ], *training.read_hand("plain")]
    people = [row for hand in _PEOPLE for row in training.read_hand(hand) if row.subject != NONE]
    random.Random(_SEED).shuffle(people)
    ends = [week * _A_WEEK for week in range(1, _WEEKS + 1)]
    ends += [ends[-1] + night * _A_NIGHT for night in range(1, _NIGHTS + 1)]
    told, batch, unseen = people[: ends[-1]], people[ends[-1] : ends[-1] + _BATCH], people[ends[-1] + _BATCH :]
    current = folder / "lesson-0.npz"
    training.save(training.fit(hands, "start"), current, {})
    accuracy, reports = [_accuracy(current, unseen)], []
    for number, end in enumerate(ends, 1):
        report, current = _lesson(hands, told[:end], current, folder / f"lesson-{number}")
        reports.append(report)
        accuracy.append(_accuracy(current, unseen))
    wrong = round(_BATCH * _WRONG)
    mixed = [*_poisoned(batch[:wrong]), *batch[wrong:]]
    random.Random(_SEED).shuffle(mixed)
    part, after_part = _lesson(hands, [*told, *mixed], current, folder / "partly")
    poison, after = _lesson(hands, [*told, *_poisoned(unseen)], current, folder / "poisoned")
    return {
        "accuracy": accuracy,
        "reports": reports,
        "weeks": _WEEKS,
        "partly": part,
        "accuracy_partly": _accuracy(after_part, unseen),
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
    report = learning.learn(hands, learning.read_labels(labels, {row.subject for row in hands}), current, output)
    return report, output.with_name(f"{output.name}.npz") if report["outcome"] == "promoted" else current


def _poisoned(rows: Sequence[Message]) -> list[Message]:
    """Return messages with the subjects of others, as somebody sends who wants the bot to learn nonsense."""
    wrong = [row.subject for row in rows[1:]] + [rows[0].subject]
    return [Message(row.text, subject, (), row.hand) for row, subject in zip(rows, wrong, strict=True)]


def _accuracy(model: Path, rows: Sequence[Message]) -> float:
    return evaluation.figures(evaluation.answers(SubjectModel.load(model), rows), 1.0)["acceptable"]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(month(Path(sys.argv[1]))))
