"""The endpoint: who may deliver, what is taken, and that 200 means stored."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
import structlog

from bot import webhook as module
from storage import inbox as queue
from storage.database import Database
from storage.tables import inbox, receivers
from tests.engine.webhook_rig import HEADER, Served, closed, message, serving

LIMIT = module.BODY_LIMIT


@pytest.fixture
async def served(database: Database) -> AsyncIterator[Served]:
    async with serving(database) as served:
        yield served


def failing(times: int, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Callable[[], int]:
    """Let the inbox fail; return how often it still will."""
    sound, left = queue.receive, [times]

    async def receive(*args: Any) -> int:
        left[0] -= 1
        if left[0] >= 0:
            raise error
        return await sound(*args)

    monkeypatch.setattr(queue, "receive", receive)
    return lambda: left[0]


# Who ----------------------------------------------------------------------------------------------------------------


async def test_a_delivery_with_the_secret_is_stored_before_it_is_acknowledged(served: Served) -> None:
    answer = await served.post(message(7))
    assert (answer.status, await served.stored()) == (200, [7])
    async with served.database.read() as tx:
        body = await tx.scalar(sa.select(inbox.c.body))
        assert await tx.scalar(sa.select(receivers.c.next_offset)) == 8
    assert json.loads(str(body)) == message(7)
    assert served.arrived


async def test_bale_delivers_to_a_secret_path(served: Served) -> None:
    assert (await served.post(message(0), "bale")).status == 200
    assert await served.stored() == [0]
    assert len(served.places["bale"].name) == 43


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("telegram without a secret", {}, "telegram"),
    ("an empty secret", {HEADER: ""}, "telegram"),
    ("another secret", {HEADER: "x" * 43}, "telegram"),
    ("a secret that is not ASCII", {HEADER: "رمز"}, "telegram"),
    ("a secret of half letters", {HEADER: "\xff\xfe"}, "telegram"),
    ("a wrong path", {}, "x" * 43),
    ("a path that is not ASCII", {}, "راه"),
    ("a path with a broken escape", {}, "%ff%fe"),
    ("the bare name of a messenger whose path is the secret", {}, "bale"),
    ("no name", {}, ""),
    ("a longer path", {}, "telegram/more"),
]


@pytest.mark.parametrize(("headers", "path"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_strangers_learn_nothing(served: Served, headers: dict[str, str], path: str) -> None:
    base = f"http://127.0.0.1:{served.server.port}/"
    nothing = await served.post(message(1), url=base + "nothing-here", headers=headers)
    stranger = await served.post(message(1), url=base + "webhook/" + path, headers=headers)
    assert stranger.status == nothing.status == 404
    assert stranger.body == nothing.body
    assert stranger.headers | {"Date": ""} == nothing.headers | {"Date": ""}
    assert (served.hook.turned_away, await served.stored()) == (1, [])


async def test_the_right_secret_opens_no_other_messengers_door(served: Served) -> None:
    of_telegram = served.places["telegram"].secret
    assert (await served.post(message(1), url=served.url()[: -len("telegram")] + of_telegram)).status == 404


async def test_strangers_are_logged_seldom_and_without_what_they_said(served: Served) -> None:
    with structlog.testing.capture_logs() as lines:
        for _ in range(5):
            await served.post(message(1, "سخن"), headers={HEADER: "guessed-value"})
    assert served.hook.turned_away == 5
    assert len(lines) == 1
    assert "guessed-value" not in str(lines)
    assert "سخن" not in str(lines)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_posts_are_taken(served: Served, method: str) -> None:
    secret = {HEADER: served.places["telegram"].secret}
    async with served.session.request(method, served.url(), headers=secret) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
    async with served.session.request(method, served.url()) as response:
        assert response.status == 404
    assert await served.stored() == []


# What ---------------------------------------------------------------------------------------------------------------


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_body_whose_length_is_too_much_is_not_read(served: Served) -> None:
    head = f"POST /webhook/telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {served.places['telegram'].secret}\r\n"
    reader = await served.knock(f"{head}Content-Length: {LIMIT + 1}\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)  # ends: the connection is closed
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_body_in_pieces_is_read_up_to_the_limit(served: Served) -> None:
    piece = b" " * (64 * 1024)
    pieces = [piece] * (LIMIT // len(piece))
    try:
        status = (await served.post(chunks(*pieces, piece))).status
    except aiohttp.ClientError:  # the server closed while we still wrote
        status = 413
    assert status == 413
    body = json.dumps(message(3)).encode()
    assert (await served.post(chunks(body[:10], body[10:]))).status == 200
    whole = body + b" " * (LIMIT - len(body))
    assert (await served.post(whole)).status == 200
    assert await served.stored() == [3]


BODIES: list[tuple[str, bytes]] = [
    ("nothing", b""),
    ("words", "سلام".encode()),
    ("not UTF-8", b"\xff\xfe\x00"),
    ("half an object", b'{"update_id": 5, "message": {'),
    ("a list", b"[1, 2]"),
    ("null", b"null"),
    ("too deep", b"[" * 100_000),
    ("a number without end", b'{"update_id": ' + b"9" * 5000 + b"}"),
    ("NUL in a name", b'{"update_id": 5, "\\u0000": {"id": "\\u0000"}}'),
    ("half a letter as the identity", b'{"update_id": 5, "callback_query": {"id": "\\ud800"}}'),
]


@pytest.mark.parametrize("body", [row[1] for row in BODIES], ids=[row[0] for row in BODIES])
async def test_nothing_with_the_right_secret_holds_up_the_rest(served: Served, body: bytes) -> None:
    answers = await asyncio.gather(served.post(message(4)), served.post(body), served.post(body))
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert len(await served.stored()) == 2
    async with served.database.read() as tx:
        for row in await tx.execute(sa.select(inbox.c.body)):
            json.loads(row.body)


async def test_a_slow_body_is_given_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BODY_WITHIN", 0.3)
    head = f"POST /webhook/telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {served.places['telegram'].secret}\r\n"
    reader = await served.knock(f'{head}Content-Length: 100\r\n\r\n{{"update_id"'.encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert (await served.post(message(5))).status == 200


async def test_a_stop_at_the_moment_when_a_body_is_given_up_is_a_stop(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BODY_WITHIN", 0.3)
    head = f"POST /webhook/telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {served.places['telegram'].secret}\r\n"
    reader = await served.knock(f'{head}Content-Length: 100\r\n\r\n{{"update_id"'.encode())
    await asyncio.sleep(0.1)
    assert served.hook._reading
    problems: list[RuntimeError] = []

    def stop() -> None:
        try:
            served.hook.stop()
        except RuntimeError as problem:
            problems.append(problem)

    asyncio.get_running_loop().call_later(0.25, stop)
    time.sleep(0.3)  # noqa: ASYNC251 -- a busy machine: both moments come at once
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert problems == []


async def test_whoever_leaves_in_the_middle_leaves_nothing(served: Served) -> None:
    head = f"POST /webhook/telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {served.places['telegram'].secret}\r\n"
    await served.knock(f'{head}Content-Length: 100\r\n\r\n{{"update_id"'.encode())
    await closed(*served.visitors)
    assert (await served.post(message(6))).status == 200
    assert await served.stored() == [6]


# Stored or not ------------------------------------------------------------------------------------------------------


async def test_a_database_that_fails_is_no_200_and_the_repetition_is_stored_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = failing(2, monkeypatch, OSError("the disk is away"))
    for _ in range(2):
        answer = await served.post(message(9))
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert served.health.state("telegram webhook") == "fault"
    assert await served.stored() == []
    assert (await served.post(message(9))).status == 200
    assert (await served.post(message(9))).status == 200
    assert (left(), await served.stored()) == (-2, [9])
    assert served.health.state("telegram webhook") == "ok"


async def test_200_waits_for_the_commit(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, inside = asyncio.Event(), asyncio.Event()
    sound = queue.receive

    async def receive(*args: Any) -> int:
        new = await sound(*args)
        inside.set()
        await asyncio.wait_for(gate.wait(), 10)
        return new

    monkeypatch.setattr(queue, "receive", receive)
    waiting = asyncio.ensure_future(served.post(message(1)))
    await inside.wait()
    await asyncio.sleep(0.1)
    assert not waiting.done()
    gate.set()
    assert (await waiting).status == 200


async def test_health_says_which_part_is_in_trouble_and_no_more(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{served.server.port}/healthz"
    async with served.session.get(url) as response:
        assert (response.status, await response.json()) == (200, {"ok": True, "trouble": []})
    failing(1, monkeypatch, OSError("secret detail"))
    await served.post(message(9))
    async with served.session.get(url) as response:
        assert (response.status, await response.json()) == (200, {"ok": False, "trouble": ["telegram webhook"]})
    async with served.session.post(url) as response:
        assert response.status == 405
