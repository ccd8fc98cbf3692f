"""Everything said arrives, in order, within the limits, and whatever the messenger answers has its consequence."""

import asyncio
import time
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from bot.backoff import Steps
from bot.clock import Clock
from bot.messengers.record import Rates
from domain.messages import Button, Form, Message, Priority
from storage.tables import groups, outbox
from tests.engine.rig import Rig

Fault = dict[str, Any]


async def sent_alone(rig: Rig, **more: Any) -> sa.Row[Any]:
    row = await rig.say("سلام", **more)
    await rig.start()
    await rig.settled()
    return await rig.row(row)


async def test_what_is_sent_is_remembered_with_its_number(rig: Rig) -> None:
    row = await sent_alone(rig)
    (message,) = [one for one in rig.simulator.person(1000).messages() if one.from_bot]
    assert (row.state, row.message_id, row.has_caption) == ("sent", message.id, False)
    assert row.sent_at is not None
    assert row.claimed_at is None


async def test_a_card_is_edited_after_it_was_sent_and_only_to_its_newest_form(rig: Rig) -> None:
    card = await rig.say("کارت", priority=Priority.PUSH)
    first = await rig.say("یک", message=Message(text="یک", form=Form.EDIT), edits=card)
    second = await rig.say("دو", message=Message(text="دو", form=Form.EDIT), edits=card)
    await rig.start()
    await rig.settled()
    assert rig.said() == ["دو"]
    assert len(rig.simulator.log.calls("editMessageText")) == 1
    assert [(await rig.row(n)).state for n in (card, first, second)] == ["sent", "cancelled", "sent"]
    third = await rig.say("", message=Message(form=Form.DELETE), edits=card)
    await rig.settled()
    assert rig.said() == []
    assert (await rig.row(third)).state == "sent"


async def test_an_edit_of_what_never_arrived_is_dropped(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", status=400, description="Bad Request: no reason")
    card = await rig.say("کارت")
    edit = await rig.say("", message=Message(text="یک", form=Form.EDIT), edits=card)
    await rig.start()
    await rig.settled()
    row = await rig.row(edit)
    assert (row.state, row.problem) == ("cancelled", "what it edits is dead")
    assert (await rig.row(card)).state == "dead"


async def test_an_edit_that_changes_nothing_is_done(rig: Rig) -> None:
    card = await rig.say("کارت")
    await rig.start()
    await rig.settled()
    edit = await rig.say("", message=Message(text="کارت", form=Form.EDIT), edits=card)
    await rig.settled()
    assert (await rig.row(edit)).state == "sent"


async def test_an_edit_of_a_deleted_message_is_dropped(rig: Rig) -> None:
    card = await rig.say("کارت")
    await rig.start()
    await rig.settled()
    rig.simulator.fault("editMessageText", status=400, description="Bad Request: message to edit not found")
    edit = await rig.say("", message=Message(text="نو", form=Form.EDIT), edits=card)
    await rig.settled()
    assert (await rig.row(edit)).state == "cancelled"


async def test_a_block_is_told_to_the_house_and_drops_what_waits(rig: Rig) -> None:
    await rig.simulator.person(1000).block()
    rows = [await rig.say(f"{n}") for n in range(3)]
    await rig.say("دیگری", chat=1001)
    await rig.start()
    await rig.settled()
    assert [(await rig.row(n)).state for n in rows] == ["dead", "cancelled", "cancelled"]
    assert [chat for chat, _ in rig.house.unreached] == [1000]
    assert rig.said(1001) == ["دیگری"]


async def test_marks_that_the_messenger_does_not_take_are_left_out(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", status=400, description="Bad Request: can't parse entities: on purpose")
    row = await sent_alone(rig, message=Message(text="<b>مهم</b> &lt;است&gt;"))
    assert rig.said() == ["مهم <است>"]
    assert (row.state, row.problem) == ("sent", "sent without marks")


async def test_markup_of_ours_that_is_broken_is_sent_plain(rig: Rig) -> None:
    row = await sent_alone(rig, message=Message(text="<b>باز مانده"))
    assert row.state == "sent"
    assert "باز مانده" in rig.said()[0]


async def test_a_reply_to_a_message_that_is_gone_is_sent_without_it(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", status=400, description="Bad Request: message to be replied not found")
    row = await sent_alone(rig, message=Message(text="پاسخ", reply_to=55))
    assert row.state == "sent"
    assert rig.said() == ["پاسخ"]


DEAD_ENDS: list[Fault] = [
    {"status": 400, "description": "Bad Request: message is too long"},
    {"status": 400, "description": "Bad Request: BUTTON_DATA_INVALID"},
    {"status": 400, "description": "Bad Request: wrong file identifier/HTTP URL specified"},
    {"status": 501, "description": "Not Implemented"},
]


@pytest.mark.parametrize("fault", DEAD_ENDS, ids=lambda fault: fault["description"][-20:])
async def test_what_cannot_be_sent_is_a_dead_letter_and_the_next_goes_on(rig: Rig, fault: Fault) -> None:
    rig.simulator.fault("sendMessage", **fault)
    first, second = await rig.say("بد"), await rig.say("خوب")
    await rig.start()
    await rig.settled()
    row = await rig.row(first)
    assert row.state == "dead"
    assert fault["description"] in row.problem
    assert (await rig.row(second)).state == "sent"


async def test_a_group_that_became_a_supergroup_gets_its_messages_there(rig: Rig) -> None:
    moved = {"ok": False, "error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat"}
    moved["parameters"] = {"migrate_to_chat_id": 1001}
    rig.simulator.fault("sendMessage", body=moved, status=400, chat=-5)
    rows = [await rig.say(f"{n}", chat=-5) for n in range(2)]
    await rig.start()
    await rig.settled()
    assert rig.said(1001) == ["0", "1"]
    assert [(await rig.row(n)).chat_id for n in rows] == [1001, 1001]


PASSING: list[Fault] = [
    {"status": 502},
    {"status": 200, "text": "<html>filtered</html>"},
    {"drop": "before"},
]


@pytest.mark.parametrize("fault", PASSING, ids=["server", "page", "cut"])
async def test_trouble_that_passes_keeps_the_order_of_the_chat(rig: Rig, fault: Fault) -> None:
    rig.simulator.fault("sendMessage", times=1, **fault)
    for n in range(3):
        await rig.say(f"{n}")
    await rig.start()
    await rig.until(lambda: len(rig.said()) == 3)
    assert rig.said() == ["0", "1", "2"]


async def test_an_answer_lost_on_the_way_is_repeated_and_never_lost(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", times=1, drop="after")
    await rig.say("یک")
    await rig.say("دو")
    await rig.start()
    await rig.until(lambda: "دو" in rig.said())
    assert rig.said() == ["یک", "یک", "دو"]


async def test_a_pause_asked_for_is_kept_by_the_whole_bot(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", status=429, retry_after=1)
    begun = time.monotonic()
    first = await rig.say("یک")
    await rig.say("دو", chat=1001)
    await rig.start()
    await rig.until(lambda: rig.said(1001) == ["دو"] and rig.said() == ["یک"])
    assert time.monotonic() - begun >= 1
    assert (await rig.row(first)).attempts == 0, "too fast is no failed try"
    times = [row["at"] for row in rig.simulator.log.calls("sendMessage")]
    assert max(later - earlier for earlier, later in pairwise(times)) >= 0.95


async def test_notices_wait_longer_than_replies_after_a_pause(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", status=429, retry_after=1)
    await rig.say("پاسخ")
    notice = await rig.say("اطلاعیه", chat=1001, priority=Priority.NOTICE)
    await rig.start()
    rig.engine.senders["telegram"].limits.calm_at = time.monotonic() + 60
    await rig.until(lambda: rig.said() == ["پاسخ"])
    await asyncio.sleep(0.3)
    assert (await rig.row(notice)).state == "waiting"


@pytest.mark.parametrize(("fault", "state"), [({"status": 401}, "unauthorised"), ({"status": 409}, "conflict")])
async def test_a_wrong_token_kills_no_message(rig: Rig, fault: Fault, state: str) -> None:
    rig.simulator.fault("sendMessage", **fault)
    row = await rig.say("سلام")
    await rig.start()
    await rig.until(lambda: rig.engine.health.state("telegram sender") == state)
    await asyncio.sleep(0.3)
    found = await rig.row(row)
    assert (found.state, found.attempts, found.claimed_at) == ("waiting", 0, None)


UNKNOWN_404: Fault = {"status": 404, "description": "Not Found: words nobody knows"}


async def test_a_404_of_one_call_counts_against_its_row_alone(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.settling._TRY_AGAIN", Steps(0.01, 0.1))
    rig.simulator.fault("sendMessage", chat=1000, times=5, **UNKNOWN_404)
    bad, good = await rig.say("بد"), await rig.say("خوب")
    other = await rig.say("دیگری", chat=1001)
    await rig.start()
    await rig.until(lambda: rig.said() == ["خوب"] and rig.said(1001) == ["دیگری"])
    await rig.settled()
    assert [(await rig.row(row)).state for row in (bad, good, other)] == ["dead", "sent", "sent"]
    assert (await rig.row(bad)).attempts == 4
    assert rig.engine.health.state("telegram sender") == "ok"


async def test_a_404_of_every_call_is_a_wrong_token(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", **UNKNOWN_404)
    rig.simulator.fault("getMe", **UNKNOWN_404)
    row = await rig.say("سلام")
    await rig.start()
    await rig.until(lambda: rig.engine.health.state("telegram sender") == "unauthorised")
    found = await rig.row(row)
    assert (found.state, found.attempts) == ("waiting", 0)


async def test_an_edit_that_is_forbidden_ends_alone(rig: Rig) -> None:
    card = await rig.say("کارت")
    await rig.start()
    await rig.settled()
    rig.simulator.fault("editMessageText", times=1, status=403, description="Forbidden: words nobody knows")
    edit = await rig.say("", message=Message(text="نو", form=Form.EDIT), edits=card)
    after = await rig.say("پس از آن")
    await rig.settled()
    assert [(await rig.row(row)).state for row in (edit, after)] == ["dead", "sent"]
    assert rig.house.unreached == []


async def test_what_was_in_flight_at_a_kill_is_sent_again_and_marked(rig: Rig) -> None:
    row = await rig.say("سلام")
    database_now = rig.clock.now()
    from storage.database import Database

    database = Database(rig.url)
    async with database.write() as tx:
        await tx.execute(sa.update(outbox).where(outbox.c.id == row).values(claimed_at=database_now))
    await database.close()
    await rig.start()
    await rig.settled()
    found = await rig.row(row)
    assert (found.state, found.attempts) == ("sent", 1)


async def test_replies_leave_before_a_crowd_of_notices(rig: Rig) -> None:
    rig.rates = Rates(per_second=40, per_chat_per_second=1, burst_per_chat=3, per_group_per_minute=20)
    for n in range(30):
        await rig.say(f"اطلاعیه {n}", chat=1001 + n, priority=Priority.NOTICE)
    await rig.start()
    await rig.until(lambda: len(rig.texts()) >= 3)
    await rig.say("پاسخ")
    await rig.until(lambda: "پاسخ" in rig.texts())
    assert rig.texts().index("پاسخ") <= 12


async def test_no_chat_gets_more_than_its_share_and_others_do_not_wait_for_it(rig: Rig) -> None:
    rig.rates = Rates(per_second=100, per_chat_per_second=5, burst_per_chat=2, per_group_per_minute=20)
    for n in range(6):
        await rig.say(f"{n}")
    await rig.say("دیگری", chat=1001)
    await rig.start()
    begun = time.monotonic()
    await rig.until(lambda: "دیگری" in rig.texts())
    assert len(rig.said()) <= 3
    await rig.until(lambda: len(rig.said()) == 6)
    assert time.monotonic() - begun >= 0.75
    assert rig.said() == [str(n) for n in range(6)]


async def test_a_group_known_from_our_books_has_the_rate_of_groups(rig: Rig) -> None:
    from storage.database import Database

    rig.messengers = ("bale",)
    database = Database(rig.url)
    async with database.write() as tx:
        await tx.execute(sa.insert(groups).values(messenger="bale", chat_id=2001, seen_at=rig.clock.now()))
    await database.close()
    await rig.start()
    await rig.settled()
    sender = rig.engine.senders["bale"]
    for _ in range(5):
        sender.limits.took(2001, 100.0)
        sender.limits.took(2002, 100.0)
    held = sender.limits.held_until(100.0)
    assert held[2001] > 100.0
    assert 2002 not in held


async def test_buttons_and_pins_pass_through(rig: Rig) -> None:
    message = Message(text="کارت", buttons=[[Button(label="بله", data="yes"), Button(label="نه", data="no")]])
    await sent_alone(rig, message=message)
    (seen,) = [one for one in rig.simulator.person(1000).messages() if one.from_bot]
    assert list(seen.labels) == ["بله", "نه"]


async def test_a_message_of_a_shape_nobody_knows_is_a_dead_letter(rig: Rig) -> None:
    from storage.database import Database

    row = await rig.say("x")
    database = Database(rig.url)
    async with database.write() as tx:
        await tx.execute(sa.update(outbox).where(outbox.c.id == row).values(message={"unknown": 1}))
    await database.close()
    await rig.start()
    await rig.settled()
    assert (await rig.row(row)).state == "dead"


class _Ticking(Clock):
    """Goes on by a twentieth of a second each time somebody looks."""

    def __init__(self) -> None:
        self.moment = Clock().now()

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=50)
        return self.moment


async def test_the_order_is_kept_when_a_rest_ends_while_rows_are_looked_up(rig: Rig) -> None:
    rig.clock = _Ticking()
    chats = range(1000, 1030)
    rig.simulator.fault("sendMessage", times=len(chats), status=502)
    for words in ("یک", "دو", "سه"):
        for chat in chats:
            await rig.say(words, chat)
    await rig.start()
    await rig.settled()
    assert [rig.said(chat) for chat in chats] == [["یک", "دو", "سه"]] * len(chats)


async def test_many_calls_broken_off_at_once_are_one_failure(rig: Rig) -> None:
    chats = range(1000, 1030)
    rig.simulator.fault("sendMessage", times=len(chats), delay=0.3, drop="before")
    for chat in chats:
        await rig.say("سلام", chat)
    await rig.start()
    # Counted one by one they would be a pause of half a minute.
    await rig.simulator.exchange.until(lambda: all(rig.said(chat) for chat in chats) or None, 10)
    assert [rig.said(chat) for chat in chats] == [["سلام"]] * len(chats)
