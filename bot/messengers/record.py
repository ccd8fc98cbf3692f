"""What each messenger can do, as rows: the rest of the code asks these records and never a messenger's name."""

from dataclasses import dataclass
from typing import Literal

GROUP_TYPES = frozenset({"group", "supergroup", "channel"})


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast one bot may send, in messages; Bale publishes no figures, so its row is a careful start."""

    per_second: float
    per_chat_per_second: float
    burst_per_chat: int
    per_group_per_minute: float


_FORGETFUL = 10
"""So many times more may wait of a messenger that forgets."""


@dataclass(frozen=True, slots=True)
class Messenger:
    """The abilities of one messenger; lengths are in UTF-16 units."""

    name: str
    link_host: str  # where its deep links live
    rates: Rates
    markup: Literal["html", "marks"]  # "marks": its own Markdown without parse_mode and without an escape
    parse_mode: str | None
    text_limit: int = 4096
    caption_limit: int = 1024
    album_limit: int = 10
    counts_marks: bool = False  # whether marks count towards the limits (taken as true where undocumented)
    json_bodies: bool = (
        False  # calls may be JSON, else a form: cheaper; of Bale some say that it does not always take it
    )
    has_allowed_updates: bool = False
    edits_return_message: bool = False
    reply_parameters: bool = False  # else reply_to_message_id, and no "send anyway when the message is gone"
    silent_sending: bool = False
    link_previews: bool = False  # can be told not to preview links
    key_placeholder: bool = False
    mentions: bool = False  # a link tg://user?id=… names a person and tells them
    venue: bool = False
    polls: bool = False
    reactions: bool = False
    groups_are_negative: bool = False
    hears_only_replies: bool = False  # in groups, as long as BotFather's privacy mode is on, which is the default
    leaves_fields_out: bool = False  # updates lack fields that the Bot API calls required
    webhook_ports: frozenset[int] = frozenset()  # to which it delivers
    webhook_header: str = ""  # in which it sends what was agreed; empty: only the address can be secret
    webhook_connections: int | None = None  # deliveries at once that are asked for, where one may ask
    keeps_updates: int | None = None  # so many that were not fetched; older ones are lost. None: a day's
    old_query_prefix: str = ""  # callback queries with such ids come from clients that cannot show an answer

    def callback_toast(self, query_id: str) -> bool:
        """Say whether the person's client can show the answer of this callback query."""
        return not (self.old_query_prefix and query_id.startswith(self.old_query_prefix))

    def inbox_bound(self, usual: int) -> int:
        """Return how many updates may wait before no more of this messenger are taken in.

        What one does not keep for us is taken in for long after the others' is left where it is safe.
        """
        return usual if self.keeps_updates is None else _FORGETFUL * usual

    def deep_link(self, username: str, payload: str) -> str:
        """Return the address that opens the bot with `/start payload` (1–64 of A-Za-z0-9_-)."""
        return f"https://{self.link_host}/{username}?start={payload}"

    def is_group(self, chat_id: int, chat_type: str = "") -> bool:
        """Tell a group from a private chat; by the type where one is known, else by the sign where that tells."""
        return chat_type in GROUP_TYPES or (self.groups_are_negative and chat_id < 0)


TELEGRAM = Messenger(
    name="telegram",
    link_host="t.me",
    rates=Rates(per_second=28, per_chat_per_second=1, burst_per_chat=3, per_group_per_minute=20),
    markup="html",
    parse_mode="HTML",
    json_bodies=True,
    has_allowed_updates=True,
    edits_return_message=True,
    reply_parameters=True,
    silent_sending=True,
    link_previews=True,
    key_placeholder=True,
    mentions=True,
    venue=True,
    polls=True,
    reactions=True,
    groups_are_negative=True,
    hears_only_replies=True,
    webhook_ports=frozenset({80, 88, 443, 8443}),
    webhook_header="X-Telegram-Bot-Api-Secret-Token",
    webhook_connections=8,
)

BALE = Messenger(
    name="bale",
    link_host="ble.ir",
    rates=Rates(per_second=5, per_chat_per_second=1, burst_per_chat=3, per_group_per_minute=20),
    markup="marks",
    parse_mode=None,
    counts_marks=True,
    leaves_fields_out=True,
    webhook_ports=frozenset({88, 443}),
    keeps_updates=2_000,
    old_query_prefix="1",
)

MESSENGERS: dict[str, Messenger] = {messenger.name: messenger for messenger in (TELEGRAM, BALE)}
