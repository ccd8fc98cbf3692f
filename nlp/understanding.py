"""One reading of a message: what it is about, whether it is urgent, where it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from nlp import kind, language, map_links, urgency
from nlp.kind import Kind
from nlp.language import Language
from nlp.map_links import Position
from nlp.places import Gazetteer, Mention, PlaceName
from nlp.subjects import NONE, SHIPPED, Guess, SubjectModel
from nlp.urgency import Danger, DangerKind

_SURELY_NONE = 0.7

# Subjects all of whose messages tell of danger, for those the rules miss.
_DANGER_OF: dict[str, tuple[DangerKind, float]] = {
    "ext_medical": ("medical", 0.4),
    "fire_rescue": ("fire", 0.4),
    "ext_social_emergency": ("person_in_danger", 0.4),
    "ext_gas": ("gas", 0.8),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a message; `guesses` best first, `mentions` best first, `model` the version used."""

    guesses: tuple[Guess, ...]
    kind: Kind
    danger: Danger | None
    mentions: tuple[Mention, ...]
    language: Language
    position: Position | None
    short_link: bool
    sure: bool
    model: str


class Understanding:
    """Everything the bot needs to read a message, loaded once; safe to use from several threads."""

    def __init__(self, model: SubjectModel, subjects: Iterable[str], places: Iterable[PlaceName]) -> None:
        """Take a model, the slugs of the city's subjects, and the city's place names."""
        self._model = model
        self._subjects = frozenset(subjects)
        self._gazetteer = Gazetteer(places)
        self._recent = lru_cache(maxsize=8)(self._read)  # one message is read at several places of one turn

    @classmethod
    def load(cls, model_path: Path = SHIPPED, *, subjects: Iterable[str], places: Iterable[PlaceName] = ()) -> Self:
        """Load the model from disk (about 0.1 s); guesses outside the city's subjects are never made."""
        return cls(SubjectModel.load(model_path), subjects, places)

    def take_over(self, other: Self) -> None:
        """Read from now on with the model of `other`; whoever is reading just now ends with the old one."""
        self._model = other._model
        self._recent.cache_clear()

    @property
    def version(self) -> str:
        """The version of the subject model."""
        return self._model.version

    def read(self, text: str, top: int = 3) -> Reading:
        """Read a message; any text is fine, nothing raises."""
        return self._recent(text, top)

    def _read(self, text: str, top: int) -> Reading:
        chances = self._model.chances(text)
        order = sorted(self._subjects & chances.keys(), key=lambda slug: (-chances[slug], slug))
        guesses = tuple(Guess(slug, chances[slug]) for slug in order[:top])
        danger = urgency.danger(text) or _of_subject(guesses)
        of_kind = self._kind(text, chances[NONE], danger)
        return Reading(
            guesses=guesses,
            kind=of_kind,
            danger=danger,
            mentions=tuple(self._gazetteer.find(text)),
            language=language.language(text),
            position=map_links.position(text),
            short_link=map_links.has_short_link(text),
            sure=of_kind == "request" and bool(guesses) and guesses[0].p >= self._model.threshold,
            model=self._model.version,
        )

    @staticmethod
    def _kind(text: str, none: float, danger: Danger | None) -> Kind:
        if danger:
            return "request"
        return "none" if kind.kind(text) == "none" or none >= _SURELY_NONE else "request"


def _of_subject(guesses: tuple[Guess, ...]) -> Danger | None:
    if not guesses:
        return None
    danger, least = _DANGER_OF.get(guesses[0].slug, (None, 2.0))
    return Danger(danger) if danger and guesses[0].p >= least else None
