"""Comparing what was expected with what was said: words in order, buttons, kinds of message, names to remember."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from domain import tracking

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufe0f]")
_BUTTON = re.compile(r"(-?)\[([^\[\]]+)\]")
_NAME = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
_KINDS = {"📷": "photo", "📍": "location", "🎤": "voice", "🎬": "video", "📎": "document"}
_SHAPES = {"code": r"\d{7,9}", "link": r"https://\S+", "number": r"\d+"}


def folded(text: str) -> str:
    """Write digits in Latin, drop invisible letters and join white space: what a reader would call the same."""
    latin = "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", latin)).split())


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation: pieces of text in order, buttons that must and must not be there, the kind of message."""

    words: str
    buttons: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    kind: str = ""
    count: int = 1

    @property
    def anything(self) -> bool:
        """Tell whether any message at all would do."""
        return not (self.words.strip(" …") or self.buttons or self.absent or self.kind)


def expected(rest: str) -> Expected:
    """Read the right side of a line that looks at what was said."""
    buttons = [(found[1], found[2].strip()) for found in _BUTTON.finditer(rest)]
    words = _BUTTON.sub(" ", rest).strip()
    kind, count = "", 1
    mark = re.match(rf"({'|'.join(_KINDS)})(?:×(\d+))?", words)
    if mark is not None:
        kind, count = _KINDS[mark[1]], int(mark[2] or 1)
        words = words[mark.end() :]
    return Expected(
        words.strip(), tuple(b for sign, b in buttons if not sign), tuple(b for sign, b in buttons if sign), kind, count
    )


def _piece(text: str, known: Mapping[str, str]) -> str:
    """Turn one piece into a pattern; an unknown {name} takes what it finds, a known one must be there again."""
    out, at = [], 0
    for found in _NAME.finditer(text):
        out.append(re.escape(folded(text[at : found.start()])))
        name = found[1]
        out.append(re.escape(folded(known[name])) if name in known else f"(?P<{name}>{_SHAPES.get(name, r'\S+')})")
        at = found.end()
    out.append(re.escape(folded(text[at:])))
    return r"\s*".join(part for part in out if part)


def found_in(words: str, said: str, known: Mapping[str, str]) -> dict[str, str] | None:
    """Return the names that the text gives, or None when the words are not all in it, in this order."""
    pattern = ".*?".join(_piece(piece.strip(), known) for piece in words.split("…"))
    found = re.search(pattern, folded(said), re.DOTALL)
    if found is None:
        return None
    names = found.groupdict()
    if "code" in names and not tracking.is_code(names["code"]):
        return None
    return names


def label_found(wanted: str, labels: Iterable[str]) -> str | None:
    """Return the first label that is the wanted one; «…» in it stands for anything."""
    pattern = ".*".join(re.escape(folded(piece)) for piece in wanted.split("…"))
    whole = re.compile(rf"(?:\W*\s)?{pattern}(?:\s\W*)?", re.DOTALL)  # an emoji beside the words need not be written
    return next((label for label in labels if whole.fullmatch(folded(label))), None)


_SPELLED: dict[str, Callable[[str], str]] = {
    "fa": lambda code: code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
    "ar": lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "spaced": lambda code: f"{code[:3]} {code[3:5]}-{code[5:]}",
    "wrong": lambda code: code[:-1] + str((int(code[-1]) + 1) % 10),
}


def filled(text: str, known: Mapping[str, str]) -> str:
    """Put remembered names into what somebody says; {code:fa} and so on choose the digits."""

    def put(found: re.Match[str]) -> str:
        value = known[found[1]]
        return _SPELLED[found[2]](value) if found[2] else value

    return _NAME.sub(put, text)
