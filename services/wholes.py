"""A request and its parts: which part one is, of which whole, and where each of them stands."""

from dataclasses import dataclass

from domain.casework import Request
from services import particulars
from services.centre import Centre
from storage import requests
from storage.database import Transaction
from texts.speech import Rich, lines, text


@dataclass(frozen=True, slots=True)
class Family:
    """A request that was split, and the parts that were made at one time; citizens know them by the whole's code."""

    whole: Request
    parts: tuple[Request, ...]
    count: int

    def number(self, part: Request) -> int:
        """Return which part it is, the first being 1."""
        return 1 + [one.id for one in self.parts].index(part.id)

    def listed(self, centre: Centre, *, mine: bool) -> Rich:
        """Say in a line each where the parts are; `mine`: to the citizen who filed it."""
        return lines(*(self._line(centre, part, mine=mine) for part in self.parts))

    def heading(self, centre: Centre, part: Request) -> Rich:
        """Say to a citizen which part is meant, and with whom it is."""
        unit = centre.city.unit(part.unit).title
        return text("part-heading", number=self.number(part), count=self.count, unit=unit)

    def on_card(self, part: Request) -> Rich:
        """Say on a part's card which part of what it is."""
        return text("card-part", number=self.number(part), count=self.count, code=self.whole.code)

    def _line(self, centre: Centre, part: Request, *, mine: bool) -> Rich:
        unit = centre.city.unit(part.unit).short_title
        return text("part-line", number=self.number(part), unit=unit, state=particulars.short_state(part, mine=mine))


async def family_of(tx: Transaction, request: Request) -> Family | None:
    """Return the whole and the parts made together with this one, or last when it is the whole; None without any."""
    if request.parent is None and not request.parts:
        return None
    whole = await requests.get(tx, request.parent) if request.parent else request
    children = await requests.parts_of(tx, whole.id)
    newest = children[-1].filed_at if children else whole.changed_at
    made = request.filed_at if request.parent else newest
    parts = tuple(part for part in children if part.filed_at == made)
    return Family(whole, parts, whole.parts if made == newest else len(parts))


async def whole_of(tx: Transaction, request: Request) -> Request:
    """Return the request that citizens know: of a part, the whole."""
    return await requests.get(tx, request.parent) if request.parent else request


async def followed(tx: Transaction, request: Request) -> Request:
    """Return where a request has led: what it was merged into, over any number of steps."""
    while request.merged_into is not None:
        request = await requests.get(tx, request.merged_into)
    return request
