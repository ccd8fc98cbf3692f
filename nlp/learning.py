"""One lesson: training anew from the hands and from what people put right, promoted only if nothing measured falls."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlp import evaluation, model_card, training
from nlp.subjects import SubjectModel
from nlp.training import Message

PEOPLE = "people"
"""The hand of messages whose subject people confirmed or put right."""

_CONFIRMED_WEIGHT = 0.6
_HELD_BACK = 5  # of so many labels, the newest one is measured on
_MOST_HELD_BACK = 300
_FEWEST_MEASURED = 10
_LEAST_AGREED = 0.25  # labels that contradict all others are a mistake or an attack
_ROOM = 0.01  # a blind letter or two may go either way


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares of acceptable first guesses: on the blind letters, and on the newest labels (None: too few)."""

    blind: float
    newest: float | None

    def why_worse(self, before: "Measured") -> str:
        """Return in what this falls behind what was before; "" when in nothing."""
        if self.blind < before.blind - _ROOM:
            return f"the blind letters fell from {before.blind} to {self.blind}"
        if self.newest is not None and self.newest < _LEAST_AGREED:
            return f"only {self.newest} of the newest labels agree with what the others teach"
        if self.newest is not None and before.newest is not None and self.newest < before.newest:
            return f"the newest labels fell from {before.newest} to {self.newest}"
        return ""


def read_labels(path: Path, known: Sequence[str]) -> list[Message]:
    """Read JSON lines {"text", "subject", "corrected", "at"}, oldest first; subjects nobody knows are passed over."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows.sort(key=lambda row: str(row["at"]))
    return [
        Message(row["text"], row["subject"], (), PEOPLE, 1.0 if row["corrected"] else _CONFIRMED_WEIGHT)
        for row in rows
        if row["subject"] in known and row["text"].strip()
    ]


def learn(hands: Sequence[Message], labels: Sequence[Message], current: Path, output: Path) -> dict[str, object]:
    """Train with the labels and write the model to `output`.npz if it is no worse than `current`; return the report."""
    now = SubjectModel.load(current)
    newest = labels[len(labels) - min(len(labels) // _HELD_BACK, _MOST_HELD_BACK) :]
    older = labels[: len(labels) - len(newest)]
    before, after = measure(now, newest), measure(_fit([*hands, *older], now), newest)
    figures = {"before": _told(before), "after": _told(after), "labels": len(labels), "measured_on": len(newest)}
    if why := after.why_worse(before):
        return {"outcome": "refused", "why": why, **figures}
    model = _fit([*hands, *labels], now)
    training.save(model, output.with_name(f"{output.name}.npz"), figures)
    return {"outcome": "promoted", "version": model.version, **figures}


def measure(model: SubjectModel, newest: Sequence[Message]) -> Measured:
    """Measure a model on the blind letters and on labels it has not read."""
    blind = evaluation.figures(evaluation.answers(model, training.read_hand(model_card.BLIND)), 1.0)["acceptable"]
    known = [row for row in newest if row.subject in model.classes]
    if len(known) < _FEWEST_MEASURED:
        return Measured(blind, None)
    return Measured(blind, evaluation.figures(evaluation.answers(model, known), 1.0)["acceptable"])


def _fit(rows: Sequence[Message], like: SubjectModel) -> SubjectModel:
    """Train with the settings of the model in use: they come from hands left out, which takes too long for a night."""
    return replace(
        training.fit(rows, training.version_of(rows)),
        temperature=like.temperature,
        threshold=like.threshold,
        danger=like.danger,
        second=like.second,
    )


def _told(measured: Measured) -> dict[str, float | None]:
    return {"blind": measured.blind, "newest": measured.newest}
