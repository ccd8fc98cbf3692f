"""How good the subject model is on hands it has not read, and on letters it was never tuned on."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nlp import kind, training
from nlp.subjects import NONE, SHIPPED, Floats, SubjectModel
from nlp.training import HANDS, Message

BLIND = "blind"
"""Letters written last and never trained or tuned on."""

AIM_ABOVE_THRESHOLD = 0.95
AIM_EACH_HAND = 0.93
_FEWEST_ABOVE = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """A held-out message, the subjects guessed for it, best first, and the probability of the first."""

    message: Message
    guessed: tuple[str, ...]
    p: float

    @property
    def right(self) -> bool:
        """Whether the first guess is the message's subject."""
        return self.guessed[0] == self.message.subject

    @property
    def acceptable(self) -> bool:
        """Whether the first guess is its subject or another that the message holds."""
        return self.guessed[0] in (self.message.subject, *self.message.also)


def train_all(subjects: Path, path: Path) -> dict[str, object]:
    """Leave each hand out to set temperature and threshold, train on all, write the model, return its figures."""
    rows = {hand: training.read_hand(hand) for hand in HANDS}
    phrases = training.read_phrases(subjects)
    held_out = {hand: _without(hand, rows, phrases) for hand in HANDS}
    temperature = training.calibrated([pair for hand, model in held_out.items() for pair in _logits(model, rows[hand])])
    answers = {hand: _answers(replace(model, temperature=temperature), rows[hand]) for hand, model in held_out.items()}
    threshold = threshold_of(answer for of_hand in answers.values() for answer in of_hand)
    everything = [row for hand in HANDS for row in rows[hand]] + phrases
    version = training.version_of(everything)
    model = training.fit(everything, version, temperature, threshold)
    figures = {hand: _figures(of_hand, threshold) for hand, of_hand in answers.items()}
    training.save(model, path, {"hands": {h: len(rows[h]) for h in HANDS}, "left_out": figures})
    return {"version": version, "temperature": temperature, "threshold": threshold, "left_out": figures}


def _without(hand: str, rows: dict[str, list[Message]], phrases: list[Message]) -> SubjectModel:
    others = [row for other in HANDS if other != hand for row in rows[other]]
    if not any(row.subject == NONE for row in others):
        # Only one hand holds messages that ask for nothing: without half of them the class would be missing.
        others += [row for row in rows[hand] if row.subject == NONE][::2]
    return training.fit(others + phrases, version=f"without-{hand}")


def _logits(model: SubjectModel, rows: list[Message]) -> list[tuple[Floats, int]]:
    return [(model.logits(row.text), model.classes.index(row.subject)) for row in rows]


def _answers(model: SubjectModel, rows: Iterable[Message]) -> list[Answer]:
    answers = []
    for row in rows:
        if row.subject != NONE:
            guesses = model.rank(row.text, top=5)
            answers.append(Answer(row, tuple(guess.slug for guess in guesses), guesses[0].p))
    return answers


def threshold_of(answers: Iterable[Answer]) -> float:
    """Return the least probability above which 95 of 100 first guesses are acceptable, and 93 of every hand's."""
    ranked = sorted(answers, key=lambda answer: -answer.p)
    hands = {answer.message.hand for answer in ranked}
    seen, right = Counter[str](), Counter[str]()
    threshold = 1.0
    for answer in ranked:
        seen[answer.message.hand] += 1
        right[answer.message.hand] += answer.acceptable
        each = all(right[hand] >= AIM_EACH_HAND * seen[hand] - 1 for hand in hands)
        if each and right.total() >= AIM_ABOVE_THRESHOLD * seen.total() and seen.total() >= _FEWEST_ABOVE:
            threshold = answer.p
    return round(threshold + 0.0005, 3)


def _figures(answers: list[Answer], threshold: float) -> dict[str, float]:
    above = [answer for answer in answers if answer.p >= threshold]

    def share(test: Callable[[Answer], bool], of: list[Answer]) -> float:
        return round(sum(map(test, of)) / len(of), 3) if of else 0.0

    return {
        "messages": len(answers),
        "top_1": share(lambda answer: answer.right, answers),
        "acceptable": share(lambda answer: answer.acceptable, answers),
        "top_3": share(lambda answer: answer.message.subject in answer.guessed[:3], answers),
        "coverage": round(len(above) / len(answers), 3),
        "right_above": share(lambda answer: answer.acceptable, above),
    }


def report(subjects: Path) -> Iterator[str]:
    """Yield the lines of the report: the figures of each hand left out, then of the shipped model on the blind set."""
    model = SubjectModel.load(SHIPPED)
    yield f"model {model.version}, temperature {model.temperature}, threshold {model.threshold}"
    rows = {hand: training.read_hand(hand) for hand in HANDS}
    phrases = training.read_phrases(subjects)
    for hand in HANDS:
        held_out = replace(_without(hand, rows, phrases), temperature=model.temperature)
        yield _line(f"without {hand}", _figures(_answers(held_out, rows[hand]), model.threshold))
    yield from report_blind(model)


def report_blind(model: SubjectModel) -> Iterator[str]:
    """Yield the figures on the blind letters: subjects, and requests told from messages that ask for nothing."""
    blind = training.read_hand(BLIND)
    yield _line("blind letters", _figures(_answers(model, blind), model.threshold))
    called_none = [row for row in blind if kind.kind(row.text) == "none" or model.chances(row.text)[NONE] >= 0.7]
    true = sum(row.subject == NONE for row in called_none)
    yield f"none: {true} of {sum(row.subject == NONE for row in blind)} found, {len(called_none) - true} false"


def _line(name: str, figures: dict[str, float]) -> str:
    return f"{name:18}" + "  ".join(f"{key} {value}" for key, value in figures.items())
