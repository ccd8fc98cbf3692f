"""The engine's rig with webhooks: the simulator pushes, as the real servers do."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import SecretStr

from bot.dispatcher import Dispatching
from bot.engine import Engine
from bot.settings import Settings
from bot.web import Web, add_web
from bot.webhook_intake import Taking
from bot.webhook_registration import Watching
from storage.database import Database
from storage.files import Files
from tests.engine.rig import TOKENS, USERNAMES, Rig
from tests.engine.webhook_rig import free_port, settings


def settings_of(simulator: str, tokens: dict[str, str], port: int, **more: Any) -> Settings:
    """The settings of a bot whose messengers are a simulator that delivers to a port of this machine."""
    secrets = {f"{name}_token": SecretStr(token) for name, token in tokens.items()}
    apis = dict.fromkeys(("telegram_api", "bale_api"), simulator)
    return settings(web_port=port, public_url=f"http://127.0.0.1:{port}", **secrets, **apis, **more)


@dataclass
class HookedRig(Rig):
    """An engine that is delivered to while `hooked`, and polls otherwise."""

    hooked: bool = True
    messengers: tuple[str, ...] = ("telegram", "bale")
    port: int = field(default_factory=free_port)
    taking: Taking = field(default_factory=Taking)
    web: Web | None = None

    async def start(self) -> Engine:
        if not self.hooked:
            return await super().start()
        database = Database(self.url)
        self.running = Engine(
            database,
            {name: self.client(name) for name in self.messengers},
            self.house,
            Files(self.folder),
            delivered=self.messengers,
            clock=self.clock,
            dispatching=replace(Dispatching.for_(database), waits=self.waits, slow_poll=0.2),
            sending=self.sending,
        )
        about = settings_of(self.simulator.url, TOKENS, self.port)
        self.web = add_web(self.running, about, taking=self.taking, watching=Watching(every=20, wait_factor=0.01))
        assert self.web is not None
        self.web.open()
        await self.running.start()
        return self.running

    async def delivered(self, seconds: float = 20) -> None:
        """Wait until the messengers have nothing more to deliver."""
        await self.until(lambda: not any(self.simulator.waiting(USERNAMES[name]) for name in self.messengers), seconds)

    async def settled(self, seconds: float = 20) -> None:
        if self.hooked:
            await self.delivered(seconds)
        await super().settled(seconds)


async def chatter(rig: Rig, people: list[int], messages: int, pause: float = 0) -> None:
    """Let people write all at once, each one message after the other."""

    async def write(number: int) -> None:
        person = rig.simulator.person(number)
        for n in range(messages):
            await person.write(f"{number}/{n}")
            await asyncio.sleep(pause)

    await asyncio.gather(*(write(number) for number in people))


def in_order(heard: list[tuple[int, str]], people: list[int], messages: int) -> bool:
    """Say whether everything was heard once, each chat in its order."""
    said = {number: [words for chat, words in heard if chat == number] for number in people}
    return said == {number: [f"{number}/{n}" for n in range(messages)] for number in people}
