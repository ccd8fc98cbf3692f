"""The course of a session: it opens and ends by the clock, is reported, and later it is told what was kept."""

from datetime import datetime, timedelta
from typing import Any

from domain import hearings
from domain.casework import Actor
from domain.hearings import HearingState, Session, SessionState
from domain.lifecycle import Deed, Given, State
from domain.messages import Button, Message
from domain.refusal import Refused
from services import casework, heard, notices, reminders, saying, staff, trouble
from services.acting import Doing
from services.centre import Centre
from services.hearings import next_button
from services.rings import Ring
from services.sessions import found, is_manager, planned, record
from storage import people, requests, sessions
from storage.database import Transaction
from texts.numbers import day, span
from texts.speech import Rich, label, lines, text

GOES_ON = timedelta(hours=2)
"""How long a session stays open after its end while people wait and nothing is answered any more."""


async def _begin(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    session = await sessions.locked(tx, data["session"])
    if session is None or session.state is not SessionState.PLANNED:
        return
    # The role was taken away meanwhile, or the bot stood still until the time was over and nobody could be heard.
    if now >= session.ends_at or not await is_manager(tx, session.manager):
        await _call_off(tx, centre, session, now)
        return
    await sessions.change(tx, session.id, state=SessionState.OPEN)
    waiting = await sessions.queue(tx, session.id)
    words = text("session-begun-for-you", waiting=len(waiting), **heard.times(centre, session, now))
    await heard.tell_manager(tx, session, Message(text=words, buttons=[[next_button()]]), now)
    for number, hearing in enumerate(waiting, 1):
        who = hearing.account
        message = Message(text=text("session-begun", title=session.title, number=number))
        if who.reachable:
            await saying.push(tx, who.messenger, who.user_id, message, now, private=True)


async def _end(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    session = await sessions.locked(tx, data["session"])
    if session is None or session.state is not SessionState.OPEN:
        return
    waiting = await sessions.queue(tx, session.id)
    if not waiting:
        await finish(tx, centre, session, now)
        return
    rows = [[next_button()], [Button(label=label("button-end-session"), data=f"s:{session.id}:end")]]
    words = text("session-time-over", title=session.title, waiting=len(waiting))
    await heard.tell_manager(tx, session, Message(text=words, buttons=rows), now)
    await reminders.finish_session(tx, session.id, now + GOES_ON)


async def _finish(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    session = await sessions.locked(tx, data["session"])
    if session is None or session.state is not SessionState.OPEN:
        return
    answers = [hearing.answered_at for hearing in await sessions.hearings_of(tx, session.id) if hearing.answered_at]
    last = max(answers, default=session.ends_at)
    if now < last + GOES_ON and await sessions.queue(tx, session.id):
        await reminders.finish_session(tx, session.id, last + GOES_ON)
        return
    await finish(tx, centre, session, now)


async def finish(tx: Transaction, centre: Centre, session: Session, now: datetime) -> None:
    """End an open session: those unheard go the ordinary way, and its report is sent."""
    await sessions.change(tx, session.id, state=SessionState.OVER, reported_at=now)
    await reminders.forget_session(tx, session.id)
    await _send_unheard_on(tx, centre, session, now)
    await _tell_report(tx, centre, session, now)
    promised = [promise.promised_for for promise in await sessions.promises(tx, session.id)]
    if promised:
        await reminders.look_what_was_kept(tx, session.id, max(promised) + hearings.KEPT_LOOKED_AT)


async def finish_early(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> Session:
    """Let a manager end their own open session; raises Refused."""
    session = await mine(tx, actor, number, lock=True)
    if session.state is not SessionState.OPEN:
        raise Refused("session-not-open")
    await finish(tx, centre, session, now)
    return session


async def mine(tx: Transaction, actor: Actor, number: int, *, lock: bool = False) -> Session:
    """Return a session of this manager; raises Refused for anybody else, administrators and operators too."""
    session = await (sessions.locked if lock else sessions.find)(tx, number)
    if session is None:
        raise Refused("session-unknown")
    if session.manager != actor.person or not await is_manager(tx, actor.person):
        raise Refused("session-not-yours")
    return session


async def _send_unheard_on(tx: Transaction, centre: Centre, session: Session, now: datetime) -> None:
    for hearing in await sessions.queue(tx, session.id):
        await requests.lock(tx, hearing.request)
        # While we waited for the lock the manager may have answered, or the citizen withdrawn.
        if not await sessions.settle(tx, hearing.id, HearingState.UNHEARD):
            continue
        request = await requests.get(tx, hearing.request)
        if request.state is State.ROSTER:
            await casework.by_system(tx, centre, request.id, Doing(None, Deed.UNHEARD, Given(), now))
        elif hearing.account.reachable:
            who, words = hearing.account, text("unheard-goes-on", title=session.title, code=request.code)
            await saying.push(tx, who.messenger, who.user_id, Message(text=words), now, private=True)


async def cancel(tx: Transaction, centre: Centre, by: Actor, number: int, now: datetime) -> Session:
    """Call a planned session off at an administrator's word; raises Refused with why it cannot be."""
    staff.require_administrator(by)
    session = await planned(tx, number)
    await record(tx, by, "session-cancel", session, now)
    await _call_off(tx, centre, session, now)
    return session


async def without_manager(tx: Transaction, centre: Centre, person: int, now: datetime) -> None:
    """Somebody is no manager any more: nobody is left waiting for them, in no session of theirs."""
    if await is_manager(tx, person):
        return
    for known in await sessions.ahead(tx, person):
        session = await sessions.locked(tx, known.id)
        if session is not None and session.state is SessionState.PLANNED:
            await _call_off(tx, centre, session, now)
        elif session is not None and session.state is SessionState.OPEN:
            await finish(tx, centre, session, now)


async def _call_off(tx: Transaction, centre: Centre, session: Session, now: datetime) -> None:
    await sessions.change(tx, session.id, state=SessionState.CANCELLED)
    await reminders.forget_session(tx, session.id)
    if session.notice:
        await notices.call_off(tx, session.notice, now)
    words = Message(text=text("session-called-off", **heard.times(centre, session, now)))
    waiting = [hearing.account for hearing in await sessions.queue(tx, session.id)]
    await saying.push_to_all(tx, waiting, words, now)
    await heard.tell_manager(tx, session, words, now)
    await _send_unheard_on(tx, centre, session, now)


async def report(tx: Transaction, centre: Centre, session: Session, now: datetime) -> Rich:
    """Say what a session came to, and what of its promises was kept until now."""
    counts = hearings.report(session, await sessions.hearings_of(tx, session.id))
    promised = await sessions.promises(tx, session.id)
    keeping = hearings.keeping(promised, now)
    return lines(
        text("session-report", title=session.title, day=day(session.starts_at, centre.zone, now)),
        text("session-report-heard", heard=counts.heard, asked=counts.asked),
        text("session-report-how", answered=counts.answered, referred=counts.referred, promised=counts.promised),
        text("session-report-unheard", unheard=counts.unheard, left=counts.left),
        text("session-report-waited", waited=span(counts.waited)) if counts.waited is not None else "",
        text("session-report-kept", kept=keeping.kept, broken=keeping.broken, pending=keeping.pending)
        if promised
        else "",
        *(
            text("session-report-broken", code=promise.code, date=day(promise.promised_for, centre.zone, now))
            for promise in promised
            if promise.kept(now) is False
        ),
    )


async def _tell_report(tx: Transaction, centre: Centre, session: Session, now: datetime) -> None:
    message = Message(text=await report(tx, centre, session, now))
    if await is_manager(tx, session.manager):
        await heard.tell_manager(tx, session, message, now)
    theirs = {(account.messenger, account.user_id) for account in await people.accounts_of(tx, session.manager)}
    for messenger, chat in await trouble.administrators(tx, centre):
        if (messenger, chat) not in theirs:
            await saying.push(tx, messenger, chat, message, now, private=True)


async def _look_what_was_kept(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    session = await found(tx, data["session"])
    for promise in await sessions.promises(tx, session.id):
        await sessions.keep(tx, promise.hearing, promise.kept(now))
    await _tell_report(tx, centre, session, now)


RINGS: dict[str, Ring] = {
    "session-begin": _begin,
    "session-end": _end,
    "session-finish": _finish,
    "session-kept": _look_what_was_kept,
}
