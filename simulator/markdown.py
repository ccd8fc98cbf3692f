"""Telegram MarkdownV2 as TDLib reads it: https://core.telegram.org/bots/api#markdownv2-style; no quotations."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from simulator.markup import Entity, Marked, in_order, is_link, read_plain, user_in, utf16_length
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
_EMOJI = re.compile(r"tg:(?://)?emoji/?\?(?:[^#]*&)?id=([0-9]+)(?:[&#].*)?")


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
            self.emoji(span, url)
        elif last.mark == "[":
            self.link(span, url)
        else:
            kind = _TYPES.get(last.kind, last.kind.lower())
            self.entities.append({"type": kind, **span} | ({"language": last.language} if last.language else {}))

    def address(self, last: _Open) -> str:
        """The address in brackets after a link's text; a link without one is its own address."""
        if not self.source.startswith("(", self.at):
            if last.mark == "![":
                raise Refused("entities", reason="Custom emoji entity must contain a tg://emoji URL")
            return "".join(self.text[last.piece :])
        begin = self.at = self.at + 1
        pieces: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != ")":
            following = self.source[self.at + 1 : self.at + 2]
            if self.source[self.at] == "\\" and following and ord(following) < 127:
                self.at += 1
            pieces.append(self.source[self.at])
            self.at += 1
        if self.at >= len(self.source):
            self.refuse(f"Can't find end of a {'custom emoji ' if last.mark == '![' else ''}URL", begin)
        self.at += 1
        return "".join(pieces)

    def emoji(self, span: Entity, url: str) -> None:
        found = _EMOJI.fullmatch(url)
        if found is None or int(found[1]) == 0:
            raise Refused("entities", reason="Invalid custom emoji identifier specified")
        self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": found[1]})

    def link(self, span: Entity, url: str) -> None:
        if (user := user_in(url)) is not None:
            self.entities.append({"type": "text_mention", **span, "user": {"id": user}})
        elif is_link(url):
            self.entities.append({"type": "text_link", **span, "url": url})


def read_markdown(source: str) -> Marked:
    """The plain text and entities of MarkdownV2; raises Refused with the real server's text."""
    return _Reader(source).read()
