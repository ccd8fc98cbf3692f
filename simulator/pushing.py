"""Webhook delivery: updates are posted to the bot's address and tried again until it answers 2xx.

Deliveries go out one by one in order of update_id; the address is on this machine (see set_webhook).
"""

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout

from simulator.exchange import Exchange
from simulator.queue import UpdateQueue, Waiting, Webhook

_TIMEOUT = ClientTimeout(total=60)
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Pusher:
    """One task per bot."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begins to look after every bot's webhook."""
        for token, queue in self._exchange.queues.items():
            self._tasks[token] = asyncio.create_task(self._serve(queue), name="webhook")

    async def stop(self) -> None:
        """Ends all deliveries."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    async def _serve(self, queue: UpdateQueue) -> None:
        while True:
            queue.webhook_changed.clear()
            if queue.webhook is None:
                await queue.webhook_changed.wait()
                continue
            async with ClientSession(timeout=_TIMEOUT) as session:
                await self._deliver(session, queue)

    async def _deliver(self, session: ClientSession, queue: UpdateQueue) -> None:
        failures = 0
        while (hook := queue.webhook) is not None:
            head = queue.head()
            if head is None:
                await _either(queue.arrived, queue.webhook_changed)
                if queue.webhook_changed.is_set():
                    return
                continue
            if await self._post(session, hook, head):
                queue.confirm_below(head.id + 1)
                failures = 0
            else:
                await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
                failures += 1

    async def _post(self, session: ClientSession, hook: Webhook, update: Waiting) -> bool:
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers[_HEADER] = hook.secret
        try:
            async with session.post(hook.url, data=update.text.encode(), headers=headers) as response:
                if response.status < 300:
                    return True
                hook.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (ClientError, TimeoutError, OSError) as error:
            hook.last_error = f"Connection failed: {type(error).__name__}"
        hook.last_error_date = int(self._exchange.now())
        return False


async def _either(*events: asyncio.Event) -> None:
    tasks = [asyncio.create_task(one.wait()) for one in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
