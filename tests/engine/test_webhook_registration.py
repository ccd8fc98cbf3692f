"""The messenger is told where to deliver, and somebody looks whether it still does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import Clock
from bot.health import Health
from bot.messengers.client import Client
from bot.messengers.record import MESSENGERS
from bot.webhook_addresses import addresses
from bot.webhook_registration import FOREIGN, UNDELIVERED, Registration, Watching
from simulator.queue import UpdateQueue
from simulator.server import Simulator
from storage.database import Database
from storage.tables import receivers
from tests.engine.rig import TOKENS, config
from tests.engine.webhook_rig import settings

QUICK = Watching(every=10, wait_factor=0.01)


class Registered:
    """A registration on the simulator."""

    def __init__(self, simulator: Simulator, database: Database, name: str, watching: Watching) -> None:
        self.simulator, self.database, self.name = simulator, database, name
        self.place = addresses(settings(public_url="http://127.0.0.1:1"))[name]
        self.client = Client(MESSENGERS[name], TOKENS[name], simulator.url)
        self.health = Health(Clock())
        self.registration = Registration(self.client, self.place, database, Clock(), self.health, watching=watching)

    @property
    def queue(self) -> UpdateQueue:
        return self.simulator.exchange.queues[TOKENS[self.name]]

    @property
    def url(self) -> str:
        return self.queue.webhook.url if self.queue.webhook else ""

    def calls(self, method: str = "setWebhook") -> list[dict[str, Any]]:
        return self.simulator.log.calls(method)

    async def until(self, state: str) -> None:
        async with asyncio.timeout(10):
            while self.health.flags.get(f"{self.name} receiver") is None or self.state != state:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    @property
    def state(self) -> str:
        return self.health.state(f"{self.name} receiver")

    async def stored(self, state: str) -> None:
        """Wait until the database says so too."""
        async with asyncio.timeout(10):
            while await self._stored_health() != state:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def _stored_health(self) -> str:
        async with self.database.read() as tx:
            return str(await tx.scalar(sa.select(receivers.c.health)))


@asynccontextmanager
async def registered(
    database: Database, name: str = "telegram", watching: Watching = QUICK, **faults: Any
) -> AsyncIterator[Registered]:
    async with Simulator(config()) as simulator:
        one = Registered(simulator, database, name, watching)
        if faults:
            simulator.fault("setWebhook", **faults)
        await one.client.open()
        task = asyncio.ensure_future(one.registration.run())
        try:
            yield one
        finally:
            one.registration.stop()
            await asyncio.wait_for(task, 2)
            await one.client.close()


async def test_telegram_is_told_address_secret_kinds_and_few_connections(database: Database) -> None:
    async with registered(database) as one:
        await one.until("ok")
        hook = one.queue.webhook
        assert hook is not None
        assert (hook.url, hook.secret, hook.connections) == (one.place.url, one.place.secret, 8)
        [call] = one.calls()
        assert set(call["parameters"]) == {"url", "secret_token", "max_connections", "allowed_updates"}
        assert one.queue.allowed == {"message", "edited_message", "callback_query", "my_chat_member"}


async def test_bale_is_told_the_address_and_nothing_else(database: Database) -> None:
    async with registered(database, "bale") as one:
        await one.until("ok")
        [call] = one.calls()
        assert call["parameters"] == {"url": one.place.url}


async def test_what_waits_is_not_dropped_and_stopping_leaves_the_webhook(database: Database) -> None:
    async with Simulator(config()) as simulator:
        one = Registered(simulator, database, "telegram", QUICK)
        await simulator.person(1000).start()
        await one.client.open()
        task = asyncio.ensure_future(one.registration.run())
        await one.until(UNDELIVERED)  # nobody listens there
        one.registration.stop()
        await task
        await one.client.close()
        assert simulator.waiting() == 1
        assert one.url == one.place.url


@pytest.mark.parametrize("other", ["http://127.0.0.1:9/elsewhere", None])
async def test_a_webhook_that_somebody_changed_is_set_again(database: Database, other: str | None) -> None:
    async with registered(database) as one:
        await one.until("ok")
        await (one.client.set_webhook(other, "theirs") if other else one.client.delete_webhook())
        await one.until(FOREIGN)
        await one.until("ok")
        assert one.url == one.place.url
        assert one.queue.webhook is not None
        assert one.queue.webhook.secret == one.place.secret


async def test_deliveries_that_fail_are_noticed_and_so_is_their_end(database: Database) -> None:
    async with registered(database) as one:
        await one.until("ok")
        await one.simulator.person(1000).start()  # nobody listens at the address
        await one.until(UNDELIVERED)
        await one.stored(UNDELIVERED)
        flag = one.health.flags["telegram receiver"]
        assert flag.detail == "Connection refused"
        assert one.place.url not in flag.detail
        one.queue.forget_all()
        await one.until("ok")
        await one.stored("ok")


TROUBLES: list[tuple[str, dict[str, Any]]] = [
    ("unauthorised", {"status": 401}),
    ("server", {"status": 502}),
    ("network", {"drop": "before"}),
    ("rate", {"status": 429, "retry_after": 0}),
    ("refused", {"status": 400, "description": "Bad Request: bad webhook: Failed to resolve host"}),
]


@pytest.mark.parametrize(("state", "fault"), TROUBLES, ids=[row[0] for row in TROUBLES])
async def test_it_is_tried_until_it_works(database: Database, state: str, fault: dict[str, Any]) -> None:
    async with registered(database, times=3, **fault) as one:
        await one.until(state)
        await one.until("ok")
        assert one.url == one.place.url


async def test_tries_get_seldom(database: Database) -> None:
    async with registered(database, watching=Watching(), status=500, times=None) as one:
        await one.until("server")
        await asyncio.sleep(1.5)
        assert len(one.calls()) == 1
