"""Files that people and bots sent: stored once in memory, known to each bot under an id of its own.

A photo is stored in the sizes that the real server makes of it, a picture or film sent as a file with a thumbnail.
"""

import asyncio
import io
import itertools
from dataclasses import dataclass
from typing import Any

from PIL import Image

from simulator.config import Flavour
from simulator.refusals import Refused

MEGABYTE = 1024 * 1024
PHOTO_LIMIT, UPLOAD_LIMIT, DOWNLOAD_LIMIT = 10 * MEGABYTE, 50 * MEGABYTE, 20 * MEGABYTE
PHOTO_SIDES = (90, 320, 800, 1280)
THUMBNAIL_SIDE, THUMBNAIL_LIMIT = 320, 200 * 1024
_FILM = (640, 360)  # pixels of a film that nobody has measured

# kind: (start of its file ids, folder and ending of its links)
_KINDS: dict[str, tuple[str, str, str]] = {
    "photo": ("AgACAgQ", "photos", "jpg"),
    "document": ("BQACAgQ", "documents", "bin"),
    "video": ("BAACAgQ", "videos", "mp4"),
    "animation": ("CgACAgQ", "animations", "mp4"),
    "audio": ("CQACAgQ", "music", "mp3"),
    "voice": ("AwACAgQ", "voice", "oga"),
    "sticker": ("CAACAgQ", "stickers", "webp"),
    "thumbnail": ("AAMCAgQ", "thumbnails", "jpg"),
}
_NAMED = frozenset({"document", "video", "animation", "audio"})
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # Pillow reads many more, some with programs of the machine
_DRAWN_PIXELS = 25_000_000  # of a picture sent as a file: a larger one costs too much memory to be drawn smaller
_BROKEN = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(slots=True)
class StoredFile:
    """One file; a smaller size of a photo knows its original."""

    number: int
    kind: str
    data: bytes
    name: str = ""
    mime: str = "application/octet-stream"
    width: int = 0
    height: int = 0
    duration: int = 0
    original: "StoredFile | None" = None
    thumbnail: "StoredFile | None" = None

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

    def fields(self, bot_id: int, flavour: Flavour) -> dict[str, Any]:
        """What every kind of file shows a bot."""
        out: dict[str, Any] = {"file_id": self.id_for(bot_id), "file_unique_id": self.unique}
        if self.data:
            out["file_size"] = len(self.data)
        if flavour == "telegram" and self.name and self.kind in _NAMED:
            out["file_name"] = self.name
        return out


def _scaled(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Width and height with the longer one at most ``side``, in the same proportion."""
    scale = min(1.0, side / max(1, *size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _opened(data: bytes) -> Image.Image:
    """The picture, of which only the header is read; raises one of _BROKEN."""
    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    if Image.MAX_IMAGE_PIXELS is not None and image.width * image.height > Image.MAX_IMAGE_PIXELS:
        raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")  # Pillow only warns at first
    return image


def _drawn(data: bytes, sizes: list[tuple[int, int]]) -> list[bytes]:
    """JPEGs of these widths and heights; raises OSError or ValueError for a picture that is broken further on."""
    if not sizes:
        return []
    with _opened(data) as image:
        image.draft("RGB", max(sizes))
        whole = image.convert("RGB")
    return [_jpeg(whole.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)) for size in sizes]


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=87)
    return out.getvalue()


def measure(data: bytes) -> tuple[int, int] | None:
    """Width and height of a picture, None where it is none; reads the header only."""
    try:
        with _opened(data) as image:
            return image.size
    except _BROKEN:
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
        found = measure(data)
        if found is None:
            return (self.add("photo", data, width=1, height=1, mime="image/jpeg"),)
        size = found
        if flavour == "telegram" and max(size) > PHOTO_SIDES[-1]:
            data, size = await asyncio.to_thread(_shrunk, data, size)
        elif flavour == "telegram":
            data = without_exif(data)
        drawn = await _drawn_if_whole(data, [_scaled(size, side) for side in PHOTO_SIDES if side < max(size)])
        # From here on nothing waits: the numbers of one photo's sizes follow each other.
        whole = self.add("photo", data, width=size[0], height=size[1], mime="image/jpeg")
        return (*[self._small("photo", *one, whole) for one in drawn], whole)

    async def add_shown(self, kind: str, data: bytes, small: bytes = b"", **about: Any) -> StoredFile:
        """Stores a file with a thumbnail: ``small`` where it was sent along, else what the server would draw.

        Films cannot be looked into here: theirs is a plain picture in their proportion.
        """
        size = measure(data) if kind in ("document", "animation") else None
        if size is not None and kind == "animation":
            about |= {"width": size[0], "height": size[1]}
        one = self.add(kind, data, **about)
        if small and (sent := measure(small)) is not None:
            drawn = [(small, sent)]
        elif size is not None:
            sizes = [_scaled(size, THUMBNAIL_SIDE)] if size[0] * size[1] <= _DRAWN_PIXELS else []
            drawn = await _drawn_if_whole(data, sizes)
        elif kind in ("video", "animation"):
            size = _scaled((one.width or _FILM[0], one.height or _FILM[1]), THUMBNAIL_SIDE)
            drawn = [(_jpeg(Image.new("RGB", size, "gray")), size)]
        else:
            drawn = []
        for found in drawn:
            one.thumbnail = self._small("thumbnail", *found)
        return one

    def _small(self, kind: str, data: bytes, size: tuple[int, int], original: StoredFile | None = None) -> StoredFile:
        return self.add(kind, data, width=size[0], height=size[1], mime="image/jpeg", original=original)

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


async def _drawn_if_whole(data: bytes, sizes: list[tuple[int, int]]) -> list[tuple[bytes, tuple[int, int]]]:
    """Smaller pictures with their sizes, none of a picture whose rest cannot be read."""
    try:
        return list(zip(await asyncio.to_thread(_drawn, data, sizes), sizes, strict=True))
    except _BROKEN:
        return []


def _shrunk(data: bytes, size: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    smaller = _scaled(size, PHOTO_SIDES[-1])
    try:
        return _drawn(data, [smaller])[0], smaller
    except _BROKEN:
        return without_exif(data), size  # the header was readable, the rest is not: passed on as it came
