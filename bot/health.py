"""How each part of the engine is: one flag per part, one line in the log per change."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clock import Clock

log = structlog.get_logger(__name__)

OK = "ok"


@dataclass(frozen=True, slots=True)
class Flag:
    """The state of one part: "ok" or the name of what is wrong, since when, and the last words about it."""

    state: str
    since: datetime
    detail: str = ""


class Health:
    """The flags of all parts, such as "telegram receiver"."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.flags: dict[str, Flag] = {}

    def mark(self, part: str, state: str = OK, detail: str = "") -> bool:
        """Set a part's flag; True when that is a change, which is then logged."""
        before = self.flags.get(part)
        if before is not None and before.state == state:
            return False
        self.flags[part] = Flag(state, self._clock.now(), detail)
        if state != OK:
            log.warning("trouble", part=part, state=state, detail=detail)
        elif before is not None:
            log.info("well again", part=part, after=before.state)
        return True

    def state(self, part: str) -> str:
        """Return a part's state; what was never marked is well."""
        flag = self.flags.get(part)
        return flag.state if flag else OK
