"""The queue of the 137 desk: why a request waits there, and how long it stays with the operator who took it."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.casework import Request
from domain.lifecycle import OBJECTIONS_AT_MOST, Deed, State

CLAIM_LASTS = timedelta(minutes=15)
"""An operator who took a request out of the queue and does nothing with it holds it so long."""

NOT_QUEUED = frozenset({State.CLOSED, State.IN_PARTS, State.ROSTER})


class Queue(StrEnum):
    """Why a request waits for the desk, in the order in which the kinds are listed."""

    INSPECTOR = "inspector"  # objected to for the last time: the inspector decides
    OBJECTED = "objected"  # objected to, and no unit or no head of it is there to take it
    RETURNED = "returned"  # a unit sent it back
    UNSURE = "unsure"  # nobody knows its subject yet
    UNROUTED = "unrouted"  # no unit is named for its subject in this district
    ORPHAN = "orphan"  # its unit has nobody who would read it


def holder(request: Request, now: datetime) -> int | None:
    """Return who has the request out of the queue at this moment."""
    if request.claimed_at is None or now - request.claimed_at >= CLAIM_LASTS:
        return None
    return request.claimed_by


def kind_at_desk(request: Request) -> Queue:
    """Say why a request that reached the desk by itself waits there."""
    return Queue.UNSURE if request.subject is None else Queue.UNROUTED


def kind_after(before: Request, after: Request, deed: Deed, desk: str) -> Queue | None:
    """Say why a request waits for the desk after a deed; None: it does not.

    Whether a unit still has nobody is looked up afterwards, where it had nobody before.
    """
    if after.state in NOT_QUEUED:
        return None
    if after.unit != desk:
        same = after.unit == before.unit
        return Queue.ORPHAN if same and before.queue == Queue.ORPHAN else None
    if deed is Deed.OBJECT:
        return Queue.INSPECTOR if after.times_reopened >= OBJECTIONS_AT_MOST else Queue.OBJECTED
    if before.unit != desk and deed is not Deed.UNHEARD:
        return Queue.RETURNED
    if before.queue in (None, Queue.UNSURE, Queue.UNROUTED):
        return kind_at_desk(after)
    return Queue(before.queue)
