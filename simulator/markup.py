"""Text as the servers read it: UTF-16 lengths, links, commands and links in people's words, Bale Markdown.

Telegram's own marks are read in hypertext.py and markdown.py.
"""

import re
from typing import Any

Entity = dict[str, Any]
Marked = tuple[str, list[Entity]]

_BLANK = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\u3164]*\Z")
_FOUND = re.compile(
    r"(?<![\w/])(?P<bot_command>/[a-zA-Z0-9_]{1,32}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[a-zA-Z][a-zA-Z0-9_]{3,31})"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w@.])(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@.])(?P<url>(?:https?://[^\s<>\"]+|(?:[a-zA-Z0-9-]+\.)+(?:com|org|net|ir|me|ai|app|city)(?:/[^\s<>\"]*)?))"
)
# entity: what it may stand in, where two begin and end at the same places
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            "blockquote", "expandable_blockquote", "pre", "code", "date_time", "text_link", "text_mention", "bold",
            "italic", "underline", "strikethrough", "spoiler", "custom_emoji",
        )
    )
}  # fmt: skip
OWN_ADDRESS = 2048
"""The longest text of a link without an address, in UTF-16 units, that can be one itself."""
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


def in_order(entities: list[Entity]) -> list[Entity]:
    """The entities as the server lists them: outer ones first."""
    return sorted(entities, key=lambda one: (one["offset"], -one["length"], _RANK.get(str(one["type"]), 0)))


def trimmed(text: str, entities: list[Entity]) -> Marked:
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


def read_plain(source: str, entities: list[Entity] | None = None) -> Marked:
    """A text without marks of its own, with the entities that came beside it."""
    return trimmed(source, entities or [])


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
