"""Rate limits of the real kind, on a clock that moves only when a test says so."""

from dataclasses import dataclass

import pytest

from simulator.limits import RateLimits
from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client

GROUP = -100137


@dataclass
class Clock:
    """Seconds since some moment."""

    at: float = 1000.0

    def now(self) -> float:
        return self.at


@pytest.fixture
def clock(sim: Simulator) -> Clock:
    clock = Clock()
    sim.api.limits = RateLimits(clock.now, sim.exchange.world)
    sim.api.limits.enabled = True
    return clock


async def statuses(client: Client, chats: list[int], token: str = "137:aa") -> list[int]:
    return [(await client.call("sendMessage", token, chat_id=chat, text="x"))[0] for chat in chats]


async def test_a_chat_gets_a_burst_of_five_and_then_one_a_second(client: Client, maryam: Person, clock: Clock) -> None:
    assert await statuses(client, [1001] * 7) == [200] * 5 + [429] * 2
    _, body = await client.call("sendMessage", chat_id=1001, text="x")
    assert body["parameters"] == {"retry_after": 1}
    assert body["description"] == "Too Many Requests: retry after 1"
    clock.at += 1
    assert await statuses(client, [1001] * 2) == [200, 429]
    await client.ok("sendChatAction", chat_id=1001, action="typing")  # costs nothing


async def test_a_bot_gets_thirty_a_second_and_is_silent_after_the_next(
    client: Client, maryam: Person, sim: Simulator, clock: Clock
) -> None:
    crowd = [sim.add_person(id=5000 + n, flavour="telegram", first_name="شهروند") for n in range(32)]
    for person in crowd:
        await person.start()
    chats = [person.id for person in crowd]
    assert await statuses(client, chats) == [200] * 30 + [429] * 2
    clock.at += 0.5  # there would be room for 15, but who was refused has to wait as told
    assert await statuses(client, chats[30:]) == [429] * 2
    clock.at += 0.5
    assert await statuses(client, [*chats[30:], *chats[:29]]) == [200] * 30 + [429]


async def test_a_group_gets_twenty_a_minute_and_other_chats_go_on(client: Client, maryam: Person, clock: Clock) -> None:
    assert await statuses(client, [GROUP] * 21) == [200] * 20 + [429]
    _, body = await client.call("sendMessage", chat_id=GROUP, text="x")
    assert body["parameters"] == {"retry_after": 3}
    assert await statuses(client, [1001]) == [200]
    clock.at += 3
    assert await statuses(client, [GROUP] * 2) == [200, 429]


async def test_bale_does_not_say_for_how_long(client: Client, bale_maryam: Person, clock: Clock) -> None:
    assert await statuses(client, [bale_maryam.id] * 5, "137:cc") == [200] * 5
    status, body = await client.call("sendMessage", "137:cc", chat_id=bale_maryam.id, text="x")
    assert status == 429
    assert body == {"ok": False, "error_code": 429, "description": "bot limit exceed"}


async def test_without_being_asked_for_there_are_none(client: Client, maryam: Person) -> None:
    assert await statuses(client, [1001] * 40) == [200] * 40
