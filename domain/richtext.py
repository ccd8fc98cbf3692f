"""Neutral rich text: plain text with <b>, <i>, <code>, <a href="…">, and &lt; &gt; &amp; &quot; for those letters.

Every text the bot sends is kept in this form; each messenger's renderer turns the spans into its own marks.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape as _escape
from html.parser import HTMLParser


class BadMarkup(ValueError):
    """The text uses a tag outside the neutral set, or tags that do not close in order."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text with one set of marks."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""


_MARKS: dict[str, Callable[[Span], Span]] = {
    "b": lambda span: replace(span, bold=True),
    "i": lambda span: replace(span, italic=True),
    "code": lambda span: replace(span, code=True),
}


def escape(words: str) -> str:
    """Make people's own words safe to stand inside rich text."""
    return _escape(words, quote=True)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.spans: list[Span] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open.append((tag, dict(attrs).get("href") or ""))
        elif tag in _MARKS:
            self._open.append((tag, ""))
        else:
            raise BadMarkup(f"<{tag}> is not part of neutral rich text")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise BadMarkup(f"</{tag}> closes nothing")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        span = Span(data)
        for tag, link in self._open:
            span = replace(span, link=link) if tag == "a" else _MARKS[tag](span)
        self.spans.append(span)

    def finish(self) -> list[Span]:
        self.close()
        if self._open:
            raise BadMarkup(f"<{self._open[-1][0]}> is never closed")
        return self.spans


def spans(rich: str) -> list[Span]:
    """Read rich text into its runs; raises BadMarkup."""
    reader = _Reader()
    reader.feed(rich)
    return reader.finish()


def plain(rich: str) -> str:
    """Return the text without marks, as a reader sees it."""
    return "".join(span.text for span in spans(rich))


def utf16_length(words: str) -> int:
    """Count UTF-16 units, the measure of the messengers' limits."""
    return len(words.encode("utf-16-le")) // 2


def clipped(words: str, units: int) -> str:
    """Cut plain words to at most `units` UTF-16 units, ending in an ellipsis where something was cut."""
    if utf16_length(words) <= units:
        return words
    kept = words.encode("utf-16-le")[: (units - 1) * 2].decode("utf-16-le", errors="ignore")
    return kept.rstrip() + "…"
