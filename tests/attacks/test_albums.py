"""The photos of an album stay together, whatever is pressed while they are on their way."""

from domain.roles import Role
from storage import requests
from tests.attacks.street import COMPLAINT, PLACE, UNIT, Street, to

CITIZEN, OFFICIAL = 30, 10


async def parts(street: Street, code: str) -> list[str]:
    async with street.database.read() as tx:
        request = await requests.by_code(tx, code)
        assert request is not None
        return [part for _, _, part in await requests.files(tx, request.id)]


async def test_the_rest_of_an_album_after_the_tap_belongs_to_the_request(street: Street) -> None:
    await street.photo(CITIZEN, COMPLAINT, album="a")
    await street.come(CITIZEN, location=PLACE)
    await street.photo(CITIZEN, album="a")
    await street.press(CITIZEN, f"d:{await street.draft(CITIZEN)}:f")
    await street.photo(CITIZEN, album="a")
    await street.photo(CITIZEN, album="a")
    assert await parts(street, await street.code(CITIZEN)) == ["filed", "filed", "added", "added"]
    assert await street.open_drafts(CITIZEN) == 0


async def test_an_objection_by_album_is_one_objection(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.close_unsolved(OFFICIAL, code)
    await street.press(CITIZEN, f"r:{code}:no")
    await street.photo(CITIZEN, "هنوز هست", album="b")
    assert await street.photo(CITIZEN, album="b") == []
    assert await parts(street, code) == ["added", "added"]
    assert await street.open_drafts(CITIZEN) == 0


async def test_an_officials_album_is_evidence_and_begins_no_complaint(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(OFFICIAL, f"w:{code}:accept")
    await street.press(OFFICIAL, f"w:{code}:solve")
    assert "انجام شد" in to(await street.photo(OFFICIAL, "جمع شد", album="c"), CITIZEN)[0]
    assert await street.photo(OFFICIAL, album="c") == []
    assert await parts(street, code) == ["evidence", "evidence"]
    assert await street.open_drafts(OFFICIAL) == 0


async def test_whoever_gets_the_request_next_sees_what_was_added(street: Street) -> None:
    await street.hire(OFFICIAL, Role.OFFICIAL, UNIT)
    await street.hire(12, Role.OFFICIAL, "civil-1")
    code = await street.file_with_three_acts(CITIZEN)
    await street.press(CITIZEN, f"r:{code}:add")
    await street.photo(CITIZEN, "نشتی این‌جاست")
    await street.press(OFFICIAL, f"w:{code}:refer:u:civil-1")
    said = await street.press(OFFICIAL, f"w:{code}:refer:r:not-ours")
    assert [len(one.message.pictures) for one in said if one.chat[1] == 12] == [0, 1]
