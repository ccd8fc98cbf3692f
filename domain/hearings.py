"""Managers on the roster: sessions, who asked to be heard in them, and what came of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from domain.casework import Account
from domain.lifecycle import Deed, Outcome, State, Verdict


class SessionState(StrEnum):
    """Where a session is; after its end it stays open while the manager goes on with those who waited."""

    PLANNED = "planned"
    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"


class HearingState(StrEnum):
    """What came of somebody's wish to be heard; every one of them ends in another state than waiting."""

    WAITING = "waiting"
    ANSWERED = "answered"
    REFERRED = "referred"
    PROMISED = "promised"
    UNHEARD = "unheard"
    LEFT = "left"  # the citizen left the queue, or the request ended before


COMES_OF: dict[Deed, HearingState] = {
    Deed.RESPOND: HearingState.ANSWERED,
    Deed.REPLY: HearingState.ANSWERED,
    Deed.SEND_ON: HearingState.REFERRED,
    Deed.PROMISE: HearingState.PROMISED,
}
"""How a hearing ends by what the manager does."""

HEARD = frozenset(COMES_OF.values())

KEPT_LOOKED_AT = timedelta(days=7)
"""How long after the last promised day it is counted what was kept: until then people may object."""


@dataclass(frozen=True, slots=True)
class Session:
    """Some hours in which a manager answers people directly; `title` is how citizens are told who it is."""

    id: int
    manager: int
    title: str
    starts_at: datetime
    ends_at: datetime
    state: SessionState
    places: int
    notice: int | None
    manager_name: str

    @property
    def ahead(self) -> bool:
        """Tell whether it is still to come or going on."""
        return self.state in (SessionState.PLANNED, SessionState.OPEN)


@dataclass(frozen=True, slots=True)
class Hearing:
    """One citizen's place in a session; `skipped` puts those whom the manager passed over behind the others."""

    id: int
    session: int
    request: int
    account: Account
    asked_at: datetime
    state: HearingState
    answered_at: datetime | None
    promised_for: datetime | None
    kept: bool | None
    skipped: int


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise of a session and how its request stands now."""

    hearing: int
    code: str
    promised_for: datetime
    state: State
    outcome: Outcome | None
    verdict: Verdict | None
    closed_at: datetime | None

    def kept(self, now: datetime) -> bool | None:
        """Tell whether it was closed as solved by its date and not objected to; None: its date is still to come."""
        solved = self.state is State.CLOSED and self.outcome is Outcome.SOLVED
        in_time = self.closed_at is not None and self.closed_at <= self.promised_for
        if solved and in_time and self.verdict is not Verdict.OBJECTED:
            return True
        return None if now <= self.promised_for else False


@dataclass(frozen=True, slots=True)
class Report:
    """What a session came to, in people; `waited` is the median time until they were heard."""

    asked: int
    answered: int
    referred: int
    promised: int
    unheard: int
    left: int
    waited: timedelta | None

    @property
    def heard(self) -> int:
        """How many the manager heard."""
        return self.answered + self.referred + self.promised


def report(session: Session, hearings: Sequence[Hearing]) -> Report:
    """Count a session. Nobody waits before it begins: until then they only hold a place."""
    ended = Counter(hearing.state for hearing in hearings)
    waits = [
        (hearing.answered_at - max(hearing.asked_at, session.starts_at)).total_seconds()
        for hearing in hearings
        if hearing.state in HEARD and hearing.answered_at is not None
    ]
    return Report(
        asked=len(hearings),
        answered=ended[HearingState.ANSWERED],
        referred=ended[HearingState.REFERRED],
        promised=ended[HearingState.PROMISED],
        unheard=ended[HearingState.UNHEARD],
        left=ended[HearingState.LEFT],
        waited=timedelta(seconds=median(waits)) if waits else None,
    )


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many of a session's promises were kept, were not, and are not due yet."""

    kept: int
    broken: int
    pending: int


def keeping(promises: Sequence[Promised], now: datetime) -> Keeping:
    """Count promises by what became of them."""
    found = Counter(promise.kept(now) for promise in promises)
    return Keeping(found[True], found[False], found[None])
