"""A session's report and what was kept of its promises, in numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.casework import Account
from domain.hearings import Hearing, HearingState, Keeping, Promised, Session, SessionState, keeping, report
from domain.lifecycle import Outcome, State, Verdict

START = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
SESSION = Session(1, 7, "شهردار", START, START + timedelta(hours=2), SessionState.OVER, 10, None, "کسی")
DUE = START + timedelta(days=3)


def heard(state: HearingState, asked: int = 0, answered: int | None = None) -> Hearing:
    """A hearing; the minutes count from the session's start."""
    at = START + timedelta(minutes=answered) if answered is not None else None
    account = Account(1, "bale", 1, 1, "مریم")
    return Hearing(1, 1, 1, account, START + timedelta(minutes=asked), state, at, None, None, 0)


def promise(**changes: object) -> Promised:
    """A promise that was kept, but for what is changed."""
    kept = Promised(1, "1234567", DUE, State.CLOSED, Outcome.SOLVED, None, DUE - timedelta(hours=1))
    return replace(kept, **changes)  # type: ignore[arg-type]


def test_everybody_who_asked_is_counted_once() -> None:
    asked = [
        heard(HearingState.ANSWERED, answered=10),
        heard(HearingState.ANSWERED, answered=20),
        heard(HearingState.REFERRED, answered=30),
        heard(HearingState.PROMISED, answered=60),
        heard(HearingState.UNHEARD),
        heard(HearingState.LEFT),
    ]
    counts = report(SESSION, asked)
    assert (counts.asked, counts.heard, counts.answered, counts.referred) == (6, 4, 2, 1)
    assert (counts.promised, counts.unheard, counts.left) == (1, 1, 1)
    assert counts.heard + counts.unheard + counts.left == counts.asked


@pytest.mark.parametrize(
    ("waits", "median"),
    [
        ([(-600, 10)], 10),  # asked the day before: waiting begins with the session
        ([(0, 10), (0, 30)], 20),
        ([(15, 20), (-5, 40), (0, 60)], 40),
        ([(100, 130)], 30),  # after the end, for those who waited
    ],
)
def test_the_median_wait_begins_when_the_session_does(waits: list[tuple[int, int]], median: int) -> None:
    counts = report(SESSION, [heard(HearingState.ANSWERED, asked, answered) for asked, answered in waits])
    assert counts.waited == timedelta(minutes=median)


def test_nobody_heard_nobody_waited() -> None:
    assert report(SESSION, [heard(HearingState.UNHEARD), heard(HearingState.LEFT)]).waited is None
    assert report(SESSION, []).asked == 0


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (promise(), True),
        (promise(verdict=Verdict.ACCEPTED), True),
        (promise(verdict=Verdict.SILENT), True),
        (promise(closed_at=DUE), True),
        (promise(closed_at=DUE + timedelta(seconds=1)), False),
        (promise(verdict=Verdict.OBJECTED), False),
        (promise(outcome=Outcome.NOT_SOLVED), False),
        (promise(outcome=Outcome.GUIDED), False),
        (promise(state=State.REOPENED, outcome=None, closed_at=None), False),
        (promise(state=State.UNDER_WAY, outcome=None, closed_at=None), False),
    ],
)
def test_a_promise_is_kept_when_it_was_solved_by_its_date_and_not_objected_to(found: Promised, kept: bool) -> None:
    assert found.kept(DUE + timedelta(days=7)) is kept


def test_a_promise_whose_date_is_to_come_is_neither_kept_nor_broken() -> None:
    assert promise(state=State.PLANNED, outcome=None, closed_at=None).kept(DUE) is None
    assert promise(closed_at=START).kept(START + timedelta(days=1)) is True


def test_promises_are_counted_by_what_became_of_them() -> None:
    found = [promise(), promise(verdict=Verdict.OBJECTED), promise(closed_at=None, state=State.PLANNED)]
    assert keeping(found, DUE + timedelta(days=1)) == Keeping(kept=1, broken=2, pending=0)
    assert keeping(found, DUE) == Keeping(kept=1, broken=0, pending=2)
