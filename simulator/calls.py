"""One call of the Bot API: its parameters however they were sent, read as the real server reads them."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from simulator.exchange import Exchange
from simulator.files import UPLOAD_LIMIT
from simulator.reading import not_utf8, read_json, whole
from simulator.refusals import Refused
from simulator.world import Bot, Chat, Json, Message

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Call:
    """A method called by a bot."""

    exchange: Exchange
    bot: Bot
    method: str
    values: Json
    files: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a parameter was sent and is not null."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text; numbers are written out."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """A parameter as a whole number; junk counts as the default, as on the real server."""
        found = whole(self.values.get(name, default))
        return default if found is None else found

    def number(self, name: str) -> float:
        """A needed parameter as a number; raises Refused."""
        if self.values.get(name) in (None, ""):
            raise Refused("parameter", reason=f"{name} is empty")
        try:
            return float(self.values[name])
        except (TypeError, ValueError, OverflowError):
            raise Refused("parameter", reason=f"can't parse {name}") from None

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        value = self.values.get(name, False)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "1")

    def data(self, name: str) -> Any:
        """A parameter that is JSON, sent as an object or as its text; None where it is absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return read_json(value)
        except ValueError:
            what = "markup-json" if name == "reply_markup" else "parameter"
            raise Refused(what, reason=f"can't parse {name} JSON object") from None

    # What the parameters name --------------------------------------------------------------------------------------

    def chat(self) -> Chat:
        """The chat named by chat_id, which this bot may write to; raises Refused with the server's reason."""
        value = self.values.get("chat_id")
        if value is None or value == "":
            raise Refused("chat-empty")
        number = whole(value)
        if number is None:
            raise Refused("chat-not-found")
        return self._private(number) or self._group(number)

    def _private(self, number: int) -> Chat | None:
        bot = self.bot
        chat = self.exchange.world.chats.get(f"{bot.flavour}:{number}:{bot.username}")
        if chat is None or chat.person is None or not chat.opened:
            return None
        if bot.username in chat.person.blocked:
            raise Refused("blocked")
        return chat

    def _group(self, number: int) -> Chat:
        group = self.exchange.world.groups.get((self.bot.flavour, number))
        if group is None:
            raise Refused("chat-not-found")
        if self.bot.username in group.gone:
            raise Refused("kicked")
        if self.bot.username not in group.bots:
            raise Refused("chat-not-found")
        return group

    def message(self, refusal: str) -> Message:
        """The message named by chat_id and message_id; raises Refused with the given reason."""
        chat = self.chat()
        if not self.has("message_id"):
            raise Refused("no-message-id")
        message = chat.messages.get(self.integer("message_id"))
        if message is None:
            raise Refused(refusal)
        return message

    def upload(self, name: str, value: object) -> Upload | None:
        """The uploaded file that a parameter means: its own part, or the part named by attach://."""
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return self.files.get(name) if value is None else None


async def _multipart(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    values: Json = {}
    files: dict[str, Upload] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.filename is None:
            values[part.name] = await part.text()
            continue
        mime = part.headers.get("Content-Type", "application/octet-stream")
        files[part.name] = Upload(part.filename, mime, await _bytes(part))
    return values, files


async def _bytes(part: BodyPartReader) -> bytes:
    kept = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        kept += chunk
        if len(kept) > UPLOAD_LIMIT:
            raise Refused("too-large")
    return bytes(kept)


async def read_parameters(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Query string and body of a call, whichever of the allowed forms the body has; raises Refused."""
    try:
        return await _read(request)
    except UnicodeDecodeError:
        raise not_utf8() from None


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    values: Json = dict(request.query)
    if not request.can_read_body:
        return values, {}
    kind = request.content_type
    if kind == "application/json":
        return values | _object(await request.text()), {}
    if kind == "application/x-www-form-urlencoded":
        return values | dict(await request.post()), {}
    if kind == "multipart/form-data":
        more, files = await _multipart(request)
        return values | more, files
    return values, {}


def _object(text: str) -> Json:
    try:
        found = read_json(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("parameter", reason="can't parse JSON object")
    return found
