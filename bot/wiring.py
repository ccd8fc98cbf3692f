"""The one place that knows everybody: settings in, a ready engine out."""

import asyncio
import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot import memory
from bot.backoff import Backoff, Steps
from bot.clock import Clock
from bot.engine import Engine
from bot.learner import Learner, Learning, ModelReader
from bot.leases import lasting
from bot.messengers.client import Client
from bot.messengers.failures import CallFailed
from bot.messengers.record import MESSENGERS, Messenger
from bot.roles import EVERY_ROLE, Role
from bot.settings import Settings
from bot.stores import store_of
from bot.web import Web, add_web
from bot.webhook_addresses import addresses
from domain.city import City
from handlers.house import House
from nlp import forms, places
from nlp.shelf import Shelf
from nlp.subjects import SHIPPED
from nlp.understanding import Understanding
from services.centre import Centre
from storage.city_files import load_city, subjects_file
from storage.database import Database
from texts.speech import label

log = structlog.get_logger(__name__)

COMMANDS = ("start", "new", "my", "track", "help", "cancel")
"""The commands shown in the messenger's menu; their descriptions are the texts `command-…`."""

_INTRODUCTIONS = Steps(2, 300)
_HAZM_AFTER = 1.0  # seconds: loading hazm takes a second of processor time, which the first answers need more


def city_at(path: Path) -> City:
    """Load a city pack; raises storage.city_files.CityError with every mistake in it."""
    return load_city(path)


def understanding_of(city: City, model: Path = SHIPPED) -> Understanding:
    """Load what understands Persian, for the subjects and places of a city; a model that is broken is passed over."""
    names = places.names_of(city)
    subjects = [subject.slug for subject in city.subjects]
    try:
        return Understanding.load(model, subjects=subjects, places=names)
    except (OSError, ValueError, KeyError) as error:
        if model == SHIPPED:
            raise
        log.error("a trained model cannot be read, the shipped one is used", model=model.name, why=type(error).__name__)
        return Understanding.load(subjects=subjects, places=names)


def centre_of(settings: Settings) -> Centre:
    """Put the 137 centre together; the bots' names are learned when the messengers answer."""
    city = city_at(settings.city)
    links = {name: messenger.deep_link("{username}", "{payload}") for name, messenger in MESSENGERS.items()}
    understanding = understanding_of(city, Shelf(settings.model_dir).current)
    return Centre(city, understanding, settings.administrators, {}, links)


def learning_of(settings: Settings, city: City) -> Learning:
    """Say where and with what the machine learns."""
    shelf, subjects = Shelf(settings.model_dir), subjects_file(settings.city)
    return Learning(shelf, settings.training_python, ZoneInfo(city.timezone), subjects)


def _paced(messenger: Messenger, settings: Settings) -> Messenger:
    return replace(messenger, rates=replace(messenger.rates, per_second=settings.rate(messenger.name)))


def clients_of(settings: Settings) -> dict[str, Client]:
    """Return a client for each messenger that has a token."""
    return {
        name: Client(_paced(messenger, settings), token, settings.api(name), proxy=settings.proxy(name))
        for name, messenger in MESSENGERS.items()
        if (token := settings.token(name))
    }


def _load_hazm() -> None:
    forms.warm_up()
    memory.give_back()


@dataclass
class Bot:
    """The whole programme: the engine, and what introduces it to the messengers."""

    engine: Engine
    centre: Centre
    clients: dict[str, Client]
    web: Web | None = None

    async def start(self) -> None:
        """Start working at once; hazm and the introductions follow in the background.

        Raises bot.leases.AlreadyRunning, and OSError when the web server's port is taken.
        """
        memory.spare()
        if self.web is not None:
            self.web.open()
        self._hazm = threading.Timer(_HAZM_AFTER, _load_hazm)
        self._hazm.daemon = True
        await self.engine.start()
        self._introductions = []
        if Role.WORKER in self.engine.roles:  # the others neither read Persian nor write links
            self._hazm.start()
            self._introductions = [
                asyncio.create_task(self._introduce(name, client), name=f"introduce to {name}")
                for name, client in self.clients.items()
            ]

    async def stop(self) -> None:
        """End gracefully, in less than five seconds."""
        self._hazm.cancel()
        for task in self._introductions:
            task.cancel()
        await asyncio.gather(*self._introductions, return_exceptions=True)
        await self.engine.stop()

    async def _introduce(self, name: str, client: Client) -> None:
        """Learn the bot's own name, which links need, and set the menu of commands; try until it works."""
        backoff = Backoff()
        while True:
            try:
                _, self.centre.usernames[name] = await client.me()
                await client.set_commands({command: label(f"command-{command}") for command in COMMANDS})
                return
            except CallFailed as failure:
                log.info("not introduced yet", messenger=name, why=failure.description)
                await asyncio.sleep(backoff.failed(_INTRODUCTIONS))


def build(settings: Settings, *, roles: Collection[Role] = EVERY_ROLE, clock: Clock | None = None) -> Bot:
    """Wire everything together; nothing is opened yet."""
    centre = centre_of(settings)
    clients = clients_of(settings)
    database, files = Database(settings.database_url), store_of(settings)
    delivered = addresses(settings)
    engine = Engine(database, clients, House(centre), files, roles=roles, delivered=delivered, clock=clock)
    if Role.WORKER in engine.roles:
        _add_learning(engine, centre, settings)
    return Bot(engine, centre, clients, add_web(engine, settings))


def _add_learning(engine: Engine, centre: Centre, settings: Settings) -> None:
    learning = learning_of(settings, centre.city)

    def use(model: Path) -> None:
        subjects = [subject.slug for subject in centre.city.subjects]
        centre.understanding.take_over(Understanding.load(model, subjects=subjects))

    engine.add("learner", Learner(engine.database, learning, engine.clock), engine.keeper.lease("learning"))
    engine.add("model reader", ModelReader(learning.shelf, use), lasting())
