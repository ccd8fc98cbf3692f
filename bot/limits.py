"""How fast one bot may send: over all, to one chat, to one group; and how it learns from "too many requests".

Times are seconds of a monotonic clock, handed in.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.messengers.record import Messenger

_GROUP_BURST = 4
_SLOWEST = 0.05
_UNTOLD, _TOLD = 0.5, 0.8  # how much slower after a refusal without, and with, a time to wait
_RECOVERY_EVERY = 30.0  # seconds without a refusal after which the rate grows again
_RECOVERY = 1.15
_UNTOLD_PAUSE = 3.0  # when the messenger does not say how long to wait
_CALM = 30.0  # after a pause, replies and pushes go first for so long


@dataclass(slots=True)
class _Bucket:
    """Lets `burst` through at once and one more every `interval`; `full_at` is when the burst is whole again."""

    interval: float
    burst: float
    full_at: float = 0.0

    def ready_at(self) -> float:
        return self.full_at - (self.burst - 1) * self.interval

    def take(self, now: float, messages: int) -> None:
        self.full_at = max(self.full_at, now) + messages * self.interval

    def free(self, now: float) -> int:
        debt = max(0.0, self.full_at - now) / self.interval
        return max(0, int(self.burst - debt + 1e-9))


@dataclass
class Limits:
    """The rates of one bot."""

    messenger: Messenger
    is_group: Callable[[int], bool]
    chance: random.Random = field(default_factory=random.Random)
    paused_until: float = 0.0
    calm_at: float = 0.0
    factor: float = 1.0
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _grows_at: float = 0.0
    _refused_at: float = float("-inf")

    def __post_init__(self) -> None:
        rate = self.messenger.rates.per_second
        self._all = _Bucket(1 / rate, max(2.0, rate / 20))

    def free(self, now: float) -> int:
        """Return how many messages may leave now, over all chats."""
        self._grow(now)
        return 0 if now < self.paused_until else self._all.free(now)

    def free_at(self) -> float:
        """Return when the next message may leave."""
        return max(self.paused_until, self._all.ready_at())

    def notices_may_leave(self, now: float) -> bool:
        """Say whether there is no pressure: notices are the first to stop and the last to go on."""
        return now >= self.calm_at

    def held_until(self, now: float) -> dict[int, float]:
        """Return the chats that had their share, with the time when they may have more."""
        self._chats = {chat: bucket for chat, bucket in self._chats.items() if bucket.full_at > now}
        ready = ((chat, bucket.ready_at()) for chat, bucket in self._chats.items())
        return {chat: at for chat, at in ready if at > now}

    def room_at(self, chat: int, messages: int) -> float:
        """Return when so many messages at once may leave for a chat; more than a burst wait until it is whole."""
        if (bucket := self._chats.get(chat)) is None:
            return 0.0
        return bucket.full_at - (bucket.burst - min(messages, bucket.burst)) * bucket.interval

    def took(self, chat: int, now: float, messages: int = 1) -> None:
        """Count what leaves for a chat: an album is as many messages as it has pictures."""
        self._all.take(now, messages)
        if chat not in self._chats:
            self._chats[chat] = self._bucket(chat)
        self._chats[chat].take(now, messages)

    def _bucket(self, chat: int) -> _Bucket:
        rates = self.messenger.rates
        if self.is_group(chat):
            burst = min(_GROUP_BURST, rates.burst_per_chat)
            return _Bucket(60 / max(1.0, rates.per_group_per_minute - burst), burst)
        return _Bucket(1 / rates.per_chat_per_second, rates.burst_per_chat)

    def pause(self, seconds: float, now: float) -> None:
        """Stop the whole bot for a while."""
        self.paused_until = max(self.paused_until, now + seconds)

    def refused(self, retry_after: float | None, now: float) -> float:
        """Learn from "too many requests"; return the seconds of the pause that follows."""
        seconds = (_UNTOLD_PAUSE if retry_after is None else retry_after) * (1 + self.chance.random() / 10)
        self.pause(seconds, now)
        self.calm_at = max(self.calm_at, self.paused_until + _CALM)
        if now - self._refused_at > 1.0:  # the refusals of one moment count once
            self._set_factor(max(_SLOWEST, self.factor * (_UNTOLD if retry_after is None else _TOLD)))
        self._refused_at = now
        self._grows_at = self.paused_until + _RECOVERY_EVERY
        return seconds

    def _grow(self, now: float) -> None:
        if self.factor < 1 and now >= self._grows_at:
            self._set_factor(min(1.0, self.factor * _RECOVERY))
            self._grows_at = now + _RECOVERY_EVERY

    def _set_factor(self, factor: float) -> None:
        self.factor = factor
        self._all.interval = 1 / (self.messenger.rates.per_second * factor)
