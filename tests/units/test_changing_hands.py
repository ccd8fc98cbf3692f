"""A request whose owner goes: who stands for it then, what the unit and those who joined hear, and who may be asked."""

import pytest
import sqlalchemy as sa

from domain.casework import PHONE, Account, Request
from domain.lifecycle import Deed, Given, Outcome, State
from domain.messages import Message
from domain.refusal import Refused
from services import callers, casework, reminders, supporters
from services.acting import Doing
from services.centre import Centre
from storage import people, requests, timers
from storage import supporters as rows
from storage.database import Database, Transaction
from storage.tables import outbox
from tests.units import town
from texts.speech import known

NUMBER = "+989151112233"


async def _told(tx: Transaction, who: Account) -> list[str]:
    query = sa.select(outbox.c.message).where(outbox.c.messenger == who.messenger, outbox.c.chat_id == who.user_id)
    return [Message.model_validate(message).text for message in await tx.scalars(query.order_by(outbox.c.id))]


async def _caller(tx: Transaction, number: int) -> Account:
    return await people.meet(tx, PHONE, number, "", town.NOW, in_private=False)


async def _typed(tx: Transaction, owner: Account, **more: object) -> Request:
    """File what an operator wrote under somebody's number."""
    number = await town.a_request(tx, owner, channel="phone", phone=NUMBER, anonymous=False, **more)  # type: ignore[arg-type]
    await town.lived(tx, number, owner.person, 1)
    return await requests.get(tx, number)


async def test_a_closed_request_is_taken_off_the_name_of_who_never_told_it(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        owner, joined = await town.account(tx), await town.account(tx)
        over = {"state": State.CLOSED, "outcome": Outcome.GUIDED, "closed_at": town.NOW}
        request = await _typed(tx, owner, parts=2, **over)
        part = await _typed(tx, owner, parent_id=request.id, **over)
        await rows.join(tx, request.id, joined.id, town.NOW)
        await reminders.await_verdict(tx, request.id, town.NOW)
        await callers.disown(tx, centre, await people.actor(tx, owner), request.id, town.NOW)
        for number in (request.id, part.id):
            after = await requests.get(tx, number)
            assert (after.state, after.messenger, after.phone) == (State.CLOSED, PHONE, None)
        assert await timers.due(tx, town.NOW + reminders.SILENCE_AFTER * 2) == []
        assert await _told(tx, joined) == []


async def test_whoever_inherited_a_request_cannot_say_that_the_number_was_mistaken(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        owner, joined = await town.account(tx), await town.account(tx)
        request = await _typed(tx, owner)
        await rows.join(tx, request.id, joined.id, town.NOW)
        assert await supporters.inherit(tx, centre, await people.actor(tx, owner), request.id, town.NOW)
        heir = await people.actor(tx, joined)
        assert not await callers.may_disown(tx, await requests.get(tx, request.id))
        with pytest.raises(Refused, match="old-button"):
            await callers.disown(tx, centre, heir, request.id, town.NOW)


async def test_of_a_mistaken_number_the_earliest_who_can_be_reached_stands_for_the_request(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        owner, first, second = await town.account(tx), await _caller(tx, 989150000001), await town.account(tx)
        request = await _typed(tx, owner)
        for one in (first, second):
            await rows.join(tx, request.id, one.id, town.NOW)
        await callers.disown(tx, centre, await people.actor(tx, owner), request.id, town.NOW)
        after = await requests.get(tx, request.id)
        assert (after.owner, after.supporters, after.phone) == (second.person, 1, None)
        assert len(await _told(tx, second)) == 1
        assert not await callers.may_disown(tx, after)


async def test_a_request_is_not_closed_over_somebody_who_only_called(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        owner, first, second = await town.account(tx), await _caller(tx, 989150000002), await town.account(tx)
        await people.mark_unreachable(tx, second.messenger, second.user_id, "blocked")
        number = await town.a_request(tx, owner)
        for one in (first, second):
            await rows.join(tx, number, one.id, town.NOW)
        assert await supporters.inherit(tx, centre, await people.actor(tx, owner), number, town.NOW)
        after = await requests.get(tx, number)
        assert (after.owner, after.state) == (first.person, State.ASSIGNED)


async def test_the_unit_and_those_who_joined_hear_that_its_question_is_dropped(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        official, owner = await town.member(tx), await town.account(tx)
        heir, joined = await town.account(tx), await town.account(tx)
        number = await town.a_request(tx, owner)
        for one in (heir, joined):
            await rows.join(tx, number, one.id, town.NOW)
        asking = Doing(official, Deed.ASK, Given(note="زنگ کدام طبقه؟"), town.NOW)
        await casework.perform(tx, centre, number, asking)
        later = town.NOW + reminders.SILENCE_AFTER
        assert await supporters.inherit(tx, centre, await people.actor(tx, owner), number, later)
        assert any("پاسخ نداد" in words for words in await _told(tx, official.account))
        for one in (heir, joined):
            assert any("پاسخی نرسید" in words and "زمان تازه" in words for words in await _told(tx, one))
        assert not any("از شما" in words for words in await _told(tx, joined))


async def _why_not_asked(tx: Transaction, centre: Centre, number: int) -> str:
    official = await town.member(tx)
    with pytest.raises(Refused) as refused:
        await casework.perform(tx, centre, number, Doing(official, Deed.ASK, Given(note="کجا؟"), town.NOW))
    assert known(f"refused-{refused.value.reason}")
    return refused.value.reason


async def test_who_has_blocked_the_bot_is_not_asked(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        owner = await town.account(tx)
        number = await town.a_request(tx, owner)
        await town.lived(tx, number, owner.person, 1)
        await people.mark_unreachable(tx, owner.messenger, owner.user_id, "blocked")
        assert await _why_not_asked(tx, centre, number) == "owner-unreachable"


async def test_after_two_questions_in_vain_there_is_no_third_until_they_say_something(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        official, owner = await town.member(tx), await town.account(tx)
        number = await town.a_request(tx, owner)
        await town.lived(tx, number, owner.person, 1)
        for _ in range(2):
            await casework.perform(tx, centre, number, Doing(official, Deed.ASK, Given(note="کجا؟"), town.NOW))
            await casework.perform(tx, centre, number, Doing(None, Deed.GO_ON, Given(), town.NOW))
        assert await _why_not_asked(tx, centre, number) == "asked-in-vain"
        said = Doing(await people.actor(tx, owner), Deed.ADD, Given(note="جلوی پلاک ۱۲"), town.NOW)
        await casework.perform(tx, centre, number, said)
        asking = Doing(official, Deed.ASK, Given(note="کجا؟"), town.NOW)
        assert (await casework.perform(tx, centre, number, asking)).state is State.ASKED
