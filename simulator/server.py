"""The simulator: Bot API, people and page behind one address."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.api import BotApi
from simulator.calllog import CallLog
from simulator.config import BotConfig, Config, Flavour, GroupConfig, PersonConfig, config_from
from simulator.control import Control
from simulator.exchange import Exchange
from simulator.faults import Fault, fault_from
from simulator.pages import Pages
from simulator.person import Person
from simulator.pushing import Pusher
from simulator.queue import UpdateQueue

_BODY_LIMIT = 64 * 1024 * 1024
_STOP_WAIT = 0.5


class Simulator:
    """A Bot API server with people, to be started in the loop of a test or on its own."""

    def __init__(self, config: Config | Mapping[str, Any]) -> None:
        self.config = config if isinstance(config, Config) else config_from(config)
        self.exchange = Exchange(self.config)
        self.log = CallLog(self.config.log_size)
        self.api = BotApi(self.exchange, self.log)
        self.control = Control(self.exchange, self.api, self.person)
        self.pusher = Pusher(self.exchange, self.api.called_back, self.api.note)
        self._people: dict[tuple[Flavour, int], Person] = {}
        self._runner: web.AppRunner | None = None
        self.url = ""

    # Life -----------------------------------------------------------------------------------------------------------

    def application(self) -> web.Application:
        """The web application with every address."""
        app = web.Application(client_max_size=_BODY_LIMIT)
        app.add_routes(self.api.routes())
        app.add_routes(self.control.routes())
        app.add_routes(Pages(self.config.static or Path(__file__).parent.parent / "node_modules").routes())
        return app

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Listens on a port, 0 for a free one; gives the address."""
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=_STOP_WAIT)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://{host}:{port}"
        self.pusher.start()
        return self.url

    async def stop(self) -> None:
        """Ends every connection and stops listening; what was said stays until the object goes."""
        self.control.close()
        await self.pusher.stop()
        self.exchange.end_polls()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "Simulator":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # Who is there ---------------------------------------------------------------------------------------------------

    def person(self, person_id: int, flavour: Flavour | None = None) -> Person:
        """The handle of a person; the flavour is needed only where both messengers have the id."""
        found = [key for key in self.exchange.world.people if key[1] == person_id and flavour in (None, key[0])]
        if len(found) != 1:
            raise LookupError(f"{len(found)} people with id {person_id}; known: {list(self.exchange.world.people)}")
        key = found[0]
        if key not in self._people:
            self._people[key] = Person(self.exchange, self.exchange.world.people[key])
        return self._people[key]

    def add_bot(self, **fields: Any) -> None:
        """Lets a bot in while running; the fields of BotConfig."""
        self.pusher.watch(self.exchange.add_bot(BotConfig(**fields)))

    def add_person(self, **fields: Any) -> Person:
        """Lets a person in while running; the fields of PersonConfig."""
        config = PersonConfig(**fields)
        self.exchange.add_person(config)
        return self.person(config.id, config.flavour)

    def add_group(self, **fields: Any) -> None:
        """Opens a group while running; the fields of GroupConfig."""
        self.exchange.add_group(GroupConfig(**fields))

    # Steering -------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        """The simulated moment, seconds since 1970."""
        return self.exchange.now()

    def set_clock(self, offset: float) -> None:
        """How many seconds the simulated clock is ahead of the real one."""
        self.exchange.offset = offset

    def fault(self, method: str = "*", **fields: Any) -> Fault:
        """Makes matching calls fail; the fields of Fault."""
        return self.api.faults.add(fault_from({"method": method, **fields}))

    def inject(self, update: dict[str, Any] | str, bot: str | None = None) -> int:
        """Puts a raw update, well-formed or not, into a bot's queue; the first bot's by default."""
        return self._queue(bot).push_raw(update)

    def restart_update_ids(self, at: int = 0, bot: str | None = None) -> None:
        """Forgets what waits for a bot and numbers from another id on."""
        self._queue(bot).restart_ids(at)

    def waiting(self, bot: str | None = None) -> int:
        """How many updates a bot has not confirmed."""
        return len(self._queue(bot))

    def reset(self) -> None:
        """Clears all chats, queues, faults and the log."""
        self.exchange.clear()
        self.api.faults.clear()
        self.log.clear()

    def _queue(self, bot: str | None) -> UpdateQueue:
        for one in self.exchange.world.bots.values():
            if bot in (None, one.username):
                return self.exchange.queues[one.config.token]
        raise LookupError(f"no bot called {bot}")

    # The same acts without a handle -----------------------------------------------------------------------------------

    async def write(self, person_id: int, text: str, chat: int | None = None, bot: str | None = None) -> Any:
        """A person writes a text; gives the update ids."""
        return await self.person(person_id).write(text, chat, bot)
