"""Faults on demand: rules that say which calls go wrong, how, and how often."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any, Literal

from simulator.config import Flavour
from simulator.damage import KINDS, damaged

_NO_CALLS = frozenset({"update", "webhook"})
_TEXTS = {
    400: "Bad Request: fault on demand",
    401: "Unauthorized",
    403: "Forbidden: fault on demand",
    404: "Not Found",
    409: "Conflict: fault on demand",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """One rule. Without status, text, body or drop the call works, only after ``delay`` seconds."""

    method: str = "*"
    """Name of the method with * and ?; file downloads are called download. ``update`` (a new update, for good) and
    ``webhook`` (one delivery) are meant only by their whole names."""
    bot: str | None = None
    chat: int | None = None
    times: int | None = 1
    """How often it strikes; None: for ever."""
    rate: float = 1.0
    """The share of matching calls that it strikes, drawn from the simulator's seed."""
    after: int = 0
    """How many matching calls pass untouched first."""
    status: int | None = None
    description: str | None = None
    retry_after: int | None = None
    body: Any = None
    """A whole JSON answer in place of the usual refusal."""
    text: str | None = None
    """A raw answer, such as a proxy's HTML page."""
    delay: float = 0.0
    """Seconds before anything happens."""
    drip: float = 0.0
    """Seconds over which the body comes in pieces."""
    effect: bool = False
    """The call takes effect although the answer is the fault's."""
    drop: Literal["before", "after"] | None = None
    """The connection is cut before or after the effect; a webhook's before or after the bot's answer."""
    damage: str | None = None
    """``update``, ``webhook``, getUpdates: updates come malformed, in one of the ways of KINDS."""
    repeat: int = 0
    """Webhook: how often the update is delivered again although the bot took it."""
    together: bool = False
    """Webhook: the repetitions are delivered at the same moment as the first."""
    hold: int = 0
    """Webhook: how many later updates are delivered first; at most ``delay`` seconds, or 1, are waited for them."""
    struck: int = 0

    @property
    def answers(self) -> bool:
        """Whether the rule has an answer of its own."""
        return self.status is not None or self.body is not None or self.text is not None

    def answer(self, flavour: Flavour) -> tuple[int, object]:
        """The status and what goes into the body: a raw text or a JSON value."""
        status = self.status or 200
        if self.text is not None:
            return status, self.text
        if self.body is not None:
            return status, self.body
        words = self.description or _TEXTS.get(status, "Fault on demand")
        if self.retry_after is not None and flavour == "telegram":
            words = f"{words}: retry after {self.retry_after}"
        out: dict[str, Any] = {"ok": False, "error_code": status, "description": words}
        if self.retry_after is not None:
            out["parameters"] = {"retry_after": self.retry_after}
        return status, out


def fault_from(row: Mapping[str, Any]) -> Fault:
    """A rule from plain JSON values; raises ValueError for an unknown key."""
    known = {one.name for one in fields(Fault)} - {"struck"}
    if unknown := set(row) - known:
        raise ValueError(f"unknown keys {sorted(unknown)}; known are {sorted(known)}")
    if row.get("damage") not in (None, *KINDS):
        raise ValueError(f"damage must be one of {KINDS}, not {row['damage']!r}")
    if row.get("drop") not in (None, "before", "after"):
        raise ValueError(f"drop must be before or after, not {row['drop']!r}")
    return Fault(**row)


class Faults:
    """The rules in order; the first that matches a call strikes."""

    def __init__(self, chance: random.Random) -> None:
        self.rules: list[Fault] = []
        self._chance = chance

    def add(self, fault: Fault) -> Fault:
        """Puts a rule at the end."""
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Everything works again."""
        self.rules.clear()

    def strike(self, bot: str, method: str, chat: object) -> Fault | None:
        """The rule that strikes this call, None for a sound one."""
        for rule in self.rules:
            if self._matches(rule, bot, method, chat):
                if rule.after > 0:
                    rule.after -= 1
                    continue
                rule.struck += 1
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self.rules.remove(rule)
                return rule
        return None

    def spoil(self, bot: str, chat: object, text: str) -> str:
        """A new update's text as the rules for ``update`` leave it."""
        rule = self.strike(bot, "update", chat) if self.rules else None
        return damaged(text, rule.damage, self._chance) if rule is not None and rule.damage else text

    def damage(self, rule: Fault, text: str) -> str:
        """A text as one rule leaves it."""
        return damaged(text, rule.damage, self._chance) if rule.damage else text

    def _matches(self, rule: Fault, bot: str, method: str, chat: object) -> bool:
        return (
            (rule.bot is None or rule.bot == bot)
            and (rule.chat is None or str(rule.chat) == str(chat))
            and (rule.method == method if method in _NO_CALLS else fnmatchcase(method, rule.method))
            and (rule.rate >= 1 or self._chance.random() < rule.rate)
        )
