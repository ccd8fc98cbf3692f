"""Reading scripts of two voices: plain text in, a cast and numbered lines out; tests/scripts/README.md tells how."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Op = Literal[">", "<", "=", "?", "|", "!", "⏰", "⚡", "📒", "✉"]
FLAVOURS = ("telegram", "bale")

_VOICE = re.compile(r"(?P<who>[^\s<>=?|!@#]+)(?:@(?P<where>[^\s<>=?|!]+))?(?P<op>[<>=?|!])(?:\s+(?P<rest>.*))?")
_STAGE = ("⏰", "⚡", "📒", "✉")
_ESCAPES = {"\\n": "\n", "\\t": "\t"}
_CODEPOINT = re.compile(r"\\u([0-9a-fA-F]{4})")
_REPEATED = re.compile(r"\{(\d+)×([^{}]+)\}")


class BadScript(ValueError):
    """A line that is not in the format."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `op` is what kind; `who` and `where` are empty for the stage's own lines."""

    number: int
    op: str
    who: str = ""
    where: str = ""
    rest: str = ""

    def __str__(self) -> str:
        if not self.who:
            return f"{self.op} {self.rest}"
        place = f"@{self.where}" if self.where else ""
        return f"{self.who}{place}{self.op} {self.rest}"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the cast: `@person مریم phone=…` is ("person", "مریم", (), {"phone": …})."""

    number: int
    kind: str
    name: str
    words: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script."""

    name: str
    title: str
    flavours: tuple[str, ...]
    cast: tuple[Part, ...]
    lines: tuple[Line, ...]
    city: str = "mashhad"


def _part(number: int, text: str) -> Part:
    kind, *words = text.split()
    plain = [word for word in words if "=" not in word]
    options = dict(word.split("=", 1) for word in words if "=" in word)
    if not plain:
        raise BadScript(f"line {number}: @{kind} needs a name")
    return Part(number, kind, plain[0], tuple(plain[1:]), options)


def unescaped(text: str) -> str:
    r"""Resolve \n, \uXXXX and {4096×ا} in what somebody says."""
    for mark, letter in _ESCAPES.items():
        text = text.replace(mark, letter)
    text = _CODEPOINT.sub(lambda found: chr(int(found[1], 16)), text)
    return _REPEATED.sub(lambda found: found[2] * int(found[1]), text)


def _line(number: int, text: str) -> Line:
    for mark in _STAGE:
        if text.startswith(mark):
            return Line(number, mark, rest=text.removeprefix(mark).strip())
    found = _VOICE.fullmatch(text)
    if found is None:
        raise BadScript(f"line {number}: {text!r} is neither a voice nor a stage direction")
    return Line(number, found["op"], found["who"], found["where"] or "", (found["rest"] or "").strip())


def _joined(raw: list[str]) -> list[tuple[int, str]]:
    """Join each indented line to the one above: «…» between them where something is expected, else a new line."""
    out: list[tuple[int, str]] = []
    numbered = ((number, text) for number, whole in enumerate(raw, start=1) for text in whole.split("\v"))
    for number, text in numbered:
        if text[:1].isspace() and text.strip() and out:
            first, above = out[-1]
            voice = _VOICE.fullmatch(above)
            between = " … " if voice is not None and voice["op"] != ">" else "\\n"
            out[-1] = (first, f"{above}{between}{text.strip()}")
        elif text.strip() and not text.startswith("#"):
            out.append((number, text.strip()))
    return out


def _title(raw: list[str], name: str) -> str:
    return next((text.lstrip("# ").strip() for text in raw if text.startswith("#")), name)


def _with_parts(text: str, parts: Path | None) -> list[str]:
    """Put the lines of `@play name` in its place, all on one line of the list so that the numbers stay right."""
    raw = text.splitlines()
    return [_part_of(line.split()[1], parts) if line.startswith("@play ") and parts else line for line in raw]


def _part_of(name: str, folder: Path) -> str:
    lines = (folder / f"{name}.part").read_text(encoding="utf-8").splitlines()
    return "\v".join(line for line in lines if line.strip() and not line.startswith("#"))


def read(name: str, text: str, parts: Path | None = None) -> Script:
    """Read one script; raises BadScript with the line's number. `parts` is where `@play` finds what it plays."""
    raw = _with_parts(text, parts)
    flavours: tuple[str, ...] = FLAVOURS
    cast: list[Part] = []
    lines: list[Line] = []
    city = "mashhad"
    for number, found in _joined(raw):
        if not found.startswith("@"):
            lines.append(_line(number, found))
        elif found.startswith("@flavour"):
            wanted = found.split()[1]
            flavours = FLAVOURS if wanted == "both" else (wanted,)
        elif found.startswith("@city"):
            city = found.split()[1]
        else:
            cast.append(_part(number, found[1:]))
    if not lines or not set(flavours) <= set(FLAVOURS):
        raise BadScript(f"{name}: nothing is said, or the flavour is unknown")
    return Script(name, _title(raw, name), flavours, tuple(cast), tuple(lines), city)


def all_in(folder: Path) -> list[Script]:
    """Read every script of a folder, by name."""
    found = sorted(folder.glob("*.script"))
    return [read(path.stem, path.read_text(encoding="utf-8"), folder / "parts") for path in found]
