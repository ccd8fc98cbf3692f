"""Two requests about the same thing become one: everybody who wanted the one is heard and told of with the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from domain import geo
from domain.casework import Request
from domain.lifecycle import BY_DEED, Deed, State
from domain.refusal import Refused
from domain.roles import Role
from services import acting, assignment, bringing, letters
from services.acting import Doing
from services.centre import Centre
from services.sequels import Sequel
from services.supporters import RECENT
from storage import requests
from storage import supporters as rows
from storage.database import Transaction

_SHOWN = 5
_LOOKED_AT = 25
_NEARBY_M = 300
"""How far away another request may be to be offered: whoever sorts reads both, so farther than citizens are asked."""


@dataclass(frozen=True, slots=True)
class Near:
    """An open request on the same subject nearby."""

    code: str
    metres: float
    filed_at: datetime


async def nearby(tx: Transaction, centre: Centre, request: Request, now: datetime) -> list[Near]:
    """List the open requests that this one may be the same as, the nearest first."""
    if request.subject is None or request.lat is None or request.lon is None:
        return []
    here = geo.Position(request.lat, request.lon)
    within = max(_NEARBY_M, centre.city.subject(request.subject).same_within_m)
    corners = geo.box(here, within)
    found = await requests.open_near(tx, request.subject, corners, filed_since=now - RECENT, limit=_LOOKED_AT)
    others = [Near(one.code, geo.distance_m(here, one.at), one.filed_at) for one in found if one.id != request.id]
    return sorted(others, key=lambda near: near.metres)[:_SHOWN]


async def also_locked(tx: Transaction, doing: Doing) -> list[int]:
    """Name the request besides the merged one that the deed changes: both are locked at once, in one order."""
    target = await requests.by_code(tx, doing.given.target) if doing.deed is Deed.MERGE else None
    return [target.id] if target else []


async def check(tx: Transaction, centre: Centre, request: Request, doing: Doing) -> Mapping[str, Any]:
    """Refuse to merge into itself, into a part, or into what is over, not there, or a manager's to hear."""
    target = await requests.by_code(tx, doing.given.target)
    if target is None:
        raise Refused("no-such-code")
    if target.id == request.id:
        raise Refused("merge-itself")
    if target.parent is not None:
        raise Refused("merge-part")
    if target.state is State.CLOSED:
        raise Refused("merge-closed")
    if target.state is State.ROSTER:  # no unit works on it, and its owner may take it back
        raise Refused("merge-roster")
    return {"merged_into": target.id}


async def follow(tx: Transaction, centre: Centre, before: Request, after: Request, doing: Doing) -> Sequence[Sequel]:
    """Bring over the people, the words and the photos of a merged request."""
    if doing.deed is not Deed.MERGE:
        return ()
    assert doing.actor is not None  # the table lets only people merge
    assert after.merged_into is not None
    target = await requests.get(tx, after.merged_into)
    await rows.take_over(tx, after.id, target.id, doing.now)
    role = acting.acting_role(BY_DEED[Deed.MERGE], doing.actor.roles_towards(before.owner, before.unit))
    note = partial(_taken_in, tx, source=after, role=role, doing=doing)
    event = await note(target)
    files = [number for number, _, part in await requests.files(tx, after.id) if part != "evidence"]
    await requests.attach(tx, target.id, files, "added", event)
    if files:
        await letters.more_photos(tx, centre, target, files, doing.now)
    if after.display or files:
        await bringing.to_parts(tx, centre, target.id, note, files, doing.now)
    await assignment.refresh(tx, centre, target.id, doing.now)
    return ()


async def _taken_in(tx: Transaction, request: Request, *, source: Request, role: Role, doing: Doing) -> int:
    return await requests.append_history(
        tx,
        request_id=request.id,
        at=doing.now,
        deed="take-in",
        person_id=doing.person,
        role=role,
        messenger=doing.messenger,
        from_state=request.state,
        to_state=request.state,
        unit=request.unit,
        note=source.display or None,
        data={"target": source.code},
    )
