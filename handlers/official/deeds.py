"""What officials and operators do with a card: "w:<code>:<deed>[:<part>:<value>]", and the talk a deed needs."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

import telegram

from domain import lifecycle, tracking
from domain.casework import Request
from domain.city import Unit
from domain.lifecycle import Deed, Given, Need
from domain.messages import Button, Message, Toast
from domain.refusal import Refused
from domain.roles import IN_A_UNIT, READS_CARDS
from handlers import attachments
from handlers.official import needs, sentences, subjects
from handlers.official.looks import LOOKS, from_above
from handlers.turn import Rows, Turn, button, number
from services import acting, casework, oversight
from services.acting import Doing
from services.cards import standing
from storage import requests
from texts.speech import Rich, label, lines, text

REASONS = {
    Deed.PLAN: ("contractor", "weather", "materials", "permit"),
    Deed.COMMISSION: ("article-100", "commission-other"),
    Deed.AWAIT: ("their-pipes", "their-permit"),
    Deed.NOT_SOLVE: ("no-budget", "no-access", "not-found", "needs-plan"),
    Deed.REFER: ("not-ours", "other-district", "joint-work"),
    Deed.OUTSIDE: ("other-body",),
    Deed.OBJECT: (),
}


async def the_request(turn: Turn, code: str) -> Request:
    """Return the request behind a card, for somebody who may read it, where it may be read."""
    request = await requests.by_code(turn.tx, code)
    if request is None:
        raise Refused("no-such-code")
    if not casework.may_read(turn.actor, request):
        worked = turn.actor.holds(*IN_A_UNIT)
        raise Refused("with-another-unit" if worked else "not-staff", unit=turn.centre.city.unit(request.unit).title)
    if turn.in_group and turn.group_unit not in (request.unit, turn.centre.city.desk.slug):
        raise Refused("not-this-groups")  # whoever presses may read it, but not all who are here
    return request


def _choosable(turn: Turn, request: Request, deed: Deed) -> list[Unit]:
    """List the units for a deed: back to the desk first, or a part for the unit that splits first."""
    city = turn.centre.city
    here, others = city.unit(request.unit), city.referrable_units(request.unit, request.district)
    if deed is Deed.SPLIT:
        return others if here == city.desk else [here, *others]
    return others if here == city.desk else [city.desk, *others]


def _pages(turn: Turn, request: Request, deed: Deed, page: int) -> Rows:
    of_the_deed = f"w:{request.code}:{deed}"
    rows = needs.unit_rows(_choosable(turn, request, deed), page, f"{of_the_deed}:u:", f"{of_the_deed}:p:")
    return [*rows, needs.leave_row(request.code)]


def _unit_question(turn: Turn, request: Request, deed: Deed, page: int = 0) -> Message:
    return Message(text=text("ask-unit", code=request.code), buttons=_pages(turn, request, deed, page))


def _body_question(turn: Turn, request: Request, deed: Deed) -> Message:
    likely = turn.centre.city.outside_body(request.subject) if request.subject else None
    bodies = sorted(turn.centre.city.outside_bodies, key=lambda body: body is not likely and body != likely)
    rows = [[Button(label=f"{b.title}", data=f"w:{request.code}:{deed}:b:{b.slug}")] for b in bodies]
    return Message(text=text("ask-body", code=request.code), buttons=[*rows, needs.leave_row(request.code)])


def _reason_question(turn: Turn, request: Request, deed: Deed) -> Message:
    rows = [[button(f"reason-{name}", f"w:{request.code}:{deed}:r:{name}")] for name in REASONS.get(deed, ())]
    return Message(text=text("ask-reason", code=request.code), buttons=[*rows, needs.leave_row(request.code)])


def _note_question(turn: Turn, request: Request, deed: Deed) -> Message:
    rows = [[button("button-standard-note", f"w:{request.code}:{deed}:n")]] if deed is Deed.SOLVE else []
    return Message(
        text=text(f"ask-note-{deed.replace('_', '-')}", code=request.code),
        buttons=[*rows, needs.leave_row(request.code)],
    )


def _photo_question(turn: Turn, request: Request, deed: Deed) -> Message:
    return Message(text=text("ask-photo", code=request.code), buttons=[needs.leave_row(request.code)])


def _parts_question(turn: Turn, request: Request, deed: Deed, page: int = 0) -> Message:
    chosen = _given_so_far(turn, request.code, deed).parts
    return needs.parts_question(turn, request, deed, chosen, _pages(turn, request, deed, page))


_QUESTIONS: dict[Need, Callable[[Turn, Request, Deed], Message]] = {
    Need.UNIT: _unit_question,
    Need.BODY: _body_question,
    Need.SUBJECT: subjects.question,
    Need.PARTS: _parts_question,
    Need.DATE: needs.date_question,
    Need.REASON: _reason_question,
    Need.PHOTO: _photo_question,
    Need.NOTE: _note_question,
}
_LOOKED_UP: dict[Need, Callable[[Turn, Request, Deed], Awaitable[Message]]] = {
    Need.TARGET: needs.target_question,
    Need.COLLEAGUE: needs.colleague_question,
}
_ORDER = (*_QUESTIONS, *_LOOKED_UP)
_TYPED = frozenset({Need.TARGET, Need.DATE, Need.PHOTO, Need.NOTE})
"""Needs that are met by a message rather than by a button: in a group it comes as a reply."""


async def _question(turn: Turn, request: Request, deed: Deed, need: Need) -> Message:
    if need in _LOOKED_UP:
        return await _LOOKED_UP[need](turn, request, deed)
    return _QUESTIONS[need](turn, request, deed)


def _for_the_group(turn: Turn, asked: Message, *, typed: bool) -> Message:
    """In a group a question names whom it asks, and what has to be typed or sent comes as a reply to it."""
    if not turn.in_group:
        return asked
    whom = text("asked-of", name=turn.account.name, id=str(turn.account.user_id))
    said = lines(Rich(f"{whom} {asked.text}"), text("answer-by-reply") if typed else "")
    return asked.model_copy(update={"text": said, "wants_reply": typed})


def _given_so_far(turn: Turn, code: str, deed: Deed) -> Given:
    """Return what this person has brought for the deed already."""
    awaiting = turn.talk.awaiting or {}
    if (awaiting.get("kind"), awaiting.get("code"), awaiting.get("deed")) != ("deed", code, deed):
        return Given()
    known = awaiting["given"]
    return Given(**{**known, "photos": tuple(known["photos"]), "parts": tuple(known["parts"])})


async def go(turn: Turn, request: Request, deed: Deed, given: Given) -> None:
    """Do the deed, or ask for the next thing it needs; refused at once when it may not be done anyway."""
    first = await _first_missing(turn, request, deed, given)
    if first is None:
        await casework.perform(turn.tx, turn.centre, request.id, Doing(turn.actor, deed, given, turn.now))
        turn.await_(None)
        await _confirm(turn, request, deed)
        return
    await _ask(turn, request, deed, given, first)


async def _first_missing(turn: Turn, request: Request, deed: Deed, given: Given) -> Need | None:
    """Return what is to be asked next; None when nothing is missing, or it would be refused anyway."""
    move = lifecycle.BY_DEED[deed]
    view = standing(request, casework.roles_towards(turn.actor, request))
    if lifecycle.objection(move, view, turn.now):
        return None
    await casework.refuse_beforehand(turn.tx, turn.centre, request, turn.actor, move, view.roles, turn.now)
    demanded = casework.photo_demanded(turn.centre, request)
    missing = lifecycle.missing(move, given, photo_demanded=demanded)
    return next((need for need in _ORDER if need in missing), None)


async def _ask(turn: Turn, request: Request, deed: Deed, given: Given, need: Need) -> None:
    before = turn.talk.awaiting or {}
    turn.await_("deed", code=request.code, deed=str(deed), given=asdict(given))
    asked, typed = await _question(turn, request, deed, need), need in _TYPED
    if need in sentences.SAID:
        asked, ready = await sentences.under(turn, request, deed, asked)
        typed = typed and not ready  # in a group a message has either buttons or is answered by a reply
    await _say_or_change(turn, before, need, _for_the_group(turn, asked, typed=typed))


async def _say_or_change(turn: Turn, before: dict[str, Any], need: Need, asked: Message) -> None:
    """Ask; what a button of the same question changes is shown where it stands, and does not fill the chat."""
    row = before.get("row") if before.get("need") == need else None
    if row is not None and await turn.pressed_on(row) and not asked.wants_reply:
        await turn.change(row, asked)
    else:
        row = await turn.say(asked)
    turn.talk.awaiting = {**(turn.talk.awaiting or {}), "need": str(need), "row": row}


async def _confirm(turn: Turn, request: Request, deed: Deed) -> None:
    words = f"done-{deed.replace('_', '-')}"
    if turn.pressed:
        turn.toast = Toast(text=label(words, code=request.code))
    else:
        await turn.say(text(words, code=request.code))


async def _unit(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    if value not in {unit.slug for unit in turn.centre.city.units}:
        raise Refused("old-button")
    given = _given_so_far(turn, request.code, deed)
    if Need.PARTS in lifecycle.BY_DEED[deed].needs:
        given = replace(given, parts=needs.with_part(turn, given.parts, value))
        await _ask(turn, request, deed, given, Need.PARTS)
    else:
        await go(turn, request, deed, replace(given, unit=value))


async def _parts(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    if Need.PARTS not in lifecycle.BY_DEED[deed].needs or value not in ("done", "clear"):
        raise Refused("old-button")
    given = _given_so_far(turn, request.code, deed)
    if value == "clear":
        await _ask(turn, request, deed, replace(given, parts=()), Need.PARTS)
    elif len(given.parts) == 1:
        raise Refused("needs-parts")
    else:
        await go(turn, request, deed, given)


async def _date(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    acting.checked_day(turn.centre, value, turn.now)
    await go(turn, request, deed, replace(_given_so_far(turn, request.code, deed), date=value))


async def _target(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    given = await needs.with_target(turn, _given_so_far(turn, request.code, deed), value)
    if given is None or Need.TARGET not in lifecycle.BY_DEED[deed].needs:
        raise Refused("old-button")
    await go(turn, request, deed, given)


async def _colleague(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    await go(turn, request, deed, replace(_given_so_far(turn, request.code, deed), colleague=number(value)))


async def _body(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    if value not in {body.slug for body in turn.centre.city.outside_bodies}:
        raise Refused("old-button")
    await go(turn, request, deed, replace(_given_so_far(turn, request.code, deed), body=value))


async def _reason(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    if value not in REASONS.get(deed, ()):
        raise Refused("old-button")
    await go(turn, request, deed, replace(_given_so_far(turn, request.code, deed), reason=f"list:{value}"))


def _only_for_subjects(deed: Deed) -> None:
    if Need.SUBJECT not in lifecycle.BY_DEED[deed].needs:
        raise Refused("old-button")


async def _subject(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    _only_for_subjects(deed)
    await go(turn, request, deed, Given(subject=value))


async def _subject_group(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    _only_for_subjects(deed)
    if value not in {group.slug for group in turn.centre.city.groups}:
        raise Refused("old-button")
    await turn.say(subjects.of_group(turn, request, value))


async def _note(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    note = label("standard-note")
    await go(turn, request, deed, replace(_given_so_far(turn, request.code, deed), note=note))


async def _sentence(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    """Take a ready sentence for what is asked now: the reason, or the words."""
    given = _given_so_far(turn, request.code, deed)
    words = await sentences.chosen(turn, request, deed, value)
    await go(turn, request, deed, _with_said(deed, given, words))


async def _write(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    given = _given_so_far(turn, request.code, deed)
    turn.await_("deed", code=request.code, deed=str(deed), given=asdict(given))
    await turn.say(_for_the_group(turn, sentences.to_write(request, needs.leave_row(request.code)), typed=True))


async def _page(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    parts = Need.PARTS in lifecycle.BY_DEED[deed].needs
    asked = (_parts_question if parts else _unit_question)(turn, request, deed, number(value or "0"))
    before, given = turn.talk.awaiting or {}, _given_so_far(turn, request.code, deed)
    turn.await_("deed", code=request.code, deed=str(deed), given=asdict(given))
    await _say_or_change(turn, before, Need.PARTS if parts else Need.UNIT, _for_the_group(turn, asked, typed=False))


_PARTS: dict[str, Callable[[Turn, Request, Deed, str], Awaitable[None]]] = {
    "u": _unit,
    "b": _body,
    "r": _reason,
    "s": _subject,
    "g": _subject_group,
    "n": _note,
    "p": _page,
    "o": _parts,
    "d": _date,
    "c": _colleague,
    "t": _target,
    "x": _sentence,
    "w": _write,
}


async def _leave(turn: Turn) -> None:
    turn.await_(None)
    await turn.say(text("deed-left"))


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what a card's button says, if this person may."""
    _, code, verb, *rest = [*turn.choice, "", "", ""]
    if verb == "leave":  # whoever may not act on it any more must still be able to leave it
        await _leave(turn)
        return
    if verb == oversight.LOOK:
        await from_above(turn, code)
        return
    request = await the_request(turn, code)
    if verb in LOOKS:
        await LOOKS[verb](turn, request)
        return
    if verb not in set(Deed):
        raise Refused("old-button")
    deed = Deed(verb)
    if not lifecycle.BY_DEED[deed].by & READS_CARDS:
        raise Refused("not-yours")  # no card has such a button, not even for an official's own request
    if not rest[0]:
        await go(turn, request, deed, Given())
        return
    if rest[0] not in _PARTS:
        raise Refused("old-button")
    await _PARTS[rest[0]](turn, request, deed, rest[1])


async def brought(update: telegram.Update, turn: Turn) -> None:
    """Take the words or the photo that a deed waits for; a reply to another card's question is asked again."""
    awaiting: dict[str, Any] = turn.talk.awaiting or {}
    deed = Deed(awaiting["deed"])
    request = await the_request(turn, awaiting["code"])
    given = _given_so_far(turn, request.code, deed)
    if _replied_code(update) not in (None, request.code):
        await go(turn, request, deed, given)
        return
    found = attachments.of(update.effective_message) if update.effective_message else None
    if found is not None and not found.shows and await _first_missing(turn, request, deed, given) is Need.PHOTO:
        await turn.say(text("shows-nothing"))  # a voice message or a paper proves nothing of the work
        return
    if found is not None:
        given = replace(given, photos=(*given.photos, await attachments.keep(turn, found)))
    if not turn.words and found is None:
        await turn.say(text("cannot-read-this"))
        return
    taken = await _with_words(turn, request, deed, given) if turn.words else given
    if taken is None:
        return
    await go(turn, request, deed, taken)
    album = update.effective_message.media_group_id if update.effective_message else None
    if album and turn.talk.awaiting is None:
        turn.await_("more", code=request.code, album=album)


async def _with_words(turn: Turn, request: Request, deed: Deed, given: Given) -> Given | None:
    """Take what was typed for what is asked now; None when it does not fit and was answered."""
    first = await _first_missing(turn, request, deed, given)
    if first is Need.SUBJECT:
        await turn.say(subjects.found(turn, request))
        return None
    if first in _READ:
        take, unclear = _READ[first]
        try:
            taken = await take(turn, given)
        except Refused as refusal:  # a day that is over: the question stays open
            await turn.sorry(refusal)
            return None
        if taken is None:
            await turn.say(text(unclear))
        return taken
    return _with_said(deed, given, turn.words)


def _with_said(deed: Deed, given: Given, words: str) -> Given:
    """What is said is the reason, where there has to be one that is not known yet."""
    awaits_reason = Need.REASON in lifecycle.BY_DEED[deed].needs and not given.reason
    return replace(given, reason=words) if awaits_reason else replace(given, note=words)


_READ: dict[Need | None, tuple[Callable[[Turn, Given], Awaitable[Given | None]], str]] = {
    Need.DATE: (needs.typed_day, "date-unclear"),
    Need.TARGET: (needs.typed_target, "target-unclear"),
}
"""Needs that typed words meet, and what is said when the words do not."""


def _replied_code(update: telegram.Update) -> str | None:
    """Return the code in the message of ours that a reply names, if there is one."""
    replied = update.effective_message.reply_to_message if update.effective_message else None
    ours = replied is not None and replied.from_user is not None and replied.from_user.is_bot
    return tracking.find(replied.text or replied.caption or "") if replied and ours else None
