"""What follows a deed besides the news of it: clocks, calls, parts; a sequel may itself be a deed of the system."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.casework import Request
from services.acting import Doing
from services.centre import Centre
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Sequel:
    """A deed that another deed brings about."""

    request: int
    doing: Doing


Follow = Callable[[Transaction, Centre, Request, Request, Doing], Awaitable[Sequence[Sequel]]]
"""Looks at a request before and after a deed and does what follows; returns the deeds that follow in turn."""
