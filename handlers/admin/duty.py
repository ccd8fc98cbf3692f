"""The lists of those on duty, unit by unit, for the administrator."""

from domain.refusal import Refused
from handlers.admin import units
from handlers.official import relief
from handlers.turn import Turn
from texts.speech import text


async def show(turn: Turn) -> None:
    """Choose a unit, then see and order its list: "a:du[:<way or unit>]"."""
    way = turn.choice[2] if len(turn.choice) > 2 else ""
    if units.is_way(way):
        await units.ask(turn, "a:du", way, above=text("admin-duty-which"))
        return
    if way not in {unit.slug for unit in turn.centre.city.units}:
        raise Refused("old-button")
    await relief.show(turn, way)
