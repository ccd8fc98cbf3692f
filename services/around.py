"""Other people's open requests around a place: what may be told of them, how many may be looked at, joining one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import geo
from domain.casework import Account, Request
from domain.geo import Position
from domain.lifecycle import State
from domain.refusal import Refused
from services import supporters
from services.centre import Centre
from services.intake import position_problem
from services.supporters import Joined
from storage import audit, followers, nearby, requests
from storage import supporters as supporter_rows
from storage.database import Transaction
from storage.nearby import Spot

WITHIN_M = 700
_PLACES_A_DAY = 12
"""Places at which one person may look around in a day, so that nobody maps the city's complaints."""

_SAME_PLACE = 3  # decimals of a degree, about a hundred metres


@dataclass(frozen=True, slots=True)
class Seen:
    """What is told of a request to somebody who looks around."""

    number: int
    subject: str
    metres: int  # rounded; 0: here
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """What is shown of one request to somebody who opens it; `joined`: they want it already, `followed`: hear of it."""

    seen: Seen
    photo: int | None
    citizens: int
    joined: bool
    followed: bool


def public_subjects(centre: Centre) -> frozenset[str]:
    """Return the subjects that may be shown to others: what is about a person, a home or a shop is not among them."""
    return frozenset(subject.slug for subject in centre.city.subjects if subject.same_within_m)


def checked(centre: Centre, lat: float, lon: float) -> Position:
    """Return a place in the city; raises Refused("position-empty" or "position-outside")."""
    problem = position_problem(centre.city, lat, lon)
    if problem:
        raise Refused(problem, city=centre.city.name)
    return Position(lat, lon)


async def look(tx: Transaction, centre: Centre, account: Account, here: Position, now: datetime) -> list[Seen]:
    """List other people's open requests around a place, the nearest first; raises Refused("looked-enough")."""
    await _count_place(tx, account, here, now)
    since = now - supporters.RECENT
    subjects = public_subjects(centre)
    spots = await nearby.open_around(tx, here, WITHIN_M, subjects, person=account.person, filed_since=since)
    spots.sort(key=lambda spot: (geo.distance_m(here, spot.at), spot.id))
    return [_seen(spot, here) for spot in spots]


def _seen(spot: Spot, here: Position) -> Seen:
    return Seen(spot.id, spot.subject, supporters.told_metres(geo.distance_m(here, spot.at)), spot.filed_at)


async def _count_place(tx: Transaction, account: Account, here: Position, now: datetime) -> None:
    place = f"{here.lat:.{_SAME_PLACE}f},{here.lon:.{_SAME_PLACE}f}"
    rows = await audit.data_lately(tx, "looked-around", account.person, now - timedelta(days=1))
    places = {row.get("at") for row in rows}
    if place in places:
        return
    if len(places) >= _PLACES_A_DAY:
        raise Refused("looked-enough")
    await audit.record(
        tx, act="looked-around", person=account.person, messenger=account.messenger, now=now, data={"at": place}
    )


async def open_one(
    tx: Transaction, centre: Centre, account: Account, number: int, here: Position, now: datetime
) -> Opened:
    """Show one of the requests around; raises Refused("not-around") when it may not be shown, or no longer."""
    spots = await look(tx, centre, account, here, now)
    seen = next((one for one in spots if one.number == number), None)
    if seen is None:
        raise Refused("not-around")
    if not await supporters.may_look(tx, account, number, now):
        raise Refused("looked-enough")
    request = await requests.get(tx, number)
    photos = [media for media, kind, _ in await requests.files(tx, number, "filed", checked=True) if kind == "photo"]
    joined = await supporter_rows.find(tx, number, account.person) is not None
    followed = not joined and await followers.follows(tx, number, account.person) is True
    return Opened(seen, photos[0] if photos else None, 1 + request.supporters, joined, followed)


async def join(tx: Transaction, centre: Centre, account: Account, number: int, now: datetime) -> Joined:
    """Let a citizen join a request that they were shown, or follow; raises Refused as `checked_to_join` does."""
    request = await checked_to_join(tx, centre, account, number, now)
    return await supporters.join_with_nothing(tx, centre, account, request, now)


async def checked_to_join(tx: Transaction, centre: Centre, account: Account, number: int, now: datetime) -> Request:
    """Return a request that a citizen may join or follow; raises Refused("nearby-closed") when it is over, or
    Refused("not-around").

    Only what was shown to them lately, or what they follow: a made-up number is an old button.
    """
    shown = number in await audit.seen_lately(tx, "twin-shown", account.person, now - timedelta(days=1))
    if not shown and not await followers.follows(tx, number, account.person):
        raise Refused("old-button")
    await requests.lock(tx, number)
    request: Request = await requests.get(tx, number)
    if request.state is State.CLOSED:
        raise Refused("nearby-closed")
    if request.owner == account.person:
        raise Refused("old-button")
    if request.subject not in public_subjects(centre):  # corrected meanwhile into what is somebody's own affair
        raise Refused("not-around")
    return request
