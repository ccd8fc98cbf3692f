"""The endpoint that messengers deliver updates to: 200 is said only when the update is in the inbox."""

import asyncio
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.arrivals import arrival
from bot.webhook_addresses import FOLDER, Address
from bot.webhook_intake import Intake, Unavailable
from storage.inbox import Arrival

log = structlog.get_logger(__name__)

BODY_LIMIT = 1024 * 1024  # bytes
_BODY_WITHIN = 10.0  # seconds that a body may take
_TOLD_EVERY = 60.0  # seconds between two lines of the log about strangers
_CLOSE = {"Connection": "close"}  # the rest of a body that is not wanted is not read


class _TooLarge(Exception):
    """The body is over the limit."""


@dataclass(frozen=True, slots=True)
class _Door:
    name: bytes
    header: bytes  # in which the secret comes; empty: the name is the secret
    secret: bytes
    intake: Intake

    def opens(self, name: bytes, headers: Mapping[bytes, bytes]) -> bool:
        """Compare in a time that tells nothing, whatever is missing."""
        right_name = hmac.compare_digest(name, self.name)
        right_secret = not self.header or hmac.compare_digest(headers.get(self.header, b""), self.secret)
        return right_name and right_secret


class _Strangers:
    """Counts who comes without the right secret, and says so now and then."""

    def __init__(self) -> None:
        self.count = 0
        self._told_at: float | None = None

    def came(self) -> None:
        self.count += 1
        now = asyncio.get_running_loop().time()
        if self._told_at is None or now - self._told_at >= _TOLD_EVERY:
            self._told_at = now
            log.warning("a delivery without the right secret was turned away", so_far=self.count)


def described(messenger: str, body: bytes) -> Arrival:
    """Describe a body for the inbox; what is no JSON becomes a text, which no handler will be able to read.

    It came with the secret: were it refused, the messenger would repeat it for ever and hold back what comes after it.
    So it goes into quarantine as an unreadable update does that was polled.
    """
    try:
        return arrival(messenger, json.loads(body, strict=False))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number or a nesting beyond all measure
        return arrival(messenger, body.decode("utf-8", "replace"))


class Webhook:
    """An ASGI application for everything below /webhook/."""

    def __init__(self, addresses: Mapping[str, Address], intakes: Mapping[str, Intake]) -> None:
        self._doors = [
            _Door(
                address.name.encode(),
                address.messenger.webhook_header.lower().encode(),
                address.secret.encode(),
                intakes[name],
            )
            for name, address in addresses.items()
        ]
        self._strangers = _Strangers()
        self._reading: set[asyncio.Timeout] = set()

    @property
    def turned_away(self) -> int:
        """How many came without the right secret."""
        return self._strangers.count

    def routes(self) -> list[BaseRoute]:
        """Return what the web server is to know."""
        return [Route(FOLDER + "{name:path}", self)]

    def stop(self) -> None:
        """Wait no longer for bodies that are still on their way; updates that are here are still stored."""
        for patience in self._reading:
            if not patience.expired():  # one that runs out at this moment ends by itself
                patience.reschedule(asyncio.get_running_loop().time())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        door = self._door(request)
        if door is None:
            self._strangers.came()
            raise HTTPException(404)  # the same as where there is nothing at all
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "POST", **_CLOSE})
        try:
            body = await self._body(request)
            await door.intake.take(described(door.intake.name, body))
        except _TooLarge:
            log.warning("a delivery was too large", messenger=door.intake.name)
            return Response(status_code=413, headers=_CLOSE)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408, headers=_CLOSE)
        except Unavailable as refusal:
            return Response(status_code=503, headers={"Retry-After": str(refusal.retry_after)})
        return Response()

    def _door(self, request: Request) -> _Door | None:
        name = request.path_params["name"].encode("utf-8", "surrogatepass")
        headers = dict(request.scope["headers"])
        fitting = [door for door in self._doors if door.opens(name, headers)]
        return fitting[0] if fitting else None

    async def _body(self, request: Request) -> bytes:
        """Read at most the limit; the length that is announced is believed only where it is too much."""
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > BODY_LIMIT:
            raise _TooLarge
        body = bytearray()
        async with asyncio.timeout(_BODY_WITHIN) as patience:
            self._reading.add(patience)
            try:
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > BODY_LIMIT:
                        raise _TooLarge
            finally:
                self._reading.discard(patience)
        return bytes(body)
