"""A PostgreSQL that vanished without a word is noticed, and closing does not wait for one that does not answer."""

import asyncio
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from storage.database import Database

pytestmark = pytest.mark.postgres


async def _socket(database: Database) -> socket.socket:
    async with database.read() as tx:
        raw: Any = await tx.get_raw_connection()
        plug: socket.socket = raw.driver_connection._transport.get_extra_info("socket")
        return plug


async def test_a_silent_server_is_given_up_by_the_operating_system(postgres: str) -> None:
    database = Database(postgres)
    plug = await _socket(database)
    assert plug.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        assert plug.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 11_000
    await database.close()


async def test_closing_does_not_wait_for_a_server_that_does_not_answer(postgres: str) -> None:
    """A relay in front of the server that falls silent stands for a machine that is gone."""
    address = urlsplit(postgres).netloc.rpartition("@")[2]
    host, port = address.split(":")
    silent = asyncio.Event()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if silent.is_set():
                await asyncio.sleep(60)
            writer.write(data)
            await writer.drain()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(host, int(port))
        tasks = [asyncio.ensure_future(carry(reader, there_writer)), asyncio.ensure_future(carry(there_reader, writer))]
        carrying.extend(tasks)
        await asyncio.wait(tasks)
        writer.close()
        there_writer.close()

    carrying: list[asyncio.Future[None]] = []
    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    here = server.sockets[0].getsockname()[1]
    database = Database(postgres.replace(address, f"127.0.0.1:{here}"))
    async with database.read():
        pass
    silent.set()
    began = time.monotonic()
    (opened,) = database._opened
    await database.close(within=0.3)
    assert time.monotonic() - began < 2
    assert opened.is_closed(), "it is broken off, not left behind"
    server.close()
    for task in carrying:
        task.cancel()
    await asyncio.gather(*carrying, return_exceptions=True)


async def test_a_database_that_does_not_close_in_time_leaves_no_connection(database: Database) -> None:
    async with database.write() as tx, database.read() as other:
        assert await tx.scalar(sa.select(1)) == await other.scalar(sa.select(1)) == 1
    opened = list(database._opened)
    assert opened
    await database.close(within=0)
    if database.is_sqlite:
        assert not any(one._thread.is_alive() for one in opened)
    else:
        assert all(one.is_closed() for one in opened)
