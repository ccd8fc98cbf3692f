"""The word lists of words.toml, by name."""

import tomllib
from pathlib import Path

_LISTS: dict[str, str] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """Return a list's words; KeyError when there is no such list."""
    return frozenset(_LISTS[name].split())
