"""Which store the settings name, and what doctor says of it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.__main__ import app
from bot.settings import Settings
from bot.stores import store_of
from storage.bucket import Bucket
from storage.files import Files
from tests.media.test_bucket import free_port

KEYS = {"s3_bucket": "bot137", "s3_access_key": "the-access-key", "s3_secret_key": "the-secret-key"}
BUCKET = {"s3_endpoint": "https://s3.example.com", **KEYS}


def _settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def test_without_a_bucket_it_is_the_folder(tmp_path: Path) -> None:
    store = store_of(_settings(media_dir=tmp_path))
    assert isinstance(store, Files)
    assert store.root == tmp_path


def test_with_all_four_settings_it_is_the_bucket_with_the_folder_behind_it(tmp_path: Path) -> None:
    settings = _settings(media_dir=tmp_path, **BUCKET)
    assert isinstance(store_of(settings), Bucket)
    assert "the-secret-key" not in repr(settings)
    assert "the-access-key" not in repr(settings)


@pytest.mark.parametrize("missing", BUCKET)
def test_half_a_bucket_is_a_mistake_and_no_folder(missing: str) -> None:
    given = {name: value for name, value in BUCKET.items() if name != missing}
    with pytest.raises(ValidationError, match=missing.upper()) as caught:
        _settings(**given)
    assert "the-secret-key" not in str(caught.value)


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://s3.example.com", True),
        ("https://s3.example.com:9000/", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost:9000", True),
        ("http://s3.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("s3.example.com", False),
        ("https://s3.example.com/bucket", False),
        ("https://key:secret@s3.example.com", False),
        ("ftp://s3.example.com", False),
    ],
)
def test_addresses_of_a_bucket(endpoint: str, allowed: bool) -> None:
    given = {**KEYS, "s3_endpoint": endpoint}
    if allowed:
        assert isinstance(store_of(_settings(**given)), Bucket)
    else:
        with pytest.raises(ValidationError, match="S3_ENDPOINT"):
            _settings(**given)


def test_plain_http_has_to_be_asked_for() -> None:
    given = {**KEYS, "s3_endpoint": "http://s3.example.com", "s3_allow_http": True}
    assert isinstance(store_of(_settings(**given)), Bucket)


def test_doctor_says_what_is_wrong_with_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    for name, value in {**BUCKET, "s3_endpoint": endpoint}.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    told = CliRunner().invoke(app, ["doctor"])
    assert told.exit_code == 1
    assert f"S3_BUCKET bot137 at {endpoint} cannot be used" in told.output
    assert "secret-key" not in told.output


def test_doctor_names_half_a_bucket_without_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_ENDPOINT", "https://s3.example.com")
    monkeypatch.setenv("S3_SECRET_KEY", "the-secret-key")
    told = CliRunner().invoke(app, ["doctor"])
    assert told.exit_code == 1
    assert "S3_BUCKET, S3_ACCESS_KEY must be given too" in told.output
    assert "the-secret-key" not in told.output


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    assert Files(tmp_path / "new").problem() == ""
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("no folder")
    problem = Files(tmp_path / "file").problem()
    assert problem == f"MEDIA_DIR {tmp_path / 'file'} cannot be written to: File exists."
