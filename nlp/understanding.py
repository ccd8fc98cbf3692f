"""One reading of a message: what it is about, whether it is urgent, where it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from nlp import kind, language, map_links, profanity, urgency
from nlp.kind import Kind
from nlp.language import Language
from nlp.map_links import Position
from nlp.places import Gazetteer, Mention, PlaceName
from nlp.subjects import NONE, SHIPPED, Guess, Heard, SubjectModel
from nlp.urgency import Danger, DangerKind

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

SURELY_NONE = 0.7
"""Probability from which the model alone may call a message none."""

_READ_FIRST, _READ_LAST = 800, 400
"""Characters that are read of the beginning and the end of a very long message: it bounds the time."""

_LONGEST_NONE = 30
"""Words: a message longer than that is read by a person, whatever it seems to be."""

_OUTAGE, _SURELY_OUTAGE = "ext_power", 0.8
"""The subject of a power cut, and from which probability on it is taken for one."""

# What a danger that only the model hears is called, by the likeliest of these subjects.
_DANGER_OF: dict[str, DangerKind] = {
    "ext_medical": "medical",
    "fire_rescue": "fire",
    "ext_social_emergency": "person_in_danger",
    "ext_gas": "gas",
    "ext_power": "electric",
    "ext_police": "crime",
    "street_flooding": "flood",
    "gutter_cover": "open_hole",
    "road_collapse": "collapse",
    "unsafe_building": "collapse",
    "tree_hazard": "collapse",
    "hazard_site": "collapse",
}


@dataclass(frozen=True, slots=True)
class SecondSubject:
    """A second problem within a message: its subject, how certain that is (0 to 1), and the words that tell of it."""

    slug: str
    p: float
    words: str


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
    second: SecondSubject | None = None
    profane: bool = False


class Understanding:
    """Everything the bot needs to read a message, loaded once; safe to use from several threads."""

    def __init__(self, model: SubjectModel, subjects: Iterable[str], places: Iterable[PlaceName]) -> None:
        """Take a model, the slugs of the city's subjects, and the city's place names."""
        self._model = model
        self._subjects = frozenset(subjects)
        self._gazetteer = Gazetteer(places)
        self._recent = self._reader(model)

    @classmethod
    def load(cls, model_path: Path = SHIPPED, *, subjects: Iterable[str], places: Iterable[PlaceName] = ()) -> Self:
        """Load the model from disk (about 0.1 s); guesses outside the city's subjects are never made."""
        return cls(SubjectModel.load(model_path), subjects, places)

    def take_over(self, other: Self) -> None:
        """Read from now on with the model of `other`; whoever is reading just now ends with the old one."""
        self._model = other._model
        self._recent = self._reader(other._model)

    def _reader(self, model: SubjectModel) -> "_lru_cache_wrapper[Reading]":
        """Return what reads with one model from beginning to end; one message is read at several places of a turn."""
        return lru_cache(maxsize=8)(partial(self._read, model))

    def persian(self, text: str) -> str:
        """Return the text itself, or what Finglish in it says in Persian letters, as far as its words are known."""
        return self._model.persian(text)

    @property
    def version(self) -> str:
        """The version of the subject model."""
        return self._model.version

    def read(self, text: str, top: int = 3) -> Reading:
        """Read a message; any text is fine, nothing raises. Of more than 1,200 characters the middle is passed over."""
        if len(text) > _READ_FIRST + _READ_LAST:
            text = f"{text[:_READ_FIRST]}\n{text[-_READ_LAST:]}"
        return self._recent(text, top)

    def _read(self, model: SubjectModel, text: str, top: int) -> Reading:
        heard = model.hear(text)
        chances = model.chances(heard.classes)
        order = sorted(self._subjects & chances.keys(), key=lambda slug: (-chances[slug], slug))
        guesses = tuple(Guess(slug, chances[slug]) for slug in order[:top])
        danger = self._danger(model, text, heard, chances)
        of_kind = self._kind(text, model.persian(text), chances[NONE], danger)
        return Reading(
            guesses=guesses,
            kind=of_kind,
            danger=danger,
            mentions=tuple(self._gazetteer.find(text)),
            language=language.language(text),
            position=map_links.position(text),
            short_link=map_links.has_short_link(text),
            sure=of_kind == "request" and bool(guesses) and guesses[0].p >= model.threshold,
            model=model.version,
            second=self._second(model, heard, chances, guesses) if of_kind == "request" else None,
            profane=profanity.is_profane(text),
        )

    @staticmethod
    def _kind(text: str, persian: str, none: float, danger: Danger | None) -> Kind:
        if danger:
            return "request"
        seems_none = none >= SURELY_NONE and len(text.split()) <= _LONGEST_NONE
        return "none" if seems_none or "none" in map(kind.kind, {text, persian}) else "request"

    @staticmethod
    def _danger(model: SubjectModel, text: str, heard: Heard, chances: dict[str, float]) -> Danger | None:
        ruled = model.rule(text)
        traits = model.alarm_traits(heard, chances, ruled=ruled is not None)
        if not model.danger.tells(traits) or (ruled is None and _heard_in_vain(model.persian(text), chances)):
            return None
        likeliest = max(_DANGER_OF, key=lambda slug: chances.get(slug, 0.0))
        return ruled or Danger(_DANGER_OF[likeliest])

    def _second(
        self, model: SubjectModel, heard: Heard, chances: dict[str, float], guesses: tuple[Guess, ...]
    ) -> SecondSubject | None:
        if not guesses:
            return None
        found = model.second_of(heard, chances, self._subjects - {guesses[0].slug})
        return SecondSubject(*found) if found else None


def _heard_in_vain(text: str, chances: dict[str, float]) -> bool:
    """Tell what may sound like danger to the model alone, and is none: numbers without a word, and plain power cuts.

    These are next to live wires in everything it has read.
    """
    if not any(map(str.isalpha, text)):
        return True
    surely = chances.get(_OUTAGE, 0.0) >= _SURELY_OUTAGE
    return surely and len(text.split()) <= _LONGEST_NONE and urgency.is_plain_outage(text)
