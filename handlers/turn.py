"""One update on its way through the handlers: who, where, in which transaction, and what is said in return."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import telegram

from domain.casework import Account, Actor
from domain.messages import Button, Form, Key, Keyboard, Message, Picture, Priority, Toast
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, Role
from nlp import forms
from services.centre import Centre
from storage import audit, drafts, outbox, people
from storage import talks as talk_rows
from storage.database import Transaction
from storage.drafts import Draft
from storage.talks import Talk
from texts.speech import Rich, label, text

Rows = list[list[Button]]


@dataclass
class Turn:
    """The context handed to every handler. Nothing here talks to a network: what is said becomes outbox rows."""

    tx: Transaction
    centre: Centre
    update: telegram.Update
    now: datetime
    account: Account
    actor: Actor
    chat_id: int
    in_group: bool
    talk: Talk
    group_unit: str | None = None
    """The unit whose cards come to this group, where it is one."""
    data: str = ""
    """What was chosen: the data of the pressed button, or of the button whose label was typed. Handlers read this,
    never update.callback_query.data, so that every button can also be typed."""
    toast: Toast | None = None
    _drafts: dict[int, Draft] = field(default_factory=dict)  # read or begun in this turn
    _none_open: bool = False
    _before: tuple[dict[str, str], dict[str, str], dict[str, Any] | None] = field(default=({}, {}, None))

    def __post_init__(self) -> None:
        self._before = self._talk_now()

    def _talk_now(self) -> tuple[dict[str, str], dict[str, str], dict[str, Any] | None]:
        return dict(self.talk.offered), dict(self.talk.keys), self.talk.awaiting

    @property
    def messenger(self) -> str:
        """The messenger's name."""
        return self.account.messenger

    @property
    def message_id(self) -> int:
        """The number of the message that came, or of the one whose button was pressed."""
        return self.update.effective_message.message_id if self.update.effective_message else 0

    @cached_property
    def words(self) -> str:
        """What was written, as text or as a caption, without what cannot be seen or stored."""
        message = self.update.effective_message
        return forms.clean(message.text or message.caption or "") if message else ""

    @property
    def pressed(self) -> bool:
        """Tell whether a button was pressed, rather than something written."""
        return self.update.callback_query is not None

    async def open_draft(self) -> Draft | None:
        """Return the person's open draft; read once in a turn."""
        mine = [d for d in self._drafts.values() if d.account == self.account.id and d.state == "open"]
        called = next((d for d in mine if d.slots.caller), None)
        if called is None and self.is_staff(*AT_THE_DESK):  # whoever is on the phone comes first
            called = await drafts.open_of(self.tx, self.account.id, for_caller=True)
        draft = called or next((d for d in mine if d.slots.caller is None), None)
        if draft is None and not self._none_open:
            draft = await drafts.open_of(self.tx, self.account.id)
            self._none_open = draft is None
        return self.note(draft)

    async def draft(self, number: int) -> Draft | None:
        """Return a draft by its number; read once in a turn."""
        return self._drafts.get(number) or self.note(await drafts.get(self.tx, number))

    def note(self, draft: Draft | None) -> Draft | None:
        """Take note of a draft that was read or begun."""
        if draft is not None:
            self._drafts[draft.id] = draft
        return draft

    def is_staff(self, *roles: Role) -> bool:
        """Tell whether the person holds one of `roles` (any role at all, without arguments)."""
        return self.actor.holds(*(roles or tuple(Role)))

    def await_(self, kind: str | None, **details: Any) -> None:
        """Say what the person's next words answer; None: nothing in particular."""
        self.talk.awaiting = {"kind": kind, **details} if kind else None

    @property
    def choice(self) -> list[str]:
        """The parts of the chosen button's data: "w:4821735:accept" → ["w", "4821735", "accept"]."""
        return self.data.split(":")

    async def say(
        self,
        message: Rich | Message,
        *,
        buttons: Rows | None = None,
        keyboard: Keyboard | None = None,
        pictures: list[int] | None = None,
        keys: dict[str, str] | None = None,
        not_before: datetime | None = None,
    ) -> int | None:
        """Put a reply into the outbox and return its row; `keys` are the keyboard's labels with their data."""
        if not isinstance(message, Message):
            shown = [Picture(media=number) for number in pictures or []]
            message = Message(text=message, buttons=buttons or [], keyboard=keyboard, pictures=shown)
        self.offer(message.buttons)
        if message.keyboard is not None:
            self.talk.keys = keys or {}
        return await outbox.put(
            self.tx,
            messenger=self.messenger,
            chat_id=self.chat_id,
            message=message,
            priority=Priority.REPLY,
            not_before=not_before,
            now=self.now,
        )

    async def change(self, row: int, message: Message) -> None:
        """Let a message that was said before, by its outbox row, say something else where it stands."""
        self.offer(message.buttons)
        if not await outbox.amend(self.tx, row, message):
            edit = message.model_copy(update={"form": Form.EDIT})
            await outbox.put(
                self.tx, messenger=self.messenger, chat_id=self.chat_id, message=edit, edits=row, now=self.now
            )

    async def pressed_on(self, row: int | None) -> bool:
        """Tell whether a button of the message from this outbox row was pressed, not one further up or a typed one."""
        return row is not None and self.pressed and await outbox.became(self.tx, row) == self.message_id

    def offer(self, rows: Rows) -> None:
        """Remember what the newest message offers, so that every button can also be typed."""
        self.talk.offered = {button.label: button.data for row in rows for button in row if button.data}

    async def sorry(self, refusal: Refused) -> None:
        """Tell the person why something was not done: on the button when one was pressed, else as a message."""
        if self.pressed:
            self.toast = Toast(text=label(f"refused-{refusal.reason}", **refusal.details), alert=True)
        else:
            await self.say(text(f"refused-{refusal.reason}", **refusal.details))

    async def refuse(self, refusal: Refused, act: str, request: int | None = None) -> None:
        """Tell the person, and keep the refusal in the audit trail."""
        await audit.record(
            self.tx,
            act=act[:60],
            person=self.actor.person,
            messenger=self.messenger,
            now=self.now,
            refused=refusal.reason,
            request=request,
        )
        await self.sorry(refusal)

    async def save_talk(self) -> None:
        """Write the talk back when it changed."""
        if self._talk_now() != self._before:
            await talk_rows.save(self.tx, self.talk, self.now)


def number(part: str) -> int:
    """Read a number out of a button's data; raises Refused("old-button") for anything that no button of ours says."""
    digits = part.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise Refused("old-button")
    return int(part)


def full_name(user: telegram.User) -> str:
    """Return the name a person shows, bounded and without signs that turn the text around it."""
    return _shown(" ".join(part for part in (user.first_name, user.last_name) if part))[:80]


def _shown(name: str) -> str:
    return " ".join(forms.clean(name).split())


def _virtual_roles(centre: Centre, actor: Actor) -> Actor:
    """Administrators named in the settings hold that role without an invitation, for as long as they are named."""
    account = actor.account
    if (account.messenger, account.user_id) not in centre.administrators or actor.holds(Role.ADMINISTRATOR):
        return actor
    named = people.named_administrator(account.person)
    return Actor(account, (*actor.memberships, named))


def _overheard(update: telegram.Update, private: bool) -> bool:
    """Tell whether people just talk in a group: whoever is a stranger to us there stays one."""
    message = update.message
    return not private and message is not None and not (message.text or "").startswith("/")


def _pressed_data(update: telegram.Update) -> str:
    """Return a pressed button's data without what no button of ours holds and a database may refuse to store."""
    return forms.clean(update.callback_query.data or "") if update.callback_query else ""


async def begin(tx: Transaction, centre: Centre, messenger: str, update: telegram.Update, now: datetime) -> Turn | None:
    """Open a turn for an update that comes from a person; None for what has no person behind it."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or user.is_bot:
        return None
    private = chat.type == telegram.Chat.PRIVATE
    known = await people.known(tx, messenger, user.id, chat.id)
    if known is None and _overheard(update, private):
        return None
    before = known.account if known else None
    account = await people.met(tx, before, messenger, user.id, full_name(user), now, in_private=private)
    actor = _virtual_roles(centre, Actor(account, known.roles if known else ()))
    in_group = chat.type in (telegram.Chat.GROUP, telegram.Chat.SUPERGROUP)
    unit = await people.see_group(tx, messenger, chat.id, _shown(chat.title or "")[:120], now) if in_group else None
    talk = known.talk if known else await talk_rows.load(tx, messenger, chat.id, user.id)
    talk = talk or Talk(messenger, chat.id, user.id)
    return Turn(tx, centre, update, now, account, actor, chat.id, in_group, talk, unit, _pressed_data(update))


def button(key: str, data: str, **values: Any) -> Button:
    """Make a button from a text key."""
    return Button(label=label(key, **values), data=data)


def key(name: str, asks: Literal["", "location", "contact"] = "", **values: Any) -> Key:
    """Make a keyboard key from a text key."""
    return Key(label=label(name, **values), asks=asks)
