"""Rate limits of the real kind, on a clock that moves only when a test says so."""

import json
from dataclasses import dataclass

import pytest

from simulator.limits import RateLimits
from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client, picture

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


def album(file_id: str, items: int) -> list[dict[str, str]]:
    return [{"type": "photo", "media": file_id}] * items


async def photo_of(client: Client, person: Person) -> str:
    await person.photo(picture())
    return str((await client.updates())[-1]["message"]["photo"][-1]["file_id"])


async def test_an_album_counts_as_its_messages(client: Client, maryam: Person, clock: Clock) -> None:
    photo = await photo_of(client, maryam)
    send = {"chat_id": GROUP, "media": album(photo, 10)}
    await client.ok("sendMediaGroup", **send)
    await client.ok("sendMediaGroup", **{**send, "media": json.dumps(album(photo, 10))})
    assert await statuses(client, [GROUP]) == [429]
    clock.at += 3
    _, body = await client.call("sendMediaGroup", chat_id=GROUP, media=album(photo, 2))
    assert body["parameters"] == {"retry_after": 3}
    assert await statuses(client, [GROUP]) == [200]


async def test_an_album_larger_than_the_burst_is_waited_off(client: Client, maryam: Person, clock: Clock) -> None:
    photo = await photo_of(client, maryam)
    assert await statuses(client, [1001]) == [200]
    _, body = await client.call("sendMediaGroup", chat_id=1001, media=album(photo, 10))
    assert body["parameters"] == {"retry_after": 1}
    clock.at += 1
    await client.ok("sendMediaGroup", chat_id=1001, media=album(photo, 10))
    _, body = await client.call("sendMessage", chat_id=1001, text="x")
    assert body["parameters"] == {"retry_after": 6}


async def test_albums_count_for_the_whole_bot(client: Client, sim: Simulator, maryam: Person, clock: Clock) -> None:
    photo = await photo_of(client, maryam)
    crowd = [sim.add_person(id=5000 + n, flavour="telegram", first_name="شهروند") for n in range(4)]
    for person in crowd:
        await person.start()
    for person in crowd[:3]:
        await client.ok("sendMediaGroup", chat_id=person.id, media=album(photo, 10))
    assert await statuses(client, [crowd[3].id]) == [429]


@pytest.mark.parametrize("media", [None, 5, "[", [], {"type": "photo"}])
async def test_what_is_no_album_costs_one(client: Client, maryam: Person, clock: Clock, media: object) -> None:
    answers = [(await client.call("sendMediaGroup", chat_id=1001, media=media))[0] for _ in range(6)]
    assert answers == [400] * 5 + [429]


async def test_a_chat_is_the_same_however_it_is_written(client: Client, maryam: Person, clock: Clock) -> None:
    assert await statuses(client, [1001] * 3) == [200] * 3
    answers = [(await client.call("sendMessage", chat_id=way, text="x"))[0] for way in ("1001", "1001", "1001", 1001)]
    assert answers == [200, 200, 429, 429]
    assert (await client.call("sendMessage", chat_id=[1001], text="x"))[0] == 400


async def test_bots_with_one_number_on_two_messengers_do_not_share(
    client: Client, maryam: Person, bale_maryam: Person, sim: Simulator, clock: Clock
) -> None:
    sim.add_person(id=1001, flavour="bale", first_name="همنام")
    await sim.person(1001, "bale").start()
    assert await statuses(client, [1001] * 6) == [200] * 5 + [429]
    assert await statuses(client, [1001] * 5, "137:cc") == [200] * 5


async def test_bale_does_not_say_for_how_long(client: Client, bale_maryam: Person, clock: Clock) -> None:
    assert await statuses(client, [bale_maryam.id] * 5, "137:cc") == [200] * 5
    status, body = await client.call("sendMessage", "137:cc", chat_id=bale_maryam.id, text="x")
    assert status == 429
    assert body == {"ok": False, "error_code": 429, "description": "bot limit exceed"}


async def test_without_being_asked_for_there_are_none(client: Client, maryam: Person) -> None:
    assert await statuses(client, [1001] * 40) == [200] * 40
