"""The web server holds out against connections that want nothing, and ends when it is told to."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot import web_server as module
from bot.web_server import WebServer, application
from tests.engine.webhook_rig import closed

HELLO = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass(frozen=True)
class Visitor:
    """A connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, words: bytes) -> None:
        self.writer.write(words)

    async def answered(self) -> bytes:
        return await asyncio.wait_for(self.reader.readuntil(b"hello"), 5)

    async def rest(self) -> bytes:
        return await asyncio.wait_for(self.reader.read(), 5)

    async def ended(self) -> bool:
        with contextlib.suppress(ConnectionError):
            await self.rest()
        return self.reader.at_eof() or self.reader.exception() is not None


@dataclass
class Served:
    server: WebServer
    visitors: list[Visitor] = field(default_factory=list)

    async def knock(self, words: bytes = HELLO) -> Visitor:
        visitor = Visitor(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self.visitors.append(visitor)
        visitor.say(words)
        return visitor


@asynccontextmanager
async def serving(pause: float = 0, stopping: Callable[[], None] = lambda: None) -> AsyncIterator[Served]:
    async def hello(_request: Request) -> PlainTextResponse:
        await asyncio.sleep(pause)
        return PlainTextResponse("hello")

    async def broken(_request: Request) -> PlainTextResponse:
        raise RuntimeError("on purpose")

    routes = [Route("/hello", hello), Route("/broken/{secret}", broken)]
    server = WebServer(application(routes), "127.0.0.1", 0, stopping)
    server.open()
    task = asyncio.ensure_future(server.run())
    served = Served(server)
    try:
        yield served
    finally:
        server.stop()
        await asyncio.wait_for(task, 4)
        await closed(*(visitor.writer for visitor in served.visitors))


async def test_it_answers_several_times_on_one_connection_and_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with serving() as served:
        visitor = await served.knock()
        for _ in range(3):
            head = await visitor.answered()
            visitor.say(HELLO)
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert b"server:" not in head.lower()
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.parametrize("words", [b"", b"GET /hello HTTP/1.1\r\nHost:"], ids=["none", "half"])
async def test_a_head_that_does_not_come_ends_the_connection(monkeypatch: pytest.MonkeyPatch, words: bytes) -> None:
    monkeypatch.setattr(module, "_HEAD_WITHIN", 0.2)
    async with serving() as served:
        first, second = await served.knock(words), await served.knock()
        await second.answered()
        second.say(words or b"GET")
        assert await first.ended()
        assert await second.ended()


async def test_an_answer_that_takes_its_time_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HEAD_WITHIN", 0.2)
    async with serving(pause=0.5) as served:
        await (await served.knock()).answered()


async def test_at_the_limit_an_idle_connection_makes_room_and_a_busy_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 3)
    async with serving(pause=1.0) as served:
        busy = [await served.knock() for _ in range(2)]
        await asyncio.sleep(0.1)
        idle = await served.knock(b"")
        await asyncio.sleep(0.1)
        busy.append(await served.knock())
        assert await idle.ended()
        await asyncio.sleep(0.1)
        refused = await served.knock()  # now all three are busy
        assert await refused.ended()
        for visitor in busy:
            await visitor.answered()


async def test_stopping_finishes_answers_and_ends_idle_connections() -> None:
    told: list[str] = []
    loop = asyncio.get_running_loop()
    async with serving(0.4, lambda: told.append("stopping")) as served:
        busy, idle = await served.knock(), await served.knock(b"GET /hel")
        await asyncio.sleep(0.1)
        begun = loop.time()
        served.server.stop()
        assert told == ["stopping"]
        await busy.answered()
        assert await idle.ended()
        assert await busy.ended()
        assert loop.time() - begun < 2


async def test_a_taken_port_is_named() -> None:
    async with serving() as served:
        other = WebServer(application([]), "127.0.0.1", served.server.port)
        with pytest.raises(OSError, match=f"WEB_PORT {served.server.port}: Address already in use"):
            other.open()


async def test_no_path_comes_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serving() as served:
            for path in (b"/hello?secret-path", b"/secret-path", b"/broken/secret-path"):
                request = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                assert (await (await served.knock(request)).rest()).startswith(b"HTTP/1.1 ")
            malformed = await served.knock(b"secret-path\r\n\r\n")
            assert (await malformed.rest()).startswith(b"HTTP/1.1 400 ")
    assert "on purpose" in caplog.text  # a mistake of ours is told
    assert "secret-path" not in caplog.text
