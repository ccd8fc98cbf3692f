"""A web server with webhooks on a database, without an engine behind it."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import sqlalchemy as sa
from pydantic import SecretStr

from bot.clock import Clock
from bot.health import Health
from bot.settings import Settings
from bot.web_health import HealthPage
from bot.web_server import WebServer, application
from bot.webhook import Webhook
from bot.webhook_addresses import Address, addresses
from bot.webhook_intake import Intake, Taking
from storage.database import Database
from storage.tables import inbox
from tests.engine.rig import TOKENS

KEY = "a key of the tests, thirty-two and more"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def settings(**more: Any) -> Settings:
    values: dict[str, Any] = {
        "telegram_token": SecretStr(TOKENS["telegram"]),
        "telegram_api": "http://127.0.0.1:1",
        "telegram_webhook": True,
        "bale_token": SecretStr(TOKENS["bale"]),
        "bale_api": "http://127.0.0.1:1",
        "bale_webhook": True,
        "secret_key": SecretStr(KEY),
    }
    return Settings(_env_file=None, **(values | more))


def message(number: int, words: str = "", chat: int = 1000) -> dict[str, Any]:
    about = {"id": chat, "type": "private", "first_name": "مریم"}
    text = words or f"پیام {number}"
    sender = about | {"is_bot": False}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 100, "chat": about, "from": sender, "text": text},
    }


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Served:
    """What the tests knock at."""

    database: Database
    health: Health
    intakes: dict[str, Intake]
    hook: Webhook
    server: WebServer
    session: aiohttp.ClientSession
    places: dict[str, Address]
    arrived: list[str] = field(default_factory=list)
    visitors: list[asyncio.StreamWriter] = field(default_factory=list)

    def url(self, messenger: str = "telegram") -> str:
        return f"http://127.0.0.1:{self.server.port}/webhook/{self.places[messenger].name}"

    async def post(self, body: Any, messenger: str = "telegram", **more: Any) -> Answer:
        """Deliver as the messenger would, unless `url` or `headers` say otherwise; dicts as JSON."""
        secret = self.places[messenger].secret
        headers = more.pop("headers", {HEADER: secret} if secret else {})
        url = more.pop("url", self.url(messenger))
        data = body if isinstance(body, bytes) or hasattr(body, "__aiter__") else json.dumps(body).encode()
        async with self.session.post(url, data=data, headers=headers, **more) as response:
            return Answer(response.status, dict(response.headers), await response.read())

    async def knock(self, words: bytes) -> asyncio.StreamReader:
        """Open a connection and say something, perhaps not all of it; closed at the end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        self.visitors.append(writer)
        writer.write(words)
        return reader

    async def stored(self) -> list[int]:
        """Numbers in the inbox, in the order in which they will be handled."""
        async with self.database.read() as tx:
            rows = await tx.execute(sa.select(inbox.c.update_id).order_by(inbox.c.id))
            return [row.update_id for row in rows]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def closed(*writers: asyncio.StreamWriter) -> None:
    """Close connections to the end."""
    for writer in writers:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def serving(database: Database, how: Taking | None = None) -> AsyncIterator[Served]:
    """Serve both messengers' webhooks on a free port."""
    clock = Clock()
    health = Health(clock)
    places = addresses(settings())
    arrived: list[str] = []
    intakes = {name: Intake(name, database, clock, health, lambda: arrived.append(""), how) for name in places}
    hook = Webhook(places, intakes)
    server = WebServer(application([*hook.routes(), *HealthPage(health, database).routes()]), "127.0.0.1", 0, hook.stop)
    server.open()
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        serve = group.create_task(server.run())
        for intake in intakes.values():
            group.create_task(intake.run())
        try:
            served = Served(database, health, intakes, hook, server, session, places, arrived)
            yield served
        finally:
            server.stop()
            await serve
            await closed(*served.visitors)
            for intake in intakes.values():
                intake.stop()
