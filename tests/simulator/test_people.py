"""What people do and see."""

import asyncio

import pytest

from simulator.exchange import Answer
from simulator.person import CannotDo, Person
from simulator.server import Simulator
from tests.simulator.conftest import Client, picture

INLINE = {"inline_keyboard": [[{"text": "بله", "callback_data": "y"}, {"text": "نه", "callback_data": "n"}]]}
KEYS = {
    "keyboard": [
        [{"text": "شمارهٔ من", "request_contact": True}, {"text": "جای من", "request_location": True}],
        ["راهنما"],
    ]
}


async def last(client: Client) -> dict[str, object]:
    found: dict[str, object] = (await client.updates())[-1]["message"]
    return found


async def test_words_with_commands(client: Client, maryam: Person) -> None:
    await maryam.start("REQ-a1B2")
    message = await last(client)
    assert message["text"] == "/start REQ-a1B2"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"] == {"id": 1001, "is_bot": False, "first_name": "مریم", "language_code": "fa"}


async def test_album_comes_as_several_updates(client: Client, maryam: Person) -> None:
    ids = await maryam.album([picture(), picture(), picture()], "سه عکس")
    assert len(ids) == 3
    messages = [one["message"] for one in await client.updates()]
    assert len({one["media_group_id"] for one in messages}) == 1
    assert [one.get("caption") for one in messages] == ["سه عکس", None, None]
    assert [size["width"] for size in messages[0]["photo"]] == [90, 320, 640]


async def test_everything_else_that_can_be_sent(client: Client, maryam: Person) -> None:
    await maryam.document(b"%PDF", "گزارش.pdf", "application/pdf", "شرح")
    await maryam.voice(seconds=9)
    await maryam.video(b"film", "فیلم")
    await maryam.location(36.3, 59.5)
    await maryam.venue(36.3, 59.5, "سجاد", "بلوار سجاد")
    await maryam.sticker()
    await maryam.contact()
    await maryam.contact("0915", "همسایه")
    await maryam.forward(maryam.messages()[0].id)
    got = [one["message"] for one in await client.updates()]
    assert got[0]["document"]["file_name"] == "گزارش.pdf"
    assert got[1]["voice"]["duration"] == 9
    assert got[2]["caption"] == "فیلم"
    assert got[3]["location"] == {"latitude": 36.3, "longitude": 59.5}
    assert (got[4]["venue"]["title"], got[4]["location"]["latitude"]) == ("سجاد", 36.3)
    assert got[5]["sticker"]["is_animated"] is False
    assert got[6]["contact"] == {"phone_number": "989151112233", "first_name": "مریم", "user_id": 1001}
    assert got[7]["contact"] == {"phone_number": "0915", "first_name": "همسایه"}
    assert got[8]["forward_origin"]["sender_user"]["id"] == 1001


async def test_edit_and_reply(client: Client, maryam: Person) -> None:
    await maryam.write("غلط")
    mine = maryam.messages()[-1]
    await maryam.edit("درست")
    await maryam.reply("پاسخ", mine.id)
    edited, reply = (await client.updates())[1:]
    assert edited["edited_message"]["text"] == "درست"
    assert edited["edited_message"]["edit_date"] > 0
    assert reply["message"]["reply_to_message"]["text"] == "درست"


async def test_press_spins_until_answered(client: Client, maryam: Person) -> None:
    await client.ok("sendMessage", chat_id=1001, text="همین است؟", reply_markup=INLINE)
    await maryam.press("نه")
    assert maryam.spinning == ["n"]
    assert [one.spinning for one in maryam.messages()[-1].rows[0]] == [False, True]
    query = (await client.updates())[-1]["callback_query"]
    assert (query["data"], query["message"]["reply_markup"]) == ("n", INLINE)
    await client.ok("answerCallbackQuery", callback_query_id=query["id"], text="باشد", show_alert=True)
    assert maryam.spinning == []
    assert maryam.answers == [Answer("باشد", True, "n", 2, "telegram:1001:city_bot")]
    status, text = await client.refusal("answerCallbackQuery", callback_query_id=query["id"])
    assert (status, text[:29]) == (400, "Bad Request: query is too old")


async def test_answers_come_too_late_and_only_from_the_bot_itself(
    client: Client, maryam: Person, sim: Simulator
) -> None:
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup=INLINE)
    await maryam.press("y")
    query = (await client.updates())[-1]["callback_query"]["id"]
    assert (await client.call("answerCallbackQuery", "138:bb", callback_query_id=query))[0] == 400
    sim.set_clock(3600)
    assert (await client.call("answerCallbackQuery", callback_query_id=query))[0] == 400


async def test_newest_message_with_the_button_is_pressed(client: Client, maryam: Person) -> None:
    first = await client.ok("sendMessage", chat_id=1001, text="یک", reply_markup=INLINE)
    second = await client.ok("sendMessage", chat_id=1001, text="دو", reply_markup=INLINE)
    await maryam.press("بله")
    await maryam.press("بله", message=first["message_id"])
    await maryam.press_raw("ساختگی", second["message_id"])
    pressed = [one["callback_query"] for one in await client.updates()]
    assert [one["message"]["text"] for one in pressed] == ["دو", "یک", "دو"]
    assert pressed[-1]["data"] == "ساختگی"
    with pytest.raises(LookupError, match="no button 'شاید'"):
        await maryam.press("شاید")


async def test_reply_keyboard(client: Client, maryam: Person) -> None:
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup=KEYS)
    assert maryam.keyboard() == (("شمارهٔ من", "جای من"), ("راهنما",))
    await maryam.press_keyboard("شمارهٔ من")
    await maryam.press_keyboard("جای من", at=(36.31, 59.53))
    await maryam.press("راهنما")
    contact, place, words = [one["message"] for one in await client.updates()]
    assert contact["contact"]["user_id"] == 1001
    assert place["location"] == {"latitude": 36.31, "longitude": 59.53}
    assert words["text"] == "راهنما"
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup={"remove_keyboard": True})
    assert maryam.keyboard() == ()


async def test_links_to_a_bot_are_opened_with_their_payload(client: Client, maryam: Person) -> None:
    button = {"inline_keyboard": [[{"text": "برو", "url": "https://t.me/city_bot?start=inv-7"}]]}
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup=button)
    await maryam.press("برو")
    await maryam.open_link("t.me/other_bot?start=hello")
    assert (await last(client))["text"] == "/start inv-7"
    assert (await client.updates("138:bb"))[0]["message"]["text"] == "/start hello"
    with pytest.raises(CannotDo):
        await maryam.open_link("https://ble.ir/city?start=x")


async def test_copied_texts_stay_with_the_person(client: Client, maryam: Person) -> None:
    rows = {"inline_keyboard": [[{"text": "کد", "copy_text": {"text": "482173"}}]]}
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup=rows)
    assert await maryam.press("کد") == ()
    assert maryam.messages()[-1].rows[0][0].copies == "482173"


async def test_unanswered_presses_are_forgotten(client: Client, maryam: Person, sim: Simulator) -> None:
    await client.ok("sendMessage", chat_id=1001, text="x", reply_markup=INLINE)
    await maryam.press("y")
    sim.set_clock(3600)
    await maryam.press("n")
    assert maryam.spinning == ["n"]


async def test_forced_reply_is_answered_by_the_next_words(client: Client, maryam: Person) -> None:
    asked = await client.ok("sendMessage", chat_id=1001, text="یادداشت؟", reply_markup={"force_reply": True})
    await maryam.write("مخزن هم اضافه شد")
    await maryam.write("بعدی")
    first, second = [one["message"] for one in await client.updates()]
    assert first["reply_to_message"]["message_id"] == asked["message_id"]
    assert "reply_to_message" not in second


async def test_waiting_for_words(client: Client, maryam: Person) -> None:
    async def answer_later() -> None:
        await asyncio.sleep(0.05)
        await client.ok("sendMessage", chat_id=1001, text="اول")
        await client.ok("sendMessage", chat_id=1001, text="کد پیگیری: ۴۸۲۱۷۳")
        await client.ok("sendMessage", chat_id=1001, text="سوم")

    task = asyncio.create_task(answer_later())
    assert (await maryam.expect("کد پیگیری")).text == "کد پیگیری: ۴۸۲۱۷۳"
    assert (await maryam.next()).text == "سوم"
    with pytest.raises(TimeoutError, match="was not said"):
        await maryam.expect("هرگز", within=0.05)
    await task


async def test_a_person_who_has_blocked_cannot_write(maryam: Person) -> None:
    await maryam.block()
    with pytest.raises(CannotDo):
        await maryam.write("x")


async def test_reset_forgets_what_was_said(client: Client, maryam: Person, sim: Simulator) -> None:
    await maryam.write("x")
    sim.reset()
    assert maryam.messages() == []
    assert await client.updates() == []
    assert (await client.refusal("sendMessage", chat_id=1001, text="x"))[1].endswith("chat not found")


def test_people_need_a_flavour_only_where_ids_meet() -> None:
    people = [{"id": 7, "flavour": flavour, "first_name": "x"} for flavour in ("telegram", "bale")]
    sim = Simulator({"people": people})
    assert sim.person(7, "bale").account.flavour == "bale"
    with pytest.raises(LookupError):
        sim.person(7)
    with pytest.raises(LookupError):
        sim.person(8)
