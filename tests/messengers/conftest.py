"""A server that answers as it is told, and the two flavours of the simulator."""

import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from aiohttp import BodyPartReader, web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.messengers.client import Client
from bot.messengers.record import MESSENGERS
from simulator.server import Simulator

TOKEN = "137001:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
PERSON = {"telegram": 11, "bale": 12}
TOKENS = {"telegram": "1000:" + "T" * 35, "bale": "2000:" + "B" * 35}


@dataclass
class Request:
    """One call as the server saw it; files are (name, content, type)."""

    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)
    kind: str = ""
    """The body's content type."""

    @property
    def call(self) -> str:
        return self.path.rsplit("/", 1)[-1]


async def _parameters(request: web.Request) -> dict[str, str]:
    """Read a JSON or form body as the form that it stands for."""
    if request.content_type != "application/json":
        return {name: str(value) for name, value in (await request.post()).items()}
    parameters: dict[str, Any] = json.loads(await request.text())
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}


@dataclass
class Scripted:
    """Gives the answers put into it, in order, then `ok: true` for ever; keeps what it was asked."""

    url: str = ""
    answers: deque[web.Response] = field(default_factory=deque)
    seen: list[Request] = field(default_factory=list)
    result: Any = True

    def say(self, body: Any, status: int = 200, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.answers.append(web.Response(status=status, body=raw, headers=headers))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        row = Request(request.method, request.path, kind=request.content_type)
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                name, content = str(part.name), bytes(await part.read())
                if part.filename:
                    row.files[name] = (part.filename, content, part.headers["Content-Type"])
                else:
                    row.fields[name] = content.decode()
        else:
            row.fields = await _parameters(request)
        self.seen.append(row)
        if self.answers:
            return self.answers.popleft()
        return web.json_response({"ok": True, "result": self.result})


@pytest.fixture
async def server() -> AsyncIterator[Scripted]:
    """A Bot API server without a mind of its own."""
    scripted = Scripted()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{rest:.*}", scripted.handle)
    async with TestServer(app) as running:
        scripted.url = str(running.make_url("")).rstrip("/")
        yield scripted


@pytest.fixture(params=["telegram", "bale"])
async def client(request: pytest.FixtureRequest, server: Scripted) -> AsyncIterator[Client]:
    """A client of each messenger on the scripted server."""
    client = Client(MESSENGERS[request.param], TOKEN, server.url)
    await client.open()
    yield client
    await client.close()


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """One bot and one person on each messenger."""
    bots = [{"token": TOKENS[f], "flavour": f, "username": f"{f}_bot", "name": "۱۳۷"} for f in TOKENS]
    people = [{"id": PERSON[f], "flavour": f, "first_name": "مریم", "phone": "989151112233"} for f in TOKENS]
    async with Simulator({"bots": bots, "people": people, "strict": True}) as running:
        yield running


@pytest.fixture(params=["telegram", "bale"])
async def live(request: pytest.FixtureRequest, simulator: Simulator) -> AsyncIterator[Client]:
    """A client of each messenger on the simulator, whose person has pressed start."""
    client = Client(MESSENGERS[request.param], TOKENS[request.param], simulator.url)
    await client.open()
    await simulator.person(PERSON[request.param]).start()
    yield client
    await client.close()


@pytest.fixture
def jpeg_bytes() -> bytes:
    """A real picture."""
    written = BytesIO()
    Image.effect_noise((320, 240), 40).convert("RGB").save(written, "JPEG")
    return written.getvalue()
