"""The folder of stored files."""

import hashlib
import os
from pathlib import Path

import pytest

from storage.files import Files, StoreAway


def test_a_file_is_kept_once_under_the_hash_of_its_content(tmp_path: Path) -> None:
    files = Files(tmp_path / "media")
    content = b"\xff\xd8\xff" + bytes(1000)
    sha256 = files.keep(content, "image/jpeg")
    assert sha256 == hashlib.sha256(content).hexdigest()
    path = files.path(sha256, "image/jpeg")
    assert path == tmp_path / "media" / sha256[:2] / f"{sha256}.jpg"
    assert path.read_bytes() == content
    before = path.stat().st_mtime_ns
    assert files.keep(content, "image/jpeg") == sha256
    assert path.stat().st_mtime_ns == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_half_written_file_of_an_earlier_life_is_replaced(tmp_path: Path) -> None:
    files = Files(tmp_path)
    sha256 = files.keep(b"whole content", "audio/ogg")
    files.path(sha256, "audio/ogg").write_bytes(b"whole")
    files.keep(b"whole content", "audio/ogg")
    assert files.path(sha256, "audio/ogg").read_bytes() == b"whole content"


def test_a_failed_writing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreAway, match="no space left"):
        Files(tmp_path).keep(b"content", "video/mp4")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_is_opened_or_missing_or_the_folder_is_away(tmp_path: Path) -> None:
    files = Files(tmp_path)
    sha256 = files.keep(b"content", "audio/ogg")
    with files.open(sha256, "audio/ogg") as handle:
        assert handle.read() == b"content"
    assert files.has(sha256, "audio/ogg")
    assert not files.has(sha256, "video/mp4")
    with pytest.raises(FileNotFoundError):
        files.open("0" * 64, "audio/ogg")
    files.path(sha256, "audio/ogg").unlink()
    files.path(sha256, "audio/ogg").mkdir()
    with pytest.raises(StoreAway):
        files.open(sha256, "audio/ogg")
