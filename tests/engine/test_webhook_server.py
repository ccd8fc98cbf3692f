"""The web server holds out against connections that want nothing, and ends when it is told to."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot import web_server as module
from bot.web_server import WebServer, application

HELLO = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def serving(pause: float = 0, stopping: Callable[[], None] = lambda: None) -> AsyncIterator[WebServer]:
    async def hello(_request: Request) -> PlainTextResponse:
        await asyncio.sleep(pause)
        return PlainTextResponse("hello")

    async def broken(_request: Request) -> PlainTextResponse:
        raise RuntimeError("on purpose")

    routes = [Route("/hello", hello), Route("/broken/{secret}", broken)]
    server = WebServer(application(routes), "127.0.0.1", 0, stopping)
    server.open()
    task = asyncio.ensure_future(server.run())
    try:
        yield server
    finally:
        server.stop()
        await asyncio.wait_for(task, 4)


async def knock(server: WebServer, words: bytes = HELLO) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(words)
    return reader, writer


async def answered(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.readuntil(b"hello"), 5)


async def ended(reader: asyncio.StreamReader) -> bool:
    with contextlib.suppress(ConnectionError):
        await asyncio.wait_for(reader.read(), 5)
    return reader.at_eof() or reader.exception() is not None


async def test_it_answers_several_times_on_one_connection_and_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with serving() as server:
        reader, writer = await knock(server)
        for _ in range(3):
            head = await answered(reader)
            writer.write(HELLO)
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert b"server:" not in head.lower()
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
        writer.close()


@pytest.mark.parametrize("words", [b"", b"GET /hello HTTP/1.1\r\nHost:"], ids=["none", "half"])
async def test_a_head_that_does_not_come_ends_the_connection(monkeypatch: pytest.MonkeyPatch, words: bytes) -> None:
    monkeypatch.setattr(module, "_HEAD_WITHIN", 0.2)
    async with serving() as server:
        first, first_writer = await knock(server, words)
        second, second_writer = await knock(server)
        await answered(second)
        second_writer.write(words or b"GET")
        assert await ended(first)
        assert await ended(second)
        for writer in (first_writer, second_writer):
            writer.close()


async def test_an_answer_that_takes_its_time_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HEAD_WITHIN", 0.2)
    async with serving(pause=0.5) as server:
        reader, writer = await knock(server)
        await answered(reader)
        writer.close()


async def test_at_the_limit_an_idle_connection_makes_room_and_a_busy_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 3)
    async with serving(pause=0.4) as server:
        busy = [await knock(server) for _ in range(2)]
        await asyncio.sleep(0.1)
        idle, idle_writer = await knock(server, b"")
        await asyncio.sleep(0.1)
        newcomer, newcomer_writer = await knock(server)
        assert await ended(idle)
        await asyncio.sleep(0.05)
        refused, refused_writer = await knock(server)  # now all three are busy
        assert await ended(refused)
        for reader, writer in [*busy, (newcomer, newcomer_writer)]:
            await answered(reader)
            writer.close()
        for writer in (idle_writer, refused_writer):
            writer.close()


async def test_stopping_finishes_answers_and_ends_idle_connections() -> None:
    told: list[str] = []
    async with serving(0.4, lambda: told.append("stopping")) as server:
        busy, busy_writer = await knock(server)
        idle, idle_writer = await knock(server, b"GET /hel")
        await asyncio.sleep(0.1)
        begun = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begun < 2
    assert told == ["stopping"]
    await answered(busy)
    assert await ended(idle)
    for writer in (busy_writer, idle_writer):
        writer.close()


async def test_a_taken_port_is_named() -> None:
    async with serving() as server:
        other = WebServer(application([]), "127.0.0.1", server.port)
        with pytest.raises(OSError, match=f"WEB_PORT {server.port}: Address already in use"):
            other.open()


async def test_no_path_comes_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serving() as server:
            for path in (b"/hello?secret-path", b"/secret-path", b"/broken/secret-path"):
                reader, writer = await knock(
                    server, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                )
                assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 ")
                writer.close()
            reader, writer = await knock(server, b"secret-path\r\n\r\n")
            assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 400 ")
            writer.close()
    assert "on purpose" in caplog.text  # a mistake of ours is told
    assert "secret-path" not in caplog.text
