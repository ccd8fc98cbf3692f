"""People of every role around one request that can be put into any state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from domain import tracking
from domain.casework import Actor, Request
from domain.hearings import SessionState
from domain.lifecycle import MOVES, Deed, Given, Move, Need, Outcome, State
from domain.roles import Role
from services.centre import Centre
from storage import followers, people, requests, sessions, staff, supporters
from storage.database import Transaction

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
LATER = "2026-12-05"
UNIT, OTHER_UNIT = "waste-1", "civil-1"
SUBJECT = "garbage_not_collected"
OTHER_SUBJECT = "garbage_bin"  # the same unit's

# Everybody who may come near a request: the role they hold and where.
CAST: dict[str, tuple[Role, str] | None] = {
    "owner": None,
    "supporter": None,
    "follower": None,
    "stranger": None,
    "operator": (Role.OPERATOR, ""),
    "inspector": (Role.INSPECTOR, ""),
    "official": (Role.OFFICIAL, UNIT),
    "head": (Role.HEAD, UNIT),
    "official-elsewhere": (Role.OFFICIAL, OTHER_UNIT),
    "deputy": (Role.DEPUTY, "deputy-services"),
    "manager": (Role.MANAGER, ""),  # the request waits in their open session
    "manager-elsewhere": (Role.MANAGER, ""),
    "administrator": (Role.ADMINISTRATOR, ""),
}
ROLE_IN_TABLE = {
    "owner": Role.OWNER,
    "supporter": Role.SUPPORTER,
    "operator": Role.OPERATOR,
    "inspector": Role.INSPECTOR,
    "official": Role.OFFICIAL,
    "head": Role.HEAD,
    "manager": Role.MANAGER,
    "administrator": Role.ADMINISTRATOR,
}
"""The row of the table that speaks of each of them; the others have none towards this request."""

READERS = ("operator", "inspector", "official", "head")
AT_DESK = frozenset({State.WAITING, State.ROSTER})
"""The desk has it: no unit's people come near."""

_numbers = count(10**7)  # longer than those that are drawn for new requests: the two never meet
_users = count(5_000)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, called in once for all tests on a database, with a request that others can be merged into."""

    people: Mapping[str, Actor]
    colleague: int
    target: Request
    session: int

    async def bring_before(self, tx: Transaction, request: Request) -> None:
        """Let a request wait to be heard in the manager's open session."""
        await sessions.ask(tx, self.session, request.id, request.account, NOW - timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class Stage:
    """One request and somebody who comes near it."""

    request: Request
    actor: Actor
    cast: Cast

    def enough(self, needs: frozenset[Need], photo: int | None = None) -> Given:
        """Bring along everything that a move needs."""
        gives: dict[Need, dict[str, Any]] = {
            Need.UNIT: {"unit": OTHER_UNIT},
            Need.BODY: {"body": "power"},
            Need.SUBJECT: {"subject": OTHER_SUBJECT},
            Need.TARGET: {"target": self.cast.target.code},
            Need.PARTS: {"parts": (UNIT, OTHER_UNIT)},
            Need.COLLEAGUE: {"colleague": self.cast.colleague},
            Need.DATE: {"date": LATER},
            Need.REASON: {"reason": "کار این واحد نیست"},
            Need.NOTE: {"note": "مخزن هم اضافه شد"},
            Need.WORDS_OR_PHOTO: {"note": "جلوی پلاک ۱۲ است"},
        }
        brought: dict[str, Any] = {}
        for need in needs - {Need.PHOTO}:
            brought |= gives[need]
        photos = (photo,) if photo is not None and Need.PHOTO in needs else ()
        return Given(photos=photos, **brought)


def in_the_table(move: Move, who: str, state: State) -> bool:
    """Read the row as a person would: the role stands in it, and so does the state."""
    role = None if state in AT_DESK and who in ("official", "head") else ROLE_IN_TABLE.get(who)
    return role in move.by and state in move.since


def tried(who: str, state: State, *, whatever: Collection[Deed] = ()) -> list[Move]:
    """List what somebody tries in a state: all the deeds.

    Whoever has no role in the table is told off whatever it is, and everybody is where it is one of `whatever`: those
    are tried once each, in one state after the other.
    """
    everything = whatever if who in ROLE_IN_TABLE else Deed
    turn = list(State).index(state)
    return [
        move for number, move in enumerate(MOVES) if move.deed not in everything or (number + turn) % len(State) == 0
    ]


async def _person(tx: Transaction, role: tuple[Role, str] | None) -> Actor:
    account = await people.meet(tx, "telegram", next(_users), "کسی", NOW)
    if role is not None:
        await staff.grant(tx, account.person, role[0], role[1], None, NOW)
    return await people.actor(tx, account)


async def call_in(tx: Transaction, centre: Centre) -> Cast:
    """Call everybody in."""
    known = {who: await _person(tx, role) for who, role in CAST.items()}
    colleague = await _person(tx, (Role.OFFICIAL, UNIT))
    target = await file(tx, centre, await _person(tx, None), State.IN_HAND)
    return Cast(known, colleague.person, target, await _session(tx, known["manager"]))


async def _session(tx: Transaction, manager: Actor) -> int:
    return await sessions.insert(
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


async def file(tx: Transaction, centre: Centre, owner: Actor, state: State, **columns: Any) -> Request:
    """Put a request of somebody's down in `state`, with the history of one that was just filed."""
    closed = state is State.CLOSED
    unit = centre.city.desk.slug if state in AT_DESK else UNIT
    row = {
        "code": tracking.code(next(_numbers), 8),
        "account_id": owner.account.id,
        "subject": SUBJECT,
        "unit": unit,
        "district": "1",
        "lat": 36.31,
        "lon": 59.53,
        "address": "سجاد ۱۲",
        "words": "آشغال سر کوچه",
        "display": "آشغال سر کوچه",
        "phone": "+989151112233",
        "state": state,
        "outcome": Outcome.SOLVED if closed else None,
        "filed_at": NOW - timedelta(days=2),
        "closed_at": NOW - timedelta(days=1) if closed else None,
        "deadline_at": NOW + timedelta(hours=5),
        "planned_for": NOW + timedelta(days=3),
        "body": "power" if state is State.AWAITED else None,
        "parts": 2 if state is State.IN_PARTS else 0,
        "changed_at": NOW - timedelta(days=1),
        "times_reopened": 1 if state is State.WAITING else 0,  # the inspector may uphold only what was objected to
    } | columns
    number = await requests.insert(tx, **row)
    await requests.append_history(
        tx,
        request_id=number,
        at=NOW - timedelta(days=2),
        deed="file",
        person_id=owner.person,
        role=Role.OWNER,
        to_state=state,
        unit=row["unit"],
    )
    if state is State.IN_PARTS:
        for part in (UNIT, OTHER_UNIT):
            await file(tx, centre, owner, State.ASSIGNED, parent_id=number, unit=part)
    return await requests.get(tx, number)


async def set_the_stage(tx: Transaction, centre: Centre, cast: Cast, who: str, state: State, **columns: Any) -> Stage:
    """File a request in `state`, and let `who` come near it."""
    request = await file(tx, centre, cast.people["owner"], state, **columns)
    if who == "supporter":
        await supporters.join(tx, request.id, cast.people[who].account.id, NOW - timedelta(days=1))
        request = await requests.get(tx, request.id)
    if who == "follower":
        await followers.follow(tx, request.id, cast.people[who].account.id, NOW - timedelta(days=1))
    if who == "manager":
        await cast.bring_before(tx, request)
    return Stage(request, cast.people[who], cast)


TOLD_TO_CITIZEN = frozenset(
    {
        Deed.ASSIGN, Deed.ACCEPT, Deed.START, Deed.SOLVE, Deed.NOT_SOLVE, Deed.WARN, Deed.REFER, Deed.OUTSIDE,
        Deed.ASK, Deed.GUIDE, Deed.CORRECT, Deed.UPHOLD, Deed.PLAN, Deed.CONCLUDE, Deed.COMMISSION, Deed.RULE,
        Deed.AWAIT, Deed.RESUME, Deed.SPLIT, Deed.MERGE, Deed.RESPOND, Deed.REPLY, Deed.SEND_ON, Deed.PROMISE,
    }
)  # fmt: skip
"""Deeds of the staff that the citizen hears of: all but what is between colleagues."""
