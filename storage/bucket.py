"""Files in a bucket that speaks S3: Amazon's, MinIO, Ceph, or a provider's in the country."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from storage.files import Files, StoreAway, name_of

_MISSING = frozenset({"NoSuchKey", "NoSuchObject"})
_PROBE = ".probe"
_IN_ONE = 32 * 1024 * 1024  # bytes sent in one call, which then is there wholly or not at all; files have 20 MB at most


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a bucket may take, in seconds, and how often a call is repeated."""

    connect: float = 5.0
    read: float = 20.0
    retries: int = 2

    def pool(self) -> urllib3.PoolManager:
        """Return connections that end in time; the certificates of the system are asked for."""
        retries = urllib3.Retry(
            total=self.retries,
            backoff_factor=0.2,
            status_forcelist=(500, 502, 503, 504),
            allowed_methods=None,  # every call may be repeated: what is written is named by its content
            respect_retry_after_header=False,  # it may ask for any time
        )
        return urllib3.PoolManager(maxsize=16, timeout=urllib3.Timeout(self.connect, self.read), retries=retries)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is: `endpoint` is an address with http:// or https:// and no path."""

    endpoint: str
    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str
    prefix: str = ""


def _away(doing: str, error: Exception) -> StoreAway:
    """Tell what failed without the address, which some errors carry with its signature."""
    said = error.code if isinstance(error, S3Error) else type(error).__name__
    return StoreAway(f"{doing} the bucket: {said}")


class Bucket:
    """Stored files in a bucket; what is not there yet is read from `before`, the folder used earlier."""

    def __init__(self, place: Place, before: Files | None = None, patience: Patience | None = None) -> None:
        address = urlsplit(place.endpoint)
        self._place, self._before = place, before
        self._client = Minio(
            address.netloc,
            access_key=place.access_key,
            secret_key=place.secret_key,
            region=place.region,
            secure=address.scheme == "https",
            http_client=(patience or Patience()).pool(),
        )

    def __repr__(self) -> str:
        """Show no key."""
        return f"Bucket({self._place.bucket})"

    def _key(self, name: str) -> str:
        return f"{self._place.prefix}{name}"

    def _do[T](self, doing: str, call: Callable[[], T]) -> T:
        """Make one call; raises FileNotFoundError or StoreAway, whatever the client raises."""
        try:
            return call()
        except S3Error as error:
            if error.code in _MISSING:
                raise FileNotFoundError("not in the bucket") from None
            raise _away(doing, error) from None
        except (MinioException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _away(doing, error) from None

    def _size(self, name: str) -> int | None:
        """Return a file's length in bytes, None where it is not in the bucket."""
        key = self._key(name)
        try:
            return self._do("looking into", lambda: self._client.stat_object(self._place.bucket, key).size)
        except FileNotFoundError:
            return None

    def _put(self, name: str, content: bytes, mime: str) -> None:
        key, bucket = self._key(name), self._place.bucket
        self._do(
            "writing to",
            lambda: self._client.put_object(
                bucket, key, BytesIO(content), len(content), content_type=mime, part_size=_IN_ONE
            ),
        )

    def has(self, sha256: str, mime: str) -> bool:
        """Say whether a file of this hash and type is there, or in the folder used earlier."""
        return self._size(name_of(sha256, mime)) is not None or bool(self._before and self._before.has(sha256, mime))

    def keep(self, content: bytes, mime: str) -> str:
        """Put the file into the bucket unless it is there already; returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        name = name_of(sha256, mime)
        if self._size(name) != len(content):
            self._put(name, content, mime)
        return sha256

    def open(self, sha256: str, mime: str) -> BinaryIO:
        """Fetch a file and open it for reading; raises FileNotFoundError where there is none."""
        name = name_of(sha256, mime)
        try:
            return self._do("reading from", lambda: self._fetched(name))
        except FileNotFoundError:
            if self._before is None:
                raise
            return self._before.open(sha256, mime)

    def _fetched(self, name: str) -> BinaryIO:
        """Fetch into a file without a name: many are sent at once, and memory is dearer than disk."""
        answer = self._client.get_object(self._place.bucket, self._key(name))
        part: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asked closes it)
        try:
            shutil.copyfileobj(answer, part)
            part.seek(0)
        except BaseException:
            part.close()
            raise
        finally:
            answer.close()
            answer.release_conn()
        return part

    def problem(self) -> str:
        """Try to write, read and erase, and return what is wrong, in a sentence; "" when all is well."""
        place = f"S3_BUCKET {self._place.bucket} at {self._place.endpoint}"
        try:
            self._put(_PROBE, b"137", "text/plain")
            self._do("reading from", lambda: self._fetched(_PROBE)).close()
        except OSError as error:
            return f"{place} cannot be used: {error}."
        try:
            key = self._key(_PROBE)
            self._do("erasing from", lambda: self._client.remove_object(self._place.bucket, key))
        except OSError:
            return ""  # the bot itself never erases: a key without that right will do
        return ""
