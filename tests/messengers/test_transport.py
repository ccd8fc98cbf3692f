"""The HTTP under python-telegram-bot: what servers and the ways to them really answer, and no token anywhere."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.messengers.client import Client
from bot.messengers.failures import CallFailed, Failure
from bot.messengers.record import BALE, TELEGRAM
from bot.messengers.transport import Transport, redacted
from domain.messages import Message
from tests.messengers.conftest import TOKEN, Scripted

SECRET = TOKEN.split(":")[1]


def refusal(code: int, words: str, **parameters: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {"ok": False, "error_code": code, "description": words}
    return answer | ({"parameters": parameters} if parameters else {})


async def failed(client: Client) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        await client.send(5, Message(text="سلام"))
    return caught.value


BALE_REFUSALS = [
    (refusal(404, "no such group or user"), Failure.UNREACHABLE, None),
    (refusal(403, "Bad Request: Token not found"), Failure.UNAUTHORISED, None),
    (refusal(403, "permission_denied"), Failure.UNREACHABLE, None),
    (refusal(429, "bot limit exceed"), Failure.RATE, None),
    (refusal(429, "Too Many Requests", retry_after=13), Failure.RATE, 13),
    (refusal(501, "Not Implemented"), Failure.UNSUPPORTED, None),
]


@pytest.mark.parametrize("http_200", [True, False])
@pytest.mark.parametrize(("body", "kind", "retry_after"), BALE_REFUSALS)
async def test_refusals_are_classed_alike_with_http_200_and_with_their_own_status(
    server: Scripted, client: Client, body: dict[str, Any], kind: Failure, retry_after: float | None, http_200: bool
) -> None:
    server.say(body, status=200 if http_200 else body["error_code"])
    problem = await failed(client)
    assert (problem.kind, problem.retry_after, problem.status) == (kind, retry_after, body["error_code"])


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"local_rate_limited", 429, Failure.RATE),
        (b'"local_rate_limited"', 429, Failure.RATE),
        (b"local_rate_limited", 200, Failure.RATE),
        (b'"permission_denied"', 403, Failure.UNREACHABLE),
        (b"<html>403 Forbidden</html>", 403, Failure.SERVER),  # a filter on the way, not the messenger
        (b"<html>404 Not Found</html>", 404, Failure.SERVER),
        (b"<html>Welcome</html>", 200, Failure.SERVER),
        (b"", 200, Failure.SERVER),
        (b"[]", 200, Failure.SERVER),
        (b"{}", 200, Failure.SERVER),
        (b'{"ok":true}', 200, Failure.SERVER),
        (b'{"ok":tru', 200, Failure.SERVER),
        (b"\xff\xfe\x00", 502, Failure.SERVER),
        (b"", 302, Failure.SERVER),
        (b'{"ok":false}', 500, Failure.SERVER),
        (b"<html>too large</html>", 413, Failure.TOO_LONG),
        (b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":null}', 200, Failure.RATE),
        (b'{"ok":false,"error_code":429,"parameters":{"retry_after":"soon"}}', 429, Failure.RATE),
    ],
)
async def test_whatever_comes_back_has_a_class(
    server: Scripted, client: Client, body: bytes, status: int, kind: Failure
) -> None:
    server.say(body, status=status)
    assert (await failed(client)).kind is kind


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\x01bin\x00ary\x7f\xc2\x85",
        b'{"ok":false,"error_code":400,"description":"\\u0000\\ud800bin\\u0000ary\\u202e"}',
    ],
    ids=["bare", "in JSON"],
)
async def test_a_description_holds_nothing_that_no_database_takes(
    server: Scripted, client: Client, body: bytes
) -> None:
    server.say(body, status=400)
    told = (await failed(client)).description
    assert told.split() == ["bin", "ary"]
    assert told.encode()
    assert len(CallFailed(Failure.REFUSED, "x" * 100_000).description) <= 800


async def test_a_retry_after_header_counts_where_the_body_names_none(server: Scripted, client: Client) -> None:
    server.say("slow down", status=429, **{"Retry-After": "7"})
    assert (await failed(client)).retry_after == 7


@pytest.mark.parametrize(
    ("told", "kept"),
    [("86400", 900), ("1e300", 900), ("0", 0), ("inf", None), ("nan", None), ("-5", None), ("9" * 400, None)],
)
async def test_no_time_to_wait_silences_the_bot_for_long(
    server: Scripted, client: Client, told: str, kept: float | None
) -> None:
    server.say("slow down", status=429, **{"Retry-After": told})
    assert (await failed(client)).retry_after == kept
    server.say(refusal(429, "Too Many Requests", retry_after=told), status=429)
    assert (await failed(client)).retry_after == kept


async def test_a_time_to_wait_may_be_a_number_beyond_all_floats(server: Scripted, client: Client) -> None:
    server.say(refusal(429, "Too Many Requests", retry_after=10**400), status=429)
    assert (await failed(client)).retry_after is None


async def test_a_moved_group_tells_its_new_number(server: Scripted, client: Client) -> None:
    server.say(refusal(400, "group chat was upgraded", migrate_to_chat_id=-100777), status=400)
    problem = await failed(client)
    assert (problem.kind, problem.new_chat_id) == (Failure.MIGRATED, -100777)


async def test_nobody_there_is_a_network_failure(server: Scripted) -> None:
    client = Client(TELEGRAM, TOKEN, "http://127.0.0.1:1")
    await client.open()
    assert (await failed(client)).kind is Failure.NETWORK
    await client.close()
    assert (await failed(client)).kind is Failure.NETWORK  # closed for good, and still no other kind of error


async def test_a_client_that_was_never_opened_fails_the_same_way() -> None:
    assert (await failed(Client(TELEGRAM, TOKEN, "http://127.0.0.1:1"))).kind is Failure.NETWORK


@pytest.fixture
async def cutting() -> AsyncIterator[str]:
    """A server that hangs up in the middle of an answer, or says nothing."""

    async def cut(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("getMe"):
            await asyncio.sleep(5)
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"ok": true, "res')
        assert request.transport is not None
        request.transport.abort()
        return response

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", cut)
    async with TestServer(app) as running:
        yield str(running.make_url("")).rstrip("/")


async def test_a_cut_answer_and_a_silent_server_are_network_failures(cutting: str) -> None:
    transport = Transport(TOKEN, leaves_fields_out=False, read_seconds=0.2)
    await transport.initialize()
    for method in ("sendMessage", "getMe"):
        with pytest.raises(CallFailed) as caught:
            await transport.call(f"{cutting}/bot{TOKEN}/{method}", {})
        assert caught.value.kind is Failure.NETWORK
        assert SECRET not in str(caught.value)
    await transport.shutdown()


# --- secrets ----------------------------------------------------------------------------------------------------


async def test_no_token_in_errors_tracebacks_reprs_and_logs(
    server: Scripted, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "aiohttp.access")  # the scripted server's own
    shown = [repr(client), repr(client.bot), str(client.bot), repr(client.bot.request)]
    server.say(refusal(400, f"strange path /bot{TOKEN}/sendMessage"), status=400)
    server.say("x" * 780 + TOKEN, status=500)
    server.say("x" * 180 + TOKEN, status=500)
    for _ in range(3):
        shown.append("".join(traceback.format_exception(await failed(client))))
    nowhere = Client(TELEGRAM, TOKEN, "http://user:proxypassword@127.0.0.1:1")
    await nowhere.open()
    shown.append("".join(traceback.format_exception(await failed(nowhere))))
    await nowhere.close()
    for text in [*shown, caplog.text]:
        assert SECRET not in text
        assert SECRET[:6] not in text
        assert "proxypassword" not in text


@pytest.mark.parametrize(
    "text",
    [
        f"Cannot connect to /bot{TOKEN}/getMe",
        f"bot{TOKEN.replace(':', '%3A')}",
        "another bot's: 99887766:AAzzYYxxWWvvUUttSSrrQQppOOnnMMllKK1",
        "proxy http://reza:secretword@10.0.0.1:8080",
    ],
)
def test_secrets_are_taken_out_of_texts(text: str) -> None:
    clean = redacted(text, TOKEN)
    assert all(secret not in clean for secret in (SECRET, "AAzzYY", "secretword"))


def test_socks_proxies_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="only http:// proxies"):
        Client(TELEGRAM, TOKEN, "https://api.telegram.org", proxy="socks5://127.0.0.1:1080")


async def test_everything_goes_through_the_proxy_that_is_set(server: Scripted) -> None:
    server.result = {"id": 137001, "is_bot": True, "first_name": "۱۳۷", "username": "shahr_bot"}
    client = Client(TELEGRAM, TOKEN, "http://api.telegram.invalid", proxy=server.url)
    await client.open()
    assert await client.me() == (137001, "shahr_bot")
    assert server.seen[0].path == f"/bot{TOKEN}/getMe"
    await client.close()


# --- polling and plain use of the Bot ---------------------------------------------------------------------------


async def test_polling_asks_for_what_the_messenger_knows(server: Scripted, client: Client) -> None:
    server.result = [{"update_id": 0}, "rubbish", {"no": "id"}]
    assert await client.updates(None, 0) == [{"update_id": 0}, "rubbish", {"no": "id"}]
    await client.updates(0, 25, limit=7)
    first, second = server.seen
    assert "offset" not in first.fields
    assert (second.fields["offset"], second.fields["timeout"], second.fields["limit"]) == ("0", "25", "7")
    assert ("allowed_updates" in first.fields) is client.messenger.has_allowed_updates
    server.result = {"updates": []}
    with pytest.raises(CallFailed, match="server: updates that are no list"):
        await client.updates(1, 0)


async def test_a_long_poll_is_given_its_time(server: Scripted) -> None:
    client = Client(BALE, TOKEN, server.url)
    await client.open()
    seconds = []

    async def call(url: str, parameters: dict[str, str], read_seconds: float) -> list[Any]:
        seconds.append(read_seconds)
        return []

    client._transport.call = call  # type: ignore[method-assign, assignment]
    await client.updates(None, 50)
    assert seconds[0] > 50
    await client.close()


async def test_other_methods_of_the_bot_go_the_same_way(server: Scripted, client: Client) -> None:
    await client.bot.set_my_commands([("start", "شروع")])
    await client.delete_webhook()
    assert [row.call for row in server.seen] == ["setMyCommands", "deleteWebhook"]
    assert "drop_pending_updates" not in server.seen[1].fields
    server.say(refusal(501, "Not Implemented"), status=501)
    with pytest.raises(telegram.error.TelegramError) as caught:
        await client.bot.set_my_name("۱۳۷")
    assert isinstance(caught.value, CallFailed)
    assert caught.value.kind is Failure.UNSUPPORTED


async def test_connections_are_used_again(server: Scripted) -> None:
    client = Client(TELEGRAM, TOKEN, server.url)
    await client.open()
    for _ in range(5):
        await client.delete_webhook()
    assert client._transport._session is not None
    connector = client._transport._session.connector
    assert connector is not None
    assert sum(len(held) for held in connector._conns.values()) == 1
    await client.close()
