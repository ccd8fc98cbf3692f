"""Files of citizens and officials, kept once under the hash of their content."""

import hashlib
import os
import tempfile
from pathlib import Path

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


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Files:
    """The folder of stored files; its methods block, so call them from a thread."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str, mime: str) -> Path:
        """Return where a file of this hash and type lies."""
        return self.root / sha256[:2] / f"{sha256}.{EXTENSIONS[mime]}"

    def keep(self, content: bytes, mime: str) -> str:
        """Write the file so that it survives a power cut, unless it is there already; returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256, mime)
        if target.exists() and target.stat().st_size == len(content):
            return sha256
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
        return sha256
