"""How good the subject model is on hands it has not read, and on letters it was never tuned on."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nlp import language
from nlp.subjects import NONE, Candidate, SubjectModel
from nlp.training import Message

AIM_ABOVE_THRESHOLD = 0.95
AIM_EACH_HAND = 0.93
_FEWEST_ABOVE = 30
_SHORT, _LONG = 8, 30


@dataclass(frozen=True, slots=True)
class Answer:
    """A held-out message, the subjects guessed for it, best first, and the probability of the first."""

    message: Message
    guessed: tuple[str, ...]
    p: float
    none: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the first guess is the message's subject."""
        return self.guessed[0] == self.message.subject

    @property
    def acceptable(self) -> bool:
        """Whether the first guess is its subject or another that the message holds."""
        return self.guessed[0] in (self.message.subject, *self.message.also)

    @property
    def among(self) -> bool:
        """Whether the message's subject is among the first three."""
        return self.message.subject in self.guessed[:3]


def answers(model: SubjectModel, rows: Iterable[Message]) -> list[Answer]:
    """Return what the model says of each message that asks for something."""
    return [_answer(model, row) for row in rows if row.subject != NONE]


def _answer(model: SubjectModel, row: Message) -> Answer:
    chances = model.chances(model.hear(row.text).classes)
    none = chances.pop(NONE, 0.0)
    order = sorted(chances, key=lambda slug: -chances[slug])[:5]
    return Answer(row, tuple(order), chances[order[0]], none)


def threshold_of(ranked: Iterable[Answer]) -> float:
    """Return the least probability above which 95 of 100 first guesses are acceptable, and 93 of every hand's."""
    ordered = sorted(ranked, key=lambda answer: -answer.p)
    hands = {answer.message.hand for answer in ordered}
    seen, right = Counter[str](), Counter[str]()
    threshold = 1.0
    for answer in ordered:
        seen[answer.message.hand] += 1
        right[answer.message.hand] += answer.acceptable
        each = all(right[hand] >= AIM_EACH_HAND * seen[hand] - 1 for hand in hands)
        if each and right.total() >= AIM_ABOVE_THRESHOLD * seen.total() and seen.total() >= _FEWEST_ABOVE:
            threshold = answer.p
    return round(threshold + 0.0005, 3)


def figures(of: Sequence[Answer], threshold: float) -> dict[str, float]:
    """Return counts and shares: first guess right, acceptable, among three, above the threshold and right there."""
    above = [answer for answer in of if answer.p >= threshold]
    return {
        "messages": len(of),
        "top_1": _share(lambda answer: answer.right, of),
        "acceptable": _share(lambda answer: answer.acceptable, of),
        "top_3": _share(lambda answer: answer.among, of),
        "sure": round(len(above) / len(of), 3) if of else 0.0,
        "right_when_sure": _share(lambda answer: answer.acceptable, above),
        "ece": calibration_error(of),
    }


def _share(test: Callable[[Answer], bool], of: Sequence[Answer]) -> float:
    return round(sum(map(test, of)) / len(of), 3) if of else 0.0


def reliability(of: Sequence[Answer], bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean probability, share acceptable, messages) for each tenth of the probability that has messages."""
    rows = []
    for each in range(bins):
        inside = [answer for answer in of if min(int(answer.p * bins), bins - 1) == each]
        if inside:
            mean = sum(answer.p for answer in inside) / len(inside)
            rows.append((round(mean, 3), _share(lambda answer: answer.acceptable, inside), len(inside)))
    return rows


def calibration_error(of: Sequence[Answer]) -> float:
    """Return the expected calibration error of the first guess over ten bins (Guo et al. 2017), 0 to 1."""
    gaps = (abs(mean - share) * count for mean, share, count in reliability(of))
    return round(sum(gaps) / len(of), 3) if of else 0.0


def confusions(of: Iterable[Answer], most: int = 20) -> list[tuple[str, str, int]]:
    """Return (subject, taken for, times) of the first guesses that are not acceptable, the most frequent first."""
    counts = Counter((answer.message.subject, answer.guessed[0]) for answer in of if not answer.acceptable)
    return [(right, wrong, times) for (right, wrong), times in counts.most_common(most)]


def coverage(of: Sequence[Answer], shares: Iterable[float] = (0.25, 0.5, 0.75, 1.0)) -> list[tuple[float, float]]:
    """Return how many first guesses are acceptable among the surest part of the messages."""
    ordered = sorted(of, key=lambda answer: -answer.p)
    parts = ((share, ordered[: max(1, round(share * len(ordered)))]) for share in shares)
    return [(share, _share(lambda answer: answer.acceptable, part)) for share, part in parts]


def by_length(of: Iterable[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    """Group answers by the number of words of their messages."""
    groups: dict[str, list[Answer]] = {f"under {_SHORT} words": [], f"{_SHORT} to {_LONG}": [], f"over {_LONG}": []}
    for answer in of:
        words = len(answer.message.text.split())
        groups[list(groups)[(words >= _SHORT) + (words > _LONG)]].append(answer)
    yield from ((name, group) for name, group in groups.items() if group)


def by_script(of: Iterable[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    """Group answers by script: Persian letters, Persian in Latin letters, anything else."""
    names = {"fa": "Persian letters", language.FINGLISH: "Finglish"}
    groups: dict[str, list[Answer]] = {}
    for answer in of:
        groups.setdefault(names.get(language.language(answer.message.text), "other"), []).append(answer)
    yield from sorted(groups.items())


def seconds(model: SubjectModel, rows: Iterable[Message]) -> list[tuple[bool, Candidate]]:
    """Return for each message its best second subject, if it has any, and whether the message holds that."""
    found = []
    for row in rows:
        heard = model.hear(row.text)
        chances = model.chances(heard.classes)
        first = max((slug for slug in chances if slug != NONE), key=lambda slug: chances[slug])
        best = model.candidate(heard, chances, chances.keys() - {first, NONE})
        if best:
            found.append((bool(row.also) and best.slug in {row.subject, *row.also}, best))
    return found


def joined(rows: Sequence[Message]) -> list[Message]:
    """Put messages together two by two, as people do who write of two problems at once."""
    half = len(rows) // 2
    pairs = zip(rows[:half], rows[half:], strict=False)
    return [
        replace(one, text=f"{one.text}. {other.text}", also=(*one.also, other.subject, *other.also))
        for one, other in pairs
        if one.subject != other.subject and NONE not in (one.subject, other.subject)
    ]


def none_figures(model: SubjectModel, rows: Iterable[Message], says_none: Callable[[str, float], bool]) -> Counter[str]:
    """Count messages that ask for nothing: found, missed, and requests wrongly called so."""
    counts = Counter[str]()
    for row in rows:
        none = model.chances(model.hear(row.text).classes)[NONE]
        said = says_none(row.text, none)
        counts[("found" if said else "missed") if row.subject == NONE else ("false" if said else "asked")] += 1
    return counts
