"""Counts what was lost, doubled or out of order, from the database and the simulator's log alone."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from simulator.server import Simulator
from storage.database import Database
from storage.tables import accounts, inbox, media, outbox, request_media, requests
from tests.chaos.crowd import Citizen

_SENDING = {"sendMessage", "sendPhoto", "sendLocation", "sendMediaGroup"}


@dataclass
class Findings:
    """What a run did wrong, in words; `repeated` counts messages that came twice, being in flight at a kill."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    repeated: int = 0

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return [*self.lost, *self.doubled, *self.disordered]


async def check(database: Database, simulator: Simulator, citizens: Sequence[Citizen]) -> Findings:
    """Look at everything that should be there once, and in its order."""
    found = Findings()
    await _updates(database, citizens, found)
    await _requests(database, citizens, found)
    await _photos(database, citizens, found)
    await _messages(database, simulator, found)
    return found


async def _updates(database: Database, citizens: Sequence[Citizen], found: Findings) -> None:
    """Every update is in the inbox once, handled, and each chat's were handled in the order they were said."""
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(inbox).order_by(inbox.c.id))).all()
    lanes: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        lanes[row.lane].append(row)
        if row.state != "done":
            found.lost.append(f"update {row.update_id} of {row.lane} is {row.state}: {row.problem}")
    for citizen in citizens:
        lane = lanes[f"{citizen.messenger}:{citizen.person.id}"]
        stored = Counter(row.update_id for row in lane)
        found.lost += [f"update {n} never came into the inbox" for n in citizen.updates if not stored[n]]
        found.doubled += [f"update {n} is in the inbox {times} times" for n, times in stored.items() if times > 1]
        if [row.update_id for row in lane] != sorted(citizen.updates):
            found.disordered.append(f"{citizen.person.id}'s updates lie in the inbox in another order")
        done = [row.done_at for row in lane if row.done_at]
        if done != sorted(done):
            found.disordered.append(f"{citizen.person.id}'s updates were handled in another order")


async def _requests(database: Database, citizens: Sequence[Citizen], found: Findings) -> None:
    """Every complaint is one request with its own words and place, filed in the order it was said."""
    columns = (accounts.c.messenger, accounts.c.user_id, requests.c.words, requests.c.lat, requests.c.lon)
    query = sa.select(*columns).join(accounts, accounts.c.id == requests.c.account_id).order_by(requests.c.id)
    async with database.read() as tx:
        rows = (await tx.execute(query)).all()
    filed: dict[tuple[str, int], list[tuple[str, float, float]]] = defaultdict(list)
    for row in rows:
        filed[row.messenger, row.user_id].append((row.words, row.lat, row.lon))
    for citizen in citizens:
        mine = filed[citizen.messenger, citizen.person.id]
        said = [(one.words, one.lat, one.lon) for one in citizen.complaints]
        times = Counter(mine)
        found.lost += [f"not filed as it was said: {one}" for one in said if not times[one]]
        found.doubled += [f"filed {times[one]} times: {one}" for one in times if times[one] > 1]
        found.doubled += [f"filed but never said: {one}" for one in times if one not in said]
        if not found.wrong and mine != said:
            found.disordered.append(f"{citizen.person.id}'s complaints were filed in another order")


async def _photos(database: Database, citizens: Sequence[Citizen], found: Findings) -> None:
    """Every photo is stored once and belongs to the complaint it came with."""
    joined = requests.join(request_media, request_media.c.request_id == requests.c.id).join(media)
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(requests.c.words, media.c.state).select_from(joined))).all()
    photos = Counter(row.words for row in rows)
    found.lost += [f"the photo of {row.words} is {row.state}" for row in rows if row.state != "stored"]
    for complaint in (one for citizen in citizens for one in citizen.complaints):
        if photos[complaint.words] < complaint.photo:
            found.lost.append(f"the photo of {complaint.words} is lost")
        if photos[complaint.words] > complaint.photo:
            found.doubled.append(f"{complaint.words} has {photos[complaint.words]} photos")


async def _messages(database: Database, simulator: Simulator, found: Findings) -> None:
    """Every message of the outbox arrived, in order; twice only where a try's end was not known."""
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(outbox).order_by(outbox.c.priority, outbox.c.id))).all()
    bots: dict[str, str] = {bot.username: bot.flavour for bot in simulator.config.bots}
    chats: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in rows:
        if row.state != "sent":
            found.lost.append(f"message {row.id} is {row.state}: {row.problem}")
        elif row.edits is None:
            chats[row.messenger, row.chat_id].append(row)
    arrived: dict[tuple[str, int], dict[int, Any]] = defaultdict(dict)
    for call in simulator.log:
        if call["method"] in _SENDING and call["status"] == 200 and isinstance(call["answer"], dict):
            chat = bots[call["bot"]], int(call["parameters"]["chat_id"])
            arrived[chat][call["answer"]["message_id"]] = call["parameters"]
    for chat in chats.keys() | arrived.keys():
        _chat(chat, chats[chat], arrived[chat], found)


def _chat(chat: tuple[str, int], rows: list[Any], arrived: dict[int, Any], found: Findings) -> None:
    """Walk through one chat as it looks on the screen: each message belongs to the next row, or repeats it."""
    screen = sorted(arrived)
    for row in rows:
        if row.message_id not in arrived:
            found.lost.append(f"message {row.id} to {chat} never arrived")
            continue
        while screen and screen[0] < row.message_id:
            early = arrived[screen.pop(0)]
            if row.attempts and early.get("text") == arrived[row.message_id].get("text"):
                found.repeated += 1
            else:
                found.doubled.append(f"{chat} got {early.get('text', '')[:40]!r} though no try of {row.id} was cut off")
        if screen[:1] != [row.message_id]:
            found.disordered.append(f"message {row.id} to {chat} came too early")
        else:
            screen.pop(0)
    found.doubled += [f"{chat} got {arrived[one].get('text', '')[:40]!r} which no row stands for" for one in screen]
