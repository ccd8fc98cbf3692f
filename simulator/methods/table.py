"""Which methods are played, by their lower-case names, and which of them Bale has."""

from collections.abc import Awaitable, Callable
from typing import Any

from simulator.bale import PARAMETERS
from simulator.calls import Call
from simulator.methods import about, chats, editing, sending

Method = Callable[[Call], Awaitable[Any]]

_METHODS: dict[str, Method] = {
    "getMe": about.get_me,
    "getUpdates": about.get_updates,
    "setWebhook": about.set_webhook,
    "deleteWebhook": about.delete_webhook,
    "getWebhookInfo": about.get_webhook_info,
    "logOut": about.log_out,
    "close": about.log_out,
    "getFile": about.get_file,
    "setMyCommands": about.set_my_commands,
    "getMyCommands": about.get_my_commands,
    "deleteMyCommands": about.delete_my_commands,
    "setMyName": about.set_my_text,
    "setMyDescription": about.set_my_text,
    "setMyShortDescription": about.set_my_text,
    "getMyName": about.get_my_text,
    "getMyDescription": about.get_my_text,
    "getMyShortDescription": about.get_my_text,
    "sendMessage": sending.send_message,
    **dict.fromkeys(sending.SENDS, sending.send_media),
    "sendMediaGroup": sending.send_media_group,
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
    "sendContact": sending.send_contact,
    "sendChatAction": sending.send_chat_action,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageMedia": editing.edit_message_media,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "getChatMembersCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
}
OLD_NAMES = {"getChatMembersCount": "getChatMemberCount"}
"""Names that the documentation no longer has: Telegram still answers to them, Bale knows only these."""
NAMES: dict[str, str] = {name.lower(): name for name in _METHODS}


def method_called(name: str, flavour: str) -> Method | None:
    """The method under its exact name; None where this flavour does not play it."""
    return None if flavour == "bale" and name not in PARAMETERS else _METHODS.get(name)
