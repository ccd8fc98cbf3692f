"""Training of the subject model; `fit` needs scikit-learn, which the bot runs without (requirements/train.txt)."""

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nlp import features, forms, language
from nlp.skeleton import skeleton
from nlp.subjects import Floats, Linear, SubjectModel, vector

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DATA = Path(__file__).parent / "data"
HANDS = ("young", "formal", "angry", "captions", "plain")
PHRASES = "phrases"

_SEED = 137
_LETTERS_KEPT, _CONSONANTS_KEPT = 26_000, 9_000
_STRENGTH = 12.0
_PHRASE_WEIGHT = 0.6
_WRAPPED_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its subject (or "none"), further subjects it may pass for, who wrote it, and its weight."""

    text: str
    subject: str
    also: tuple[str, ...]
    hand: str
    weight: float = 1.0


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


def fit(messages: Iterable[Message], version: str, temperature: float = 1.0, threshold: float = 1.0) -> SubjectModel:
    """Train both scripts' weights; the same messages give the same model."""
    rows = list(messages)
    classes = tuple(sorted({row.subject for row in rows}))
    wrapped = _wrapped(rows)
    return SubjectModel(
        version=version,
        classes=classes,
        letters=_fit_linear(
            [(forms.folded(row.text).split(), row) for row in rows + wrapped if not _finglish(row)],
            classes,
            _LETTERS_KEPT,
        ),
        consonants=_fit_linear([(skeleton(row.text).split(), row) for row in rows], classes, _CONSONANTS_KEPT),
        temperature=temperature,
        threshold=threshold,
    )


def _finglish(row: Message) -> bool:
    return language.language(row.text) == language.FINGLISH


def _wrapped(rows: list[Message]) -> list[Message]:
    """Copy each message into greetings, a city and thanks, so that these come to mean nothing."""
    draw = random.Random(_SEED)  # noqa: S311 - a repeatable choice, not a secret
    frame = json.loads((DATA / "frames.json").read_text(encoding="utf-8"))

    def around(row: Message) -> Message:
        before, after = draw.choice(frame["before"]), draw.choice(frame["after"])
        place = draw.choice(frame["places"])
        told = [*draw.sample(frame["told"], draw.choice((0, 0, 1, 2))), row.text]
        parts = [before, place, *told, after] if draw.random() < 0.5 else [before, *told[::-1], place, after]
        return replace(row, text=" ".join(parts), weight=row.weight * _WRAPPED_WEIGHT)

    return [around(row) for row in rows if row.subject != "none"]


def _fit_linear(documents: list[tuple[list[str], Message]], classes: tuple[str, ...], kept: int) -> Linear:
    counted = [features.count(words) for words, _ in documents]
    targets = np.array([classes.index(row.subject) for _, row in documents])
    weights = np.array([row.weight for _, row in documents])
    idf = _inverse_frequency(counted)
    first = _regress(counted, _empty(idf), targets, weights)
    strength = np.linalg.norm(first.weights, axis=1) * first.idf
    best = set(np.argsort(-strength)[:kept].tolist())
    chosen = {name: idf[name] for name, row in first.index.items() if row in best}
    return _regress(counted, _empty(chosen), targets, weights)


def _inverse_frequency(counted: list[Counter[str]]) -> dict[str, float]:
    frequency = Counter(name for counts in counted for name in counts)
    total = len(counted)
    return {name: 1 + math.log((1 + total) / (1 + n)) for name, n in sorted(frequency.items()) if n >= 3}


def _empty(idf: dict[str, float]) -> Linear:
    names = sorted(idf)
    return Linear(
        index={name: row for row, name in enumerate(names)},
        idf=np.array([idf[name] for name in names], dtype=np.float32),
        weights=np.zeros((0, 0), dtype=np.float32),
        bias=np.zeros(0, dtype=np.float32),
    )


def _regress(
    counted: list[Counter[str]], empty: Linear, targets: npt.NDArray[np.int64], weights: npt.NDArray[np.float64]
) -> Linear:
    # imported here so that measuring a model needs no scikit-learn: beside hazm it slows the bot's start threefold
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    regression = LogisticRegression(C=_STRENGTH, max_iter=60, tol=1e-3)
    regression.fit(_matrix(counted, empty), targets, sample_weight=weights)
    return replace(empty, weights=regression.coef_.T.astype(np.float32), bias=regression.intercept_.astype(np.float32))


def _matrix(counted: list[Counter[str]], linear: Linear) -> "csr_matrix":
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - see _regress

    columns: list[npt.NDArray[np.int64]] = []
    values: list[Floats] = []
    ends = [0]
    for counts in counted:
        known = [(linear.index[name], features.block(name), n) for name, n in counts.items() if name in linear.index]
        rows, blocks, numbers = np.array(known, dtype=np.int64).reshape(-1, 3).T
        columns.append(rows)
        values.append(vector(linear.idf[rows], blocks, numbers))
        ends.append(ends[-1] + len(rows))
    shape = (len(counted), len(linear.index))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), np.array(ends)), shape=shape)


def calibrated(pairs: list[tuple[Floats, int]]) -> float:
    """Return the temperature with the least cross-entropy for (logits, right class) of held-out messages."""

    def loss(temperature: float) -> float:
        total = 0.0
        for z, right in pairs:
            scaled = z.astype(np.float64) / temperature
            total += float(np.log(np.exp(scaled - scaled.max()).sum()) + scaled.max() - scaled[right])
        return total

    return min((round(0.2 + 0.05 * step, 2) for step in range(37)), key=loss)


def save(model: SubjectModel, path: Path, about: Mapping[str, object]) -> None:
    """Write the weights in 8 bits (.npz) and the description beside them (.json)."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for script, linear in (("letters", model.letters), ("consonants", model.consonants)):
        arrays |= {f"{script}_{name}": array for name, array in _small(linear).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)
    description = {
        "version": model.version,
        "classes": model.classes,
        "temperature": model.temperature,
        "threshold": model.threshold,
        **about,
    }
    path.with_suffix(".json").write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _small(linear: Linear) -> dict[str, npt.NDArray[np.generic]]:
    names = "\n".join(linear.index).encode("utf-8")
    scale = np.abs(linear.weights).max(axis=0) / 127
    return {
        "names": np.frombuffer(names, dtype=np.uint8),
        "idf": linear.idf.astype(np.float16),
        "weights": np.round(linear.weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": linear.bias.astype(np.float32),
    }


def version_of(messages: Iterable[Message]) -> str:
    """Return a version that changes with the messages and frames a model is trained on."""
    digest = hashlib.sha256((DATA / "frames.json").read_bytes())
    for row in messages:
        digest.update(f"{row.text}\0{row.subject}\0{row.weight}\n".encode())
    return f"linear-{digest.hexdigest()[:10]}"
