"""The HTTP connection that python-telegram-bot's Bot and our own polling share, on aiohttp.

aiohttp and not PTB's httpx: one reply costs a quarter of the processor time, with many at once a ninth.
"""

import json
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.messengers import normalise
from bot.messengers.decoding import decoded
from bot.messengers.failures import CallFailed, Failure, failure

MAX_ANSWER_BYTES = 32 * 1024 * 1024
UPLOAD_SECONDS = 180.0  # added to the time allowed for an answer when files go up
_SHOWN = 200  # characters of an answer that go into a description
_READ = 4 * _SHOWN  # characters looked at: more, so that a token at the edge is seen whole before the cut
_CHUNK = 64 * 1024
_LONGEST_WAIT = 15 * 60.0  # seconds; whoever asks for more is asked again after these
# An answer that is not the Bot API's own JSON may come from a proxy or a filter on the way: its 403 or 404 says
# nothing about the person or the token. These say what they say whoever speaks.
_CLEAR_STATUSES = frozenset({409, 413, 429, 501})
_GONE_FILE_STATUSES = frozenset({404, 410})
_TOKEN_LIKE = re.compile(r"\b\d{3,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
_CREDENTIALS = re.compile(r"//[^/@\s]+@")


def redacted(text: str, token: str) -> str:
    """Take the token, whatever looks like one, and a proxy's password out of a text."""
    for secret in {token, quote(token, safe="")} - {""}:
        text = text.replace(secret, "<token>")
    return _CREDENTIALS.sub("//<hidden>@", _TOKEN_LIKE.sub("<token>", text))


class _Answer(bytes):
    """The body handed to PTB together with what was read from it, so that it is not parsed twice."""

    parsed: dict[str, Any]

    @classmethod
    def of(cls, result: Any) -> "_Answer":
        answer = cls()
        answer.parsed = {"ok": True, "result": result}
        return answer


def _seconds(value: Any) -> float | None:
    """Read a time to wait, which anybody on the way may have written: no word of theirs silences a bot for long."""
    with suppress(TypeError, ValueError, OverflowError):
        seconds = float(value)
        if math.isfinite(seconds) and seconds >= 0:
            return min(seconds, _LONGEST_WAIT)
    return None


def _not_an_answer(status: int, body: bytes, retry_after: float | None) -> CallFailed:
    """Class a body that is no JSON object: a bare word, a proxy's page, nothing."""
    words = body.decode("utf-8", "replace").strip().strip('"')[:_READ]
    kind = failure(status if status in _CLEAR_STATUSES else 599, "" if words.startswith("<") else words)
    return CallFailed(kind, words or "empty answer", retry_after=retry_after, status=status)


def _refusal(status: int, answer: dict[str, Any], retry_after: float | None) -> CallFailed:
    """Class a JSON object that is not ok; its own error_code counts more than the HTTP status, which may be 200."""
    code = answer.get("error_code")
    code = code if isinstance(code, int) else status
    words = str(answer.get("description") or "no description")[:_READ]
    parameters = answer.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    new_chat_id = parameters.get("migrate_to_chat_id")
    known = _seconds(parameters.get("retry_after"))
    kind = Failure.MIGRATED if new_chat_id else failure(code, words)
    return CallFailed(
        kind,
        words,
        retry_after=retry_after if known is None else known,
        new_chat_id=new_chat_id,
        status=code,
    )


def _result(status: int, body: bytes, retry_after: float | None) -> Any:
    """Return the result in an answer's body; raises CallFailed."""
    try:
        answer = decoded(body)
    except ValueError:
        raise _not_an_answer(status, body, retry_after) from None
    if not isinstance(answer, dict):
        raise _not_an_answer(status, body, retry_after)
    if answer.get("ok") is True and "result" in answer and status < 300:
        return answer["result"]
    if answer.get("ok") is not False and "error_code" not in answer:
        raise CallFailed(Failure.SERVER, "JSON that is no Bot API answer", status=status)
    raise _refusal(status, answer, retry_after)


Body = tuple[Any, dict[str, str]]
"""What aiohttp sends, and the headers that belong to it."""

_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _json_body(parameters: Mapping[str, Any]) -> Body:
    text = json.dumps(parameters, ensure_ascii=False, separators=(",", ":"))
    return text.encode(), _JSON


def _form_body(parameters: Mapping[str, Any]) -> Body:
    pairs = [(name, _written(value)) for name, value in parameters.items()]
    return urlencode(pairs).encode("ascii"), _FORM


def _form(data: RequestData | None) -> Body:
    """Turn PTB's parameters into a form; with files a multipart one, streamed from where they lie."""
    if data is None or not data.contains_files:
        return _form_body(data.json_parameters if data else {})
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, {}


class Transport(BaseRequest):
    """Calls to one bot's methods and files; every failure is a CallFailed that does not show the token."""

    __slots__ = ("_body", "_fills", "_proxy", "_read_seconds", "_session", "_token", "_urls")

    def __init__(
        self,
        token: str,
        *,
        leaves_fields_out: bool,
        json_bodies: bool = False,
        proxy: str | None = None,
        read_seconds: float = 30.0,
    ) -> None:
        """`proxy` is an http:// address, with credentials if it wants them."""
        if proxy and not proxy.startswith(("http://", "https://")):
            raise ValueError("only http:// proxies are supported")
        self._token = token
        self._fills = leaves_fields_out
        self._body = _json_body if json_bodies else _form_body
        self._urls: dict[str, URL] = {}  # read once
        self._proxy = proxy or None
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        """Show no token."""
        return "Transport()"

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take where the call does not say."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Make ready; connections are opened when first used."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=30, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Hand PTB what do_request has read already."""
        return payload.parsed if isinstance(payload, _Answer) else json.loads(payload)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Call one method for PTB; of its time-outs only the one for reading has a meaning here."""
        seconds = self._read_seconds if read_timeout is self.DEFAULT_NONE else read_timeout
        upload = UPLOAD_SECONDS if request_data and request_data.contains_files else 0.0
        result = await self._call(url, _form(request_data), seconds or self._read_seconds, upload)
        name = url.rsplit("/", 1)[-1]
        return 200, _Answer.of(normalise.answer(name, result, leaves_fields_out=self._fills))

    async def call(self, url: str, parameters: Mapping[str, Any], read_seconds: float | None = None) -> Any:
        """Call one method with JSON data for parameters and return its result as the messenger gave it."""
        return await self._call(url, self._body(parameters), read_seconds or self._read_seconds, 0.0)

    async def fetch(self, url: str, limit_bytes: int) -> bytes:
        """Download a file, giving up as soon as it is over the limit (TOO_LONG); no longer there is GONE."""
        status, body, retry_after = await self._exchange(
            "GET", URL(url), (None, {}), self._timeout(60.0, 120.0), limit_bytes
        )
        if status == 200:
            return body
        if status in _GONE_FILE_STATUSES:
            raise CallFailed(Failure.GONE, "the file is not there", status=status)
        raise self._redact(_not_an_answer(status, body, retry_after))

    async def _call(self, url: str, body: Body, read_seconds: float, upload_seconds: float) -> Any:
        timeout = self._timeout(read_seconds, upload_seconds)
        address = self._urls.get(url) or self._urls.setdefault(url, URL(url))
        status, answer, retry_after = await self._exchange("POST", address, body, timeout, MAX_ANSWER_BYTES)
        try:
            return _result(status, answer, retry_after)
        except CallFailed as failed:
            raise self._redact(failed) from None

    async def _exchange(
        self, method: str, url: URL, body: Body, times: aiohttp.ClientTimeout, limit: int
    ) -> tuple[int, bytes, float | None]:
        if self._session is None:
            raise CallFailed(Failure.NETWORK, "the connection is not open")
        data, headers = body
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=times, allow_redirects=False
            ) as response:
                answer = await _at_most(response, limit)
                wait = response.headers.get("Retry-After")
                return response.status, answer, None if wait is None else _seconds(wait)
        except (aiohttp.ClientError, TimeoutError, OSError, RuntimeError) as problem:
            # Without the cause: aiohttp's errors carry the whole address, token and proxy password included.
            raise CallFailed(Failure.NETWORK, self._told(problem)) from None

    def _timeout(self, read_seconds: float, more_seconds: float) -> aiohttp.ClientTimeout:
        total = 10.0 + read_seconds + more_seconds
        return aiohttp.ClientTimeout(total=total, connect=10.0, sock_connect=10.0, sock_read=read_seconds)

    def _told(self, problem: Exception) -> str:
        return redacted(f"{type(problem).__name__}: {problem}", self._token)[:_SHOWN]

    def _redact(self, failed: CallFailed) -> CallFailed:
        return replace(failed, description=redacted(failed.description, self._token)[:_SHOWN])


async def _at_most(response: aiohttp.ClientResponse, limit: int) -> bytes:
    announced = response.content_length
    if announced is not None and announced <= limit and not response.headers.get("Content-Encoding"):
        return await response.read()
    if (announced or 0) > limit:
        raise CallFailed(Failure.TOO_LONG, f"more than {limit} bytes")
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > limit:
            raise CallFailed(Failure.TOO_LONG, f"more than {limit} bytes")
    return bytes(body)
