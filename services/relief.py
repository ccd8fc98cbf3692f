"""Relief around the clock: what cannot wait is brought before whoever is on duty, again and again, until one comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain import lifecycle
from domain.casework import Actor, Request
from domain.lifecycle import NEW, Deed, State
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, READS_CARDS
from services import call_messages, cards
from services.acting import Doing
from services.call_messages import Ending
from services.centre import Centre
from services.rings import Ring
from services.sequels import Sequel
from storage import audit, calls, duty, people, requests, timers
from storage.calls import Call, Shown
from storage.database import Transaction
from storage.duty import Listed


def _is_wanted(centre: Centre, request: Request) -> bool:
    return request.urgent and request.state in NEW and request.unit != centre.city.desk.slug


async def reached(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """A request has come to a unit: when it cannot wait, begin to call those on duty."""
    if _is_wanted(centre, request):
        await _next(tx, centre, request, calls.begun(request.id, request.unit, now), now)


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """Begin a call when an urgent request comes to a unit, end it when somebody comes or it goes elsewhere."""
    if after.state is State.CLOSED or after.unit != before.unit or doing.deed is Deed.RELEASE:
        await _forget(tx, after, doing)
    was, now_wanted = _is_wanted(centre, before), _is_wanted(centre, after)
    same = was and now_wanted and before.unit == after.unit
    if was and not same:
        await _end(tx, centre, after, _ending(before, after, doing), doing.now)
    if now_wanted and not same:
        await reached(tx, centre, after, doing.now)
    return ()


def _ending(before: Request, after: Request, doing: Doing) -> Ending:
    if after.unit != before.unit:
        return Ending("call-moved")
    if after.in_hand_of is not None and after.state is not State.CLOSED:
        return Ending("call-accepted", after.in_hand_name, after.in_hand_of)
    return Ending("call-over", by=doing.person)


async def _end(tx: Transaction, centre: Centre, request: Request, ending: Ending, now: datetime) -> None:
    call = await calls.get(tx, request.id)
    if call is None or call.ended_at is not None:
        return
    kept = await call_messages.end(tx, centre, request, call, ending, now)
    over = replace(call, called=None, shown=kept, ended_at=now)
    answered = ending.key == "call-accepted"
    await calls.save(tx, replace(over, answered_by=ending.by, answered_at=now) if answered else over)


async def _forget(tx: Transaction, request: Request, doing: Doing) -> None:
    """Whoever came has nothing to do with it any more: the citizen's words and number leave their chat."""
    call = await calls.get(tx, request.id) if request.urgent else None
    if call is None or call.ended_at is None or not call.shown:
        return
    if doing.deed is Deed.RELEASE:
        key = "call-not-yours"
    else:
        key = "call-done" if request.state is State.CLOSED else "call-moved"
    await call_messages.forget(tx, request, call, key, doing.now)
    await calls.save(tx, replace(call, shown=()))


async def forget_number(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """The citizen's number was taken off a request: it leaves the chats of whoever is called, and of whoever came."""
    call = await calls.get(tx, request.id) if request.urgent else None
    if call is None or not call.shown:
        return
    if call.ended_at is not None:
        await call_messages.forget(tx, request, call, "call-number-gone", now)
    elif call.called is not None:  # said anew without the number, in place of what stands there
        await calls.save(tx, _with(call, await call_messages.to_person(tx, centre, request, call, now)))


async def _on_duty(tx: Transaction, request: Request, call: Call) -> list[Listed]:
    """List whom there is to call: on duty, with an account that can be reached, and without a no so far."""
    if lifecycle.for_head_alone(cards.standing(request, frozenset())):
        return []
    return [
        one
        for one in await duty.of_unit(tx, request.unit)
        if one.on_duty and one.reachable and one.person not in call.declined
    ]


async def _next(tx: Transaction, centre: Centre, request: Request, call: Call, now: datetime) -> None:
    """Call the same person again, else the next of the list; when all were called, alarm and begin again."""
    there, rules = await _on_duty(tx, request, call), centre.city.relief
    again = any(one.person == call.called for one in there) and call.tries < rules.tries
    whose = call.called if again else next((one.person for one in there if one.person not in call.asked), None)
    if whose is None:
        call = await _alarm(tx, centre, request, call, now)
        if not there or call.rounds >= rules.rounds:
            await _wait(tx, centre, call, now)
            return
        whose = there[0].person
    asked = call.asked if again else (*call.asked, whose)
    call = replace(call, called=whose, tries=call.tries + 1 if again else 1, asked=asked)
    await _wait(tx, centre, _with(call, await call_messages.to_person(tx, centre, request, call, now)), now)


async def _alarm(tx: Transaction, centre: Centre, request: Request, call: Call, now: datetime) -> Call:
    """Alarm the unit's head and the desk, and begin the list anew; after the last round it stays with the desk."""
    call = replace(call, rounds=call.rounds + 1)
    last = call.rounds >= centre.city.relief.rounds
    said = await call_messages.to_head(tx, centre, request, call, now)
    said += await call_messages.to_desk(tx, centre, request, call, now, last=last)
    return replace(_with(call, said), called=None, tries=0, asked=())


def _with(call: Call, said: Sequence[Shown]) -> Call:
    """Return the call with what was just said, in place of what stood in the same chats."""
    chats = {(one.messenger, one.chat) for one in said}
    kept = [one for one in call.shown if (one.messenger, one.chat) not in chats]
    return replace(call, shown=(*kept, *said))


async def _wait(tx: Transaction, centre: Centre, call: Call, now: datetime) -> None:
    rules = centre.city.relief
    minutes = rules.desk_every_minutes if call.rounds >= rules.rounds else rules.every_minutes
    await calls.save(tx, call)
    due = now + timedelta(minutes=minutes)
    await timers.set(tx, f"call:{call.request}", "call", due, {"request": call.request})


async def _ring(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    await requests.lock(tx, data["request"])
    request, call = await requests.get(tx, data["request"]), await calls.get(tx, data["request"])
    if call is None or call.ended_at is not None or not _is_wanted(centre, request):
        return
    if call.rounds < centre.city.relief.rounds:
        await _next(tx, centre, request, call, now)
        return
    said = await call_messages.to_desk(tx, centre, request, call, now, last=True)
    await _wait(tx, centre, _with(call, said), now)


RINGS: dict[str, Ring] = {"call": _ring}


async def lost(tx: Transaction, centre: Centre, messenger: str, chat: int, now: datetime) -> None:
    """A chat cannot be written to: where it was its person's turn, the next one is called at once."""
    account = await people.find(tx, messenger, chat)
    if account is None or any(one.reachable for one in await people.accounts_of(tx, account.person)):
        return
    for number in await calls.waiting_for(tx, account.person):
        await _ring(tx, centre, {"request": number}, now)


async def went_off(tx: Transaction, centre: Centre, unit: str, person: int, now: datetime) -> None:
    """Somebody of a unit is on duty no longer: where it was their turn, the next one is called at once."""
    for number in await calls.waiting_for(tx, person):
        if (await requests.get(tx, number)).unit == unit:
            await _ring(tx, centre, {"request": number}, now)


async def without_role(tx: Transaction, centre: Centre, person: int, now: datetime) -> None:
    """Somebody lost a role: calls about what they may read no longer leave their chats, and go on to the next."""
    held = await people.memberships_of(tx, person)
    for known in await calls.under_way(tx):
        reads = cards.roles_for_card(held, known.unit) & READS_CARDS
        if reads or person not in {one.person for one in known.shown}:
            continue
        call, request = await _open_call(tx, known.request), await requests.get(tx, known.request)
        await call_messages.taken_back(tx, request, [one for one in call.shown if one.person == person], now)
        call = replace(call, shown=tuple(one for one in call.shown if one.person != person))
        if call.called == person:
            await _next(tx, centre, request, call, now)
        else:
            await calls.save(tx, call)


async def decline(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> None:
    """Somebody who was called cannot come: the next one is called at once; raises Refused when it is over."""
    call = await _open_call(tx, number)
    theirs = [one for one in call.shown if one.person == actor.person]
    if not theirs:
        raise Refused("old-button")
    request = await requests.get(tx, number)
    await call_messages.passed_on(tx, request, theirs, now)
    await _write_down(tx, "call-declined", actor, number, now)
    call = replace(
        call,
        declined=(*call.declined, actor.person),
        shown=tuple(one for one in call.shown if one.person != actor.person),
    )
    if call.called == actor.person:
        await _next(tx, centre, request, call, now)
    else:
        await calls.save(tx, call)


async def take_over(tx: Transaction, centre: Centre, actor: Actor, number: int, now: datetime) -> None:
    """Somebody at the desk sees to it that the request is looked after: nobody is called any more."""
    if not actor.holds(*AT_THE_DESK):
        raise Refused("not-yours")
    known = await calls.get(tx, number)
    if known is not None and known.ended_at is not None and known.answered_by == actor.person:
        return  # the same tap twice
    call = await _open_call(tx, number)
    if call.rounds < centre.city.relief.rounds:
        raise Refused("old-button")
    request = await requests.get(tx, number)
    name = actor.account.name
    await call_messages.end(tx, centre, request, call, Ending("call-with-desk", name, actor.person), now)
    await calls.save(tx, replace(call, called=None, shown=(), answered_by=actor.person, answered_at=now, ended_at=now))
    await _write_down(tx, "call-taken-over", actor, number, now)


async def _open_call(tx: Transaction, number: int) -> Call:
    """Return the call that is under way; raises Refused with what became of it."""
    await requests.lock(tx, number)
    call = await calls.get(tx, number)
    if call is None:
        raise Refused("old-button")
    if call.ended_at is not None:
        who = await people.name_of(tx, call.answered_by) if call.answered_by else ""
        raise Refused("call-answered" if who else "call-over", who=who)
    return call


async def refuse_if_answered(tx: Transaction, actor: Actor, number: int) -> None:
    """Tell whoever comes too late who comes already; raises Refused("call-answered")."""
    call = await calls.get(tx, number)
    if call is None or call.answered_by in (None, actor.person) or call.ended_at is None:
        return
    raise Refused("call-answered", who=await people.name_of(tx, call.answered_by))


async def _write_down(tx: Transaction, act: str, actor: Actor, number: int, now: datetime) -> None:
    messenger = actor.account.messenger
    await audit.record(tx, act=act, person=actor.person, messenger=messenger, now=now, request=number)
