"""Lanes: order within a chat, turns between chats."""

import asyncio

from bot.lanes import Lanes
from storage.inbox import Waiting


def row(number: int, lane: str) -> Waiting:
    return Waiting(number, "telegram", lane, "{}", 0, None)


async def test_a_lane_in_hand_is_not_handed_out_again() -> None:
    lanes = Lanes()
    lanes.add([row(1, "a"), row(2, "a"), row(3, "b")])
    taken = await lanes.take(10)
    assert [lane.name for lane in taken] == ["a", "b"]
    lanes.add([row(4, "a")])
    waiting = asyncio.create_task(lanes.take(10))
    await asyncio.sleep(0)
    assert not waiting.done()
    lanes.finished(taken[0])
    lanes.give_back(taken[0])
    (again,) = await waiting
    assert [one.id for one in again.waiting] == [2, 4]


async def test_a_long_lane_goes_behind_the_others_after_each_turn() -> None:
    lanes = Lanes()
    lanes.add([row(n, "flood") for n in range(100)])
    lanes.add([row(1000, "b"), row(1001, "c")])
    order = []
    for _ in range(5):
        (lane,) = await lanes.take(1)
        order.append(lane.name)
        lanes.finished(lane)
        lanes.give_back(lane)
    assert order == ["flood", "b", "c", "flood", "flood"]


async def test_a_resting_lane_comes_back_by_itself() -> None:
    lanes = Lanes()
    lanes.add([row(1, "a")])
    (lane,) = await lanes.take(1)
    lanes.give_back(lane, after=0.02)
    lanes.add([row(2, "a")])
    begun = asyncio.get_running_loop().time()
    (again,) = await lanes.take(1)
    assert again is lane
    assert asyncio.get_running_loop().time() - begun >= 0.015


async def test_what_is_known_is_not_taken_in_twice_and_empty_lanes_are_forgotten() -> None:
    lanes = Lanes()
    lanes.add([row(1, "a")])
    lanes.add([row(1, "a")])
    assert len(lanes) == 1
    (lane,) = await lanes.take(1)
    lanes.finished(lane)
    lanes.give_back(lane)
    assert len(lanes) == 0
    assert not lanes._lanes


async def test_closing_lets_everybody_go() -> None:
    lanes = Lanes()
    waiting = asyncio.create_task(lanes.take(1))
    await asyncio.sleep(0)
    lanes.close()
    assert await waiting == []
