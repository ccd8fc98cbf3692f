"""One neutral message as the calls it takes: a pin, albums and files, then the text with its buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched, groupby

from bot.messengers import keyboards, render
from bot.messengers.failures import CallFailed, Failure
from bot.messengers.record import Messenger
from domain.messages import Message, Pin
from storage.media import MediaFile

_ALBUMS = {"photo": "pictures", "video": "pictures", "document": "documents"}  # what may stand together
_BUTTONS_ALONE = "…"  # buttons need a text to hang under; an album takes none


@dataclass(frozen=True, slots=True)
class Part:
    """One call: a text (in the messenger's marks, a caption where there are files), files or a pin."""

    text: str = ""
    files: tuple[MediaFile, ...] = ()
    pin: Pin | None = None
    markup: keyboards.Markup | None = None
    reply_to: int | None = None
    captions: Mapping[int, str] = field(default_factory=dict)  # of the files of an album, by media id

    @property
    def is_album(self) -> bool:
        """Say whether several files go in one call, which then takes neither text nor buttons."""
        return len(self.files) > 1


def _file_parts(files: Sequence[MediaFile], captions: Mapping[int, str], album_limit: int) -> list[Part]:
    parts: list[Part] = []
    for kind, alike in groupby(files, key=lambda file: _ALBUMS.get(file.kind, "")):
        size = album_limit if kind else 1
        parts += [Part(files=group, captions=captions) for group in batched(alike, size)]
    return parts


def _contents(message: Message, files: Sequence[MediaFile], messenger: Messenger) -> list[Part]:
    """Return the parts without buttons, the text last so that the buttons stand under it."""
    parts = [Part(pin=message.pin)] if message.pin else []
    captions = {
        picture.media: render.clipped(picture.caption, messenger, messenger.caption_limit)
        for picture in message.pictures
        if picture.caption
    }
    parts += _file_parts(files, captions, messenger.album_limit)
    if len(files) == 1 and render.fits(message.text, messenger, messenger.caption_limit):
        caption = "".join(render.pieces(message.text, messenger, messenger.text_limit))
        return [*parts[:-1], replace(parts[-1], text=caption)]
    texts = render.pieces(message.text, messenger, messenger.text_limit)
    if not texts and message.buttons and parts and parts[-1].is_album:
        texts = [_BUTTONS_ALONE]
    return parts + [Part(text=text) for text in texts]


def of(message: Message, media: Mapping[int, MediaFile], messenger: Messenger) -> list[Part]:
    """Plan the calls; a picture missing from `media` is left out. Raises CallFailed when nothing is left to send.

    Buttons hang under the last part. A message has one set of keys: with buttons as well, the reply keyboard goes
    under the first part, and is dropped where that is the same one.
    """
    files = [media[picture.media] for picture in message.pictures if picture.media in media]
    parts = _contents(message, files, messenger)
    if not parts:
        raise CallFailed(Failure.REFUSED, "nothing to send")
    keyboard = keyboards.reply(message.keyboard, messenger) if message.keyboard else None
    buttons = keyboards.inline(message.buttons) if message.buttons else None
    if keyboard and buttons and len(parts) > 1 and not parts[0].is_album:
        parts[0] = replace(parts[0], markup=keyboard)
    asks = keyboards.ASK_FOR_REPLY if message.wants_reply and messenger.hears_only_replies else None
    parts[-1] = replace(parts[-1], markup=asks or buttons or keyboard)
    parts[0] = replace(parts[0], reply_to=message.reply_to)
    return parts
