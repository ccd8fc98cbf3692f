"""The switchboard: puts messages into chats, updates into bots' queues, and tells whoever watches."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.config import BotConfig, Config, Flavour, GroupConfig, PersonConfig
from simulator.faults import Faults
from simulator.files import FileStore
from simulator.queue import UpdateQueue
from simulator.refusals import Refused
from simulator.shapes import message_for
from simulator.world import Account, Bot, Chat, Content, Json, Message, Sender, World

QUERY_LIVES = 15 * 60
"""Seconds after which an unanswered button press can no longer be answered; the real limit is not published."""


@dataclass(slots=True, eq=False)
class Query:
    """One press of an inline button."""

    id: str
    bot: Bot
    account: Account
    message: Message
    data: str
    at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person saw after a press."""

    text: str
    alert: bool
    data: str
    message_id: int
    chat: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a watcher may want to show."""

    what: str
    chat: Chat | None = None
    message: Message | None = None
    account: Account | None = None
    more: Json = field(default_factory=dict)


class Exchange:
    """State and rules shared by the Bot API side and the people's side."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.offset = 0.0
        self.chance = random.Random(config.seed)  # noqa: S311 - numbers for play, not secrets
        self.world, self.files = World(), FileStore()
        self.faults = Faults(self.chance)
        self.queues: dict[str, UpdateQueue] = {}
        self._groups: dict[tuple[Flavour, int], GroupConfig] = {}
        self.queries: dict[str, Query] = {}
        self._spinning: dict[Message, dict[str, Query]] = {}
        self.answers: dict[Account, list[Answer]] = {}
        self.watchers: set[Callable[[Change], None]] = set()
        self._waiters: list[asyncio.Future[None]] = []
        self._albums, self._query_numbers = itertools.count(1), itertools.count(1)
        self._fill()

    def _fill(self) -> None:
        for bot in self.config.bots:
            self.add_bot(bot)
        for person in self.config.people:
            self.add_person(person)
        for group in self.config.groups:
            self.add_group(group)

    def now(self) -> float:
        """The simulated moment, seconds since 1970."""
        return time.time() + self.offset

    def add_bot(self, config: BotConfig) -> Bot:
        """Lets a bot in with an empty queue."""
        bot = self.world.add_bot(config)
        self.queues[config.token] = UpdateQueue(config, self.now, self.chance, self.faults.spoil)
        return bot

    def add_person(self, config: PersonConfig) -> Account:
        """Lets a person in."""
        return self.world.add_person(config)

    def add_group(self, config: GroupConfig) -> Chat:
        """Opens a group."""
        self._groups[config.flavour, config.id] = config
        return self.world.add_group(config)

    def clear(self) -> None:
        """Forgets every chat and everything waiting; bots and people stay, groups are opened anew."""
        self.world.chats.clear()
        self.world.groups.clear()
        self.queries.clear()
        self._spinning.clear()
        self.answers.clear()
        for queue in self.queues.values():
            queue.forget_all()
        for account in self.world.people.values():
            account.blocked.clear()
        for group in self._groups.values():
            self.world.add_group(group)
        self.tell(Change("reset"))

    def end_polls(self) -> None:
        """Lets every waiting getUpdates go home empty-handed."""
        for queue in self.queues.values():
            queue.end_poll()

    # Watching -----------------------------------------------------------------------------------------------------

    def tell(self, change: Change) -> None:
        """Lets watchers and waiting tests know."""
        for watcher in self.watchers:
            watcher(change)
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for one in waiters:
                if not one.done():
                    one.set_result(None)

    async def until[T](self, found: Callable[[], T | None], within: float) -> T:
        """Waits for the first true answer of ``found``, asked again after every change.

        Raises TimeoutError after ``within`` seconds.
        """
        async with asyncio.timeout(within):
            while not (result := found()):
                one: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiters.append(one)
                await one
        return result

    # Messages -----------------------------------------------------------------------------------------------------

    def post(self, chat: Chat, sender: Sender, content: Content, **more: Any) -> Message:
        """Puts a new message into a chat; the bots do not hear of it yet."""
        message = Message(next(chat.numbers), chat, sender, int(self.now()), content, **more)
        chat.add(message)
        self.tell(Change("message", chat, message))
        return message

    def deliver(self, message: Message, kind: str = "message") -> list[int]:
        """Queues a message for every bot that reads it; gives the update ids."""
        ids = [self.queues[bot.config.token].push(kind, message_for(bot, message)) for bot in self._readers(message)]
        return [one for one in ids if one is not None]

    def _readers(self, message: Message) -> list[Bot]:
        chat = message.chat
        if chat.bot is not None:
            return [chat.bot]
        return [bot for name, bot in chat.bots.items() if name not in chat.gone and _reads(bot, chat, message)]

    def new_album(self) -> str:
        """An id for messages that belong together."""
        return str(13_700_000_000_000_000 + next(self._albums))

    # Presses ------------------------------------------------------------------------------------------------------

    def press(self, bot: Bot, account: Account, message: Message, data: str) -> list[int]:
        """Queues a button press; the button spins until the bot answers."""
        self._forget_old_queries()
        number = next(self._query_numbers)
        query_id = _query_id(bot, account, number, self.chance)
        query = self.queries[query_id] = Query(query_id, bot, account, message, data, self.now())
        self._spinning.setdefault(message, {})[query_id] = query
        payload: Json = {
            "id": query_id,
            "from": account.user,
            "message": _pressed(bot, account, message),
            "data": data,
        }
        if bot.flavour == "telegram":
            payload["chat_instance"] = str(message.chat.id * 7919 + bot.id)
        self.tell(Change("spin", message.chat, message, account, {"data": data}))
        update_id = self.queues[bot.config.token].push("callback_query", payload)
        return [] if update_id is None else [update_id]

    def _forget_old_queries(self) -> None:
        oldest = self.now() - QUERY_LIVES
        while self.queries and (first := next(iter(self.queries.values()))).at < oldest:
            self._stop(first)

    def _stop(self, query: Query) -> None:
        del self.queries[query.id]
        here = self._spinning[query.message]
        del here[query.id]
        if not here:
            del self._spinning[query.message]

    def presses_of(self, message: Message) -> list[Query]:
        """The presses of a message's buttons that wait for an answer."""
        return list(self._spinning[message].values()) if message in self._spinning else []

    def answer(self, bot: Bot, query_id: str, text: str, alert: bool, url: str) -> None:
        """Stops a spinning button and shows the answer; raises Refused where nothing spins."""
        query = self.queries.get(query_id)
        if query is None or query.bot is not bot or self.now() - query.at > QUERY_LIVES:
            raise Refused("query-old")
        self._stop(query)
        message = query.message
        answer = Answer(text, alert, query.data, message.id, message.chat.key, url)
        self.answers.setdefault(query.account, []).append(answer)
        more = {"text": text, "alert": alert, "url": url, "data": query.data}
        self.tell(Change("answer", message.chat, message, query.account, more))

    # Coming and going ---------------------------------------------------------------------------------------------

    def membership(self, chat: Chat, bot: Bot, account: Account, old: str, new: str) -> list[int]:
        """Tells a Telegram bot that its place in a chat has changed."""
        payload = {
            "chat": chat.about,
            "from": account.user,
            "date": int(self.now()),
            "old_chat_member": _member(bot, old),
            "new_chat_member": _member(bot, new),
        }
        update_id = self.queues[bot.config.token].push("my_chat_member", payload)
        return [] if update_id is None else [update_id]


def _member(bot: Bot, status: str) -> Json:
    more = {"until_date": 0} if status == "kicked" else {}
    return {"user": bot.user, "status": status, **more}


def _reads(bot: Bot, chat: Chat, message: Message) -> bool:
    if bot.flavour == "bale" or not bot.config.privacy or bot.username in chat.admins:
        return True
    if message.content.kind == "service":
        return True
    if message.reply_to is not None and message.reply_to.sender is bot:
        return True
    word, _, _ = message.content.text.partition(" ")
    command, _, to = word.partition("@")
    return command.startswith("/") and (not to or to.lower() == bot.username.lower())


def _pressed(bot: Bot, account: Account, message: Message) -> Json:
    if bot.flavour == "bale" and account.config.old_client:
        return {"message_id": message.id, "chat": {"id": message.chat.id, "type": message.chat.kind}}
    return message_for(bot, message)


def _query_id(bot: Bot, account: Account, number: int, chance: random.Random) -> str:
    if bot.flavour == "telegram":
        return str((account.id << 32) + chance.getrandbits(31) + number)
    start = "1" if account.config.old_client else "2"
    return f"{start}{chance.getrandbits(24):06x}-{number}"
