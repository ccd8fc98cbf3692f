"""Subjects for many messages at once: JSON lines in, JSON lines out."""

import json
from collections.abc import Iterable, Iterator, Mapping

from nlp.understanding import Understanding

GUESSES = 5
"""Subjects given for each message."""


def classify(
    lines: Iterable[str | bytes], understanding: Understanding, jurisdictions: Mapping[str, str]
) -> Iterator[str]:
    """Turn lines {"text"} into lines of subjects, kind, urgency, jurisdiction and language.

    `jurisdictions` says "in", "shared" or "out" for each subject's slug. A line that cannot be read becomes
    {"error": …} and the others go on; empty lines are passed over. Bytes are taken for UTF-8.
    """
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(line, understanding, jurisdictions), ensure_ascii=False)


def _answer(line: str | bytes, understanding: Understanding, jurisdictions: Mapping[str, str]) -> dict[str, object]:
    try:
        said = line.decode("utf-8-sig") if isinstance(line, bytes) else line
        row = json.loads(said.lstrip("\ufeff"))
    except UnicodeDecodeError:
        return {"error": "not UTF-8"}
    except (ValueError, RecursionError) as wrong:
        return {"error": f"not JSON: {wrong}"}
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return {"error": 'expected an object with a string "text"'}
    reading = understanding.read(row["text"], top=GUESSES)
    best = reading.guesses[0].slug if reading.guesses else None
    return {
        "subjects": [{"slug": guess.slug, "p": round(guess.p, 4)} for guess in reading.guesses],
        "kind": reading.kind,
        "urgent": reading.danger is not None,
        "jurisdiction": jurisdictions.get(best or "", "in"),
        "language": reading.language,
    }
