"""The messages of a call: to whoever is called, to the unit's head and the desk; one of them stands in each chat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.casework import Request
from domain.messages import Button, Form, Message, Priority
from domain.richtext import clipped
from domain.roles import Role
from services import assignment, cards, saying, trouble
from services.centre import Centre
from services.identity import national
from services.letters import subject_title
from storage import audit, calls, outbox, people, staff
from storage.calls import Call, Shown
from storage.database import Transaction
from texts.speech import Rich, label, lines, text

_WORDS = 300

_Chat = tuple[str, int, int | None]  # messenger, chat, the person who reads it (None: a group)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended: the text's key, and who did it."""

    key: str
    who: str = ""
    by: int | None = None


def _what_and_where(centre: Centre, request: Request, *, hidden: bool = False) -> Rich:
    """Say what it is and where; `hidden`: to others than its unit, who read no numbers of people."""
    words = clipped(cards.readable(request.display, hidden), _WORDS)
    return lines(cards.where(centre, request, hidden=hidden), text("card-words", words=words) if words else "")


def _phone(request: Request) -> Rich:
    return text("call-phone", phone=national(request.phone)) if request.phone else Rich("")


def _open_card(request: Request) -> list[Button]:
    return [Button(label=label("button-open-card"), data=f"w:{request.code}:card")]


def _coming(request: Request) -> Button:
    return Button(label=label("button-coming"), data=f"y:go:{request.code}")


async def to_person(tx: Transaction, centre: Centre, request: Request, call: Call, now: datetime) -> list[Shown]:
    """Call whoever's turn it is, on each of their accounts that can be reached."""
    assert call.called is not None
    heading = text("call", code=request.code, subject=subject_title(centre, request), again=call.tries - 1)
    cannot = Button(label=label("button-cannot-come"), data=f"y:no:{request.code}")
    message = Message(
        text=lines(heading, _what_and_where(centre, request), _phone(request)),
        buttons=[[_coming(request), cannot], _open_card(request)],
    )
    await _write_down(tx, request, call.called, now)
    theirs = [account for account in await people.accounts_of(tx, call.called) if account.reachable]
    return await _say(tx, call, message, ((a.messenger, a.user_id, call.called) for a in theirs), now)


async def _write_down(tx: Transaction, request: Request, person: int, now: datetime) -> None:
    """Who was called is kept, and, as on cards, who was shown the citizen's number."""
    for act in ("called", "phone-seen") if request.phone else ("called",):
        await audit.record(tx, act=act, person=person, messenger=None, now=now, request=request.id)


async def to_head(tx: Transaction, centre: Centre, request: Request, call: Call, now: datetime) -> list[Shown]:
    """Alarm the unit's head, who may go as well."""
    message = Message(text=_alarm(centre, request, call), buttons=[[_coming(request)], _open_card(request)])
    heads = await staff.reachable_members(tx, (Role.HEAD,), request.unit)
    return await _say(tx, call, message, ((a.messenger, a.user_id, a.person) for a in heads), now)


async def to_desk(
    tx: Transaction, centre: Centre, request: Request, call: Call, now: datetime, *, last: bool
) -> list[Shown]:
    """Alarm the desk, or, with nobody there, the administrators; the `last` alarm has to be answered."""
    answer = [[Button(label=label("button-desk-sees-to-it"), data=f"y:dk:{request.code}")]] if last else []
    message = Message(text=_alarm(centre, request, call, hidden=True), buttons=[*answer, _open_card(request)])
    chats: list[_Chat] = await assignment.chats_of(tx, centre, centre.city.desk.slug)
    return await _say_or_tell_administrators(tx, centre, call, message, chats, now)


async def still_at_desk(tx: Transaction, centre: Centre, request: Request, now: datetime) -> list[Shown]:
    """Alarm whoever reads the desk's cards about what lies in its queue; with nobody there, the administrators."""
    heading = text("desk-alarm", code=request.code, subject=subject_title(centre, request))
    take = Button(label=label("button-queue-take"), data=f"q:take:{request.code}")
    message = Message(
        text=lines(heading, _what_and_where(centre, request, hidden=True)), buttons=[[take, *_open_card(request)]]
    )
    chats, _ = await assignment.readers_of(tx, centre, request)
    nothing_shown = calls.begun(request.id, request.unit, now)
    return await _say_or_tell_administrators(tx, centre, nothing_shown, message, chats, now)


async def _say_or_tell_administrators(
    tx: Transaction, centre: Centre, call: Call, message: Message, chats: Iterable[_Chat], now: datetime
) -> list[Shown]:
    """Say it where the desk reads; administrators, who have nothing to do with its cards, get no buttons."""
    if chats:
        return await _say(tx, call, message, chats, now)
    bare = message.model_copy(update={"buttons": []})
    administrators = [(where, chat, 0) for where, chat in await trouble.administrators(tx, centre)]
    return await _say(tx, call, bare, administrators, now)


def _alarm(centre: Centre, request: Request, call: Call, *, hidden: bool = False) -> Rich:
    heading = text(
        "call-alarm",
        code=request.code,
        subject=subject_title(centre, request),
        unit=centre.city.unit(request.unit).title,
        asked=len(call.asked),
        rounds=call.rounds,
    )
    return lines(heading, _what_and_where(centre, request, hidden=hidden))


async def _say(tx: Transaction, call: Call, message: Message, chats: Iterable[_Chat], now: datetime) -> list[Shown]:
    """Say it in each chat, in place of what stood there: a phone that rings again shows one call, not three."""
    said = []
    for messenger, chat, person in dict.fromkeys(chats):
        for older in call.shown:
            if (older.messenger, older.chat) == (messenger, chat):
                await _change(tx, older, Message(form=Form.DELETE), now)
        private = person is not None
        row = await saying.push(tx, messenger, chat, message, now, private=private, priority=Priority.REPLY)
        if row is not None:
            said.append(Shown(row, messenger, chat, person))
    return said


async def _change(tx: Transaction, shown: Shown, message: Message, now: datetime) -> None:
    await outbox.put(
        tx,
        messenger=shown.messenger,
        chat_id=shown.chat,
        message=message,
        edits=shown.row,
        priority=Priority.REPLY,
        now=now,
    )


async def wipe(tx: Transaction, shown: Iterable[Shown], now: datetime) -> None:
    """Take messages off the screens they stand on."""
    for one in shown:
        await _change(tx, one, Message(form=Form.DELETE), now)


async def passed_on(tx: Transaction, request: Request, shown: Iterable[Shown], now: datetime) -> None:
    """Tell whoever cannot come, where they were called, that others are asked."""
    await _instead(tx, request, shown, "call-passed-on", now)


async def taken_back(tx: Transaction, request: Request, shown: Iterable[Shown], now: datetime) -> None:
    """Take the citizen's words and number from somebody whom they concern no longer."""
    await _instead(tx, request, shown, "card-taken-back", now)


async def end(
    tx: Transaction, centre: Centre, request: Request, call: Call, ending: Ending, now: datetime
) -> tuple[Shown, ...]:
    """Take the buttons and the citizen's words off all messages of a call; whoever comes keeps what they need.

    Returns the messages in which they do.
    """
    over = Message(text=text(ending.key, code=request.code, who=ending.who), form=Form.EDIT)
    mine = text("call-yours", code=request.code, subject=subject_title(centre, request))
    theirs = over.model_copy(
        update={
            "text": lines(mine, _what_and_where(centre, request), _phone(request)),
            "buttons": [_open_card(request)],
        }
    )
    came = ending.by if ending.key == "call-accepted" else None
    kept = tuple(one for one in call.shown if one.person is not None and one.person == came)
    for one in call.shown:
        await _change(tx, one, theirs if one in kept else over, now)
    return kept


async def forget(tx: Transaction, request: Request, call: Call, key: str, now: datetime) -> None:
    """Take the citizen's words and number from whoever came, once the work is no longer theirs."""
    await _instead(tx, request, call.shown, key, now)


async def _instead(tx: Transaction, request: Request, shown: Iterable[Shown], key: str, now: datetime) -> None:
    """Put one sentence that names the request, and no buttons, in the place of messages."""
    message = Message(text=text(key, code=request.code), form=Form.EDIT)
    for one in shown:
        await _change(tx, one, message, now)
