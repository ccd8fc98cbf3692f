"""Whose requests and whose roles a shared contact opens."""

import pytest
import sqlalchemy as sa

from domain.casework import Account
from domain.roles import Role
from storage import people
from storage.tables import accounts
from tests.attacks.street import UNIT, Street, to

PHONE = "+989151112299"
OWNER, OTHER = 50, 51


async def person_of(street: Street, user: int, messenger: str = "telegram") -> int:
    async with street.database.read() as tx:
        found: Account | None = await people.find(tx, messenger, user)
    assert found is not None
    return found.person


async def test_a_contact_forwarded_later_may_carry_somebody_elses_number_by_now(street: Street) -> None:
    await street.contact(OWNER, PHONE)
    street.messenger = "bale"
    origin = {"type": "user", "date": 1, "sender_user": {"id": OTHER, "is_bot": False, "first_name": "کسی"}}
    heard = await street.contact(OTHER, PHONE, forward_origin=origin)
    assert await person_of(street, OTHER, "bale") != await person_of(street, OWNER)
    assert "حساب دیگری" in to(heard, OTHER)[0]


@pytest.mark.parametrize("card", [{"user_id": OWNER}, {"user_id": None}])
async def test_somebody_elses_contact_opens_nothing(street: Street, card: dict[str, int | None]) -> None:
    await street.contact(OWNER, PHONE)
    street.messenger = "bale"
    await street.contact(OTHER, PHONE, card=card)
    assert await person_of(street, OTHER, "bale") != await person_of(street, OWNER)


async def test_a_number_given_to_a_new_subscriber_does_not_bring_the_old_ones_requests(street: Street) -> None:
    await street.hire(OWNER, Role.OFFICIAL, UNIT)
    await street.contact(OWNER, PHONE)
    code = await street.file_with_three_acts(OWNER)
    await street.contact(OTHER, PHONE)
    await street.press(OTHER, f"r:{code}:view")
    assert street.toast is not None
    assert "از شما نیست" in street.toast.text
    await street.press(OTHER, f"w:{code}:accept")
    assert "مسئولان" in street.toast.text


async def test_an_official_keeps_the_role_when_the_number_joins_the_accounts(street: Street) -> None:
    await street.contact(OWNER, PHONE)
    street.messenger = "bale"
    await street.hire(OTHER, Role.OFFICIAL, UNIT)
    code = (await street.file(UNIT)).code
    await street.contact(OTHER, PHONE)
    await street.press(OTHER, f"w:{code}:accept")
    assert street.toast is not None
    assert "در دست شماست" in street.toast.text
    cards = [one for one in await street.said() if one.chat == ("bale", OTHER) and one.edits]
    assert "انجام شد" in cards[-1].buttons
    async with street.database.read() as tx:
        everyone = set(await tx.scalars(sa.select(accounts.c.person_id).where(accounts.c.user_id.in_([OWNER, OTHER]))))
        roles = await people.memberships_of(tx, everyone.pop())
    assert not everyone
    assert [(held.role, held.unit) for held in roles] == [(Role.OFFICIAL, UNIT)]
