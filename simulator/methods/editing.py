"""Methods that change or remove what was sent, and answers to button presses."""

from simulator.calls import Call
from simulator.exchange import Change
from simulator.keyboards import inline_only
from simulator.markup import utf16_length
from simulator.methods.sending import read_caption, read_media, read_text
from simulator.refusals import Refused
from simulator.shapes import MEDIA, message_for
from simulator.world import Content, Json, Message

_ANSWER_LIMIT = 200
_DELETABLE_FOR = 48 * 3600
_BALE_ANSWERS: dict[str, Json | bool] = {
    "stub": {"message_id": 0, "date": 0, "chat": {"id": 0, "type": ""}},
    "bare": {"message_id": 0},
    "true": True,
}


def _editable(call: Call) -> Message:
    message = call.message("edit-not-found")
    if message.sender is not call.bot or message.content.kind == "service" or message.forwarded is not None:
        raise Refused("cannot-edit")
    return message


def _finish(call: Call, message: Message, content: Content, markup: Json | None) -> Json | bool:
    same = message.markup == markup and content.same_as(message.content)
    if same and call.bot.flavour == "telegram":
        raise Refused("not-modified")
    if not content.same_as(message.content):
        message.edited = int(call.exchange.now())
    message.content, message.markup = content, markup
    call.exchange.tell(Change("edit", message.chat, message))
    if call.bot.flavour == "bale":
        return _BALE_ANSWERS[call.bot.config.edit_answer]
    return message_for(call.bot, message)


async def edit_message_text(call: Call) -> Json | bool:
    """New words for a text; without a reply_markup the buttons go."""
    message = _editable(call)
    text, entities = read_text(call)
    if message.content.kind != "text":
        raise Refused("no-text-to-edit")
    return _finish(call, message, Content("text", text, entities), inline_only(call))


async def edit_message_caption(call: Call) -> Json | bool:
    """New words under a file."""
    message = _editable(call)
    old = message.content
    if old.kind not in MEDIA:
        raise Refused("no-caption-to-edit")
    text, entities = read_caption(call, call.values)
    content = Content(old.kind, text, entities, old.files, old.facts)
    return _finish(call, message, content, inline_only(call))


async def edit_message_reply_markup(call: Call) -> Json | bool:
    """New buttons, or none."""
    message = _editable(call)
    return _finish(call, message, message.content, inline_only(call))


async def edit_message_media(call: Call) -> Json | bool:
    """Another file in the place of the old one."""
    message = _editable(call)
    media = call.data("media")
    if not isinstance(media, dict) or media.get("type") not in MEDIA:
        raise Refused("parameter", reason="can't parse InputMedia")
    if message.content.kind not in MEDIA:
        raise Refused("cannot-edit")
    content = await read_media(call, str(media["type"]), media, name="media")
    return _finish(call, message, content, inline_only(call))


def _remove(call: Call, message: Message) -> None:
    chat = message.chat
    foreign = message.sender is not call.bot and not chat.private and call.bot.username not in chat.admins
    if foreign or call.exchange.now() - message.date > _DELETABLE_FOR:
        raise Refused("cannot-delete")
    del chat.messages[message.id]
    call.exchange.tell(Change("delete", chat, message))


async def delete_message(call: Call) -> bool:
    """Takes a message out of the chat."""
    _remove(call, call.message("delete-not-found"))
    return True


async def delete_messages(call: Call) -> bool:
    """Takes several out; those that are gone already are passed over."""
    chat = call.chat()
    numbers = call.data("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise Refused("parameter", reason="message identifiers are not specified")
    for number in numbers:
        message = chat.messages.get(int(number))
        if message is not None:
            _remove(call, message)
    return True


async def answer_callback_query(call: Call) -> bool:
    """Stops the button's spinner."""
    text = call.text("text")
    if utf16_length(text) > _ANSWER_LIMIT:
        raise Refused("answer-long")
    query = call.text("callback_query_id")
    call.exchange.answer(call.bot, query, text, call.flag("show_alert"), call.text("url"))
    return True
