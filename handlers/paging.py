"""Lists longer than a small screen, cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.messages import Button
from handlers.turn import Rows, button

PAGE = 6
"""Choices a page: with going back and forth and one way out there are at most eight buttons that choose or turn."""
LONG_PAGE = 8
"""The same for those who work with lists all day."""


@dataclass(frozen=True, slots=True)
class Page[T]:
    """The part of a list that is shown; `first` is the place of its first item in the whole list, from 0."""

    items: Sequence[T]
    number: int
    first: int
    more: bool


def page[T](items: Sequence[T], wanted: int, size: int = PAGE) -> Page[T]:
    """Cut out a page; one that is no longer there becomes the last."""
    last = max(len(items) - 1, 0) // size
    at = min(max(wanted, 0), last)
    return Page(items[at * size : (at + 1) * size], at, at * size, at < last)


def fetched[T](found: Sequence[T], at: int, size: int = LONG_PAGE) -> Page[T]:
    """Return the page of what was looked up from `at * size` on, one more than a page holds."""
    return Page(found[:size], at, at * size, len(found) > size)


def turning(shown: Page[object], data: str, back: str = "") -> Rows:
    """Return the row that turns pages; `data` gets the page's number appended, `back` leads out of the first page."""
    row: list[Button] = []
    if shown.number:
        row.append(button("button-previous", f"{data}{shown.number - 1}"))
    elif back:
        row.append(button("button-back", back))
    if shown.more:
        row.append(button("button-next", f"{data}{shown.number + 1}"))
    return [row] if row else []


def in_twos(buttons: Sequence[Button]) -> Rows:
    """Lay buttons out in rows of two."""
    return [list(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]


def packed(buttons: Sequence[Button], longest: int = 16) -> Rows:
    """Lay buttons out in rows of two where both labels, of so many letters at most, can be read there."""
    rows: Rows = []
    for one in buttons:
        beside = rows[-1] if rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= longest else None
        if beside is not None and len(one.label) <= longest:
            beside.append(one)
        else:
            rows.append([one])
    return rows


def menu_row() -> list[Button]:
    """Return the way back to the menu."""
    return [button("menu-admin", "a:menu")]
