"""Is this file what it says it is, and fit to be kept? Pictures are written anew without metadata."""

from dataclasses import dataclass

from bot import picture_process
from bot.films import without_metadata
from bot.media_types import BOXED, PICTURES, Unusable, look

MEGABYTE = 1024 * 1024
LIMITS = {"photo": 10 * MEGABYTE}  # what the messengers themselves take; 20 MB is the most a bot may fetch
OTHER_LIMIT = 20 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Checked:
    """A file fit to be kept: its content, of a picture a small JPEG too, and where it was taken, as (lat, lon).

    `original_is_clean` says that the file as it was sent carried no metadata that ours lost.
    """

    kind: str
    content: bytes
    mime: str
    width: int | None = None
    height: int | None = None
    place: tuple[float, float] | None = None
    original_is_clean: bool = True
    thumbnail: bytes | None = None


async def check(content: bytes, kind: str) -> Checked:
    """Check a file of a kind (photo, voice, video, document); raises Unusable or picture_process.NotDeveloped.

    A picture comes back as a photo, whatever it was sent as. What MP4 and its kin say beside film and sound is
    erased. The rest stays as it is.
    """
    if len(content) > LIMITS.get(kind, OTHER_LIMIT):
        raise Unusable("file-too-big")
    mime = look(content, kind)
    if mime in PICTURES:
        made = await picture_process.develop(content, mime)
        return Checked(
            "photo",
            made.content,
            "image/jpeg",
            made.width,
            made.height,
            made.place,
            made.was_clean,
            made.thumbnail,
        )
    if mime in BOXED:
        content, was_clean = without_metadata(content)
        return Checked(kind, content, mime, original_is_clean=was_clean)
    return Checked(kind, content, mime)
