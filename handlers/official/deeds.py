"""What officials and operators do with a card: "w:<code>:<deed>[:<part>:<value>]", and the talk a deed needs."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

import telegram

from domain import lifecycle, tracking
from domain.casework import Request
from domain.lifecycle import Deed, Given, Need
from domain.messages import Button, Message, Priority, Toast
from domain.refusal import Refused
from domain.roles import Role
from handlers import attachments
from handlers.official import subjects
from handlers.turn import Rows, Turn, button, number
from services import assignment, casework
from services.acting import Doing
from services.cards import happening_line, readable, standing
from services.identity import national
from storage import outbox, requests
from texts.speech import Rich, label, lines, text

_UNITS_A_PAGE = 8

REASONS = {
    Deed.NOT_SOLVE: ("no-budget", "no-access", "not-found", "needs-plan"),
    Deed.REFER: ("not-ours", "other-district", "joint-work"),
    Deed.OUTSIDE: ("other-body",),
    Deed.OBJECT: (),
}


async def the_request(turn: Turn, code: str) -> Request:
    """Return the request behind a card, for somebody who may read it."""
    request = await requests.by_code(turn.tx, code)
    if request is None:
        raise Refused("no-such-code")
    if not casework.may_read(turn.actor, request):
        worked = turn.actor.holds(Role.OFFICIAL, Role.HEAD)
        raise Refused("with-another-unit" if worked else "not-staff", unit=turn.centre.city.unit(request.unit).title)
    return request


def _cancel(code: str) -> list[Button]:
    return [button("button-leave", f"w:{code}:leave")]


def _pages(turn: Turn, request: Request, deed: Deed, page: int) -> Rows:
    city = turn.centre.city
    desk = [] if request.unit == city.desk.slug else [city.desk]
    units = [*desk, *city.referrable_units(request.unit, request.district)]
    shown = units[page * _UNITS_A_PAGE : (page + 1) * _UNITS_A_PAGE]
    rows = [[Button(label=unit.short_title, data=f"w:{request.code}:{deed}:u:{unit.slug}")] for unit in shown]
    turning = []
    if page:
        turning.append(button("button-previous", f"w:{request.code}:{deed}:p:{page - 1}"))
    if len(units) > (page + 1) * _UNITS_A_PAGE:
        turning.append(button("button-next", f"w:{request.code}:{deed}:p:{page + 1}"))
    return [*rows, turning, _cancel(request.code)] if turning else [*rows, _cancel(request.code)]


def _unit_question(turn: Turn, request: Request, deed: Deed, page: int = 0) -> Message:
    return Message(text=text("ask-unit", code=request.code), buttons=_pages(turn, request, deed, page))


def _body_question(turn: Turn, request: Request, deed: Deed) -> Message:
    likely = turn.centre.city.outside_body(request.subject) if request.subject else None
    bodies = sorted(turn.centre.city.outside_bodies, key=lambda body: body is not likely and body != likely)
    rows = [[Button(label=f"{b.title}", data=f"w:{request.code}:{deed}:b:{b.slug}")] for b in bodies]
    return Message(text=text("ask-body", code=request.code), buttons=[*rows, _cancel(request.code)])


def _reason_question(turn: Turn, request: Request, deed: Deed) -> Message:
    rows = [[button(f"reason-{name}", f"w:{request.code}:{deed}:r:{name}")] for name in REASONS.get(deed, ())]
    return Message(text=text("ask-reason", code=request.code), buttons=[*rows, _cancel(request.code)])


def _note_question(turn: Turn, request: Request, deed: Deed) -> Message:
    rows = [[button("button-standard-note", f"w:{request.code}:{deed}:n")]] if deed is Deed.SOLVE else []
    return Message(
        text=text(f"ask-note-{deed.replace('_', '-')}", code=request.code), buttons=[*rows, _cancel(request.code)]
    )


def _photo_question(turn: Turn, request: Request, deed: Deed) -> Message:
    return Message(text=text("ask-photo", code=request.code), buttons=[_cancel(request.code)])


_QUESTIONS: dict[Need, Callable[[Turn, Request, Deed], Message]] = {
    Need.UNIT: _unit_question,
    Need.BODY: _body_question,
    Need.SUBJECT: subjects.question,
    Need.REASON: _reason_question,
    Need.PHOTO: _photo_question,
    Need.NOTE: _note_question,
}
_ORDER = (Need.UNIT, Need.BODY, Need.SUBJECT, Need.REASON, Need.PHOTO, Need.NOTE)


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
    return Given(**{**known, "photos": tuple(known["photos"])})


async def go(turn: Turn, request: Request, deed: Deed, given: Given) -> None:
    """Do the deed, or ask for the next thing it needs; refused at once when it may not be done anyway."""
    move = lifecycle.BY_DEED[deed]
    view = standing(request, casework.roles_towards(turn.actor, request))
    demanded = bool(request.subject and turn.centre.city.subject(request.subject).needs_photo_at_close)
    needed = (
        () if lifecycle.objection(move, view, turn.now) else lifecycle.missing(move, given, photo_demanded=demanded)
    )
    if not needed:
        await casework.perform(turn.tx, turn.centre, request.id, Doing(turn.actor, deed, given, turn.now))
        turn.await_(None)
        await _confirm(turn, request, deed)
        return
    first = next(need for need in _ORDER if need in needed)
    turn.await_("deed", code=request.code, deed=str(deed), given=asdict(given))
    await turn.say(_for_the_group(turn, _QUESTIONS[first](turn, request, deed), typed=first in (Need.NOTE, Need.PHOTO)))


async def _confirm(turn: Turn, request: Request, deed: Deed) -> None:
    words = f"done-{deed.replace('_', '-')}"
    if turn.pressed:
        turn.toast = Toast(text=label(words, code=request.code))
    else:
        await turn.say(text(words, code=request.code))


async def _unit(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    if value not in {unit.slug for unit in turn.centre.city.units}:
        raise Refused("old-button")
    await go(turn, request, deed, replace(_given_so_far(turn, request.code, deed), unit=value))


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


async def _page(turn: Turn, request: Request, deed: Deed, value: str) -> None:
    await turn.say(_unit_question(turn, request, deed, number(value or "0")))


_PARTS: dict[str, Callable[[Turn, Request, Deed, str], Awaitable[None]]] = {
    "u": _unit,
    "b": _body,
    "r": _reason,
    "s": _subject,
    "g": _subject_group,
    "n": _note,
    "p": _page,
}


async def _phone(turn: Turn, request: Request) -> None:
    """The number goes to the private chat of whoever asked and may see it, never into a group."""
    phone = await casework.show_phone(turn.tx, turn.actor, request, turn.now)
    vouched = "yes" if request.phone_verified else "no"
    await outbox.put(
        turn.tx,
        messenger=turn.messenger,
        chat_id=turn.account.user_id,
        message=Message(text=text("phone-shown", code=request.code, phone=national(phone), vouched=vouched)),
        priority=Priority.REPLY,
        now=turn.now,
    )
    if turn.in_group:
        turn.toast = Toast(text=label("phone-sent-privately"))


async def _history(turn: Turn, request: Request) -> None:
    events = await requests.timeline(turn.tx, request.id)
    over = request.state is lifecycle.State.CLOSED
    told = [happening_line(turn.centre, event, turn.now, hidden=over) for event in events][-30:]
    await turn.say(
        lines(
            text("history-heading", code=request.code),
            *told,
            text("card-words", words=readable(request.display, over)[:2500]) if request.display else "",
        )
    )


async def _card(turn: Turn, request: Request) -> None:
    viewer = None if turn.in_group else turn.actor.person
    await assignment.post(
        turn.tx,
        turn.centre,
        request,
        turn.messenger,
        turn.chat_id,
        viewer=viewer,
        now=turn.now,
        priority=Priority.REPLY,
    )


async def _leave(turn: Turn) -> None:
    turn.await_(None)
    await turn.say(text("deed-left"))


_LOOKS: dict[str, Callable[[Turn, Request], Awaitable[None]]] = {
    "phone": _phone,
    "history": _history,
    "card": _card,
}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what a card's button says, if this person may."""
    _, code, verb, *rest = [*turn.choice, "", "", ""]
    if verb == "leave":  # whoever may not act on it any more must still be able to leave it
        await _leave(turn)
        return
    request = await the_request(turn, code)
    if verb in _LOOKS:
        await _LOOKS[verb](turn, request)
        return
    if verb not in set(Deed):
        raise Refused("old-button")
    deed = Deed(verb)
    if not lifecycle.BY_DEED[deed].by & {Role.OFFICIAL, Role.HEAD, Role.OPERATOR}:
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
    if found is not None:
        given = replace(given, photos=(*given.photos, await attachments.keep(turn, found)))
    words = turn.words
    needs = lifecycle.BY_DEED[deed].needs
    if words and Need.SUBJECT in needs:
        await turn.say(subjects.found(turn, request))
        return
    if words and Need.REASON in needs and not given.reason:
        given = replace(given, reason=words)
    elif words:
        given = replace(given, note=words)
    if not words and found is None:
        await turn.say(text("cannot-read-this"))
        return
    await go(turn, request, deed, given)
    album = update.effective_message.media_group_id if update.effective_message else None
    if album and turn.talk.awaiting is None:
        turn.await_("more", code=request.code, album=album)


def _replied_code(update: telegram.Update) -> str | None:
    """Return the code in the message of ours that a reply names, if there is one."""
    replied = update.effective_message.reply_to_message if update.effective_message else None
    ours = replied is not None and replied.from_user is not None and replied.from_user.is_bot
    return tracking.find(replied.text or replied.caption or "") if replied and ours else None
