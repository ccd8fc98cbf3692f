"""The house's measures of code: short files, short functions, and every word a person reads in texts/."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.project.checkout import name, sources, tree

LONGEST_FILE = 400
LONGEST_BODY = 40
USUAL_BODY = 25  # lines that 95 of 100 functions stay within
# Files that hold a table and little else may be longer: each with its reason.
LONG_TABLES: dict[str, str] = {
    "storage/migrations/versions/0001_the_first_schema.py": "a migration is the list of its tables, in order",
    "storage/tables.py": "every table of the database stands on one page",
}
# Packages whose strings never reach a reader except through texts/.
WORDLESS = ("bot", "handlers", "services", "storage")
# Persian in the code of those packages, each with its reason.
PERSIAN_IN_CODE: dict[str, str] = {}
_PERSIAN = re.compile("[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئ]{2,}")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[Path, Function]]:
    for path in sources():
        yield from ((path, node) for node in ast.walk(tree(path)) if isinstance(node, Function))


def docstring(node: ast.AST) -> ast.expr | None:
    """The docstring's node, else None."""
    body = getattr(node, "body", None)
    if not isinstance(node, ast.Module | ast.ClassDef | Function) or not body or ast.get_docstring(node) is None:
        return None
    first = body[0]
    return first.value if isinstance(first, ast.Expr) else None


def body_lines(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    body = function.body[1:] if docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_is_too_long() -> None:
    code = [*sources(), *sources("tests"), *sources(suffix=".js")]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert not {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE and file not in LONG_TABLES}


def test_no_function_is_too_long() -> None:
    long = [f"{name(path)}:{node.lineno} {node.name}: {body_lines(node)} lines" for path, node in functions()]
    assert not [
        row
        for row, (path, node) in zip(long, functions(), strict=True)
        if body_lines(node) > LONGEST_BODY and name(path) not in LONG_TABLES
    ]


def test_functions_are_usually_short() -> None:
    lengths = sorted(body_lines(node) for _, node in functions())
    assert lengths[len(lengths) * 95 // 100] <= USUAL_BODY


def test_words_are_in_texts_not_in_code() -> None:
    found = []
    for path in sources(*WORDLESS):
        quiet = {id(docstring(node)) for node in ast.walk(tree(path))}
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in quiet:
                continue
            if _PERSIAN.search(node.value) and name(path) not in PERSIAN_IN_CODE:
                found.append(f"{name(path)}:{node.lineno}: {node.value[:40]}")
    assert not found


def test_the_exceptions_are_needed() -> None:
    there = {name(path) for path in [*sources(), *sources(suffix=".js")]}
    assert set(LONG_TABLES) | set(PERSIAN_IN_CODE) <= there
