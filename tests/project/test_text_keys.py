"""Every key that the code says is a text, every text is said somewhere, and each gets the values it needs."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.project.fluent_texts import Entry, calls, calls_in, entries, entries_of, mentioned, needed_by


@pytest.fixture
def known() -> dict[str, Entry]:
    found = {entry.key: entry for entry in entries()}
    assert found, "texts/fa has no messages"
    return found


def test_no_key_is_written_twice() -> None:
    twice = [key for key, times in Counter(entry.key for entry in entries()).items() if times > 1]
    assert not twice, f"Fluent keeps only one of them: {twice}"


def test_quoted_messages_exist(known: dict[str, Entry]) -> None:
    missing = [f"{entry.key} quotes {other}" for entry in known.values() for other in entry.quotes - known.keys()]
    assert not missing


def test_every_key_said_is_a_text(known: dict[str, Entry]) -> None:
    said = calls()
    assert said, "no call that names a key was found: have the speakers moved?"
    missing = sorted(f"{spoken.where}: {spoken.by}({spoken.key!r})" for spoken in said if not spoken.matches(known))
    assert not missing, "no such text in texts/fa:\n" + "\n".join(missing)


def test_every_text_gets_the_values_it_needs(known: dict[str, Entry]) -> None:
    lacking = [
        f"{spoken.where}: {spoken.by}({spoken.key!r}) lacks {', '.join(sorted(missing))} of {key}"
        for spoken in calls()
        if spoken.given is not None
        for key in spoken.matches(known)
        if (missing := needed_by(key, known) - spoken.given)
    ]
    assert not lacking, "\n".join(sorted(lacking))


def test_every_text_is_said_somewhere(known: dict[str, Entry]) -> None:
    silent = sorted(known.keys() - mentioned(known))
    assert not silent, "these texts are never said; remove them or say them:\n" + "\n".join(silent)


# ── the check itself ──

SAMPLE = """\
filed = Filed under { $code }. { next }
next = Next: { $step }
outcome-solved = Solved
refused-not-yours = Not yours
"""


def sample(code: str) -> list[tuple[list[str], frozenset[str] | None]]:
    keys = {entry.key: entry for entry in entries_of(Path("sample.ftl"), SAMPLE)}
    imports = "from texts.speech import text, label as short\nfrom domain.refusal import Refused\n"
    return [(spoken.matches(keys), spoken.given) for spoken in calls_in(ast.parse(imports + code), "sample.py")]


@pytest.mark.parametrize(
    ("code", "matched"),
    [
        ('text("filed", code=1)', [["filed"]]),
        ('short(f"outcome-{name}")', [["outcome-solved"]]),
        ('raise Refused("not-yours", unit=2)', [["refused-not-yours"]]),
        ('text("filed" if new else "gone")', [["filed"], []]),
        ('text("absent")', [[]]),
        ("text(key)", []),
        ('column.label("filed")', []),
    ],
)
def test_calls_are_read(code: str, matched: list[list[str]]) -> None:
    assert [keys for keys, _ in sample(code)] == matched


def test_values_are_read_unless_hidden() -> None:
    assert sample('text("filed", code=1, step=2)')[0][1] == frozenset({"code", "step"})
    assert sample('text("filed", **values)')[0][1] is None


def test_a_text_needs_the_values_of_what_it_quotes() -> None:
    keys = {entry.key: entry for entry in entries_of(Path("sample.ftl"), SAMPLE)}
    assert needed_by("filed", keys) == {"code", "step"}


def test_a_line_that_is_not_fluent_is_named() -> None:
    with pytest.raises(ValueError, match=r"broken\.ftl:2: not Fluent"):
        list(entries_of(Path("broken.ftl"), "a = b\nno equals sign here\n"))
