"""Tells a messenger where to deliver, and keeps an eye on it: what one does instead of polling."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from bot.backoff import Backoff, Steps
from bot.clock import Clock
from bot.health import OK, Health
from bot.leases import Lease, lasting
from bot.messengers.client import Client
from bot.messengers.failures import CallFailed
from bot.webhook_addresses import Address
from storage import receivers
from storage.database import Database

log = structlog.get_logger(__name__)

FOREIGN = "foreign-webhook"  # somebody else has set another address, or taken ours away
UNDELIVERED = "undelivered"  # the messenger cannot reach us, or does not get a 200
_WAITS = Steps(2, 120)
_LEASE_LOOK = 0.2  # seconds until it is asked again whether the lease is renewed


@dataclass(frozen=True, slots=True)
class Watching:
    """How a registration looks after its webhook; times in seconds."""

    every: float = 60.0
    recent: float = 150.0  # so old may the messenger's last trouble be and still count
    wait_factor: float = 1.0  # tests shorten all waits with it


class Registration:
    """Stands where a receiver would: only one process at a time runs it for a bot."""

    def __init__(
        self,
        client: Client,
        address: Address,
        database: Database,
        clock: Clock,
        health: Health,
        lease: Lease | None = None,
        watching: Watching | None = None,
    ) -> None:
        self.name = client.messenger.name
        self._client, self._address, self._database = client, address, database
        self._clock, self._health, self._watching = clock, health, watching or Watching()
        self.lease = lease or lasting()
        self._part = f"{self.name} receiver"
        self._backoff = Backoff()
        self._set = False
        self._stopping = False
        self._wakened = asyncio.Event()

    def ready(self) -> None:
        """Make ready to run, also after a stop: another may have registered something else meanwhile."""
        self._stopping = self._set = False
        self._wakened.clear()

    async def run(self) -> None:
        """Register, and look after it until `stop`; the webhook stays set, so that updates are delivered meanwhile."""
        while not self._stopping:
            try:
                await self._round()
            except CallFailed as failure:
                await self._failed(failure.kind, self._without_address(failure.description), failure.retry_after)
            except Exception as error:
                if self._health.state(self._part) != "fault":
                    log.exception("the webhook's registration met a fault", part=self._part)
                await self._failed("fault", type(error).__name__)

    def stop(self) -> None:
        """End; a call under way is waited for."""
        self._stopping = True
        self._wakened.set()

    async def _round(self) -> None:
        if not self.lease.valid:
            await self._rest(_LEASE_LOOK)
            return
        if not self._set:
            await self._client.set_webhook(self._address.url, self._address.secret)
            self._set = True
            log.info("the webhook is set", messenger=self.name)
        about = await self._client.webhook()
        if about.get("url") != self._address.url:
            self._set = False
            await self._failed(FOREIGN, "the messenger delivers elsewhere; the address is set again")
            return
        trouble = self._trouble(about)
        if trouble:
            await self._mark(UNDELIVERED, trouble)
        else:
            self._backoff.worked()
            await self._mark(OK)
        await self._rest(self._watching.every)

    def _trouble(self, about: dict[str, Any]) -> str:
        """Return the messenger's last words about deliveries that fail, empty when there are none of late."""
        at, waiting = about.get("last_error_date"), about.get("pending_update_count")
        if not isinstance(at, int) or waiting == 0:
            return ""
        if self._clock.now().timestamp() - at > self._watching.recent:
            return ""
        return self._without_address(str(about.get("last_error_message") or "no reason given"))[:200]

    def _without_address(self, words: str) -> str:
        for secret in (self._address.url, self._address.name, self._address.secret):
            if secret and secret != self.name:
                words = words.replace(secret, "…")
        return words

    async def _failed(self, state: str, detail: str, retry_after: float | None = None) -> None:
        await self._mark(state, detail)
        await self._rest(max(self._backoff.failed(_WAITS), retry_after or 0))

    async def _mark(self, state: str, detail: str = "") -> None:
        if not self._health.mark(self._part, state, detail):
            return
        try:
            async with self._database.write() as tx:
                await receivers.mark_health(tx, self.name, state, self._clock.now())
        except Exception as error:
            log.warning("health could not be stored", part=self._part, error=type(error).__name__)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds * self._watching.wait_factor):
                await self._wakened.wait()
        except TimeoutError:
            pass
