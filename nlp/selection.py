"""The settings of a model (temperature, thresholds), taken from hands that it had not read, and the model for all."""

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp import evaluation, training
from nlp.alarm import Alarm, Traits
from nlp.subjects import NONE, Second, SubjectModel
from nlp.training import HANDS, Message

MOST_FLAGGED = 0.125
"""The share of messages that tell of no danger which may be shown as danger: beyond that nobody looks any more."""

AIM_SECOND = 0.75
"""The share of second subjects that should be right."""

_FEWEST_SECONDS = 20

Floats64 = npt.NDArray[np.float64]
Rows = Mapping[str, Sequence[Message]]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """For each hand a model that has not read it, all with the same settings."""

    models: Mapping[str, SubjectModel]
    rows: Rows

    @property
    def everyday(self) -> dict[str, SubjectModel]:
        """The models without a hand of everyday messages; those without a hand about danger tell of danger only."""
        return {hand: model for hand, model in self.models.items() if hand not in training.ABOUT_DANGER}

    def answers(self) -> dict[str, list[evaluation.Answer]]:
        """Return what each model says of the everyday hand that it has not read."""
        return {hand: evaluation.answers(model, self.rows[hand]) for hand, model in self.everyday.items()}


def read_all() -> dict[str, list[Message]]:
    """Read all hands that the model is trained on."""
    return {hand: training.read_hand(hand) for hand in HANDS}


def leave_each_out(rows: Rows, phrases: Sequence[Message]) -> HeldOut:
    """Train one model for each hand on all the others, each core one at a time; half a minute of a processor each."""
    global _every  # noqa: PLW0603 - what is forked sees it; sent to each, it would be copied as often
    _every = training.corpus([row for hand in rows for row in rows[hand]] + list(phrases))
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("fork")) as pool:
        models = dict(zip(rows, pool.map(_without, rows), strict=True))
    return _with_settings(HeldOut(models, rows))


_every: training.Corpus | None = None


def _without(hand: str) -> SubjectModel:
    assert _every is not None  # set before the fork
    return training.fit_corpus(_every.without(hand), f"without-{hand}")


def _with_settings(held: HeldOut) -> HeldOut:
    pairs = [
        (model.hear(row.text).classes, model.classes.index(row.subject))
        for hand, model in held.everyday.items()
        for row in held.rows[hand]
    ]
    temperature = training.calibrated(pairs)
    warm = replace(held, models={hand: replace(m, temperature=temperature) for hand, m in held.models.items()})
    usual = [of_hand for hand, of_hand in warm.answers().items() if hand != training.NEAR]
    threshold = evaluation.threshold_of(answer for of_hand in usual for answer in of_hand)
    danger, second = alarm_of(warm), second_of(warm)
    settled = {
        hand: replace(model, threshold=threshold, danger=danger, second=second) for hand, model in warm.models.items()
    }
    return replace(warm, models=settled)


def alarm_of(held: HeldOut) -> Alarm:
    """Fit how danger is judged on held-out messages; MOST_FLAGGED of the everyday ones without danger are flagged."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - see training

    traits, tells, everyday = [], [], []
    for hand, model in held.models.items():
        said, known = training.danger_labels(held.rows[hand])
        rows = [(row.text, bool(told)) for row, told, sure in zip(held.rows[hand], said, known, strict=True) if sure]
        traits += [danger_traits(model, text) for text, _ in rows]
        tells += [told for _, told in rows]
        everyday += [hand in held.everyday] * len(rows)
    judge = LogisticRegression(max_iter=3000).fit(np.array(traits), np.array(tells))
    fitted = Alarm(0.0, round(float(judge.intercept_[0]), 4), tuple(round(float(w), 4) for w in judge.coef_[0]))
    calm = [fitted.score(of) for of, told, usual in zip(traits, tells, everyday, strict=True) if usual and not told]
    return replace(fitted, least=round(float(np.quantile(calm, 1 - MOST_FLAGGED)), 3))


def ordinary(rows: Sequence[Message]) -> list[Message]:
    """Return the messages that tell of no danger, those left out of which nobody has said so."""
    tells, known = training.danger_labels(rows)
    return [row for row, told, sure in zip(rows, tells, known, strict=True) if sure and not told]


def danger_traits(model: SubjectModel, text: str) -> Traits:
    """Return what danger in a message is judged by."""
    heard = model.hear(text)
    return model.alarm_traits(heard, model.chances(heard.classes), ruled=model.rule(text) is not None)


def second_of(held: HeldOut) -> Second:
    """Fit how a second subject is judged on held-out messages, singly and two by two."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - see training

    mixed = [(model, _mixed(held.rows[hand])) for hand, model in held.everyday.items()]
    found = [pair for model, rows in mixed for pair in evaluation.seconds(model, rows)]
    held_it = np.array([right for right, _ in found])
    traits = np.array([candidate.traits() for _, candidate in found])
    judge = LogisticRegression(C=10.0, max_iter=1000).fit(traits, held_it)
    least = _least(judge.predict_proba(traits)[:, 1], held_it)
    weights = tuple(round(float(weight), 4) for weight in judge.coef_[0])
    return Second(round(float(judge.intercept_[0]), 4), weights, least)


def _mixed(rows: Sequence[Message]) -> list[Message]:
    requests = [row for row in rows if row.subject != NONE]
    return requests + evaluation.joined(requests)[::3]


def _least(p: Floats64, right: npt.NDArray[np.bool_]) -> float:
    """Return the least confidence from which AIM_SECOND of the second subjects are right."""
    order = np.argsort(-p, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = [place for place, share in enumerate(precision) if share >= AIM_SECOND and place >= _FEWEST_SECONDS]
    return round(float(p[order][good[-1]]), 3) if good else 0.9


def train(rows: Rows, phrases: Sequence[Message], held: HeldOut) -> SubjectModel:
    """Train on all hands, with the settings of the models that each lacked one."""
    everything = [row for hand in rows for row in rows[hand]] + list(phrases)
    like = next(iter(held.models.values()))
    model = training.fit(everything, training.version_of(everything))
    return replace(
        model, temperature=like.temperature, threshold=like.threshold, danger=like.danger, second=like.second
    )


def save(model: SubjectModel, held: HeldOut, path: Path) -> None:
    """Write the model with the figures of the hands left out."""
    left_out = {hand: evaluation.figures(of, model.threshold) for hand, of in held.answers().items()}
    about = {"hands": {hand: len(of) for hand, of in held.rows.items()}, "left_out": left_out}
    training.save(model, path, about)
