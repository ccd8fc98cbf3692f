"""«نزدیک من»: the open requests nearest to where a crew stands, as often as it sends its place."""

import telegram

from domain import geo
from domain.messages import Button, Keyboard, Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import around
from handlers.citizen.questions import short
from handlers.official.desk import units_of
from handlers.turn import Turn, key
from services import rows
from services.letters import subject_title
from storage import field, requests
from texts.numbers import distance
from texts.speech import label, text

_MOST = 8
_HOW = "u:how"


async def ask(turn: Turn) -> None:
    """Ask for the place, with a key that sends it and stays; while it stands, every place that comes means this."""
    if not units_of(turn):  # a citizen who says so means what goes on around them
        await around.begin(turn)
        return
    turn.await_(None)
    rows_of_keys = [[key("button-send-place", asks="location")], [key("button-back")]]
    keys = {label("button-send-place"): _HOW, label("button-back"): "u:menu"}
    board = Keyboard(rows=rows_of_keys, placeholder=label("menu-placeholder-staff"))
    await turn.say(Message(text=text("ask-near"), keyboard=board), keys=keys)


def is_asked(update: telegram.Update, turn: Turn) -> bool:
    """Tell whether a message is a place, sent while the key for it stands below."""
    message = update.effective_message
    sent = message is not None and bool(message.location or message.venue)
    return sent and not turn.in_group and _HOW in turn.talk.keys.values() and bool(units_of(turn))


async def show(update: telegram.Update, turn: Turn) -> None:
    """List what is nearest: how far, what, how long there is; a button a request."""
    message = update.effective_message
    place = message and (message.venue.location if message.venue else message.location)
    if not place:
        raise Refused("old-button")
    here = geo.Position(place.latitude, place.longitude)
    found = await field.nearest(turn.tx, units_of(turn), here.lat, here.lon, _MOST)
    shown = [await _row(turn, number, here) for number in found]
    await turn.say(text("near", count=len(shown)), buttons=[[one] for one in shown])


async def _row(turn: Turn, number: int, here: geo.Position) -> Button:
    request = await requests.get(turn.tx, number)
    there = geo.Position(request.lat or 0.0, request.lon or 0.0)
    words = label(
        "near-row",
        away=distance(geo.distance_m(here, there)),
        subject=subject_title(turn.centre, request),
        left=rows.left(request, turn.now),
        late="yes" if rows.late(request, turn.now) else "no",
        urgent="yes" if request.urgent else "no",
    )
    return Button(label=short(words, 60), data=f"w:{request.code}:card")


async def how(turn: Turn) -> None:
    """Some clients send the key's label as words: say what else works."""
    await turn.say(text("near-how"))


async def to_menu(turn: Turn) -> None:
    """Put the usual keyboard back."""
    board, keys = menus.keyboard(turn)
    await turn.say(Message(text=text("left"), keyboard=board), keys=keys)
