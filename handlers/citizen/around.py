"""«اطراف من»: other people's open requests around a place, joining or following one; following areas ("n:<verb>:…")."""

import re
from collections.abc import Awaitable, Callable

import telegram

from domain.geo import Position
from domain.messages import Button, Key, Keyboard, Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import followed, following, questions
from handlers.turn import Rows, Turn, button, key, number
from services import areas, around
from services.around import Opened, Seen
from storage import follows, requests
from texts.numbers import day
from texts.speech import label, lines, text

Press = Callable[[Turn, str, str], Awaitable[None]]

_SHOWN = 6
_OWN_PLACES = 2
_POINT = re.compile(r"^(-?\d{1,2}\.\d{1,4}),(-?\d{1,3}\.\d{1,4})$")


def _written(at: Position) -> str:
    """Write a place into a button's data, to about ten metres."""
    return f"{at.lat:.4f},{at.lon:.4f}"


def _point(turn: Turn, part: str) -> Position:
    found = _POINT.match(part)
    if found is None:
        raise Refused("old-button")
    return around.checked(turn.centre, float(found[1]), float(found[2]))


async def begin(turn: Turn) -> None:
    """Ask where to look: a location, or the place of an own request."""
    known = await requests.of_person(turn.tx, turn.actor.person, 5)
    own = [one for one in known if one.lat is not None and one.owner == turn.actor.person]
    places = {label("button-own-place", code=one.code): f"n:r:{one.code}" for one in own[:_OWN_PLACES]}
    keys = {label("button-send-place"): "n:how", **places}
    keys |= {label("button-areas"): "n:a", label("button-back"): "g:leave"}
    rows = [
        [key("button-send-place", "location")],
        [Key(label=name) for name in places],
        [key("button-areas"), key("button-back")],
    ]
    turn.await_("near")
    board = Keyboard(rows=[row for row in rows if row], once=True)
    await turn.say(Message(text=text("ask-around"), keyboard=board), keys=keys)


async def located(update: telegram.Update, turn: Turn) -> bool:
    """Take the location that was asked for; False, and it is asked for no longer, when something else came."""
    message = update.effective_message
    spot = (message.venue.location if message.venue else message.location) if message else None
    if spot is None:
        turn.await_(None)
        return False
    await _look_at(turn, around.checked(turn.centre, spot.latitude, spot.longitude))
    return True


async def _look_at(turn: Turn, at: Position) -> None:
    """Say what is around with the usual keyboard back, then the list."""
    found = await around.look(turn.tx, turn.centre, turn.account, at, turn.now)
    turn.await_(None)
    board, keys = menus.keyboard(turn)
    heading = text("around", count=len(found), within=around.WITHIN_M)
    await turn.say(Message(text=heading, keyboard=board), keys=keys)
    await _list(turn, at, found)


async def _list(turn: Turn, at: Position, found: list[Seen]) -> None:
    rows = [[Button(label=_row(turn, one), data=f"n:o:{one.number}:{_written(at)}")] for one in found[:_SHOWN]]
    rows.append([button("button-area-news", f"n:f:{_written(at)}"), button("button-areas", "n:a")])
    await turn.say(text("around-which" if found else "around-none"), buttons=rows)


def _row(turn: Turn, one: Seen) -> str:
    subject = turn.centre.city.subject(one.subject).short_title
    since = day(one.filed_at, turn.centre.zone, turn.now)
    return questions.short(label("around-row", subject=subject, metres=one.metres, since=since), 60)


async def _again(turn: Turn, where: str, _: str) -> None:
    at = _point(turn, where)
    await _list(turn, at, await around.look(turn.tx, turn.centre, turn.account, at, turn.now))


async def _own_place(turn: Turn, code: str, _: str) -> None:
    request = await following.own(turn, code)
    if request.lat is None or request.lon is None:
        raise Refused("old-button")
    await _look_at(turn, around.checked(turn.centre, request.lat, request.lon))


async def _how(turn: Turn, _: str, __: str) -> None:
    """Some clients send the location key's label as words: say what else works."""
    await turn.say(text("around-how"))


async def _open(turn: Turn, which: str, where: str) -> None:
    at = _point(turn, where)
    opened = await around.open_one(turn.tx, turn.centre, turn.account, number(which), at, turn.now)
    seen = opened.seen
    words = text(
        "around-one",
        subject=turn.centre.city.subject(seen.subject).title,
        metres=seen.metres,
        since=day(seen.filed_at, turn.centre.zone, turn.now),
        citizens=opened.citizens,
        joined="yes" if opened.joined else "follows" if opened.followed else "no",
    )
    rows: Rows = [*_ways_in(opened), [button("button-back", f"n:p:{where}")]]
    await turn.say(words, buttons=rows, pictures=[opened.photo] if opened.photo else None)


def _ways_in(opened: Opened) -> Rows:
    """Offer to join a request, and to hear of it without joining."""
    which = opened.seen.number
    if opened.joined:
        return []
    stop = button("button-follow-stop", f"n:u:{which}")
    return [
        [
            button("button-want-too", f"n:j:{which}"),
            stop if opened.followed else button("button-follow-one", f"n:w:{which}"),
        ]
    ]


async def _join(turn: Turn, which: str, _: str) -> None:
    joined = await around.join(turn.tx, turn.centre, turn.account, number(which), turn.now)
    code = joined.request.code
    told = text("joined-request", code=code, count=joined.citizens)
    await turn.say(lines(told, text("joined-hears")), buttons=[[button("button-timeline", f"r:{code}:view")]])


async def _follow(turn: Turn, where: str, how_far: str) -> None:
    at = _point(turn, where)
    if not how_far:
        await _ask_how_far(turn, at)
        return
    metres = None if how_far == "n" else number(how_far)
    name = await areas.follow(turn.tx, turn.centre, turn.account, at, metres, turn.now)
    await turn.say(text("area-followed", name=name), buttons=[[button("button-areas", "n:a")]])


async def _ask_how_far(turn: Turn, at: Position) -> None:
    near = areas.neighbourhood(turn.centre, at)
    rows = [[button("button-metres", f"n:f:{_written(at)}:{metres}", metres=metres) for metres in areas.RADII]]
    if near:
        rows.append([button("button-neighbourhood", f"n:f:{_written(at)}:n", place=questions.short(near, 25))])
    rows.append([button("button-back", f"n:p:{_written(at)}")])
    await turn.say(text("ask-how-far"), buttons=rows)


async def _areas(turn: Turn, _: str, __: str) -> None:
    mine = await follows.of_person(turn.tx, turn.actor.person)
    board, keys = menus.keyboard(turn)
    turn.await_(None)
    if not mine:
        await turn.say(Message(text=text("areas-none"), keyboard=board), keys=keys)
        return
    rows = [[button("button-area-stop", f"n:x:{area.id}", name=area.name)] for area in mine]
    await turn.say(lines(text("areas", count=len(mine)), *(text("area-line", name=a.name) for a in mine)), buttons=rows)


async def _stop(turn: Turn, which: str, _: str) -> None:
    await areas.stop(turn.tx, turn.account, number(which), turn.now)
    board, keys = menus.keyboard(turn)
    await turn.say(Message(text=text("area-stopped"), keyboard=board), keys=keys)


PRESSES: dict[str, Press] = {
    "how": _how,
    "p": _again,
    "r": _own_place,
    "o": _open,
    "j": _join,
    "w": followed.begin,
    "v": followed.view,
    "u": followed.stop,
    "f": _follow,
    "a": _areas,
    "x": _stop,
}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what a button about the surroundings says."""
    _, verb, what, more, *_ = [*turn.choice, "", "", ""]
    press = PRESSES.get(verb)
    if press is None:
        raise Refused("old-button")
    await press(turn, what, more)
