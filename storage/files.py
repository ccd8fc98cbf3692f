"""Files of citizens and officials, kept once under the hash of their content: in a folder here, or in a bucket."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

EXTENSIONS = {
    "image/jpeg": "jpg",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "application/pdf": "pdf",
}


class StoreAway(OSError):
    """The store cannot be reached or does not do as it is asked; what is to be kept or read has to wait."""


def name_of(sha256: str, mime: str) -> str:
    """Return the name of a file of this hash and type, the same in every store."""
    return f"{sha256[:2]}/{sha256}.{EXTENSIONS[mime]}"


class Store(Protocol):
    """Where files lie; the methods block, so call them from a thread, and raise StoreAway."""

    def keep(self, content: bytes, mime: str) -> str:
        """Keep a file so that it survives a power cut, unless it is there already; returns its SHA-256."""

    def open(self, sha256: str, mime: str) -> BinaryIO:
        """Open a file for reading; raises FileNotFoundError where there is none."""

    def has(self, sha256: str, mime: str) -> bool:
        """Say whether a file of this hash and type is there."""

    def problem(self) -> str:
        """Try to write and return what is wrong, in a sentence; "" when all is well."""


class Openable(Protocol):
    """What a file is sent from: one in a store, or a Path."""

    @property
    def name(self) -> str:
        """The file's name without a folder."""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """Open it for reading; blocks."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in a store, to be opened when it is wanted."""

    store: Store
    sha256: str
    mime: str

    @property
    def name(self) -> str:
        """The file's name without a folder."""
        return name_of(self.sha256, self.mime).rpartition("/")[2]

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """Open it for reading, as a Path is opened; blocks, and raises FileNotFoundError or StoreAway."""
        return self.store.open(self.sha256, self.mime)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Files:
    """The folder of stored files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str, mime: str) -> Path:
        """Return where a file of this hash and type lies."""
        return self.root / name_of(sha256, mime)

    def has(self, sha256: str, mime: str) -> bool:
        """Say whether a file of this hash and type is there."""
        return self.path(sha256, mime).exists()

    def open(self, sha256: str, mime: str) -> BinaryIO:
        """Open a file for reading; raises FileNotFoundError where there is none."""
        try:
            return self.path(sha256, mime).open("rb")
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StoreAway(f"the folder of files: {error.strerror}") from error

    def keep(self, content: bytes, mime: str) -> str:
        """Write the file so that it survives a power cut, unless it is there already; returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256, mime)
        try:
            if not (target.exists() and target.stat().st_size == len(content)):
                self._write(content, target)
        except OSError as error:
            raise StoreAway(f"the folder of files: {error.strerror or error}") from error
        return sha256

    def _write(self, content: bytes, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)

    def problem(self) -> str:
        """Try to write and return what is wrong, in a sentence; "" when all is well."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root) as probe:
                probe.write(b"137")
        except OSError as error:
            return f"MEDIA_DIR {self.root} cannot be written to: {error.strerror}."
        return ""
