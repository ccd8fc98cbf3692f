"""The role web: everything of the bot that is reached by HTTP, as one part of the engine."""

import asyncio

from bot.bell import Queue
from bot.engine import Engine
from bot.leases import lasting
from bot.roles import EVERY_ROLE, Role
from bot.settings import Settings
from bot.web_health import HealthPage
from bot.web_server import WebServer, application
from bot.webhook import Webhook
from bot.webhook_addresses import addresses
from bot.webhook_intake import Intake, Taking
from bot.webhook_registration import Registration, Watching


class Web:
    """Serves the webhooks that are on, and /healthz."""

    def __init__(self, engine: Engine, settings: Settings, taking: Taking | None = None) -> None:
        places = addresses(settings)
        self.intakes = {
            name: Intake(
                name,
                engine.database,
                engine.clock,
                engine.health,
                lambda: engine.bell.ring(Queue.INBOX),
                taking,
                messengers=engine.clients,
            )
            for name in places
        }
        self.webhook = Webhook(places, self.intakes)
        routes = [*self.webhook.routes(), *HealthPage(engine.health, engine.database).routes()]
        self.server = WebServer(application(routes), settings.web_host, settings.web_port, self.webhook.stop)

    def open(self) -> None:
        """Take the port; raises OSError when somebody else has it."""
        self.server.open()

    def ready(self) -> None:
        """Make ready to run, also after a fault."""
        for intake in self.intakes.values():
            intake.ready()

    async def run(self) -> None:
        """Serve until `stop`: first requests under way are answered, then what was taken in is all stored."""
        async with asyncio.TaskGroup() as group:
            for name, intake in self.intakes.items():
                group.create_task(intake.run(), name=f"{name} webhook")
            try:
                await self.server.run()
            finally:
                for intake in self.intakes.values():
                    intake.stop()

    def stop(self) -> None:
        """Take no more connections."""
        self.server.stop()


def add_web(
    engine: Engine, settings: Settings, *, taking: Taking | None = None, watching: Watching | None = None
) -> Web | None:
    """Give the engine what its roles have to do about webhooks; return the web server where there is one.

    Where one process does everything it has one only when a webhook is on.
    """
    places = addresses(settings)
    if Role.RECEIVER in engine.roles:
        for name, address in places.items():
            lease = engine.keeper.lease(f"{name} receiver")
            registration = Registration(
                engine.clients[name], address, engine.database, engine.clock, engine.health, lease, watching
            )
            engine.add(f"{name} receiver", registration, lease)
    if Role.WEB not in engine.roles or not (places or engine.roles != EVERY_ROLE):
        return None
    web = Web(engine, settings, taking)
    engine.add("web", web, lasting())
    return web
