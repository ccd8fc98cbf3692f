"""One try to hand one outbox row to the messenger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from bot.leases import Deposed
from bot.messengers import parts
from bot.messengers.client import Client, Progress
from bot.messengers.failures import CallFailed, Failure
from domain import richtext
from domain.messages import Form, Message
from storage.media import MediaFile
from storage.sending import Gone, Target, Waiting

log = structlog.get_logger(__name__)

_NOT_WITH_FILES = frozenset(
    {Failure.BAD_FILE, Failure.TOO_LONG, Failure.REFUSED, Failure.UNSUPPORTED, Failure.NOT_FOUND}
)
_LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: `gone` when the row has left, else `failure`; and how far it came.

    `withheld` when no call was made any more, because the lease was no longer ours beyond doubt.
    """

    row: Waiting
    so_far: Progress
    gone: Gone | None = None
    failure: CallFailed | None = None
    withheld: bool = False


def _without_marks(message: Message) -> Message:
    try:
        words = richtext.plain(message.text)
    except richtext.BadMarkup:
        words = message.text
    return message.model_copy(update={"text": richtext.escape(words)})


def _forgiving(message: Message, failure: CallFailed) -> tuple[Message, str] | None:
    """Return the message without what the messenger objects to, and a remark; None when nothing can be left out."""
    if failure.kind == Failure.BAD_MARKUP and "<" in message.text:
        return _without_marks(message), "sent without marks"
    if failure.kind == Failure.GONE and message.reply_to is not None:
        return message.model_copy(update={"reply_to": None}), "sent without the reply"
    return None


def _without_pictures(
    client: Client, message: Message, failure: CallFailed, media: Mapping[int, MediaFile], so_far: Progress
) -> tuple[Message, str] | None:
    """Return the words alone, and a remark, where it was a call with files that the messenger refused."""
    if failure.kind not in _NOT_WITH_FILES or not message.pictures or not message.text.strip():
        return None
    plan = parts.of(message, media, client.messenger)
    if not plan[min(so_far.parts_sent, len(plan) - 1)].files:
        return None
    so_far.parts_sent = min(so_far.parts_sent, 1 if message.pin else 0)  # a pin goes first, words after all files
    bare = message.model_copy(update={"pictures": []})
    return bare, f"sent without the pictures: {failure}"[:_LONGEST_REMARK]


async def _edit(client: Client, row: Waiting, target: Target, message: Message) -> Gone:
    if target.message_id is None:
        raise CallFailed(Failure.GONE, "the messenger gave no number for the message")
    if message.form == Form.DELETE:
        await client.delete(row.chat_id, target.message_id)
    else:
        await client.edit(row.chat_id, target.message_id, target.has_caption, message)
    return Gone(row.id, target.message_id, target.has_caption)


async def _call(
    client: Client, row: Waiting, message: Message, media: Mapping[int, MediaFile], so_far: Progress
) -> Gone:
    try:
        if row.target is not None:
            return await _edit(client, row, row.target, message)
        sent = await client.send(row.chat_id, message, media, so_far)
        return Gone(row.id, sent.message_id, sent.has_caption)
    except richtext.BadMarkup as error:
        raise CallFailed(Failure.BAD_MARKUP, str(error)) from None


async def _judged(client: Client, failure: CallFailed) -> CallFailed:
    """Ask whether a 404 speaks of the token at all: Bale has it for other things too, in words of its own."""
    if failure.kind != Failure.UNAUTHORISED or failure.status != 404:
        return failure
    try:
        await client.me()
    except Exception:  # an answer that cannot be read among them: the trouble is not this call's alone
        return failure
    return replace(failure, kind=Failure.NOT_FOUND)


async def _leave(client: Client, row: Waiting, media: Mapping[int, MediaFile], so_far: Progress) -> Gone:
    """Call until the messenger takes the message; what it took of one form is not said again in a simpler one."""
    message, remark, begun = Message.model_validate(row.message), None, row.parts_sent
    while True:
        try:
            gone = await _call(client, row, message, media, so_far)
            return replace(gone, remark=remark)
        except CallFailed as failed:
            failure = await _judged(client, failed)
            if bare := _without_pictures(client, message, failure, media, so_far):
                (message, remark), begun = bare, so_far.parts_sent
                log.warning("a message leaves without its pictures", outbox=row.id, problem=str(failure))
                continue
            simpler = _forgiving(message, failure)
            if simpler is None:
                raise failure from None
            message, remark = simpler
            if client.messenger.counts_marks:  # without them it is cut elsewhere: rather words twice than not at all
                so_far.parts_sent = begun


async def fly(client: Client, row: Waiting, media: Mapping[int, MediaFile], so_far: Progress) -> Outcome:
    """Try to send, edit or delete; leaves out what the messenger objects to; never raises but when cancelled."""
    try:
        return Outcome(row, so_far, gone=await _leave(client, row, media, so_far))
    except Deposed:
        return Outcome(row, so_far, withheld=True)
    except CallFailed as failure:
        return Outcome(row, so_far, failure=failure)
    except Exception as error:
        log.exception("a message could not be put together", outbox=row.id)
        return Outcome(row, so_far, failure=CallFailed(Failure.REFUSED, f"{type(error).__name__} on our side"))


def broken_off(row: Waiting, so_far: Progress) -> Outcome | None:
    """Say how a cancelled try ended: None when the end of its first call is unknown, and with it that of all of it."""
    if so_far.parts_sent <= row.parts_sent:
        return None
    return Outcome(row, so_far, failure=CallFailed(Failure.NETWORK, "broken off on our side"))
