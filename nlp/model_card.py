"""The model card: what the shipped model can do and where it errs, measured, as Markdown."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nlp import evaluation, kind, training, urgency
from nlp.evaluation import Answer
from nlp.selection import HeldOut, danger_traits, ordinary
from nlp.subjects import NONE, SubjectModel
from nlp.training import DATA, Message
from nlp.understanding import SURELY_NONE

BLIND = "blind"
"""Letters written last and never trained or tuned on."""

LETTERBOX = "blind_letterbox"
"""The same, by a writer of no hand; measured when everything else was settled."""

DANGER_SETS = {
    "newest": DATA / "danger_newest.jsonl",
    "last": DATA / "danger_last.jsonl",
    "frozen": DATA / "danger_frozen.jsonl",
    "older": DATA / "danger.jsonl",
}
_COLUMNS = ("messages", "top_1", "acceptable", "top_3", "sure", "right_when_sure", "ece")
_HEADS = ("", "messages", "first right", "first acceptable", "among three", "sure", "acceptable when sure", "ECE")

_ABOUT = """# Model card: subjects of citizens' messages

Written by `python -m nlp evaluate`; do not edit. What the words mean, and what was tried, is in [nlp.md](nlp.md).

**Use.** Proposes one of {classes} subjects (and "none") for a Persian message to a city's request centre; a person
confirms. It closes, refuses and forwards nothing.

**Data.** {messages} messages by {hands} hands, written for this purpose, none a real person's (`nlp/data/README.md`).

**Model.** {version}: each subject against all others, linear, over TF-IDF of words, pairs, pieces and consonants;
temperature {temperature}; a subject is pre-selected from a probability of {threshold} on.

**Not for** other cities' subjects without retraining, or as the only guard against danger."""

_LEFT_OUT = """## Hands that the model had not read

Each row is measured with a model trained without that hand. *Acceptable* counts further subjects that the message
holds. *Sure* is the share that would be pre-selected."""

_LETTERBOX_ABOUT = """## Letters by a writer of no hand

{count} messages in the manner of readers' letters and messages to newspapers, news channels and 137, a third long, a
third middle, a third short, four for each subject. Their writer wrote nothing that the model has read; they were
measured when everything else was settled. They are invented like all the others: **real ones are dirtier**."""

_BLIND_ABOUT = """## Blind letters

{count} letters in the manner of newspapers and channels, written last and never trained or tuned on. Their writers also
wrote hands that the model has read: **these figures flatter it**."""

_SECOND = """## A second subject

Hands left out, singly and two messages joined. From a confidence of {least} on a second subject is named:
{named} times, {right} of them right ({precision}); {there} messages held more than one."""

_DANGER = """## Danger

No set was trained on. The *newest* was written by a writer of no hand and measured last. The *last* one was written
when rules and the first hands were settled, in another manner, with near misses; nothing was chosen by it. The
*frozen* one is as old as the first model with a column for danger; nobody has looked at what is missed in it. The
*older* one chose what a rule was worth then. Recall with its 95 % interval (Wilson).

{sets}

Hands left out, as far as somebody has said whether a message tells of danger or its subject leaves no doubt:

{hands}

Of the messages of everyday hands left out that tell of no danger, {ordinary} are flagged; of all of them, {share}."""


def card(model: SubjectModel, held: HeldOut) -> str:
    """Return the model card for a model and those that each lacked one hand."""
    return "\n\n".join(_parts(model, held)) + "\n"


def _parts(model: SubjectModel, held: HeldOut) -> Iterator[str]:
    by_hand = held.answers()
    every = [answer for of_hand in by_hand.values() for answer in of_hand]
    yield _ABOUT.format(
        classes=len(model.classes) - 1,
        messages=sum(map(len, held.rows.values())),
        hands=len(held.rows),
        version=model.version,
        temperature=model.temperature,
        threshold=model.threshold,
    )
    yield f"{_LEFT_OUT}\n\n{_figures_table([*by_hand.items(), ('all of these', every)], model.threshold)}"
    yield f"## By length and script\n\n{_figures_table(_groups(every), model.threshold)}"
    yield _calibration(every)
    yield _confusions(every)
    yield from _blind(model)
    yield from _nothing_asked(model, held)
    yield _second(model, held)
    yield _danger(model, held)


def _groups(every: list[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    yield from evaluation.by_length(every)
    yield from evaluation.by_script(every)


def _calibration(every: list[Answer]) -> str:
    bins = [
        (f"{mean:.2f}", f"{share:.2f}", str(count), "█" * round(share * 20) + "░" * (20 - round(share * 20)))
        for mean, share, count in evaluation.reliability(every)
    ]
    parts = [(f"{share:.0%}", f"{right:.3f}") for share, right in evaluation.coverage(every)]
    return (
        "## Calibration\n\nMean probability of the first guess, and how often it was acceptable.\n\n"
        + table(("said", "true", "messages", ""), bins)
        + "\n\nAcceptable first guesses among the surest part of all messages:\n\n"
        + table(("part", "acceptable"), parts)
    )


def _confusions(every: list[Answer]) -> str:
    rows = [(right, wrong, str(times)) for right, wrong, times in evaluation.confusions(every)]
    return "## What is taken for what\n\n" + table(("subject", "first guess", "times"), rows)


def _blind(model: SubjectModel) -> Iterator[str]:
    fresh = evaluation.answers(model, training.read_hand(LETTERBOX))
    figures = _figures_table([("letterbox", fresh), *evaluation.by_length(fresh)], model.threshold)
    yield f"{_LETTERBOX_ABOUT.format(count=len(fresh))}\n\n{figures}"
    answers = evaluation.answers(model, training.read_hand(BLIND))
    figures = _figures_table([("blind letters", answers)], model.threshold)
    yield f"{_BLIND_ABOUT.format(count=len(answers))}\n\n{figures}"


def _nothing_asked(model: SubjectModel, held: HeldOut) -> Iterator[str]:
    rows = []
    asked: list[tuple[str, SubjectModel, Sequence[Message]]] = [
        (name, model, training.read_hand(hand)) for name, hand in (("letterbox", LETTERBOX), ("blind letters", BLIND))
    ]
    asked += [(hand, model, held.rows[hand]) for hand, model in held.everyday.items()]
    for name, asks, messages in asked:
        counts = evaluation.none_figures(asks, messages, says_none)
        said = counts["found"] + counts["false"]
        there = counts["found"] + counts["missed"]
        rows.append((name, str(there), str(counts["found"]), str(counts["false"]), _ratio(counts["found"], said)))
    heads = ("", "ask for nothing", "found", "requests called none", "precision")
    yield "## Messages that ask for nothing\n\n" + table(heads, rows)


def says_none(text: str, none: float) -> bool:
    """Say whether rules and model together call a message none, as the bot does."""
    return urgency.danger(text) is None and (kind.kind(text) == "none" or none >= SURELY_NONE)


def _second(model: SubjectModel, held: HeldOut) -> str:
    named = right = there = 0
    for hand, left in held.everyday.items():
        messages = [row for row in held.rows[hand] if row.subject != NONE]
        for row in messages + evaluation.joined(messages)[::3]:
            there += bool(row.also)
            heard = left.hear(row.text)
            chances = left.chances(heard.classes)
            first = max((slug for slug in chances if slug != NONE), key=lambda slug: chances[slug])
            found = left.second_of(heard, chances, chances.keys() - {first, NONE})
            named += found is not None
            right += found is not None and bool(row.also) and found[0] in {row.subject, *row.also}
    return _SECOND.format(
        least=model.second.least, named=named, right=right, precision=_ratio(right, named), there=there
    )


def _danger(model: SubjectModel, held: HeldOut) -> str:
    heads = ("", "dangers", "found", "recall", "others", "flagged")
    sets = table(heads, [(name, *_counts(model, read_danger(name))) for name in DANGER_SETS])
    hands = table(heads, [(hand, *_counts(left, _labelled(held.rows[hand]))) for hand, left in held.models.items()])
    pairs = [(left, held.rows[hand]) for hand, left in held.everyday.items()]
    every = _flagged((left, row) for left, rows in pairs for row in rows)
    calm = _flagged((left, row) for left, rows in pairs for row in ordinary(rows))
    return _DANGER.format(sets=sets, hands=hands, ordinary=f"{calm:.1%}", share=f"{every:.1%}")


def read_danger(name: str) -> list[tuple[str, bool]]:
    """Read the messages of one of DANGER_SETS, and whether each tells of danger."""
    rows = map(json.loads, DANGER_SETS[name].read_text(encoding="utf-8").splitlines())
    return [(row["text"], row["danger"]) for row in rows]


def _labelled(rows: Sequence[Message]) -> list[tuple[str, bool]]:
    tells, known = training.danger_labels(rows)
    return [(row.text, bool(told)) for row, told, sure in zip(rows, tells, known, strict=True) if sure]


def _counts(model: SubjectModel, rows: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    said: dict[bool, list[bool]] = {True: [], False: []}
    for text, told in rows:
        said[told].append(is_flagged(model, text))
    found, dangers, flagged, others = sum(said[True]), len(said[True]), sum(said[False]), len(said[False])
    recall = "–"
    if dangers:
        low, high = _wilson(found, dangers)
        recall = f"{_ratio(found, dangers)} ({low:.2f} to {high:.2f})"
    return str(dangers), str(found), recall, str(others), f"{flagged} ({_ratio(flagged, others)})"


def _wilson(found: int, of: int) -> tuple[float, float]:
    z, p = 1.96, found / of
    middle, reach = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return (middle - reach) / (1 + z * z / of), (middle + reach) / (1 + z * z / of)


def _flagged(pairs: Iterable[tuple[SubjectModel, Message]]) -> float:
    said = [is_flagged(model, row.text) for model, row in pairs]
    return sum(said) / len(said)


def is_flagged(model: SubjectModel, text: str) -> bool:
    """Say whether the bot shows a message as danger: by the rules, or by ear."""
    return model.danger.tells(danger_traits(model, text))


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _figures_table(groups: Iterable[tuple[str, Sequence[Answer]]], threshold: float) -> str:
    rows = []
    for name, answers in groups:
        figures = evaluation.figures(answers, threshold)
        rows.append((name, *(f"{figures[column]:.3f}".removesuffix(".000") for column in _COLUMNS)))
    return table(_HEADS, rows)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(text: str, path: Path) -> None:
    """Write the card to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
