"""Rate limits of the real kind: 30 a second per bot, 1 a second per private chat, 20 a minute per group."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.config import Flavour
from simulator.refusals import Refused
from simulator.world import Bot, World

# what: (calls a second, calls at once before the rate counts)
_RATES: dict[str, tuple[float, float]] = {"bot": (30, 30), "private": (1, 5), "group": (20 / 60, 20)}
_BALE_BOT = (10.0, 20.0)  # not published; only that bots meet 429 without retry_after is known
_COUNTED = ("send", "edit", "forward", "copy")


@dataclass(slots=True)
class _Bucket:
    rate: float
    room: float
    filled: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one more call fits; nothing is taken."""
        self.filled = min(self.room, self.filled + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.filled >= 1 else (1 - self.filled) / self.rate


class RateLimits:
    """Buckets per bot and per chat of a bot."""

    def __init__(self, now: Callable[[], float], world: World) -> None:
        self._now, self._world = now, world
        self._buckets: dict[tuple[int, object], _Bucket] = {}
        self._silent: dict[int, float] = {}
        """Bot id: the moment until which every call of it is refused."""
        self.enabled = False

    def check(self, bot: Bot, method: str, chat: object) -> None:
        """Takes one call's worth; raises Refused with 429 where it does not fit."""
        if not self.enabled or not method.startswith(_COUNTED) or method == "sendChatAction":
            return
        now = self._now()
        if (until := self._silent.get(bot.id, 0)) > now:
            self._refuse(bot.flavour, until - now)
        whole, one = self._bucket(bot, None, now), self._bucket(bot, chat, now)
        if (wait := whole.wait(now)) > 0:
            self._silent[bot.id] = now + math.ceil(wait)
            self._refuse(bot.flavour, wait)
        if (wait := one.wait(now)) > 0:
            self._refuse(bot.flavour, wait)
        whole.filled -= 1
        one.filled -= 1

    def _bucket(self, bot: Bot, chat: object, now: float) -> _Bucket:
        found = self._buckets.get((bot.id, chat))
        if found is None:
            rate, room = self._rate(bot, chat)
            found = self._buckets[bot.id, chat] = _Bucket(rate, room, room, now)
        return found

    def _rate(self, bot: Bot, chat: object) -> tuple[float, float]:
        if chat is None:
            return _BALE_BOT if bot.flavour == "bale" else _RATES["bot"]
        group = str(chat).lstrip("-").isdigit() and (bot.flavour, int(str(chat))) in self._world.groups
        return _RATES["group" if group else "private"]

    @staticmethod
    def _refuse(flavour: Flavour, wait: float) -> None:
        seconds = max(1, math.ceil(wait))
        raise Refused("too-many", retry_after=seconds, seconds=seconds)
