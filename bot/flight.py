"""One try to hand one outbox row to the messenger."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from bot.leases import Deposed
from bot.messengers.client import Client
from bot.messengers.failures import CallFailed, Failure
from domain import richtext
from domain.messages import Form, Message
from storage.media import MediaFile
from storage.sending import Gone, Target, Waiting

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: `gone` when the row has left, else `failure`; file_ids learned, by media id.

    `withheld` when no call was made any more, because the lease was no longer ours beyond doubt.
    """

    row: Waiting
    gone: Gone | None = None
    failure: CallFailed | None = None
    file_ids: Mapping[int, str] = field(default_factory=dict)
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


async def _edit(client: Client, row: Waiting, target: Target, message: Message) -> Outcome:
    if target.message_id is None:
        raise CallFailed(Failure.GONE, "the messenger gave no number for the message")
    if message.form == Form.DELETE:
        await client.delete(row.chat_id, target.message_id)
    else:
        await client.edit(row.chat_id, target.message_id, target.has_caption, message)
    return Outcome(row, Gone(row.id, target.message_id, target.has_caption))


async def _send(client: Client, row: Waiting, message: Message, media: Mapping[int, MediaFile]) -> Outcome:
    sent = await client.send(row.chat_id, message, media, skip=row.parts_sent)
    return Outcome(row, Gone(row.id, sent.message_id, sent.has_caption), file_ids=sent.file_ids)


async def _call(client: Client, row: Waiting, message: Message, media: Mapping[int, MediaFile]) -> Outcome:
    try:
        if row.target is not None:
            return await _edit(client, row, row.target, message)
        return await _send(client, row, message, media)
    except richtext.BadMarkup as error:
        raise CallFailed(Failure.BAD_MARKUP, str(error)) from None


async def fly(client: Client, row: Waiting, media: Mapping[int, MediaFile]) -> Outcome:
    """Try to send, edit or delete; leaves out what the messenger objects to; never raises but when cancelled."""
    remark = None
    try:
        message = Message.model_validate(row.message)
        while True:
            try:
                outcome = await _call(client, row, message, media)
                break
            except CallFailed as failure:
                simpler = _forgiving(message, failure)
                if simpler is None:
                    raise
                message, remark = simpler
    except Deposed:
        return Outcome(row, withheld=True)
    except CallFailed as failure:
        return Outcome(row, failure=failure)
    except Exception as error:
        log.exception("a message could not be put together", outbox=row.id)
        return Outcome(row, failure=CallFailed(Failure.REFUSED, f"{type(error).__name__} on our side"))
    if outcome.gone is None or remark is None:
        return outcome
    gone = Gone(row.id, outcome.gone.message_id, outcome.gone.has_caption, remark)
    return Outcome(row, gone, file_ids=outcome.file_ids)
