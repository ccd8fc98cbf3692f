"""Neutral rich text into each messenger's own marks, cut to its limits.

Bale reads `*bold*`, `_italic_`, `[text](address)` and backticks in every text and documents no escape, so there the
letters that could act as marks are swapped for look-alikes: `*` ∗, `_` ‗, `[` `]` round brackets, the backtick an
apostrophe. Left alone are a `*` or `_` between two letters or digits (2*3, my_name: a mark needs a space outside), and
addresses, where percent-codes mean the same. Nothing invisible is ever put in, so codes and numbers copy as they are.
"""

import logging
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape, unescape

from bot.messengers.record import Messenger
from domain.richtext import BadMarkup, Span, spans, utf16_length

_log = logging.getLogger(__name__)

_OPENS = re.compile(r"https?://", re.IGNORECASE)
_LINKABLE = re.compile(r"(https?://|tg://)\S+", re.IGNORECASE)
_MENTION = "tg://user?id="
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SWAPS = {"*": "∗", "_": "‗", "[": "(", "]": ")", "`": "'"}
_PERCENT = {"*": "%2A", "_": "%5F", "[": "%5B", "]": "%5D", "`": "%60"}
_ADDRESS_OR_MARK = re.compile(r"(?P<address>https?://[!-~]+)|[*_\[\]`]")
_MARK = re.compile(r"[*_\[\]`]")
_LINE = re.compile(r"(?P<before>\s*)(?P<core>.*?)(?P<after>\s*)", re.DOTALL)
_JOINERS = "\u200c\u200d"
_SLACK = 8  # units: at a cut a mark may become possible that was dropped before
_LONGEST_CLUSTER = 16  # how far back to look for the start of a letter with its marks, or of an emoji


def _read(rich: str) -> list[Span]:
    """Read rich text; one with broken tags is said without them rather than not at all."""
    try:
        return _merged(spans(rich))
    except BadMarkup as problem:
        _log.error("rich text with broken tags is sent plain: %s", problem)
        return [Span(unescape(_TAG.sub("", rich)))]


def _merged(runs: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for run in runs:
        if merged and replace(merged[-1], text="") == replace(run, text=""):
            merged[-1] = replace(run, text=merged[-1].text + run.text)
        elif run.text:
            merged.append(run)
    return merged


# --- Telegram: HTML ---------------------------------------------------------------------------------------------


def _html_run(run: Span) -> str:
    text = escape(run.text, quote=False)
    if run.code:  # Telegram allows nothing else inside or around code
        return f"<code>{text}</code>"
    text = f"<i>{text}</i>" if run.italic else text
    text = f"<b>{text}</b>" if run.bold else text
    return f'<a href="{escape(run.link)}">{text}</a>' if _linked(run) else text


def _html(runs: Sequence[Span]) -> str:
    return "".join(map(_html_run, runs))


# --- Bale: marks ------------------------------------------------------------------------------------------------


def _between_letters(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


def _swapped(text: str, table: dict[str, str], *, everywhere: bool) -> str:
    def swap(match: re.Match[str]) -> str:
        letter = match[0]
        stays = letter in "*_" and not everywhere and _between_letters(text, match.start())
        return letter if stays else table[letter]

    return _MARK.sub(swap, text)


def _literal(text: str, *, everywhere: bool = False) -> str:
    """Write words so that none of their letters can act as a mark; `everywhere` for words inside a mark of ours."""

    def swap(match: re.Match[str]) -> str:
        if match["address"]:
            return _swapped(match[0], _PERCENT, everywhere=everywhere)
        stays = match[0] in "*_" and not everywhere and _between_letters(text, match.start())
        return match[0] if stays else _SWAPS[match[0]]

    return _ADDRESS_OR_MARK.sub(swap, text)


def _address(link: str) -> str:
    encoded = _swapped(link, _PERCENT, everywhere=True).replace("%5F", "_")
    return encoded.replace("(", "%28").replace(")", "%29")


def _linked(run: Span) -> bool:
    return bool(_LINKABLE.fullmatch(run.link))


def _marked(run: Span, core: str) -> str:
    words = _literal(core, everywhere=True)
    if _linked(run):
        return f"[{words}]({_address(run.link)})"
    return f"*{words}*" if run.bold else f"_{words}_"


def _needs_mark(run: Span) -> bool:
    return _linked(run) or ((run.bold or run.italic) and not run.code)


class _MarksWriter:
    """Writes runs one after the other, knowing what stands before: a mark needs a space or an edge outside."""

    def __init__(self) -> None:
        self._text = ""
        self._owed = ""  # what has to follow a link before anything but white space

    def _at_edge(self) -> bool:
        return not self._text or self._text[-1].isspace()

    def _add(self, text: str) -> None:
        if text:
            self._text += ("" if text[0].isspace() else self._owed) + text
            self._owed = ""

    def plain(self, run: Span) -> None:
        self._add(_literal(run.text))

    def marked(self, run: Span, follower: str) -> None:
        """Write one run line by line, since a mark does not reach over a line's end."""
        lines = run.text.split("\n")
        for number, line in enumerate(lines):
            if number:
                self._add("\n")
            self._line(run, line, follower if number == len(lines) - 1 else "\n")

    def _line(self, run: Span, line: str, follower: str) -> None:
        parts = _LINE.fullmatch(line)
        assert parts is not None  # the pattern fits any text
        before, core, after = parts["before"], parts["core"], parts["after"]
        self._add(before)
        if core and _linked(run):
            self._add("" if self._at_edge() else " ")  # an address is worth a space; boldness is not
            self._add(_marked(run, core))
            self._owed = " "
        elif core:
            free = self._at_edge() and (after + follower)[:1].strip() == ""
            self._add(_marked(run, core) if free else _literal(core))
        self._add(after)

    def finish(self) -> str:
        return self._text


def _marks(runs: Sequence[Span]) -> str:
    writer = _MarksWriter()
    for number, run in enumerate(runs):
        if _needs_mark(run):
            writer.marked(run, runs[number + 1].text[:1] if number + 1 < len(runs) else "")
        else:
            writer.plain(run)
    return writer.finish()


# --- both -------------------------------------------------------------------------------------------------------

_WRITERS: dict[str, Callable[[Sequence[Span]], str]] = {"html": _html, "marks": _marks}


def _written(runs: Sequence[Span], messenger: Messenger) -> str:
    return _WRITERS[messenger.markup](runs)


def _length(runs: Sequence[Span], messenger: Messenger) -> int:
    """Count UTF-16 units as the messenger does: after reading its marks, or before."""
    return utf16_length(_written(runs, messenger) if messenger.counts_marks else "".join(run.text for run in runs))


def _first(runs: Sequence[Span], letters: int) -> list[Span]:
    taken: list[Span] = []
    for run in runs:
        if letters <= 0:
            break
        taken.append(replace(run, text=run.text[:letters]))
        letters -= len(run.text)
    return taken


def _after(runs: Sequence[Span], letters: int) -> list[Span]:
    left: list[Span] = []
    for run in runs:
        if letters < len(run.text):
            left.append(replace(run, text=run.text[max(letters, 0) :]))
        letters -= len(run.text)
    return left


def _most_letters(runs: Sequence[Span], messenger: Messenger, limit: int) -> int:
    """Find how many letters fit into `limit` units; at least one."""
    low, high = 1, min(sum(len(run.text) for run in runs), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if _length(_first(runs, middle), messenger) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _between_clusters(text: str, cut: int) -> int:
    """Move a cut back so that it does not part a letter from its marks or an emoji from its joiners."""
    for at in range(cut, max(cut - _LONGEST_CLUSTER, 0), -1):
        following = text[at : at + 1]
        joined = unicodedata.category(following or " ") in ("Mn", "Me", "Sk") or following in _JOINERS
        if not joined and text[at - 1] not in _JOINERS:
            return at
    return cut


def _cut(text: str, most: int) -> int:
    """Choose where to cut: at a line's end in the second half, else at a space there, else between letters."""
    for edge in ("\n", " "):
        at = text.rfind(edge, most // 2, most + 1)
        if at > 0:
            return at
    return _between_clusters(text, most)


def _shows(runs: Sequence[Span]) -> bool:
    return any(letter.isprintable() and not letter.isspace() for run in runs for letter in run.text)


def _links(run: Span, messenger: Messenger, limit: int) -> bool:
    if run.link.startswith(_MENTION):
        return messenger.mentions
    return not messenger.counts_marks or bool(_OPENS.match(run.link) and len(_address(run.link)) <= limit // 2)


def _with_room(runs: Sequence[Span], messenger: Messenger, limit: int) -> list[Span]:
    """Drop addresses that alone would fill half a message, and mentions where the messenger has none."""
    return [run if _links(run, messenger, limit) else replace(run, link="") for run in runs]


def pieces(rich: str, messenger: Messenger, limit: int) -> list[str]:
    """Write rich text as messages of at most `limit` units each; none for a text that shows nothing."""
    left = _with_room(_read(rich), messenger, limit)
    written: list[str] = []
    room = limit - _SLACK if messenger.counts_marks else limit
    while left and _length(left, messenger) > limit:
        text = "".join(run.text for run in left)
        at = _cut(text, _most_letters(left, messenger, room))
        head, rest = _first(left, at), text[at:]
        left = _after(left, at + len(rest) - len(rest.lstrip(" \n")))
        if _shows(head):
            written.append(_written(head, messenger).strip("\n"))
    return [*written, _written(left, messenger)] if _shows(left) else written


def fits(rich: str, messenger: Messenger, limit: int) -> bool:
    """Say whether the text is at most `limit` units long in this messenger."""
    return _length(_read(rich), messenger) <= limit


def clipped(rich: str, messenger: Messenger, limit: int) -> str:
    """Write rich text as one message, ending in an ellipsis where it does not fit."""
    runs = _with_room(_read(rich), messenger, limit)
    if _length(runs, messenger) <= limit:
        return _written(runs, messenger)
    text = "".join(run.text for run in runs)
    kept = _first(runs, _cut(text, _most_letters(runs, messenger, limit - _SLACK)))
    return _written([*kept, Span("…")], messenger)
