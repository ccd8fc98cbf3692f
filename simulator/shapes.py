"""A message in the fields of the Bot API, as each flavour's server writes them."""

from collections.abc import Callable

from simulator.files import StoredFile
from simulator.world import Bot, Content, Json, Message

_Shape = Callable[[Content, Bot], object]


def _file(one: StoredFile, bot: Bot) -> Json:
    return one.fields(bot.id, bot.flavour)


def _photo(content: Content, bot: Bot) -> object:
    return [_file(one, bot) | {"width": one.width, "height": one.height} for one in content.files]


def _thumbnail(one: StoredFile, bot: Bot) -> Json:
    """The small picture of a file; Bale documents none for films and sounds, Telegram writes its old name too."""
    small = one.thumbnail
    if small is None or (bot.flavour == "bale" and one.kind in ("video", "audio")):
        return {}
    size = _file(small, bot) | {"width": small.width, "height": small.height}
    return {"thumbnail": size} if bot.flavour == "bale" else {"thumbnail": size, "thumb": size}


def _document(content: Content, bot: Bot) -> object:
    one = content.files[0]
    return _file(one, bot) | {"file_name": one.name, "mime_type": one.mime} | _thumbnail(one, bot)


def _video(content: Content, bot: Bot) -> object:
    one = content.files[0]
    size = {"width": one.width or 640, "height": one.height or 360, "duration": one.duration}
    return _file(one, bot) | size | {"mime_type": one.mime} | _thumbnail(one, bot)


def _voice(content: Content, bot: Bot) -> object:
    one = content.files[0]
    out = _file(one, bot) | {"mime_type": one.mime}
    if bot.flavour == "telegram":
        out["duration"] = one.duration
    return out


def _audio(content: Content, bot: Bot) -> object:
    one = content.files[0]
    return _file(one, bot) | {"duration": one.duration, "mime_type": one.mime} | _thumbnail(one, bot)


def _sticker(content: Content, bot: Bot) -> object:
    out = _file(content.files[0], bot) | {"type": "regular", "width": 512, "height": 512}
    out.update(content.facts)
    if bot.flavour == "telegram":
        out |= {"is_animated": False, "is_video": False}
    return out


def _facts(content: Content, bot: Bot) -> object:
    return content.facts


_SHAPES: dict[str, _Shape] = {
    "photo": _photo,
    "document": _document,
    "video": _video,
    "animation": _video,
    "voice": _voice,
    "audio": _audio,
    "sticker": _sticker,
    "location": _facts,
    "contact": _facts,
}
MEDIA = frozenset({"photo", "document", "video", "animation", "voice", "audio"})


def _put_content(out: Json, content: Content, bot: Bot) -> None:
    if content.kind == "text":
        out["text"] = content.text
    elif content.kind == "venue":
        out["venue"], out["location"] = content.facts, content.facts["location"]
    elif content.kind == "service":
        out.update(content.facts)
    else:
        out[content.kind] = _SHAPES[content.kind](content, bot)
        if content.kind == "animation":
            out["document"] = _document(content, bot)
        if content.text:
            out["caption"] = content.text
    if content.entities and bot.flavour == "telegram":
        out["entities" if content.kind == "text" else "caption_entities"] = content.entities


def _forward_fields(original: Message, bot: Bot) -> Json:
    if bot.flavour == "bale":
        return {"forward_from": original.sender.user, "forward_date": original.date}
    origin = {"type": "user", "date": original.date, "sender_user": original.sender.user}
    return {"forward_origin": origin}


def message_for(bot: Bot, message: Message, with_reply: bool = True) -> Json:
    """The message as this bot gets it: its own file ids, its messenger's fields."""
    out: Json = {
        "message_id": message.id,
        "from": message.sender.user,
        "chat": message.chat.about,
        "date": message.date,
    }
    if message.edited is not None:
        out["edit_date"] = message.edited
    if message.forwarded is not None:
        out.update(_forward_fields(message.forwarded, bot))
    if message.reply_to is not None and with_reply:
        out["reply_to_message"] = message_for(bot, message.reply_to, with_reply=False)
    if message.album is not None:
        out["media_group_id"] = message.album
    _put_content(out, message.content, bot)
    if message.markup is not None:
        out["reply_markup"] = message.markup
    return out
