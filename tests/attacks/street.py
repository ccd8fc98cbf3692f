"""People who send whatever a messenger, or a tampered client, can send."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from storage.tables import accounts, drafts, requests
from tests.admin.office import Office, Said

COMPLAINT = "آشغال سر کوچه‌ی ما سه روزه مونده بو گرفته، سجاد ۱۲"
PLACE = {"latitude": 36.315, "longitude": 59.545}
UNIT = "waste-1"
BOT = {"id": 137, "is_bot": True, "first_name": "۱۳۷"}

_numbers = count(50_000)


@dataclass
class Street(Office):
    """An office whose citizens come with photos, places and contacts as well."""

    async def come(self, user: int, chat: int | None = None, **message: Any) -> list[Said]:
        """Let a message of any kind come."""
        self.now += timedelta(seconds=2)
        number = next(_numbers)
        content = {"message_id": number, "date": int(self.now.timestamp())} | self._from(user, chat) | message
        return await self._handle({"message": content})

    async def photo(self, user: int, caption: str = "", album: str = "", chat: int | None = None) -> list[Said]:
        """Let a photo come, of an album perhaps."""
        number = next(_numbers)
        size = {"file_id": f"f{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}
        more = {"media_group_id": album} if album else {}
        return await self.come(user, chat, photo=[size], caption=caption, **more)

    async def contact(self, user: int, phone: str, **message: Any) -> list[Said]:
        """Share what the messenger says is the person's own number."""
        return await self.come(
            user,
            contact={"phone_number": phone, "first_name": "کسی", "user_id": user} | message.pop("card", {}),
            **message,
        )

    async def file_with_three_acts(self, user: int) -> str:
        """File a complaint as a citizen does and return its code."""
        await self.come(user, text=COMPLAINT)
        await self.come(user, location=PLACE)
        await self.press(user, f"d:{await self.draft(user)}:f")
        return await self.code(user)

    async def _last(self, column: sa.Column[Any], user: int, table: sa.Table) -> Any:
        async with self.database.read() as tx:
            query = sa.select(column).select_from(table.join(accounts)).where(accounts.c.user_id == user)
            return await tx.scalar(query.order_by(table.c.id.desc()).limit(1))

    async def draft(self, user: int) -> int:
        """Return the number of the person's newest draft."""
        return int(await self._last(drafts.c.id, user, drafts))

    async def open_drafts(self, user: int) -> int:
        """Count the drafts that stand open."""
        async with self.database.read() as tx:
            query = sa.select(sa.func.count()).select_from(drafts.join(accounts))
            return int(await tx.scalar(query.where(accounts.c.user_id == user, drafts.c.state == "open")) or 0)

    async def code(self, user: int) -> str:
        """Return the code of the person's newest request."""
        return str(await self._last(requests.c.code, user, requests))

    async def close_unsolved(self, official: int, code: str) -> None:
        """Accept a request and say that it cannot be done."""
        for data in ("accept", "not_solve:r:no-budget"):
            await self.press(official, f"w:{code}:{data}")


def to(said: list[Said], chat: int) -> list[str]:
    """Return what was said in a chat."""
    return [one.text for one in said if one.chat[1] == chat]


def as_reply_to(text: str) -> dict[str, Any]:
    """Make a message an answer to one of the bot's."""
    chat = {"id": 1, "type": "private"}
    return {"reply_to_message": {"message_id": 1, "date": 1, "chat": chat, "from": BOT, "text": text}}
