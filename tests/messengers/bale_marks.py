"""A reader of Bale's marks, as greedy as its documentation can be taken, to check what the renderer writes."""

import re

_EDGE_BEFORE, _EDGE_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_PAIRS = {
    "bold": re.compile(_EDGE_BEFORE + r"\*(?=\S)([^\n]*?)(?<=\S)\*" + _EDGE_AFTER),
    "italic": re.compile(_EDGE_BEFORE + r"_(?=\S)([^\n]*?)(?<=\S)_" + _EDGE_AFTER),
}
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_STRICT = {
    "bold": re.compile(r"(?:(?<=\s)|^)\*(?=\S)([^*\n]+?)(?<=\S)\*(?=\s|$)", re.MULTILINE),
    "italic": re.compile(r"(?:(?<=\s)|^)_(?=\S)([^_\n]+?)(?<=\S)_(?=\s|$)", re.MULTILINE),
    "link": re.compile(r"(?:(?<=\s)|^)\[([^\]\n]+)\]\((https?://[^()\s]+|tg://[^()\s]+)\)(?=\s|$)", re.MULTILINE),
}


def anything_like_a_mark(text: str) -> list[str]:
    """List whatever a generous reader could take for a mark: at any edge of a word, not only beside a space."""
    without_addresses = re.sub(r"https?://[!-~]+", "", text)
    found = [match[0] for pattern in _PAIRS.values() for match in pattern.finditer(without_addresses)]
    return found + [match[0] for match in _LINK.finditer(text)] + re.findall("`", text)


def marks(text: str) -> list[tuple[str, str]]:
    """List the marks that stand as documented, a space or an edge outside: (kind, words)."""
    return [(kind, match[1]) for kind, pattern in _STRICT.items() for match in pattern.finditer(text)]


def without(text: str) -> str:
    """Take the documented marks off."""
    for pattern in _STRICT.values():
        text = pattern.sub(lambda match: match[1], text)
    return text
