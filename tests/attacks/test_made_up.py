"""What a tampered client can send is refused in words; nothing raises, and no database is asked to hold it."""

from typing import Any

import pytest

from domain.roles import Role
from storage import people
from tests.attacks.street import COMPLAINT, UNIT, Street, to

OFFICIAL = 10


@pytest.mark.parametrize(
    "data", ["x\x00", "g:\x00", "g:", "r:1\x00:view", "w:1\x00:card", "d:1:s:\x00", "i:1\x00:y", "a:\x00"]
)
async def test_data_that_no_button_holds_is_an_old_button(street: Street, data: str) -> None:
    heard = await street.press(66, data)
    assert street.toast is not None or "نمی‌شناسیم" in to(heard, 66)[0]


async def test_half_characters_in_a_name_are_left_out(street: Street) -> None:
    me: dict[str, Any] = {"id": 66, "is_bot": False, "first_name": "\u202eع\ud83d\x00لی", "last_name": "ص" * 300}
    more: dict[str, Any] = {"from": me}
    assert await street.come(66, None, text="سلام", **more)
    async with street.database.read() as tx:
        known = await people.find(tx, "telegram", 66)
    assert known is not None
    assert known.name.startswith("علی ص")
    assert len(known.name) == 80


async def test_invisible_signs_in_an_address_do_not_reach_a_button(street: Street) -> None:
    await street.come(66, text="آشغال سر کوچه‌ی ما سه روزه مونده بو گرفته")
    heard = await street.come(66, text="\u202eبله\x00 همان\ud83d")
    assert any("بله همان" in label for label in heard[-1].buttons)


async def test_a_venue_may_be_called_anything(street: Street) -> None:
    await street.come(66, text=COMPLAINT)
    where = {"latitude": 36.315, "longitude": 59.545}
    venue = {"location": where, "title": "\u202eخانه\x00<b>", "address": "ب" * 5000}
    await street.come(66, venue=venue)
    review = (await street.said())[-1]
    assert "خانه<b> ببب" in review.text
    assert "\u202e" not in review.text


@pytest.mark.parametrize("deed", ["withdraw", "add", "answer", "approve", "object", "fall_silent"])
async def test_a_card_has_no_deeds_of_the_citizen_even_for_an_officials_own_request(street: Street, deed: str) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(OFFICIAL)
    assert to(await street.press(OFFICIAL, f"w:{code}:{deed}"), OFFICIAL) == []
    assert street.toast is not None
    assert "با شما نیست" in street.toast.text
