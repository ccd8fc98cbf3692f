"""Files in a bucket, against a real server that speaks S3, and against one that is away, slow or out of order."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from minio import Minio
from moto.server import ThreadedMotoServer

from storage.bucket import Bucket, Patience, Place
from storage.files import Files, StoreAway, name_of

CONTENT = b"\xff\xd8\xff" + bytes(range(256)) * 40_000  # ten megabytes
IMPATIENT = Patience(connect=0.5, read=0.5, retries=1)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def place(address: str, request: pytest.FixtureRequest) -> Place:
    name = "bot137-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    where = Place(address, name, "the-access-key", "the-secret-key", "ir-thr-at1", "media/")
    _plain(where).make_bucket(name)
    return where


def _plain(place: Place) -> Minio:
    return Minio(
        place.endpoint.removeprefix("http://"),
        access_key=place.access_key,
        secret_key=place.secret_key,
        region=place.region,
        secure=False,
    )


def _names(place: Place) -> list[str]:
    return sorted(str(found.object_name) for found in _plain(place).list_objects(place.bucket, recursive=True))


def test_a_file_is_kept_once_and_read_again(place: Place) -> None:
    bucket = Bucket(place)
    sha256 = bucket.keep(CONTENT, "image/jpeg")
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert _names(place) == [f"media/{sha256[:2]}/{sha256}.jpg"]
    first = _plain(place).stat_object(place.bucket, _names(place)[0])
    assert (first.size, first.content_type) == (len(CONTENT), "image/jpeg")
    assert Bucket(place).keep(CONTENT, "image/jpeg") == sha256
    again = _plain(place).stat_object(place.bucket, _names(place)[0])
    assert (again.last_modified, again.etag) == (first.last_modified, first.etag)
    assert "-" not in str(first.etag)  # written in one call, not in parts that a kill leaves behind
    with bucket.open(sha256, "image/jpeg") as handle:
        assert handle.read() == CONTENT
    assert bucket.has(sha256, "image/jpeg")
    assert not bucket.has("0" * 64, "image/jpeg")


def test_a_file_of_another_length_is_written_anew(place: Place) -> None:
    bucket = Bucket(place)
    sha256 = bucket.keep(b"whole content", "audio/ogg")
    import io

    _plain(place).put_object(place.bucket, _names(place)[0], io.BytesIO(b"half"), 4)
    bucket.keep(b"whole content", "audio/ogg")
    with bucket.open(sha256, "audio/ogg") as handle:
        assert handle.read() == b"whole content"


def test_what_is_not_there_is_read_from_the_folder_used_before(place: Place, tmp_path: Path) -> None:
    folder = Files(tmp_path)
    old = folder.keep(b"an older file", "video/mp4")
    bucket = Bucket(place, before=folder)
    assert bucket.has(old, "video/mp4")
    with bucket.open(old, "video/mp4") as handle:
        assert handle.read() == b"an older file"
    assert _names(place) == []
    for store in (bucket, Bucket(place)):
        with pytest.raises(FileNotFoundError):
            store.open("0" * 64, "video/mp4")
    with pytest.raises(FileNotFoundError):
        Bucket(place).open(old, "video/mp4")


def test_both_stores_name_files_alike_so_that_a_copy_of_the_folder_is_a_bucket(place: Place, tmp_path: Path) -> None:
    sha256 = Files(tmp_path).keep(CONTENT, "image/jpeg")
    for path in filter(Path.is_file, tmp_path.rglob("*")):
        _plain(place).fput_object(place.bucket, f"{place.prefix}{path.relative_to(tmp_path).as_posix()}", str(path))
    assert _names(place) == [f"media/{name_of(sha256, 'image/jpeg')}"]
    with Bucket(place).open(sha256, "image/jpeg") as handle:
        assert handle.read() == CONTENT


def test_it_tells_in_a_sentence_what_is_wrong(place: Place) -> None:
    assert Bucket(place).problem() == ""
    assert _names(place) == []  # the probe is gone
    absent = Bucket(replace(place, bucket="no-such-bucket")).problem()
    assert (
        absent == f"S3_BUCKET no-such-bucket at {place.endpoint} cannot be used: writing to the bucket: NoSuchBucket."
    )
    nobody = replace(place, endpoint=f"http://127.0.0.1:{free_port()}")
    away = Bucket(nobody, patience=IMPATIENT).problem()
    assert away.startswith(f"S3_BUCKET {place.bucket} at {nobody.endpoint} cannot be used: ")
    for words in (absent, away, repr(place), repr(Bucket(place))):
        assert "secret-key" not in words
        assert "access-key" not in words


class _Sick(BaseHTTPRequestHandler):
    """Answers every call with the status the server is set to, after the pause it is set to."""

    def _answer(self) -> None:
        server: Any = self.server
        server.calls += 1
        time.sleep(server.pause)
        if server.status:
            self.send_response(server.status)
            self.send_header("Content-Length", str(server.claims))
            self.send_header("Retry-After", "600")
            self.end_headers()

    do_GET = do_PUT = do_HEAD = _answer  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def sick() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Sick)
    server.calls, server.pause, server.status, server.claims = 0, 0.0, 503, 0
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("status", "pause", "claims"),
    [(503, 0.0, 0), (500, 0.0, 0), (403, 0.0, 0), (301, 0.0, 0), (0, 0.0, 0), (200, 2.0, 0), (200, 0.0, 5000)],
)
def test_a_server_out_of_order_is_away_and_never_waited_for_long(
    sick: Any, status: int, pause: float, claims: int
) -> None:
    sick.status, sick.pause, sick.claims = status, pause, claims
    there = Place(f"http://127.0.0.1:{sick.server_port}", "bucket", "key", "very-secret", "us-east-1")
    bucket, started = Bucket(there, patience=IMPATIENT), time.monotonic()
    with pytest.raises(StoreAway) as caught:
        bucket.open("0" * 64, "image/jpeg")
    assert "very-secret" not in str(caught.value)
    if claims == 0:
        with pytest.raises(StoreAway):
            bucket.keep(b"content", "image/jpeg")
    assert time.monotonic() - started < 10
    assert 1 <= sick.calls <= 8
