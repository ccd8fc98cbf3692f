"""What a person sees: messages as they stand now, with their buttons."""

from dataclasses import dataclass, field
from typing import Any

from simulator.exchange import Exchange
from simulator.files import StoredFile
from simulator.markup import Entity, read_bale
from simulator.world import Account, Bot, Chat, Json, Message


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button."""

    label: str
    data: str = ""
    url: str = ""
    copies: str = ""
    spinning: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it; ``text`` is plain, a caption included."""

    id: int
    chat: str
    text: str
    kind: str
    sender: str
    from_bot: bool
    mine: bool
    date: int
    edited: bool
    rows: tuple[tuple[Button, ...], ...] = ()
    keyboard: tuple[tuple[str, ...], ...] = ()
    """The reply keyboard that came with the message."""
    entities: tuple[Entity, ...] = ()
    facts: Json = field(default_factory=dict)
    file: StoredFile | None = None
    album: str | None = None
    reply_to: int | None = None
    forwarded: str | None = None

    @property
    def buttons(self) -> tuple[tuple[str, ...], ...]:
        """The labels of the inline buttons, row by row."""
        return tuple(tuple(one.label for one in row) for row in self.rows)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the inline buttons in one line."""
        return tuple(one.label for row in self.rows for one in row)

    @property
    def location(self) -> tuple[float, float] | None:
        """Latitude and longitude, where there is a point."""
        place = self.facts.get("location", self.facts)
        return (place["latitude"], place["longitude"]) if "latitude" in place else None

    def button(self, wanted: str) -> Button | None:
        """The inline button with this data or label."""
        every = [one for row in self.rows for one in row]
        by_data = [one for one in every if one.data and one.data == wanted]
        return next(iter(by_data or [one for one in every if one.label == wanted]), None)


def _button(one: Json, spinning: set[str]) -> Button:
    data = str(one.get("callback_data") or "")
    copies = str((one.get("copy_text") or {}).get("text", ""))
    url = str(one.get("url") or (one.get("web_app") or {}).get("url", ""))
    return Button(str(one["text"]), data, url, copies, data in spinning)


def _rows(exchange: Exchange, message: Message, account: Account | None) -> tuple[tuple[Button, ...], ...]:
    if message.markup is None:
        return ()
    spinning = {query.data for query in exchange.presses_of(message) if account is None or query.account is account}
    return tuple(tuple(_button(one, spinning) for one in row) for row in message.markup["inline_keyboard"])


def _name(message: Message) -> str:
    user = message.sender.user
    return " ".join(str(user[key]) for key in ("first_name", "last_name") if user.get(key))


def labels(keyboard: Json | None) -> tuple[tuple[str, ...], ...]:
    """The labels of a reply keyboard."""
    rows = (keyboard or {}).get("keyboard", ())
    return tuple(tuple(str(one["text"]) for one in row) for row in rows)


def seen(exchange: Exchange, message: Message, account: Account | None = None) -> Seen:
    """One message as an account sees it; None: as anybody would, every spinner included."""
    content = message.content
    text, entities = content.text, content.entities
    if message.chat.flavour == "bale" and isinstance(message.sender, Bot):
        text, entities = read_bale(text)
    return Seen(
        id=message.id,
        chat=message.chat.key,
        text=text,
        kind=content.kind,
        sender=_name(message),
        from_bot=isinstance(message.sender, Bot),
        mine=message.sender is account,
        date=message.date,
        edited=message.edited is not None,
        rows=_rows(exchange, message, account),
        keyboard=labels(message.keyboard),
        entities=tuple(entities),
        facts=content.facts,
        file=content.files[-1] if content.files else None,
        album=message.album,
        reply_to=message.reply_to.id if message.reply_to else None,
        forwarded=_name(message.forwarded) if message.forwarded else None,
    )


# For the page ----------------------------------------------------------------------------------------------------


def _file_json(one: StoredFile | None) -> Json | None:
    if one is None:
        return None
    out = {"url": f"/sim/files/{one.number}", "name": one.name, "mime": one.mime, "size": len(one.data)}
    return out | {"width": one.width, "height": one.height, "duration": one.duration}


def message_json(exchange: Exchange, message: Message) -> Json:
    """One message for the page, the same for everybody in the chat."""
    one = seen(exchange, message)
    spinning: dict[str, list[int]] = {}
    for query in exchange.presses_of(message):
        spinning.setdefault(query.data, []).append(query.account.id)
    buttons: list[list[Json]] = [
        [
            {"label": b.label, "data": b.data, "url": b.url, "copies": b.copies, "spins": spinning.get(b.data, [])}
            for b in row
        ]
        for row in one.rows
    ]
    return {
        "id": one.id, "kind": one.kind, "text": one.text, "entities": list(one.entities), "date": one.date,
        "edited": one.edited, "from": message.sender.id, "sender": one.sender, "bot": one.from_bot,
        "buttons": buttons, "facts": one.facts, "file": _file_json(one.file), "album": one.album,
        "reply": one.reply_to, "forwarded": one.forwarded,
    }  # fmt: skip


def _keyboard_json(markup: Json) -> Json:
    rows = [
        [
            {
                "label": str(one["text"]),
                "asks": next((a for a in ("contact", "location") if one.get(f"request_{a}")), ""),
            }
            for one in row
        ]
        for row in markup["keyboard"]
    ]
    more = {"placeholder": markup.get("input_field_placeholder", ""), "once": bool(markup.get("one_time_keyboard"))}
    return {"rows": rows, **more}


def chat_json(exchange: Exchange, chat: Chat, with_messages: bool = True) -> Json:
    """One chat for the page."""
    out: Json = {
        "key": chat.key,
        "id": chat.id,
        "flavour": chat.flavour,
        "title": chat.about.get("title", ""),
        "group": not chat.private,
        "members": [one.id for one in chat.people()],
        "bots": [chat.bot.username] if chat.bot else [name for name in chat.bots if name not in chat.gone],
        "gone": sorted(chat.gone),
        "keyboards": {str(who): _keyboard_json(one) for who, one in chat.keyboards.items()},
        "forced": {str(who): one.id for who, one in chat.forced.items()},
    }
    if with_messages:
        out["messages"] = [message_json(exchange, one) for one in chat.messages.values()]
    return out


def person_json(account: Account) -> Json:
    """One account for the page."""
    config = account.config
    return {
        "id": account.id, "flavour": account.flavour, "name": " ".join(
            part for part in (config.first_name, config.last_name) if part
        ), "phone": config.phone, "role": config.role, "column": config.column or config.first_name,
        "blocked": sorted(account.blocked),
    }  # fmt: skip


def bot_json(bot: Bot) -> Json:
    """One bot for the page; no token."""
    default = next((rows for key, rows in bot.commands.items() if key.startswith("default")), [])
    return {
        "id": bot.id,
        "flavour": bot.flavour,
        "username": bot.username,
        "name": bot.config.name,
        "commands": default,
    }


def state_json(exchange: Exchange) -> dict[str, Any]:
    """Everything that the page shows."""
    world = exchange.world
    return {
        "title": exchange.config.title,
        "now": exchange.now(),
        "bots": [bot_json(one) for one in world.bots.values()],
        "people": [person_json(one) for one in world.people.values()],
        "chats": [chat_json(exchange, one) for one in world.chats.values()],
    }
