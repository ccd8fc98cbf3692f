"""The small keyboard that is always there, and the words that mean a command."""

from functools import cache, lru_cache

from domain.messages import Key, Keyboard
from domain.roles import AT_THE_DESK, IN_A_UNIT, Role
from handlers.turn import Turn
from nlp import forms
from texts.speech import label

MENU = {
    "menu-new": "g:new",
    "menu-mine": "g:mine",
    "menu-track": "g:track",
    "menu-near": "g:near",
    "menu-help": "g:help",
}
_STAFF_ROW = (
    ("menu-caller", "f:", tuple(AT_THE_DESK)),
    ("menu-desk", "g:desk", (*IN_A_UNIT, *AT_THE_DESK)),
    ("menu-session", "s:my", (Role.MANAGER,)),
    ("menu-crew", "u:near", IN_A_UNIT),
    ("menu-admin", "a:menu", (Role.ADMINISTRATOR,)),
)

# Words that mean a command wherever they stand alone, as lists in the texts.
_SPOKEN = {
    "spoken-cancel": "g:cancel",
    "spoken-back": "g:back",
    "spoken-skip": "g:skip",
    "spoken-restart": "g:restart",
    "spoken-help": "g:help",
    "spoken-mine": "g:mine",
    "spoken-track": "g:track",
    "spoken-near": "g:near",
    "spoken-new": "g:new",
    "spoken-desk": "g:desk",
    "spoken-crew": "u:near",
    "spoken-off": "u:off",
    "spoken-admin": "a:menu",
    "spoken-session": "s:my",
    "spoken-roster": "s:list",
    "spoken-caller": "f:",
    "spoken-start": "g:start",
}


def said(words: str) -> str:
    """Bring a label and what people type for it to one form: folded, without emoji and punctuation."""
    return " ".join(forms.folded("".join(c if c.isalnum() or c in " \u200c" else " " for c in words)).split())


said_of_label = lru_cache(maxsize=1024)(said)
"""`said`, kept for the labels of buttons, which come again with every message."""


@cache
def _spoken() -> dict[str, str]:
    return {said(word): data for name, data in _SPOKEN.items() for word in label(name).split("|")}


def spoken(words: str) -> str:
    """Return the data of the command that these words are, or an empty string."""
    return _spoken().get(said(words), "") if len(words) <= 40 else ""


@cache
def _filing() -> frozenset[str]:
    return frozenset(said(word) for word in label("spoken-file").split("|"))


def is_filing(words: str) -> bool:
    """Tell whether these words alone ask to file: a yes to the review, and to nothing else."""
    return len(words) <= 40 and said(words) in _filing()


@cache
def _yes() -> frozenset[str]:
    return frozenset(said(word) for word in label("spoken-yes").split("|")) | _filing()


def is_yes(words: str) -> bool:
    """Tell whether these words alone mean yes."""
    return len(words) <= 40 and said(words) in _yes()


@cache
def _no() -> frozenset[str]:
    return frozenset(said(word) for word in label("spoken-no").split("|"))


def is_no(words: str) -> bool:
    """Tell whether these words alone mean no."""
    return len(words) <= 40 and said(words) in _no()


def keyboard(turn: Turn) -> tuple[Keyboard, dict[str, str]]:
    """Return the main keyboard for this person, and what its keys mean."""
    names = list(MENU)
    keys = {label(name): data for name, data in MENU.items()}
    rows = [[Key(label=label(name)) for name in names[:2]], [Key(label=label(name)) for name in names[2:]]]
    own = [(label(name), data) for name, data, roles in _STAFF_ROW if turn.is_staff(*roles)]
    if own:  # whoever works here comes for the work first
        rows.insert(0, [Key(label=name) for name, _ in own])
        keys |= dict(own)
    placeholder = label("menu-placeholder-staff" if own else "menu-placeholder")
    return Keyboard(rows=rows, placeholder=placeholder), keys
