"""The whole behaviour on one page: which handler takes which update, in order."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import telegram
from telegram.ext import BaseHandler, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from domain import tracking
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, READS_CARDS
from handlers import membership, menus
from handlers.admin import routes as admin
from handlers.citizen import around, arriving, following, greeting, pressing
from handlers.official import absence, bulk, callers, deeds, desk, joining, near, queue, relief, unit
from handlers.roster import routes as roster
from handlers.turn import Turn
from storage import requests
from texts.speech import label

Handler = Callable[[telegram.Update, Turn], Awaitable[None]]


async def _pressed_menu(update: telegram.Update, turn: Turn) -> None:
    await greeting.command(turn, turn.choice[1])


async def _pressed_admin(update: telegram.Update, turn: Turn) -> None:
    for pattern, handler in admin.PRESSED.items():
        if re.match(pattern, turn.data):
            await handler(update, turn)
            return
    raise Refused("old-button")


async def _old_button(update: telegram.Update, turn: Turn) -> None:
    raise Refused("old-button")


PRESSES: tuple[tuple[str, Handler], ...] = (
    (r"^d:\d", pressing.pressed),  # a draft
    (r"^r:\d", following.pressed),  # the person's own request
    (r"^m:\d", following.pressed_page),
    (r"^n:", around.pressed),  # what is around a place
    (r"^w:\d", deeds.pressed),  # a card
    (r"^k:", desk.pressed),
    (r"^f:", callers.pressed),  # filing for a caller
    (r"^q:", queue.pressed),  # the desk's queue
    (r"^u:", unit.pressed),  # a unit's people
    (r"^i:\d", joining.pressed),
    (r"^y:", relief.pressed),  # who is on duty, and a call
    (r"^s:", roster.pressed),  # managers' sessions
    (r"^g:", _pressed_menu),
    (r"^a:", _pressed_admin),
    (r"", _old_button),
)

AWAITED: dict[str, Handler] = {
    "add": following.added,
    "answer": following.answered,
    "objection": following.objected,
    "deed": deeds.brought,
    "leave": absence.day_written,
    "bulk": bulk.brought,
    **roster.AWAITED,
    **callers.AWAITED,
    **admin.AWAITED,
}


async def choose(update: telegram.Update, turn: Turn, data: str) -> None:
    """Do what a button's data says, when its label was typed."""
    turn.data = data
    handler = next(handler for pattern, handler in PRESSES if re.match(pattern, data))
    await handler(update, turn)


async def _command(update: telegram.Update, turn: Turn) -> None:
    name, _, rest = turn.words.strip().partition(" ")
    word = name.lstrip("/").partition("@")[0].lower()
    if word in admin.COMMANDS:
        await admin.COMMANDS[word](update, turn)
    elif turn.in_group:
        return
    elif word == "start":
        await greeting.start(turn, rest.strip())
    else:
        await greeting.command(turn, {"my": "mine"}.get(word, word))


async def _code_alone(turn: Turn) -> bool:
    """A message that is a tracking code is about that request, whoever writes it; so is a lone mistyped one."""
    message = turn.update.effective_message
    awaiting = (turn.talk.awaiting or {}).get("kind")
    if message is None or not message.text or awaiting not in (None, "track", "album"):
        return False
    code = tracking.find(turn.words)
    if awaiting == "track" and not any(letter.isdecimal() for letter in turn.words):
        turn.await_(None)  # they have moved on to something else
        return False
    bare = not any(letter.isalpha() for letter in turn.words) and await turn.open_draft() is None
    if awaiting != "track" and not (tracking.looks_like_one(turn.words) and (code or bare)):
        return False
    await _about_code(turn, code)
    return True


async def _about_code(turn: Turn, code: str | None) -> None:
    request = await requests.by_code(turn.tx, code) if code else None
    works = turn.is_staff(*READS_CARDS)
    if request is not None and works and request.owner != turn.actor.person:
        turn.await_(None)
        await choose(turn.update, turn, f"w:{request.code}:card")
    else:
        await following.by_code(turn, turn.words)


def _meant(turn: Turn) -> str:
    """Return the data of the button or command that the typed words name."""
    message = turn.update.effective_message
    if message is None or not message.text:
        return ""
    words = menus.said(message.text)
    offered = {menus.said_of_label(name): data for name, data in (turn.talk.keys | turn.talk.offered).items()}
    if words and words in offered:
        return offered[words]
    return _yes_or_no(words, offered) or _command_in(turn, message.text)


def _yes_or_no(words: str, offered: dict[str, str]) -> str:
    """A bare «yes» or «no» is the one offered answer that begins with it; when there are two, it is not clear."""
    if words not in {menus.said(label(name)).split()[0] for name in ("button-solved", "button-not-solved")}:
        return ""
    meant = {data for name, data in offered.items() if name.split()[:1] == [words]}
    return meant.pop() if len(meant) == 1 else ""


_ANSWERS_TOO = ("g:skip", "g:restart")
"""«I do not know», «from the start»: to an open question of the unit or the citizen these are answers."""


def _command_in(turn: Turn, words: str) -> str:
    data = menus.spoken(words)
    asked = (turn.talk.awaiting or {}).get("kind") in AWAITED
    if data == "f:" and not turn.is_staff(*AT_THE_DESK):
        return ""  # to everybody else these are words like others
    return "" if asked and data in _ANSWERS_TOO else data


async def _message(update: telegram.Update, turn: Turn) -> None:
    """A message in a private chat: a typed button, an awaited answer, a code, or part of a complaint."""
    if near.is_asked(update, turn):
        await near.show(update, turn)
        return
    meant = _meant(turn)
    if meant:
        await choose(update, turn, meant)
        return
    kind = (turn.talk.awaiting or {}).get("kind", "")
    if kind in AWAITED:
        await _answer(update, turn, kind)
    elif not await _belongs_elsewhere(update, turn, kind):
        await arriving.arrived(update, turn)


async def _belongs_elsewhere(update: telegram.Update, turn: Turn, kind: str) -> bool:
    """Handle what is no part of a complaint: the rest of an album, a code, an answer to the unit."""
    if kind == "more" and await following.more_of_album(update, turn):
        return True
    if kind == "near" and await around.located(update, turn):
        return True
    return await _code_alone(turn) or (kind != "album" and await following.answers_a_question(turn))


async def _answer(update: telegram.Update, turn: Turn, kind: str) -> None:
    """Take an awaited answer; a refused one closes the question, or all that follows would be refused as well."""
    asked = turn.talk.awaiting
    try:
        await AWAITED[kind](update, turn)
    except Refused:
        if turn.talk.awaiting is asked:
            turn.await_(None)
        raise


async def _group_message(update: telegram.Update, turn: Turn) -> None:
    """In a group only an awaited answer concerns us, given as a reply to the bot; people talk there."""
    kind = (turn.talk.awaiting or {}).get("kind", "")
    meant = _meant(turn)
    if meant and kind:
        await choose(update, turn, meant)
    elif kind in AWAITED and _replies_to_a_bot(update):
        await _answer(update, turn, kind)
    elif kind == "more":
        await following.more_of_album(update, turn)


def _replies_to_a_bot(update: telegram.Update) -> bool:
    replied = update.effective_message.reply_to_message if update.effective_message else None
    return bool(replied and replied.from_user and replied.from_user.is_bot)


def _pressing(pattern: str, handler: Handler) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(handler, pattern=pattern)  # type: ignore[arg-type]  # our context is the Turn


def _taking(chosen: filters.BaseFilter, handler: Handler) -> BaseHandler[Any, Any, Any]:
    return MessageHandler(chosen, handler)  # type: ignore[arg-type]


HANDLERS: tuple[BaseHandler[Any, Any, Any], ...] = (
    *(_pressing(pattern, handler) for pattern, handler in PRESSES),
    ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
    _taking(filters.UpdateType.EDITED_MESSAGE, arriving.edited),
    _taking(filters.Regex(r"^/\w+"), _command),
    _taking(filters.ChatType.GROUPS & filters.StatusUpdate.ALL, membership.service_message),
    _taking(filters.ChatType.GROUPS, _group_message),
    _taking(filters.ChatType.PRIVATE, _message),
)
