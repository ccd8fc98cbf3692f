"""A citizen's own requests: the list, each one's timeline, adding, withdrawing, answering, the verdict."""

from collections.abc import Awaitable, Callable
from typing import Any

import telegram

from domain import lifecycle, tracking
from domain.casework import Request
from domain.desk import Queue
from domain.lifecycle import Deed, Given
from domain.messages import Button
from domain.refusal import Refused
from domain.roles import CITIZENS
from handlers import attachments, menus
from handlers.citizen import arriving, joining, questions
from handlers.citizen.showing import short_state, show, state_words
from handlers.turn import Turn, button, number
from services import callers, casework, intake, letters, wholes
from services.acting import Doing
from services.cards import standing
from services.letters import subject_title
from storage import followers, requests
from texts.numbers import day, when
from texts.speech import label, lines, text

_PAGE = 5
OBJECTIONS = ("not-come", "half-done", "again")

Press = Callable[[Turn, Request, str], Awaitable[None]]


async def own(turn: Turn, code: str) -> Request:
    """Return the person's own request; raises Refused("not-your-request") for anybody else's."""
    request = await _known(turn, code)
    if request.owner != turn.actor.person:
        raise Refused("not-your-request")
    return request


async def _known(turn: Turn, code: str) -> Request:
    request = await requests.by_code(turn.tx, code)
    if request is None:
        raise Refused("no-such-code")
    return request


async def _told_by_phone(turn: Turn, code: str) -> Request:
    """Return the person's own request; raises Refused("disowned-already") after they said that it is not theirs."""
    request = await _known(turn, code)
    if request.owner != turn.actor.person and await joining.has_left(turn, request, "disown"):
        raise Refused("disowned-already")
    return await own(turn, code)


async def _concerned(turn: Turn, code: str) -> Request:
    """Return a request the person filed or joined."""
    request = await _known(turn, code)
    if not await casework.roles_of(turn.tx, turn.actor, request) & CITIZENS:
        raise Refused("not-your-request")
    return request


async def mine(turn: Turn, page: int = 0) -> None:
    """List the person's requests and what they follow, newest first, a button each."""
    count = await requests.count_of_person(turn.tx, turn.actor.person)
    followed = await followers.open_of_person(turn.tx, turn.actor.person)
    if not (count or followed):
        board, keys = menus.keyboard(turn)
        await turn.say(text("mine-none"), keyboard=board, keys=keys)
        return
    found = await requests.listed_for(turn.tx, turn.actor.person, _PAGE, page * _PAGE)
    rows = [[_followed_row(turn, one) if one.id in followed else _own_row(turn, one)] for one in found]
    if count + len(followed) > (page + 1) * _PAGE:
        rows.append([button("button-older", f"m:{page + 1}")])
    await turn.say(text("mine", count=count, followed=len(followed)), buttons=rows)


def _own_row(turn: Turn, request: Request) -> Button:
    state, subject = short_state(turn, request), subject_title(turn.centre, request)
    words = questions.short(label("mine-row", code=request.code, subject=subject, state=state), 60)
    return Button(label=words, data=f"r:{request.code}:view")


def _followed_row(turn: Turn, request: Request) -> Button:
    state, subject = short_state(turn, request), subject_title(turn.centre, request)
    since = day(request.filed_at, turn.centre.zone, turn.now)
    words = questions.short(label("followed-row", subject=subject, since=since, state=state), 60)
    return Button(label=words, data=f"n:v:{request.id}")


async def pressed_page(update: telegram.Update, turn: Turn) -> None:
    """Show another page of the list."""
    page = turn.choice[1] if len(turn.choice) > 1 else "0"
    await mine(turn, number(page))


async def ask_code(turn: Turn) -> None:
    """Ask for a tracking code."""
    turn.await_("track")
    await turn.say(text("ask-code"))


async def by_code(turn: Turn, words: str) -> None:
    """Answer a tracking code: everything to the owner, the state and nothing personal to others."""
    code = tracking.find(words)
    request = await requests.by_code(turn.tx, code) if code else None
    if request is None:
        await turn.say(text("code-wrong" if code is None else "code-unknown"))
        return
    turn.await_(None)
    request = await _led_to(turn, request)
    if await casework.roles_of(turn.tx, turn.actor, request) & CITIZENS:
        await show(turn, request)
        return
    subject = subject_title(turn.centre, request)
    await turn.say(
        lines(
            text("request-heading", code=request.code, subject=subject),
            state_words(turn, request),
            text("status-not-yours"),
        )
    )


async def _view(turn: Turn, request: Request, _: str) -> None:
    await show(turn, await _led_to(turn, request))


async def _led_to(turn: Turn, request: Request) -> Request:
    """Return what the person follows instead of this: the whole of a part, or what theirs was merged into."""
    whole = await wholes.whole_of(turn.tx, request)
    end = await wholes.followed(turn.tx, whole)
    follows = end.id == whole.id or await casework.roles_of(turn.tx, turn.actor, end) & CITIZENS
    return end if follows else whole


async def _refuse_unless(turn: Turn, request: Request, deed: Deed) -> None:
    """Refuse at once what would be refused at the end of the talk anyway."""
    roles = await casework.roles_of(turn.tx, turn.actor, request)
    problem = lifecycle.objection(lifecycle.BY_DEED[deed], standing(request, roles), turn.now)
    if problem:
        raise Refused(problem)


async def _add(turn: Turn, request: Request, _: str) -> None:
    await _refuse_unless(turn, request, Deed.ADD)
    turn.await_("add", code=request.code)
    await turn.say(text("ask-add"), buttons=[[button("button-leave", "g:leave")]])


async def _answer(turn: Turn, request: Request, _: str) -> None:
    await _refuse_unless(turn, request, Deed.ANSWER)
    turn.await_("answer", code=request.code)
    await turn.say(text("ask-answer"), buttons=[[button("button-leave", "g:leave")]])


async def _withdraw(turn: Turn, request: Request, _: str) -> None:
    await _refuse_unless(turn, request, Deed.WITHDRAW)
    rows = [[button("button-withdraw-yes", f"r:{request.code}:wdy"), button("button-leave", "g:leave")]]
    await turn.say(text("ask-withdraw", code=request.code, others=request.supporters), buttons=rows)


async def _withdraw_yes(turn: Turn, request: Request, _: str) -> None:
    if await joining.hand_on(turn, request):
        return
    await perform(turn, request, Deed.WITHDRAW, Given())
    await turn.say(text("withdrawn", code=request.code))


async def _disown(turn: Turn, request: Request, _: str) -> None:
    if not await callers.may_disown(turn.tx, request):
        raise Refused("old-button")
    closed = "yes" if request.state is lifecycle.State.CLOSED else "no"
    rows = [[button("button-not-mine-yes", f"r:{request.code}:nmy"), button("button-not-mine-no", "g:leave")]]
    await turn.say(text("ask-not-mine", code=request.code, closed=closed), buttons=rows)


async def _disown_yes(turn: Turn, request: Request, _: str) -> None:
    await callers.disown(turn.tx, turn.centre, turn.actor, request.id, turn.now)
    await turn.say(text("not-mine", code=request.code))


async def _approve(turn: Turn, request: Request, _: str) -> None:
    if request.owner != turn.actor.person:
        await joining.approve(turn, request)
        return
    await perform(turn, request, Deed.APPROVE, Given())
    await turn.say(joining.thanks_for_approval(request))


async def _leave(turn: Turn, request: Request, _: str) -> None:
    """Whoever inherited the request meanwhile can only withdraw it."""
    if request.owner == turn.actor.person:
        await _withdraw(turn, request, "")
    else:
        await joining.leave(turn, request)


async def _object(turn: Turn, request: Request, reason: str) -> None:
    if reason in OBJECTIONS:
        await _reopen(turn, request, Given(reason=f"list:{reason}"))
        return
    await _refuse_unless(turn, request, Deed.OBJECT)
    rows = [[button(f"reason-{name}", f"r:{request.code}:no:{name}")] for name in OBJECTIONS]
    turn.await_("objection", code=request.code)
    await turn.say(text("ask-objection"), buttons=[*rows, [button("button-leave", "g:leave")]])


async def _reopen(turn: Turn, request: Request, given: Given) -> None:
    changed = await perform(turn, request, Deed.OBJECT, given)
    turn.await_(None)
    deadline = when(changed.deadline_at, turn.centre.zone, turn.now) if changed.deadline_at else ""
    head = "yes" if await letters.reaches_a_head(turn.tx, changed.unit) else "no"
    seen_by = "inspector" if changed.queue == Queue.INSPECTOR else head
    unit = turn.centre.city.unit(changed.unit).title
    await turn.say(text("reopened", unit=unit, deadline=deadline, head=seen_by))


async def perform(turn: Turn, request: Request, deed: Deed, given: Given) -> Request:
    """Do a deed of the citizen."""
    return await casework.perform(turn.tx, turn.centre, request.id, Doing(turn.actor, deed, given, turn.now))


PRESSES: dict[str, Press] = {
    "view": _view,
    "add": _add,
    "answer": _answer,
    "wd": _withdraw,
    "wdy": _withdraw_yes,
    "ok": _approve,
    "no": _object,
    "lv": _leave,
    "nm": _disown,
    "nmy": _disown_yes,
}
_OF_ALL: dict[str, Callable[[Turn, str], Awaitable[Request]]] = {  # what others than the owner may press as well
    "view": _concerned,
    "ok": _concerned,
    "no": _concerned,
    "lv": _known,  # a second tap comes from somebody who has left
    "nm": _told_by_phone,
    "nmy": _told_by_phone,
}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what the button under a request of the person says."""
    _, code, verb, *rest = [*turn.choice, "", ""]
    press = PRESSES.get(verb)
    if press is None:
        raise Refused("old-button")
    request = await _OF_ALL.get(verb, own)(turn, code)
    await press(turn, request, rest[0])


async def given_by(turn: Turn) -> Given:
    """Collect what a message brings: words, a photo, a voice message."""
    message = turn.update.effective_message
    found = attachments.of(message) if message else None
    photos = (await attachments.keep(turn, found),) if found else ()
    return Given(note=turn.words, photos=photos)


_THANKS = {Deed.ADD: "added", Deed.ANSWER: "answered"}


def _brings(request: Request, meant: Deed) -> Deed:
    """What a citizen brings answers the unit's question while there is one, and is an addition while there is none."""
    if request.state is lifecycle.State.CLOSED:
        return meant
    return Deed.ANSWER if request.state is lifecycle.State.ASKED else Deed.ADD


async def _goes_at_once(turn: Turn, request: Request) -> bool:
    """What waits for a manager is read by nobody until then: danger that is added to it becomes a complaint."""
    if request.state is not lifecycle.State.ROSTER or not intake.tells_of_danger(turn.centre, turn.words):
        return False
    turn.await_(None)
    await arriving.arrived(turn.update, turn)
    return True


async def _bring(turn: Turn, awaiting: dict[str, Any], meant: Deed) -> None:
    if await _goes_at_once(turn, await own(turn, awaiting["code"])):
        return
    given = await given_by(turn)
    if not given.note and not given.photos:
        await turn.say(text("cannot-read-this"))
        return
    request = await own(turn, awaiting["code"])
    deed = _brings(request, meant)
    await _take(turn, request, deed, given)


async def _take(turn: Turn, request: Request, deed: Deed, given: Given) -> None:
    changed = await perform(turn, request, deed, given)
    await_rest_of_album(turn, request.code)
    code = (await wholes.whole_of(turn.tx, request)).code
    thanks = text(_THANKS[deed], code=code, manager="yes" if request.state is lifecycle.State.ROSTER else "no")
    await turn.say(lines(thanks, letters.new_date(turn.centre, request, changed, turn.now)))


def await_rest_of_album(turn: Turn, code: str) -> None:
    """What was asked is answered; when a photo of an album did it, the others belong to the same request."""
    message = turn.update.effective_message
    album = message.media_group_id if message else None
    turn.await_("more", code=code, album=album) if album else turn.await_(None)


async def added(update: telegram.Update, turn: Turn) -> None:
    """Take what a citizen adds to an open request."""
    await _bring(turn, turn.talk.awaiting or {}, Deed.ADD)


async def answered(update: telegram.Update, turn: Turn) -> None:
    """Take a citizen's answer to the unit's question."""
    await _bring(turn, turn.talk.awaiting or {}, Deed.ANSWER)


async def answers_a_question(turn: Turn) -> bool:
    """Take words or a photo as what the citizen means by them, when they say so by replying or by the circumstances.

    A reply to a message of ours about an own open request belongs to it. Words that are no clear complaint, while one
    request waits for an answer and nothing else is open, are that answer.
    """
    request = await _replied_about(turn) or await _the_one_asked(turn)
    if request is not None and await _goes_at_once(turn, request):
        return True
    given = await given_by(turn) if request else Given()
    if request is None or not (given.note or given.photos):
        return False
    deed = _brings(request, Deed.ADD)
    await _take(turn, request, deed, given)
    return True


async def _replied_about(turn: Turn) -> Request | None:
    message = turn.update.effective_message
    replied = message.reply_to_message if message else None
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return None
    code = tracking.find(replied.text or replied.caption or "")
    request = await requests.by_code(turn.tx, code) if code else None
    mine = request is not None and request.owner == turn.actor.person
    return request if request and mine and request.state is not lifecycle.State.CLOSED else None


async def _the_one_asked(turn: Turn) -> Request | None:
    message = turn.update.effective_message
    if message is None or not (message.text or attachments.of(message)):
        return None
    if await turn.open_draft() is not None:
        return None
    asked = await requests.asked_of(turn.tx, turn.actor.person)
    if len(asked) != 1 or turn.centre.understanding.read(turn.words).sure:
        return None
    return asked[0]


async def more_of_album(update: telegram.Update, turn: Turn) -> bool:
    """Take the rest of an album whose first photo was an addition or an answer; False when it is something else."""
    awaiting = turn.talk.awaiting or {}
    message = update.effective_message
    if message is None or not message.media_group_id or message.media_group_id != awaiting.get("album"):
        turn.await_(None)
        return False
    request = await requests.by_code(turn.tx, awaiting["code"])
    if request is None:
        turn.await_(None)
        return False
    given = await given_by(turn)
    photos = [*awaiting.get("photos", []), *given.photos]
    turn.talk.awaiting = {**awaiting, "photos": photos}
    await casework.add_more_photos(turn.tx, request, turn.actor, photos, message.media_group_id, turn.now)
    return True


async def objected(update: telegram.Update, turn: Turn) -> None:
    """Take an objection in the citizen's own words."""
    given = await given_by(turn)
    if not given.note and not given.photos:
        await turn.say(text("cannot-read-this"))
        return
    reason = given.note or label("photo-only")
    code = (turn.talk.awaiting or {})["code"]
    await _reopen(turn, await _concerned(turn, code), Given(reason=reason, photos=given.photos))
    await_rest_of_album(turn, code)
