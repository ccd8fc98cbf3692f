"""Following without joining: who may, how many, and what becomes of it when requests or people become one."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
import sqlalchemy as sa

from domain.casework import Account, Actor
from domain.clocks import Kind
from domain.lifecycle import Deed, Given, Outcome, State
from domain.messages import Message
from domain.refusal import Refused
from handlers.citizen import followed
from handlers.turn import Turn
from services import around, casework, clocks, followers, identity, ownership, supporters
from services.acting import Doing
from services.centre import Centre
from services.ringing import RINGS
from storage import audit, people, requests
from storage import followers as rows
from storage import supporters as supporter_rows
from storage.database import Database, Transaction
from storage.tables import outbox
from tests.units import town


async def _shown(tx: Transaction, who: Account, number: int) -> None:
    await audit.record(tx, act="twin-shown", person=who.person, messenger=who.messenger, now=town.NOW, request=number)


async def _followed(tx: Transaction, centre: Centre, who: Account, **more: object) -> int:
    """File somebody's request, show it to `who` and let them follow it."""
    owner = await town.account(tx)
    number = await town.a_request(tx, owner, **more)  # type: ignore[arg-type]
    await town.lived(tx, number, owner.person, 1)
    await _shown(tx, who, number)
    await followers.begin(tx, centre, who, number, town.NOW)
    return number


async def _said_to(tx: Transaction, who: Account) -> list[Message]:
    mine = (outbox.c.messenger == who.messenger, outbox.c.chat_id == who.user_id)
    rows_ = await tx.scalars(sa.select(outbox.c.message).where(*mine).order_by(outbox.c.id))
    return [Message.model_validate(said) for said in rows_]


async def _owner(tx: Transaction, number: int) -> Actor:
    return await people.actor(tx, await people.account(tx, (await requests.get(tx, number)).account))


async def _merge(tx: Transaction, centre: Centre, source: int, target: int, by: Actor) -> None:
    code = (await requests.get(tx, target)).code
    await casework.perform(tx, centre, source, Doing(by, Deed.MERGE, Given(target=code), town.NOW))


async def test_ten_at_the_same_time(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who = await town.account(tx)
        first, *_ = [await _followed(tx, centre, who) for _ in range(followers.MOST)]
        with pytest.raises(Refused, match="follows-full"):
            await _followed(tx, centre, who)
        await followers.begin(tx, centre, who, first, town.NOW)  # a second tap is no eleventh
        await requests.change(tx, first, state=State.CLOSED, outcome=Outcome.SOLVED, closed_at=town.NOW)
        await _followed(tx, centre, who)
        assert len(await rows.open_of_person(tx, who.person)) == followers.MOST


async def test_only_what_was_shown_lately(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who, owner = await town.account(tx), await town.account(tx)
        number = await town.a_request(tx, owner)
        with pytest.raises(Refused, match="old-button"):
            await followers.begin(tx, centre, who, number, town.NOW)
        await _shown(tx, who, number)
        with pytest.raises(Refused, match="old-button"):
            await followers.begin(tx, centre, who, number, town.NOW + timedelta(days=2))
        await _shown(tx, owner, number)
        with pytest.raises(Refused, match="old-button"):
            await followers.begin(tx, centre, owner, number, town.NOW)


async def test_what_is_closed_or_somebodys_own_affair_is_not_followed(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who, owner = await town.account(tx), await town.account(tx)
        number = await town.a_request(tx, owner)
        await _shown(tx, who, number)
        await requests.change(tx, number, subject="staff_conduct")
        with pytest.raises(Refused, match="not-around"):
            await followers.begin(tx, centre, who, number, town.NOW)
        await requests.change(tx, number, state=State.CLOSED)
        with pytest.raises(Refused, match="nearby-closed"):
            await followers.begin(tx, centre, who, number, town.NOW)


async def test_joining_ends_following_and_whoever_joined_does_not_follow(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who = await town.account(tx)
        number = await _followed(tx, centre, who)
        much_later = town.NOW + timedelta(days=9)  # it was shown long ago, but they follow it
        assert (await around.join(tx, centre, who, number, much_later)).citizens == 2
        assert await rows.of_request(tx, number) == []
        with pytest.raises(Refused, match="joined-already"):
            await followers.begin(tx, centre, who, number, town.NOW)
        with pytest.raises(Refused, match="joined-already"):
            await followers.stop(tx, who, number, town.NOW)
        await supporters.leave(tx, centre, await people.actor(tx, who), number, town.NOW)
        assert await rows.of_request(tx, number) == []


async def test_nobody_inherits_by_following(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        number = await _followed(tx, centre, await town.account(tx))
        request = await requests.get(tx, number)
        owner = await people.actor(tx, await people.account(tx, request.account))
        assert not await supporters.inherit(tx, centre, owner, number, town.NOW)


async def test_the_end_of_a_whole_with_its_parts_is_one_news(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who = await town.account(tx)
        whole = await _followed(tx, centre, who)
        owner = await people.account(tx, (await requests.get(tx, whole)).account)
        for _ in range(2):
            part = await town.a_request(tx, owner, parent_id=whole)
            await town.lived(tx, part, owner.person, 1)
        await requests.change(tx, whole, state=State.IN_PARTS, parts=2)
        doing = Doing(await people.actor(tx, owner), Deed.WITHDRAW, Given(), town.NOW)
        await casework.perform(tx, centre, whole, doing)
        (said,) = await _said_to(tx, who)
        assert "پس گرفته شد" in said.text


async def test_a_merger_carries_everybody_over_once(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        official = await town.member(tx)
        plain, both, joined = [await town.account(tx) for _ in range(3)]
        source = await _followed(tx, centre, plain)
        target = await _followed(tx, centre, both)
        owner = await people.account(tx, (await requests.get(tx, target)).account)
        for who in (both, joined, owner):
            await rows.follow(tx, source, who.id, town.NOW)
        await supporter_rows.join(tx, target, joined.id, town.NOW)
        merged = await requests.get(tx, source)
        filer = await people.account(tx, merged.account)
        await rows.follow(tx, target, filer.id, town.NOW)  # with the merger they have joined it
        await _merge(tx, centre, source, target, official)
        assert await rows.of_request(tx, source) == []
        assert [one.person for one in await rows.of_request(tx, target)] == [both.person, plain.person]
        await followers.stop(tx, plain, source, town.NOW)  # with the button under what was told before
        assert [one.person for one in await rows.of_request(tx, target)] == [both.person]


async def test_a_merger_into_somebodys_own_affair_ends_it(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        official, who = await town.member(tx), await town.account(tx)
        source = await _followed(tx, centre, who)
        target = await town.a_request(tx, await town.account(tx))
        await requests.change(tx, target, subject="staff_conduct")
        await _merge(tx, centre, source, target, official)
        assert await rows.open_of_person(tx, who.person) == set()
        assert await rows.of_request(tx, target) == []


async def test_when_two_accounts_become_one_persons_nothing_is_followed_twice(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        first, second = await town.account(tx), await town.account(tx, "bale")
        own, joined = await town.a_request(tx, first), await town.a_request(tx, first)
        twice = await _followed(tx, centre, first)
        other = await _followed(tx, centre, second)
        await requests.change(tx, joined, account_id=(await town.account(tx)).id)
        await supporter_rows.join(tx, joined, first.id, town.NOW)
        for number in (own, joined, twice):
            await rows.follow(tx, number, second.id, town.NOW)
        phone = "+989151112233"
        await identity.vouched(tx, first, phone, town.NOW)
        person = await identity.vouched(tx, second, phone, town.NOW)
        assert await rows.open_of_person(tx, person) == {twice, other}
        assert [one.id for one in await rows.of_request(tx, twice)] == [first.id]


async def test_what_an_objection_says_is_the_owners(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who = await town.account(tx)
        number = await _followed(tx, centre, who)
        await requests.change(tx, number, state=State.CLOSED, outcome=Outcome.SOLVED, closed_at=town.NOW)
        doing = Doing(await _owner(tx, number), Deed.OBJECT, Given(reason="list:not-come"), town.NOW)
        await casework.perform(tx, centre, number, doing)
        (said,) = await _said_to(tx, who)
        assert "دوباره باز شد" in said.text
        assert "نیامدند" not in said.text


async def _asked(tx: Transaction, centre: Centre, number: int) -> datetime:
    """Let the unit ask the owner something, and return a moment in which the answer moves the date."""
    doing = Doing(await town.member(tx), Deed.ASK, Given(note="کدام طبقه؟"), town.NOW)
    await casework.perform(tx, centre, number, doing)
    return town.NOW + timedelta(hours=3)


async def test_an_answer_that_moves_the_date_is_told_without_its_words(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who = await town.account(tx)
        number = await _followed(tx, centre, who)
        later = await _asked(tx, centre, number)
        assert await _said_to(tx, who) == []
        doing = Doing(await _owner(tx, number), Deed.ANSWER, Given(note="طبقهٔ سوم"), later)
        await casework.perform(tx, centre, number, doing)
        (said,) = await _said_to(tx, who)
        assert "زمان تازهٔ رسیدگی" in said.text
        assert "طبقه" not in said.text
        assert [one.data for one in said.buttons[0]] == [f"n:v:{number}", f"n:u:{number}"]


@pytest.mark.parametrize("gone", [False, True])
async def test_a_question_without_an_answer_moves_the_date_too(database: Database, centre: Centre, gone: bool) -> None:
    async with database.write() as tx:
        who = await town.account(tx)
        number = await _followed(tx, centre, who)
        later = await _asked(tx, centre, number)
        if gone:
            owner, heir = (await _owner(tx, number)).account, await town.account(tx)
            await ownership.hand_on(tx, centre, await requests.get(tx, number), owner, heir.id, "hand-on", later)
        else:
            await casework.by_system(tx, centre, number, Doing(None, Deed.GO_ON, Given(), later))
        (said,) = await _said_to(tx, who)
        assert "زمان تازهٔ رسیدگی" in said.text


async def test_a_missed_date_is_apologised_for_to_them_too(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who = await town.account(tx)
        number = await _followed(tx, centre, who)
        part = await town.a_request(tx, (await _owner(tx, number)).account, parent_id=number)
        for one in (number, part):
            request = await requests.get(tx, one)
            await clocks.begin(tx, centre, request, town.NOW)
            assert request.told_for is not None
            over = request.told_for + timedelta(minutes=1)
            await RINGS["clock"](tx, centre, {"request": one, "kind": Kind.RESOLUTION}, over)
        of_whole, of_part = await _said_to(tx, who)
        for said in (of_whole, of_part):
            assert "خبر درخواستی که دنبال می‌کنید" in said.text
            assert "پوزش می‌خواهیم" in said.text
            assert "زمان تازه" in said.text
        assert "بخش ۱" in of_part.text


async def test_whoever_wants_what_it_was_merged_into_gets_no_button_to_stop(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        plain, joined = await town.account(tx), await town.account(tx)
        source, target = await _followed(tx, centre, plain), await _followed(tx, centre, await town.account(tx))
        owner = (await _owner(tx, target)).account
        await supporter_rows.join(tx, target, joined.id, town.NOW)
        for one in (joined, owner):
            await rows.follow(tx, source, one.id, town.NOW)
        await _merge(tx, centre, source, target, await town.member(tx))
        for one in (joined, owner):
            (said,) = await _said_to(tx, one)
            assert "خودتان هم خواسته‌اید" in said.text
            assert [button.data for button in said.buttons[0]] == [f"n:v:{target}"]
        (said,) = await _said_to(tx, plain)
        assert [button.data for button in said.buttons[0]] == [f"n:v:{target}", f"n:u:{target}"]


async def test_whoever_hides_what_they_follow_themselves_follows_it_no_longer(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        official = await town.member(tx)
        number = await _followed(tx, centre, official.account)
        doing = Doing(official, Deed.CORRECT, Given(subject="staff_conduct"), town.NOW)
        await casework.perform(tx, centre, number, doing)
        assert await rows.of_request(tx, number) == []


async def test_what_is_not_shown_to_others_is_not_looked_at(database: Database, centre: Centre) -> None:
    async with database.write() as tx:
        who = await people.actor(tx, await town.account(tx))
        number = await _followed(tx, centre, who.account)
        await requests.change(tx, number, subject="staff_conduct")
        with pytest.raises(Refused, match="not-followed"):
            await followed.view(cast(Turn, SimpleNamespace(tx=tx, centre=centre, actor=who)), str(number), "")


async def test_a_merger_meanwhile_does_not_bring_back_what_was_stopped(
    database: Database, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the merger may be under way when the button is tapped: the lock is granted once it is done."""
    lock, mergers = requests.lock, list[tuple[int, int]]()

    async def late(tx: Transaction, *numbers: int) -> None:
        if mergers and numbers == (mergers[0][0],):
            await _merge(tx, centre, *mergers.pop(0), official)
        await lock(tx, *numbers)

    async with database.write() as tx:
        official, who = await town.member(tx), await town.account(tx)
        first, second = await _followed(tx, centre, who), await _followed(tx, centre, await town.account(tx))
        third = await _followed(tx, centre, await town.account(tx))
        monkeypatch.setattr(requests, "lock", late)
        mergers += [(first, second), (second, third)]
        await followers.stop(tx, who, first, town.NOW)
        assert mergers == []
        assert await rows.open_of_person(tx, who.person) == set()
