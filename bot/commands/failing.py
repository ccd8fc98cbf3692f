"""Failures that a person can mend end a command with one clear sentence and status 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console

from bot.settings import Settings
from storage.city_files import CityError

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def fail(sentence: str) -> typer.Exit:
    """Say what is wrong; raise the result to end the command."""
    errors.print(sentence)
    return typer.Exit(1)


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turn expected failures into sentences."""
    try:
        yield
    except CityError as error:
        raise fail("The city pack has mistakes:\n" + "\n".join(f"- {problem}" for problem in error.problems)) from None
    except ValidationError as error:
        told = [(".".join(map(str, one["loc"])).upper(), one["msg"]) for one in error.errors()]
        problems = "; ".join(": ".join(filter(None, words)) for words in told)  # some concern several settings
        raise fail(f"The settings are not right: {problems}") from None
    except OSError as error:
        raise fail(f"{error.strerror or 'input or output failed'}: {error.filename or ''}".rstrip(": ")) from None


def settings() -> Settings:
    """Read the settings; a wrong one ends the command."""
    with plain_failures():
        return Settings()


def existing(path: Path) -> Path:
    """Return the path when it is there; else end the command."""
    if not path.exists():
        raise fail(f"There is no {path}.")
    return path
