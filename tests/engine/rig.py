"""An engine with a plain house on the simulator: what is tested here is the engine."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import telegram

from bot.clock import Clock
from bot.dispatcher import Dispatching
from bot.engine import Engine
from bot.leases import Pace
from bot.messengers.client import Client
from bot.messengers.record import MESSENGERS, Rates
from bot.receiver import Polling
from bot.roles import EVERY_ROLE, Role
from bot.sender import Sending
from domain import richtext
from domain.messages import Message, Toast
from simulator.server import Simulator
from storage import media, outbox
from storage.database import Database, Transaction
from storage.files import Files
from storage.tables import audit
from storage.tables import outbox as outbox_table
from tests.media.samples import picture

TOKENS = {"telegram": "137:TELEGRAM-TEST", "bale": "731:BALE-TEST"}
USERNAMES = {"telegram": "Test137Bot", "bale": "test137_bot"}
UNHURRIED = Rates(per_second=5000, per_chat_per_second=5000, burst_per_chat=5000, per_group_per_minute=300_000)

Plan = Callable[[], Awaitable[None]]


@dataclass
class PlainHouse:
    """Writes down what it hears and repeats it; `plans` says what happens at a text, after the work is done."""

    plans: dict[str, Plan] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    rung: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    quarantined: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    unreached: list[tuple[int, str]] = field(default_factory=list)
    apology: Plan | None = None
    ring_plan: Callable[[Transaction, dict[str, Any]], Awaitable[None]] | None = None
    silent: bool = False

    async def handle(self, tx: Transaction, messenger: str, update: telegram.Update, now: datetime) -> Toast | None:
        query, chat = update.callback_query, update.effective_chat
        said = query.data if query else update.effective_message.text if update.effective_message else None
        words = said or "?"
        self.tried.append(words)
        number = chat.id if chat else 0
        await tx.execute(
            sa.insert(audit).values(at=now, messenger=messenger, act="heard", data={"words": words, "chat": number})
        )
        if said and not self.silent:
            message = Message(text=richtext.escape(words))
            await outbox.put(tx, messenger=messenger, chat_id=number, message=message, now=now)
        if words in self.plans:
            await self.plans[words]()
        return Toast(text="شنیدم") if query else None

    async def apologise(
        self, tx: Transaction, messenger: str, raw: dict[str, Any], inbox_id: int, problem: str, now: datetime
    ) -> None:
        self.quarantined.append((raw, problem))
        if self.apology is not None:
            await self.apology()

    async def ring(self, tx: Transaction, kind: str, data: dict[str, Any], now: datetime) -> None:
        self.rung.append((kind, data))
        await tx.execute(sa.insert(audit).values(at=now, act="rung", data=data))
        if self.ring_plan is not None:
            await self.ring_plan(tx, data)

    async def media_ready(self, tx: Transaction, media_id: int, now: datetime) -> None:
        raise AssertionError("no file is sent in these tests")

    async def unreachable(self, tx: Transaction, messenger: str, chat_id: int, reason: str, now: datetime) -> None:
        self.unreached.append((chat_id, reason))
        await outbox.cancel_waiting(tx, messenger, chat_id, "unreachable")


async def boom() -> None:
    raise RuntimeError("on purpose")


def config() -> dict[str, Any]:
    bots = [{"token": TOKENS[name], "flavour": name, "username": USERNAMES[name], "name": "۱۳۷"} for name in TOKENS]
    people = [{"id": 1000 + n, "flavour": "telegram", "first_name": f"شهروند {n}"} for n in range(40)]
    people += [{"id": 2000 + n, "flavour": "bale", "first_name": f"شهروند {n}"} for n in range(5)]
    groups = [
        {"id": -100137, "flavour": "telegram", "title": "واحد", "members": [1000], "bots": [USERNAMES["telegram"]]}
    ]
    return {"bots": bots, "people": people, "groups": groups, "strict": True}


@dataclass
class Rig:
    """The simulator, the database and an engine that can be stopped and started."""

    simulator: Simulator
    url: str
    folder: Path
    house: PlainHouse = field(default_factory=PlainHouse)
    messengers: tuple[str, ...] = ("telegram",)
    rates: Rates = UNHURRIED
    clock: Clock = field(default_factory=Clock)
    polling: Polling = field(default_factory=lambda: Polling(wait_factor=0.02))
    waits: tuple[float, ...] = (0.01, 0.02)
    sending: Sending = field(default_factory=lambda: Sending(slow_poll=0.2))
    slow_poll: float = 0.2  # of the dispatcher
    pace: Pace = field(default_factory=Pace)
    running: Engine | None = None
    others: list[Engine] = field(default_factory=list)

    def client(self, name: str) -> Client:
        return Client(replace(MESSENGERS[name], rates=self.rates), TOKENS[name], self.simulator.url)

    def made(self, house: PlainHouse, roles: Collection[Role], frozen_after: float) -> Engine:
        database = Database(self.url, frozen_after=frozen_after)
        return Engine(
            database,
            {name: self.client(name) for name in self.messengers},
            house,
            Files(self.folder),
            roles=roles,
            clock=self.clock,
            polling=self.polling,
            dispatching=replace(Dispatching.for_(database), waits=self.waits, slow_poll=self.slow_poll),
            sending=self.sending,
            pace=self.pace,
        )

    async def keep_photo(self) -> int:
        """Store a photo that Bale has a number for, and return its row's number."""
        content, now = picture(), self.clock.now()
        sha256 = Files(self.folder).keep(content, "image/jpeg")
        database = Database(self.url)
        async with database.write() as tx:
            number = await media.remember(tx, kind="photo", messenger="bale", file_id="there", now=now)
            await media.stored(tx, number, kind="photo", sha256=sha256, mime="image/jpeg", size=len(content))
        await database.close()
        return number

    async def start(self) -> Engine:
        self.running = self.made(self.house, EVERY_ROLE, 30)
        await self.running.start()
        return self.running

    async def another(self, *roles: Role, house: PlainHouse | None = None, frozen_after: float = 30) -> Engine:
        """Start one more engine on the same database, as another process would; `stop` stops it as well."""
        engine = self.made(house or self.house, roles or EVERY_ROLE, frozen_after)
        self.others.append(engine)
        await engine.start()
        return engine

    async def stop(self) -> None:
        while self.others:
            await self.others.pop().stop()
        if self.running is not None:
            await self.running.stop()
            self.running = None

    @property
    def engine(self) -> Engine:
        assert self.running is not None
        return self.running

    async def settled(self, seconds: float = 20) -> None:
        await self.engine.settled(seconds)

    async def heard(self) -> list[tuple[int, str]]:
        """Chat and words of every effect that is committed, in the order of committing."""
        database = Database(self.url)
        async with database.read() as tx:
            rows = await tx.execute(sa.select(audit.c.data).where(audit.c.act == "heard").order_by(audit.c.id))
            found = [(row.data["chat"], row.data["words"]) for row in rows]
        await database.close()
        return found

    async def scalar(self, query: sa.Select[Any]) -> Any:
        database = Database(self.url)
        async with database.read() as tx:
            found = await tx.scalar(query)
        await database.close()
        return found

    async def say(self, text: str, chat: int = 1000, **more: Any) -> int:
        """Put a message into the outbox as a handler would."""
        database = Database(self.url)
        async with database.write() as tx:
            message = more.pop("message", Message(text=text))
            row = await outbox.put(
                tx, messenger=self.messengers[0], chat_id=chat, message=message, now=self.clock.now(), **more
            )
        await database.close()
        assert row is not None
        if self.running is not None:
            self.running.senders[self.messengers[0]].wake()
        return row

    async def row(self, number: int) -> sa.Row[Any]:
        database = Database(self.url)
        async with database.read() as tx:
            row = (await tx.execute(sa.select(outbox_table).where(outbox_table.c.id == number))).one()
        await database.close()
        return row

    def said(self, person: int = 1000) -> list[str]:
        """What a person's screen shows of the bot, oldest first."""
        return [one.text for one in self.simulator.person(person).messages() if one.from_bot]

    def texts(self, method: str = "sendMessage") -> list[str]:
        return [call["parameters"]["text"] for call in self.simulator.log.calls(method) if call["status"] == 200]

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
