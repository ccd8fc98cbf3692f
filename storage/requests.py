"""Requests and their append-only history."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import Happening, Request
from domain.clocks import RUNS
from domain.geo import Position
from domain.lifecycle import Outcome, State, Verdict
from storage.database import Transaction
from storage.followers import OPEN_OF_PERSON
from storage.tables import accounts, history, media, people, request_media, requests, supporters

_holder = people.alias("holder")
_claimer = people.alias("claimer")
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
        _claimer.c.name.label("claimed_name"),
        _joined.label("supporters"),
    )
    .join(accounts, accounts.c.id == requests.c.account_id)
    .outerjoin(_holder, _holder.c.id == requests.c.in_hand_of)
    .outerjoin(_claimer, _claimer.c.id == requests.c.claimed_by)
)


# Built once: building a statement costs more than running it.
_TAKEN = sa.select(requests.c.id).where(requests.c.code == sa.bindparam("code"))
_INSERT = sa.insert(requests).returning(requests.c.id)
_BY_CODE = _WHOLE.where(requests.c.code == sa.bindparam("code"))
_BY_ID = _WHOLE.where(requests.c.id == sa.bindparam("number"))
_ASKED = (
    _WHOLE.where(accounts.c.person_id == sa.bindparam("person"), requests.c.state == State.ASKED)
    .order_by(requests.c.id)
    .limit(2)
)
_OPEN_NEAR = (
    sa.select(requests.c.id, requests.c.code, requests.c.words, requests.c.lat, requests.c.lon, requests.c.filed_at)
    .where(
        requests.c.subject == sa.bindparam("on_subject"),
        requests.c.state.not_in((State.CLOSED, State.ROSTER)),  # what waits for a manager is theirs alone
        requests.c.parent_id.is_(None),  # citizens know only the whole
        requests.c.lat.between(sa.bindparam("south"), sa.bindparam("north")),
        requests.c.lon.between(sa.bindparam("west"), sa.bindparam("east")),
        requests.c.filed_at >= sa.bindparam("since"),
    )
    .order_by(requests.c.id.desc())
    .limit(sa.bindparam("most"))
)
_PARTS_OF = _WHOLE.where(requests.c.parent_id == sa.bindparam("number")).order_by(requests.c.id)
_OF_THE_WHOLE = (
    *("account_id", "anonymous", "phone", "phone_verified", "channel", "filed_by"),
    *("subject", "guesses", "urgent", "words", "display", "district", "lat", "lon", "address"),
)
_SHARED = sa.select(*(requests.c[name] for name in _OF_THE_WHOLE)).where(requests.c.id == sa.bindparam("number"))
_THESE = requests.c.id.in_(sa.bindparam("numbers", expanding=True))
_WHOLES_OF = sa.select(requests.c.parent_id).where(_THESE, requests.c.parent_id.is_not(None))
_LOCKED = sa.select(requests.c.id).where(_THESE).order_by(requests.c.id).with_for_update()
_APPEND = sa.insert(history).returning(history.c.id)
_TIMELINE = (
    sa.select(history, people.c.name.label("person_name"))
    .outerjoin(people, people.c.id == history.c.person_id)
    .where(history.c.request_id == sa.bindparam("number"))
    .order_by(history.c.id)
)
_LATEST = (
    sa.select(history, people.c.name.label("person_name"))
    .outerjoin(people, people.c.id == history.c.person_id)
    .where(history.c.request_id == sa.bindparam("number"), history.c.deed != sa.bindparam("but"))
    .order_by(history.c.id.desc())
    .limit(sa.bindparam("most"))
)
_LATEST_BY = _LATEST.where(history.c.person_id == sa.bindparam("by"))
_TIED = sa.select(request_media.c.media_id).where(request_media.c.request_id == sa.bindparam("number"))
_FILES = (
    sa.select(media.c.id, media.c.kind, request_media.c.part, media.c.state)
    .join(request_media, request_media.c.media_id == media.c.id)
    .where(request_media.c.request_id == sa.bindparam("number"), media.c.state != "refused")
    .order_by(media.c.id)
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What is compared of an open request nearby."""

    id: int
    code: str
    words: str
    at: Position
    filed_at: datetime


_CALLED = {"account": "account_id", "chat_id": "user_id", "parent": "parent_id"}
_READ_APART = {"state", "outcome", "verdict", "in_hand_name", "claimed_name", "guesses", "model"}
_PLAIN = [(one.name, _CALLED.get(one.name, one.name)) for one in fields(Request) if one.name not in _READ_APART]
"""What of a request stands in the row as it is: the field and its column."""


def _request(row: Any) -> Request:
    found = row._mapping
    guesses = found["guesses"] or {}
    return Request(
        **{name: found[column] for name, column in _PLAIN},
        state=State(found["state"]),
        outcome=Outcome(found["outcome"]) if found["outcome"] else None,
        verdict=Verdict(found["verdict"]) if found["verdict"] else None,
        in_hand_name=found["in_hand_name"] or "",
        claimed_name=found["claimed_name"] or "",
        guesses=tuple(slug for slug, _ in guesses.get("ranked", ())),
        model=guesses.get("model", ""),
    )


async def code_taken(tx: Transaction, code: str) -> bool:
    """Tell whether a tracking code is in use."""
    return (await tx.execute(_TAKEN, {"code": code})).first() is not None


async def insert(tx: Transaction, **values: Any) -> int:
    """Store a new request and return its number; the names are the table's columns."""
    return int((await tx.execute(_INSERT, values)).scalar_one())


async def by_code(tx: Transaction, code: str) -> Request | None:
    """Find a request by its tracking code."""
    row = (await tx.execute(_BY_CODE, {"code": code})).one_or_none()
    return _request(row) if row else None


async def get(tx: Transaction, number: int) -> Request:
    """Return a request by its number."""
    return _request((await tx.execute(_BY_ID, {"number": number})).one())


async def find(tx: Transaction, number: int) -> Request | None:
    """Return a request by a number that somebody may have made up."""
    row = (await tx.execute(_BY_ID, {"number": number})).one_or_none()
    return _request(row) if row else None


_SEVERAL = _WHOLE.where(requests.c.id.in_(sa.bindparam("numbers", expanding=True)))


async def several(tx: Transaction, numbers: Sequence[int]) -> list[Request]:
    """Return requests by their numbers, in that order."""
    found = {row.id: _request(row) for row in await tx.execute(_SEVERAL, {"numbers": numbers})}
    return [found[number] for number in numbers]


async def lock(tx: Transaction, *numbers: int) -> None:
    """Keep others from changing the requests until the transaction ends (SQLite has one writer anyway).

    With a part the whole is locked too, and all in the order of their numbers: nobody waits for one who waits for them.
    """
    wholes = (await tx.scalars(_WHOLES_OF, {"numbers": numbers})).all()
    await tx.execute(_LOCKED, {"numbers": [*numbers, *wholes]})


async def parts_of(tx: Transaction, number: int) -> list[Request]:
    """List the parts into which a request was split, each time it was, in their order."""
    return [_request(row) for row in await tx.execute(_PARTS_OF, {"number": number})]


async def shared_with_parts(tx: Transaction, number: int) -> dict[str, Any]:
    """Return the columns that a part takes over from the whole: whose it is, what it is about and where."""
    return dict((await tx.execute(_SHARED, {"number": number})).mappings().one())


async def change(tx: Transaction, number: int, **values: Any) -> None:
    """Set columns of a request."""
    await tx.execute(sa.update(requests).where(requests.c.id == number).values(values))


async def open_near(
    tx: Transaction, subject: str, corners: tuple[Position, Position], *, filed_since: datetime, limit: int
) -> list[Neighbour]:
    """List the open requests on a subject between two corners (south-west, north-east), newest first."""
    low, high = corners
    box = {"south": low.lat, "north": high.lat, "west": low.lon, "east": high.lon}
    values = {"on_subject": subject, **box, "since": filed_since, "most": limit}
    rows = await tx.execute(_OPEN_NEAR, values)
    return [Neighbour(row.id, row.code, row.words, Position(row.lat, row.lon), row.filed_at) for row in rows]


_OF_ITS_OWN = (requests.c.parent_id.is_(None), requests.c.merged_into.is_(None))  # no part, and goes on under no other
_MINE = sa.union(  # what a person filed or joined
    sa.select(requests.c.id)
    .join(accounts, accounts.c.id == requests.c.account_id)
    .where(accounts.c.person_id == sa.bindparam("person"), *_OF_ITS_OWN),
    sa.select(supporters.c.request_id)
    .join(accounts, accounts.c.id == supporters.c.account_id)
    .join(requests, requests.c.id == supporters.c.request_id)
    .where(accounts.c.person_id == sa.bindparam("person"), supporters.c.left_at.is_(None), *_OF_ITS_OWN),
)


def _newest_first(chosen: sa.SelectBase) -> sa.Select[Any]:
    page = _WHOLE.where(requests.c.id.in_(chosen)).order_by(requests.c.id.desc())
    return page.limit(sa.bindparam("most")).offset(sa.bindparam("after"))


_OF_PERSON = _newest_first(_MINE)
_LISTED = _newest_first(sa.union(*_MINE.selects, OPEN_OF_PERSON))  # and what they follow
_COUNT_OF_PERSON = sa.select(sa.func.count()).select_from(_MINE.subquery())


async def of_person(tx: Transaction, person: int, limit: int, offset: int = 0) -> list[Request]:
    """List the requests a citizen filed or joined, newest first."""
    values = {"person": person, "most": limit, "after": offset}
    return [_request(row) for row in await tx.execute(_OF_PERSON, values)]


async def listed_for(tx: Transaction, person: int, limit: int, offset: int = 0) -> list[Request]:
    """List the requests a citizen filed, joined or follows while they are open, newest first."""
    values = {"person": person, "most": limit, "after": offset}
    return [_request(row) for row in await tx.execute(_LISTED, values)]


async def asked_of(tx: Transaction, person: int) -> list[Request]:
    """List a citizen's requests that wait for their answer, at most two: one is clear, two are not."""
    return [_request(row) for row in await tx.execute(_ASKED, {"person": person})]


async def count_of_person(tx: Transaction, person: int) -> int:
    """Count the requests a citizen filed or joined."""
    return int((await tx.execute(_COUNT_OF_PERSON, {"person": person})).scalar_one())


_OPEN = requests.c.state != sa.literal_column("'closed'")  # literal, or the partial index is not used
_URGENT_FIRST = (requests.c.urgent.desc(), requests.c.deadline_at, requests.c.id)


_TO_WORK_ON = (_OPEN, requests.c.state != State.ROSTER)  # what waits for a manager is nobody else's to read


def late(at: Any) -> sa.ColumnElement[bool]:
    """Choose what is past its deadline; not what waits for somebody else, or is worked on in parts."""
    return sa.and_(requests.c.deadline_at < at, requests.c.state.in_(RUNS))


async def on_desk(
    tx: Transaction, units: tuple[str, ...], *, overdue_at: datetime | None = None, limit: int = 8, offset: int = 0
) -> list[Request]:
    """List open requests of `units`, urgent first, then the earliest deadline; only those past it when asked."""
    only = [] if overdue_at is None else [late(overdue_at)]
    mine = sa.select(requests.c.id).where(requests.c.unit.in_(units), *_TO_WORK_ON, *only)
    shown = mine.order_by(*_URGENT_FIRST).limit(limit).offset(offset)
    return [_request(row) for row in await tx.execute(_WHOLE.where(requests.c.id.in_(shown)).order_by(*_URGENT_FIRST))]


async def desk_counts(tx: Transaction, units: tuple[str, ...], now: datetime) -> tuple[int, int]:
    """Count (open, overdue) requests of `units`."""
    overdue = sa.func.sum(sa.case((late(now), 1), else_=0))
    query = sa.select(sa.func.count(), sa.func.coalesce(overdue, 0))
    row = (await tx.execute(query.where(requests.c.unit.in_(units), *_TO_WORK_ON))).one()
    return int(row[0]), int(row[1])


async def append_history(tx: Transaction, **values: Any) -> int:
    """Append a row to a request's history and return its number; rows are never changed or removed."""
    return int((await tx.execute(_APPEND, values)).scalar_one())


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
    return [_happening(row) for row in await tx.execute(_TIMELINE, {"number": number})]


async def latest(tx: Transaction, number: int, most: int, *, by: int | None = None, but: str = "") -> list[Happening]:
    """Return the last rows of a request's history, oldest first: of one person when `by` is given, no deed `but`."""
    values = {"number": number, "most": most, "but": but}
    found = await tx.execute(_LATEST, values) if by is None else await tx.execute(_LATEST_BY, {**values, "by": by})
    return [_happening(row) for row in found][::-1]


async def attach(
    tx: Transaction, number: int, media_ids: list[int] | tuple[int, ...], part: str, history_id: int | None = None
) -> None:
    """Tie files to a request as `filed`, `added` or `evidence`; a file already tied stays as it is."""
    if not media_ids:
        return
    known = set((await tx.execute(_TIED, {"number": number})).scalars())
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
    found = (await tx.execute(_FILES, {"number": number})).all()
    return [
        (media_id, kind, of)
        for media_id, kind, of, state in found
        if part in (None, of) and (state == "stored" or not checked)
    ]
