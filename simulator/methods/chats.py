"""Methods about chats and their members."""

from simulator.calls import Call
from simulator.exchange import Change
from simulator.refusals import Refused
from simulator.world import Bot, Chat, Json

_FULL = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}
_ADMIN_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
_RIGHTS_HELD = frozenset({"can_manage_chat", "can_delete_messages", "can_invite_users"})


async def get_chat(call: Call) -> Json:
    """The chat with its particulars; Bale leaves out the newer fields."""
    chat = call.chat()
    return dict(chat.about) if call.bot.flavour == "bale" else chat.about | _FULL


def _as_member(call: Call, chat: Chat, user_id: int) -> Json:
    bots = {bot.id: bot for bot in chat.bots.values()}
    if user_id in bots:
        return bot_member(chat, bots[user_id])
    person = chat.members.get(user_id) or (chat.person if chat.person and chat.id == user_id else None)
    if person is not None:
        owner = next(iter(chat.members), None) == user_id
        if not owner:
            return {"user": person.user, "status": "member"}
        return {"user": person.user, "status": "creator", "is_anonymous": False}
    stranger = call.exchange.world.people.get((call.bot.flavour, user_id))
    if stranger is None:
        raise Refused("user-not-found")
    return {"user": stranger.user, "status": "left"}


def bot_member(chat: Chat, bot: Bot) -> Json:
    """A bot as a member of a group."""
    if bot.username not in chat.admins:
        return {"user": bot.user, "status": "member"}
    out: Json = {"user": bot.user, "status": "administrator"}
    if bot.flavour == "telegram":
        out |= {right: right in _RIGHTS_HELD for right in _ADMIN_RIGHTS}
    return out


async def get_chat_member(call: Call) -> Json:
    """One member; the first one of a group is its owner."""
    return _as_member(call, call.chat(), call.integer("user_id"))


async def get_chat_administrators(call: Call) -> list[Json]:
    """The owner and the bots with rights."""
    chat = call.chat()
    if chat.private:
        raise Refused("parameter", reason="there are no administrators in the private chat")
    owner = [_as_member(call, chat, one) for one in list(chat.members)[:1]]
    return owner + [bot_member(chat, chat.bots[name]) for name in chat.admins if name in chat.bots]


async def get_chat_member_count(call: Call) -> int:
    """How many are in the chat, bots included."""
    chat = call.chat()
    return 2 if chat.private else len(chat.members) + len(chat.bots)


async def leave_chat(call: Call) -> bool:
    """The bot goes out of a group by itself."""
    chat = call.chat()
    if chat.private:
        raise Refused("private-only")
    chat.bots.pop(call.bot.username, None)
    chat.admins.discard(call.bot.username)
    call.exchange.tell(Change("chat", chat))
    return True
