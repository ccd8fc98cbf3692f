"""One lesson: training anew from the hands and from what people put right, promoted only if nothing measured falls."""

import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from nlp import evaluation, model_card, training
from nlp.evaluation import Answer
from nlp.subjects import SubjectModel
from nlp.training import PEOPLE, Message

READ_UNTIL = "read_until"
"""What a model's description calls the time of the last label that the model has read; shipped models have none."""

_CONFIRMED_WEIGHT = 0.6
_HELD_BACK = 5  # of so many labels, the newest one is measured on where the model in use has read none
_MOST_MEASURED = 300
_FEWEST_MEASURED = 10
_LEAST_AGREED = 0.25  # labels that contradict all others are a mistake or an attack
_ROOM = 0.01  # a few blind letters may go either way
_ROOM_FOUND, _ROOM_FLAGGED = 0.02, 0.03
_BLIND = (model_card.BLIND, model_card.LETTERBOX)  # one alone is so few that two letters would decide
_DANGER_SETS = ("frozen", "last", "newest")  # nothing was trained on them


class Label(NamedTuple):
    """A message whose subject somebody said, and when."""

    message: Message
    at: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What people said, oldest first, and how many labels were passed over because nobody knows their subject."""

    known: Sequence[Label]
    dropped: int = 0

    @property
    def messages(self) -> list[Message]:
        """The messages alone."""
        return [label.message for label in self.known]

    def unread(self, until: str | None) -> int:
        """Return how many of the newest a model is measured on that has read those until then (None: nothing)."""
        new = len(self.known) // _HELD_BACK if until is None else sum(label.at > until for label in self.known)
        return min(new, _MOST_MEASURED)


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares: of acceptable first guesses on the blind letters and on the newest labels (None: too few), of danger."""

    blind: float
    newest: float | None
    found: float
    """Of dangers that nothing was trained on, those shown as such."""
    flagged: float
    """The same of messages that sound like them and tell of none."""

    def why_worse(self, before: "Measured") -> str:
        """Return in what this falls behind what was before; "" when in nothing."""
        if self.blind < before.blind - _ROOM:
            return f"the blind letters fell from {before.blind} to {self.blind}"
        if self.found < before.found - _ROOM_FOUND:
            return f"the dangers found fell from {before.found} to {self.found}"
        if self.flagged > before.flagged + _ROOM_FLAGGED:
            return f"the false alarms rose from {before.flagged} to {self.flagged}"
        if self.newest is not None and self.newest < _LEAST_AGREED:
            return f"only {self.newest} of the newest labels agree with what the others teach"
        if self.newest is not None and before.newest is not None and self.newest < before.newest:
            return f"the newest labels fell from {before.newest} to {self.newest}"
        return ""


def read_labels(path: Path, known: Collection[str]) -> Labels:
    """Read JSON lines {"text", "subject", "corrected", "at"}; those of subjects not `known` are counted only."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    said = sorted((row for row in rows if row["text"].strip()), key=lambda row: str(row["at"]))
    labels = [_label(row) for row in said if row["subject"] in known]
    return Labels(labels, len(said) - len(labels))


def _label(row: dict[str, object]) -> Label:
    weight = 1.0 if row["corrected"] else _CONFIRMED_WEIGHT
    return Label(Message(str(row["text"]), str(row["subject"]), (), PEOPLE, weight), str(row["at"]))


def learn(hands: Sequence[Message], labels: Labels, current: Path, output: Path) -> dict[str, object]:
    """Train with the labels and write the model to `output`.npz if it is no worse than `current`; return the report."""
    now, messages = SubjectModel.load(current), labels.messages
    count = labels.unread(read_until(current))
    older, newest = messages[: len(messages) - count], messages[len(messages) - count :]
    model = _fit([*hands, *messages], now)
    before = measure(now, evaluation.answers(now, newest))
    after = measure(model, _by_halves([*hands, *older], newest, now) if len(newest) >= _FEWEST_MEASURED else [])
    figures: dict[str, object] = {
        "before": asdict(before),
        "after": asdict(after),
        "labels": len(messages),
        "dropped": labels.dropped,
        "measured_on": len(newest),
    }
    if why := after.why_worse(before):
        return {"outcome": "refused", "why": why, **figures}
    last = {READ_UNTIL: labels.known[-1].at} if labels.known else {}
    training.save(model, output.with_name(f"{output.name}.npz"), {**figures, **last})
    return {"outcome": "promoted", "version": model.version, **figures}


def read_until(model: Path) -> str | None:
    """Return when the last label was given that a model has read; None when it has read none."""
    until = json.loads(model.with_suffix(".json").read_text(encoding="utf-8")).get(READ_UNTIL)
    return None if until is None else str(until)


def measure(model: SubjectModel, newest: Sequence[Answer]) -> Measured:
    """Measure a model on the blind letters, on danger, and by answers on labels that whoever answered had not read."""
    letters = [row for hand in _BLIND for row in training.read_hand(hand)]
    blind = evaluation.figures(evaluation.answers(model, letters), 1.0)["acceptable"]
    rows = [row for name in _DANGER_SETS for row in model_card.read_danger(name)]
    found, flagged = (_shown(model, [text for text, tells in rows if tells is told]) for told in (True, False))
    agreed = evaluation.figures(newest, 1.0)["acceptable"] if len(newest) >= _FEWEST_MEASURED else None
    return Measured(blind, agreed, found, flagged)


def _shown(model: SubjectModel, texts: Sequence[str]) -> float:
    return round(sum(model_card.is_flagged(model, text) for text in texts) / len(texts), 3)


def _by_halves(read: Sequence[Message], newest: Sequence[Message], like: SubjectModel) -> list[Answer]:
    """Return what a model says of each half of the newest labels that has read everything but that half.

    A model without any of them would be the one in use over again, and say nothing of what they teach. The halves go
    by the words: who writes the same a hundred times is not measured on what was just learnt from them.
    """
    halves: tuple[list[Message], list[Message]] = ([], [])
    for row in newest:
        halves[zlib.crc32(row.text.encode()) % 2].append(row)
    return [
        answer
        for left_out, other in (halves, halves[::-1])
        for answer in evaluation.answers(_fit([*read, *other], like), left_out)
    ]


def _fit(rows: Sequence[Message], like: SubjectModel) -> SubjectModel:
    """Train with the settings of the model in use: they come from hands left out, which takes too long for a night."""
    return replace(
        training.fit(rows, training.version_of(rows)),
        temperature=like.temperature,
        threshold=like.threshold,
        danger=like.danger,
        second=like.second,
    )
