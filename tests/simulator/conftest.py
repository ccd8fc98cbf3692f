"""A town with a bot on each messenger, two people, a group, and a client that speaks plain HTTP."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image

from simulator.person import Person
from simulator.server import Simulator

TOWN: dict[str, Any] = {
    "bots": [
        {"token": "137:aa", "flavour": "telegram", "username": "city_bot", "name": "شهر"},
        {"token": "138:bb", "flavour": "telegram", "username": "other_bot", "name": "دیگر"},
        {"token": "137:cc", "flavour": "bale", "username": "city", "name": "شهر"},
    ],
    "people": [
        {"id": 1001, "flavour": "telegram", "first_name": "مریم", "phone": "989151112233"},
        {"id": 2001, "flavour": "telegram", "first_name": "حسین", "username": "hosein"},
        {"id": 1203344551, "flavour": "bale", "first_name": "مریم", "phone": "989151112233"},
        {"id": 1203344552, "flavour": "bale", "first_name": "قدیمی", "old_client": True},
    ],
    "groups": [
        {"id": -100137, "flavour": "telegram", "title": "پسماند", "members": [2001], "bots": ["city_bot"]},
        {"id": 5996820999, "flavour": "bale", "title": "پسماند", "members": [1203344551], "bots": ["city"]},
    ],
}


@dataclass
class Client:
    """Calls methods the way a bot does and gives back status and body."""

    session: ClientSession
    url: str

    async def call(self, method: str, token: str = "137:aa", **parameters: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(f"{self.url}/bot{token}/{method}", json=parameters) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, token: str = "137:aa", **parameters: Any) -> Any:
        status, body = await self.call(method, token, **parameters)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def refusal(self, method: str, token: str = "137:aa", **parameters: Any) -> tuple[int, str]:
        status, body = await self.call(method, token, **parameters)
        assert body["ok"] is False
        assert body["error_code"] == status
        return status, body["description"]

    async def updates(self, token: str = "137:aa", **parameters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.ok("getUpdates", token, **parameters)
        return found


def picture(width: int = 640, height: int = 480, colour: str = "teal", exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(TOWN) as running:
        yield running


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[Client]:
    async with ClientSession() as session:
        yield Client(session, sim.url)


@pytest.fixture
async def maryam(sim: Simulator) -> Person:
    """Has started the Telegram bot; nothing waits in its queue."""
    person = sim.person(1001)
    await person.start()
    sim.exchange.queues["137:aa"].forget_all()
    return person


@pytest.fixture
async def bale_maryam(sim: Simulator) -> Person:
    person = sim.person(1203344551)
    await person.start()
    return person
