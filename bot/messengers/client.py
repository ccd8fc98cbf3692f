"""The one way to a messenger: raw updates in, neutral messages out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import telegram

from bot.messengers.record import Messenger
from domain.messages import Message
from storage.media import MediaFile

__all__ = ["Client", "MediaFile", "Sent"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the number to edit later, whether the text is a caption, and file_ids learned, by media id."""

    message_id: int
    has_caption: bool = False
    file_ids: dict[int, str] = field(default_factory=dict)


class Client:
    """One bot on one messenger; every method but `parse` and `answer_callback` raises CallFailed."""

    messenger: Messenger
    bot: telegram.Bot

    def __init__(self, messenger: Messenger, token: str, api: str, *, proxy: str | None = None) -> None:
        """`api` is the server's address without a trailing slash; `proxy` is an http:// address."""
        raise NotImplementedError

    async def open(self) -> None:
        """Open the connections; nothing is sent yet, so it works while the messenger is away."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections; calls under way fail."""
        raise NotImplementedError

    async def updates(self, offset: int | None, timeout: float, limit: int = 100) -> list[Any]:  # noqa: ASYNC109
        """Wait up to `timeout` seconds for updates from `offset` on; raw, in the messenger's order."""
        raise NotImplementedError

    async def delete_webhook(self) -> None:
        """Take away a webhook, which would forbid polling; updates that wait are kept."""
        raise NotImplementedError

    async def me(self) -> tuple[int, str]:
        """Return the bot's id and username."""
        raise NotImplementedError

    def parse(self, raw: dict[str, Any]) -> telegram.Update:
        """Read one raw update, with fields filled in that the messenger leaves out; raises ValueError."""
        raise NotImplementedError

    async def send(
        self, chat_id: int, message: Message, media: Mapping[int, MediaFile] | None = None, *, skip: int = 0
    ) -> Sent:
        """Say `message`; with `skip`, leave out that many parts, as CallFailed.parts_sent of an earlier try said."""
        raise NotImplementedError

    async def edit(self, chat_id: int, message_id: int, has_caption: bool, message: Message) -> None:
        """Change text (or caption) and buttons of an earlier message; without a text only the buttons."""
        raise NotImplementedError

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message back."""
        raise NotImplementedError

    async def answer_callback(self, query_id: str, text: str = "", alert: bool = False) -> None:
        """Stop the button's spinner, with up to 200 characters to show; never raises."""
        raise NotImplementedError

    async def download(self, file_id: str, limit_bytes: int) -> bytes:
        """Fetch a file; TOO_LONG beyond the limit, BAD_FILE or GONE when the messenger no longer has it."""
        raise NotImplementedError
