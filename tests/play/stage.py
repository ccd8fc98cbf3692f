"""The stage of a play: the simulated messengers, the engine with the real house, a database and a clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import SetClock
from bot.dispatcher import Dispatching
from bot.engine import Engine
from bot.messengers.client import Client
from bot.messengers.record import MESSENGERS, Rates
from bot.receiver import Polling
from bot.sender import Sending
from domain.roles import Role
from handlers.house import House
from services import staff
from services.centre import Centre
from simulator.config import FLAVOURS, Flavour
from simulator.exchange import Change
from simulator.server import Simulator
from storage import people
from storage import staff as staff_rows
from storage.database import Database, Transaction
from storage.files import Files
from storage.tables import inbox, outbox
from tests.play.looks import Player
from tests.play.script import Part

MORNING = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)  # a Saturday, 09:41 in Mashhad
_BREATH = timedelta(seconds=2)
"""How much time passes between two acts."""
_PATIENCE = timedelta(seconds=10)
"""What is put off for less than this (the rest of an album, another try) is waited for."""
_UNHURRIED = Rates(per_second=5000, per_chat_per_second=5000, burst_per_chat=5000, per_group_per_minute=300_000)
_TOKENS: dict[Flavour, str] = {"telegram": "137:TELEGRAM-TEST", "bale": "731:BALE-TEST"}
_USERNAMES: dict[Flavour, str] = {"telegram": "Mashhad137Bot", "bale": "mashhad137_bot"}


class Broken(RuntimeError):
    """What a handler raises while the script says that it is broken."""


class Stage:
    """One play. The people of the script are `players`; `names` are what the script remembers."""

    def __init__(self, centre: Centre, database_url: str, media: Path, flavour: Flavour) -> None:
        self.flavour = flavour
        self.clock = SetClock(MORNING)
        self.players: dict[str, Player] = {}
        self.groups: dict[str, int] = {}
        self.names = {"messenger": {"telegram": "تلگرام", "bale": "بله"}[flavour]}
        self.record: list[str] = []
        self.audit_read = 0
        self._database_url, self._media = database_url, media
        self._users = iter(range(10_001, 20_000))
        bots = [
            {"token": _TOKENS[name], "flavour": name, "username": _USERNAMES[name], "name": "۱۳۷"} for name in FLAVOURS
        ]
        self.simulator = Simulator({"bots": bots, "strict": True})
        self.simulator.exchange.watchers.add(self._note)
        links: dict[str, str] = {name: MESSENGERS[name].deep_link("{username}", "{payload}") for name in FLAVOURS}
        self.centre = replace(
            centre,
            administrators=frozenset(),
            usernames={str(name): bot for name, bot in _USERNAMES.items()},
            links=links,
        )
        self.house: House | None = None
        self.engine: Engine | None = None
        self._mend: Callable[[], None] | None = None

    # Life -----------------------------------------------------------------------------------------------------------

    async def open(self, cast: tuple[Part, ...]) -> None:
        """Start the simulator, call the cast in and start the engine."""
        await self.simulator.start()
        self._set_simulated_clock()
        database = Database(self._database_url)
        for part in cast:
            await self._enter(database, part)
        await database.close()
        await self.start_engine()

    async def close(self) -> None:
        """Stop everything."""
        if self.engine is not None:
            await self.engine.stop()
        await self.simulator.stop()

    async def start_engine(self) -> None:
        """Start an engine on what the database holds."""
        self.house = House(self.centre)
        self.engine = self._new_engine(self.house)
        await self.engine.start()

    def _new_engine(self, house: House, **more: Any) -> Engine:
        clients: dict[str, Client] = {name: self._client(name) for name in self._flavours()}
        return Engine(
            Database(self._database_url),
            clients,
            house,
            Files(self._media),
            clock=self.clock,
            polling=Polling(wait_factor=0.01),
            dispatching=replace(Dispatching.for_(Database(self._database_url)), waits=(0.0, 0.0), slow_poll=0.1),
            sending=Sending(slow_poll=0.2),
            **more,
        )

    def _flavours(self) -> list[Flavour]:
        used = {player.person.account.flavour for player in self.players.values()} | {self.flavour}
        return [name for name in FLAVOURS if name in used]

    def _client(self, name: Flavour) -> Client:
        return Client(replace(MESSENGERS[name], rates=_UNHURRIED), _TOKENS[name], self.simulator.url)

    async def restart(self) -> None:
        """Stop the engine and start another one."""
        if self.engine is not None:
            await self.engine.stop()
        await self.start_engine()

    # The cast -------------------------------------------------------------------------------------------------------

    def player(self, name: str) -> Player:
        """Return somebody by name; whom nobody announced is a citizen."""
        if name not in self.players:
            self._add(name)
        return self.players[name]

    def _add(self, name: str, flavour: str = "", phone: str = "", old: bool = False) -> Player:
        number = next(self._users)
        person = self.simulator.add_person(
            id=number,
            flavour=flavour or self.flavour,
            first_name=name.partition(".")[0],
            phone=phone or f"+98915{number % 10_000_000:07d}",
            old_client=old,
        )
        self.players[name] = Player(name, person)
        return self.players[name]

    async def _enter(self, database: Database, part: Part) -> None:
        if part.kind == "group":
            await self._open_group(database, part)
            return
        options = part.options
        player = self._add(part.name, options.get("on", ""), options.get("phone", ""), "old" in part.words)
        if part.kind == "admin":
            account = player.person.account
            named = self.centre.administrators | {(account.flavour, account.id)}
            self.centre = replace(self.centre, administrators=named)
            self._open_chat(player)
        elif part.kind == "staff":
            role, *unit = part.words
            async with database.write() as tx:
                await self._employ(tx, player, Role(role), unit[0] if unit else "")

    async def _employ(self, tx: Transaction, player: Player, role: Role, unit: str) -> None:
        account = player.person.account
        person = await people.meet(tx, account.flavour, account.id, player.name, self.clock.now())
        unit = staff.checked_unit(self.centre, role, unit)
        await staff_rows.grant(tx, person.person, role, unit, None, self.clock.now())
        self._open_chat(player)

    def _open_chat(self, player: Player) -> None:
        """Somebody who works here has spoken to the bot before."""
        account = player.person.account
        self.simulator.exchange.world.private(account, player.person.bot()).opened = True

    async def _open_group(self, database: Database, part: Part) -> None:
        number = -(1_000_000_000_000 + 137 + len(self.groups)) if self.flavour == "telegram" else 5_000_000_137
        number = number if self.flavour == "telegram" else number + len(self.groups)
        members = [self.player(name).person.id for name in part.options.get("members", "").split(",") if name]
        bots = () if "nobot" in part.words else (_USERNAMES[self.flavour],)
        self.simulator.add_group(
            id=number, flavour=self.flavour, title=part.name.replace("_", " "), members=tuple(members), bots=bots
        )
        self.groups[part.name] = number
        unit = part.options.get("unit")
        if unit:
            async with database.write() as tx:
                await people.see_group(tx, self.flavour, number, part.name, self.clock.now())
                await people.set_group_unit(tx, self.flavour, number, unit)

    # Time -----------------------------------------------------------------------------------------------------------

    def _set_simulated_clock(self) -> None:
        self.simulator.set_clock(self.simulator.exchange.offset + self.clock.now().timestamp() - self.simulator.now())

    def pass_time(self, length: timedelta) -> None:
        """Move both clocks on."""
        self.clock.move(seconds=length.total_seconds())
        self._set_simulated_clock()

    def breathe(self) -> None:
        """Let the moment pass that people need between two acts."""
        self.pass_time(_BREATH)

    async def settled(self) -> None:
        """Wait until everything has been said that is to be said now, the rest of an album and another try included."""
        if self.engine is None:
            return
        for _ in range(20):
            await self.engine.settled(60)
            soon = await self._soonest()
            if soon is None or soon - self.clock.now() > _PATIENCE:
                break
            self.pass_time(max(soon - self.clock.now(), timedelta(milliseconds=1)))
        for player in self.players.values():
            await player.person.until(lambda person: not person.spinning, within=5)

    async def _soonest(self) -> datetime | None:
        """Return when the next message or update that was put off is due."""
        if self.engine is None:
            return None
        found: list[datetime] = []
        async with self.engine.database.read() as tx:
            for table in (outbox, inbox):
                query = sa.select(sa.func.min(table.c.not_before)).where(table.c.state == "waiting")
                moment = await tx.scalar(query)
                if moment is not None:
                    found.append(moment)
        return min(found, default=None)

    # Mishaps --------------------------------------------------------------------------------------------------------

    def break_handlers(self) -> None:
        """From now on every update fails after its handler has done all its work."""
        assert self.house is not None
        sound = self.house.handle

        async def broken(*args: Any) -> None:
            await sound(*args)
            raise Broken("on purpose")

        self.house.handle = broken  # type: ignore[method-assign, assignment]
        self._mend = lambda: setattr(self.house, "handle", sound)

    def mend_handlers(self) -> None:
        """Let updates be handled again."""
        if self._mend is not None:
            self._mend()
            self._mend = None

    # The record -----------------------------------------------------------------------------------------------------

    def _note(self, change: Change) -> None:
        if change.what in ("message", "edit") and change.message is not None:
            message = change.message
            where = f"@{message.chat.about['title']}" if message.chat.person is None else ""
            reader = message.chat.person.config.first_name if message.chat.person else ""
            name = message.sender.user["first_name"]
            voice = f"{name}{where}>" if message.sender.id in self._ids() else f"{reader}{where}<"
            if change.what == "edit":
                voice += " (edited)"
            rows = (message.markup or {}).get("inline_keyboard", [])
            keys = (message.keyboard or {}).get("keyboard", [])
            labels = " ".join(f"[{button['text']}]" for row in rows for button in row)
            labels += " ".join(f" ⌨[{button['text']}]" for row in keys for button in row)
            kind = "" if message.content.kind == "text" else f"({message.content.kind}) "
            self.record.append(f"{voice} {kind}{message.content.text} {labels}".rstrip())
        elif change.what == "answer" and change.account is not None:
            self.record.append(f"{change.account.config.first_name}? {change.more.get('text', '')!r}")

    def _ids(self) -> set[int]:
        return {player.person.id for player in self.players.values()}
