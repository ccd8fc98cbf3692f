"""Training of the subject model; `fit` needs scikit-learn, which the bot runs without (requirements/train.txt)."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nlp import alarm, features, forms, language, subjects, urgency
from nlp.finglish import Speller
from nlp.subjects import LENGTHS, NONE, Floats, Linear, SubjectModel

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DATA = Path(__file__).parent / "data"
ABOUT_DANGER = (
    *("alarm", "calm", "witness", "plea", "buried", "hushed", "startled", "sharp", "uneasy", "brink"),
    "current",
)
"""Hands that tell of danger only, or of few subjects that sound like it."""

NEAR = "near"
"""Everyday messages in words of danger: they teach what danger is not; what is sure is not set by them."""

HANDS = (
    *("young", "formal", "angry", "captions", "plain", "letters", "talk"),
    *("paper", "sms", "elder", "teen", "dari", "finglish", "furious", "voice", "photo", "several", "close", NEAR),
    *("street", "petition", "bitter", "lens", "column", "wheels", "carers", "trade", "proverbs", "clerk", "edge"),
    *("night", "council", "neglected", "glimpse", "channel"),
    *("daily", "kitchen", "office", "retired", "irony", "fedup", "snap", "guests", "corner", "press", "sting"),
    *("latin", "lounge", "board", "folk", "shift", "forms", "salt"),
    *ABOUT_DANGER,
)
_FOR_DANGER = 0.15
"""What a message of those hands counts for in the subjects; for danger it counts whole."""

PHRASES = "phrases"

PEOPLE = "people"
"""The hand of messages whose subject people confirmed or put right; of danger they said nothing."""

FRAGMENTS = ("spoken", "written", "around", "regional", "things", "chat", "scenes", "between")
"""Who wrote the fragments: pieces of sentences that name each subject in sixty ways, trained on like phrases."""

VAGUE = "vague"
"""Messages that ask for something and do not say what: they teach each subject what it is not, and are none."""

_SEED = 137
_KEPT = 120_000
_FEWEST = 3  # messages that must have a feature
_PHRASE_WEIGHT, _FRAGMENT_WEIGHT = 0.6, 0.4
_WRAPPED, _WRAPPED_WEIGHT = 0.2, 0.5
_ALSO_WEIGHT = 0.3
_C_SUBJECTS, _C_DANGER = 0.5, 1.0
"""How closely the messages are followed: the C of the regressions."""

_SETTINGS = (
    *(_SEED, _KEPT, _FEWEST, _PHRASE_WEIGHT, _FRAGMENT_WEIGHT, _WRAPPED, _WRAPPED_WEIGHT, _ALSO_WEIGHT),
    *(_FOR_DANGER, _C_SUBJECTS, _C_DANGER, LENGTHS),
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its subject (or "none"), further subjects it may pass for, who wrote it, and its weight."""

    text: str
    subject: str
    also: tuple[str, ...]
    hand: str
    weight: float = 1.0
    danger: bool | None = None
    """Whether it tells of danger; None where nobody has said."""


def read_hand(hand: str) -> list[Message]:
    """Read one hand's JSON lines from nlp/data."""
    lines = (DATA / f"{hand}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Message(row["text"], row["subject"], tuple(row.get("also", ())), hand, danger=row.get("danger"))
        for row in map(json.loads, lines)
    ]


def read_phrases(city: Path) -> list[Message]:
    """Read what names a subject without being a message: a city's titles and phrases, fragments, and what is vague."""
    rows: list[Mapping[str, object]] = json.loads(city.read_text(encoding="utf-8"))["subjects"]
    phrases = [
        Message(str(phrase), str(row["slug"]), (), PHRASES, _PHRASE_WEIGHT) for row in rows for phrase in _listed(row)
    ]
    fragments = [
        replace(row, hand=PHRASES, weight=_FRAGMENT_WEIGHT)
        for writer in FRAGMENTS
        for row in read_hand(f"fragments_{writer}")
    ]
    lines = (DATA / f"{VAGUE}.jsonl").read_text(encoding="utf-8").splitlines()
    vague = [Message(json.loads(line)["text"], VAGUE, (), PHRASES) for line in lines]
    return [*phrases, *fragments, *vague]


def _listed(row: Mapping[str, object]) -> list[object]:
    phrases = row["phrases"]
    return [row["title"], *(phrases if isinstance(phrases, list) else [])]


@dataclass(frozen=True)
class Corpus:
    """Messages and their copies, counted once, so that models can be trained on parts of them."""

    rows: list[Message]
    names: list[str]
    """The features of at least three of them."""
    counts: "csr_matrix"
    """A row for each message, a column for each name: 1 + the logarithm of how often it has the feature."""
    tells: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    """What `danger_labels` says of them."""
    speller: Speller
    """What has put those in Latin letters into Persian ones."""

    def without(self, hand: str) -> "Corpus":
        """Return the messages of all other hands."""
        rows = np.array([place for place, row in enumerate(self.rows) if row.hand != hand])
        left = [self.rows[row] for row in rows]
        return replace(self, rows=left, counts=self.counts[rows], tells=self.tells[rows], known=self.known[rows])


def corpus(messages: Iterable[Message]) -> Corpus:
    """Count messages and copies of them."""
    # imported here so that measuring a model needs no scikit-learn: beside hazm it slows the bot's start threefold
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    rows = _with_copies(list(messages))
    speller = speller_of(rows)
    place: dict[str, int] = {}
    found = [_found(features.count(words_of(row.text, speller)), place) for row in rows]
    columns = np.concatenate([ids for ids, _ in found])
    times = np.concatenate([numbers for _, numbers in found])
    often = np.bincount(columns, minlength=len(place)) >= _FEWEST
    names = sorted(name for name, column in place.items() if often[column])
    order = np.zeros(len(place), dtype=np.int32)
    order[[place[name] for name in names]] = np.arange(len(names), dtype=np.int32)
    ends = np.cumsum([0, *(int(often[ids].sum()) for ids, _ in found)])
    mine = often[columns]
    values = (1 + np.log(times[mine])).astype(np.float32)
    counts = csr_matrix((values, order[columns[mine]], ends), shape=(len(rows), len(names)))
    counts.sort_indices()
    return Corpus(rows, names, counts, *danger_labels(rows), speller)


def _found(counts: Mapping[str, int], place: dict[str, int]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return the columns of a message's features, new ones added to `place`, and how often it has them.

    As arrays: the features of fifty thousand messages would fill gigabytes as strings.
    """
    ids = np.fromiter((place.setdefault(name, len(place)) for name in counts), dtype=np.int32, count=len(counts))
    return ids, np.fromiter(counts.values(), dtype=np.float32, count=len(counts))


def words_of(text: str, speller: Speller) -> list[str]:
    """Return the words that a message is read by, Latin letters put into Persian as the bot does."""
    latin = language.language(text) == language.FINGLISH
    return subjects.words_of(subjects.spelled(text, speller, latin=latin), latin=latin)


def speller_of(rows: Iterable[Message]) -> Speller:
    """Learn from messages in Persian letters which words there are, and how frequent they are."""
    written = (row.text for row in rows if language.language(row.text) != language.FINGLISH)
    frequency = Counter(word for text in written for word in set(forms.folded(text).split()))
    known = (word for word, n in frequency.items() if n >= _FEWEST and not word.isascii() and not word.isdigit())
    return Speller({word: frequency[word] for word in sorted(known)})


def fit(messages: Iterable[Message], version: str) -> SubjectModel:
    """Train the weights; the same messages give the same model. Temperature and thresholds are for others to set."""
    return fit_corpus(corpus(messages), version)


def fit_corpus(of: Corpus, version: str) -> SubjectModel:
    """Train the weights on messages that are counted already."""
    classes = tuple(sorted({row.subject for row in of.rows} - {VAGUE}))
    targets = np.array([len(classes) if row.subject == VAGUE else classes.index(row.subject) for row in of.rows])
    times = np.bincount(of.counts.indices, minlength=len(of.names))
    often = np.nonzero(times >= _FEWEST)[0]
    idf = (1 + np.log((1 + len(of.rows)) / (1 + times))).astype(np.float32)
    kept = often[_telling(weighed(of, often, idf), targets)]
    weights, bias = _regress(weighed(of, kept, idf), of, targets, len(classes))
    index = {of.names[column]: place for place, column in enumerate(kept)}
    linear = Linear(index, idf[kept], weights, bias)
    return SubjectModel(version, classes, linear, temperature=1.0, threshold=1.0, speller=of.speller)


def weighed(of: Corpus, columns: npt.NDArray[np.int64], idf: Floats) -> "csr_matrix":
    """Return TF-IDF values of some features, each block at its length, as `Linear.vector` gives them."""
    matrix = of.counts[:, columns]
    blocks = np.array([features.block(of.names[column]) for column in columns])[matrix.indices]
    matrix.data = matrix.data * idf[columns][matrix.indices]
    place = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * len(LENGTHS) + blocks
    squares = np.bincount(place, matrix.data.astype(np.float64) ** 2, minlength=matrix.shape[0] * len(LENGTHS))
    matrix.data = (matrix.data * (np.array(LENGTHS)[blocks] / np.sqrt(squares[place]))).astype(np.float32)
    return matrix


def _with_copies(rows: list[Message]) -> list[Message]:
    """Add messages among greetings and thanks, and for each further subject they hold."""
    further = [
        replace(row, subject=slug, weight=row.weight * _ALSO_WEIGHT / len(row.also))
        for row in rows
        for slug in row.also
    ]
    draw = random.Random(_SEED)  # noqa: S311 - a repeatable choice, not a secret
    return [*rows, *_wrapped(rows, draw), *further]


def _wrapped(rows: list[Message], draw: random.Random) -> list[Message]:
    frame = json.loads((DATA / "frames.json").read_text(encoding="utf-8"))

    def around(row: Message) -> Message:
        before, after = draw.choice(frame["before"]), draw.choice(frame["after"])
        place = draw.choice(frame["places"])
        told = [*draw.sample(frame["told"], draw.choice((0, 0, 1, 2))), row.text]
        parts = [before, place, *told, after] if draw.random() < 0.5 else [before, *told[::-1], place, after]
        return replace(row, text=" ".join(parts), weight=row.weight * _WRAPPED_WEIGHT)

    return [around(row) for row in rows if row.subject != NONE and row.hand != PHRASES and draw.random() < _WRAPPED]


def _telling(matrix: "csr_matrix", targets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the features that tell most about the subject, in the order of the vocabulary."""
    from sklearn.feature_selection import chi2  # noqa: PLC0415 - see corpus

    strength = np.nan_to_num(chi2(matrix, targets)[0])
    return np.sort(np.argsort(-strength, kind="stable")[:_KEPT])


def _regress(matrix: "csr_matrix", of: Corpus, targets: npt.NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    """Fit `classes` subjects, each against all others and what is of no subject, and danger."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - see corpus

    weights = np.array([row.weight for row in of.rows])
    subject, danger = (LinearSVC(C=c, tol=0.1, max_iter=100, random_state=_SEED) for c in (_C_SUBJECTS, _C_DANGER))
    subject.fit(matrix, targets, sample_weight=weights * _subject_share(of.rows))
    danger.fit(matrix[of.known], of.tells[of.known], sample_weight=weights[of.known])
    columns = np.vstack([subject.coef_[:classes], danger.coef_]).T
    bias = np.concatenate([subject.intercept_[:classes], danger.intercept_])
    return columns.astype(np.float32), bias.astype(np.float32)


def _subject_share(rows: Sequence[Message]) -> npt.NDArray[np.float64]:
    """Say how much each message counts for the subjects: those written for danger are many of few subjects."""
    return np.array([_FOR_DANGER if row.hand in ABOUT_DANGER else 1.0 for row in rows])


def danger_labels(rows: Sequence[Message]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Say which messages tell of danger, and for which that is known: where nobody said so, by subject and rules.

    People put the subject right, whatever else a message tells: no such message is known to tell of no danger.
    """
    said = np.array([row.danger is not None for row in rows])
    always = np.array([row.subject in alarm.ALWAYS for row in rows])
    sometimes = np.array([row.subject in alarm.SOMETIMES for row in rows])
    people = np.array([row.hand == PEOPLE for row in rows])
    ruled = np.array([urgency.danger(row.text) is not None for row in rows])
    tells = np.where(said, [bool(row.danger) for row in rows], always | ((sometimes | people) & ruled))
    return tells, said | tells | ~(sometimes | people)


def calibrated(pairs: list[tuple[Floats, int]]) -> float:
    """Return the temperature with the least cross-entropy for (logits, right class) of held-out messages."""
    z = np.array([logits for logits, _ in pairs], dtype=np.float64)
    right = np.array([place for _, place in pairs])

    def loss(temperature: float) -> float:
        scaled = z / temperature
        top = scaled.max(axis=1)
        return float(np.mean(np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top - scaled[range(len(z)), right]))

    return min((round(0.02 * step, 2) for step in range(3, 101)), key=loss)


def save(model: SubjectModel, path: Path, about: Mapping[str, object]) -> None:
    """Write the weights in 8 bits (.npz) and the description beside them (.json)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spelled = model.speller.frequencies
    words = np.frombuffer("\n".join(spelled).encode("utf-8"), dtype=np.uint8)
    often = np.array(list(spelled.values()), dtype=np.uint32)
    np.savez_compressed(path, allow_pickle=False, **_small(model.linear), spelled=words, often=often)
    description = {
        "version": model.version,
        "classes": model.classes,
        "temperature": model.temperature,
        "threshold": model.threshold,
        "danger": asdict(model.danger),
        "second": asdict(model.second),
        **about,
    }
    path.with_suffix(".json").write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _small(linear: Linear) -> dict[str, npt.NDArray[np.generic]]:
    scale = np.abs(linear.weights).max(axis=0) / 127
    return {
        "names": np.frombuffer("\n".join(linear.index).encode("utf-8"), dtype=np.uint8),
        "idf": linear.idf.astype(np.float16),
        "weights": np.round(linear.weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": linear.bias.astype(np.float32),
    }


def version_of(messages: Iterable[Message]) -> str:
    """Return a version that changes with the messages, frames and settings a model is trained with."""
    digest = hashlib.sha256((DATA / "frames.json").read_bytes())
    digest.update(repr(_SETTINGS).encode())
    for row in messages:
        digest.update(f"{row.text}\0{row.subject}\0{row.also}\0{row.weight}\n".encode())
    return f"linear-{digest.hexdigest()[:10]}"
