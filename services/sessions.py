"""What an administrator does with managers' sessions: plan one, change it, tell the citizens of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.casework import Actor
from domain.hearings import Session, SessionState
from domain.messages import Button, Message
from domain.refusal import Refused
from domain.roles import Role
from nlp import forms
from services import heard, notices, reminders, saying, staff
from services.centre import Centre
from storage import audit, people
from storage import sessions as rows
from storage.database import Transaction
from storage.notices import Notice
from texts.numbers import when
from texts.speech import label, text

LONGEST = timedelta(hours=12)
LONGEST_TITLE = 60
MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What an administrator says of a session."""

    title: str
    starts_at: datetime
    ends_at: datetime
    places: int


async def plan(tx: Transaction, centre: Centre, by: Actor, manager: int, wanted: Plan, now: datetime) -> Session:
    """Schedule a session and tell its manager; raises Refused with what does not fit."""
    staff.require_administrator(by)
    if not await is_manager(tx, manager):
        raise Refused("session-no-manager")
    wanted = _checked(wanted, now)
    await _refuse_overlap(tx, centre, manager, wanted, now)
    number = await rows.insert(
        tx,
        manager_id=manager,
        title=wanted.title,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        places=wanted.places,
        created_by=by.person,
        created_at=now,
    )
    session = await found(tx, number)
    await reminders.watch_session(tx, session)
    await record(tx, by, "session-plan", session, now)
    await heard.tell_manager(tx, session, _to_manager(centre, session, "session-planned-for-you", now), now)
    return session


async def change(tx: Transaction, centre: Centre, by: Actor, number: int, wanted: Plan, now: datetime) -> Session:
    """Change a planned session; who waits hears of new times. Raises Refused with what does not fit."""
    staff.require_administrator(by)
    session = await planned(tx, number)
    wanted = _checked(wanted, now)
    await _refuse_overlap(tx, centre, session.manager, wanted, now, but=number)
    taken = await rows.taken(tx, number)
    if wanted.places < taken:
        raise Refused("session-places-taken", taken=taken)
    await rows.change(
        tx,
        number,
        title=wanted.title,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        places=wanted.places,
    )
    if session.notice:
        await notices.call_off(tx, session.notice, now)  # it would tell what holds no longer
    changed = await found(tx, number)
    await record(tx, by, "session-change", changed, now)
    if (changed.starts_at, changed.ends_at) != (session.starts_at, session.ends_at):
        await reminders.watch_session(tx, changed)
        await _tell_moved(tx, centre, changed, now)
    return changed


async def _tell_moved(tx: Transaction, centre: Centre, session: Session, now: datetime) -> None:
    await heard.tell_manager(tx, session, _to_manager(centre, session, "session-moved-for-you", now), now)
    waiting = [hearing.account for hearing in await rows.queue(tx, session.id)]
    rows_of_buttons = [[Button(label=label("button-my-turn"), data=f"s:{session.id}:ask")]]
    message = Message(text=text("session-moved", **heard.times(centre, session, now)), buttons=rows_of_buttons)
    await saying.push_to_all(tx, waiting, message, now)


def _to_manager(centre: Centre, session: Session, key: str, now: datetime) -> Message:
    words = text(key, places=session.places, **heard.times(centre, session, now))
    return Message(text=words, buttons=[[Button(label=label("menu-session"), data="s:my")]])


def _checked(wanted: Plan, now: datetime) -> Plan:
    title = " ".join(forms.clean(wanted.title).split())
    if not title or len(title) > LONGEST_TITLE:
        raise Refused("session-title", longest=LONGEST_TITLE)
    if wanted.starts_at <= now:
        raise Refused("session-past")
    if not timedelta(0) < wanted.ends_at - wanted.starts_at <= LONGEST:
        raise Refused("session-hours")
    if not 0 < wanted.places <= MOST_PLACES:
        raise Refused("session-places", most=MOST_PLACES)
    return Plan(title, wanted.starts_at, wanted.ends_at, wanted.places)


async def _refuse_overlap(
    tx: Transaction, centre: Centre, manager: int, wanted: Plan, now: datetime, but: int = 0
) -> None:
    for other in await rows.ahead(tx, manager):
        if other.id != but and other.starts_at < wanted.ends_at and wanted.starts_at < other.ends_at:
            raise Refused("session-overlaps", when=when(other.starts_at, centre.zone, now))


async def is_manager(tx: Transaction, person: int) -> bool:
    """Tell whether somebody holds the role of a manager now."""
    return any(membership.role is Role.MANAGER for membership in await people.memberships_of(tx, person))


async def found(tx: Transaction, number: int) -> Session:
    """Return a session; raises Refused("session-unknown")."""
    session = await rows.find(tx, number)
    if session is None:
        raise Refused("session-unknown")
    return session


async def planned(tx: Transaction, number: int) -> Session:
    """Return a session that can still be changed, locked; raises Refused with why it cannot."""
    session = await rows.locked(tx, number)
    if session is None:
        raise Refused("session-unknown")
    if session.state is not SessionState.PLANNED:
        raise Refused(f"session-{session.state}")
    return session


async def record(tx: Transaction, by: Actor, act: str, session: Session, now: datetime) -> None:
    """Write down what an administrator did with a session."""
    data = {"session": session.id, "manager": session.manager, "title": session.title}
    await audit.record(tx, act=act, person=by.person, messenger=by.account.messenger, now=now, data=data)


async def announce(tx: Transaction, centre: Centre, by: Actor, number: int, now: datetime) -> Notice:
    """Write the notice that tells citizens of a planned session, to be looked at before it leaves."""
    staff.require_administrator(by)
    session = await planned(tx, number)
    if session.notice:
        await notices.call_off(tx, session.notice, now)  # there is one preview, the newest
    words = label("session-notice", places=session.places, **heard.notice_times(centre, session, now))
    return await notices.draft(tx, by, words, now, session=number)
