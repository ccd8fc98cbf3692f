"""News of an area: a citizen follows a circle and hears, at most once a day, how much was filed, solved and planned."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from domain.casework import Account
from domain.geo import Position
from domain.lifecycle import Outcome, State
from domain.messages import Button, Message, Priority
from domain.refusal import Refused
from services import around, saying
from services.centre import Centre
from services.rings import Ring
from storage import follows, nearby, people, timers
from storage.database import Transaction
from storage.follows import Area
from storage.nearby import Spot
from texts.numbers import day
from texts.speech import Rich, label, lines, text

MOST = 3
RADII = (300, 1000)
"""Metres that a citizen chooses from, besides the neighbourhood."""

_NEIGHBOURHOOD_M = 1200
_TOLD_AT = time(18)
_CIVIL = range(9, 22)
"""Hours in which news may be told: after a night's standstill it waits for the evening."""

_PLANS_TOLD = 4


@dataclass(slots=True)
class News:
    """What happened in an area since it was told last."""

    filed: int = 0
    solved: int = 0
    plans: list[Spot] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Tell whether there is anything to tell."""
        return bool(self.filed or self.solved or self.plans)


def neighbourhood(centre: Centre, at: Position) -> str:
    """Name the neighbourhood of a place; empty where none is known."""
    near = centre.city.nearest_neighbourhood(at.lat, at.lon)
    return near.name if near else ""


def _circle(centre: Centre, at: Position, metres: int | None) -> tuple[Position, int, str]:
    """Return the middle, the radius and the name of an area; without metres it is the neighbourhood."""
    near = centre.city.nearest_neighbourhood(at.lat, at.lon)
    if metres is not None:
        named = label("area-name", metres=metres, place=near.name) if near else label("area-unnamed", metres=metres)
        return at, metres, named
    if near is None:
        raise Refused("old-button")
    return Position(near.lat, near.lon), _NEIGHBOURHOOD_M, label("area-name-neighbourhood", place=near.name)


async def follow(
    tx: Transaction, centre: Centre, account: Account, at: Position, metres: int | None, now: datetime
) -> str:
    """Let a citizen follow an area and return its name, also when it is followed already; Refused("areas-full")."""
    if metres not in (None, *RADII):
        raise Refused("old-button")
    middle, wide, name = _circle(centre, at, metres)
    known = await follows.of_person(tx, account.person)
    if any((area.at, area.metres) == (middle, wide) for area in known):
        return name
    if len(known) >= MOST:
        raise Refused("areas-full", most=MOST)
    await follows.add(tx, account=account.id, at=middle, metres=wide, name=name, now=now)
    await _watch(tx, centre, account.id, now)
    return name


async def stop(tx: Transaction, account: Account, number: int, now: datetime) -> None:
    """Let a citizen follow one of their areas no longer; said twice it is the same."""
    if number in {area.id for area in await follows.of_person(tx, account.person)}:
        await follows.stop(tx, number, now)


async def _watch(tx: Transaction, centre: Centre, account: int, now: datetime) -> None:
    """Set the next time at which the account's areas are looked at: the next evening."""
    local = now.astimezone(centre.zone)
    due = datetime.combine(local.date(), _TOLD_AT, centre.zone)
    due = due if due > local else datetime.combine(local.date() + timedelta(days=1), _TOLD_AT, centre.zone)
    await timers.set(tx, f"areas:{account}", "areas", due, {"account": account})


async def _ring(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    areas = await follows.of_account(tx, data["account"])
    if not areas:
        return
    await _watch(tx, centre, data["account"], now)
    account = await people.account(tx, data["account"])
    if not account.reachable or now.astimezone(centre.zone).hour not in _CIVIL:
        return
    told = [(area, await _news(tx, centre, account, area, now)) for area in areas]
    await follows.told(tx, [area.id for area in areas], now)
    with_news = [(area, news) for area, news in told if news]
    if with_news:
        message = _letter(centre, with_news, now)
        chat = account.user_id
        await saying.push(tx, account.messenger, chat, message, now, private=True, priority=Priority.NOTICE)


RINGS: dict[str, Ring] = {"areas": _ring}


async def _news(tx: Transaction, centre: Centre, account: Account, area: Area, now: datetime) -> News:
    subjects, since = around.public_subjects(centre), area.told_until
    changed = await nearby.changed_around(tx, area.at, area.metres, subjects, person=account.person, span=(since, now))
    return News(
        filed=sum(spot.filed_at > since for spot in changed),
        solved=sum(_solved_since(spot, since) for spot in changed),
        plans=[spot for spot in changed if spot.state is State.PLANNED and spot.planned_for and spot.planned_for > now],
    )


def _solved_since(spot: Spot, since: datetime) -> bool:
    return spot.outcome is Outcome.SOLVED and spot.closed_at is not None and spot.closed_at > since


def _plan(centre: Centre, spot: Spot, now: datetime) -> Rich:
    assert spot.planned_for is not None
    subject = centre.city.subject(spot.subject).short_title
    return text("area-plan", subject=subject, day=day(spot.planned_for, centre.zone, now))


def _letter(centre: Centre, told: list[tuple[Area, News]], now: datetime) -> Message:
    parts: list[Rich] = []
    for area, news in told:
        plans = sorted(news.plans, key=lambda spot: (spot.planned_for or now, spot.id))[:_PLANS_TOLD]
        parts.append(text("area-news", name=area.name))
        parts += [text("area-filed", count=news.filed)] if news.filed else []
        parts += [text("area-solved", count=news.solved)] if news.solved else []
        parts += [_plan(centre, spot, now) for spot in plans]
    rows = [[Button(label=label("button-areas"), data="n:a")]]
    return Message(text=lines(*parts), buttons=rows)
