"""Before and after: how it was and how it is now, side by side."""

from collections.abc import Sequence

from domain.casework import Request
from domain.messages import Picture
from storage import requests
from storage.database import Transaction
from texts.speech import text

_AT_MOST = 10
"""What one album holds, in every messenger."""


def after(photos: Sequence[int]) -> list[Picture]:
    """Show photos of the work as what they are."""
    return _album(text("photo-after"), photos)


def _album(caption: str, photos: Sequence[int]) -> list[Picture]:
    """Say all on the first photo: Telegram shows the caption of an album only where there is exactly one."""
    return [Picture(media=photo, caption="" if at else caption) for at, photo in enumerate(photos)]


async def album(tx: Transaction, request: Request, photos: Sequence[int] | None = None) -> list[Picture]:
    """Put the photo of before and those of after (all of them, or `photos`) into one album that says which is which.

    Without one of before the others stay as they are.
    """
    files = [(media, part) for media, kind, part in await requests.files(tx, request.id) if kind == "photo"]
    work = [media for media, part in files if part == "evidence"] if photos is None else list(photos)
    first = next((media for media, part in files if part == "filed"), None)
    if first is None or not work:
        return [Picture(media=photo) for photo in work]
    shown = [first, *work][:_AT_MOST]
    return _album(text("photo-before-after", after=len(shown) - 1), shown)
