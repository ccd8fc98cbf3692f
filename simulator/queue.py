"""A bot's waiting updates with the offset semantics of the real server.

Checked against TDLib's TQueue, on which api.telegram.org's getUpdates is built: an offset more than ten past the end
is "in the future" and gets the head of the queue, so a bot whose offset belongs to another numbering is fed the same
updates again and again. Bale's behaviour there is not documented; it is played the same way.
"""

import asyncio
import contextlib
import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Any

from simulator.config import BotConfig
from simulator.refusals import Refused

_DAY = 24 * 3600
_PRESS_KEEPS = 150  # as the real server queues them (telegram-bot-api, Client.cpp)
_BALE_KEEPS = 2000
_BALE_KINDS = frozenset({"message", "edited_message", "callback_query", "pre_checkout_query"})
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FUTURE = 10
_LISTENS = 60.0

Spoil = Callable[[str, object, str], str]
"""A bot's username, a chat and the text of a new update: the text as it is queued."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """One update as it will be sent."""

    id: int
    kind: str
    text: str
    at: float
    chat: int | None = None
    lane: str | None = None
    """A webhook gets the updates of one lane one after the other: a chat's messages, a person's presses."""


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed, and how that went."""

    url: str
    secret: str
    connections: int
    last_error: str = field(default="", compare=False)
    last_error_date: int = field(default=0, compare=False)


class UpdateQueue:
    """The updates of one bot, oldest first."""

    def __init__(self, config: BotConfig, now: Callable[[], float], chance: random.Random, spoil: Spoil) -> None:
        self._config, self._now, self._spoil = config, now, spoil
        first = config.first_update_id
        if first is None:
            first = 0 if config.flavour == "bale" else chance.randrange(100_000_000, 900_000_000)
        self.next_id = first
        self._waiting: deque[Waiting] = deque()
        self._presses: deque[Waiting] = deque()
        self._poll: asyncio.Future[None] | None = None
        self.changed = asyncio.Event()
        """Set when there is something new for webhook delivery."""
        self.webhook: Webhook | None = None
        self.allowed: frozenset[str] | None = None
        self._polled = -_LISTENS
        self.dropped = 0
        """Updates that nobody fetched in time."""

    @property
    def listening(self) -> bool:
        """Whether a bot is there: it has a webhook or has asked for updates in the last minute."""
        return self.webhook is not None or self._poll is not None or monotonic() - self._polled < _LISTENS

    def __len__(self) -> int:
        return len(self._waiting)

    def accepts(self, kind: str) -> bool:
        """Whether this bot gets updates of a kind at all."""
        if self._config.flavour == "bale":
            return kind in _BALE_KINDS
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    def push(self, kind: str, payload: dict[str, Any]) -> int | None:
        """Adds an update and wakes who waits for it; None where the bot does not get this kind."""
        if not self.accepts(kind):
            return None
        update = {"update_id": self.next_id, kind: payload}
        lane, chat = _lane(kind, payload)
        text = json.dumps(update, ensure_ascii=False, separators=(",", ":"))
        return self._put(kind, self._spoil(self._config.username, chat, text), chat, lane)

    def push_raw(self, update: dict[str, Any] | str) -> int:
        """Adds anything at all, well-formed or not; an object without update_id gets the next one."""
        if isinstance(update, str):
            return self._put("raw", update)
        if "update_id" in update:
            self.next_id = int(update["update_id"])
        whole = {"update_id": self.next_id} | update
        return self._put("raw", json.dumps(whole, ensure_ascii=False))

    def _put(self, kind: str, text: str, chat: int | None = None, lane: str | None = None) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        update = Waiting(number, kind, text, self._now(), chat, lane)
        self._waiting.append(update)
        if kind == "callback_query":
            self._presses.append(update)
        if self._config.flavour == "bale" and len(self._waiting) > _BALE_KEEPS:
            self._waiting.popleft()
            self.dropped += 1
        self.changed.set()
        self._wake()
        return number

    def _wake(self, error: Refused | None = None) -> None:
        poll, self._poll = self._poll, None
        if poll is None or poll.done():
            return
        if error is None:
            poll.set_result(None)
        else:
            poll.set_exception(error)

    def end_poll(self) -> None:
        """Ends a waiting call with an empty answer."""
        self._wake()

    def restart_ids(self, at: int) -> None:
        """Forgets what waits and numbers from another id on, as servers do after a quiet week."""
        self.forget_all()
        self.next_id = at

    def forget_all(self) -> None:
        """Drops everything that waits."""
        self._waiting.clear()
        self._presses.clear()

    def confirm_below(self, number: int) -> None:
        """Forgets the updates with ids below a number."""
        while self._waiting and self._waiting[0].id < number:
            self._waiting.popleft()

    def confirm(self, update: Waiting) -> None:
        """Forgets one update, wherever it stands; those before it may still be under way."""
        with contextlib.suppress(ValueError):
            self._waiting.remove(update)

    def set_webhook(self, hook: Webhook | None) -> None:
        """Turns push delivery on or off; whoever polls gets a 409."""
        if hook is not None and self.webhook == hook:
            return
        self.webhook = hook
        self.changed.set()
        if hook is not None:
            self._wake(Refused("webhook-set"))

    def expire(self) -> None:
        """Drops what nobody took in time: a day, in Telegram 150 seconds for a press."""
        self._drop_older(self._waiting, _DAY)
        if self._config.flavour == "telegram":
            self._drop_older(self._presses, _PRESS_KEEPS)

    def _drop_older(self, updates: deque[Waiting], seconds: float) -> None:
        oldest = self._now() - seconds
        while updates and updates[0].at < oldest:
            before = len(self._waiting)
            if updates is self._presses:
                self._forget_press(updates.popleft())
            else:
                updates.popleft()
            self.dropped += before - len(self._waiting)

    def _forget_press(self, press: Waiting) -> None:
        if self._waiting and press.id >= self._waiting[0].id:
            self.confirm(press)

    def first(self, limit: int) -> list[Waiting]:
        """The oldest waiting updates."""
        return list(islice(self._waiting, limit))

    async def get(self, offset: int, limit: int, seconds: float) -> list[Waiting]:
        """Confirms below the offset and gives up to ``limit`` updates, waiting up to ``seconds`` for one."""
        if self.webhook is not None:
            raise Refused("webhook-set")
        self._polled = monotonic()
        self._wake(Refused("two-pollers"))
        self.expire()
        if offset < 0:
            offset = self.next_id + offset
        if offset <= self.next_id + _FUTURE:
            self.confirm_below(offset)
        if not self._waiting and seconds > 0:
            await self._wait(seconds)
        # An offset a little past the end hides the updates up to it; one far past it hides nothing.
        start = offset if offset <= self.next_id + _FUTURE else self._waiting[0].id if self._waiting else 0
        return [one for one, _ in zip(self._from(start), range(limit), strict=False)]

    def _from(self, start: int) -> list[Waiting]:
        if not self._waiting or self._waiting[0].id >= start:
            return list(self._waiting) if len(self._waiting) <= 100 else [self._waiting[n] for n in range(100)]
        return [one for one in self._waiting if one.id >= start]

    async def _wait(self, seconds: float) -> None:
        poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None


def _lane(kind: str, payload: dict[str, Any]) -> tuple[str, int | None]:
    """Which updates a webhook gets in order: as on the real server a chat's messages, and a person's other updates."""
    if kind in ("message", "edited_message"):
        return f"chat:{payload['chat']['id']}", payload["chat"]["id"]
    chat = (payload.get("chat") or (payload.get("message") or {}).get("chat") or {}).get("id")
    return f"{kind}:{payload['from']['id']}", chat
