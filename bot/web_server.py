"""The one web server of the bot: whatever has pages or addresses hands it routes."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 256
_HEAD_WITHIN = 10.0  # seconds until a request's first lines are there
_KEEP_ALIVE = 75  # seconds: longer than Telegram (50) and the usual proxies (60) keep theirs, so that they close first
_FINISH_WITHIN = 2  # seconds that requests under way get when the bot stops
_BACKLOG = 512


async def _nothing_here(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("Not Found", 404, headers={"Connection": "close"})


def application(routes: Sequence[BaseRoute]) -> Starlette:
    """Put the routes of all parts together."""
    return Starlette(routes=list(routes), exception_handlers={404: _nothing_here})


class _Connection(H11Protocol):
    """A connection that cannot be held open for nothing: heads must come in time, at the limit idle ones make room."""

    _deadline: asyncio.TimerHandle | None = None

    @property
    def idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_a_head()
        if len(self.connections) > MOST_CONNECTIONS:
            others = (one for one in self.connections if one is not self and isinstance(one, _Connection) and one.idle)
            next(others, self).transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.idle and not self.transport.is_closing():
            self._expect_a_head()
        else:
            self._expect_nothing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def _expect_a_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(_HEAD_WITHIN, self.transport.abort)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Uvicorn(uvicorn.Server):
    """Leaves the signals to the bot, which stops all its parts in their order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an application until it is stopped; `stopping` is told first."""

    def __init__(self, app: Starlette, host: str, port: int, stopping: Callable[[], None] = lambda: None) -> None:
        self._app, self._host, self._port, self._tell_stopping = app, host, port, stopping
        self._socket: socket.socket | None = None
        self._server: _Uvicorn | None = None
        self._stopping = False

    @property
    def port(self) -> int:
        """The port that is listened on; what was asked for may have been 0, any free one."""
        return self._port

    def open(self) -> None:
        """Take the port, before anything else is started; raises OSError when somebody else has it."""
        if self._socket is not None:
            return
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            self._socket = socket.create_server((self._host, self._port), family=family, backlog=_BACKLOG)
        except OSError as error:
            raise OSError(error.errno, f"WEB_HOST {self._host}, WEB_PORT {self._port}: {error.strerror}") from None
        self._port = self._socket.getsockname()[1]

    async def run(self) -> None:
        """Serve until `stop`; requests under way are finished."""
        self.open()
        assert self._socket is not None
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # not a line for each malformed request
        config = uvicorn.Config(
            self._app,
            http=_Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,  # addresses hold secrets
            proxy_headers=False,
            server_header=False,
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_FINISH_WITHIN,
        )
        self._server = _Uvicorn(config)
        self._server.should_exit = self._stopping
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            for listener in getattr(self._server, "servers", ()):  # still open when it was ended by a mistake
                listener.close()
            self.close()

    def stop(self) -> None:
        """Take no more connections; `run` ends when those under way are done, in two seconds at most."""
        self._stopping = True
        self._tell_stopping()
        if self._server is not None:
            self._server.should_exit = True

    def close(self) -> None:
        """Give the port back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
