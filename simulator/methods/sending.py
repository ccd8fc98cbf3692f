"""Methods that put a new message into a chat."""

from typing import Any

from simulator import bale
from simulator.calls import Call, Upload
from simulator.exchange import Change
from simulator.files import PHOTO_LIMIT, THUMBNAIL_LIMIT, THUMBNAIL_SIDE, StoredFile, measure
from simulator.hypertext import read_html
from simulator.keyboards import hand_out, read_markup
from simulator.markdown import read_markdown
from simulator.markup import Entity, Marked, is_blank, read_plain, utf16_length
from simulator.reading import leading, whole
from simulator.refusals import Refused
from simulator.shapes import MEDIA, message_for
from simulator.world import Chat, Content, Json, Message

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
_SOURCE_BYTES = 1 << 15  # of a text with its marks
_CHAT_ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note", "cancel",
    }
)  # fmt: skip
_MEASURES = {"width": 10_000, "height": 10_000, "duration": 100_000}  # and the most that the server keeps
_ALBUM = ("photo", "video", "document", "audio")
# What is wrong with an item of an album: found when it is read, or when its file is taken in, which names its place.
_READ_FIRST = frozenset({"entities", "parse-mode"})
_FOUND_LATER = frozenset({"photo-broken", "photo-size", "file-fetch"})
SENDS = {f"send{kind.capitalize()}": kind for kind in sorted(MEDIA)} | {"sendSticker": "sticker"}


def _entities(given: object) -> list[Entity]:
    if not isinstance(given, list):
        return []  # overlooked, as by the real server
    for one in given:
        if not isinstance(one, dict):
            raise Refused("parameter", reason="can't parse MessageEntity: expected an Object")
        for name, kind in (("type", str), ("offset", int), ("length", int)):
            if not isinstance(one.get(name), kind):
                raise Refused("parameter", reason=f"can't parse MessageEntity: can't find field \"{name}\"")
    return given


def marked(call: Call, source: str, mode: str, entities: object) -> Marked:
    """A text after parse_mode, as the bot's messenger reads it; Bale knows no parse_mode."""
    if call.bot.flavour == "telegram" and len(source.encode(errors="replace")) > _SOURCE_BYTES:
        raise Refused("source-long")
    if call.bot.flavour == "bale" or not source or mode.lower() in ("", "none"):
        return read_plain(source, _entities(entities))
    readers = {"html": read_html, "markdownv2": read_markdown}
    if mode.lower() not in readers:
        raise Refused("parse-mode")
    text, found = readers[mode.lower()](source)
    return text, _with_people(call, found)


def _with_people(call: Call, entities: list[Entity]) -> list[Entity]:
    """The entities with whole users; of a mention of somebody unknown only the text is left."""
    kept: list[Entity] = []
    for one in entities:
        if one["type"] != "text_mention":
            kept.append(one)
        elif account := call.exchange.world.people.get((call.bot.flavour, one["user"]["id"])):
            kept.append({**one, "user": account.user})
    return kept


def read_text(call: Call) -> Marked:
    """The text of a call within the limits, counted after parsing."""
    source = call.text("text")
    if not source:
        raise Refused("text-empty")
    text, entities = marked(call, source, call.text("parse_mode"), call.data("entities"))
    if is_blank(text):
        raise Refused("text-blank")
    if utf16_length(text) > TEXT_LIMIT:
        raise Refused("text-long")
    return text, entities


def read_caption(call: Call, of: Json) -> Marked:
    """The caption of a call or of one item of an album within the limits."""
    source = of.get("caption") or ""
    entities = of.get("caption_entities")
    if isinstance(entities, str):
        entities = call.data("caption_entities")
    text, found = marked(call, str(source), str(of.get("parse_mode") or ""), entities)
    if utf16_length(text) > CAPTION_LIMIT:
        raise Refused("caption-long")
    return text, found


def _replied(call: Call, chat: Chat) -> Message | None:
    about = call.data("reply_parameters") or {}
    number = about.get("message_id") or call.integer("reply_to_message_id")
    if not number:
        return None
    found = chat.messages.get(int(number))
    lenient = about.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply")
    if found is None and not lenient:
        raise Refused("reply-not-found")
    return found


def say(call: Call, chat: Chat, content: Content, markup: Json | None = None, **more: Any) -> Message:
    """Posts what a bot says and hands out its keyboard."""
    inline = markup if markup and "inline_keyboard" in markup else None
    keyboard = None if inline else markup
    reply = _replied(call, chat)
    message = call.exchange.post(chat, call.bot, content, markup=inline, keyboard=keyboard, reply_to=reply, **more)
    if keyboard is not None:
        hand_out(message, keyboard)
        call.exchange.tell(Change("chat", chat))
    return message


async def send_message(call: Call) -> Json:
    """A text."""
    chat = call.chat()
    text, entities = read_text(call)
    message = say(call, chat, Content("text", text, entities), read_markup(call))
    return message_for(call.bot, message)


async def send_media(call: Call) -> Json:
    """A photo, video, voice, audio, animation, document or sticker."""
    chat = call.chat()
    kind = SENDS[call.method]
    content = await read_media(call, kind, call.values)
    return message_for(call.bot, say(call, chat, content, read_markup(call)))


async def read_media(call: Call, kind: str, of: Json, name: str | None = None) -> Content:
    """One file with its caption, from an upload or from an id that this bot knows."""
    if of is not call.values:
        _check_measures(of)
    text, entities = read_caption(call, of)
    value = of.get(name or kind)
    upload = call.upload(name or kind, value)
    if upload is not None:
        return Content(kind, text, entities, await store(call, kind, upload, of))
    if not value:
        raise Refused("no-file", kind=kind)
    return Content(kind, text, entities, _known(call, kind, str(value)))


def _check_measures(item: Json) -> None:
    """Refuses what is no number in an object, where the server is stricter than with parameters."""
    for key in _MEASURES:
        if item.get(key) is not None and whole(item[key]) is None:
            raise Refused("media-form", reason=f'Field "{key}" must be a valid Number')


def _known(call: Call, kind: str, value: str) -> tuple[StoredFile, ...]:
    if value.startswith(("http://", "https://")):
        raise Refused("file-fetch")  # the simulator never calls out
    found = call.exchange.files.by_id(value, call.bot.id)
    if found.kind != kind:
        raise Refused("file-kind", found=found.kind.capitalize(), kind=kind.capitalize())
    return sizes_of(call, found) if kind == "photo" else (found,)


def sizes_of(call: Call, photo: StoredFile) -> tuple[StoredFile, ...]:
    """All sizes of the photo that one of its sizes belongs to, as far as they are still stored."""
    whole = photo.original or photo
    files = call.exchange.files
    first = whole.number + 1
    smaller: list[StoredFile] = []
    while (one := files.by_number(first + len(smaller))) is not None and one.original is whole:
        smaller.append(one)
    return (*smaller, whole)


async def store(call: Call, kind: str, upload: Upload, of: Json) -> tuple[StoredFile, ...]:
    """Keeps an uploaded file after the checks of the real server."""
    if not upload.data:
        raise Refused("file-empty")
    if kind == "photo":
        _check_photo(upload.data)
        return await call.exchange.files.add_photo(upload.data, call.bot.flavour)
    about: Json = {"name": upload.name, "mime": upload.mime}
    for key, most in _MEASURES.items():
        about[key] = min(max(0, leading(of.get(key))), most)
    return (await call.exchange.files.add_shown(kind, upload.data, _small_picture(call, of), **about),)


def _small_picture(call: Call, of: Json) -> bytes:
    """The thumbnail sent along, nothing where there is none that the server would take."""
    for name in ("thumbnail", "thumb"):
        sent = call.upload(name, of.get(name))
        if sent is not None:
            size = measure(sent.data)
            small = size is not None and max(size) <= THUMBNAIL_SIDE and len(sent.data) <= THUMBNAIL_LIMIT
            if small and sent.data.startswith(b"\xff\xd8"):
                return sent.data
            if call.exchange.config.strict:
                raise Refused("parameter", reason=f"{name} must be a JPEG of at most 200 kB and 320 pixels a side")
    return b""


def _check_photo(data: bytes) -> None:
    if len(data) > PHOTO_LIMIT:
        raise Refused("file-big")
    size = measure(data)
    if size is None:
        raise Refused("photo-broken")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise Refused("photo-size")


async def send_media_group(call: Call) -> list[Json]:
    """An album of two to ten: photos and videos together, documents or audios only among themselves."""
    chat = call.chat()
    items = call.data("media")
    if items is None:
        raise Refused("parameter", reason='parameter "media" is required')
    if not isinstance(items, list):
        raise Refused("parameter", reason="expected an Array of InputMedia")
    kinds = [_album_kind(call, item) for item in items]
    if not 2 <= len(items) <= 10:
        raise Refused("group-count" if len(items) == 1 else "group-large" if items else "group-empty")
    for alone in ("document", "audio"):
        if alone in kinds and len(set(kinds)) > 1:
            raise Refused("group-mixed", kind=alone)
    contents = [
        await _album_media(call, kind, item, at) for at, (kind, item) in enumerate(zip(kinds, items, strict=True))
    ]
    album = call.exchange.new_album()
    return [message_for(call.bot, say(call, chat, one, album=album)) for one in contents]


def _album_kind(call: Call, item: object) -> str:
    if not isinstance(item, dict):
        raise Refused("media-form", reason="expected an Object")
    kind = item.get("type")
    if kind is None:
        raise Refused("media-form", reason='Can\'t find field "type"')
    if not item.get("media") or (_attached(item["media"]) and call.upload("media", item["media"]) is None):
        raise Refused("media-form", reason="media not found")
    if kind == "animation":
        raise Refused("media-form", reason='type "animation" can\'t be used in sendMediaGroup')
    if kind not in _ALBUM:
        raise Refused("media-form", reason=f'type "{kind}" is unsupported')
    return str(kind)


def _attached(value: object) -> bool:
    return isinstance(value, str) and value.startswith("attach://")


async def _album_media(call: Call, kind: str, item: Json, at: int) -> Content:
    try:
        return await read_media(call, kind, item, name="media")
    except Refused as refused:
        if refused.reason in _READ_FIRST:
            raise Refused("media-form", reason=refused.said) from None
        if refused.reason in _FOUND_LATER:
            raise Refused("group-failed", number=at + 1, words=refused.said) from None
        raise


def _place(call: Call) -> Json:
    place = {"latitude": call.number("latitude"), "longitude": call.number("longitude")}
    if not (abs(place["latitude"]) <= 90 and abs(place["longitude"]) <= 180):  # NaN is neither
        raise Refused("parameter", reason="wrong latitude or longitude specified")
    return place


async def send_location(call: Call) -> Json:
    """A point on the map."""
    content = Content("location", facts=_place(call))
    return message_for(call.bot, say(call, call.chat(), content, read_markup(call)))


async def send_venue(call: Call) -> Json:
    """A point with a title and an address."""
    if not call.text("title"):
        raise Refused("parameter", reason="venue title must be non-empty")
    facts = {"location": _place(call), "title": call.text("title"), "address": call.text("address")}
    content = Content("venue", facts=facts)
    return message_for(call.bot, say(call, call.chat(), content, read_markup(call)))


async def send_contact(call: Call) -> Json:
    """A name with a phone number."""
    for name in ("phone_number", "first_name"):
        if not call.text(name):
            raise Refused("parameter", reason=f'parameter "{name}" is required')
    facts = {key: call.text(key) for key in ("phone_number", "first_name", "last_name") if call.has(key)}
    content = Content("contact", facts=facts)
    return message_for(call.bot, say(call, call.chat(), content, read_markup(call)))


def _source(call: Call, refusal: str) -> Message:
    there = Call(call.exchange, call.bot, call.method, {"chat_id": call.values.get("from_chat_id")})
    found = there.chat().messages.get(call.integer("message_id"))
    if found is None:
        raise Refused(refusal)
    return found


async def forward_message(call: Call) -> Json:
    """A message of another chat with its first sender's name."""
    original = _source(call, "forward-not-found")
    chat = call.chat()
    first = original.forwarded or original
    message = call.exchange.post(chat, call.bot, original.content, forwarded=first)
    return message_for(call.bot, message)


async def copy_message(call: Call) -> Json:
    """The content of a message as the bot's own."""
    original = _source(call, "copy-not-found")
    content = original.content
    if content.kind == "service":
        raise Refused("cannot-copy")
    if call.has("caption"):
        text, entities = read_caption(call, call.values)
        content = Content(content.kind, text, entities, content.files, content.facts)
    message = say(call, call.chat(), content, read_markup(call))
    return {"message_id": message.id}


async def send_chat_action(call: Call) -> bool:
    """ "is typing" and the like: checked, shown nowhere."""
    call.chat()
    actions = bale.CHAT_ACTIONS if call.bot.flavour == "bale" else _CHAT_ACTIONS
    if call.text("action") not in actions:
        raise Refused("parameter", reason="wrong parameter action in request")
    return True
