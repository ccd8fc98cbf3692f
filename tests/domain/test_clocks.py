"""Clocks as arithmetic: steps are counted back from the end, a pause moves them, each is taken once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain import clocks
from domain.city import Calendar
from domain.clocks import Clock, Going, Kind, Step
from domain.lifecycle import State
from domain.worktime import AllTime, WorkingTime

WEEK = ("saturday", "sunday", "monday", "tuesday", "wednesday")
TEHRAN = ZoneInfo("Asia/Tehran")
OFFICE = WorkingTime(Calendar(country="IR", hours=dict.fromkeys(WEEK, (time(7), time(14, 30)))), TEHRAN)
HOUR, DAY = 3600.0, 7.5 * 3600
LATER = {Step.DEPUTY: DAY, Step.MANAGER: 3 * DAY}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TEHRAN)


def office() -> Clock:
    """A clock that was started on Saturday at ten, for two working days."""
    return clocks.start(Kind.RESOLUTION, at(21, 10), at(23, 10), OFFICE, urgent=False)


def test_the_steps_of_a_clock() -> None:
    assert office().seconds == 2 * DAY
    assert clocks.step_times(office(), OFFICE, LATER) == {
        Step.HALF: at(22, 10),
        Step.MOST: at(23, 8, 30),
        Step.BREACH: at(23, 10),
        Step.DEPUTY: at(24, 10),
        Step.MANAGER: at(28, 10),  # over Thursday and Friday
    }


def test_around_the_clock_the_night_counts() -> None:
    clock = clocks.start(Kind.RESOLUTION, at(20, 20), at(21, 0), AllTime(), urgent=True)
    times = clocks.step_times(clock, AllTime(), {Step.DEPUTY: HOUR, Step.MANAGER: 2 * HOUR})
    assert list(times.values()) == [at(20, 22), at(20, 23, 36), at(21, 0), at(21, 1), at(21, 2)]


def test_over_nowruz_nobody_is_warned() -> None:
    started = at(17, 10, month=3)  # two working days before the feast
    clock = clocks.start(Kind.RESOLUTION, started, OFFICE.after(started, 2 * DAY), OFFICE, urgent=False)
    times = clocks.step_times(clock, OFFICE, LATER)
    assert times[Step.HALF] == at(18, 10, month=3)
    assert times[Step.MOST] == at(25, 8, 30, month=3)
    assert times[Step.BREACH] == at(25, 10, month=3)
    assert times[Step.DEPUTY] == at(28, 10, month=3)


def test_a_pause_moves_all_that_is_ahead() -> None:
    still = clocks.pause(office(), at(22, 9), OFFICE)
    assert (still.going, still.due_at, still.left_seconds, still.stopped_at) == (
        Going.STILL, None, int(DAY + HOUR), at(22, 9),
    )  # fmt: skip
    assert clocks.step_times(still, OFFICE, LATER) == {}
    assert clocks.pause(still, at(23, 9), OFFICE) == still
    again = clocks.resume(still, OFFICE.after(at(25, 9), DAY + HOUR))
    assert (again.due_at, again.left_seconds, again.stopped_at) == (at(28, 10), None, None)
    assert clocks.step_times(again, OFFICE, LATER)[Step.HALF] == at(25, 10)
    assert clocks.resume(again, at(30, 9)) == again


def test_each_step_is_taken_once_and_warnings_that_come_too_late_not_at_all() -> None:
    clock = office()
    times = clocks.step_times(clock, OFFICE, LATER)
    assert clocks.due_steps(times, at(22, 9, 59)) == []
    assert clocks.due_steps(times, at(22, 10)) == [Step.HALF]
    assert clocks.due_steps(times, at(23, 9)) == [Step.MOST], "the machine stood still: half is over anyway"
    assert clocks.due_steps(times, at(24, 11)) == [Step.BREACH, Step.DEPUTY]
    taken = clocks.take(clock, [Step.MOST])
    assert Step.HALF not in clocks.step_times(taken, OFFICE, LATER)
    assert not taken.late
    over = clocks.take(taken, [Step.BREACH, Step.DEPUTY])
    assert over.late
    assert list(clocks.step_times(over, OFFICE, LATER)) == [Step.MANAGER]


@pytest.mark.parametrize(("now", "late"), [(at(23, 9), False), (at(23, 10, 1), True)])
def test_whether_it_was_met_in_time(now: datetime, late: bool) -> None:
    met = clocks.stop(office(), now, met=True)
    assert (met.going, met.late, met.stopped_at) == (Going.MET, late, now)
    assert clocks.stop(met, at(30, 9), met=False) == met, "what is over stays as it was"


def test_what_was_late_before_a_pause_is_late() -> None:
    still = clocks.pause(office(), at(24, 10), OFFICE)
    assert still.left_seconds == -DAY
    assert clocks.stop(still, at(28, 10), met=False).late
    assert not clocks.stop(clocks.pause(office(), at(22, 10), OFFICE), at(28, 10), met=True).late


def test_another_end_keeps_what_was_warned_of() -> None:
    moved = clocks.move(clocks.take(office(), [Step.HALF]), at(22, 10), OFFICE, urgent=False)
    assert (moved.seconds, moved.steps) == (DAY, (Step.HALF,))


def test_a_sound_clock_has_no_problem() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert clocks.problems(State.IN_HAND, now, [office()]) == []
    assert clocks.problems(State.ASKED, now, [clocks.pause(office(), now, OFFICE)]) == []
    assert clocks.problems(State.CLOSED, now, [clocks.stop(office(), now, met=True)]) == []
    assert clocks.problems(State.IN_PARTS, now, [clocks.stop(office(), now, met=False)]) == []


def test_problems_are_found() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    still = clocks.pause(office(), now, OFFICE)
    answer = clocks.start(Kind.FIRST_ANSWER, now, now + timedelta(days=1), OFFICE, urgent=False)
    following = clocks.start(Kind.NEXT_ANSWER, now, now + timedelta(days=1), OFFICE, urgent=False)
    assert clocks.problems(State.CLOSED, now, [office()]) == ["resolution running while the request is closed"]
    assert clocks.problems(State.ASKED, now, [office()]) == ["resolution runs while the request is asked_citizen"]
    assert clocks.problems(State.IN_HAND, now, [still]) == ["resolution stands still while the request is in_hand"]
    assert clocks.problems(State.IN_HAND, now, []) == ["nothing counts the time until the resolution"]
    assert clocks.problems(State.IN_HAND, now, [office(), answer, following]) == [
        "the first answer and the next one are awaited at once"
    ]
    twice = clocks.take(clocks.take(office(), [Step.HALF]), [Step.HALF])
    assert clocks.problems(State.IN_HAND, now, [twice]) == ["resolution took a step twice"]
