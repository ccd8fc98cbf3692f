"""Who is there and what was said: bots, people, chats and messages, and how each looks to a bot."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.config import BotConfig, Flavour, GroupConfig, PersonConfig
from simulator.files import StoredFile
from simulator.markup import Entity

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Bot:
    """One bot account."""

    config: BotConfig
    id: int
    flavour: Flavour
    user: Json
    commands: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Name, description and short description as set."""
    links: dict[str, tuple[StoredFile, float]] = field(default_factory=dict)
    """Download path: file and the moment until which the link lives."""

    @property
    def username(self) -> str:
        """The name after the @."""
        return self.config.username


@dataclass(slots=True, eq=False)
class Account:
    """One person's account on one messenger."""

    config: PersonConfig
    id: int
    flavour: Flavour
    user: Json
    blocked: set[str] = field(default_factory=set)
    """Usernames of the bots that this person has blocked."""


Sender = Bot | Account


@dataclass(slots=True)
class Content:
    """What a message holds; ``text`` is the caption where the kind is not text."""

    kind: str
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    files: tuple[StoredFile, ...] = ()
    facts: Json = field(default_factory=dict)
    """The kind's own fields, such as latitude and longitude."""

    def same_as(self, other: "Content") -> bool:
        """Whether a reader sees no difference."""
        return (
            self.text == other.text
            and self.entities == other.entities
            and self.facts == other.facts
            and [one.number for one in self.files] == [one.number for one in other.files]
        )


@dataclass(slots=True, eq=False)
class Message:
    """One message of one chat."""

    id: int
    chat: "Chat"
    sender: Sender
    date: int
    content: Content
    markup: Json | None = None
    """The inline keyboard."""
    edited: int | None = None
    album: str | None = None
    reply_to: "Message | None" = None
    forwarded: "Message | None" = None
    keyboard: Json | None = None
    """The reply keyboard that came with it, for the page only."""


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat of one person with one bot, or a group."""

    id: int
    flavour: Flavour
    kind: str
    about: Json
    """The chat as the API shows it."""
    person: Account | None = None
    bot: Bot | None = None
    opened: bool = False
    """Whether the person has said anything here; before that a bot may not write."""
    members: dict[int, Account] = field(default_factory=dict)
    bots: dict[str, Bot] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Usernames of bots that were thrown out of the group."""
    admins: set[str] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    keyboards: dict[int, Json] = field(default_factory=dict)
    """Person's id: the reply keyboard they have now."""
    forced: dict[int, Message] = field(default_factory=dict)
    """Person's id: the message that their client was told to answer."""

    @property
    def private(self) -> bool:
        """Whether it is a chat of one person with one bot."""
        return self.person is not None

    @property
    def key(self) -> str:
        """A name that is unique among all chats of both flavours."""
        if self.bot is not None:
            return f"{self.flavour}:{self.id}:{self.bot.username}"
        return f"{self.flavour}:{self.id}"

    def people(self) -> list[Account]:
        """The people who read this chat."""
        return [self.person] if self.person else list(self.members.values())

    def add(self, message: Message) -> Message:
        """Puts a message at the end."""
        self.messages[message.id] = message
        return message


def _user(first_name: str, user_id: int, **more: Any) -> Json:
    user: Json = {"id": user_id, "is_bot": False, "first_name": first_name}
    user.update({key: value for key, value in more.items() if value})
    return user


def _private_about(account: Account) -> Json:
    about = {"id": account.id, "type": "private"}
    about.update({k: v for k, v in account.user.items() if k in ("first_name", "last_name", "username")})
    return about


class World:
    """Everything that the simulated messengers hold."""

    def __init__(self) -> None:
        self.bots: dict[str, Bot] = {}
        """By token."""
        self.people: dict[tuple[Flavour, int], Account] = {}
        self.chats: dict[str, Chat] = {}
        self.groups: dict[tuple[Flavour, int], Chat] = {}

    def add_bot(self, config: BotConfig) -> Bot:
        """Lets a bot in."""
        number = int(config.token.partition(":")[0])
        user = {"id": number, "is_bot": True, "first_name": config.name, "username": config.username}
        self.bots[config.token] = bot = Bot(config, number, config.flavour, user)
        return bot

    def add_person(self, config: PersonConfig) -> Account:
        """Lets a person in."""
        more = {"last_name": config.last_name, "username": config.username}
        if config.flavour == "telegram":
            more["language_code"] = "fa"
        user = _user(config.first_name, config.id, **more)
        account = Account(config, config.id, config.flavour, user)
        self.people[config.flavour, config.id] = account
        return account

    def add_group(self, config: GroupConfig) -> Chat:
        """Opens a group; its members and bots must be there already."""
        kind = "supergroup" if config.id < -1_000_000_000_000 else "group"
        about = {"id": config.id, "type": kind, "title": config.title}
        chat = Chat(config.id, config.flavour, kind, about, admins=set(config.admins))
        chat.members = {one: self.people[config.flavour, one] for one in config.members}
        chat.bots = {one: self.bot_named(one, config.flavour) for one in (*config.bots, *config.admins)}
        self.chats[chat.key] = self.groups[config.flavour, config.id] = chat
        return chat

    def bot_named(self, username: str, flavour: Flavour) -> Bot:
        """The bot with a username on one messenger; raises LookupError."""
        wanted = username.removeprefix("@").lower()
        for bot in self.bots.values():
            if bot.flavour == flavour and bot.username.lower() == wanted:
                return bot
        raise LookupError(f"no {flavour} bot called {username}")

    def private(self, account: Account, bot: Bot) -> Chat:
        """The chat of a person with a bot; closed to the bot until the person's first message."""
        key = f"{account.flavour}:{account.id}:{bot.username}"
        chat = self.chats.get(key)
        if chat is None:
            about = _private_about(account)
            self.chats[key] = chat = Chat(account.id, account.flavour, "private", about, person=account, bot=bot)
        return chat
