"""Requests and their append-only history."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import Happening, Request
from domain.geo import Position
from domain.lifecycle import Outcome, State, Verdict
from storage.database import Transaction
from storage.tables import accounts, history, media, people, request_media, requests, supporters

_holder = people.alias("holder")
_joined = (
    sa.select(sa.func.count())
    .select_from(supporters)
    .where(supporters.c.request_id == requests.c.id, supporters.c.left_at.is_(None))
    .scalar_subquery()
)

_WHOLE = (
    sa.select(
        requests,
        accounts.c.person_id.label("owner"),
        accounts.c.messenger,
        accounts.c.user_id,
        accounts.c.name.label("owner_name"),
        _holder.c.name.label("in_hand_name"),
        _joined.label("supporters"),
    )
    .join(accounts, accounts.c.id == requests.c.account_id)
    .outerjoin(_holder, _holder.c.id == requests.c.in_hand_of)
)


def _request(row: Any) -> Request:
    return Request(
        id=row.id,
        code=row.code,
        account=row.account_id,
        owner=row.owner,
        messenger=row.messenger,
        chat_id=row.user_id,
        subject=row.subject,
        unit=row.unit,
        district=row.district,
        lat=row.lat,
        lon=row.lon,
        address=row.address,
        words=row.words,
        display=row.display,
        urgent=row.urgent,
        anonymous=row.anonymous,
        owner_name=row.owner_name,
        phone=row.phone,
        phone_verified=row.phone_verified,
        state=State(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        verdict=Verdict(row.verdict) if row.verdict else None,
        times_reopened=row.times_reopened,
        in_hand_of=row.in_hand_of,
        in_hand_name=row.in_hand_name or "",
        filed_at=row.filed_at,
        deadline_at=row.deadline_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        changed_at=row.changed_at,
        guesses=tuple(slug for slug, _ in (row.guesses or {}).get("ranked", ())),
        model=(row.guesses or {}).get("model", ""),
        supporters=row.supporters,
    )


async def code_taken(tx: Transaction, code: str) -> bool:
    """Tell whether a tracking code is in use."""
    return (await tx.execute(sa.select(requests.c.id).where(requests.c.code == code))).first() is not None


async def insert(tx: Transaction, **values: Any) -> int:
    """Store a new request and return its number; the names are the table's columns."""
    return int((await tx.execute(sa.insert(requests).values(values).returning(requests.c.id))).scalar_one())


async def by_code(tx: Transaction, code: str) -> Request | None:
    """Find a request by its tracking code."""
    row = (await tx.execute(_WHOLE.where(requests.c.code == code))).one_or_none()
    return _request(row) if row else None


async def get(tx: Transaction, number: int) -> Request:
    """Return a request by its number."""
    return _request((await tx.execute(_WHOLE.where(requests.c.id == number))).one())


async def lock(tx: Transaction, number: int) -> None:
    """Keep others from changing the request until the transaction ends (SQLite has one writer anyway)."""
    await tx.execute(sa.select(requests.c.id).where(requests.c.id == number).with_for_update())


async def change(tx: Transaction, number: int, **values: Any) -> None:
    """Set columns of a request."""
    await tx.execute(sa.update(requests).where(requests.c.id == number).values(values))


async def open_near(
    tx: Transaction, subject: str, corners: tuple[Position, Position], *, filed_since: datetime, limit: int
) -> list[Request]:
    """List the open requests on a subject between two corners (south-west, north-east), newest first."""
    low, high = corners
    query = _WHOLE.where(
        requests.c.subject == subject,
        requests.c.state != State.CLOSED,
        requests.c.lat.between(low.lat, high.lat),
        requests.c.lon.between(low.lon, high.lon),
        requests.c.filed_at >= filed_since,
    )
    return [_request(row) for row in await tx.execute(query.order_by(requests.c.id.desc()).limit(limit))]


def _numbers_of(person: int) -> sa.CompoundSelect[tuple[int]]:
    """Select the requests a person filed or joined."""
    own = sa.select(requests.c.id).join(accounts, accounts.c.id == requests.c.account_id)
    joined = sa.select(supporters.c.request_id).join(accounts, accounts.c.id == supporters.c.account_id)
    return sa.union(
        own.where(accounts.c.person_id == person),
        joined.where(accounts.c.person_id == person, supporters.c.left_at.is_(None)),
    )


async def of_person(tx: Transaction, person: int, limit: int, offset: int = 0) -> list[Request]:
    """List the requests a citizen filed or joined, newest first."""
    query = _WHOLE.where(requests.c.id.in_(_numbers_of(person))).order_by(requests.c.id.desc())
    return [_request(row) for row in await tx.execute(query.limit(limit).offset(offset))]


async def asked_of(tx: Transaction, person: int) -> list[Request]:
    """List a citizen's requests that wait for their answer, at most two: one is clear, two are not."""
    query = (
        _WHOLE.where(accounts.c.person_id == person, requests.c.state == State.ASKED).order_by(requests.c.id).limit(2)
    )
    return [_request(row) for row in await tx.execute(query)]


async def count_of_person(tx: Transaction, person: int) -> int:
    """Count the requests a citizen filed or joined."""
    query = sa.select(sa.func.count()).select_from(_numbers_of(person).subquery())
    return int((await tx.execute(query)).scalar_one())


def _desk(units: tuple[str, ...], overdue_at: datetime | None) -> sa.Select[Any]:
    query = _WHOLE.where(requests.c.unit.in_(units), requests.c.state != State.CLOSED)
    if overdue_at is not None:
        query = query.where(requests.c.deadline_at < overdue_at)
    return query


async def on_desk(
    tx: Transaction, units: tuple[str, ...], *, overdue_at: datetime | None = None, limit: int = 8, offset: int = 0
) -> list[Request]:
    """List open requests of `units`, urgent first, then the earliest deadline; only those past it when asked."""
    query = _desk(units, overdue_at)
    order = (requests.c.urgent.desc(), requests.c.deadline_at, requests.c.id)
    return [_request(row) for row in await tx.execute(query.order_by(*order).limit(limit).offset(offset))]


async def desk_counts(tx: Transaction, units: tuple[str, ...], now: datetime) -> tuple[int, int]:
    """Count (open, overdue) requests of `units`."""
    overdue = sa.func.sum(sa.case((requests.c.deadline_at < now, 1), else_=0))
    query = sa.select(sa.func.count(), sa.func.coalesce(overdue, 0))
    row = (await tx.execute(query.where(requests.c.unit.in_(units), requests.c.state != State.CLOSED))).one()
    return int(row[0]), int(row[1])


async def append_history(tx: Transaction, **values: Any) -> int:
    """Append a row to a request's history and return its number; rows are never changed or removed."""
    return int((await tx.execute(sa.insert(history).values(values).returning(history.c.id))).scalar_one())


def _happening(row: Any) -> Happening:
    return Happening(
        id=row.id,
        request=row.request_id,
        at=row.at,
        deed=row.deed,
        person=row.person_id,
        person_name=row.person_name or "",
        role=row.role,
        from_state=State(row.from_state) if row.from_state else None,
        to_state=State(row.to_state),
        unit=row.unit,
        outcome=Outcome(row.outcome) if row.outcome else None,
        verdict=Verdict(row.verdict) if row.verdict else None,
        reason=row.reason or "",
        note=row.note or "",
        data=row.data or {},
    )


async def timeline(tx: Transaction, number: int) -> list[Happening]:
    """Return a request's history, oldest first."""
    query = (
        sa.select(history, people.c.name.label("person_name"))
        .outerjoin(people, people.c.id == history.c.person_id)
        .where(history.c.request_id == number)
        .order_by(history.c.id)
    )
    return [_happening(row) for row in await tx.execute(query)]


async def attach(
    tx: Transaction, number: int, media_ids: list[int] | tuple[int, ...], part: str, history_id: int | None = None
) -> None:
    """Tie files to a request as `filed`, `added` or `evidence`; a file already tied stays as it is."""
    tied = sa.select(request_media.c.media_id).where(request_media.c.request_id == number)
    known = set((await tx.execute(tied)).scalars())
    rows = [
        {"request_id": number, "media_id": media_id, "part": part, "history_id": history_id}
        for media_id in dict.fromkeys(media_ids)
        if media_id not in known
    ]
    if rows:
        await tx.execute(sa.insert(request_media), rows)


async def files(
    tx: Transaction, number: int, part: str | None = None, *, checked: bool = False
) -> list[tuple[int, str, str]]:
    """List a request's usable files as (media number, kind, part); refused ones, or all but `checked`, are left out."""
    query = (
        sa.select(media.c.id, media.c.kind, request_media.c.part)
        .join(request_media, request_media.c.media_id == media.c.id)
        .where(request_media.c.request_id == number, media.c.state != "refused")
        .order_by(media.c.id)
    )
    if part is not None:
        query = query.where(request_media.c.part == part)
    if checked:
        query = query.where(media.c.state == "stored")
    return [(row.id, row.kind, row.part) for row in await tx.execute(query)]
