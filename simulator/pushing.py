"""Webhook delivery: updates are posted to the bot's address and tried again until it answers 2xx.

As on the real server (telegram-bot-api, WebhookActor.cpp) up to max_connections deliveries are under way at once; those
of one lane, a chat's messages or a person's presses, go one after the other, the rest overtake each other. The pauses
after failures are the real ones times ``webhook_pace``. The address is on this machine (see set_webhook).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from simulator.exchange import Exchange
from simulator.faults import Fault
from simulator.queue import UpdateQueue, Waiting, Webhook
from simulator.reading import read_json
from simulator.refusals import Refused
from simulator.world import Bot, Json

Answered = Callable[[Bot, Json], Awaitable[None]]
"""Runs the method that a bot called in its answer to a webhook."""
Noted = Callable[..., None]

_TIMEOUT = ClientTimeout(total=60)
_LONGEST = 60  # seconds between two tries
_LONGEST_ASKED = 3600  # what a bot's Retry-After is cut to
_HOLD = 1.0  # seconds that a held update waits for later ones
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_NOT_IN_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")


@dataclass(slots=True)
class _Try:
    """How the delivery of one update stands."""

    fault: Fault | None
    fails: int = 0
    wakes: float = 0.0
    under_way: bool = False
    hold: int = 0


@dataclass(frozen=True, slots=True)
class _Reply:
    """What became of one post."""

    status: int
    words: str
    retry_after: float = 0.0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Deliveries:
    """The deliveries of one bot."""

    def __init__(self, exchange: Exchange, bot: Bot, answered: Answered, noted: Noted) -> None:
        self._exchange, self._bot, self._answered, self._noted = exchange, bot, answered, noted
        self._queue: UpdateQueue = exchange.queues[bot.config.token]
        self._tries: dict[Waiting, _Try] = {}
        self._flights: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Delivers whenever there is a webhook, for ever."""
        queue = self._queue
        while True:
            queue.changed.clear()
            if queue.webhook is None:
                await queue.changed.wait()
                continue
            # Who listens on this machine may have signed his own certificate.
            async with ClientSession(timeout=_TIMEOUT, connector=TCPConnector(limit=0, ssl=False)) as session:
                await self._deliver(session, queue.webhook)

    async def _deliver(self, session: ClientSession, hook: Webhook) -> None:
        queue = self._queue
        try:
            while queue.webhook is hook:
                queue.changed.clear()
                queue.expire()
                pause = self._send_ready(session, hook)
                try:
                    async with asyncio.timeout(pause):
                        await queue.changed.wait()
                except TimeoutError:
                    pass
        finally:
            for one in self._flights:
                one.cancel()
            await asyncio.gather(*self._flights, return_exceptions=True)
            self._tries.clear()

    def _send_ready(self, session: ClientSession, hook: Webhook) -> float | None:
        """Sends what may go now; gives the seconds until more may, None for: when something changes."""
        now = asyncio.get_running_loop().time()
        lanes: set[str] = set()
        wakes: list[float] = []
        for update in self._queue.first(2 * hook.connections):
            if len(self._flights) >= hook.connections:
                break
            one = self._try(update, now)
            if update.lane in lanes:
                continue
            if one.hold and one.wakes > now:
                wakes.append(one.wakes)
                continue  # the later ones of its lane overtake it
            if update.lane is not None:
                lanes.add(update.lane)
            if one.under_way:
                continue
            if one.wakes > now:
                wakes.append(one.wakes)
                continue
            one.under_way = True
            flight = asyncio.create_task(self._fly(session, hook, update, one), name=f"webhook {update.id}")
            self._flights.add(flight)
            flight.add_done_callback(self._landed)
        return max(0.0, min(wakes) - now) if wakes else None

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._queue.changed.set()

    def _try(self, update: Waiting, now: float) -> _Try:
        found = self._tries.get(update)
        if found is None:
            found = self._tries[update] = _Try(self._strike(update))
            if found.fault is not None and found.fault.hold:
                found.hold, found.wakes = found.fault.hold, now + (found.fault.delay or _HOLD)
        return found

    def _strike(self, update: Waiting) -> Fault | None:
        return self._exchange.faults.strike(self._bot.username, "webhook", update.chat)

    # One delivery ---------------------------------------------------------------------------------------------------

    async def _fly(self, session: ClientSession, hook: Webhook, update: Waiting, one: _Try) -> None:
        fault = one.fault
        if fault is not None and fault.delay and not fault.hold:
            await asyncio.sleep(fault.delay)
        together = fault.repeat if fault is not None and fault.together else 0
        replies = await asyncio.gather(*[self._post(session, hook, update, fault) for _ in range(1 + together)])
        reply = replies[0]
        if not reply.ok:
            self._failed(hook, update, one, reply)
            return
        self._took(update)
        for _ in range(fault.repeat if fault is not None and not fault.together else 0):
            await self._post(session, hook, update, None, again=True)

    def _took(self, update: Waiting) -> None:
        self._queue.confirm(update)
        self._tries.pop(update, None)
        for other in self._tries.values():
            if other.hold:
                other.hold -= 1
                other.wakes = other.wakes if other.hold else 0.0
        self._queue.changed.set()

    def _failed(self, hook: Webhook, update: Waiting, one: _Try, reply: _Reply) -> None:
        hook.last_error, hook.last_error_date = reply.words, int(self._exchange.now())
        pause = min(reply.retry_after, _LONGEST_ASKED)
        if not pause and one.fails:  # the second try comes at once
            pause = min(2**one.fails, _LONGEST)
        one.fails += 1
        one.wakes = asyncio.get_running_loop().time() + pause * self._exchange.config.webhook_pace
        one.under_way, one.fault = False, self._strike(update)

    async def _post(
        self, session: ClientSession, hook: Webhook, update: Waiting, fault: Fault | None, again: bool = False
    ) -> _Reply:
        began = self._exchange.now()
        text = update.text if fault is None else self._exchange.faults.damage(fault, update.text)
        more: Json = {"fault": True} if fault is not None or again else {}
        if fault is not None and fault.drop is not None:
            more["dropped"] = fault.drop
        if fault is not None and fault.drop == "before":
            reply = await self._unheard(session, hook, text)
        else:
            reply = await self._heard(session, hook, text)
            if fault is not None and fault.drop == "after":
                reply = _Reply(0, "Connection closed")
        self._noted(self._bot, "webhook", began, {"update_id": update.id}, reply.status, reply.words, **more)
        return reply

    def _headers(self, hook: Webhook) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        return headers | {_HEADER: hook.secret} if hook.secret else headers

    async def _heard(self, session: ClientSession, hook: Webhook, text: str) -> _Reply:
        try:
            async with session.post(hook.url, data=text.encode(), headers=self._headers(hook)) as response:
                body = await response.read()
                if not 200 <= response.status < 300:
                    words = f"Wrong response from the webhook: {response.status} {response.reason}"
                    return _Reply(response.status, words, _seconds(response.headers.get("Retry-After", "")))
        except TimeoutError:
            return _Reply(0, "Read timeout expired")
        except (ClientError, OSError) as error:
            return _Reply(0, "Connection refused" if isinstance(error, OSError) else "Connection closed")
        if (called := _call_in(body)) is not None:
            await self._answered(self._bot, called)
        return _Reply(response.status, "")

    async def _unheard(self, session: ClientSession, hook: Webhook, text: str) -> _Reply:
        """Posts everything and goes away as soon as it is sent, without waiting for the answer."""
        sent = asyncio.Event()

        async def body() -> Any:
            yield text.encode()
            sent.set()

        headers = {**self._headers(hook), "Content-Length": str(len(text.encode()))}
        post = asyncio.create_task(self._abandoned(session, hook, body(), headers), name="abandoned delivery")
        waits = asyncio.create_task(sent.wait(), name="sent")
        await asyncio.wait((post, waits), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0)  # lets the client write what it was given
        for task in (post, waits):
            task.cancel()
        await asyncio.gather(post, waits, return_exceptions=True)
        return _Reply(0, "Connection closed")

    @staticmethod
    async def _abandoned(session: ClientSession, hook: Webhook, body: Any, headers: dict[str, str]) -> None:
        async with session.post(hook.url, data=body, headers=headers) as response:
            await response.read()


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _call_in(body: bytes) -> Json | None:
    """The method that a bot calls in its answer, as some libraries do; None where it calls none."""
    try:
        found = read_json(body.decode()) if body.lstrip().startswith(b"{") else None
    except (ValueError, Refused):
        return None
    method = str((found or {}).get("method") or "").lower()
    return found if method and not method.startswith(_NOT_IN_ANSWERS) else None


class Pusher:
    """Looks after every bot's webhook."""

    def __init__(self, exchange: Exchange, answered: Answered, noted: Noted) -> None:
        self._exchange, self._answered, self._noted = exchange, answered, noted
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._running = False

    def start(self) -> None:
        """Begins to look after every bot."""
        self._running = True
        for bot in self._exchange.world.bots.values():
            self.watch(bot)

    def watch(self, bot: Bot) -> None:
        """Looks after one bot as well, once started."""
        token = bot.config.token
        if self._running and token not in self._tasks:
            serving = Deliveries(self._exchange, bot, self._answered, self._noted).serve()
            self._tasks[token] = asyncio.create_task(serving, name=f"webhook of {bot.username}")

    async def stop(self) -> None:
        """Ends all deliveries."""
        self._running = False
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
