"""What people are told when something happens to a request: who did it, what was done, what comes next."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.casework import Account, Request
from domain.hearings import COMES_OF
from domain.lifecycle import NEEDS_JUDGEMENT, OBJECTION_WINDOW, PAUSED, WORKING, Deed, Given, Outcome, State
from domain.messages import Button, Message, Picture
from domain.roles import Role
from nlp import private_data
from services import assignment, mentions, particulars, saying, work_photos
from services.acting import Doing
from services.cards import reason_words
from services.centre import Centre
from services.wholes import Family, family_of, whole_of
from storage import people, staff, supporters
from storage.database import Transaction
from texts.numbers import when
from texts.speech import Rich, label, lines, text

TOLD: dict[Deed, str] = {
    Deed.ASSIGN: "told-assign",
    Deed.ACCEPT: "told-accept",
    Deed.START: "told-start",
    Deed.SOLVE: "told-solve",
    Deed.NOT_SOLVE: "told-not-solve",
    Deed.WARN: "told-warn",
    Deed.REFER: "told-refer",
    Deed.OUTSIDE: "told-outside",
    Deed.ASK: "told-ask",
    Deed.GUIDE: "told-guide",
    Deed.CORRECT: "told-correct",
    Deed.OBJECT: "told-object",  # by another of those who want it
    Deed.UPHOLD: "told-uphold",
    Deed.PLAN: "told-plan",
    Deed.CONCLUDE: "told-conclude",
    Deed.COMMISSION: "told-commission",
    Deed.RULE: "told-rule",
    Deed.AWAIT: "told-await",
    Deed.RESUME: "told-resume",
    Deed.GO_ON: "told-go-on",
    Deed.SPLIT: "told-split",
    Deed.JOIN_UP: "told-join-up",
    Deed.MERGE: "told-merge",
    Deed.RESPOND: "told-respond",
    Deed.REPLY: "told-reply",
    Deed.SEND_ON: "told-send-on",
    Deed.PROMISE: "told-promise",
    Deed.UNHEARD: "told-unheard",
}
"""What citizens are told of each deed that is not their own; what is between colleagues is not among them."""
_TOLD_OTHERS = TOLD | {Deed.GO_ON: "told-go-on-others"}
"""The same for those who joined: a question was put to the owner alone."""
LISTS_PARTS = frozenset({Deed.SPLIT, Deed.JOIN_UP})
"""Deeds whose news says where each part is."""
OWNERS_ALONE = frozenset({Deed.ASK})
"""What only the owner hears and reads of: a question to whoever described it."""

# What the unit is told of each deed of the citizen or a manager, on top of the card that changes in place.
_HEARD = {
    Deed.ANSWER: "heard-answer",
    Deed.ADD: "heard-add",
    Deed.OBJECT: "heard-object",
    Deed.WITHDRAW: "heard-withdraw",
    Deed.REPLY: "heard-reply",
    Deed.SEND_ON: "heard-send-on",
    Deed.PROMISE: "heard-promise",
}


_HIGHER = "samad"
"""The body of the city pack to which people can turn with what the city did not settle."""
_FINAL = frozenset({Deed.UPHOLD})
"""Ends that are told without asking what the citizen thinks of them: they have objected as often as they can."""


def subject_title(centre: Centre, request: Request) -> str:
    """Name the request's subject in the few words that fit a sentence or a button."""
    return centre.city.subject(request.subject).short_title if request.subject else label("subject-unknown")


def _details(centre: Centre, before: Request, request: Request, doing: Doing) -> dict[str, Any]:
    given, now = doing.given, doing.now
    body, phone = particulars.body_named(centre, given.body)
    higher, higher_phone = particulars.body_named(centre, _HIGHER)
    deadline = request.told_for
    return particulars.of_request(centre, request, now) | {
        "code": request.code,
        "subject": subject_title(centre, request),
        "old_unit": centre.city.unit(before.unit).title,
        "moved": "yes" if request.unit != before.unit else "no",
        "deadline": when(deadline, centre.zone, now) if deadline else "",
        "body": body,
        "phone": phone,
        "target": given.target,
        "higher": higher,
        "higher_phone": higher_phone,
        "manager": doing.speaker or label("the-manager"),
        "days": OBJECTION_WINDOW.days,
    }


def _their_words(given: Given) -> Rich:
    said = " · ".join(part for part in (reason_words(given.reason), given.note) if part)
    return text("unit-says", words=said) if said else Rich("")


def verdict_buttons(request: Request) -> list[list[Button]]:
    """Ask for the citizen's verdict: is it solved, or is another answer acceptable."""
    good, bad = ("solved", "not-solved") if request.outcome is Outcome.SOLVED else ("agree", "disagree")
    return [
        [
            Button(label=label(f"button-{good}"), data=f"r:{request.code}:ok"),
            Button(label=label(f"button-{bad}"), data=f"r:{request.code}:no"),
        ]
    ]


def new_date(centre: Centre, before: Request, request: Request, now: datetime) -> Rich:
    """Say until when a request is promised, after somebody was awaited and the date has moved."""
    told = request.told_for
    goes_on = before.state in PAUSED and request.state in WORKING
    if not goes_on or told is None or told == before.told_for or told <= now:
        return Rich("")
    return text("told-new-date", until=when(told, centre.zone, now))


def _verdict_question(request: Request) -> Rich:
    if request.state is not State.CLOSED or request.outcome not in NEEDS_JUDGEMENT:
        return Rich("")
    return text("asked-verdict" if request.outcome is Outcome.SOLVED else "asked-agreement")


def _answer_buttons(request: Request, whole: Request) -> list[list[Button]]:
    if whole.state is State.CLOSED and whole.outcome in NEEDS_JUDGEMENT:
        return verdict_buttons(whole)
    if request.state is State.ASKED:
        return [[Button(label=label("button-answer"), data=f"r:{request.code}:answer")]]
    return _look_button(whole)


def _look_button(request: Request) -> list[list[Button]]:
    return [[Button(label=label("button-timeline"), data=f"r:{request.code}:view")]]


async def to_citizens(
    tx: Transaction,
    centre: Centre,
    before: Request,
    request: Request,
    doing: Doing,
) -> None:
    """Write to the owner and to everybody who joined, but not to whoever did it; of a part under the whole's code."""
    if doing.deed is Deed.ANSWER:
        whole = await whole_of(tx, request)
        await _of_new_date(tx, centre, before, request, "told-answered", await _joiners(tx, whole), now=doing.now)
    if doing.deed not in TOLD:
        return
    given, now, by = doing.given, doing.now, doing.person
    family = await family_of(tx, request)
    whole = family.whole if family else request
    shown = {"pictures": await _shown(tx, request, doing)}
    if whole.owner != by:
        message = _news(centre, before, request, doing, family, TOLD[doing.deed]).model_copy(update=shown)
        await saying.push(tx, whole.messenger, whole.chat_id, message, now, private=True)
    if whole.supporters and doing.deed not in OWNERS_ALONE:
        told = {by, whole.owner}
        others = [one.account for one in await supporters.of_request(tx, whole.id) if one.account.person not in told]
        # A note is written with the owner in mind: it may name their number.
        bare = replace(given, note=private_data.masked(given.note), reason=private_data.masked(given.reason))
        bared = replace(doing, given=bare)
        public = _news(centre, before, request, bared, family, _TOLD_OTHERS[doing.deed])
        await saying.push_to_all(tx, others, public.model_copy(update=shown), now)


async def _joiners(tx: Transaction, whole: Request) -> list[Account]:
    return [one.account for one in await supporters.of_request(tx, whole.id) if one.account.person != whole.owner]


async def _of_new_date(
    tx: Transaction,
    centre: Centre,
    before: Request,
    request: Request,
    key: str,
    to: list[Account],
    *,
    now: datetime,
) -> None:
    """Tell those who were not asked of the date that the end of a question moved; they hear nothing else of it."""
    date = new_date(centre, before, request, now)
    if not date:
        return
    whole = await whole_of(tx, request)
    unit = centre.city.unit(request.unit).title
    heading = text(key, code=whole.code, subject=subject_title(centre, request), unit=unit)
    message = Message(text=lines(heading, date), buttons=_look_button(whole))
    await saying.push_to_all(tx, to, message, now)


async def question_dropped(tx: Transaction, centre: Centre, before: Request, request: Request, now: datetime) -> None:
    """Whoever was asked has gone: tell the unit, and of the new date whoever stands for it now and all who joined."""
    await goes_on(tx, centre, request, now)
    whole = await whole_of(tx, request)
    theirs = [await people.account(tx, whole.account), *await _joiners(tx, whole)]
    await _of_new_date(tx, centre, before, request, "told-go-on-others", theirs, now=now)


async def goes_on(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """Tell the unit that its question got no answer and the work goes on."""
    words = text("heard-go-on", code=request.code, subject=subject_title(centre, request))
    await tell_unit(tx, centre, request, words, now)


async def tell_unit(tx: Transaction, centre: Centre, request: Request, words: Rich, now: datetime) -> None:
    """Write to whoever reads of the unit's requests, with the way to the card."""
    rows = [[Button(label=label("button-open-card"), data=f"w:{request.code}:card")]]
    for messenger, chat_id, private in await readers(tx, centre, request, heads=False):
        await saying.push(tx, messenger, chat_id, Message(text=words, buttons=rows), now, private=private)


async def _shown(tx: Transaction, request: Request, doing: Doing) -> list[Picture]:
    if doing.deed in COMES_OF:  # a manager answers by voice as well
        return [Picture(media=photo) for photo in doing.given.photos]
    return await work_photos.album(tx, request, doing.given.photos) if request.state is State.CLOSED else []


async def more_work(tx: Transaction, centre: Centre, request: Request, photos: list[int], now: datetime) -> None:
    """Show citizens the rest of an album whose first photo came with the news that the work is done."""
    whole = await whole_of(tx, request)
    words = text("told-more-work", code=whole.code, subject=subject_title(centre, request))
    message = Message(text=words, pictures=work_photos.after(photos))
    await saying.push(tx, whole.messenger, whole.chat_id, message, now, private=True)
    await saying.push_to_all(tx, [one.account for one in await supporters.of_request(tx, whole.id)], message, now)


async def filed_for(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """Tell somebody who can be written to that the desk filed for them what they told by phone."""
    words = text("told-filed-for", code=request.code, subject=subject_title(centre, request))
    message = Message(text=words, buttons=_look_button(request))
    await saying.push(tx, request.messenger, request.chat_id, message, now, private=True)


async def to_heir(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """Tell somebody who joined a request that it is theirs now."""
    words = text("told-inherited", code=request.code, subject=subject_title(centre, request))
    message = Message(text=words, buttons=_look_button(request))
    await saying.push(tx, request.messenger, request.chat_id, message, now, private=True)


def _news(centre: Centre, before: Request, request: Request, doing: Doing, family: Family | None, told: str) -> Message:
    """Say what was done to a request, in the text `told`."""
    deed, given = doing.deed, doing.given
    whole = family.whole if family else request
    details = _details(centre, before, request, doing) | {"code": whole.code}
    said = Rich("") if deed is Deed.OBJECT else _their_words(given)
    return Message(
        text=lines(
            family.heading(centre, request) if family and request.parent else "",
            text(told, **details),
            family.listed(centre, mine=False) if family and deed in LISTS_PARTS else "",
            said,
            new_date(centre, before, request, doing.now),
            "" if deed in _FINAL else _verdict_question(whole),
        ),
        buttons=_look_button(whole) if deed in _FINAL else _answer_buttons(request, whole),
    )


async def to_unit(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> None:
    """Write to the unit about a deed of the citizen or a manager; an objection reaches the unit's head as well."""
    deed, given, now = doing.deed, doing.given, doing.now
    key = _HEARD.get(deed)
    if key is None:
        return
    said = " · ".join(part for part in (reason_words(given.reason), given.note) if part) or label("photo-only")
    heard = text(key, words=said, **_details(centre, request, request, doing))
    holder = await mentions.numbers_of(tx, request.in_hand_of)
    for messenger, chat_id, private in await readers(tx, centre, request, heads=deed is Deed.OBJECT):
        who = mentions.of(request.in_hand_name, holder.get(messenger))
        message = Message(
            text=heard if private or not request.in_hand_of else text("heard-by", who=who, said=heard),
            buttons=[[Button(label=label("button-open-card"), data=f"w:{request.code}:card")]],
            pictures=[Picture(media=photo) for photo in given.photos],
        )
        await saying.push(tx, messenger, chat_id, message, now, private=private)


async def more_photos(tx: Transaction, centre: Centre, request: Request, photos: list[int], now: datetime) -> None:
    """Show the unit the rest of an album whose first photo was told already."""
    heading = text("heard-more-photos", code=request.code, count=len(photos))
    message = Message(text=heading, pictures=[Picture(media=photo) for photo in photos])
    for messenger, chat_id, private in await readers(tx, centre, request, heads=False):
        await saying.push(tx, messenger, chat_id, message, now, private=private)


async def reaches_a_head(tx: Transaction, unit: str) -> bool:
    """Tell whether an objection is seen by somebody who leads the unit."""
    return bool(await staff.reachable_members(tx, (Role.HEAD,), unit))


async def readers(tx: Transaction, centre: Centre, request: Request, *, heads: bool) -> list[tuple[str, int, bool]]:
    """List who reads of a unit's request as (messenger, chat, private); `heads`: whoever leads the unit as well."""
    if request.state is State.ROSTER:  # nobody's yet but the manager's
        return []
    chats, _ = await assignment.readers_of(tx, centre, request)
    found = [(messenger, chat_id, viewer is not None) for messenger, chat_id, viewer in chats]
    if heads:
        members = await staff.reachable_members(tx, (Role.HEAD,), request.unit)
        found += [(account.messenger, account.user_id, True) for account in members]
    return list(dict.fromkeys(found))
