"""Staff: one-time invitations, who holds which role, who may change that."""

import hashlib
import secrets
from datetime import datetime, timedelta

from domain.casework import Account, Actor, Invitation, Membership
from domain.city import Deputy, Unit
from domain.refusal import Refused
from domain.roles import BOUND, STAFF, Role
from services import assignment
from services.centre import Centre
from storage import audit, desk, requests, staff
from storage.database import Transaction

INVITATION_LASTS = timedelta(days=3)
PAYLOAD = "i_"
"""What an invitation's /start payload begins with."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def checked_unit(centre: Centre, role: Role, unit: str) -> str:
    """Return the unit, or a deputy's post, that a role is bound to; raises Refused when the two do not fit."""
    if role not in STAFF:
        raise Refused("unknown-role", role=role)
    if role not in BOUND:
        return ""
    if unit not in {place.slug for place in places(centre, role)}:
        raise Refused("unknown-unit", unit=unit, role=role)
    return unit


def places(centre: Centre, role: Role) -> tuple[Unit, ...] | tuple[Deputy, ...]:
    """List what a role can be held for: the units, or the deputies' posts."""
    return centre.city.deputies if role is Role.DEPUTY else centre.city.units


async def invite(
    tx: Transaction,
    centre: Centre,
    *,
    role: Role,
    unit: str,
    messenger: str | None,
    by: int | None,
    now: datetime,
) -> tuple[int, str]:
    """Make an invitation; return its number and the payload for the link, which is shown once and kept nowhere."""
    token = secrets.token_hex(16)  # letters and digits only: Bale reads _ and * as marks
    number = await staff.invite(
        tx,
        token_hash=_hash(token),
        role=role,
        unit=checked_unit(centre, role, unit),
        messenger=messenger,
        by=by,
        now=now,
        expires_at=now + INVITATION_LASTS,
    )
    await audit.record(
        tx, act="invite", person=by, messenger=None, now=now, data={"invitation": number, "role": role, "unit": unit}
    )
    return number, PAYLOAD + token


def _check(invitation: Invitation | None, messenger: str, now: datetime) -> Invitation:
    if invitation is None:
        raise Refused("invitation-unknown")
    if invitation.revoked_at is not None:
        raise Refused("invitation-revoked")
    if invitation.used_at is not None:
        raise Refused("invitation-used")
    if invitation.expires_at <= now:
        raise Refused("invitation-expired")
    if invitation.messenger not in (None, messenger):
        raise Refused("invitation-elsewhere")
    return invitation


async def look_at(tx: Transaction, payload: str, messenger: str, now: datetime) -> Invitation:
    """Return the invitation behind a link; raises Refused with the reason when it cannot be used."""
    return _check(await staff.invitation(tx, _hash(payload.removeprefix(PAYLOAD))), messenger, now)


async def join(tx: Transaction, centre: Centre, account: Account, invitation_id: int, now: datetime) -> Invitation:
    """Take up an invitation that the person has seen and confirmed; the unit's waiting requests come to them."""
    found = await staff.invitation_by_id(tx, invitation_id)
    invitation = _check(found, account.messenger, now)
    if not await staff.use_invitation(tx, invitation.id, account.person, now):
        raise Refused("invitation-used")
    await staff.grant(tx, account.person, invitation.role, invitation.unit, invitation.created_by, now)
    await audit.record(
        tx,
        act="joined",
        person=account.person,
        messenger=account.messenger,
        now=now,
        data={"role": invitation.role, "unit": invitation.unit, "invitation": invitation.id},
    )
    await _bring_waiting(tx, centre, account, invitation, now)
    return invitation


_CARDS_AT_JOINING = 5


async def _bring_waiting(
    tx: Transaction, centre: Centre, account: Account, invitation: Invitation, now: datetime
) -> None:
    """A newcomer gets the first of the unit's open requests at once; the rest are on the desk screen."""
    unit = centre.city.desk.slug if invitation.role is Role.OPERATOR else invitation.unit
    if not unit:
        return
    await desk.somebody_reads(tx, unit)
    for request in await requests.on_desk(tx, (unit,), limit=_CARDS_AT_JOINING):
        await assignment.post(tx, centre, request, account.messenger, account.user_id, viewer=account.person, now=now)


async def dismiss(tx: Transaction, by: Actor, membership: int, now: datetime) -> Membership:
    """Take a role away; raises Refused("already-gone")."""
    require_administrator(by)
    ended = await staff.end_membership(tx, membership, by.person, now)
    if ended is None:
        raise Refused("already-gone")
    await audit.record(
        tx,
        act="dismiss",
        person=by.person,
        messenger=by.account.messenger,
        now=now,
        data={"role": ended.role, "unit": ended.unit, "of": ended.person},
    )
    return ended


def require_administrator(actor: Actor) -> None:
    """Raise Refused("administrators-only") for everybody else."""
    if not actor.holds(Role.ADMINISTRATOR):
        raise Refused("administrators-only")
