"""Rows of media: what people sent, what became of it, and where each messenger knows it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Transaction
from storage.files import Openable, Store, Stored
from storage.inserting import PerDialect
from storage.sqlite_driver import QUICK
from storage.tables import media, media_copies


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file ready to be sent on one messenger: by the file_id known there, else as it is stored."""

    media_id: int
    kind: str
    file_id: str | None
    stored: Openable | None
    mime: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file still to be fetched; `bytes` is its size and `thumbnail` its small picture, where the messenger told."""

    id: int
    kind: str
    messenger: str
    file_id: str
    attempts: int
    bytes: int | None
    thumbnail: str | None


async def remember(
    tx: Transaction,
    *,
    kind: str,
    messenger: str,
    file_id: str,
    file_unique_id: str = "",
    thumbnail: str = "",
    draft_id: int | None = None,
    account_id: int | None = None,
    size: int | None = None,
    now: datetime,
) -> int:
    """Note a file that somebody sent, to be fetched later; the same file sent twice to one draft is one row.

    `thumbnail` is how the messenger calls its own small picture of it.
    """
    if draft_id is not None and file_unique_id:
        known = await tx.scalar(
            sa.select(media.c.id)
            .join(media_copies, media_copies.c.media_id == media.c.id)
            .where(
                media.c.draft_id == draft_id,
                media_copies.c.messenger == messenger,
                media_copies.c.file_unique_id == file_unique_id,
            )
        )
        if known is not None:
            return int(known)
    row = sa.insert(media).values(
        kind=kind, created_at=now, draft_id=draft_id, account_id=account_id, bytes=size, attempts=0, state="waiting"
    )
    media_id = int((await tx.execute(row.returning(media.c.id))).scalar_one())
    await tx.execute(
        sa.insert(media_copies).values(
            media_id=media_id,
            messenger=messenger,
            file_id=file_id,
            file_unique_id=file_unique_id,
            thumbnail=thumbnail or None,
        )
    )
    return media_id


_DUE = media.c.state == sa.literal_column("'waiting'")  # literal, or the partial index is not used
_WAITING = (
    sa.select(
        media.c.id,
        media.c.kind,
        media_copies.c.messenger,
        media_copies.c.file_id,
        media.c.attempts,
        media.c.bytes,
        media_copies.c.thumbnail,
    )
    .join(media_copies, media_copies.c.media_id == media.c.id)
    .where(_DUE, sa.or_(media.c.not_before.is_(None), media.c.not_before <= sa.bindparam("now")))
    .where(media.c.id.not_in(sa.bindparam("besides", expanding=True)))
    .order_by(media.c.id)
    .limit(sa.bindparam("limit"))
    .execution_options(**QUICK)
)


async def waiting(tx: Transaction, now: datetime, limit: int, *, besides: Collection[int] = ()) -> list[Waiting]:
    """Return files due to be fetched, oldest first, without those named in `besides` (in hand already)."""
    values = {"now": now, "besides": list(besides), "limit": limit}
    return [Waiting(*row) for row in await tx.execute(_WAITING, values)]


async def stored(
    tx: Transaction,
    media_id: int,
    *,
    kind: str,
    sha256: str,
    mime: str,
    size: int,
    width: int | None = None,
    height: int | None = None,
    place: tuple[float, float] | None = None,
    original_is_clean: bool = True,
    thumbnail: str | None = None,
) -> bool:
    """Mark a file as checked and kept; `place` is (lat, lon) read from it. False when it no longer waited.

    `thumbnail` is the SHA-256 of the small JPEG kept with it.

    The messenger's own copy is given up where it carries metadata that ours lost (`original_is_clean` false), or
    where the kind changed (a picture sent as a document): then the file is sent as we stored it.
    """
    lat, lon = place or (None, None)
    values = {
        "state": "stored",
        "sha256": sha256,
        "mime": mime,
        "bytes": size,
        "width": width,
        "height": height,
        "thumbnail": thumbnail,
        "lat": lat,
        "lon": lon,
        "problem": None,
    }
    was = await tx.scalar(sa.select(media.c.kind).where(media.c.id == media_id, _DUE).with_for_update())
    if was is None:
        return False
    await tx.execute(sa.update(media).where(media.c.id == media_id).values(kind=kind, **values))
    if was != kind or not original_is_clean:
        await tx.execute(sa.update(media_copies).where(media_copies.c.media_id == media_id).values(file_id=""))
    return True


async def refused(tx: Transaction, media_id: int, problem: str) -> bool:
    """Mark a file as unusable, `problem` being a key of texts; False when it no longer waited."""
    done = await tx.execute(
        sa.update(media).where(media.c.id == media_id, _DUE).values(state="refused", problem=problem)
    )
    return done.rowcount > 0


async def again(tx: Transaction, media_id: int, not_before: datetime, *, counted: bool = True) -> None:
    """Put a file back to be tried later; not `counted` where the fault is neither its own nor the messenger's."""
    await tx.execute(
        sa.update(media)
        .where(media.c.id == media_id, _DUE)
        .values(attempts=media.c.attempts + int(counted), not_before=not_before)
    )


_twin = media.alias("twin")
_twins_copy = media_copies.alias("twins_copy")


def _known_as(messenger: str) -> sa.ScalarSelect[str]:
    """Select how a messenger calls the same content, whoever sent it and wherever it was sent.

    A file_id of a stored file that is not "" is of a clean copy; what a file_id stands for cannot change its kind.
    """
    return (
        sa.select(_twins_copy.c.file_id)
        .join(_twin, _twin.c.id == _twins_copy.c.media_id)
        .where(
            _twin.c.sha256 == media.c.sha256,
            _twin.c.kind == media.c.kind,
            _twin.c.state == "stored",
            _twins_copy.c.messenger == messenger,
            _twins_copy.c.file_id != "",
        )
        .order_by(_twin.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


async def copies(tx: Transaction, ids: Collection[int], messenger: str, store: Store) -> dict[int, MediaFile]:
    """Return what can be sent of these files on `messenger`: what was checked and kept, and nothing else."""
    here = sa.and_(media_copies.c.media_id == media.c.id, media_copies.c.messenger == messenger)
    file_id = sa.func.coalesce(sa.func.nullif(media_copies.c.file_id, ""), _known_as(messenger)).label("file_id")
    query = (
        sa.select(media.c.id, media.c.kind, media.c.sha256, media.c.mime, file_id)
        .outerjoin(media_copies, here)
        .where(media.c.id.in_(list(ids)), media.c.state == "stored")
    )
    found: dict[int, MediaFile] = {}
    for row in await tx.execute(query):
        stored = Stored(store, row.sha256, row.mime)
        found[row.id] = MediaFile(row.id, row.kind, row.file_id, stored, row.mime)
    return found


_LEARN = PerDialect(
    lambda insert: (
        insert(media_copies)
        .values(media_id=sa.bindparam("media_id"), messenger=sa.bindparam("messenger"), file_id=sa.bindparam("file_id"))
        .on_conflict_do_update(
            index_elements=[media_copies.c.media_id, media_copies.c.messenger],
            set_={"file_id": sa.bindparam("file_id")},
        )
    )
)


async def learn_copy(tx: Transaction, media_id: int, messenger: str, file_id: str) -> None:
    """Remember how a messenger calls a file just uploaded, in place of whatever its content was called there before."""
    values = {"media_id": media_id, "messenger": messenger, "file_id": file_id}
    await tx.execute(_LEARN.for_(tx), values)
    same = (
        sa.select(_twin.c.id)
        .join(media, sa.and_(media.c.sha256 == _twin.c.sha256, media.c.kind == _twin.c.kind))
        .where(media.c.id == media_id, _twin.c.state == "stored")
    )
    await tx.execute(
        sa.update(media_copies)
        .where(media_copies.c.media_id.in_(same), media_copies.c.messenger == messenger)
        .where(media_copies.c.file_id.not_in(["", file_id]))
        .values(file_id=file_id)
    )


async def unchecked(tx: Transaction, ids: Collection[int]) -> set[int]:
    """Return which of these files are still to be fetched and checked: a message that shows them better waits."""
    rows = await tx.execute(sa.select(media.c.id).where(media.c.id.in_(list(ids)), _DUE))
    return {row.id for row in rows}


async def still_waiting(tx: Transaction, now: datetime) -> int:
    """Count the files due to be fetched now."""
    due = sa.or_(media.c.not_before.is_(None), media.c.not_before <= now)
    return int(await tx.scalar(sa.select(sa.func.count()).select_from(media).where(_DUE, due)) or 0)


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file that somebody sent; `place` is where the picture says it was taken, (lat, lon).

    `thumbnail` is the SHA-256 of the small JPEG kept with it, "" where there is none.
    """

    id: int
    kind: str
    state: str
    problem: str
    draft_id: int | None
    account_id: int | None
    place: tuple[float, float] | None
    thumbnail: str


async def get(tx: Transaction, media_id: int) -> File | None:
    """Return a file's row."""
    row = (await tx.execute(sa.select(media).where(media.c.id == media_id))).one_or_none()
    if row is None:
        return None
    place = (row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return File(
        row.id, row.kind, row.state, row.problem or "", row.draft_id, row.account_id, place, row.thumbnail or ""
    )
