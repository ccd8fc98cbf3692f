"""Following somebody else's request without joining it: who may, and what they hear.

They are told where it stands, in words of ours alone: neither its code nor what citizens or officials wrote.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.casework import Account, Request
from domain.lifecycle import NEEDS_JUDGEMENT, NEW, OBJECTIONS_AT_MOST, Deed, State
from domain.messages import Message
from domain.refusal import Refused
from services import around, followed_dates, particulars, saying
from services.acting import Doing
from services.cards import is_listed, reason_words
from services.centre import Centre
from services.followed_dates import buttons, heading
from services.letters import LISTS_PARTS, OWNERS_ALONE, TOLD, subject_title
from services.sequels import Sequel
from services.wholes import Family, family_of, followed
from storage import followers as rows
from storage import requests, supporters
from storage.database import Transaction
from texts.numbers import when
from texts.speech import Rich, lines, text

MOST = 10
"""Open requests that one person follows at the same time."""

_CONVERSATION = OWNERS_ALONE | {Deed.GO_ON, Deed.REPLY, Deed.RESPOND}
"""What is said to the owner, or waited for from them, and changes nothing for anybody else."""
_WITH_DEADLINE = NEW | {State.WAITING, State.IN_HAND, State.UNDER_WAY}
"""In the other states another date is told with them, or none."""

TOLD_FOLLOWERS = (frozenset(TOLD) | {Deed.WITHDRAW}) - _CONVERSATION
_ANSWERED = frozenset({Deed.ANSWER, Deed.GO_ON})
"""The end of a question to the owner: only that it moved the date is anybody else's."""
_CITIZENS = frozenset({Deed.OBJECT, Deed.WITHDRAW})
"""Deeds whose reason is a citizen's, in whose words is nobody else's to read."""


async def begin(tx: Transaction, centre: Centre, account: Account, number: int, now: datetime) -> Request:
    """Let a citizen follow a request that they were shown; a second tap changes nothing.

    Raises Refused as joining it would, Refused("joined-already") to whoever wants it, Refused("follows-full").
    """
    request = await around.checked_to_join(tx, centre, account, number, now)
    if await supporters.find(tx, number, account.person):
        raise Refused("joined-already")
    mine = await rows.open_of_person(tx, account.person)
    if number not in mine:
        if len(mine) >= MOST:
            raise Refused("follows-full", most=MOST)
        await rows.follow(tx, number, account.id, now)
    return request


async def stop(tx: Transaction, account: Account, number: int, now: datetime) -> None:
    """Let a citizen follow a request, or what it was merged into, no longer; a second tap changes nothing.

    Raises Refused("old-button") to whoever never did, or owns it; Refused("joined-already") to whoever has joined it.
    """
    request = await _locked(tx, number)
    if request is None or request.owner == account.person:
        raise Refused("old-button")
    if await supporters.find(tx, request.id, account.person):
        raise Refused("joined-already")
    if await rows.follows(tx, number, account.person) is None:
        raise Refused("old-button")
    await rows.stop(tx, request.id, account.person, now)


async def _locked(tx: Transaction, number: int) -> Request | None:
    """Return what a request was merged into, or itself, once no merger under way can lead it on any more."""
    known = await requests.find(tx, number)
    if known is None:
        return None
    request = await followed(tx, known)
    while True:
        await requests.lock(tx, request.id)
        known, request = request, await followed(tx, await requests.get(tx, request.id))
        if request.id == known.id:
            return request


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """Tell those who follow a request where it stands now; once it is about somebody's own affair they hear last."""
    if doing.deed in _ANSWERED:
        await followed_dates.moved(tx, centre, before, await requests.get(tx, after.id), doing.now)
    if doing.deed not in TOLD_FOLLOWERS or (doing.deed is Deed.WITHDRAW and after.parent):  # with the whole
        return ()
    theirs = await rows.of_request(tx, after.parent or after.id)
    others = [one for one in theirs if one.person != doing.person]
    if doing.deed is Deed.MERGE:
        await _merged(tx, centre, after, others, doing.now)
    elif theirs:  # whoever did it ceases to follow with the others
        message = await _changed(tx, centre, before, after.id, doing)
        await saying.push_to_all(tx, others, message, doing.now)
    return ()


async def _changed(tx: Transaction, centre: Centre, before: Request, number: int, doing: Doing) -> Message:
    after = await requests.get(tx, number)  # what follows a deed may have moved its dates
    family = await family_of(tx, after)
    whole = family.whole if family else after
    if whole.subject in around.public_subjects(centre):
        return _news(centre, before, after, doing, family)
    await rows.stop_all(tx, whole.id, doing.now)
    return Message(text=lines(heading(centre, before), text("follow-hidden")))


async def _merged(tx: Transaction, centre: Centre, source: Request, others: list[Account], now: datetime) -> None:
    """Let those who follow a merged request follow the other one from now on, and tell them.

    Whoever owns that one or has joined it hears of it as such: they are told so.
    """
    assert source.merged_into is not None  # it was merged just now
    target = await requests.get(tx, source.merged_into)
    await rows.stop_whoever_wants(tx, target.id, now)
    wanting = {target.owner, *(one.account.person for one in await supporters.of_request(tx, target.id))}
    if target.subject in around.public_subjects(centre):
        await rows.carry_over(tx, source.id, target.id, now)
        said = text("follow-merged"), _deadline(centre, source, target, now)
        message = Message(text=lines(heading(centre, source), *said), buttons=buttons(target))
    else:
        await rows.stop_all(tx, source.id, now)
        message = Message(text=lines(heading(centre, source), text("follow-hidden")))
    mine = Message(
        text=lines(heading(centre, source), text("follow-merged-mine")), buttons=[followed_dates.look(target)]
    )
    await saying.push_to_all(tx, [one for one in others if one.person not in wanting], message, now)
    await saying.push_to_all(tx, [one for one in others if one.person in wanting], mine, now)


def _news(centre: Centre, before: Request, after: Request, doing: Doing, family: Family | None) -> Message:
    """Say where a request, or a part of it, stands now."""
    whole = family.whole if family else after
    part = family if after.parent else None
    corrected = doing.deed is Deed.CORRECT and part is None
    return Message(
        text=lines(
            heading(centre, whole if part else before),
            part.heading(centre, after) if part else "",
            text("follow-subject", subject=subject_title(centre, after)) if corrected else "",
            particulars.state_words(centre, after, doing.now, mine=False),
            family.listed(centre, mine=False) if family and doing.deed in LISTS_PARTS else "",
            "" if doing.deed in _CITIZENS else _reason(doing.given.reason),
            _deadline(centre, before, after, doing.now),
            _last_word(whole),
        ),
        buttons=buttons(whole),
    )


def _reason(reason: str) -> Rich:
    """Repeat a reason that was chosen from a list: what was typed may be meant for the owner alone."""
    return text("unit-says", words=reason_words(reason)) if is_listed(reason) else Rich("")


def _deadline(centre: Centre, before: Request, after: Request, now: datetime) -> Rich:
    told = after.told_for
    if told is None or told == before.told_for or told < now or after.state not in _WITH_DEADLINE:
        return Rich("")
    return text("status-deadline-due", when=when(told, centre.zone, now))


def _last_word(request: Request) -> Rich:
    """Say of what is over whether there may be more to hear."""
    if request.state is not State.CLOSED:
        return Rich("")
    again = request.outcome in NEEDS_JUDGEMENT and request.times_reopened < OBJECTIONS_AT_MOST
    return text("follow-ends" if again else "follow-over")
