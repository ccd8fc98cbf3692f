"""Against servers that count: the bot's own pace meets no refusal, and a pace that is too high costs no message."""

from itertools import pairwise

from bot.messengers.record import MESSENGERS, Rates
from domain.messages import Message, Picture
from tests.engine.rig import Rig

_CITIZENS = 30
_EACH = 4


async def _notices(rig: Rig) -> list[int]:
    """Let everybody be told some things, more than the server takes at once."""
    rows = [await rig.say(f"{chat}-{turn}", chat=1000 + chat) for turn in range(_EACH) for chat in range(_CITIZENS)]
    rig.simulator.api.limits.enabled = True
    await rig.start()
    await rig.settled(60)
    return rows


def _check(rig: Rig) -> None:
    for chat in range(_CITIZENS):
        assert rig.said(1000 + chat) == [f"{chat}-{turn}" for turn in range(_EACH)], "each once, in order"


async def test_at_its_own_pace_it_is_refused_nothing(rig: Rig) -> None:
    rig.rates = MESSENGERS["telegram"].rates
    await _notices(rig)
    _check(rig)
    assert rig.simulator.log.count("sendMessage", status=429) == 0


async def test_a_pace_that_is_too_high_costs_refusals_and_no_message(rig: Rig) -> None:
    rig.rates = Rates(per_second=200, per_chat_per_second=100, burst_per_chat=100, per_group_per_minute=6000)
    rows = await _notices(rig)
    _check(rig)
    assert rig.simulator.log.count("sendMessage", status=429) > 0
    assert {(await rig.row(row)).attempts for row in rows} == {0}, "to be told to wait is no failed try"


async def test_an_album_after_other_messages_is_refused_nothing(rig: Rig) -> None:
    rig.rates = MESSENGERS["telegram"].rates
    photo = await rig.keep_photo()
    album = Message(text="آلبوم", pictures=[Picture(media=photo)] * 4)
    for words in ("یک", "دو", album, "سه"):
        await rig.say("", message=words if isinstance(words, Message) else Message(text=words))
    rig.simulator.api.limits.enabled = True
    await rig.start()
    await rig.settled(60)
    assert rig.simulator.log.count("send*", status=429) == 0
    assert [one.kind for one in rig.simulator.person(1000).messages()] == [
        "text",
        "text",
        *["photo"] * 4,
        "text",
        "text",
    ]


async def test_a_group_gets_no_more_than_it_may(rig: Rig) -> None:
    rig.rates = MESSENGERS["telegram"].rates
    for turn in range(6):
        await rig.say(str(turn), chat=-100137)
    rig.simulator.api.limits.enabled = True
    await rig.start()
    await rig.settled(60)
    sent = [call for call in rig.simulator.log.calls("sendMessage") if call["parameters"]["chat_id"] == -100137]
    assert [call["parameters"]["text"] for call in sent] == [str(turn) for turn in range(6)]
    assert {call["status"] for call in sent} == {200}
    assert all(first["at"] <= second["at"] for first, second in pairwise(sent))
