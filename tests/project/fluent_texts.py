"""The keys of texts/<language>/*.ftl, what each needs, and where the code speaks of them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fluent.syntax import ast as ftl
from fluent.syntax import parse, visitor

from tests.project.checkout import ROOT, name, sources, tree

# The functions whose first argument is a key. A refusal names its reason; its text has "refused-" before it.
SPEAKERS = frozenset({"say", "text", "label"})
REFUSAL = "refused-"


class _Inside(visitor.Visitor):
    """Collects what one message refers to."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.others: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802
        self.others.add(node.id.name)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a Fluent file: the variables in it and the messages it quotes."""

    key: str
    file: Path
    variables: frozenset[str]
    quotes: frozenset[str]


def entries_of(file: Path, content: str) -> Iterator[Entry]:
    """Read one Fluent file; raise ValueError naming the line that is not Fluent."""
    for part in parse(content).body:
        if isinstance(part, ftl.Junk):
            line = content.count("\n", 0, part.span.start if part.span else 0) + 1
            raise ValueError(f"{file}:{line}: not Fluent: {(part.content or '').strip()[:60]}")
        if isinstance(part, ftl.Message):
            inside = _Inside()
            inside.visit(part)
            yield Entry(part.id.name, file, frozenset(inside.variables), frozenset(inside.others))


@cache
def entries(language: str = "fa") -> tuple[Entry, ...]:
    """Every message of one language, twins included."""
    found = sorted((ROOT / "texts" / language).glob("*.ftl"))
    return tuple(entry for file in found for entry in entries_of(file, file.read_text(encoding="utf-8")))


def needed_by(key: str, known: dict[str, Entry]) -> frozenset[str]:
    """The variables that rendering a key needs, with those of the messages it quotes."""
    entry = known[key]
    return entry.variables.union(*(needed_by(other, known) for other in entry.quotes if other in known))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A place in the code that names a key: a pattern, for part of the key may be put in while running."""

    where: str
    pattern: re.Pattern[str]
    shown: str
    by: str = ""  # the function it is the first argument of
    given: frozenset[str] | None = None  # the values passed; None when they cannot be read off (a ** or another place)

    def matches(self, keys: dict[str, Entry]) -> list[str]:
        """The known keys it can stand for; a refusal stands for the text of its reason."""
        candidates = [key for key in keys if self.pattern.fullmatch(key)]
        return candidates + [
            key for key in keys if self.pattern.fullmatch(key.removeprefix(REFUSAL)) and key not in candidates
        ]


def _pattern(node: ast.expr) -> str | None:
    """A regular expression for a string, or for an f-string that begins with fixed words and a hyphen, else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    if isinstance(node, ast.JoinedStr) and isinstance(first, ast.Constant) and str(first.value).endswith("-"):
        parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
        return "".join(parts)
    return None


def _called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions that `a if x else b` may stand for."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def calls_in(module: ast.Module, where: str) -> Iterator[Spoken]:
    """Every call of a speaker or a refusal whose key can be read off."""
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call) and node.args):
        function = _called(call)
        if function not in SPEAKERS and function != "Refused":
            continue
        readable = all(keyword.arg for keyword in call.keywords) and function in SPEAKERS
        given = frozenset(str(keyword.arg) for keyword in call.keywords) if readable else None
        for branch in _branches(call.args[0]):
            if pattern := _pattern(branch):
                shown = ast.unparse(branch)
                yield Spoken(f"{where}:{call.lineno}", re.compile(pattern), shown, function, given)


def literals_in(module: ast.Module, where: str) -> Iterator[Spoken]:
    """Every string of a module that could be a key: a row of a table, a returned reason."""
    inside = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in inside and (pattern := _pattern(node)):
            yield Spoken(f"{where}:{node.lineno}", re.compile(pattern), ast.unparse(node))


@cache
def calls() -> tuple[Spoken, ...]:
    """Every key that the product's code says, with what it passes."""
    return tuple(spoken for path in sources() for spoken in calls_in(tree(path), name(path)))


@cache
def mentioned(keys: frozenset[str]) -> frozenset[str]:
    """The keys that some string of the code stands for; a bare "refused-…" pattern does not mention them all."""
    known: dict[str, Entry] = {entry.key: entry for entry in entries() if entry.key in keys}
    found: set[str] = set()
    for path in sources():
        for spoken in literals_in(tree(path), name(path)):
            if not spoken.pattern.pattern.startswith(re.escape(REFUSAL) + "."):
                found.update(spoken.matches(known))
    return frozenset(found.union(*(known[key].quotes for key in known)))
