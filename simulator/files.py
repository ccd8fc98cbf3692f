"""Files that people and bots sent: stored once in memory, known to each bot under an id of its own."""

import asyncio
import io
import itertools
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from simulator.config import Flavour
from simulator.refusals import Refused

MEGABYTE = 1024 * 1024
PHOTO_LIMIT, UPLOAD_LIMIT, DOWNLOAD_LIMIT = 10 * MEGABYTE, 50 * MEGABYTE, 20 * MEGABYTE
PHOTO_SIDES = (90, 320, 800, 1280)

# kind: (start of its file ids, folder and ending of its links)
_KINDS: dict[str, tuple[str, str, str]] = {
    "photo": ("AgACAgQ", "photos", "jpg"),
    "document": ("BQACAgQ", "documents", "bin"),
    "video": ("BAACAgQ", "videos", "mp4"),
    "animation": ("CgACAgQ", "animations", "mp4"),
    "audio": ("CQACAgQ", "music", "mp3"),
    "voice": ("AwACAgQ", "voice", "oga"),
    "sticker": ("CAACAgQ", "stickers", "webp"),
}


@dataclass(slots=True)
class StoredFile:
    """One file; a smaller size of a photo holds its original and is drawn when somebody downloads it."""

    number: int
    kind: str
    data: bytes
    name: str = ""
    mime: str = "application/octet-stream"
    width: int = 0
    height: int = 0
    duration: int = 0
    original: "StoredFile | None" = None

    @property
    def unique(self) -> str:
        """The id that is the same for every bot."""
        return f"AQAD{self.number:08x}"

    def id_for(self, bot_id: int) -> str:
        """The id under which one bot knows the file."""
        return f"{_KINDS[self.kind][0]}_{bot_id:x}_{self.number:x}"

    @property
    def path(self) -> str:
        """The part of the download link after the token."""
        _, folder, ending = _KINDS[self.kind]
        suffix = self.name.rpartition(".")[2] if "." in self.name else ending
        return f"{folder}/file_{self.number}.{suffix}"

    async def content(self) -> bytes:
        """The bytes, drawn smaller where this is a smaller size."""
        if self.original is not None and not self.data:
            self.data = await asyncio.to_thread(_drawn, self.original.data, max(self.width, self.height))
        return self.data

    def fields(self, bot_id: int, flavour: Flavour) -> dict[str, Any]:
        """What every kind of file shows a bot."""
        out: dict[str, Any] = {"file_id": self.id_for(bot_id), "file_unique_id": self.unique}
        if self.original is None:
            out["file_size"] = len(self.data)
        if flavour == "telegram" and self.name:
            out["file_name"] = self.name
        return out


def _drawn(data: bytes, side: int) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        small = image.convert("RGB")
        small.thumbnail((side, side))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=87)
    return out.getvalue()


def measure(data: bytes) -> tuple[int, int] | None:
    """Width and height of a picture, None where it is none; reads the header only."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def without_exif(data: bytes) -> bytes:
    """A JPEG without its APP1 parts, as Telegram passes photos on; anything else unchanged."""
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if data[at + 1] != 0xE1:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


class FileStore:
    """All files by number."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._files: dict[int, StoredFile] = {}

    def add(self, kind: str, data: bytes, **about: Any) -> StoredFile:
        """Stores a file."""
        number = next(self._numbers)
        self._files[number] = one = StoredFile(number, kind, data, **about)
        return one

    async def add_photo(self, data: bytes, flavour: Flavour) -> tuple[StoredFile, ...]:
        """Stores a photo in its sizes, smallest first; Telegram drops EXIF and draws large ones smaller.

        Bytes that are no picture are kept as they are: the person's client sent them, the bot has to cope.
        """
        size = measure(data)
        if size is None:
            return (self.add("photo", data, width=1, height=1, mime="image/jpeg"),)
        width, height = size
        if flavour == "telegram" and max(size) > PHOTO_SIDES[-1]:
            data = await asyncio.to_thread(_shrunk, data)
            width, height = measure(data) or size
        elif flavour == "telegram":
            data = without_exif(data)
        whole = self.add("photo", data, width=width, height=height, mime="image/jpeg")
        smaller = [self._smaller(whole, side) for side in PHOTO_SIDES if side < max(width, height)]
        return (*smaller, whole)

    def _smaller(self, whole: StoredFile, side: int) -> StoredFile:
        scale = side / max(whole.width, whole.height)
        width, height = max(1, round(whole.width * scale)), max(1, round(whole.height * scale))
        return self.add("photo", b"", width=width, height=height, mime="image/jpeg", original=whole)

    def by_number(self, number: int) -> StoredFile | None:
        """A file by its number; None if there is none."""
        return self._files.get(number)

    def by_id(self, file_id: str, bot_id: int) -> StoredFile:
        """The file under a bot's own id; raises Refused for another bot's id or an invented one."""
        start, _, rest = file_id.partition("_")
        owner, _, number = rest.partition("_")
        try:
            one = self._files[int(number, 16)]
            if int(owner, 16) == bot_id and _KINDS[one.kind][0] == start:
                return one
        except (ValueError, KeyError):
            pass
        raise Refused("file-id")


def _shrunk(data: bytes) -> bytes:
    try:
        return _drawn(data, PHOTO_SIDES[-1])
    except (OSError, ValueError, Image.DecompressionBombError):
        return without_exif(data)  # the header was readable, the rest is not: passed on as it came
