"""A picture sent on one messenger, kept, and shown on the other, with real clients on the simulator."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest
import telegram
from minio import Minio
from moto.server import ThreadedMotoServer
from PIL import Image

from bot.clock import Clock
from bot.house import House
from bot.media_worker import MediaWorker
from bot.messengers.client import Client
from bot.messengers.record import MESSENGERS
from domain.messages import Message, Picture
from simulator.server import Simulator
from storage import media
from storage.bucket import Bucket, Place
from storage.database import Database
from storage.files import Files, Store
from tests.media.conftest import NOW, Listener, until
from tests.media.samples import MASHHAD, exif, picture

TOKENS = {"telegram": "1000:" + "T" * 35, "bale": "2000:" + "B" * 35}
PEOPLE = {"telegram": 11, "bale": 12}


async def _received(client: Client) -> telegram.Document:
    raw = await client.updates(None, 1)
    update = client.parse(raw[-1])
    assert update.message is not None
    assert update.message.document is not None
    return update.message.document


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each store, the bucket on a real server."""
    if request.param == "folder":
        yield Files(tmp_path / "media")
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    place = Place(f"http://{host}:{port}", "bot137", "key", "secret", "us-east-1")
    Minio(f"{host}:{port}", access_key="key", secret_key="secret", secure=False).make_bucket("bot137")
    yield Bucket(place)
    server.stop()


@pytest.mark.parametrize(("here", "there"), [("bale", "telegram"), ("telegram", "bale")])
async def test_a_picture_travels(database: Database, store: Store, here: str, there: str) -> None:
    bots = [{"token": TOKENS[name], "flavour": name, "username": f"{name}_bot", "name": "۱۳۷"} for name in TOKENS]
    people = [{"id": PEOPLE[name], "flavour": name, "first_name": "مریم"} for name in TOKENS]
    async with Simulator({"bots": bots, "people": people, "strict": True}) as simulator:
        clients = {name: Client(MESSENGERS[name], TOKENS[name], simulator.url) for name in TOKENS}
        for name, client in clients.items():
            await client.open()
            await simulator.person(PEOPLE[name]).start()
        house = Listener()
        worker = MediaWorker(database, clients, store, cast(House, house), Clock(), poll_seconds=0.05)
        running = asyncio.create_task(worker.run())
        await simulator.person(PEOPLE[here]).document(picture(exif=exif(MASHHAD)))
        sent = await _received(clients[here])
        async with database.write() as tx:
            number = await media.remember(
                tx, kind="document", messenger=here, file_id=sent.file_id, size=sent.file_size, now=NOW
            )
        worker.wake()
        async with asyncio.timeout(10):
            await until(worker.idle)
        assert house.heard == [(number, "stored", "")]
        for _ in range(2):
            await _show(database, clients[there], store, number)
        uploads = [row for row in simulator.log if row["method"] == "sendPhoto"]
        assert [isinstance(row["parameters"]["photo"], dict) for row in uploads] == [True, False]
        async with database.read() as tx:
            copy = (await media.copies(tx, [number], there, store))[number]
        assert copy.file_id is not None
        shown = await clients[there].download(copy.file_id, 10**7)
        assert b"Secret Camera" not in shown
        assert Image.open(BytesIO(shown)).format == "JPEG"
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        for client in clients.values():
            await client.close()


async def _show(database: Database, client: Client, store: Store, number: int) -> None:
    """Send the picture as the sender does: by what is known, then learning."""
    name = client.messenger.name
    async with database.read() as tx:
        ready = await media.copies(tx, [number], name, store)
    sent = await client.send(PEOPLE[name], Message(text="انجام شد", pictures=[Picture(media=number)]), ready)
    async with database.write() as tx:
        for media_id, file_id in sent.file_ids.items():
            await media.learn_copy(tx, media_id, name, file_id)
