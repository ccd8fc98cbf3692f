"""A person with their messenger in hand: says, sends, presses, reads."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulator.exchange import Answer, Change, Exchange
from simulator.markup import entities_in
from simulator.views import Seen, labels, seen
from simulator.world import Account, Bot, Chat, Content, Json, Message

Ids = tuple[int, ...]
"""The update ids that an act caused, one for each bot that hears of it."""

TIMEOUT = 5.0
_CENTRE = (36.2972, 59.6062)
_DEEP_LINKS = {"telegram": ("t.me", "telegram.me"), "bale": ("ble.ir",)}


class CannotDo(Exception):
    """The messenger would not let the person do this."""


class Person:
    """One account's side of all its chats. ``chat`` is a group's id, None for the private chat with ``bot``."""

    def __init__(self, exchange: Exchange, account: Account) -> None:
        self._exchange, self.account = exchange, account
        self._read: dict[str, int] = {}

    @property
    def id(self) -> int:
        """The account's id."""
        return self.account.id

    # Where ----------------------------------------------------------------------------------------------------------

    def bot(self, username: str | None = None) -> Bot:
        """The bot of a name, or the first one of this messenger."""
        world = self._exchange.world
        if username is not None:
            return world.bot_named(username, self.account.flavour)
        for bot in world.bots.values():
            if bot.flavour == self.account.flavour:
                return bot
        raise LookupError(f"no {self.account.flavour} bot")

    def _chat(self, chat: int | None, bot: str | None) -> Chat:
        if chat is None or chat == self.id:
            return self._exchange.world.private(self.account, self.bot(bot))
        group = self._exchange.world.groups[self.account.flavour, chat]
        if self.id not in group.members:
            raise CannotDo(f"{self.id} is not in the group {chat}")
        return group

    # Saying ---------------------------------------------------------------------------------------------------------

    def _post(self, content: Content, chat: int | None, bot: str | None, **more: object) -> Message:
        there = self._chat(chat, bot)
        if there.bot is not None and there.bot.username in self.account.blocked:
            raise CannotDo(f"{self.id} has blocked {there.bot.username}")
        there.opened = True
        reply = more.pop("reply_to", None)
        forced = there.forced.pop(self.id, None)
        original = there.messages[int(str(reply))] if reply is not None else forced
        return self._exchange.post(there, self.account, content, reply_to=original, **more)

    def _say(self, content: Content, chat: int | None, bot: str | None, **more: object) -> Ids:
        return tuple(self._exchange.deliver(self._post(content, chat, bot, **more)))

    async def write(
        self, text: str, chat: int | None = None, bot: str | None = None, reply_to: int | None = None
    ) -> Ids:
        """Writes a text; an open forced reply is answered unless ``reply_to`` names another message."""
        return self._say(Content("text", text, entities_in(text)), chat, bot, reply_to=reply_to)

    async def reply(self, text: str, message: int, chat: int | None = None, bot: str | None = None) -> Ids:
        """Writes a text as an answer to a message."""
        return await self.write(text, chat, bot, reply_to=message)

    async def start(self, payload: str | None = None, bot: str | None = None) -> Ids:
        """Presses the start button, which also lifts a block."""
        if self.bot(bot).username in self.account.blocked:
            await self.unblock(bot)
        return await self.write(f"/start {payload}" if payload else "/start", bot=bot)

    async def open_link(self, url: str) -> Ids:
        """Follows a link to a bot with a start payload."""
        parts = urlsplit(url if "://" in url else f"https://{url}")
        if (parts.hostname or "") not in _DEEP_LINKS[self.account.flavour]:
            raise CannotDo(f"{url} is no link of this messenger")
        payload = parse_qs(parts.query).get("start", [None])[0]
        return await self.start(payload, bot=parts.path.strip("/"))

    async def photo(
        self,
        data: bytes,
        caption: str = "",
        chat: int | None = None,
        bot: str | None = None,
        reply_to: int | None = None,
    ) -> Ids:
        """Sends a picture the way messengers do: Telegram takes its EXIF away."""
        files = await self._exchange.files.add_photo(data, self.account.flavour)
        content = Content("photo", caption or "", entities_in(caption or ""), files)
        return self._say(content, chat, bot, reply_to=reply_to)

    async def album(
        self, photos: Sequence[bytes], caption: str = "", chat: int | None = None, bot: str | None = None
    ) -> Ids:
        """Sends several pictures as one album; the caption stands under the first."""
        album, ids = self._exchange.new_album(), list[int]()
        for number, data in enumerate(photos):
            files = await self._exchange.files.add_photo(data, self.account.flavour)
            words = caption if number == 0 else ""
            ids += self._say(Content("photo", words, entities_in(words), files), chat, bot, album=album)
        return tuple(ids)

    async def file(
        self,
        kind: str,
        data: bytes,
        caption: str = "",
        chat: int | None = None,
        bot: str | None = None,
        **about: Any,
    ) -> Ids:
        """Sends a document, video, voice, audio or animation."""
        one = await self._exchange.files.add_shown(kind, data, **about)
        return self._say(Content(kind, caption, entities_in(caption), (one,)), chat, bot)

    async def document(
        self,
        data: bytes,
        name: str = "photo.jpg",
        mime: str = "image/jpeg",
        caption: str = "",
        chat: int | None = None,
        bot: str | None = None,
    ) -> Ids:
        """Sends a file as it is."""
        return await self.file("document", data, caption, chat, bot, name=name, mime=mime)

    async def voice(
        self, data: bytes = b"OggS", seconds: int = 4, chat: int | None = None, bot: str | None = None
    ) -> Ids:
        """Sends a voice note."""
        return await self.file("voice", data, "", chat, bot, mime="audio/ogg", duration=seconds)

    async def video(
        self, data: bytes, caption: str = "", seconds: int = 7, chat: int | None = None, bot: str | None = None
    ) -> Ids:
        """Sends a film."""
        return await self.file("video", data, caption, chat, bot, mime="video/mp4", duration=seconds)

    async def sticker(self, emoji: str = "👍", chat: int | None = None, bot: str | None = None) -> Ids:
        """Sends a sticker."""
        one = self._exchange.files.add("sticker", b"RIFF", mime="image/webp")
        return self._say(Content("sticker", files=(one,), facts={"emoji": emoji}), chat, bot)

    async def location(self, lat: float, lon: float, chat: int | None = None, bot: str | None = None) -> Ids:
        """Sends a point on the map."""
        return self._say(Content("location", facts={"latitude": lat, "longitude": lon}), chat, bot)

    async def venue(
        self, lat: float, lon: float, title: str, address: str = "", chat: int | None = None, bot: str | None = None
    ) -> Ids:
        """Sends a named place; in Bale, which has none, the bare point."""
        if self.account.flavour == "bale":
            return await self.location(lat, lon, chat, bot)
        place = {"latitude": lat, "longitude": lon}
        facts = {"location": place, "title": title, "address": address}
        return self._say(Content("venue", facts=facts), chat, bot)

    async def contact(
        self,
        phone: str | None = None,
        first_name: str | None = None,
        user_id: int | None = None,
        chat: int | None = None,
        bot: str | None = None,
    ) -> Ids:
        """Shares the person's own number, or somebody else's where a phone is given."""
        own = phone is None
        facts: Json = {
            "phone_number": self.account.config.phone if phone is None else phone,
            "first_name": first_name or self.account.config.first_name,
        }
        if own or user_id is not None:
            facts["user_id"] = self.id if own else user_id
        return self._say(Content("contact", facts=facts), chat, bot)

    async def forward(
        self,
        message: int,
        source: int | None = None,
        chat: int | None = None,
        bot: str | None = None,
        source_bot: str | None = None,
    ) -> Ids:
        """Forwards a message of the chat ``source`` into another chat."""
        original = self._chat(source, source_bot or bot).messages[message]
        first = original.forwarded or original
        return self._say(original.content, chat, bot, forwarded=first)

    async def edit(self, text: str, message: int | None = None, chat: int | None = None, bot: str | None = None) -> Ids:
        """Changes the words of an own message, the newest one by default."""
        there = self._chat(chat, bot)
        own = [one for one in there.messages.values() if one.sender is self.account]
        one = there.messages[message] if message is not None else own[-1]
        if one.sender is not self.account:
            raise CannotDo("only own messages can be edited")
        old = one.content
        one.content = Content(old.kind, text, entities_in(text), old.files, old.facts)
        one.edited = int(self._exchange.now())
        self._exchange.tell(Change("edit", there, one))
        return tuple(self._exchange.deliver(one, "edited_message"))

    # Pressing -------------------------------------------------------------------------------------------------------

    async def press(
        self, wanted: str, message: int | None = None, chat: int | None = None, bot: str | None = None
    ) -> Ids:
        """Presses a button by data or label: inline on the newest message that has it, else of the keyboard."""
        there = self._chat(chat, bot)
        rows = list(there.messages.values()) if message is None else [there.messages[message]]
        for one in reversed(rows):
            found = seen(self._exchange, one, self.account).button(wanted) if one.markup else None
            if found is not None and found.url:
                return await self.open_link(found.url)
            if found is not None and found.copies:
                return ()  # stays on the person's device
            if found is not None:
                return self._press(one, found.data)
        if message is None and there.keyboards.get(self.id):
            return await self.press_keyboard(wanted, chat=chat, bot=bot)
        raise LookupError(f"no button {wanted!r}; there are {[seen(self._exchange, one).labels for one in rows[-5:]]}")

    async def press_raw(self, data: str, message_id: int, chat: int | None = None, bot: str | None = None) -> Ids:
        """Sends made-up callback data from a message, as a tampered client could."""
        return self._press(self._chat(chat, bot).messages[message_id], data)

    def _press(self, message: Message, data: str) -> Ids:
        if not isinstance(message.sender, Bot):
            raise CannotDo("only a bot's message has buttons")
        return tuple(self._exchange.press(message.sender, self.account, message, data))

    async def press_keyboard(
        self,
        label: str,
        at: tuple[float, float] = _CENTRE,
        chat: int | None = None,
        bot: str | None = None,
    ) -> Ids:
        """Presses a button of the reply keyboard; ``at`` is where a location button finds the person."""
        keyboard = self._chat(chat, bot).keyboards.get(self.id)
        for row in (keyboard or {}).get("keyboard", ()):
            for button in row:
                if button["text"] != label:
                    continue
                if button.get("request_contact"):
                    return await self.contact(chat=chat, bot=bot)
                if button.get("request_location"):
                    return await self.location(*at, chat=chat, bot=bot)
                return await self.write(label, chat, bot)
        raise LookupError(f"no button {label!r} in the keyboard {labels(keyboard)}")

    # Coming and going -----------------------------------------------------------------------------------------------

    async def block(self, bot: str | None = None) -> Ids:
        """Blocks a bot; only Telegram tells it."""
        return self._block(bot, True)

    async def unblock(self, bot: str | None = None) -> Ids:
        """Lifts the block."""
        return self._block(bot, False)

    def _block(self, username: str | None, blocked: bool) -> Ids:
        bot, chat = self.bot(username), self._chat(None, username)
        if (bot.username in self.account.blocked) == blocked:
            return ()
        self.account.blocked ^= {bot.username}
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        self._exchange.tell(Change("person", chat, account=self.account))
        return tuple(self._exchange.membership(chat, bot, self.account, old, new))

    async def add_bot(self, chat: int, bot: str | None = None, admin: bool = False) -> Ids:
        """Brings a bot into a group."""
        there, one = self._chat(chat, None), self.bot(bot)
        old = "kicked" if one.username in there.gone else "left"
        there.bots[one.username] = one
        there.gone.discard(one.username)
        if admin:
            there.admins.add(one.username)
        facts = {"new_chat_members": [one.user], "new_chat_member": one.user}
        ids = self._exchange.membership(there, one, self.account, old, "member")
        ids += self._say(Content("service", facts=facts), chat, None)
        return tuple(ids)

    async def kick_bot(self, chat: int, bot: str | None = None) -> Ids:
        """Throws a bot out of a group."""
        there, one = self._chat(chat, None), self.bot(bot)
        there.gone.add(one.username)
        there.admins.discard(one.username)
        ids = self._exchange.membership(there, one, self.account, "member", "kicked")
        ids += self._say(Content("service", facts={"left_chat_member": one.user}), chat, None)
        return tuple(ids)

    # Reading --------------------------------------------------------------------------------------------------------

    def messages(self, chat: int | None = None, bot: str | None = None, newest: int = 0) -> list[Seen]:
        """The chat as it stands now, oldest first; only so many of the newest, where a number is given."""
        there = list(self._chat(chat, bot).messages.values())
        return [seen(self._exchange, one, self.account) for one in there[-newest:]]

    def keyboard(self, chat: int | None = None, bot: str | None = None) -> tuple[tuple[str, ...], ...]:
        """The labels of the reply keyboard that is open now."""
        return labels(self._chat(chat, bot).keyboards.get(self.id))

    @property
    def answers(self) -> list[Answer]:
        """What came up after presses, oldest first."""
        return self._exchange.answers.setdefault(self.account, [])

    @property
    def spinning(self) -> list[str]:
        """The data of the pressed buttons that still wait for an answer."""
        return [one.data for one in self._exchange.queries.values() if one.account is self.account]

    async def next(self, chat: int | None = None, bot: str | None = None, within: float = TIMEOUT) -> Seen:
        """The next message of somebody else that this method has not given yet, waited for if need be."""
        return await self.expect("", chat, bot, within)

    async def expect(
        self, words: str, chat: int | None = None, bot: str | None = None, within: float = TIMEOUT
    ) -> Seen:
        """The next unread message of somebody else with these words in it; those before it count as read."""
        there = self._chat(chat, bot)

        def found() -> Seen | None:
            last = self._read.get(there.key, 0)
            for one in there.messages.values():
                if one.id > last and one.sender is not self.account:
                    looked = seen(self._exchange, one, self.account)
                    if words in looked.text:
                        self._read[there.key] = one.id
                        return looked
            return None

        try:
            return await self._exchange.until(found, within)
        except TimeoutError:
            heard = [one.text for one in self.messages(chat, bot)[-4:]]
            raise TimeoutError(f"{words!r} was not said in {within} s; last: {heard}") from None

    async def until(self, found: Callable[["Person"], object], within: float = TIMEOUT) -> None:
        """Waits until a condition holds, asked again after every change."""
        await self._exchange.until(lambda: found(self) or None, within)
