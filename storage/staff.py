"""Who works where: memberships and one-time invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.casework import Account, Invitation, Membership
from domain.roles import IN_A_UNIT, Role
from storage.database import Transaction
from storage.tables import absences, accounts, invitations, memberships, people


def _invitation(row: Any) -> Invitation:
    return Invitation(
        row.id,
        Role(row.role),
        row.unit,
        row.messenger,
        row.created_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
        row.created_by,
    )


async def invite(
    tx: Transaction,
    *,
    token_hash: str,
    role: Role,
    unit: str,
    messenger: str | None,
    by: int | None,
    now: datetime,
    expires_at: datetime,
) -> int:
    """Store an invitation and return its number."""
    row = sa.insert(invitations).values(
        token_hash=token_hash,
        role=role,
        unit=unit,
        messenger=messenger,
        created_by=by,
        created_at=now,
        expires_at=expires_at,
    )
    return int((await tx.execute(row.returning(invitations.c.id))).scalar_one())


async def invitation(tx: Transaction, token_hash: str) -> Invitation | None:
    """Find an invitation by the hash of its token, locked against a second use at the same moment."""
    query = sa.select(invitations).where(invitations.c.token_hash == token_hash).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    return _invitation(row) if row else None


async def invitation_by_id(tx: Transaction, number: int) -> Invitation | None:
    """Find an invitation by its number."""
    row = (await tx.execute(sa.select(invitations).where(invitations.c.id == number))).one_or_none()
    return _invitation(row) if row else None


async def use_invitation(tx: Transaction, number: int, person: int, now: datetime) -> bool:
    """Mark an invitation used; False when somebody else was faster."""
    unused = sa.update(invitations).where(invitations.c.id == number, invitations.c.used_at.is_(None))
    return (await tx.execute(unused.values(used_at=now, used_by=person))).rowcount == 1


async def revoke_invitation(tx: Transaction, number: int, now: datetime) -> None:
    """Make an invitation worthless."""
    await tx.execute(sa.update(invitations).where(invitations.c.id == number).values(revoked_at=now))


async def open_invitations(tx: Transaction, now: datetime) -> list[Invitation]:
    """List invitations that could still be used, newest first."""
    query = sa.select(invitations).where(
        invitations.c.used_at.is_(None), invitations.c.revoked_at.is_(None), invitations.c.expires_at > now
    )
    return [_invitation(row) for row in await tx.execute(query.order_by(invitations.c.id.desc()).limit(50))]


async def grant(tx: Transaction, person: int, role: Role, unit: str, by: int | None, now: datetime) -> int:
    """Give a person a role; the one they hold already is returned as it is."""
    same = (memberships.c.person_id == person, memberships.c.role == role, memberships.c.unit == unit)
    held = sa.select(memberships.c.id).where(*same, memberships.c.ended_at.is_(None))
    number = (await tx.execute(held)).scalar_one_or_none()
    if number is not None:
        return int(number)
    row = sa.insert(memberships).values(person_id=person, role=role, unit=unit, granted_at=now, granted_by=by)
    return int((await tx.execute(row.returning(memberships.c.id))).scalar_one())


async def end_membership(tx: Transaction, number: int, by: int | None, now: datetime) -> Membership | None:
    """Take a role away; return it, or None when it was over already."""
    query = sa.select(memberships).where(memberships.c.id == number, memberships.c.ended_at.is_(None))
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    await tx.execute(sa.update(memberships).where(memberships.c.id == number).values(ended_at=now, ended_by=by))
    return Membership(row.id, row.person_id, Role(row.role), row.unit, row.granted_at)


async def membership(tx: Transaction, number: int) -> Membership | None:
    """Return a role that is held now."""
    query = sa.select(memberships).where(memberships.c.id == number, memberships.c.ended_at.is_(None))
    row = (await tx.execute(query)).one_or_none()
    return Membership(row.id, row.person_id, Role(row.role), row.unit, row.granted_at) if row else None


_away = sa.and_(
    absences.c.unit == memberships.c.unit,
    absences.c.person_id == memberships.c.person_id,
    absences.c.ended_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in a unit; `stand_in` names who works in their place while they are away."""

    membership: int
    person: int
    name: str
    head: bool
    reachable: bool
    stand_in: str = ""

    @property
    def present(self) -> bool:
        """Tell whether work can be given to them now."""
        return self.reachable and not self.stand_in


_stand_in = people.alias("stand_in")
_COLLEAGUES = (
    sa.select(
        sa.func.max(memberships.c.id),
        people.c.id,
        people.c.name,
        sa.func.max(sa.case((memberships.c.role == Role.HEAD, 1), else_=0)),
        sa.exists().where(accounts.c.person_id == people.c.id, accounts.c.reachable),
        sa.func.max(_stand_in.c.name),
    )
    .select_from(memberships.outerjoin(absences, _away).outerjoin(_stand_in, _stand_in.c.id == absences.c.stand_in))
    .join(people, people.c.id == memberships.c.person_id)
    .where(memberships.c.unit == sa.bindparam("of_unit"), memberships.c.ended_at.is_(None))
    .where(memberships.c.role.in_(tuple(IN_A_UNIT)))
    .group_by(people.c.id, people.c.name)
    .order_by(people.c.name, people.c.id)
)


async def colleagues(tx: Transaction, unit: str) -> list[Colleague]:
    """List everybody who works in a unit, by name."""
    rows = await tx.execute(_COLLEAGUES, {"of_unit": unit})
    return [Colleague(row[0], row[1], row[2], bool(row[3]), bool(row[4]), row[5] or "") for row in rows]


async def everyone(tx: Transaction) -> list[tuple[Membership, str]]:
    """List all roles held now with the holder's name, by unit."""
    query = (
        sa.select(memberships, people.c.name.label("person_name"))
        .join(people, people.c.id == memberships.c.person_id)
        .where(memberships.c.ended_at.is_(None))
        .order_by(memberships.c.unit, memberships.c.role, memberships.c.id)
    )
    rows = await tx.execute(query)
    return [(Membership(r.id, r.person_id, Role(r.role), r.unit, r.granted_at), r.person_name) for r in rows]


_REACHABLE = (
    sa.select(accounts.c.id, accounts.c.messenger, accounts.c.user_id, accounts.c.person_id, accounts.c.name)
    .select_from(memberships.outerjoin(absences, _away))
    .join(accounts, accounts.c.person_id == sa.func.coalesce(absences.c.stand_in, memberships.c.person_id))
    .where(memberships.c.ended_at.is_(None), memberships.c.role.in_(sa.bindparam("roles", expanding=True)))
    .where(accounts.c.reachable)
    .distinct()
    .order_by(accounts.c.id)
)
_REACHABLE_OF_UNIT = _REACHABLE.where(memberships.c.unit == sa.bindparam("of_unit"))


async def reachable_members(tx: Transaction, roles: tuple[Role, ...], unit: str | None = None) -> list[Account]:
    """List accounts to write to: of holders of any of `roles` (in `unit`, when given), those that can be reached.

    Of whoever is away their stand-in is listed.
    """
    if unit is None:
        rows = await tx.execute(_REACHABLE, {"roles": roles})
    else:
        rows = await tx.execute(_REACHABLE_OF_UNIT, {"roles": roles, "of_unit": unit})
    return [Account(*row) for row in rows]
