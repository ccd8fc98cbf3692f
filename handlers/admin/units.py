"""Choosing a unit: by district and function, among the organisations, or by typed words.

A chosen unit comes back as `<prefix>:<slug>`; the pages on the way there as `<prefix>:~p<page>` (districts),
`<prefix>:~d<district>.<page>` (its functions) and `<prefix>:~o<page>` (organisations, the desk among them).
"""

from collections.abc import Callable, Sequence
from typing import Any

from domain.city import City, Unit
from domain.messages import Button
from domain.refusal import Refused
from handlers.paging import in_twos, page, turning
from handlers.turn import Rows, Turn, button, number
from nlp import forms
from texts.speech import Rich, lines, text

AWAITED = "a-unit"
_MOST_FOUND = 7

Drawn = tuple[Rich, Rows]


def is_way(part: str) -> bool:
    """Tell a page on the way to a unit from a unit."""
    return not part or part.startswith("~")


def _choosing(units: Sequence[Unit], prefix: str, *, full: bool) -> list[Button]:
    return [Button(label=unit.title if full else unit.short_title, data=f"{prefix}:{unit.slug}") for unit in units]


def _districts(city: City, prefix: str, where: str) -> Drawn:
    shown = page(city.districts, number(where))
    rows = in_twos([Button(label=d.name, data=f"{prefix}:~d{d.code}.0") for d in shown.items])
    if not shown.number:
        rows.append([button("admin-organisations", f"{prefix}:~o0")])
    return text("admin-which-district"), [*rows, *turning(shown, f"{prefix}:~p")]


def _functions(city: City, prefix: str, where: str) -> Drawn:
    code, _, at = where.rpartition(".")
    district = next((d for d in city.districts if d.code == code), None)
    if district is None:
        raise Refused("old-button")
    shown = page([unit for unit in city.units if unit.district == code], number(at))
    rows = in_twos(_choosing(shown.items, prefix, full=False))
    turn_pages = turning(shown, f"{prefix}:~d{code}.", back=f"{prefix}:~p0")
    return text("admin-which-function", district=district.name), [*rows, *turn_pages]


def _organisations(city: City, prefix: str, where: str) -> Drawn:
    found = [unit for unit in city.units if unit.district is None and (_takes_desk(prefix) or unit != city.desk)]
    shown = page(found, number(where))
    rows = in_twos(_choosing(shown.items, prefix, full=False))
    return text("admin-which-organisation"), [*rows, *turning(shown, f"{prefix}:~o", back=f"{prefix}:~p0")]


_PAGES: dict[str, Callable[[City, str, str], Drawn]] = {
    "~p": _districts,
    "~d": _functions,
    "~o": _organisations,
}


def _takes_desk(prefix: str) -> bool:
    """A group may belong to the desk; nobody is invited to it as an official, its people are operators."""
    return prefix.startswith("a:g:")


def draw(city: City, prefix: str, way: str) -> Drawn:
    """Return the question and the buttons of one page; raises Refused("old-button")."""
    start = way or "~p0"
    pages = _PAGES.get(start[:2])
    if pages is None:
        raise Refused("old-button")
    return pages(city, prefix, start[2:])


async def ask(turn: Turn, prefix: str, way: str, above: Rich | None = None, extra: Rows | None = None) -> None:
    """Ask for a unit; words typed instead look for one, except in a group, where people talk to each other."""
    question, rows = draw(turn.centre.city, prefix, way)
    if not turn.in_group:
        turn.await_(AWAITED, prefix=prefix)
        question = lines(question, text("admin-or-type-unit"))
    await turn.say(lines(above or "", question), buttons=[*rows, *(extra or [])])


def find(city: City, words: str, *, desk: bool) -> list[Unit]:
    """Find the units whose title has all these words; a word may be its beginning, a number must be the same."""
    asked = forms.folded(words).split()
    if not asked:
        return []

    def fits(unit: Unit) -> bool:
        title = forms.folded(unit.title).split()
        return all(any(own == word or (not word.isdigit() and own.startswith(word)) for own in title) for word in asked)

    return [unit for unit in city.units if fits(unit) and (desk or unit != city.desk)]


async def look_for(turn: Turn, prefix: str, words: str) -> None:
    """Show the units that typed words may mean, or the districts again when there is none."""
    found = find(turn.centre.city, words, desk=_takes_desk(prefix))
    if not found:
        await ask(turn, prefix, "", above=text("admin-no-such-unit"))
        return
    if not turn.in_group:
        turn.await_(AWAITED, prefix=prefix)
    rows = [[choice] for choice in _choosing(found[:_MOST_FOUND], prefix, full=True)]
    more = text("admin-more-units", count=len(found) - _MOST_FOUND) if len(found) > _MOST_FOUND else ""
    up = [button("button-back", f"{prefix}:~p0")]
    await turn.say(lines(text("admin-which-unit"), more), buttons=[*rows, up])


async def typed(turn: Turn, asked: dict[str, Any]) -> None:
    """Take typed words for a unit."""
    await look_for(turn, asked["prefix"], turn.words)
