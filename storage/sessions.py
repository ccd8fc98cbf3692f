"""Managers' sessions, and those who asked to be heard in them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import Account
from domain.hearings import Hearing, HearingState, Promised, Session, SessionState
from domain.lifecycle import Outcome, State, Verdict
from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import accounts, hearings, people, requests, sessions

_AHEAD = sessions.c.state.in_([SessionState.PLANNED, SessionState.OPEN])
_WAITS = hearings.c.state == HearingState.WAITING

_SESSION = sa.select(
    sessions.c.id,
    sessions.c.manager_id,
    sessions.c.title,
    sessions.c.starts_at,
    sessions.c.ends_at,
    sessions.c.state,
    sessions.c.places,
    sessions.c.notice_id,
    people.c.name,
).join(people, people.c.id == sessions.c.manager_id)
_HEARING = sa.select(
    hearings.c.id,
    hearings.c.session_id,
    hearings.c.request_id,
    hearings.c.asked_at,
    hearings.c.state,
    hearings.c.answered_at,
    hearings.c.promised_for,
    hearings.c.kept,
    hearings.c.skipped,
    accounts.c.id.label("account"),
    accounts.c.messenger,
    accounts.c.user_id,
    accounts.c.person_id,
    accounts.c.name,
    accounts.c.reachable,
).join(accounts, accounts.c.id == hearings.c.account_id)
_IN_TURN = (hearings.c.skipped, hearings.c.asked_at, hearings.c.id)
_AHEAD_FIRST = _SESSION.where(_AHEAD).order_by(sessions.c.starts_at, sessions.c.id)
_BEFORE_MANAGER = (
    sa.select(hearings.c.id, sessions.c.title)
    .join(sessions, sessions.c.id == hearings.c.session_id)
    .where(
        hearings.c.request_id == sa.bindparam("request"),
        sessions.c.manager_id == sa.bindparam("manager"),
        sessions.c.state == SessionState.OPEN,
        _WAITS,
    )
    .order_by(hearings.c.id)
    .limit(1)
)
_ASK = PerDialect(
    lambda insert: (
        (
            statement := insert(hearings).values(
                session_id=sa.bindparam("session"),
                request_id=sa.bindparam("request"),
                account_id=sa.bindparam("account"),
                asked_at=sa.bindparam("now"),
            )
        )
        .on_conflict_do_update(
            index_elements=["session_id", "request_id"],
            set_={
                "account_id": statement.excluded.account_id,
                "asked_at": statement.excluded.asked_at,
                "state": HearingState.WAITING.value,
                "skipped": 0,
            },
        )
        .returning(hearings.c.id)
    )
)


def _session(row: Any) -> Session:
    return Session(row[0], row[1], row[2], row[3], row[4], SessionState(row[5]), *row[6:])


def _hearing(row: Any) -> Hearing:
    account = Account(row.account, row.messenger, row.user_id, row.person_id, row.name, row.reachable)
    ended = (HearingState(row.state), row.answered_at, row.promised_for, row.kept, row.skipped)
    return Hearing(row.id, row.session_id, row.request_id, account, row.asked_at, *ended)


async def insert(tx: Transaction, **values: Any) -> int:
    """Store a new session and return its number; the names are the table's columns."""
    return int((await tx.execute(sa.insert(sessions).values(values).returning(sessions.c.id))).scalar_one())


async def change(tx: Transaction, number: int, **values: Any) -> None:
    """Set columns of a session."""
    await tx.execute(sa.update(sessions).where(sessions.c.id == number).values(values))


async def find(tx: Transaction, number: int) -> Session | None:
    """Return a session by its number."""
    row = (await tx.execute(_SESSION.where(sessions.c.id == number))).one_or_none()
    return _session(row) if row else None


async def locked(tx: Transaction, number: int) -> Session | None:
    """Return a session by its number and keep others from changing it, or from taking a place in it."""
    await tx.execute(sa.select(sessions.c.id).where(sessions.c.id == number).with_for_update())
    return await find(tx, number)


async def ahead(tx: Transaction, manager: int | None = None) -> list[Session]:
    """List the sessions that are planned or open, the next one first; of one manager when asked."""
    query = _AHEAD_FIRST if manager is None else _AHEAD_FIRST.where(sessions.c.manager_id == manager)
    return [_session(row) for row in await tx.execute(query)]


async def held(tx: Transaction, limit: int) -> list[Session]:
    """List the sessions that are over, newest first."""
    query = _SESSION.where(sessions.c.state == SessionState.OVER)
    return [_session(row) for row in await tx.execute(query.order_by(sessions.c.starts_at.desc()).limit(limit))]


async def of_notice(tx: Transaction, notice: int) -> Session | None:
    """Return the session that a notice tells of."""
    row = (await tx.execute(_SESSION.where(sessions.c.notice_id == notice))).first()
    return _session(row) if row else None


async def last_title(tx: Transaction, manager: int) -> str:
    """Return the title of a manager's newest session, or an empty string."""
    query = sa.select(sessions.c.title).where(sessions.c.manager_id == manager)
    return (await tx.execute(query.order_by(sessions.c.id.desc()).limit(1))).scalar_one_or_none() or ""


async def ask(tx: Transaction, session: int, request: int, account: int, now: datetime) -> int:
    """Put a request into a session's queue, also once more after its owner had left; return the hearing's number."""
    values = {"session": session, "request": request, "account": account, "now": now}
    return int((await tx.execute(_ASK.for_(tx), values)).scalar_one())


async def hearing(tx: Transaction, number: int) -> Hearing | None:
    """Return a hearing by its number."""
    row = (await tx.execute(_HEARING.where(hearings.c.id == number))).one_or_none()
    return _hearing(row) if row else None


async def hearings_of(tx: Transaction, session: int) -> list[Hearing]:
    """List everybody who asked to be heard in a session, in the order of the queue."""
    query = _HEARING.where(hearings.c.session_id == session).order_by(*_IN_TURN)
    return [_hearing(row) for row in await tx.execute(query)]


async def queue(tx: Transaction, session: int) -> list[Hearing]:
    """List those who wait in a session, whose turn is next first."""
    query = _HEARING.where(hearings.c.session_id == session, _WAITS).order_by(*_IN_TURN)
    return [_hearing(row) for row in await tx.execute(query)]


async def waiting_with(tx: Transaction, request: int) -> list[Hearing]:
    """List the hearings that a request waits for."""
    query = _HEARING.where(hearings.c.request_id == request, _WAITS).order_by(hearings.c.id)
    return [_hearing(row) for row in await tx.execute(query)]


async def before_manager(tx: Transaction, request: int, manager: int) -> tuple[int, str] | None:
    """Return (hearing, session's title) when a request waits in an open session of this manager."""
    row = (await tx.execute(_BEFORE_MANAGER, {"request": request, "manager": manager})).one_or_none()
    return (row[0], row[1]) if row else None


async def taken(tx: Transaction, session: int) -> int:
    """Count the places of a session that are taken: heard and waiting."""
    query = sa.select(sa.func.count()).select_from(hearings).where(hearings.c.session_id == session)
    return int((await tx.execute(query.where(hearings.c.state != HearingState.LEFT))).scalar_one())


async def place_of(tx: Transaction, session: int, person: int) -> Hearing | None:
    """Return the place that a person has, or had, in a session, whichever of their accounts asked."""
    query = _HEARING.where(hearings.c.session_id == session, accounts.c.person_id == person)
    row = (await tx.execute(query.where(hearings.c.state != HearingState.LEFT).order_by(hearings.c.id))).first()
    return _hearing(row) if row else None


async def settle(
    tx: Transaction,
    number: int,
    state: HearingState,
    *,
    answered_at: datetime | None = None,
    promised_for: datetime | None = None,
) -> bool:
    """End a hearing that still waits; False when it has ended already."""
    statement = sa.update(hearings).where(hearings.c.id == number, _WAITS)
    values = {"state": state, "answered_at": answered_at, "promised_for": promised_for}
    return (await tx.execute(statement.values(values))).rowcount == 1


async def skip(tx: Transaction, passed: Hearing) -> None:
    """Put a hearing behind all others that wait in its session."""
    most = sa.select(sa.func.max(hearings.c.skipped)).where(hearings.c.session_id == passed.session)
    statement = sa.update(hearings).where(hearings.c.id == passed.id, _WAITS)
    await tx.execute(statement.values(skipped=most.scalar_subquery() + 1))


async def promises(tx: Transaction, session: int) -> list[Promised]:
    """List a session's promises with how their requests stand now."""
    query = (
        sa.select(
            hearings.c.id,
            requests.c.code,
            hearings.c.promised_for,
            requests.c.state,
            requests.c.outcome,
            requests.c.verdict,
            requests.c.closed_at,
        )
        .join(requests, requests.c.id == hearings.c.request_id)
        .where(hearings.c.session_id == session, hearings.c.state == HearingState.PROMISED)
        .order_by(hearings.c.promised_for, hearings.c.id)
    )
    return [
        Promised(
            row[0],
            row[1],
            row[2],
            State(row[3]),
            Outcome(row[4]) if row[4] else None,
            Verdict(row[5]) if row[5] else None,
            row[6],
        )
        for row in await tx.execute(query)
    ]


async def keep(tx: Transaction, hearing: int, kept: bool | None) -> None:
    """Note whether a promise was kept."""
    await tx.execute(sa.update(hearings).where(hearings.c.id == hearing).values(kept=kept))
