"""Where Bale differs from Telegram."""

from typing import Any

import pytest
from aiohttp import ClientSession

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import TOWN, Client

BALE = "137:cc"
INLINE = {"inline_keyboard": [[{"text": "بله", "callback_data": "y"}]]}


async def test_fields_that_bale_leaves_out(client: Client, bale_maryam: Person) -> None:
    await bale_maryam.write("/help")
    await bale_maryam.voice()
    await bale_maryam.sticker()
    await client.ok("sendMessage", BALE, chat_id=bale_maryam.id, text="x", reply_markup=INLINE)
    await bale_maryam.press("بله")
    start, help_, voice, sticker, press = await client.updates(BALE)
    assert start["update_id"] == 0
    assert "entities" not in help_["message"]
    assert set(voice["message"]["voice"]) == {"file_id", "file_unique_id", "file_size", "mime_type"}
    assert "is_animated" not in sticker["message"]["sticker"]
    assert "chat_instance" not in press["callback_query"]
    assert not press["callback_query"]["id"].startswith("1")


async def test_old_clients_send_bare_presses(client: Client, sim: Simulator) -> None:
    person = sim.person(1203344552)
    await person.start()
    sent = await client.ok("sendMessage", BALE, chat_id=person.id, text="x", reply_markup=INLINE)
    await person.press("بله")
    press = (await client.updates(BALE))[-1]["callback_query"]
    assert press["id"].startswith("1")
    assert press["message"] == {"message_id": sent["message_id"], "chat": {"id": person.id, "type": "private"}}


async def test_text_is_bale_markdown_whatever_parse_mode_says(client: Client, bale_maryam: Person) -> None:
    await client.ok("sendMessage", BALE, chat_id=bale_maryam.id, text="کد *۴۸۲* <b>x</b>", parse_mode="HTML")
    seen = bale_maryam.messages()[-1]
    assert seen.text == "کد ۴۸۲ <b>x</b>"
    assert [one["type"] for one in seen.entities] == ["bold"]


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("stub", {"message_id": 0, "date": 0, "chat": {"id": 0, "type": ""}}),
        ("bare", {"message_id": 0}),
        ("true", True),
    ],
)
async def test_edits_work_and_answer_with_a_stub(how: str, answer: object) -> None:
    bots = [{**TOWN["bots"][2], "edit_answer": how}]
    async with Simulator({"bots": bots, "people": TOWN["people"]}) as sim, ClientSession() as session:
        person, client = sim.person(1203344551), Client(session, sim.url)
        await person.start()
        sent = await client.ok("sendMessage", BALE, chat_id=person.id, text="یک")
        here = {"chat_id": person.id, "message_id": sent["message_id"]}
        assert await client.ok("editMessageText", BALE, **here, text="دو") == answer
        assert await client.ok("editMessageText", BALE, **here, text="دو") == answer  # unchanged is no error
        assert person.messages()[-1].text == "دو"


@pytest.mark.parametrize(
    ("method", "parameters", "status", "text"),
    [
        ("sendMessage", {"chat_id": 5, "text": "x"}, 404, "no such group or user"),
        ("setMyName", {"name": "x"}, 501, "Not Implemented"),
        ("sendVenue", {"chat_id": 5}, 501, "Not Implemented"),
        ("bakeBread", {}, 501, "Not Implemented"),
        ("editMessageMedia", {}, 501, "Not Implemented"),
        ("getChatMemberCount", {}, 501, "Not Implemented"),
        ("getMyCommands", {}, 501, "Not Implemented"),
        ("close", {}, 501, "Not Implemented"),
    ],
)
async def test_refusals_in_bales_words(
    client: Client, method: str, parameters: dict[str, Any], status: int, text: str
) -> None:
    assert await client.refusal(method, BALE, **parameters) == (status, text)


async def test_blocking_is_silent_and_refuses(client: Client, bale_maryam: Person, sim: Simulator) -> None:
    assert await bale_maryam.block() == ()
    status, text = await client.refusal("sendMessage", BALE, chat_id=bale_maryam.id, text="x")
    assert (status, text) == (403, "permission_denied")
    assert [list(one)[1] for one in await client.updates(BALE)] == ["message"]


async def test_errors_with_status_200() -> None:
    bots = [{**TOWN["bots"][2], "errors_with_200": True}]
    async with Simulator({"bots": bots}) as sim, ClientSession() as session:
        status, body = await Client(session, sim.url).call("sendMessage", BALE, chat_id=5, text="x")
        assert status == 200
        assert body == {"ok": False, "error_code": 404, "description": "no such group or user"}
        assert sim.log.calls("sendMessage")[0]["status"] == 404


async def test_groups_have_large_positive_ids_and_bots_read_all(client: Client, bale_maryam: Person) -> None:
    await bale_maryam.write("بچه‌ها سلام", chat=5996820999)
    message = (await client.updates(BALE))[-1]["message"]
    assert message["chat"] == {"id": 5996820999, "type": "group", "title": "پسماند"}
    await client.ok("sendMessage", BALE, chat_id=5996820999, text="سلام")


async def test_forwards_name_the_first_sender(client: Client, bale_maryam: Person) -> None:
    await bale_maryam.forward(1)
    message = (await client.updates(BALE))[-1]["message"]
    assert message["forward_from"]["id"] == bale_maryam.id
    assert message["text"] == "/start"


async def test_what_only_telegram_has_is_passed_over(client: Client, bale_maryam: Person, sim: Simulator) -> None:
    here = {"token": BALE, "chat_id": bale_maryam.id}
    sent = await client.ok("sendMessage", **here, text="پاسخ", reply_parameters={"message_id": 1}, colour="red")
    assert "reply_to_message" not in sent
    assert sim.log.calls("sendMessage")[-1]["unknown"] == ["colour", "reply_parameters"]
    sent = await client.ok("sendMessage", **here, text="پاسخ", reply_to_message_id=1, message_thread_id=None)
    assert sent["reply_to_message"]["message_id"] == 1
    assert "unknown" not in sim.log.calls("sendMessage")[-1]
    await client.ok("deleteWebhook", BALE, drop_pending_updates=True)
    assert sim.waiting("city") == 1


async def test_members_are_counted_under_the_old_name(client: Client, bale_maryam: Person, maryam: Person) -> None:
    assert await client.ok("getChatMembersCount", BALE, chat_id=5996820999) == 2
    assert await client.ok("getChatMembersCount", chat_id=-100137) == 2


async def test_bale_knows_fewer_chat_actions(client: Client, bale_maryam: Person) -> None:
    await client.ok("sendChatAction", BALE, chat_id=bale_maryam.id, action="typing")
    assert await client.refusal("sendChatAction", BALE, chat_id=bale_maryam.id, action="find_location") == (
        400,
        "Bad Request: wrong parameter action in request",
    )
