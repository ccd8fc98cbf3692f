"""People of every role around one request that can be put into any state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from domain import tracking
from domain.casework import Actor, Request
from domain.hearings import SessionState
from domain.lifecycle import Deed, Given, Need, Outcome, State
from domain.roles import Role
from services.centre import Centre
from storage import people, requests, sessions, staff, supporters
from storage.database import Transaction

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
UNIT, OTHER_UNIT = "waste-1", "civil-1"
SUBJECT = "garbage_not_collected"
OTHER_SUBJECT = "garbage_bin"  # the same unit's

# Everybody who may come near a request: the role they hold and where.
CAST: dict[str, tuple[Role, str] | None] = {
    "owner": None,
    "supporter": None,
    "stranger": None,
    "operator": (Role.OPERATOR, ""),
    "official": (Role.OFFICIAL, UNIT),
    "head": (Role.HEAD, UNIT),
    "official-elsewhere": (Role.OFFICIAL, OTHER_UNIT),
    "manager": (Role.MANAGER, ""),  # the request waits in their open session
    "manager-elsewhere": (Role.MANAGER, ""),
    "administrator": (Role.ADMINISTRATOR, ""),
}
ROLE_IN_TABLE = {
    "owner": Role.OWNER,
    "supporter": Role.SUPPORTER,
    "operator": Role.OPERATOR,
    "official": Role.OFFICIAL,
    "head": Role.HEAD,
    "manager": Role.MANAGER,
    "administrator": Role.ADMINISTRATOR,
}
"""The row of the table that speaks of each of them; the others have none towards this request."""

_GIVES = {
    Need.UNIT: {"unit": OTHER_UNIT},
    Need.BODY: {"body": "power"},
    Need.SUBJECT: {"subject": OTHER_SUBJECT},
    Need.REASON: {"reason": "کار این واحد نیست"},
    Need.NOTE: {"note": "مخزن هم اضافه شد"},
    Need.WORDS_OR_PHOTO: {"note": "جلوی پلاک ۱۲ است"},
}
_numbers = count(100_000)
_users = count(5_000)


@dataclass(frozen=True, slots=True)
class Stage:
    """One request and somebody who comes near it."""

    request: Request
    actor: Actor


def enough(needs: frozenset[Need], photo: int | None = None) -> Given:
    """Bring along everything that a move needs."""
    brought: dict[str, str] = {}
    for need in needs - {Need.PHOTO}:
        brought |= _GIVES[need]
    photos = (photo,) if photo is not None and Need.PHOTO in needs else ()
    return Given(photos=photos, **brought)


async def _person(tx: Transaction, role: tuple[Role, str] | None) -> Actor:
    account = await people.meet(tx, "telegram", next(_users), "کسی", NOW)
    if role is not None:
        await staff.grant(tx, account.person, role[0], role[1], None, NOW)
    return await people.actor(tx, account)


async def _bring_before(tx: Transaction, manager: Actor, request: int, owner: Actor) -> None:
    """Let a request wait to be heard in an open session of a manager."""
    session = await sessions.insert(
        tx,
        manager_id=manager.person,
        title="شهردار منطقهٔ ۱",
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(hours=1),
        state=SessionState.OPEN,
        places=5,
        created_by=manager.person,
        created_at=NOW - timedelta(days=1),
    )
    await sessions.ask(tx, session, request, owner.account.id, NOW - timedelta(hours=2))


async def set_the_stage(tx: Transaction, centre: Centre, who: str, state: State, subject: str = SUBJECT) -> Stage:
    """File a request, bring it into `state`, and call `who` in."""
    owner = await _person(tx, None)
    closed = state is State.CLOSED
    unit = centre.city.desk.slug if state is State.WAITING else UNIT
    number = await requests.insert(
        tx,
        code=tracking.code(next(_numbers)),
        account_id=owner.account.id,
        subject=subject,
        unit=unit,
        district="1",
        lat=36.31,
        lon=59.53,
        address="سجاد ۱۲",
        words="آشغال سر کوچه",
        display="آشغال سر کوچه",
        phone="+989151112233",
        state=state,
        outcome=Outcome.SOLVED if closed else None,
        filed_at=NOW - timedelta(days=2),
        closed_at=NOW - timedelta(days=1) if closed else None,
        deadline_at=NOW + timedelta(hours=5),
        changed_at=NOW - timedelta(days=1),
    )
    await requests.append_history(
        tx,
        request_id=number,
        at=NOW - timedelta(days=2),
        deed="file",
        person_id=owner.person,
        role=Role.OWNER,
        to_state=state,
        unit=unit,
    )
    actor = owner if who == "owner" else await _person(tx, CAST[who])
    if who == "supporter":
        await supporters.join(tx, number, actor.account.id, NOW - timedelta(days=1))
    if who == "manager":
        await _bring_before(tx, actor, number, owner)
    return Stage(await requests.get(tx, number), actor)


TOLD_TO_CITIZEN = frozenset(
    {
        Deed.ASSIGN, Deed.ACCEPT, Deed.START, Deed.SOLVE, Deed.NOT_SOLVE, Deed.WARN, Deed.REFER, Deed.OUTSIDE,
        Deed.ASK, Deed.GUIDE, Deed.CORRECT,
    }
)  # fmt: skip
"""Deeds of the staff that the citizen hears of: all but a note between colleagues."""
