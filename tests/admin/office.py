"""An administrator's office without a messenger: people write and press, the outbox is what they read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
import telegram

from domain import tracking
from domain.casework import Account, Request
from domain.lifecycle import State
from domain.messages import Button, Message, Toast
from domain.richtext import plain
from domain.roles import Role
from handlers.house import House
from services import assignment
from services.centre import Centre
from storage import people, requests, staff, timers
from storage.database import Database
from storage.tables import audit, outbox

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
BOSS, OFFICIAL, CITIZEN = 1, 2, 3
GROUP = -1001234567890

_updates = count(1)
_codes = count(100_000)


@dataclass(frozen=True, slots=True)
class Said:
    """One row of the outbox, with its message as the reader sees it."""

    row: int
    chat: tuple[str, int]
    message: Message
    edits: int | None
    state: str
    notice: int | None

    @property
    def text(self) -> str:
        """The words without marks."""
        return plain(self.message.text)

    @property
    def buttons(self) -> dict[str, str]:
        """The inline buttons: label and data."""
        return {button.label: button.data for row in self.message.buttons for button in row}


@dataclass
class Office:
    """A house with a database; `now` moves by hand."""

    house: House
    database: Database
    now: datetime = NOW
    messenger: str = "telegram"
    toast: Toast | None = None

    @property
    def centre(self) -> Centre:
        """The centre of the house."""
        return self.house.centre

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    async def hire(self, user: int, role: Role, unit: str = "", name: str = "کسی") -> int:
        """Give a person a role and return the number of the membership."""
        async with self.database.write() as tx:
            account = await people.meet(tx, self.messenger, user, name, self.now)
            return await staff.grant(tx, account.person, role, unit, None, self.now)

    async def meet(self, *users: int, messenger: str = "") -> list[Account]:
        """Make people known who once wrote to the bot."""
        async with self.database.write() as tx:
            return [await people.meet(tx, messenger or self.messenger, u, f"شهروند {u}", self.now) for u in users]

    async def file(self, unit: str) -> Request:
        """File a citizen's request with a unit and hand it over."""
        async with self.database.write() as tx:
            account = await people.meet(tx, self.messenger, CITIZEN, "مریم", self.now)
            number = await requests.insert(
                tx,
                code=tracking.code(next(_codes)),
                account_id=account.id,
                subject="garbage_not_collected",
                unit=unit,
                district="1",
                address="سجاد ۱۲",
                words="آشغال سر کوچه",
                display="آشغال سر کوچه",
                state=State.ASSIGNED,
                filed_at=self.now,
                deadline_at=self.now + timedelta(hours=24),
                changed_at=self.now,
            )
            request = await requests.get(tx, number)
            await assignment.hand_over(tx, self.centre, request, self.now)
        return request

    async def write(self, user: int, words: str, chat: int | None = None) -> list[Said]:
        """Let somebody write; return what the bot said to anybody because of it."""
        message = {"message_id": next(_updates), "date": int(self.now.timestamp()), "text": words}
        return await self._handle({"message": message | self._from(user, chat)})

    async def press(self, user: int, data: str, chat: int | None = None) -> list[Said]:
        """Let somebody press a button by its data; the answer of the button is in `toast`."""
        message = {"message_id": 1, "date": int(self.now.timestamp()), "text": "…"} | self._from(user, chat)
        query = {"id": str(next(_updates)), "chat_instance": "1", "data": data, "message": message}
        return await self._handle({"callback_query": query | {"from": message["from"]}})

    async def tap(self, user: int, said: Said, label: str, chat: int | None = None) -> list[Said]:
        """Press the button of a message whose label begins like this."""
        return await self.press(user, next(d for name, d in said.buttons.items() if name.startswith(label)), chat)

    def _from(self, user: int, chat: int | None) -> dict[str, Any]:
        private = {"id": user, "type": "private"}
        where = private if chat is None else {"id": chat, "type": "supergroup", "title": "پسماند یک"}
        return {"from": {"id": user, "is_bot": False, "first_name": f"نفر {user}"}, "chat": where}

    async def _handle(self, raw: dict[str, Any]) -> list[Said]:
        update = telegram.Update.de_json({"update_id": next(_updates), **raw})
        before = await self._newest()
        async with self.database.write() as tx:
            self.toast = await self.house.handle(tx, self.messenger, update, self.now)
        return await self.said(after=before)

    async def _newest(self) -> int:
        async with self.database.read() as tx:
            return (await tx.execute(sa.select(sa.func.max(outbox.c.id)))).scalar_one() or 0

    async def said(self, after: int = 0) -> list[Said]:
        """Read the outbox."""
        async with self.database.read() as tx:
            rows = (await tx.execute(sa.select(outbox).where(outbox.c.id > after).order_by(outbox.c.id))).all()
        return [
            Said(r.id, (r.messenger, r.chat_id), Message.model_validate(r.message), r.edits, r.state, r.notice_id)
            for r in rows
        ]

    async def join_group(self) -> None:
        """Take the bot into the group."""
        async with self.database.write() as tx:
            await people.see_group(tx, self.messenger, GROUP, "پسماند یک", self.now)

    async def send(self, many: int | None = None, *, notice: int | None = None, but: int = 0) -> None:
        """Play the sender: mark waiting rows as sent, oldest first, except those for the chat `but`."""
        waiting = sa.select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.chat_id != but)
        waiting = waiting.order_by(outbox.c.id).limit(many)
        if notice is not None:
            waiting = waiting.where(outbox.c.notice_id == notice)
        async with self.database.write() as tx:
            rows = (await tx.scalars(waiting)).all()
            await tx.execute(sa.update(outbox).where(outbox.c.id.in_(rows)).values(state="sent", message_id=1))

    async def ring(self) -> bool:
        """Ring the timer that is due the longest, as the clockwork does; False when none is."""
        async with self.database.write() as tx:
            for timer in await timers.due(tx, self.now, 1):
                assert await timers.done(tx, timer)
                await self.house.ring(tx, timer.kind, timer.data, self.now)
                return True
        return False

    async def audited(self) -> list[tuple[str, str | None, dict[str, Any] | None]]:
        """List the audit trail: act, reason of a refusal, details."""
        async with self.database.read() as tx:
            rows = await tx.execute(sa.select(audit.c.act, audit.c.refused, audit.c.data).order_by(audit.c.id))
        return [(row.act, row.refused, row.data) for row in rows]


def buttons(said: Said) -> list[Button]:
    """List the buttons of a message."""
    return [button for row in said.message.buttons for button in row]
