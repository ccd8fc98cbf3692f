"""The forms of a message: cleaned for storage, displayed to officials, folded for matching."""

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from nlp.colloquial import WRITTEN
from nlp.slimming import slim

LONGEST = 4096
"""Characters kept of a message: the limit of both messengers."""

HAZM_LONGEST = 600
"""Characters given to hazm: it takes at most 2 ms for these, and more than 12 ms for 4,096."""

# Control characters, soft hyphen, zero-width space and joiner, bidi marks, isolates and overrides, lone surrogates,
# tags, private use (display() uses these as place holders). ZWNJ (200C) stays: Persian is written with it.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_STACKED = re.compile(f"([{_MARKS}]{{2}})[{_MARKS}]+")
_BLANKS = re.compile(r"[^\S\n]{2,}")
_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*\n\s*")

# What hazm would break: links, e-mails and user names, runs over 40 letters (which cost it quadratic time); long
# numbers, pairs of decimals, and codes.
_TOKEN = re.compile(r"\S+")
_PROTECTED_TOKEN = ("@", "://", "www.", "geo:", ".ir/", ".com/")
_LONG_RUN = re.compile(r"\S{41}")
_PROTECTED = re.compile(
    r"[+]?\d[\d\s-]{3,22}\d"
    r"|\d{1,12}[./]\d{1,12}(?:\s?[,،]\s?\d{1,12}[.]\d{1,12})?"
    r"|(?<![A-Za-z\d-])(?=[A-Za-z-]{0,8}\d)[A-Za-z\d-]{4,40}"
)
_FIRST_PLACE_HOLDER = 0xE000
_PLACE_HOLDER = re.compile("[\ue000-\uf8ff]")

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("يىېئۍێ", "ی"),
        **dict.fromkeys("كڪګ", "ک"),
        **dict.fromkeys("ةۀہھەۂ", "ه"),
        **dict.fromkeys("ؤۆۇ", "و"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ءـ", None),
        "ے": "ی",
        "ں": "ن",
        **dict.fromkeys(("\u200c", "\ufdfa", "\ufdfb"), " "),  # the ligatures of a blessing would become 18 letters
        **{digit: str(index % 10) for index, digit in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")},
    }
)
_DISPLAY_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ـ": None})
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc\uff01-\uff5e\U0001d400-\U0001d7ff]")
_ANY_MARK = re.compile(f"[{_MARKS}]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_NOT_WORD = re.compile(r"[\W_]+")
_LETTER_BESIDE_DIGIT = re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")
_LOOSE_PREFIX = re.compile(r"\b(ن?می) (?=\w{2})")
_LOOSE_SUFFIX = re.compile(r"(?<=\w\w) (ها(?:ی|یی|یم|یش|مون|تون|شون|یمان|یشان)?|تر|ترین)\b")

_loading = threading.Lock()
_normalize: Callable[[str], str] | None = None


def warm_up() -> None:
    """Load hazm; takes about two seconds and blocks, so call it in a thread. A second call returns at once."""
    global _normalize  # noqa: PLW0603 - one normaliser in the process: it holds 25 MB
    with _loading:
        if _normalize is None:
            from hazm import Normalizer  # noqa: PLC0415 - the import costs a second of the start

            _normalize = slim(Normalizer(seperate_mi=False)).normalize


def clean(raw: str) -> str:
    """Return the text without what cannot be seen or stored, at most LONGEST characters, lines kept."""
    text = _LINE_END.sub("\n", raw[:LONGEST])
    text = _INVISIBLE.sub("", text)
    text = _STACKED.sub(r"\1", text)
    return _EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", text)).strip()


def display(raw: str) -> str:
    """Return the text as officials read it: hazm's Persian, with links, numbers and codes as they were typed.

    Until `warm_up` has run, the letters are corrected by own rules only, so this never blocks.
    """
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found.group())
        return chr(_FIRST_PLACE_HOLDER + len(kept) - 1)

    text = clean(raw)
    if _is_protected(text):
        text = _TOKEN.sub(lambda found: keep(found) if _is_protected(found.group()) else found.group(), text)
    # hazm takes every diacritic away; the little hamza of «کوچهٔ ما» survives as one letter with its he.
    text = _corrected(_PROTECTED.sub(keep, text.replace("ه\u0654", "\u06c0"))).replace("\u06c0", "ه\u0654")
    return _PLACE_HOLDER.sub(lambda found: _kept(kept, found.group()), text).strip()


def _is_protected(text: str) -> bool:
    return any(sign in text for sign in _PROTECTED_TOKEN) or _LONG_RUN.search(text) is not None


def _kept(kept: list[str], place_holder: str) -> str:
    index = ord(place_holder) - _FIRST_PLACE_HOLDER
    return kept[index] if index < len(kept) else ""


def _corrected(text: str) -> str:
    normalize = _normalize
    if normalize is None:
        return text.translate(_DISPLAY_LETTERS)
    if len(text) <= HAZM_LONGEST:
        return normalize(text)
    end = max(text.rfind(" ", 0, HAZM_LONGEST), text.rfind("\n", 0, HAZM_LONGEST)) + 1 or HAZM_LONGEST
    return normalize(text[:end]).rstrip() + text[end - 1 : end] + text[end:].translate(_DISPLAY_LETTERS)


def letters(text: str) -> str:
    """Return the text with one letter for each sound of spelling, ASCII digits and no diacritics; for matching."""
    text = text.translate(_LETTERS)
    if _PRESENTATION.search(text):
        text = unicodedata.normalize("NFKC", text)[:LONGEST].translate(_LETTERS)
    return _ANY_MARK.sub("", text).lower()


@lru_cache(maxsize=32)  # one message is folded by every reader of it
def folded(raw: str) -> str:
    """Return words of plain letters with single spaces between them: for matching only, never shown.

    ZWNJ counts as a space («پیاده‌رو» and «پیاده رو» are one), after which «می», «نمی», «ها» and «تر» are joined to
    their word, as most people type them; three and more of a letter become one; spoken words become written ones.
    """
    text = _REPEATED.sub(r"\1", letters(clean(raw)))
    text = _LETTER_BESIDE_DIGIT.sub(" ", _NOT_WORD.sub(" ", text))[:LONGEST]
    text = _LOOSE_SUFFIX.sub(r"\1", _LOOSE_PREFIX.sub(r"\1", text))
    return " ".join(WRITTEN.get(word, word) for word in text.split())
