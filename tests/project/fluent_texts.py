"""The keys of texts/<language>/*.ftl, what each needs, and where the code speaks of them."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fluent.syntax import ast as ftl
from fluent.syntax import parse, visitor

from tests.project.checkout import ROOT, name, sources, tree

# Where the functions come from whose first argument is a key.
SPEAKERS = {"texts.speech": {"text", "label"}, "handlers.turn": {"button"}, "domain.refusal": {"Refused"}}
# A refusal names its reason; the words for it stand under this and the reason.
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
    """A place in the code that names a key, whole or (an f-string) with a part put in while running."""

    where: str
    key: str  # with .+ for what is put in
    is_whole: bool
    by: str = ""  # the function it is the first argument of
    given: frozenset[str] | None = None  # the values passed; None when they cannot be read off

    def matches(self, keys: Collection[str]) -> list[str]:
        """The known keys it can stand for; a refusal stands for the text of its reason."""
        if self.is_whole:
            return [key for key in (self.key, REFUSAL + self.key) if key in keys]
        pattern = re.compile(f"(?:{REFUSAL})?{self.key}")
        return [key for key in keys if pattern.fullmatch(key)]


def _named(node: ast.AST) -> tuple[str, bool] | None:
    """The key that a string names, or an f-string that begins with words and a hyphen; and whether it is whole."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, True
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    if isinstance(node, ast.JoinedStr) and isinstance(first, ast.Constant) and str(first.value).endswith("-"):
        parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
        return "".join(parts), False
    return None


def _speakers(module: ast.Module) -> dict[str, str]:
    """The speakers that a module imports: the name it uses, and the name they were given."""
    imports = (node for node in ast.walk(module) if isinstance(node, ast.ImportFrom))
    return {
        alias.asname or alias.name: alias.name
        for node in imports
        for alias in node.names
        if alias.name in SPEAKERS.get(node.module or "", ())
    }


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions that `a if x else b` may stand for."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def calls_in(module: ast.Module, where: str) -> Iterator[Spoken]:
    """Every call of a speaker whose key can be read off."""
    speakers = _speakers(module)
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call) and node.args):
        by = speakers.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if by is None:
            continue
        hidden = by == "Refused" or any(keyword.arg is None for keyword in call.keywords)
        given = None if hidden else frozenset(str(keyword.arg) for keyword in call.keywords)
        for branch in _branches(call.args[0]):
            if named := _named(branch):
                yield Spoken(f"{where}:{call.lineno}", *named, by=by, given=given if named[1] else None)


def literals_in(module: ast.Module, where: str) -> Iterator[Spoken]:
    """Every string of a module that could be a key: a row of a table, a returned reason."""
    inside = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module):
        if isinstance(node, ast.expr) and id(node) not in inside and (named := _named(node)):
            yield Spoken(f"{where}:{node.lineno}", *named)


@cache
def calls() -> tuple[Spoken, ...]:
    """Every key that the product's code says, with what it passes."""
    return tuple(spoken for path in sources() for spoken in calls_in(tree(path), name(path)))


def mentioned(known: dict[str, Entry]) -> set[str]:
    """The keys that some string of the code stands for; a bare "refused-…" pattern does not mention them all."""
    strings = {
        (spoken.key, spoken.is_whole): spoken for path in sources() for spoken in literals_in(tree(path), name(path))
    }
    telling = [spoken for spoken in strings.values() if spoken.is_whole or spoken.key != f"{re.escape(REFUSAL)}.+"]
    found = {key for spoken in telling for key in spoken.matches(known)}
    return found.union(*(entry.quotes for entry in known.values()))
