"""What file a message carries, whatever way it was sent."""

from dataclasses import dataclass

import telegram

from handlers.turn import Turn
from storage import media


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message: `shows` tells a picture from a voice message, a video or a paper."""

    kind: str  # photo | voice | video | document
    file_id: str
    unique_id: str
    size: int | None
    shows: bool
    thumbnail: str = ""  # the messenger's own small picture of a film


def _named(kind: str, file: object, *, shows: bool = False) -> Attachment:
    return Attachment(
        kind,
        getattr(file, "file_id", ""),
        getattr(file, "file_unique_id", "") or "",
        getattr(file, "file_size", None),
        shows,
        getattr(getattr(file, "thumbnail", None), "file_id", "") if kind == "video" else "",
    )


def of(message: telegram.Message) -> Attachment | None:
    """Return the message's file, or None; of a photo's sizes the largest."""
    if message.photo:
        return _named("photo", message.photo[-1], shows=True)
    if message.animation:  # such a message also has a document, for programmes that know no animations
        return _named("video", message.animation)
    if message.document:
        is_picture = (message.document.mime_type or "").startswith("image/")
        return _named("document", message.document, shows=is_picture)
    if message.voice or message.audio:
        return _named("voice", message.voice or message.audio)
    if message.video or message.video_note:
        return _named("video", message.video or message.video_note)
    return None


async def keep(turn: Turn, found: Attachment, draft: int | None = None) -> int:
    """Store the file's row, to be fetched later, and return its number."""
    return await media.remember(
        turn.tx,
        kind=found.kind,
        messenger=turn.messenger,
        file_id=found.file_id,
        file_unique_id=found.unique_id,
        thumbnail=found.thumbnail,
        draft_id=draft,
        account_id=turn.account.id,
        size=found.size,
        now=turn.now,
    )
