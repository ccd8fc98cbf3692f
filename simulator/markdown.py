"""Telegram MarkdownV2: https://core.telegram.org/bots/api#markdownv2-style."""

from simulator.markup import Entity, Marked, read_plain, utf16_length
from simulator.refusals import Refused

_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")


class _Reader:
    def __init__(self, source: str) -> None:
        self.source, self.at, self.length = source, 0, 0
        self.text: list[str] = []
        self.entities: list[Entity] = []
        self.open: list[tuple[str, int, int]] = []
        """Mark, start of its text in UTF-16 units, place in the source."""

    def add(self, piece: str) -> None:
        self.text.append(piece)
        self.length += utf16_length(piece)

    def offset(self, at: int) -> int:
        return len(self.source[:at].encode())

    def read(self) -> Marked:
        while self.at < len(self.source):
            self.step()
        if self.open:
            mark, _, at = self.open[-1]
            kind = {"[": "TextUrl"}.get(mark, _MARKS.get(mark, "").capitalize())
            raise Refused("entities", reason=f"Can't find end of {kind} entity at byte offset {self.offset(at)}")
        return read_plain("".join(self.text), sorted(self.entities, key=lambda e: (e["offset"], -e["length"])))

    def step(self) -> None:
        source, at = self.source, self.at
        one = source[at]
        if one == "\\" and at + 1 < len(source) and ord(source[at + 1]) < 127:
            self.add(source[at + 1])
            self.at += 2
        elif one == "`":
            self.code("```" if source.startswith("```", at) else "`")
        elif one in "*_~|[" and (mark := self.mark(at)):
            self.toggle(mark)
        elif one == "]" and self.open and self.open[-1][0] == "[":
            self.link()
        elif one in _RESERVED:
            reason = f"Character '{one}' is reserved and must be escaped with the preceding '\\'"
            raise Refused("entities", reason=reason)
        else:
            self.add(one)
            self.at += 1

    def mark(self, at: int) -> str:
        for mark in ("__", "||"):
            if self.source.startswith(mark, at):
                return mark
        return "" if self.source[at] == "|" else self.source[at]

    def toggle(self, mark: str) -> None:
        if self.open and self.open[-1][0] == mark:
            _, start, _ = self.open.pop()
            self.close({"type": _MARKS[mark]}, start)
        else:
            self.open.append((mark, self.length, self.at))
        self.at += len(mark)

    def close(self, entity: Entity, start: int) -> None:
        if self.length > start:
            self.entities.append({**entity, "offset": start, "length": self.length - start})

    def link(self) -> None:
        _, start, at = self.open.pop()
        end = self.source.find(")", self.at)
        if not self.source.startswith("](", self.at) or end < 0:
            raise Refused("entities", reason=f"Can't find end of a URL at byte offset {self.offset(at)}")
        self.close({"type": "text_link", "url": self.source[self.at + 2 : end]}, start)
        self.at = end + 1

    def code(self, mark: str) -> None:
        end = self.source.find(mark, self.at + len(mark))
        if end < 0:
            kind = "Pre" if mark == "```" else "Code"
            reason = f"Can't find end of {kind} entity at byte offset {self.offset(self.at)}"
            raise Refused("entities", reason=reason)
        start = self.length
        self.add(self.source[self.at + len(mark) : end])
        self.close({"type": "pre" if mark == "```" else "code"}, start)
        self.at = end + len(mark)


def read_markdown(source: str) -> Marked:
    """The plain text and entities of MarkdownV2; raises Refused with the real server's text."""
    return _Reader(source).read()
