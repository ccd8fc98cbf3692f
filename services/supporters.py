"""Several citizens, one request: finding the one that is there already, joining it, judging it, leaving it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain import geo, lifecycle
from domain.casework import Account, Actor, Request
from domain.draft import Slots, Twin
from domain.lifecycle import Deed, State, Verdict
from domain.refusal import Refused
from domain.roles import Role
from nlp import duplicates, forms
from services import assignment, bringing, cards, letters, ownership, reminders
from services.centre import Centre
from storage import audit, drafts, followers, requests
from storage import supporters as rows
from storage.database import Transaction
from storage.drafts import Draft
from storage.requests import Neighbour
from storage.supporters import Supporter

RECENT = timedelta(days=60)
"""An open request older than this is not offered: whoever writes now writes about something that has come back."""

_LOOKED_AT = 25
_OFFERED_AT_MOST = 2
"""Requests shown for one draft; whoever says twice that theirs is another one knows."""

_SHOWN_A_DAY = 6
"""Other people's requests shown to one person in a day, so that nobody leafs through the city's photos."""

_HERE_M, _STEP_M = 25, 50
"""Metres below which it is said to be here, and the steps told beyond: nobody's place is found by asking around."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A request somebody joined, with how many citizens want it now, the owner among them."""

    request: Request
    citizens: int


async def look_for_twin(tx: Transaction, centre: Centre, account: Account, slots: Slots, now: datetime) -> Twin | None:
    """Find the open request nearby that is most likely the same one; those already said to be others are left out."""
    subject = centre.city.subject(slots.subject) if slots.subject else None
    place = slots.place
    if subject is None or not subject.same_within_m or place.lat is None or place.lon is None or slots.danger:
        return None
    if len(slots.not_twins) >= _OFFERED_AT_MOST:
        return None
    here = geo.Position(place.lat, place.lon)
    south_west, north_east = geo.box(here, subject.same_within_m)
    found = await requests.open_near(
        tx, subject.slug, (south_west, north_east), filed_since=now - RECENT, limit=_LOOKED_AT
    )
    scored = [
        (_score(slots, neighbour, here, subject.same_within_m), neighbour)
        for neighbour in found
        if neighbour.id not in slots.not_twins
    ]
    score, best = max(scored, key=lambda pair: (pair[0], -pair[1].id), default=(0.0, None))
    if best is None or score < duplicates.LIKELY:
        return None
    twin = await _twin(tx, account, best, here)
    if twin.whose == "other" and not await may_look(tx, account, best.id, now):
        return None
    return twin


async def may_look(tx: Transaction, account: Account, request: int, now: datetime) -> bool:
    """Count whose requests somebody is shown; False when these are enough for a day."""
    seen = await audit.seen_lately(tx, "twin-shown", account.person, now - timedelta(days=1))
    if request in seen:
        return True
    if len(seen) >= _SHOWN_A_DAY:
        return False
    await audit.record(
        tx, act="twin-shown", person=account.person, messenger=account.messenger, now=now, request=request
    )
    return True


def told_metres(metres: float) -> int:
    """Round a distance to what is told of it; 0 is here."""
    return 0 if metres < _HERE_M else max(_STEP_M, round(metres / _STEP_M) * _STEP_M)


def _score(slots: Slots, neighbour: Neighbour, here: geo.Position, within: float) -> float:
    return duplicates.score(slots.text, neighbour.words, metres=geo.distance_m(here, neighbour.at), within=within)


async def _twin(tx: Transaction, account: Account, neighbour: Neighbour, here: geo.Position) -> Twin:
    request = await requests.get(tx, neighbour.id)
    mine = request.owner == account.person
    joined = not mine and await rows.find(tx, request.id, account.person) is not None
    photos = [
        number for number, kind, _ in await requests.files(tx, request.id, "filed", checked=True) if kind == "photo"
    ]
    return Twin(
        request=request.id,
        code=request.code,
        metres=told_metres(geo.distance_m(here, neighbour.at)),
        filed_at=request.filed_at,
        photo=photos[0] if photos else None,
        whose="mine" if mine else "joined" if joined else "other",
    )


async def join(tx: Transaction, centre: Centre, account: Account, draft: Draft, number: int, now: datetime) -> Joined:
    """Let a citizen join a request with what their draft holds; raises Refused("twin-closed") when it is over."""
    await requests.lock(tx, number)
    request = await requests.get(tx, number)
    if request.state is State.CLOSED:
        raise Refused("twin-closed")
    if request.owner == account.person:
        raise Refused("old-button")
    known = await rows.find(tx, number, account.person)
    if known is None:
        await _let_in(tx, number, account, now)
    words, files = forms.display(draft.slots.text), draft.slots.photos + draft.slots.files
    deed = "support-add" if known else "join"
    event = await _note(tx, request, deed, account, now, words)
    await requests.attach(tx, number, files, "added", event)
    if files:  # words are on the card
        await letters.more_photos(tx, centre, request, files, now)
    if words or files:
        note = partial(_note, tx, deed="support-add", who=account, now=now, words=words)
        await bringing.to_parts(tx, centre, number, note, files, now)
    await drafts.close(tx, draft, "joined", now, number)
    await reminders.forget_draft(tx, draft.id)
    request = await requests.get(tx, number)
    await assignment.refresh(tx, centre, number, now)
    return Joined(request, 1 + request.supporters)


async def _let_in(tx: Transaction, request: int, account: Account, now: datetime) -> None:
    """Let somebody join; whoever followed it until now hears of it as all who joined do."""
    await rows.join(tx, request, account.id, now)
    await followers.stop(tx, request, account.person, now)


async def join_with_nothing(
    tx: Transaction, centre: Centre, account: Account, request: Request, now: datetime
) -> Joined:
    """Let a citizen who was shown a request join it without words of their own; a second tap changes nothing."""
    if await rows.find(tx, request.id, account.person) is None:
        await _let_in(tx, request.id, account, now)
        await _note(tx, request, "join", account, now)
        await assignment.refresh(tx, centre, request.id, now)
    joined = await requests.get(tx, request.id)
    return Joined(joined, 1 + joined.supporters)


async def approve(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> None:
    """Take a supporter's yes; raises Refused as an owner's verdict would be."""
    await requests.lock(tx, number)
    request = await requests.get(tx, number)
    supporter = await _mine(tx, request, actor)
    problem = problem_with_judging(request, supporter, now)
    if problem:
        raise Refused(problem)
    await rows.judge(tx, supporter.id, Verdict.ACCEPTED)
    await _note(tx, request, "support-approve", actor.account, now)
    await assignment.refresh(tx, centre, number, now)


def problem_with_judging(request: Request, supporter: Supporter, now: datetime) -> str:
    """Return why a supporter cannot say yes now, or an empty string."""
    if supporter.verdict is not None:
        return "already-judged"
    standing = cards.standing(request, frozenset({Role.SUPPORTER}))
    return lifecycle.objection(lifecycle.BY_DEED[Deed.OBJECT], standing, now)


async def leave(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> None:
    """Let a supporter go; raises Refused("not-your-request") for whoever is none."""
    await requests.lock(tx, number)
    request = await requests.get(tx, number)
    supporter = await _mine(tx, request, actor)
    await rows.leave(tx, number, supporter.account.person, now)
    await _note(tx, request, "support-leave", actor.account, now)
    await assignment.refresh(tx, centre, number, now)


async def inherit(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> bool:
    """Let the earliest supporter stand for a request whose owner withdraws; False when there is nobody.

    One who can be written to comes first, but somebody who only called wants it as much: it is not closed over them.
    The owner's telephone number goes with the owner.
    """
    await requests.lock(tx, number)
    request = await requests.get(tx, number)
    if request.owner != actor.person:
        raise Refused("not-your-request")
    others = [one.account for one in await rows.of_request(tx, number) if one.account.person != actor.person]
    heir = next((one for one in others if one.reachable), others[0] if others else None)
    if heir is None or request.state is State.CLOSED:
        return False
    await pass_on(tx, centre, request, actor.account, heir, "hand-on", now)
    return True


async def pass_on(
    tx: Transaction, centre: Centre, request: Request, who: Account, heir: Account, deed: str, now: datetime
) -> None:
    """Let somebody who joined stand for an open request and its open parts in place of `who`."""
    await rows.leave(tx, request.id, heir.person, now)
    for one in [request, *await requests.parts_of(tx, request.id)]:
        if one.state is not State.CLOSED:
            await ownership.hand_on(tx, centre, one, who, heir.id, deed, now)
    await letters.to_heir(tx, centre, await requests.get(tx, request.id), now)


async def _mine(tx: Transaction, request: Request, actor: Actor) -> Supporter:
    supporter = await rows.find(tx, request.id, actor.person)
    if supporter is None:
        raise Refused("not-your-request")
    return supporter


async def _note(
    tx: Transaction,
    request: Request,
    deed: str,
    who: Account,
    now: datetime,
    words: str = "",
    *,
    state: State | None = None,
) -> int:
    return await requests.append_history(
        tx,
        request_id=request.id,
        at=now,
        deed=deed,
        person_id=who.person,
        role=Role.OWNER if request.owner == who.person else Role.SUPPORTER,
        messenger=who.messenger,
        from_state=request.state,
        to_state=state or request.state,
        unit=request.unit,
        note=words or None,
    )
