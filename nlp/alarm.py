"""How much a message sounds like danger: what the model hears, what the rules say, and what it seems to be about."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

ALWAYS = frozenset({"ext_medical", "ext_social_emergency", "fire_rescue"})
"""Subjects of which every message tells of danger."""

SOMETIMES = frozenset(
    {
        *("ext_gas", "ext_police", "ext_power", "gutter_cover", "hazard_site", "homeless_addicts", "other_animals"),
        *("road_collapse", "stray_dogs", "street_flooding", "traffic_light", "tree_hazard", "unsafe_building"),
        *("waste_burning", "excavation_repair", "playground", "pedestrian_crossing", "ext_health", "ext_environment"),
    }
)
"""Subjects of which many do."""


class Traits(NamedTuple):
    """What a message is judged by."""

    heard: float
    """The score of the model's column for danger."""
    ruled: float
    """1.0 when a rule of danger.toml speaks, else 0.0."""
    always: float
    """The probability that it is of a subject that always tells of danger."""
    sometimes: float
    """The same of subjects that often do."""
    surest: float
    """The probability of the likeliest subject: what is like no other message is heard less well."""
    latin: float
    """1.0 for Finglish."""
    words: float
    """The logarithm of one more than its words."""


def traits(heard: float, chances: Mapping[str, float], *, ruled: bool, latin: bool, words: int) -> Traits:
    """Put together what is known of a message; `chances` are the probabilities of all classes."""
    always, sometimes = (sum(chances.get(slug, 0.0) for slug in group) for group in (ALWAYS, SOMETIMES))
    return Traits(heard, float(ruled), always, sometimes, max(chances.values()), float(latin), math.log1p(words))


@dataclass(frozen=True, slots=True)
class Alarm:
    """A weight for each trait, and the least score from which a message is shown as danger."""

    least: float = 0.0
    bias: float = 0.0
    weights: tuple[float, ...] = (1.0, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0)

    def tells(self, of: Traits) -> bool:
        """Tell whether a message is shown as danger."""
        return self.score(of) >= self.least

    def score(self, of: Traits) -> float:
        """Return the score that is held against `least`."""
        return self.bias + sum(weight * trait for weight, trait in zip(self.weights, of, strict=True))


def read(about: Any) -> Alarm:
    """Read what a model's description says of danger; models of earlier versions have the least score alone."""
    if isinstance(about, int | float):
        return Alarm(float(about))
    return Alarm(about["least"], about["bias"], tuple(about["weights"]))
