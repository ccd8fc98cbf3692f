"""Splitting a request among units: the parts are requests of their own, and the whole closes with the last of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.casework import Request
from domain.lifecycle import BY_DEED, PARTS_AT_MOST, Deed, Given, Outcome, State
from domain.refusal import Refused
from services import acting, assignment, promises
from services.acting import Doing
from services.centre import Centre
from services.creating import Filer, create
from services.sequels import Sequel
from services.wholes import family_of
from storage import requests
from storage.database import Transaction

_LEAST_GOOD_FIRST = (
    Outcome.NOT_SOLVED,
    Outcome.COMMISSION,
    Outcome.WARNING,
    Outcome.GUIDED,
    Outcome.NOT_MUNICIPAL,
    Outcome.SOLVED,
)


def outcome_of(parts: Iterable[Outcome | None]) -> Outcome:
    """Return how the whole ended: as the least good of its parts, so solved only when all of them are."""
    ended = set(parts)
    return next((outcome for outcome in _LEAST_GOOD_FIRST if outcome in ended), Outcome.NOT_SOLVED)


async def check(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> Mapping[str, Any]:
    """Refuse parts for units that are none, for the desk, and more than a request may have in all."""
    units = {unit.slug for unit in centre.city.units} - {centre.city.desk.slug}
    if not units.issuperset(doing.given.parts):
        raise Refused("old-button")
    before = await requests.parts_of(tx, request.id)
    if len(before) + len(doing.given.parts) > PARTS_AT_MOST:
        raise Refused("parts-full")
    return {"parts": len(doing.given.parts)}


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """Make the parts; close the whole with its last part; bring to the parts what the citizen does to the whole."""
    if doing.deed is Deed.SPLIT:
        await _split(tx, centre, before, after, doing)
    elif after.parent is not None:
        return await _after_part(tx, centre, before, after, doing)
    elif before.state is State.IN_PARTS:
        return await _after_whole(tx, after, doing)
    return ()


async def _split(tx: Transaction, centre: Centre, before: Request, whole: Request, doing: Doing) -> None:
    assert doing.actor is not None  # the table lets only people split
    roles = doing.actor.roles_towards(before.owner, before.unit)
    filer = Filer(doing.person, acting.acting_role(BY_DEED[Deed.SPLIT], roles), doing.messenger)
    shared = await requests.shared_with_parts(tx, whole.id)
    files = [number for number, _, part in await requests.files(tx, whole.id) if part != "evidence"]
    deadline = promises.deadline(centre, whole.subject, doing.now, urgent=whole.urgent)
    for unit in doing.given.parts:
        own = {"parent_id": whole.id, "unit": unit, "state": State.ASSIGNED, "deadline_at": deadline}
        await create(tx, centre, filer, shared | own, files, doing.now)


async def _after_part(
    tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing
) -> Sequence[Sequel]:
    family = await family_of(tx, after)
    if family is None or family.whole.state is not State.IN_PARTS:
        return ()
    if after.state is State.CLOSED and all(part.state is State.CLOSED for part in family.parts):
        outcome = outcome_of(part.outcome for part in family.parts)
        return [Sequel(family.whole.id, Doing(None, Deed.JOIN_UP, Given(), doing.now, outcome))]
    if (before.state, before.unit) != (after.state, after.unit):
        await assignment.refresh(tx, centre, family.whole.id, doing.now)
    return ()


async def _after_whole(tx: Transaction, whole: Request, doing: Doing) -> Sequence[Sequel]:
    """Withdraw with the whole, or read what the citizen adds: a part that has asked takes it for the answer."""
    still = [part for part in await requests.parts_of(tx, whole.id) if part.state is not State.CLOSED]
    if doing.deed is Deed.WITHDRAW:
        return [Sequel(part.id, Doing(None, Deed.WITHDRAW, Given(), doing.now)) for part in still]
    if doing.deed is not Deed.ADD:
        return ()
    asked = [part for part in still if part.state is State.ASKED]
    deed = Deed.ANSWER if asked else Deed.ADD
    return [Sequel(part.id, Doing(doing.actor, deed, doing.given, doing.now)) for part in asked or still]
