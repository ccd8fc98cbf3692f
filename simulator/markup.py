"""Text as the servers read it: UTF-16 lengths, Telegram HTML, commands and links in people's words, Bale Markdown.

Rules: https://core.telegram.org/bots/api#html-style and the error texts that the real server sends.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from simulator.refusals import Refused

Entity = dict[str, Any]
Marked = tuple[str, list[Entity]]

_TAGS: dict[str, str] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link", "span": "spoiler",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_PIECE = re.compile(r"[<&]")
_TAG = re.compile(r"<(/?)([a-zA-Z0-9!-]*)((?:\s+[^<>]*?)?)\s*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\u3164]*\Z")
_FOUND = re.compile(
    r"(?<![\w/])(?P<bot_command>/[a-zA-Z0-9_]{1,32}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[a-zA-Z][a-zA-Z0-9_]{3,31})"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w@.])(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@.])(?P<url>(?:https?://[^\s<>\"]+|(?:[a-zA-Z0-9-]+\.)+(?:com|org|net|ir|me|ai|app|city)(?:/[^\s<>\"]*)?))"
)
_MAY_HOLD = re.compile(r"[/@#.]")
_BALE = re.compile(
    r"(?<!\S)(?:\*(?P<bold>[^*\n]+)\*|_(?P<italic>[^_\n]+)_)(?!\S)|\[(?P<label>[^\]\n]+)\]\((?P<url>[^)\s]+)\)"
)


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, as both servers count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def is_blank(text: str) -> bool:
    """Whether the text shows nothing: only spaces and invisible marks."""
    return _BLANK.match(text) is not None


def entities_in(text: str) -> list[Entity]:
    """Commands, mentions, hashtags and links that the server itself marks in a text."""
    if not _MAY_HOLD.search(text):
        return []
    return [
        {
            "type": found.lastgroup,
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in _FOUND.finditer(text)
    ]


@dataclass(slots=True)
class _Open:
    name: str
    entity: Entity
    at: int


@dataclass(slots=True)
class _Reader:
    """Reads Telegram HTML once from left to right."""

    source: str
    text: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Entity] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text.append(piece)
        self.length += utf16_length(piece)

    def refuse(self, reason: str, at: int) -> NoReturn:
        offset = len(self.source[:at].encode())
        raise Refused("entities", reason=reason.replace("@", f"at byte offset {offset}"))

    def read(self) -> Marked:
        at = 0
        while found := _PIECE.search(self.source, at):
            self.add(self.source[at : found.start()])
            at = self.tag(found.start()) if found.group() == "<" else self.reference(found.start())
        self.add(self.source[at:])
        if self.open:
            name = self.open[-1].name
            raise Refused("entities", reason=f'Can\'t find end tag corresponding to start tag "{name}"')
        return "".join(self.text), self.entities

    def reference(self, at: int) -> int:
        found = _ENTITY.match(self.source, at)
        if found is None:
            self.add("&")
            return at + 1
        self.add(html.unescape(found.group()))
        return found.end()

    def tag(self, at: int) -> int:
        found = _TAG.match(self.source, at)
        if found is None:
            self.refuse("Unclosed start tag @" if self.source[at + 1 : at + 2] != "/" else "Unclosed end tag @", at)
        closing, name, attributes = found.group(1), found.group(2).lower(), found.group(3)
        if closing:
            self.close(name, at)
        else:
            self.start(name, attributes, at)
        return found.end()

    def start(self, name: str, attributes: str, at: int) -> None:
        if name not in _TAGS:
            self.refuse(f'Unsupported start tag "{name}" @', at)
        given = {
            found.group(1).lower(): html.unescape(found.group(2) or found.group(3) or found.group(4) or "")
            for found in _ATTRIBUTE.finditer(attributes)
        }
        if name == "span" and given.get("class") != "tg-spoiler":
            self.refuse('Tag "span" must have class "tg-spoiler" @', at)
        entity: Entity = {"type": _TAGS[name], "offset": self.length, "length": 0}
        if name == "a" and given.get("href"):
            entity["url"] = given["href"]
        if name == "blockquote" and "expandable" in given:
            entity["type"] = "expandable_blockquote"
        if name == "tg-emoji":
            entity["custom_emoji_id"] = given.get("emoji-id", "")
        self.open.append(_Open(name, entity, at))

    def close(self, name: str, at: int) -> None:
        if not self.open:
            self.refuse("Unexpected end tag @", at)
        last = self.open.pop()
        if name and name != last.name:
            self.refuse(f'Unmatched end tag @, expected "</{last.name}>", found "</{name}>"', at)
        last.entity["length"] = self.length - last.entity["offset"]
        if last.entity["length"] and not (last.name == "a" and "url" not in last.entity):
            self.entities.append(last.entity)


def _trimmed(text: str, entities: list[Entity]) -> Marked:
    """The text without the white space at its ends, as the server stores it, its marks moved along."""
    kept = text.strip()
    if len(kept) == len(text):
        return text, entities
    shift = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        stop = min(end, entity["offset"] - shift + entity["length"])
        if stop > start:
            moved.append({**entity, "offset": start, "length": stop - start})
    return kept, moved


def read_html(source: str) -> Marked:
    """The plain text and entities of Telegram HTML; raises Refused with the real server's text."""
    if "<" not in source and "&" not in source:
        return _trimmed(source, [])
    text, entities = _Reader(source).read()
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return _trimmed(text, entities)


def read_plain(source: str, entities: list[Entity] | None = None) -> Marked:
    """A text without marks of its own, with the entities that came beside it."""
    return _trimmed(source, entities or [])


def read_bale(source: str) -> Marked:
    """How a Bale client shows a text: ``*bold*``, ``_italic_`` and ``[label](address)``, with spaces outside."""
    pieces: list[str] = []
    entities: list[Entity] = []
    at = length = 0
    for found in _BALE.finditer(source):
        before = source[at : found.start()]
        kind = found.lastgroup or ""
        inner = found.group("label") if kind == "url" else found.group(kind)
        pieces += (before, inner)
        length += utf16_length(before)
        entity: Entity = {"type": "text_link" if kind == "url" else kind, "offset": length}
        entity["length"] = utf16_length(inner)
        if kind == "url":
            entity["url"] = found.group("url")
        entities.append(entity)
        length += entity["length"]
        at = found.end()
    return "".join([*pieces, source[at:]]), entities
