"""Which model is in use: the one that comes with the product, or one of a folder of trained ones.

The folder's `current.json` names the model in use and the one before it; it is replaced in one step, so that a reader
sees the old or the new. A model named there that is missing or broken does not stop the bot: the shipped one is used.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from nlp.subjects import SHIPPED

_POINTER = "current.json"
_KEPT = 5
"""Trained models kept in the folder, the one in use among them."""


def _to_disk(file: Path) -> None:
    """A model is named only once it would survive a power cut."""
    if file.exists():
        with file.open("rb") as written:
            os.fsync(written.fileno())


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of trained models."""

    folder: Path

    def _names(self) -> list[str]:
        """Return the names of the models in use, newest first; the shipped one is an empty name at the end."""
        try:
            names = json.loads((self.folder / _POINTER).read_text(encoding="utf-8"))["names"]
        except (OSError, ValueError, KeyError, TypeError):
            return [""]
        known = [str(name) for name in names if (self.folder / Path(str(name)).name).is_file() and name]
        return [*known, ""]

    @property
    def current(self) -> Path:
        """The file of the model in use."""
        name = self._names()[0]
        return self.folder / name if name else SHIPPED

    def mark(self) -> tuple[int, int] | None:
        """Return something that changes when another model comes into use."""
        try:
            seen = (self.folder / _POINTER).stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_ino

    def promote(self, model: Path) -> None:
        """Take a model of this folder into use, before those that were; the oldest beyond the most kept are deleted."""
        for file in (model, model.with_suffix(".json")):
            _to_disk(file)
        names = [model.name, *(name for name in self._names() if name and name != model.name)]
        self._point(names[:_KEPT])
        for forgotten in names[_KEPT:]:
            for file in self.folder.glob(f"{Path(forgotten).stem}.*"):
                file.unlink(missing_ok=True)

    def roll_back(self) -> Path:
        """Take the model before into use again and return its file; raises LookupError when there is none before it."""
        names = [name for name in self._names() if name]
        if not names:
            raise LookupError("the model that comes with the product is in use; there is none before it")
        self._point(names[1:])
        return self.current

    def _point(self, names: list[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{_POINTER}.{os.getpid()}"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({"names": names}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / _POINTER)
