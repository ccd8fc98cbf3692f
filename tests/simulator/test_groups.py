"""Groups: who hears what, and what happens to a bot that is thrown out."""

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import Client

GROUP = -100137
INLINE = {"inline_keyboard": [[{"text": "می‌پذیرم", "callback_data": "take"}]]}


async def heard(client: Client) -> list[str]:
    return [one["message"].get("text", "") for one in await client.updates() if "message" in one]


async def test_privacy_lets_only_commands_and_replies_through(client: Client, sim: Simulator) -> None:
    hosein = sim.person(2001)
    card = await client.ok("sendMessage", chat_id=GROUP, text="کارت")
    await hosein.write("با همکار حرف می‌زنم", chat=GROUP)
    await hosein.write("/desk", chat=GROUP)
    await hosein.write("/desk@other_bot", chat=GROUP)
    await hosein.reply("پاسخ به کارت", card["message_id"], chat=GROUP)
    assert await heard(client) == ["/desk", "پاسخ به کارت"]


async def test_admins_and_bots_without_privacy_hear_all(client: Client, sim: Simulator) -> None:
    hosein = sim.person(2001)
    sim.exchange.world.groups["telegram", GROUP].admins.add("city_bot")
    await hosein.write("همه می‌شنوند", chat=GROUP)
    assert await heard(client) == ["همه می‌شنوند"]
    assert (await client.ok("getChatMember", chat_id=GROUP, user_id=137))["status"] == "administrator"


async def test_everybody_sees_and_presses(client: Client, sim: Simulator) -> None:
    hosein = sim.person(2001)
    await client.ok("sendMessage", chat_id=GROUP, text="کارت", reply_markup=INLINE)
    await hosein.press("می‌پذیرم", chat=GROUP)
    query = (await client.updates())[-1]["callback_query"]
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (2001, GROUP)
    assert hosein.messages(chat=GROUP)[-1].labels == ("می‌پذیرم",)


async def test_thrown_out_and_brought_back(client: Client, sim: Simulator) -> None:
    hosein = sim.person(2001)
    await hosein.kick_bot(GROUP)
    assert await client.refusal("sendMessage", chat_id=GROUP, text="x") == (
        403,
        "Forbidden: bot was kicked from the group chat",
    )
    await hosein.add_bot(GROUP)
    changes = [one["my_chat_member"] for one in await client.updates() if "my_chat_member" in one]
    assert [one["new_chat_member"]["status"] for one in changes] == ["kicked", "member"]
    await client.ok("sendMessage", chat_id=GROUP, text="برگشتم")
    await client.ok("leaveChat", chat_id=GROUP)
    assert (await client.refusal("sendMessage", chat_id=GROUP, text="x"))[0] == 400


async def test_a_stranger_bot_finds_no_group(client: Client) -> None:
    assert await client.refusal("sendMessage", "138:bb", chat_id=GROUP, text="x") == (
        400,
        "Bad Request: chat not found",
    )


async def test_selective_keyboards_reach_only_who_is_meant(client: Client, sim: Simulator) -> None:
    hosein = sim.person(2001)
    neighbour = sim.add_person(id=2002, flavour="telegram", first_name="رضا")
    sim.exchange.world.groups["telegram", GROUP].members[2002] = neighbour.account
    markup = {"keyboard": [["گرفتم"]], "selective": True}
    await client.ok("sendMessage", chat_id=GROUP, text="@hosein بگیرید", reply_markup=markup)
    assert hosein.keyboard(chat=GROUP) == (("گرفتم",),)
    assert neighbour.keyboard(chat=GROUP) == ()


async def test_members_and_chats(client: Client, maryam: Person) -> None:
    assert (await client.ok("getChat", chat_id=GROUP))["title"] == "پسماند"
    assert (await client.ok("getChat", chat_id=1001))["first_name"] == "مریم"
    assert (await client.ok("getChatMember", chat_id=GROUP, user_id=2001))["status"] == "creator"
    assert (await client.ok("getChatMember", chat_id=GROUP, user_id=1001))["status"] == "left"
    assert await client.ok("getChatMemberCount", chat_id=GROUP) == 2
    assert [one["user"]["id"] for one in await client.ok("getChatAdministrators", chat_id=GROUP)] == [2001]
    assert (await client.refusal("getChatMember", chat_id=GROUP, user_id=5))[0] == 400
