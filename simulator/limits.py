"""Rate limits of the real kind: 30 messages a second per bot, 1 a second per private chat, 20 a minute per group."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.config import Flavour
from simulator.reading import read_json
from simulator.refusals import Refused
from simulator.world import Bot, Json, World

# what: (messages a second, messages at once before the rate counts)
_RATES: dict[str, tuple[float, float]] = {"bot": (30, 30), "private": (1, 5), "group": (20 / 60, 20)}
_BALE_BOT = (10.0, 20.0)  # not published; only that bots meet 429 without retry_after is known
_COUNTED = ("send", "edit", "forward", "copy")
_WHOLE = "*"  # in the place of a chat: the bot's messages to all of them
_LARGEST_ALBUM = 10  # a larger one is refused and sends nothing


@dataclass(slots=True)
class _Bucket:
    rate: float
    room: float
    filled: float
    at: float

    def wait(self, messages: int, now: float) -> float:
        """Seconds until so many more fit; nothing is taken. More than the room fit when nothing else is in it."""
        self.filled = min(self.room, self.filled + max(0.0, now - self.at) * self.rate)
        self.at = now
        return max(0.0, min(messages, self.room) - self.filled) / self.rate


class RateLimits:
    """Buckets per bot and per chat of a bot."""

    def __init__(self, now: Callable[[], float], world: World) -> None:
        self._now, self._world = now, world
        self._buckets: dict[tuple[Bot, str], _Bucket] = {}
        self._silent: dict[Bot, float] = {}
        """The moment until which every call of a bot is refused."""
        self.enabled = False

    def check(self, bot: Bot, method: str, values: Json) -> None:
        """Takes the worth of a call's messages; raises Refused with 429 where they do not fit."""
        if not self.enabled or not method.startswith(_COUNTED) or method == "sendChatAction":
            return
        now, messages = self._now(), messages_in(method, values)
        if (until := self._silent.get(bot, 0)) > now:
            self._refuse(bot.flavour, until - now)
        whole, one = self._bucket(bot, _WHOLE, now), self._bucket(bot, str(values.get("chat_id")), now)
        if (wait := whole.wait(messages, now)) > 0:
            self._silent[bot] = now + math.ceil(wait)
            self._refuse(bot.flavour, wait)
        if (wait := one.wait(messages, now)) > 0:
            self._refuse(bot.flavour, wait)
        whole.filled -= messages
        one.filled -= messages

    def _bucket(self, bot: Bot, chat: str, now: float) -> _Bucket:
        found = self._buckets.get((bot, chat))
        if found is None:
            rate, room = self._rate(bot, chat)
            found = self._buckets[bot, chat] = _Bucket(rate, room, room, now)
        return found

    def _rate(self, bot: Bot, chat: str) -> tuple[float, float]:
        if chat == _WHOLE:
            return _BALE_BOT if bot.flavour == "bale" else _RATES["bot"]
        number = chat.removeprefix("-")
        group = number.isdecimal() and len(number) < 20 and (bot.flavour, int(chat)) in self._world.groups
        return _RATES["group" if group else "private"]

    @staticmethod
    def _refuse(flavour: Flavour, wait: float) -> None:
        seconds = max(1, math.ceil(wait))
        raise Refused("too-many", retry_after=seconds, seconds=seconds)


def messages_in(method: str, values: Json) -> int:
    """How many messages a call counts as: an album as its items."""
    media = values.get("media") if method == "sendMediaGroup" else None
    if isinstance(media, str):
        try:
            media = read_json(media)
        except ValueError:
            return 1
    return min(max(1, len(media)), _LARGEST_ALBUM) if isinstance(media, list) else 1
