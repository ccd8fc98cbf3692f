"""What is done about a clock that runs out: a word, a warning, the head, an apology, the deputy, the managers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import clocks as clock_rules
from domain.casework import Account, Request
from domain.clocks import LEFT, Clock, Going, Kind, Step
from domain.desk import Queue
from domain.messages import Button, Message
from domain.roles import Role
from services import assignment, clocks, followed_dates, letters, mentions, oversight, promises, saying, wholes
from services.centre import Centre
from services.quiet import awake
from services.rings import Ring
from storage import calls, people, requests, staff, supporters
from storage import clocks as rows
from storage.database import Transaction
from texts.numbers import span, when
from texts.speech import Rich, label, text


@dataclass(frozen=True, slots=True)
class Alarm:
    """One clock of one request at a step."""

    request: Request
    clock: Clock
    due_at: datetime
    now: datetime


async def _ring(tx: Transaction, centre: Centre, data: dict[str, Any], now: datetime) -> None:
    """Take the steps that are due, and let the next one ring; in quiet hours only for what is urgent."""
    await requests.lock(tx, data["request"])
    request = await requests.get(tx, data["request"])
    known = await rows.of_request(tx, request.id)
    clock = known.get(Kind(data["kind"]))
    if clock is None or clock.going is not Going.RUNNING:
        return
    if awake(centre, now, urgent=request.urgent) <= now:
        steps = clock_rules.due_steps(clocks.steps_ahead(centre, clock), now)
        clock = clock_rules.take(clock, steps)
        known[clock.kind] = clock
        await rows.put(tx, request.id, [clock])
        for step in steps:
            await _take(tx, centre, request.id, clock, step, now)
        request = await _apologise_again(tx, centre, await requests.get(tx, request.id), clock, now)
    await clocks.wind(tx, centre, request, known, now)


async def _take(tx: Transaction, centre: Centre, number: int, clock: Clock, step: Step, now: datetime) -> None:
    assert clock.due_at is not None  # it runs
    if clock.kind is Kind.FIRST_ANSWER and step in _BEFOREHAND and await calls.is_under_way(tx, number):
        return  # somebody is called until it is taken
    alarm = Alarm(await requests.get(tx, number), clock, clock.due_at, now)
    if clock.kind is Kind.RESOLUTION and step not in _BEFOREHAND:
        alarm = Alarm(await _apologise(tx, centre, alarm, step), clock, clock.due_at, now)
    await _STEPS[step](tx, centre, alarm, _words(centre, alarm, step))
    if step is Step.BREACH:
        await assignment.refresh(tx, centre, number, now)


async def _apologise_again(tx: Transaction, centre: Centre, request: Request, clock: Clock, now: datetime) -> Request:
    """A date that took the place of a missed one is over too: whoever was warned above hears of it until it ends."""
    over = clocks.over_again(request, clock)
    if over is None or over > now:
        return request
    above = [step for step in clock.steps if step in _ABOVE] or [Step.BREACH]
    assert clock.due_at is not None  # it runs
    alarm = Alarm(request, clock, clock.due_at, now)
    alarm = Alarm(await _apologise(tx, centre, alarm, above[-1], again=True), clock, clock.due_at, now)
    for step in above:
        await _STEPS[step](tx, centre, alarm, _words(centre, alarm, step))
    await assignment.refresh(tx, centre, request.id, now)
    return alarm.request


def _words(centre: Centre, alarm: Alarm, step: Step) -> Rich:
    request, now = alarm.request, alarm.now
    return text(
        f"clock-{step}" if step in LEFT else "clock-above",
        kind=str(alarm.clock.kind),
        code=request.code,
        subject=letters.subject_title(centre, request),
        unit=centre.city.unit(request.unit).title,
        who=request.in_hand_name or label("nobody-yet"),
        due=when(alarm.due_at, centre.zone, now),
        left=span(alarm.due_at - now),
        promised=when(request.told_for, centre.zone, now) if request.told_for else "",
    )


async def _to_whoever_has_it(tx: Transaction, centre: Centre, alarm: Alarm, words: Rich) -> None:
    """Half is over: a word to the person in charge, or to the unit while there is none."""
    theirs = await _in_charge(tx, alarm.request)
    if theirs:
        await _privately(tx, theirs, words, alarm)
    else:
        await _to_unit(tx, centre, alarm, words, heads=False)


async def _to_the_unit(tx: Transaction, centre: Centre, alarm: Alarm, words: Rich) -> None:
    await _to_unit(tx, centre, alarm, words, heads=False)


async def _to_the_head(tx: Transaction, centre: Centre, alarm: Alarm, words: Rich) -> None:
    """The promise is missed: the unit and its head; at the desk, where nobody is the head, the inspectors."""
    await _to_unit(tx, centre, alarm, words, heads=True)
    if alarm.request.unit == centre.city.desk.slug and alarm.request.queue != Queue.INSPECTOR:
        await _privately(tx, await staff.reachable_members(tx, (Role.INSPECTOR,)), words, alarm)


async def _to_deputies(tx: Transaction, centre: Centre, alarm: Alarm, words: Rich) -> None:
    for post in centre.city.deputies_of(alarm.request.unit):
        await _privately(tx, await staff.reachable_members(tx, (Role.DEPUTY,), post.slug), words, alarm, above=True)


async def _to_managers(tx: Transaction, centre: Centre, alarm: Alarm, words: Rich) -> None:
    await _privately(tx, await staff.reachable_members(tx, (Role.MANAGER,)), words, alarm, above=True)


_STEPS: dict[Step, Callable[[Transaction, Centre, Alarm, Rich], Awaitable[None]]] = {
    Step.HALF: _to_whoever_has_it,
    Step.MOST: _to_the_unit,
    Step.BREACH: _to_the_head,
    Step.DEPUTY: _to_deputies,
    Step.MANAGER: _to_managers,
}


async def _in_charge(tx: Transaction, request: Request) -> list[Account]:
    """List the accounts of whoever has it in hand, as long as they work in its unit and are there."""
    members = {one.person: one for one in await staff.colleagues(tx, request.unit)}
    holder = members.get(request.in_hand_of or 0)
    if holder is None or request.in_hand_of is None or not holder.present:
        return []
    return [account for account in await people.accounts_of(tx, request.in_hand_of) if account.reachable]


def _card_button(request: Request) -> list[list[Button]]:
    return [[Button(label=label("button-open-card"), data=f"w:{request.code}:card")]]


async def _to_unit(tx: Transaction, centre: Centre, alarm: Alarm, words: Rich, *, heads: bool) -> None:
    """Write into the unit's groups, where the person in charge is named so that they notice, or to its members."""
    request, now = alarm.request, alarm.now
    holder = await mentions.numbers_of(tx, request.in_hand_of)
    for messenger, chat_id, private in await letters.readers(tx, centre, request, heads=heads):
        who = mentions.of(request.in_hand_name, holder.get(messenger))
        said = words if private or not request.in_hand_of else text("heard-by", who=who, said=words)
        message = Message(text=said, buttons=_card_button(request))
        await saying.push(tx, messenger, chat_id, message, now, private=private)


async def _privately(
    tx: Transaction, accounts: Sequence[Account], words: Rich, alarm: Alarm, *, above: bool = False
) -> None:
    buttons = oversight.button(alarm.request) if above else _card_button(alarm.request)
    message = Message(text=words, buttons=buttons)
    await saying.push_to_all(tx, accounts, message, alarm.now)


async def _apologise(tx: Transaction, centre: Centre, alarm: Alarm, step: Step, *, again: bool = False) -> Request:
    """Tell citizens a new date before they ask, once what they were told last is over; return the request with it."""
    request, now = alarm.request, alarm.now
    if request.told_for is not None and request.told_for > now:
        return request
    until = promises.new_date(centre, now, urgent=alarm.clock.around_the_clock, again=again or step in _ABOVE)
    await requests.change(tx, request.id, promised_at=until)
    whole = await wholes.whole_of(tx, request)
    words = text(
        "told-late" if step is Step.BREACH else "told-late-again",
        code=whole.code,
        subject=letters.subject_title(centre, request),
        unit=centre.city.unit(request.unit).title,
        until=when(until, centre.zone, now),
    )
    message = Message(text=words, buttons=[[Button(label=label("button-timeline"), data=f"r:{whole.code}:view")]])
    await saying.push(tx, whole.messenger, whole.chat_id, message, now, private=True)
    joined = [one.account for one in await supporters.of_request(tx, whole.id)] if whole.supporters else []
    await saying.push_to_all(tx, joined, message, now)
    await followed_dates.missed(tx, centre, request, until, now, again=step is not Step.BREACH)
    return await requests.get(tx, request.id)


_BEFOREHAND = (Step.HALF, Step.MOST)
_ABOVE = (Step.DEPUTY, Step.MANAGER)

RINGS: dict[str, Ring] = {"clock": _ring}
