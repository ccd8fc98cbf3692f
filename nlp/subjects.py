"""The subject of a message, ranked: a linear model over words, pieces of words and consonants, by numpy alone."""

import json
import math
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from nlp import alarm, courtesy, features, forms, language, urgency
from nlp.alarm import Alarm
from nlp.courtesy import Clause
from nlp.finglish import Speller
from nlp.landmarks import without_landmarks
from nlp.urgency import Danger

SHIPPED = Path(__file__).parent / "model" / "subjects.npz"
"""The model that comes with the product; its description is beside it, with the ending .json."""

NONE = "none"
"""The class of messages that ask for nothing."""

LONG = 45
"""Words from which the clauses of a message also have a say; real letters have 60 in the median."""

LENGTHS = (1.0, 1.0, 0.7)
"""Lengths of the blocks of features: words, pieces, consonants."""

OF_CLAUSES = 0.2
"""Their share, measured with one hand left out at a time (docs/nlp.md)."""

_CACHED_WORDS = 12_000

_MOST_NEW = 60
"""So many words that no training message held are read by their pieces; more of them make no sense, and take time."""

_LATIN_RUN = re.compile(r"(?<![\w@./:-])[A-Za-z'’]{2,24}(?:[ ,.،]{1,3}[A-Za-z'’]{2,24}){2,}(?![\w@/:-])")
"""Three and more Latin words within a Persian message: no name, no link."""

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Guess:
    """A subject's slug and the probability, 0 to 1, that the message is about it."""

    slug: str
    p: float


@dataclass(frozen=True)
class Linear:
    """TF-IDF weights: features in `index`, one row of `weights` each; one column a class, the last for danger."""

    index: dict[str, int]
    idf: Floats
    weights: Floats | npt.NDArray[np.int8]
    bias: Floats
    scale: Floats = field(default_factory=lambda: np.ones(1, dtype=np.float32))
    """What the weights of a column are multiplied by: they are kept in 8 bits, a quarter of the memory."""
    _rows: dict[str, Integers] = field(default_factory=dict, repr=False, compare=False)

    def logits(self, words: list[str]) -> Floats:
        """Return one logit a column for the words of a folded text."""
        rows, values = self.vector(words)
        return np.asarray((values @ self.weights[rows]) * self.scale + self.bias, dtype=np.float32)

    def vector(self, words: list[str]) -> tuple[Integers, Floats]:
        """Return the rows of a text's features and their sublinear TF-IDF values, each block at its length."""
        words = features.counted(words)
        times = Counter(words)
        found = [self._of_word(word) for word in times]
        pairs = [row for pair in features.pairs(words) if (row := self.index.get(pair)) is not None]
        rows = np.concatenate([*found, np.array(pairs, dtype=np.int32)])
        repeats = np.repeat(list(times.values()), [len(each) for each in found]) if found else np.zeros(0)
        return self._weighed(rows, np.concatenate([repeats, np.ones(len(pairs))]))

    def _weighed(self, rows: Integers, repeats: npt.NDArray[np.float64]) -> tuple[Integers, Floats]:
        rows, places = np.unique(rows, return_inverse=True)
        numbers = np.bincount(places, repeats, minlength=len(rows))
        blocks = self._blocks[rows]
        values = (1.0 + np.log(numbers)) * self.idf[rows]
        squares = np.bincount(blocks, values**2, minlength=len(LENGTHS))
        scale = np.array(LENGTHS) / np.sqrt(np.maximum(squares, 1e-12))
        return rows, (values * scale[blocks]).astype(np.float32)

    @cached_property
    def _blocks(self) -> Integers:
        return np.array([features.block(name) for name in self.index], dtype=np.int32)

    def _of_word(self, word: str) -> Integers:
        rows = self._rows.get(word)
        if rows is None:
            get = self.index.get
            known = [row for name in features.of_word(word) if (row := get(name)) is not None]
            rows = np.array(known, dtype=np.int32)
            if len(self._rows) >= _CACHED_WORDS:
                self._rows.clear()
            self._rows[word] = rows
        return rows


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model makes of a message: a score for each class and for danger, and the classes of each clause."""

    classes: Floats
    danger: float
    latin: bool = False
    words: int = 0
    clauses: tuple[tuple[Clause, Floats], ...] = ()


class Candidate(NamedTuple):
    """A clause that speaks of another subject than the whole, with the probabilities (0 to 1) that decide on it."""

    slug: str
    clause: Clause
    alone: float
    """Of the slug, in the clause by itself."""
    whole: float
    """Of the slug, in the whole message."""
    first: float
    """Of the first subject, in the whole message."""
    first_alone: float
    """Of the first subject, in the clause by itself."""

    def traits(self) -> list[float]:
        """Return what a second subject is judged by: log-odds of the four, and the words of the clause."""
        odds = (_log_odds(p) for p in (self.alone, self.whole, self.first, self.first_alone))
        return [*odds, float(len(self.clause.words))]


@dataclass(frozen=True, slots=True)
class Second:
    """How a second subject is judged: a weight for each trait of a candidate, and the least confidence."""

    bias: float = 0.0
    weights: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 0.0)
    least: float = 0.5

    def confidence(self, candidate: Candidate) -> float:
        """Return the probability, 0 to 1, that the candidate is a problem of its own."""
        z = self.bias + sum(w * trait for w, trait in zip(self.weights, candidate.traits(), strict=True))
        return 1 / (1 + math.exp(-z))


@dataclass(frozen=True, slots=True)
class SubjectModel:
    """The classes, their weights, and the numbers that turn logits into probabilities and decisions."""

    version: str
    classes: tuple[str, ...]
    linear: Linear
    temperature: float
    threshold: float
    danger: Alarm = field(default_factory=Alarm)
    """How danger is judged."""
    second: Second = Second()
    speller: Speller = field(default_factory=lambda: Speller({}))
    """What puts Finglish into Persian letters."""

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Self:
        """Read a model written by `python -m nlp train`; OSError or ValueError when it is not one."""
        try:
            return cls._read(path)
        except (zipfile.BadZipFile, EOFError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name} is no model, or a damaged one") from error

    @classmethod
    def _read(cls, path: Path) -> Self:
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return cls(
                version=about["version"],
                classes=tuple(about["classes"]),
                linear=_linear(arrays),
                temperature=about["temperature"],
                threshold=about["threshold"],
                danger=alarm.read(about["danger"]),
                second=_second(about["second"]),
                speller=_speller(arrays),
            )

    def rank(self, text: str, top: int = 3) -> list[Guess]:
        """Return the most probable subjects, best first; a message that asks for nothing leaves them all low."""
        chances = self.chances(self.hear(text).classes)
        order = sorted((slug for slug in chances if slug != NONE), key=lambda slug: -chances[slug])
        return [Guess(slug, chances[slug]) for slug in order[:top]]

    def chances(self, logits: Floats) -> dict[str, float]:
        """Return the probability of every class, NONE among them."""
        p = softmax(logits / self.temperature)
        return {slug: float(chance) for slug, chance in zip(self.classes, p, strict=True)}

    def alarm_traits(self, heard: Heard, chances: Mapping[str, float], *, ruled: bool) -> alarm.Traits:
        """Return what danger in a message is judged by; `ruled`: a rule of danger.toml speaks."""
        return alarm.traits(heard.danger, chances, ruled=ruled, latin=heard.latin, words=heard.words)

    def second_of(
        self, heard: Heard, chances: Mapping[str, float], slugs: Collection[str]
    ) -> tuple[str, float, str] | None:
        """Return the subject among `slugs` that a clause of its own tells of, the confidence in it, and the clause."""
        best = self.candidate(heard, chances, slugs)
        if best is None or (p := self.second.confidence(best)) < self.second.least:
            return None
        return best.slug, p, best.clause.raw

    def candidate(self, heard: Heard, chances: Mapping[str, float], slugs: Collection[str]) -> Candidate | None:
        """Return the clause that speaks most clearly of one of `slugs`; None when none does."""
        first = max((slug for slug in chances if slug != NONE and slug not in slugs), key=chances.__getitem__)
        best: Candidate | None = None
        for clause, logits in heard.clauses:
            p = softmax(logits / self.temperature)
            slug = self.classes[int(p.argmax())]
            alone = float(p.max())
            if slug in slugs and (best is None or alone > best.alone):
                there = float(p[self.classes.index(first)])
                best = Candidate(slug, clause, alone, chances[slug], chances[first], there)
        return best

    def persian(self, text: str) -> str:
        """Return the text itself, or what Finglish in it says in Persian letters, as far as its words are known."""
        return spelled(text, self.speller, latin=language.language(text) == language.FINGLISH)

    def rule(self, text: str) -> Danger | None:
        """Return the danger that a rule finds in the text, as it stands or put into Persian letters."""
        said = self.persian(text)
        return urgency.danger(text) or (urgency.danger(said) if said is not text else None)

    def hear(self, text: str) -> Heard:
        """Weigh a message as a whole and clause by clause; any text is fine."""
        latin = language.language(text) == language.FINGLISH
        said_words = words_of(spelled(text, self.speller, latin=latin), latin=latin)
        words = self._sensible(said_words)
        whole = self.linear.logits(words)
        has_clauses = len(words) == len(said_words) > 2 * courtesy.SHORTEST
        parts = courtesy.clauses(text) if has_clauses else []
        said = [(part, self._of_clause(part, latin=latin)) for part in parts]
        z = whole[:-1]
        if len(words) >= LONG and len(said) > 1:
            strongest = np.max([each[:-1] for _, each in said], axis=0)
            z = np.asarray((1 - OF_CLAUSES) * z + OF_CLAUSES * strongest, dtype=np.float32)
        clauses = tuple((part, each[:-1]) for part, each in said)
        return Heard(z, float(whole[-1]), latin, len(words), clauses)

    def _of_clause(self, part: Clause, *, latin: bool) -> Floats:
        if latin or _LATIN_RUN.search(part.raw):
            return self.linear.logits(words_of(spelled(part.raw, self.speller, latin=latin), latin=latin))
        return self.linear.logits(telling(part.words))

    def _sensible(self, words: list[str]) -> list[str]:
        """Leave out what comes after the first _MOST_NEW unknown words of a message, as far as it is unknown too."""
        kept, new = [], 0
        for word in words:
            known = word in self.linear.index
            new += not known
            if known or new <= _MOST_NEW:
                kept.append(word)
        return kept


def spelled(text: str, speller: Speller, *, latin: bool) -> str:
    """Spell a text that is Finglish, or the Finglish sentences within a Persian one («سلام barq raft az sobh»)."""
    if latin:
        return speller.persian(text)
    if text.isascii() or not _LATIN_RUN.search(text):
        return text
    return _LATIN_RUN.sub(lambda run: speller.persian(run.group()), text)


def words_of(text: str, *, latin: bool) -> list[str]:
    """Return the folded words by which a text is read, landmarks left out; `latin`: it was Finglish.

    Latin words in a Persian message are names, links and markup; in Finglish they are what the speller does not know.
    """
    words = without_landmarks(forms.folded(text)).split()
    return words if latin else telling(words)


def telling(words: list[str]) -> list[str]:
    """Leave out Latin words, unless there are no others."""
    return [word for word in words if word.isdigit() or not word.isascii()] or words


def softmax(z: Floats) -> Floats:
    """Return probabilities for logits."""
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum(), dtype=np.float32)


def _second(about: dict[str, Any]) -> Second:
    return Second(about["bias"], tuple(about["weights"]), about["least"])


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def _speller(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Speller:
    names = str(arrays["spelled"].data, "utf-8").split()
    return Speller(dict(zip(names, map(int, arrays["often"].astype(np.int64)), strict=True)))


def _linear(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Linear:
    weights = arrays["weights"]  # read once, before anything small: a copy of it would stay with the process
    names = str(arrays["names"].data, "utf-8").split("\n")
    return Linear(
        index={name: row for row, name in enumerate(names)},
        idf=arrays["idf"].astype(np.float32),
        weights=weights.astype(np.int8, copy=False),
        bias=arrays["bias"].astype(np.float32),
        scale=arrays["scale"].astype(np.float32),
    )
