"""Telegram MarkdownV2 as TDLib reads it: https://core.telegram.org/bots/api#markdownv2-style; no quotations."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from simulator.links import emoji_in, is_link, moment_in, user_in
from simulator.markup import OWN_ADDRESS, Entity, Marked, in_order, read_plain, utf16_length
from simulator.refusals import Refused

_MARKS = {
    "*": "Bold", "_": "Italic", "__": "Underline", "~": "Strikethrough", "||": "Spoiler", "[": "TextUrl",
    "![": "CustomEmoji", "`": "Code", "```": "Pre",
}  # fmt: skip
_LONGEST_FIRST = sorted(_MARKS, key=len, reverse=True)
_TYPES = {"TextUrl": "text_link", "CustomEmoji": "custom_emoji", "PreCode": "pre"}
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_CODE = frozenset({"Code", "Pre", "PreCode"})
_LANGUAGE = re.compile(r"[^\s`]+(?=\s)")
_NEW_LINE = re.compile(r"\r\n|\n\r|\r|\n|")


@dataclass(slots=True)
class _Open:
    kind: str
    mark: str
    start: int
    """Where its text begins, in UTF-16 units."""
    at: int
    """Its place in the source."""
    piece: int
    """Which piece of the text is its first."""
    language: str = ""


@dataclass(slots=True)
class _Reader:
    """Reads once from left to right."""

    source: str
    at: int = 0
    length: int = 0
    text: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text.append(piece)
        self.length += utf16_length(piece)

    def refuse(self, reason: str, at: int) -> NoReturn:
        raise Refused("entities", reason=f"{reason} at byte offset {len(self.source[:at].encode())}")

    def read(self) -> Marked:
        while self.at < len(self.source):
            self.step()
        if self.open:
            last = self.open[-1]
            self.refuse(f"Can't find end of {last.kind} entity", last.at)
        return read_plain("".join(self.text), in_order(self.entities))

    def step(self) -> None:
        source, at = self.source, self.at
        one, following = source[at], source[at + 1 : at + 2]
        if one == "\\" and following and ord(following) < 127:
            self.add(following)
            self.at += 2
        elif one not in ("`" if self.inside in _CODE else _RESERVED):
            self.add(one)
            self.at += 1
        elif self.ends_here():
            self.close(self.open.pop())
        else:
            self.begin(self.mark())

    @property
    def inside(self) -> str:
        """The kind of the innermost entity that is open."""
        return self.open[-1].kind if self.open else ""

    def ends_here(self) -> bool:
        """Whether the innermost open entity ends at this place."""
        source, at = self.source, self.at
        if not self.open:
            return False
        mark = self.open[-1].mark
        if mark in ("[", "!["):
            return source[at] == "]"
        if mark == "_":  # two of them mean an underline, whatever is open
            return source[at] == "_" and not source.startswith("__", at)
        return source.startswith(mark, at)

    def mark(self) -> str:
        """The mark that begins an entity here; raises Refused for a character that begins none."""
        for mark in _LONGEST_FIRST:
            if self.source.startswith(mark, self.at):
                return mark
        one = self.source[self.at]
        reason = f"Character '{one}' is reserved and must be escaped with the preceding '\\'"
        raise Refused("entities", reason=reason)

    def begin(self, mark: str) -> None:
        opened = _Open(_MARKS[mark], mark, self.length, self.at, len(self.text))
        self.at += len(mark)
        if mark == "```":
            if found := _LANGUAGE.match(self.source, self.at):
                opened.kind, opened.language, self.at = "PreCode", found.group(), found.end()
            if newline := _NEW_LINE.match(self.source, self.at):
                self.at = newline.end()
        self.open.append(opened)

    def close(self, last: _Open) -> None:
        url = ""
        if last.mark in ("[", "!["):
            self.at += 1
            url = self.address(last)
        else:
            self.at += len(last.mark)
        if self.length == last.start:
            return
        span: Entity = {"offset": last.start, "length": self.length - last.start}
        if last.mark == "![":
            self.shown(span, url)
        elif last.mark == "[":
            self.link(span, url)
        else:
            kind = _TYPES.get(last.kind, last.kind.lower())
            self.entities.append({"type": kind, **span} | ({"language": last.language} if last.language else {}))

    def address(self, last: _Open) -> str:
        """The address in brackets after a link's text; a link without one is its own address."""
        if not self.source.startswith("(", self.at):
            if last.mark == "![":
                raise Refused("entities", reason="The entity must contain a tg://emoji or tg://time URL")
            # No address is longer: joined for every link in a link, the time would grow with the square of the text.
            return "".join(self.text[last.piece :]) if self.length - last.start <= OWN_ADDRESS else ""
        begin = self.at = self.at + 1
        pieces: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != ")":
            following = self.source[self.at + 1 : self.at + 2]
            if self.source[self.at] == "\\" and following and ord(following) < 127:
                self.at += 1
            pieces.append(self.source[self.at])
            self.at += 1
        if self.at >= len(self.source):
            self.refuse("Can't find end of a URL", begin)
        self.at += 1
        return "".join(pieces)

    def shown(self, span: Entity, url: str) -> None:
        """What a reader sees in the place of the text: a custom emoji, or a time in the reader's own zone."""
        if (number := emoji_in(url)) is not None:
            self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": number})
        elif (moment := moment_in(url)) is not None:
            unix, form = moment
            self.entities.append({"type": "date_time", **span, "unix_time": unix, "date_time_format": form})
        else:
            raise Refused("entities", reason="Invalid tg://emoji or tg://time URL specified")

    def link(self, span: Entity, url: str) -> None:
        if (user := user_in(url)) is not None:
            self.entities.append({"type": "text_mention", **span, "user": {"id": user}})
        elif is_link(url):
            self.entities.append({"type": "text_link", **span, "url": url})


def read_markdown(source: str) -> Marked:
    """The plain text and entities of MarkdownV2; raises Refused with the real server's text."""
    return _Reader(source).read()
