"""What an administrator does with the staff: one-time links, revoking them, taking a role away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.casework import Actor, Invitation, Membership
from domain.messages import Message, Priority
from domain.refusal import Refused
from domain.roles import AT_THE_DESK, Role
from services import assignment, cards, desk_queue, in_hand, leave, relief, sitting, staff
from services.centre import Centre
from storage import absences, audit, outbox, people, requests
from storage import cards as card_rows
from storage import desk as desk_rows
from storage import staff as staff_rows
from storage.database import Transaction
from texts.speech import label, text

_SAME_PRESS = timedelta(seconds=10)
_AT_ONCE = 100  # requests handed over or cards taken back in one transaction, the most urgent first


@dataclass(frozen=True, slots=True)
class Offer:
    """A fresh invitation: its number, the payload, and the link for each messenger the bot is connected to."""

    number: int
    payload: str
    links: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """A role that was taken away, how many requests in the person's hand went back to the unit, and how many open ones
    went to the desk because nobody is left there."""

    membership: Membership
    given_back: int
    to_desk: int


def unit_title(centre: Centre, unit: str) -> str:
    """Name a unit or a deputy's post, also one that the pack no longer has; empty for roles of the whole city."""
    units = {place.slug: place.title for place in centre.city.units}
    posts = {place.slug: place.title for place in centre.city.deputies}
    return (units | posts).get(unit, unit)


def role_title(centre: Centre, role: Role, unit: str) -> str:
    """Name a role with its unit."""
    name = label(f"role-{role}")
    return label("unit-role", role=name, unit=unit_title(centre, unit)) if unit else name


async def offer(tx: Transaction, centre: Centre, by: Actor, role: Role, unit: str, now: datetime) -> Offer | None:
    """Make an invitation with its links; None when the same button was pressed a moment ago."""
    staff.require_administrator(by)
    for earlier in await staff_rows.open_invitations(tx, now):
        same = (earlier.role, earlier.unit, earlier.created_by) == (role, unit, by.person)
        if same and now - earlier.created_at < _SAME_PRESS:
            return None
    number, payload = await staff.invite(tx, centre, role=role, unit=unit, messenger=None, by=by.person, now=now)
    links = {messenger: centre.link(messenger, payload) for messenger in sorted(centre.usernames)}
    return Offer(number, payload, links, now + staff.INVITATION_LASTS)


async def open_invitations(tx: Transaction, by: Actor, now: datetime) -> list[Invitation]:
    """List the invitations that could still be used, newest first."""
    staff.require_administrator(by)
    return await staff_rows.open_invitations(tx, now)


async def revoke(tx: Transaction, by: Actor, number: int, now: datetime) -> Invitation:
    """Make a link worthless; raises Refused with the reason when it is over already."""
    staff.require_administrator(by)
    invitation = await staff_rows.invitation_by_id(tx, number)
    if invitation is None:
        raise Refused("invitation-unknown")
    if invitation.used_at is not None:
        raise Refused("invitation-used")
    if invitation.revoked_at is None:
        await _revoke(tx, by, invitation, now)
    return invitation


async def _revoke(tx: Transaction, by: Actor, invitation: Invitation, now: datetime) -> None:
    await staff_rows.revoke_invitation(tx, invitation.id, now)
    data = {"invitation": invitation.id, "role": invitation.role, "unit": invitation.unit}
    await audit.record(tx, act="revoke", person=by.person, messenger=by.account.messenger, now=now, data=data)


async def members(tx: Transaction, centre: Centre, by: Actor) -> list[tuple[Membership, str]]:
    """List all roles held now with the holder's name: those of the whole city, then the units in the pack's order."""
    staff.require_administrator(by)
    order = {unit.slug: place for place, unit in enumerate(centre.city.units)}
    found = await staff_rows.everyone(tx)
    return sorted(found, key=lambda row: (row[0].unit != "", order.get(row[0].unit, len(order)), row[0].id))


async def member(tx: Transaction, centre: Centre, by: Actor, number: int) -> tuple[Membership, str]:
    """Return one role held now with the holder's name; raises Refused("already-gone")."""
    for membership, name in await members(tx, centre, by):
        if membership.id == number:
            return membership, name
    raise Refused("already-gone")


async def remove(tx: Transaction, centre: Centre, by: Actor, number: int, now: datetime) -> Removal:
    """Take a role away, tell the person, and take back what came with it: cards, links, work, unread requests.

    Raises Refused("already-gone"), Refused("last-administrator").
    """
    everyone = await members(tx, centre, by)
    held = next((membership for membership, _ in everyone if membership.id == number), None)
    if held is not None and held.role is Role.ADMINISTRATOR:
        others = [m for m, _ in everyone if m.role is Role.ADMINISTRATOR and m.person != held.person]
        if not others and not centre.administrators:
            raise Refused("last-administrator")
    ended = await staff.dismiss(tx, by, number, now)
    await _tell(tx, centre, ended, now)
    if ended.role is Role.ADMINISTRATOR:
        await _revoke_all_of(tx, by, ended.person, now)
    gone = not await _works_in(tx, ended.person, ended.unit)
    if gone:
        await leave.forget(tx, ended.person, ended.unit, now)
    unit = centre.city.desk.slug if ended.role in AT_THE_DESK else ended.unit
    await _let_go(tx, centre, ended, now)
    await _take_cards_back(tx, ended.person, now)
    given_back = await in_hand.give_back(tx, centre, ended.unit, ended.person, now) if gone else 0
    return Removal(ended, given_back, await bring_to_desk(tx, centre, unit, now))


async def _works_in(tx: Transaction, person: int, unit: str) -> bool:
    """Tell whether somebody holds a role in a unit besides a headship that came with an absence."""
    for_a_time = {absence.acting for absence in await absences.stood_in_for(tx, unit, person)}
    held = await people.memberships_of(tx, person)
    return any(one.unit == unit and one.id not in for_a_time for one in held)


async def _let_go(tx: Transaction, centre: Centre, ended: Membership, now: datetime) -> None:
    """Take what came with a role from whoever lost it: claims, calls, and those who wait to be heard by them."""
    held = await people.memberships_of(tx, ended.person)
    await relief.without_role(tx, centre, ended.person, now)
    if ended.role is Role.MANAGER:
        await sitting.without_manager(tx, centre, ended.person, now)
    if ended.role in AT_THE_DESK and not any(other.role in AT_THE_DESK for other in held):
        await desk_queue.let_go_all(tx, centre, ended.person, now)


async def _tell(tx: Transaction, centre: Centre, ended: Membership, now: datetime) -> None:
    message = Message(text=text("staff-removed", role=role_title(centre, ended.role, ended.unit)))
    for account in await people.accounts_of(tx, ended.person):
        if account.reachable:
            await outbox.put(
                tx,
                messenger=account.messenger,
                chat_id=account.user_id,
                message=message,
                priority=Priority.PUSH,
                dedup_key=f"staff-removed:{ended.id}:{account.id}",
                now=now,
            )


async def _revoke_all_of(tx: Transaction, by: Actor, person: int, now: datetime) -> None:
    """Whoever is no longer an administrator must not come back by a link of their own making."""
    for invitation in await staff_rows.open_invitations(tx, now):
        if invitation.created_by == person:
            await _revoke(tx, by, invitation, now)


async def _take_cards_back(tx: Transaction, person: int, now: datetime) -> None:
    """Cards in the person's own chats lose the citizen's words and the buttons, whichever unit has the request."""
    held = await people.memberships_of(tx, person)
    for account in await people.accounts_of(tx, person):
        for card in await card_rows.live_of_open(tx, account.messenger, account.user_id, _AT_ONCE):
            request = await requests.get(tx, card.request)
            if not cards.roles_for_card(held, request.unit):
                await assignment.take_back(tx, request, [card], now)


async def bring_to_desk(tx: Transaction, centre: Centre, unit: str, now: datetime) -> int:
    """When nobody is left to read a unit's cards, bring its open requests before the desk; return how many."""
    if not unit or unit == centre.city.desk.slug or await assignment.chats_of(tx, centre, unit):
        return 0
    await desk_rows.nobody_reads(tx, unit)
    waiting = await requests.on_desk(tx, (unit,), limit=_AT_ONCE)
    for request in waiting:
        await assignment.hand_over(tx, centre, request, now)
    return len(waiting)
