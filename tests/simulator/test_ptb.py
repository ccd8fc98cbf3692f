"""The client that the bot uses, python-telegram-bot, against the simulator."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

from simulator.person import Person
from simulator.server import Simulator
from tests.simulator.conftest import picture


def client(sim: Simulator, token: str = "137:aa") -> Bot:
    return Bot(token, base_url=f"{sim.url}/bot", base_file_url=f"{sim.url}/file/bot")


async def test_main_methods(sim: Simulator, maryam: Person) -> None:
    async with client(sim) as bot:
        assert bot.username == "city_bot"
        await maryam.photo(picture(), "عکس")
        (update,) = await bot.get_updates(timeout=2)
        assert update.message is not None
        file = await bot.get_file(update.message.photo[-1].file_id)
        assert len(await file.download_as_bytearray()) == file.file_size
        rows = InlineKeyboardMarkup([[InlineKeyboardButton("بله", callback_data="y")]])
        sent = await bot.send_message(1001, "<b>سلام</b>", parse_mode="HTML", reply_markup=rows)
        assert [one.type for one in sent.entities] == ["bold"]
        reply = await bot.send_message(1001, "پاسخ", reply_parameters=ReplyParameters(sent.message_id))
        assert reply.reply_to_message is not None
        await maryam.press("بله")
        press = (await bot.get_updates(offset=update.update_id + 1))[0].callback_query
        assert press is not None
        assert await press.answer("شد", show_alert=True)
        edited = await bot.edit_message_text("نو", 1001, sent.message_id)
        assert isinstance(edited, Message)
        assert edited.text == "نو"
        assert await bot.delete_message(1001, sent.message_id)


async def test_media_and_keyboards(sim: Simulator, maryam: Person) -> None:
    async with client(sim) as bot:
        photo = await bot.send_photo(1001, picture(), caption="یک")
        album = await bot.send_media_group(1001, [InputMediaPhoto(picture()), InputMediaPhoto(photo.photo[-1].file_id)])
        assert album[0].media_group_id == album[1].media_group_id
        assert (await bot.send_document(1001, b"%PDF", filename="a.pdf")).document.file_name == "a.pdf"  # type: ignore[union-attr]
        assert (await bot.send_voice(1001, b"OggS", duration=3)).voice is not None
        assert (await bot.send_video(1001, b"film", width=10, height=10)).video is not None
        assert (await bot.send_location(1001, 36.3, 59.5)).location is not None
        assert (await bot.send_venue(1001, 36.3, 59.5, "سجاد", "بلوار")).venue is not None
        assert (await bot.send_contact(1001, "137", "شهر")).contact is not None
        keys = ReplyKeyboardMarkup([[KeyboardButton("جای من", request_location=True)]])
        await bot.send_message(1001, "کجا؟", reply_markup=keys)
        assert maryam.keyboard() == (("جای من",),)
        await bot.send_message(1001, "خب", reply_markup=ReplyKeyboardRemove())
        assert await bot.edit_message_media(InputMediaPhoto(picture(colour="red")), 1001, photo.message_id)
        assert await bot.edit_message_caption(1001, photo.message_id, caption="دو")
        assert await bot.send_chat_action(1001, "typing")
        assert (await bot.copy_message(1001, 1001, photo.message_id)).message_id
        assert (await bot.forward_message(1001, 1001, photo.message_id)).forward_origin is not None


async def test_about_the_bot(sim: Simulator, maryam: Person) -> None:
    async with client(sim) as bot:
        assert await bot.set_my_commands([BotCommand("help", "راهنما")])
        assert [one.command for one in await bot.get_my_commands()] == ["help"]
        assert await bot.set_my_name("شهر")
        assert (await bot.get_my_name()).name == "شهر"
        assert (await bot.get_chat(1001)).first_name == "مریم"
        assert (await bot.get_chat(-100137)).title == "پسماند"
        assert (await bot.get_chat_member(-100137, 2001)).status == "creator"
        assert (await bot.get_webhook_info()).url == ""


async def test_errors_become_the_clients_own(sim: Simulator, maryam: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with client(sim) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(5, "x")
        with pytest.raises(BadRequest, match="Can't parse entities"):
            await bot.send_message(1001, "<b>x", parse_mode="HTML")
        sim.fault("sendMessage", status=429, retry_after=2)
        with pytest.raises(RetryAfter):
            await bot.send_message(1001, "x")
        await maryam.block()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(1001, "x")
        sim.fault("getUpdates", status=409)
        with pytest.raises(Conflict):
            await bot.get_updates()
    stranger = client(sim, "999:zz")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_bale_answers_as_measured(sim: Simulator, bale_maryam: Person) -> None:
    """What the Bale normaliser is there for: get_chat and edits cannot be parsed by the client as they come."""
    async with client(sim, "137:cc") as bot:
        (update,) = await bot.get_updates()
        assert update.update_id == 0
        sent = await bot.send_message(bale_maryam.id, "سلام")
        assert bale_maryam.messages()[-1].id == sent.message_id
        with pytest.raises(TypeError):
            await bot.get_chat(bale_maryam.id)
