"""Bringing a request before the people in charge: the unit's groups, its members, or the desk when there is nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain import desk
from domain.casework import Account, Membership, Request
from domain.desk import Queue
from domain.lifecycle import State
from domain.messages import Form, Message, Picture, Priority
from domain.roles import Role
from services import cards, reminders, saying
from services.centre import Centre
from storage import cards as card_rows
from storage import outbox, people, requests, staff
from storage.cards import Card
from storage.database import Transaction
from texts.speech import text

_UNIT_ROLES = (Role.OFFICIAL, Role.HEAD)

Chat = tuple[str, int, int | None]  # messenger, chat, the person who reads it (None: a group)


async def chats_of(tx: Transaction, centre: Centre, unit: str) -> list[Chat]:
    """List where a unit's cards go: its groups, else each reachable member; the desk's operators for the desk."""
    found: list[Chat] = [(messenger, chat, None) for messenger, chat in await people.groups_of_unit(tx, unit)]
    if found:
        return found
    if unit == centre.city.desk.slug:
        members = await staff.reachable_members(tx, (Role.OPERATOR,))
    else:
        members = await staff.reachable_members(tx, _UNIT_ROLES, unit)
    return _private(members)


def _private(accounts: list[Account]) -> list[Chat]:
    return [(account.messenger, account.user_id, account.person) for account in accounts]


async def readers_of(tx: Transaction, centre: Centre, request: Request) -> tuple[list[Chat], bool]:
    """List where a request's cards go, and tell whether the desk gets them because its unit has nobody.

    What is the inspector's goes to the inspectors; when none can be reached, to the whole desk.
    """
    if request.queue == Queue.INSPECTOR:
        inspectors = await staff.reachable_members(tx, (Role.INSPECTOR,))
        if inspectors:
            return _private(inspectors), False
    chats = await chats_of(tx, centre, request.unit)
    if chats or request.unit == centre.city.desk.slug:
        return chats, False
    return await chats_of(tx, centre, centre.city.desk.slug), True


async def hand_over(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """Post the request's card to the unit; when nobody would read it there, to the desk with a word about it.

    What waits for a manager, or is closed, is nobody's to work on.
    """
    if request.state in (State.ROSTER, State.CLOSED):
        return
    chats, orphan = await readers_of(tx, centre, request)
    request = await _queued(tx, centre, request, orphan=orphan)
    await reminders.plan_digest(tx, centre, request.unit, now)
    for messenger, chat_id, viewer in chats:
        await post(tx, centre, request, messenger, chat_id, viewer=viewer, now=now, orphan=orphan)


async def _queued(tx: Transaction, centre: Centre, request: Request, *, orphan: bool) -> Request:
    """Put what the desk has to look at into its queue, and take out what has readers of its own."""
    if request.state in desk.NOT_QUEUED:
        return request
    at_desk = request.unit == centre.city.desk.slug
    waits = request.queue or desk.kind_at_desk(request) if at_desk else None
    kind = Queue.ORPHAN if orphan else waits
    if kind != request.queue:
        await requests.change(tx, request.id, queue=kind)
    return replace(request, queue=kind)


async def look_again(tx: Transaction, centre: Centre, request: Request) -> None:
    """Look again whether anybody reads of an open request that stays with its unit: what nobody reads is the desk's."""
    if request.state in desk.NOT_QUEUED or request.unit == centre.city.desk.slug:
        return
    _, orphan = await readers_of(tx, centre, request)
    if orphan and request.queue is None:
        await requests.change(tx, request.id, queue=Queue.ORPHAN)
    elif not orphan and request.queue == Queue.ORPHAN:
        await requests.change(tx, request.id, queue=None, claimed_by=None, claimed_at=None)


async def show_heads(tx: Transaction, centre: Centre, request: Request, now: datetime) -> None:
    """Post the card to everybody who leads the unit, in private, wherever the unit reads its cards otherwise."""
    heads = await staff.reachable_members(tx, (Role.HEAD,), request.unit)
    for messenger, chat_id, viewer in _private(heads):
        await post(tx, centre, request, messenger, chat_id, viewer=viewer, now=now)


async def post(
    tx: Transaction,
    centre: Centre,
    request: Request,
    messenger: str,
    chat_id: int,
    *,
    viewer: int | None,
    now: datetime,
    orphan: bool = False,
    priority: int = Priority.PUSH,
) -> None:
    """Send one card into a chat; older cards of the same request there stop being updated."""
    older = [c.id for c in await card_rows.live(tx, request.id) if (c.messenger, c.chat_id) == (messenger, chat_id)]
    await card_rows.retire(tx, older)
    sight, roles = await cards.look(tx, centre, request), await cards.roles_of_viewer(tx, request, viewer)
    private = viewer is not None
    message = cards.face(
        centre, request, sight, roles, now, viewer=viewer, group="" if private else messenger, orphan=orphan
    )
    row = await saying.push(tx, messenger, chat_id, message, now, private=private, priority=priority)
    if row is not None:
        await card_rows.add(
            tx, request=request.id, messenger=messenger, chat_id=chat_id, outbox=row, viewer=viewer, unit=request.unit
        )
    for beside in beside_the_card(request, sight):
        await saying.push(tx, messenger, chat_id, beside, now, private=private, priority=priority)


def beside_the_card(request: Request, sight: cards.Sight) -> list[Message]:
    """Return what cannot be part of a card: voice messages and films, and the files that were added later."""
    messages = [Message(pictures=[Picture(media=number)]) for number in sight.others]
    if sight.added:
        added = [Picture(media=number) for number in sight.added]
        words = text("heard-more-photos", code=request.code, count=len(added))
        messages.append(Message(text=words, pictures=added))
    return messages


@dataclass(frozen=True, slots=True)
class _Readers:
    """Who reads cards now, read in as few statements for many cards as for one."""

    persons: Mapping[tuple[str, int], int]  # whose private chats these are: an account may have become another's
    roles: Mapping[int, Sequence[Membership]]
    groups: set[tuple[str, str, int]]  # unit, messenger, chat

    def person(self, card: Card) -> int | None:
        """Return who reads a card; None: a group."""
        return card.viewer and self.persons.get((card.messenger, card.chat_id), card.viewer)

    def of(self, card: Card) -> Sequence[Membership]:
        """Return the roles of whoever reads a private card."""
        return self.roles.get(self.person(card) or 0, ())

    def may_read(self, card: Card, desk: str) -> bool:
        """Tell whether the card's chat still is the unit's, or the desk's, that the card was posted to."""
        if card.viewer is not None:
            return bool(cards.roles_for_card(self.of(card), card.unit))
        return any((unit, card.messenger, card.chat_id) in self.groups for unit in (card.unit, desk))


async def _readers(tx: Transaction, centre: Centre, shown: Sequence[Card]) -> _Readers:
    private = [card for card in shown if card.viewer is not None]
    persons = await people.persons_at(tx, [(card.messenger, card.chat_id) for card in private])
    everybody = {*persons.values(), *(card.viewer for card in private if card.viewer is not None)}
    units = {card.unit for card in shown} | {centre.city.desk.slug}
    roles = await people.memberships_of_all(tx, everybody)
    return _Readers(persons, roles, await people.groups_of_units(tx, units))


async def refresh(tx: Transaction, centre: Centre, number: int, now: datetime) -> None:
    """Bring every card of a request up to date; those of a unit that no longer has it lose their buttons."""
    shown = await card_rows.live(tx, number)
    if not shown:
        return
    request = await requests.get(tx, number)
    sight, readers = await cards.look(tx, centre, request), await _readers(tx, centre, shown)
    gone = [card for card in shown if not readers.may_read(card, centre.city.desk.slug)]
    await take_back(tx, request, gone, now)
    faces = [(card, _face(centre, request, sight, readers, card, now)) for card in shown if card not in gone]
    await _edit(tx, faces, now)
    await card_rows.retire(tx, [card.id for card, _ in faces if card.unit != request.unit])


def _face(
    centre: Centre, request: Request, sight: cards.Sight, readers: _Readers, card: Card, now: datetime
) -> Message:
    viewer, elsewhere = readers.person(card), card.unit != request.unit
    private = viewer is not None
    roles = cards.roles_for_card(readers.of(card), request.unit) if private else cards.roles_of_group(request)
    group = "" if private else card.messenger
    return cards.face(centre, request, sight, roles, now, viewer=viewer, group=group, elsewhere=elsewhere, edit=True)


async def _edit(tx: Transaction, faces: Sequence[tuple[Card, Message]], now: datetime) -> None:
    edits = [(card.outbox, card.messenger, card.chat_id, message) for card, message in faces]
    await outbox.edit_all(tx, edits, priority=Priority.PUSH, now=now)


def _taken_back(code: str) -> Message:
    return Message(text=text("card-taken-back", code=code), form=Form.EDIT)


async def take_back(tx: Transaction, request: Request, shown: list[Card], now: datetime) -> None:
    """Take the citizen's words and the buttons off cards whose readers have no business with the request any more."""
    await _edit(tx, [(card, _taken_back(request.code)) for card in shown], now)
    await card_rows.retire(tx, [card.id for card in shown])


async def close_chat(tx: Transaction, centre: Centre, messenger: str, chat_id: int, now: datetime) -> None:
    """A group is no longer the place where a unit reads its cards: they are taken back and shown to others."""
    shown = await card_rows.live_in_chat(tx, messenger, chat_id)
    codes = {card.request: (await requests.get(tx, card.request)).code for card in shown}
    await _edit(tx, [(card, _taken_back(codes[card.request])) for card in shown], now)
    await leave_chat(tx, centre, messenger, chat_id, now)


async def leave_chat(tx: Transaction, centre: Centre, messenger: str, chat_id: int, now: datetime) -> None:
    """A chat can no longer be reached: open requests that only it showed go to the unit's others, or to the desk."""
    lost = await card_rows.live_in_chat(tx, messenger, chat_id)
    await card_rows.retire(tx, [card.id for card in lost])
    for number in dict.fromkeys(card.request for card in lost):
        request = await requests.get(tx, number)
        if request.state is not State.CLOSED and not await card_rows.live(tx, number):
            await hand_over(tx, centre, request, now)
