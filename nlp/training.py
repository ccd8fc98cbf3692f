"""Training of the subject model; `fit` needs scikit-learn, which the bot runs without (requirements/train.txt)."""

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nlp import features, forms, language, urgency
from nlp.landmarks import without_landmarks
from nlp.subjects import NONE, Floats, Linear, SubjectModel

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DATA = Path(__file__).parent / "data"
HANDS = ("young", "formal", "angry", "captions", "plain", "letters", "talk", "alarm", "calm")
ALARM, CALM = "alarm", "calm"
_FOR_DANGER = 0.15
"""What a message of these two hands counts for in the subjects; for danger it counts whole."""
"""The hand that tells of danger only, and the one that sounds like it and tells of none."""

PHRASES = "phrases"

_SEED = 137
_KEPT = 60_000
_STRENGTH = 12.0
_PHRASE_WEIGHT = 0.6
_WRAPPED, _WRAPPED_WEIGHT = 0.2, 0.5
_LATIN, _LATIN_WEIGHT = 0.2, 0.5
_ALSO_WEIGHT = 0.3

_ALWAYS_DANGER = frozenset({"ext_medical", "ext_social_emergency", "fire_rescue"})
_SOMETIMES_DANGER = frozenset(
    {
        *("ext_gas", "ext_police", "ext_power", "gutter_cover", "hazard_site", "homeless_addicts", "other_animals"),
        *("road_collapse", "stray_dogs", "street_flooding", "traffic_light", "tree_hazard", "unsafe_building"),
        *("waste_burning", "excavation_repair", "playground", "pedestrian_crossing", "ext_health", "ext_environment"),
    }
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its subject (or "none"), further subjects it may pass for, who wrote it, and its weight."""

    text: str
    subject: str
    also: tuple[str, ...]
    hand: str
    weight: float = 1.0
    latin: bool = False
    """Whether only its consonants are looked at, as if it were written in Latin letters."""


def read_hand(hand: str) -> list[Message]:
    """Read one hand's JSON lines from nlp/data."""
    lines = (DATA / f"{hand}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Message(row["text"], row["subject"], tuple(row.get("also", ())), hand) for row in map(json.loads, lines)]


def read_phrases(subjects: Path) -> list[Message]:
    """Read each subject's title and phrases as short messages from a city's subjects.json."""
    rows: list[Mapping[str, object]] = json.loads(subjects.read_text(encoding="utf-8"))["subjects"]
    return [
        Message(str(phrase), str(row["slug"]), (), PHRASES, _PHRASE_WEIGHT) for row in rows for phrase in _listed(row)
    ]


def _listed(row: Mapping[str, object]) -> list[object]:
    phrases = row["phrases"]
    return [row["title"], *(phrases if isinstance(phrases, list) else [])]


def fit(messages: Iterable[Message], version: str) -> SubjectModel:
    """Train the weights; the same messages give the same model. Temperature and thresholds are for others to set."""
    rows = _with_copies(list(messages))
    classes = tuple(sorted({row.subject for row in rows}))
    documents = [_words(row) for row in rows]
    linear = _vocabulary([words for words, _ in documents])
    matrix = _matrix(documents, linear)
    targets = np.array([classes.index(row.subject) for row in rows])
    kept = _telling(matrix, targets)
    linear = _only(linear, kept)
    weights, bias = _regress(matrix[:, kept], rows, targets)
    return SubjectModel(version, classes, replace(linear, weights=weights, bias=bias), temperature=1.0, threshold=1.0)


def _words(row: Message) -> tuple[list[str], bool]:
    letters = not row.latin and language.language(row.text) != language.FINGLISH
    return without_landmarks(forms.folded(row.text)).split(), letters


def _with_copies(rows: list[Message]) -> list[Message]:
    """Add messages among greetings and thanks, as if in Latin letters, and for each further subject they hold."""
    further = [
        replace(row, subject=slug, weight=row.weight * _ALSO_WEIGHT / len(row.also))
        for row in rows
        for slug in row.also
    ]
    draw = random.Random(_SEED)  # noqa: S311 - a repeatable choice, not a secret
    latin = [replace(row, latin=True, weight=row.weight * _LATIN_WEIGHT) for row in rows if draw.random() < _LATIN]
    return [*rows, *_wrapped(rows, draw), *further, *latin]


def _wrapped(rows: list[Message], draw: random.Random) -> list[Message]:
    frame = json.loads((DATA / "frames.json").read_text(encoding="utf-8"))

    def around(row: Message) -> Message:
        before, after = draw.choice(frame["before"]), draw.choice(frame["after"])
        place = draw.choice(frame["places"])
        told = [*draw.sample(frame["told"], draw.choice((0, 0, 1, 2))), row.text]
        parts = [before, place, *told, after] if draw.random() < 0.5 else [before, *told[::-1], place, after]
        return replace(row, text=" ".join(parts), weight=row.weight * _WRAPPED_WEIGHT)

    return [around(row) for row in rows if row.subject != NONE and row.hand != PHRASES and draw.random() < _WRAPPED]


def _vocabulary(documents: list[list[str]]) -> Linear:
    frequency = Counter(name for words in documents for name in features.count(words))
    idf = {name: 1 + math.log((1 + len(documents)) / (1 + n)) for name, n in sorted(frequency.items()) if n >= 3}
    return Linear(
        index={name: row for row, name in enumerate(idf)},
        idf=np.array(list(idf.values()), dtype=np.float32),
        weights=np.zeros((0, 0), dtype=np.float32),
        bias=np.zeros(0, dtype=np.float32),
    )


def _matrix(documents: list[tuple[list[str], bool]], linear: Linear) -> "csr_matrix":
    # imported here so that measuring a model needs no scikit-learn: beside hazm it slows the bot's start threefold
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    vectors = [linear.vector(words, letters=letters) for words, letters in documents]
    ends = np.cumsum([0, *(len(rows) for rows, _ in vectors)])
    rows, values = (np.concatenate(parts) for parts in zip(*vectors, strict=True))
    return csr_matrix((values, rows, ends), shape=(len(documents), len(linear.index)), dtype=np.float32)


def _telling(matrix: "csr_matrix", targets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the features that tell most about the subject, in the order of the vocabulary."""
    from sklearn.feature_selection import chi2  # noqa: PLC0415 - see _matrix

    strength = np.nan_to_num(chi2(matrix, targets)[0])
    return np.sort(np.argsort(-strength, kind="stable")[:_KEPT])


def _only(linear: Linear, kept: npt.NDArray[np.int64]) -> Linear:
    names = list(linear.index)
    return Linear(
        index={names[row]: place for place, row in enumerate(kept)},
        idf=linear.idf[kept],
        weights=linear.weights,
        bias=linear.bias,
    )


def _regress(matrix: "csr_matrix", rows: list[Message], targets: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Fit subjects and danger in the space of the messages: a fraction of the time, and the same weights."""
    from scipy.linalg import cholesky, solve_triangular  # noqa: PLC0415 - see _matrix
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    kernel = (matrix @ matrix.T).toarray()
    kernel[np.diag_indices(len(rows))] += 1e-3  # copies of a message make it singular
    root = cholesky(kernel, lower=True, overwrite_a=True)
    weights = np.array([row.weight for row in rows])
    subject = LogisticRegression(C=_STRENGTH, max_iter=35, tol=1e-3)
    subject.fit(root, targets, sample_weight=weights * _subject_share(rows))
    tells, known = danger_labels(rows)
    danger = LogisticRegression(C=_STRENGTH, max_iter=80, tol=1e-3)
    danger.fit(root[known], tells[known], sample_weight=weights[known])
    columns = np.vstack([subject.coef_, danger.coef_]).T
    of_messages = solve_triangular(root.T, columns, lower=False)
    bias = np.concatenate([subject.intercept_, danger.intercept_])
    return np.asarray(matrix.T @ of_messages, dtype=np.float32), bias.astype(np.float32)


def _subject_share(rows: Sequence[Message]) -> npt.NDArray[np.float64]:
    """Say how much each message counts for the subjects: those written for danger are many of few subjects."""
    return np.array([_FOR_DANGER if row.hand in (ALARM, CALM) else 1.0 for row in rows])


def danger_labels(rows: Sequence[Message]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Say which messages tell of danger, and for which that is known: the rules speak for subjects that may."""
    alarm, calm = (np.array([row.hand == hand for row in rows]) for hand in (ALARM, CALM))
    always = np.array([row.subject in _ALWAYS_DANGER for row in rows])
    sometimes = np.array([row.subject in _SOMETIMES_DANGER for row in rows])
    ruled = np.array([urgency.danger(row.text) is not None for row in rows])
    tells = alarm | (~calm & (always | (sometimes & ruled)))
    return tells, tells | calm | ~sometimes


def calibrated(pairs: list[tuple[Floats, int]]) -> float:
    """Return the temperature with the least cross-entropy for (logits, right class) of held-out messages."""
    z = np.array([logits for logits, _ in pairs], dtype=np.float64)
    right = np.array([place for _, place in pairs])

    def loss(temperature: float) -> float:
        scaled = z / temperature
        top = scaled.max(axis=1)
        return float(np.mean(np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top - scaled[range(len(z)), right]))

    return min((round(0.2 + 0.05 * step, 2) for step in range(37)), key=loss)


def save(model: SubjectModel, path: Path, about: Mapping[str, object]) -> None:
    """Write the weights in 8 bits (.npz) and the description beside them (.json)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **_small(model.linear))
    description = {
        "version": model.version,
        "classes": model.classes,
        "temperature": model.temperature,
        "threshold": model.threshold,
        "danger": model.danger,
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
    """Return a version that changes with the messages and frames a model is trained on."""
    digest = hashlib.sha256((DATA / "frames.json").read_bytes())
    for row in messages:
        digest.update(f"{row.text}\0{row.subject}\0{row.also}\0{row.weight}\n".encode())
    return f"linear-{digest.hexdigest()[:10]}"
