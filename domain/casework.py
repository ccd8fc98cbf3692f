"""People, requests and their history, as the services see them: plain frozen records."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.lifecycle import Outcome, State, Verdict
from domain.roles import Role

PHONE = "phone"
"""The messenger of callers: their accounts are only remembered, nothing can be written to them."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person on one messenger; `person` is shared by accounts that one verified phone number joined."""

    id: int
    messenger: str
    user_id: int
    person: int
    name: str
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that an administrator gave a person; `unit` is empty for roles of the whole city."""

    id: int
    person: int
    role: Role
    unit: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link for staff; only a hash of its token is kept."""

    id: int
    role: Role
    unit: str
    messenger: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    created_by: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A citizen's request. Times are aware UTC; `unit` is the unit in charge, the desk's when none is."""

    id: int
    code: str
    account: int
    owner: int  # the person
    messenger: str
    chat_id: int
    subject: str | None
    unit: str
    district: str | None
    lat: float | None
    lon: float | None
    address: str
    words: str
    display: str
    urgent: bool
    anonymous: bool
    owner_name: str
    phone: str | None
    phone_verified: bool
    state: State
    outcome: Outcome | None
    verdict: Verdict | None
    times_reopened: int
    in_hand_of: int | None
    in_hand_name: str
    filed_at: datetime
    deadline_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    guesses: tuple[str, ...] = ()  # what the machine took it for when it was filed, best first
    model: str = ""  # its version
    supporters: int = 0  # how many other citizens joined it
    channel: str = "bot"  # bot | phone | roster
    filed_by: int | None = None  # the operator who filed it for a caller
    parent: int | None = None  # the request that this is a part of
    parts: int = 0  # into how many it was split
    merged_into: int | None = None
    claimed_by: int | None = None  # the operator who is sorting it
    claimed_at: datetime | None = None
    claimed_name: str = ""
    queue: str | None = None  # why it waits for the desk (domain.desk.Queue)
    body: str | None = None  # the outside body that is awaited
    planned_for: datetime | None = None
    promised_at: datetime | None = None  # the date citizens were told last, where it is not the deadline
    referrals: int = 0  # between units since the desk decided

    @property
    def told_for(self) -> datetime | None:
        """When citizens may expect it to be settled: what they were told last."""
        return self.promised_at or self.deadline_at


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of a request's history; `deed` "file" is the first."""

    id: int
    request: int
    at: datetime
    deed: str
    person: int | None
    person_name: str
    role: str
    from_state: State | None
    to_state: State
    unit: str
    outcome: Outcome | None
    verdict: Verdict | None
    reason: str
    note: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with the memberships it holds now."""

    account: Account
    memberships: tuple[Membership, ...] = ()

    @property
    def person(self) -> int:
        """The person's number."""
        return self.account.person

    def holds(self, *roles: Role) -> bool:
        """Tell whether the person holds one of these roles anywhere."""
        return any(membership.role in roles for membership in self.memberships)

    def roles_towards(self, owner: int, unit: str) -> frozenset[Role]:
        """Collect the roles towards a request that `owner` filed and `unit` has; a manager's come with a hearing."""
        roles = {m.role for m in self.memberships if not m.unit or m.unit == unit} - {Role.MANAGER}
        if owner == self.person:
            roles.add(Role.OWNER)
        return frozenset(roles)
