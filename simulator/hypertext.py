"""Telegram HTML as TDLib reads it, refused in its words: https://core.telegram.org/bots/api#html-style."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from simulator.links import emoji_id, is_link, moment_format, user_in
from simulator.markup import OWN_ADDRESS, Entity, Marked, in_order, trimmed, utf16_length
from simulator.reading import leading
from simulator.refusals import Refused

_TAGS: dict[str, str] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link", "span": "spoiler",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<number>[0-9]+)|(?P<name>[a-zA-Z]+))")
_NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LONGEST_NUMBER = 10  # of "&#x10ffff": anything longer is no reference
_TOKEN = re.compile(r"[a-zA-Z0-9.-]*")
_PIECE = re.compile(r"[<&]")
_SPACE = " \t\r\n\v"
_HALVES = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
)


@dataclass(slots=True)
class _Open:
    name: str
    argument: str
    start: int
    """Where its text begins, in UTF-16 units."""
    piece: int
    """Which piece of the text is its first."""
    unix: int
    """The moment that a ``tg-time`` names."""


def _referred(source: str, at: int) -> tuple[str, int] | None:
    """The character that a reference such as ``&lt;`` stands for, and the place after it; None for any other text."""
    found = _REFERENCE.match(source, at)
    if found is None:
        return None
    end = found.end() + source.startswith(";", found.end())
    if name := found["name"]:
        return (_NAMES[name], end) if name in _NAMES else None
    if found.end() - at >= _LONGEST_NUMBER:  # looked at first: Python reads no number of thousands of digits
        return None
    code = int(found["hex"], 16) if found["hex"] else int(found["number"])
    return (chr(code), end) if 0 < code < 0x10FFFF else None


@dataclass(slots=True)
class _Reader:
    """Reads once from left to right."""

    source: str
    text: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Entity] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    halves: bool = False
    """Whether half a surrogate pair was written as a number."""

    def add(self, piece: str) -> None:
        self.text.append(piece)
        self.length += utf16_length(piece)

    def refuse(self, reason: str, at: int) -> NoReturn:
        raise Refused("entities", reason=f"{reason} at byte offset {self.offset(at)}")

    def offset(self, at: int) -> int:
        return len(self.source[:at].encode())

    def read(self) -> Marked:
        at = 0
        while found := _PIECE.search(self.source, at):
            self.add(self.source[at : found.start()])
            at = self.tag(found.start()) if found.group() == "<" else self.reference(found.start())
        self.add(self.source[at:])
        if self.open:
            name = self.open[-1].name
            raise Refused("entities", reason=f'Can\'t find end tag corresponding to start tag "{name}"')
        if self.halves:
            raise Refused("entities", reason=_HALVES)
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self.text), in_order(self.entities)

    def reference(self, at: int) -> int:
        one, end = self.referred(self.source, at) or ("&", at + 1)
        self.add(one)
        return end

    def referred(self, source: str, at: int) -> tuple[str, int] | None:
        """The character of a reference as ``_referred`` gives it; half a surrogate pair is noted."""
        found = _referred(source, at)
        if found is not None and "\ud800" <= found[0] <= "\udfff":
            self.halves = True
            return "\ufffd", found[1]
        return found

    # Places ---------------------------------------------------------------------------------------------------------

    def until(self, stop: str, at: int) -> int:
        while at < len(self.source) and self.source[at] not in stop:
            at += 1
        return at

    def past_space(self, at: int) -> int:
        while at < len(self.source) and self.source[at] in _SPACE:
            at += 1
        return at

    def ends(self, at: int) -> bool:
        return at >= len(self.source)

    # Tags -----------------------------------------------------------------------------------------------------------

    def tag(self, at: int) -> int:
        """Reads the tag that begins here; gives the place after it."""
        return self.end_tag(at) if self.source.startswith("/", at + 1) else self.start_tag(at)

    def start_tag(self, begin: int) -> int:
        at = self.until(_SPACE + ">", begin + 1)
        name = self.source[begin + 1 : at].lower()
        if self.ends(at):
            self.refuse("Unclosed start tag", begin)
        if name not in _TAGS:
            self.refuse(f'Unsupported start tag "{name}"', begin)
        given: dict[str, str] = {}
        while not self.source.startswith(">", at := self.past_space(at)):
            key, given[key], at = self.attribute(name, begin, at)
        argument = _argument(name, given)
        if name == "span" and argument != "tg-spoiler":
            self.refuse('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(name, argument, self.length, len(self.text), leading(given.get("unix", ""))))
        return at + 1

    def attribute(self, tag: str, begin: int, at: int) -> tuple[str, str, int]:
        """Name and value of the attribute that begins here, and the place after it."""
        end = self.until(_SPACE + "=>", at)
        name = self.source[at:end]
        if not name:
            self.refuse(f'Empty attribute name in the tag "{tag}"', begin)
        at = self.past_space(end)
        if self.ends(at):
            self.refuse(f'Unclosed start tag "{tag}"', begin)
        if self.source[at] != "=":
            if (tag, name) == ("blockquote", "expandable"):
                return name, name, at
            self.refuse(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        at = self.past_space(at + 1)
        if self.ends(at):
            self.refuse(f'Unclosed start tag "{tag}"', begin)
        value, at = self.quoted(at) if self.source[at] in "'\"" else self.token(at)
        if self.ends(at):
            self.refuse("Unclosed start tag", begin)
        return name, value, at

    def token(self, at: int) -> tuple[str, int]:
        found = _TOKEN.match(self.source, at)
        end = found.end() if found else at
        if not self.ends(end) and self.source[end] not in _SPACE + ">":
            self.refuse("Unexpected end of name token", at)
        return self.source[at:end].lower(), end

    def quoted(self, at: int) -> tuple[str, int]:
        end = self.source.find(self.source[at], at + 1)
        if end < 0:
            return "", len(self.source)
        inner, pieces, here = self.source[at + 1 : end], [""], 0
        while here < len(inner):
            one, here = self.referred(inner, here) or (inner[here], here + 1)
            pieces.append(one)
        return "".join(pieces), end + 1

    def end_tag(self, begin: int) -> int:
        if not self.open:
            self.refuse("Unexpected end tag", begin)
        at = self.until(_SPACE + ">", begin + 2)
        name = self.source[begin + 2 : at].lower()
        at = self.past_space(at)
        if not self.source.startswith(">", at):
            self.refuse("Unclosed end tag", begin)
        last = self.open.pop()
        if name and name != last.name:
            reason = (
                f'Unmatched end tag at byte offset {self.offset(begin)}, expected "</{last.name}>", found "</{name}>"'
            )
            raise Refused("entities", reason=reason)
        if self.length > last.start:
            self.close(last)
        return at + 1

    # What tags mean -------------------------------------------------------------------------------------------------

    def close(self, last: _Open) -> None:
        span: Entity = {"offset": last.start, "length": self.length - last.start}
        kind, argument = _TAGS[last.name], last.argument
        if kind == "text_link":
            self.link(span, argument or self.own_address(last))
        elif kind in ("code", "pre"):
            self.code(kind, span, argument)
        elif kind == "custom_emoji":
            if emoji_id(argument) is None:
                raise Refused("entities", reason="Invalid custom emoji identifier specified")
            self.entities.append({"type": kind, **span, "custom_emoji_id": argument})
        elif kind == "date_time":
            self.moment(span, last)
        else:
            self.entities.append({"type": "expandable_blockquote" if argument == "expandable" else kind, **span})

    def own_address(self, last: _Open) -> str:
        """The text of a link without an address, which is its own address."""
        # No address is longer: joined for every link in a link, the time would grow with the square of the text.
        return "".join(self.text[last.piece :]) if self.length - last.start <= OWN_ADDRESS else ""

    def moment(self, span: Entity, last: _Open) -> None:
        form = moment_format(last.argument)
        if form is None:
            raise Refused("entities", reason="Invalid date format used")
        if 0 < last.unix < 1 << 31:
            self.entities.append({"type": "date_time", **span, "unix_time": last.unix, "date_time_format": form})

    def link(self, span: Entity, url: str) -> None:
        if (user := user_in(url)) is not None:
            self.entities.append({"type": "text_mention", **span, "user": {"id": user}})
        elif is_link(url):
            self.entities.append({"type": "text_link", **span, "url": url})

    def code(self, kind: str, span: Entity, language: str) -> None:
        """A ``code`` with a language that fills its ``pre``, or the other way round, is one piece of code."""
        last = self.entities[-1] if self.entities else {}
        partner = last.get("type") == ("pre" if kind == "code" else "code")
        language = language or (str(last.get("language", "")) if kind == "pre" else "")
        if partner and language and (last["offset"], last["length"]) == (span["offset"], span["length"]):
            last.update({"type": "pre", "language": language})
        else:
            self.entities.append(
                {"type": kind, **span} | ({"language": language} if language and kind == "code" else {})
            )


def _argument(tag: str, given: dict[str, str]) -> str:
    kind = given.get("class", "")
    if tag == "code":
        return kind.removeprefix("language-") if kind.startswith("language-") else ""
    if tag == "blockquote":
        return "expandable" if "expandable" in given else ""
    name = {"a": "href", "span": "class", "tg-emoji": "emoji-id", "tg-time": "format"}.get(tag, "")
    return given.get(name, "")


def read_html(source: str) -> Marked:
    """The plain text and entities of Telegram HTML; raises Refused with the real server's text."""
    if "<" not in source and "&" not in source:
        return trimmed(source, [])
    return trimmed(*_Reader(source).read())
