"""The subject of a message, ranked: a linear model over words and pieces of words, by numpy alone."""

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from nlp import courtesy, features, forms, language
from nlp.landmarks import without_landmarks
from nlp.skeleton import skeleton

SHIPPED = Path(__file__).parent / "model" / "subjects.npz"
"""The model that comes with the product; its description is beside it, with the ending .json."""

NONE = "none"
"""The class of messages that ask for nothing."""

LONG = 55
"""Words from which a message is also read clause by clause; real letters have 60 in the median."""

# Shares of the parts, measured with one hand left out at a time (docs/nlp.md).
_OF_CONSONANTS = 0.3
_OF_CLAUSES = 0.6
_OF_CORE = 0.3
_MOST_CLAUSES = 40

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """A subject's slug and the probability, 0 to 1, that the message is about it."""

    slug: str
    p: float


@dataclass(frozen=True, slots=True)
class Linear:
    """TF-IDF weights of one script: features in `index`, one row of `weights` each, one column a class."""

    index: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats

    def logits(self, counts: Counter[str]) -> Floats:
        """Return one logit a class for counted features."""
        known = [(self.index[name], features.block(name), n) for name, n in counts.items() if name in self.index]
        if not known:
            return self.bias
        columns = zip(*known, strict=True)
        rows, blocks, numbers = (np.array(column) for column in columns)
        values = vector(self.idf[rows], blocks, numbers)
        return np.asarray(values @ self.weights[rows] + self.bias, dtype=np.float32)


def vector(idf: Floats, blocks: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> Floats:
    """Return sublinear TF-IDF values, each block brought to length one."""
    values = (1.0 + np.log(numbers)) * idf
    for block in (features.WORDS, features.PIECES):
        mine = blocks == block
        length = math.sqrt(float(np.sum(values[mine] ** 2)))
        if length:
            values[mine] /= length
    return values.astype(np.float32)


@dataclass(frozen=True, slots=True)
class SubjectModel:
    """The classes, one linear model for Persian letters and one for the consonants of Finglish."""

    version: str
    classes: tuple[str, ...]
    letters: Linear
    consonants: Linear
    temperature: float
    threshold: float

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Self:
        """Read a model written by `python -m nlp train`; OSError or ValueError when it is not one."""
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                version=about["version"],
                classes=tuple(about["classes"]),
                letters=_linear(arrays, "letters"),
                consonants=_linear(arrays, "consonants"),
                temperature=about["temperature"],
                threshold=about["threshold"],
            )

    def rank(self, text: str, top: int = 3) -> list[Guess]:
        """Return the most probable subjects, best first; a message that asks for nothing leaves them all low."""
        chances = self.chances(text)
        order = sorted((slug for slug in chances if slug != NONE), key=lambda slug: -chances[slug])
        return [Guess(slug, chances[slug]) for slug in order[:top]]

    def chances(self, text: str) -> dict[str, float]:
        """Return the probability of every class, NONE among them."""
        p = _softmax(self.logits(text) / self.temperature)
        return {slug: float(chance) for slug, chance in zip(self.classes, p, strict=True)}

    def logits(self, text: str) -> Floats:
        """Return a logit for each class: letters and consonants together, long letters clause by clause as well."""
        said = without_landmarks(forms.folded(text))
        consonants = self.consonants.logits(features.count(skeleton(said).split()))
        if language.language(text) == language.FINGLISH:
            return consonants
        words = said.split()
        z = (1 - _OF_CONSONANTS) * self._of(words) + _OF_CONSONANTS * consonants
        clauses = courtesy.sentences(text)[:_MOST_CLAUSES] if len(words) >= LONG else []
        return self._with_clauses(z, clauses) if len(clauses) > 1 else z

    def _with_clauses(self, whole: Floats, clauses: list[list[str]]) -> Floats:
        strongest = np.max([self._of(clause) for clause in clauses], axis=0)
        z = (1 - _OF_CLAUSES) * whole + _OF_CLAUSES * strongest
        core = self._of([word for clause in clauses for word in clause])
        return np.asarray((1 - _OF_CORE) * z + _OF_CORE * core, dtype=np.float32)

    def _of(self, words: list[str]) -> Floats:
        return self.letters.logits(features.count(words))


def _softmax(z: Floats) -> Floats:
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum(), dtype=np.float32)


def _linear(arrays: "np.lib.npyio.NpzFile", script: str) -> Linear:
    names = arrays[f"{script}_names"].tobytes().decode("utf-8").split("\n")
    weights = arrays[f"{script}_weights"].astype(np.float32) * arrays[f"{script}_scale"].astype(np.float32)
    return Linear(
        index={name: row for row, name in enumerate(names)},
        idf=arrays[f"{script}_idf"].astype(np.float32),
        weights=weights,
        bias=arrays[f"{script}_bias"].astype(np.float32),
    )
