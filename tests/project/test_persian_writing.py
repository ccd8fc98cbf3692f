"""The Persian that people read is written as a proof-reader would have it."""

import re
from collections.abc import Iterator

import pytest
from fluent.syntax import ast as ftl
from fluent.syntax import parse, visitor

from tests.project.checkout import ROOT, files, name
from tests.project.persian_writing import EVERYWHERE, slips

_LINK = re.compile(r"https?://\S+|</?[a-z][^>]*>|/[a-z_]+|&[a-z]+;")
_TYPED = "spoken-"  # the forms in which people type a button: half of them misspelt on purpose
_CODE = re.compile(r"`[^`]*`")


class _Sentences(visitor.Visitor):
    """The lines of each message, with a ◌ where a value comes in."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def visit_Pattern(self, node: ftl.Pattern) -> None:  # noqa: N802
        whole = "".join(part.value if isinstance(part, ftl.TextElement) else "◌" for part in node.elements)
        self.lines.extend(whole.splitlines())
        self.generic_visit(node)


def spoken_lines() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "texts" / "fa").glob("*.ftl")):
        for part in parse(file.read_text(encoding="utf-8")).body:
            if isinstance(part, ftl.Message | ftl.Term) and not part.id.name.startswith(_TYPED):
                reader = _Sentences()
                reader.visit(part)
                yield from ((f"{file.name}: {part.id.name}", _LINK.sub("◌", line)) for line in reader.lines)


def written_lines() -> Iterator[tuple[str, str]]:
    for file in files():
        parts = file.relative_to(ROOT).parts
        if parts[0] in ("README.md", ".env.example") or (parts[0] == "simulator" and file.suffix in (".js", ".html")):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{name(file)}:{number}", _CODE.sub("◌", line)


def test_the_texts_are_well_written() -> None:
    lines = list(spoken_lines())
    assert lines, "texts/fa has no messages"
    assert not [f"{where}: {slip}" for where, line in lines for slip in slips(line)]


def test_documents_and_pages_are_well_written() -> None:
    lines = list(written_lines())
    assert lines
    assert not [f"{where}: {slip}" for where, line in lines for slip in slips(line, EVERYWHERE)]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("ثبت شد!", "an exclamation mark"),
        ("رسيدگي", "an Arabic ي or ك"),
        ("تا 3 روز", "Latin or Arabic digits"),
        ("کجاست?", "Latin punctuation after Persian"),
        ("ثبت شد .", "a space before punctuation"),
        ("سلام،خوبید", "no space after a Persian comma"),
        ("دو  فاصله", "two spaces"),
        ("خیابان‌ ها", "a stray half-space"),
        ("رسیدگی می شود", "می apart from its verb"),
        ("رسیدگی نمیشود", "می joined to its verb"),
        ("خیابان ها", "ها apart from its word"),
        ("درختهای کنار خیابان", "ها joined to its word"),
        ("بزرگ تر", "تر or ترین apart from its word"),
    ],
)
def test_a_slip_is_seen(line: str, wrong: str) -> None:
    assert wrong in {slip.split(":")[0] for slip in slips(line)}


@pytest.mark.parametrize(
    "line",
    [
        "میدان آزادی، میان دو میز و کنار میراث فرهنگی",
        "درخواست شما ثبت شد و تا ۳ روز رسیدگی می‌شود.",
        "خیابان‌ها و کوچه‌های منطقهٔ ۹؛ تنها یک نشانی، نه آنهایی که گفتید.",
        "کارها و شهرهای دیگر در نهایت نهایی شد",
        "«نمی‌شود»: چرا؟",
        "خانهٔ شماره ◌‌ام",
        "تر و تازه، کنار ترمینال",
    ],
)
def test_good_persian_passes(line: str) -> None:
    assert list(slips(line)) == []
