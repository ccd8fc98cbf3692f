"""Asking a manager to be heard: a place in a session's queue, for words of one's own or for an open request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.casework import Account, Actor, Request
from domain.draft import Part, Place, Slots
from domain.hearings import Hearing, HearingState, Session, SessionState
from domain.lifecycle import Deed, Given, State
from domain.messages import Button, Message
from domain.refusal import Refused
from domain.roles import Role
from services import casework, filing, heard, intake
from services.acting import Doing
from services.centre import Centre
from services.creating import Filer, create
from storage import requests, sessions
from storage.database import Transaction
from texts.speech import label, text


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A citizen's place in a queue; the first is 1."""

    session: Session
    request: Request
    number: int


async def open_to_all(tx: Transaction, now: datetime) -> list[Session]:
    """List the sessions in which one can still ask to be heard, the next one first."""
    return [session for session in await sessions.ahead(tx) if now < session.ends_at]


async def place_of(tx: Transaction, session: Session, person: int) -> QueuePlace | None:
    """Return where a citizen stands in a session's queue; None when they do not wait in it."""
    for number, hearing in enumerate(await sessions.queue(tx, session.id), 1):
        if hearing.account.person == person:
            return QueuePlace(session, await requests.get(tx, hearing.request), number)
    return None


async def refuse_unless_free(tx: Transaction, number: int, person: int, now: datetime) -> Session:
    """Return the session, locked, when this citizen may take a place in it; raises Refused with why not."""
    session = await sessions.locked(tx, number)
    if session is None:
        raise Refused("session-unknown")
    if not session.ahead or now >= session.ends_at:
        raise Refused("session-cancelled" if session.state is SessionState.CANCELLED else "session-over")
    if await sessions.place_of(tx, session.id, person) is not None:
        raise Refused("heard-once")
    if await sessions.taken(tx, session.id) >= session.places:
        raise Refused("session-full", title=session.title)
    return session


async def bring_words(
    tx: Transaction, centre: Centre, account: Account, number: int, slots: Slots, now: datetime
) -> QueuePlace:
    """File what a citizen has to say, as it is, and put it into a session's queue; raises Refused."""
    session = await refuse_unless_free(tx, number, account.person, now)
    if not slots.place.known and slots.suggested_address:
        intake.take_suggested_address(slots)
    row = filing.row(centre, account, slots, session.ends_at) | {
        "unit": centre.city.desk.slug,
        "state": State.ROSTER,
        "channel": "roster",
    }
    filer = Filer(account.person, Role.OWNER, account.messenger)
    request = await create(tx, centre, filer, row, slots.photos + slots.files, now)
    return await _queue(tx, session, request, account, now)


def go_on_about(slots: Slots, earlier: Request) -> None:
    """Say that words are about an earlier request, closed by now: its subject and place are theirs."""
    slots.words.insert(0, Part(message=0, text=label("about-request", code=earlier.code)))
    slots.subject = earlier.subject or slots.subject
    slots.place = Place(
        lat=earlier.lat, lon=earlier.lon, address=earlier.address, district=earlier.district, source="typed"
    )


async def put_right(
    tx: Transaction,
    centre: Centre,
    actor: Actor,
    request: Request,
    columns: Mapping[str, Any],
    said: str,
    now: datetime,
) -> None:
    """Let a citizen name place or subject of what waits for a manager; raises Refused once it no longer waits."""
    await requests.lock(tx, request.id)
    request = await requests.get(tx, request.id)
    if request.owner != actor.person or request.state is not State.ROSTER:
        raise Refused("heard-not-waiting")
    subject = centre.city.subject(columns["subject"]) if "subject" in columns else None
    urgent = request.urgent or (subject is not None and subject.urgency == "urgent")
    await requests.change(tx, request.id, changed_at=now, urgent=urgent, **columns)
    await requests.append_history(
        tx,
        request_id=request.id,
        at=now,
        deed=Deed.ADD,
        person_id=actor.person,
        role=Role.OWNER,
        messenger=actor.account.messenger,
        from_state=State.ROSTER,
        to_state=State.ROSTER,
        unit=request.unit,
        note=said,
    )


async def bring_request(
    tx: Transaction, centre: Centre, actor: Actor, number: int, request: Request, now: datetime
) -> QueuePlace:
    """Put an open request of a citizen into a session's queue; raises Refused."""
    session = await refuse_unless_free(tx, number, actor.person, now)
    await requests.lock(tx, request.id)
    request = await requests.get(tx, request.id)
    if request.owner != actor.person:
        raise Refused("not-your-request")
    if request.state is State.CLOSED:
        raise Refused("already-closed")
    if request.parent is not None:
        raise Refused("is-a-part")
    if request.state is State.ROSTER and await sessions.waiting_with(tx, request.id):
        raise Refused("heard-elsewhere")
    return await _queue(tx, session, request, actor.account, now)


async def _queue(tx: Transaction, session: Session, request: Request, account: Account, now: datetime) -> QueuePlace:
    before = await sessions.queue(tx, session.id)
    await sessions.ask(tx, session.id, request.id, account.id, now)
    if session.state is SessionState.OPEN and not before:
        message = Message(text=text("somebody-waits", title=session.title), buttons=[[next_button()]])
        await heard.tell_manager(tx, session, message, now)
    place = await place_of(tx, session, account.person)
    assert place is not None  # it was taken just now
    return place


def next_button() -> Button:
    """Return the manager's way to whoever waits."""
    return Button(label=label("button-see-next"), data="s:my")


async def leave(
    tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime, *, withdraw: bool
) -> Request:
    """Give a citizen's place back. What they brought goes the ordinary way, or is withdrawn; raises Refused."""
    session = await sessions.locked(tx, number)
    mine = await sessions.place_of(tx, number, actor.person) if session else None
    if mine is None or mine.state is not HearingState.WAITING:
        raise Refused("heard-not-waiting")
    await requests.lock(tx, mine.request)
    await sessions.settle(tx, mine.id, HearingState.LEFT)
    request = await requests.get(tx, mine.request)
    if request.state is not State.ROSTER:
        return request
    if withdraw:
        return await casework.perform(tx, centre, request.id, Doing(actor, Deed.WITHDRAW, Given(), now))
    await casework.by_system(tx, centre, request.id, Doing(None, Deed.UNHEARD, Given(), now))
    return await requests.get(tx, request.id)


async def skip(tx: Transaction, passed: Hearing) -> None:
    """Let others go first: whoever was passed over comes again after them."""
    await sessions.skip(tx, passed)
