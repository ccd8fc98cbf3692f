"""An error in one line that may stand in logs and lists: where and what, without anybody's words."""

import traceback
from pathlib import Path

from pydantic import ValidationError

from storage import told

_ROOT = Path(__file__).parent.parent
_LONGEST = 300


def _place(error: BaseException) -> str:
    """Return the last line of our own code that the error went through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_ROOT) and ".venv" not in path.parts:
            return f" at {path.relative_to(_ROOT)}:{frame.lineno}"
    return ""


def _words(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))} {one['type']}" for one in error.errors(include_input=False))
    if told.is_databases(error):
        return told.told(error)
    words = told.shortened(str(error))
    return words if words.isascii() else ""  # what people write is hardly ever ASCII; our own messages are


def describe(error: BaseException) -> str:
    """Describe an error: its class, its place in our code, and its message where that can hold nobody's words."""
    head, words = f"{type(error).__name__}{_place(error)}", _words(error)
    return (f"{head}: {words}" if words else head)[:_LONGEST]
