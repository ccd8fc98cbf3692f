"""Rates, counted on a clock of our own."""

import random
from dataclasses import replace

import pytest

from bot.limits import Limits
from bot.messengers.record import MESSENGERS, Rates


def limits(groups: tuple[int, ...] = (), **rates: float) -> Limits:
    values = {"per_second": 30.0, "per_chat_per_second": 1.0, "burst_per_chat": 3, "per_group_per_minute": 20.0} | rates
    messenger = replace(MESSENGERS["telegram"], rates=Rates(**values))  # type: ignore[arg-type]
    return Limits(messenger, lambda chat: chat in groups, random.Random(1))


def departures(limit: Limits, seconds: float, chats: int, step: float = 0.001) -> list[tuple[float, int]]:
    """Let as many messages leave as may, over so many chats; return when each left, and to whom."""
    left, now, turn = [], 100.0, 0
    while now < 100.0 + seconds:
        held = limit.held_until(now)
        for _ in range(limit.free(now)):
            free = [chat for chat in (turn + n for n in range(chats)) if chat % chats not in held]
            if not free:
                break
            chat, turn = free[0] % chats, free[0] + 1
            limit.took(chat, now)
            left.append((now, chat))
            held = limit.held_until(now)
        now += step
    return left


def most_within(moments: list[float], window: float) -> int:
    return max(sum(1 for other in moments if moment <= other < moment + window) for moment in moments)


def test_the_rate_over_all_is_reached_and_not_exceeded() -> None:
    left = [moment for moment, _ in departures(limits(), 10, chats=500)]
    assert 0.97 * 300 <= len(left) <= 302
    assert most_within(left, 1.0) <= 32


def test_a_high_rate_is_reached_as_well() -> None:
    left = departures(limits(per_second=1000.0), 2, chats=5000)
    assert 0.97 * 2000 <= len(left) <= 2060


def test_one_chat_gets_a_burst_and_then_its_rate() -> None:
    left = [moment for moment, _ in departures(limits(), 10, chats=1)]
    assert len(left) in range(12, 14)
    assert len([moment for moment in left if moment < 100.5]) == 3


def test_an_album_counts_as_its_pictures() -> None:
    limit = limits(per_chat_per_second=1.0)
    limit.took(7, 100.0, 5)
    assert limit.held_until(100.0)[7] == pytest.approx(103.0), "five, of which three may come at once"
    assert limit.free_at() == pytest.approx(100.0 + 4 / 30, abs=0.05)


def test_an_album_waits_until_there_is_room_for_it() -> None:
    limit = limits(per_chat_per_second=1.0)
    assert limit.room_at(7, 10) == 0.0
    limit.took(7, 100.0)
    limit.took(7, 100.0)
    assert [limit.room_at(7, n) for n in (1, 2, 3, 10)] == [100.0, 101.0, 102.0, 102.0]


def test_a_group_never_gets_more_than_twenty_a_minute() -> None:
    left = [moment for moment, _ in departures(limits(groups=(0,)), 180, chats=1, step=0.05)]
    assert most_within(left, 60.0) <= 20
    assert len(left) >= 45


def test_a_pause_asked_for_stops_everything_and_notices_for_longer() -> None:
    limit = limits()
    seconds = limit.refused(7.0, now=100.0)
    assert 7.0 <= seconds <= 7.7
    assert limit.free(106.9) == 0
    assert limit.free(108.0) > 0
    assert not limit.notices_may_leave(108.0)
    assert limit.notices_may_leave(140.0)


def test_a_refusal_without_a_time_halves_the_rate_which_recovers_slowly() -> None:
    limit = limits(per_second=10.0)
    limit.refused(None, now=100.0)
    limit.refused(None, now=100.2)
    assert limit.factor == 0.5, "refusals of one moment count once"
    limit.refused(None, now=110.0)
    assert limit.factor == 0.25
    now, steps = 120.0, 0
    while limit.factor < 1.0:
        now, steps = now + 31.0, steps + 1
        limit.free(now)
    assert 5 <= steps <= 20


def test_the_rate_never_dies() -> None:
    limit = limits(per_second=10.0)
    for n in range(100):
        limit.refused(None, now=100.0 + 2 * n)
    assert limit.factor >= 0.05
    assert limit.free(400.0) > 0


def test_chats_that_had_nothing_for_a_while_are_forgotten() -> None:
    limit = limits(per_second=1000.0)
    for chat in range(1000):
        limit.took(chat, 100.0)
    limit.held_until(200.0)
    assert not limit._chats
