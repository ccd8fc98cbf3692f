"""What updates did to the database: requests, their history, photos and cards, each once."""

import hashlib
import itertools
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage.database import Database
from storage.files import Files
from storage.tables import accounts, cards, drafts, history, media, request_media, requests

if TYPE_CHECKING:
    from tests.chaos.checking import Expected, Findings


async def look(database: Database, expected: "Expected", files: Path, found: "Findings") -> None:
    """Look at all of it."""
    await _requests(database, expected, found)
    await _drafts(database, found)
    await _history(database, expected, found)
    await _photos(database, expected, found)
    await _files(database, expected, files, found)
    await _cards(database, expected, found)


async def _rows(database: Database, query: sa.Select[Any]) -> list[Any]:
    async with database.read() as tx:
        return list((await tx.execute(query)).all())


async def _requests(database: Database, expected: "Expected", found: "Findings") -> None:
    """Every complaint is one request with its own words and place, filed in the order it was said."""
    columns = (accounts.c.messenger, accounts.c.user_id, requests.c.words, requests.c.lat, requests.c.lon)
    query = sa.select(*columns).join(accounts, accounts.c.id == requests.c.account_id).order_by(requests.c.id)
    filed: dict[tuple[str, int], list[tuple[str, float, float]]] = defaultdict(list)
    for row in await _rows(database, query):
        filed[row.messenger, row.user_id].append((row.words, row.lat, row.lon))
    for citizen in expected.citizens:
        mine = filed.pop(citizen.chat, [])
        said = [(one.words, one.lat, one.lon) for one in citizen.complaints]
        times = Counter(mine)
        found.lost += [f"not filed as it was said: {one}" for one in said if not times[one]]
        found.doubled += [f"filed {times[one]} times: {one}" for one in times if times[one] > 1]
        found.doubled += [f"filed but never said: {one}" for one in times if one not in said]
        if set(mine) == set(said) and list(dict.fromkeys(mine)) != said:
            found.disordered.append(f"{citizen.chat}'s complaints were filed in another order")
    found.doubled += [f"filed for {chat}, who never spoke: {rows}" for chat, rows in filed.items()]


async def _drafts(database: Database, found: "Findings") -> None:
    """Every request comes from one draft."""
    query = sa.select(requests.c.id, sa.func.count(drafts.c.id).label("times"))
    query = query.outerjoin(drafts, drafts.c.request_id == requests.c.id).group_by(requests.c.id)
    for row in await _rows(database, query):
        if row.times != 1:
            found.doubled.append(f"request {row.id} comes from {row.times} drafts")


async def _history(database: Database, expected: "Expected", found: "Findings") -> None:
    """Every deed stands in the history once, and each begins where the one before it ended."""
    deeds: dict[int, list[Any]] = {row.id: [] for row in await _rows(database, sa.select(requests.c.id))}
    for row in await _rows(database, sa.select(history).order_by(history.c.id)):
        if row.request_id in deeds:
            deeds[row.request_id].append(row)
        else:
            found.lost.append(f"request {row.request_id} is gone, but it has a {row.deed}")
    for number, rows in deeds.items():
        done, wanted = Counter(row.deed for row in rows), Counter(expected.deeds)
        found.lost += [f"request {number} has no {deed}" for deed in wanted - done]
        found.doubled += [f"request {number} has {done[deed]} times {deed}" for deed in done - wanted]
        if done == wanted and [row.deed for row in rows] != list(expected.deeds):
            found.disordered.append(f"the deeds of request {number} stand in another order")
        chain = itertools.pairwise(rows)
        found.disordered += [
            f"request {number}: {b.deed} not after {a.deed}" for a, b in chain if b.from_state != a.to_state
        ]


async def _photos(database: Database, expected: "Expected", found: "Findings") -> None:
    """Every photo is stored once and belongs to the complaint it came with."""
    joined = requests.join(request_media, request_media.c.request_id == requests.c.id).join(media)
    rows = await _rows(database, sa.select(requests.c.words, media.c.state).select_from(joined))
    photos = Counter(row.words for row in rows)
    for complaint in (one for citizen in expected.citizens for one in citizen.complaints):
        if photos[complaint.words] < complaint.photo:
            found.lost.append(f"the photo of {complaint.words} is lost")
        if photos[complaint.words] > complaint.photo:
            found.doubled.append(f"{complaint.words} has {photos[complaint.words]} photos")


async def _files(database: Database, expected: "Expected", folder: Path, found: "Findings") -> None:
    """There is one row for each photo that was sent, and its file lies whole where it should."""
    rows = await _rows(database, sa.select(media))
    said = sum(complaint.photo for citizen in expected.citizens for complaint in citizen.complaints)
    if len(rows) > said:
        found.doubled.append(f"{len(rows)} rows of media for {said} photos")
    if len(rows) < said:
        found.lost.append(f"{len(rows)} rows of media for {said} photos")
    for row in rows:
        if row.state != "stored":
            found.lost.append(f"photo {row.id} is {row.state}: {row.problem}")
            continue
        kept = {row.sha256: row.mime} | ({row.thumbnail: "image/jpeg"} if row.thumbnail else {})
        for sha256, mime in kept.items():
            path = Files(folder).path(sha256, mime)
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                found.lost.append(f"the file of photo {row.id} is not what it was")


async def _cards(database: Database, expected: "Expected", found: "Findings") -> None:
    """Every request has one living card in each chat that is to read it, and none elsewhere."""
    shown: Counter[tuple[int, str, int]] = Counter()
    for row in await _rows(database, sa.select(cards.c.request_id, cards.c.messenger, cards.c.chat_id, cards.c.live)):
        shown[row.request_id, row.messenger, row.chat_id] += 1
        if not row.live:
            found.lost.append(f"the card of request {row.request_id} in {row.messenger}:{row.chat_id} is retired")
    numbers = [row.id for row in await _rows(database, sa.select(requests.c.id))]
    wanted = Counter((number, *reader) for number in numbers for reader in expected.readers)
    found.lost += [f"no card {card}" for card in wanted - shown]
    found.doubled += [f"{shown[card]} cards {card}" for card in shown - wanted]
