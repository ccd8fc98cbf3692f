"""A request that changes hands: whoever it was filed for goes, and somebody else stands for it, or nobody."""

from datetime import datetime

from domain.casework import Account, Request
from domain.hearings import HearingState
from domain.lifecycle import Deed, Given, State
from domain.roles import Role
from services import acting, assignment, clocks, followed_dates, letters, relief, waiting
from services.acting import Doing
from services.centre import Centre
from storage import requests, sessions
from storage.database import Transaction


async def hand_on(
    tx: Transaction, centre: Centre, request: Request, who: Account, to: int, deed: str, now: datetime
) -> None:
    """Make a request, or a part of one, the account `to`'s: the number of who goes, and their turn in a queue, go too.

    What the unit asked was theirs to answer: it goes on without, its clocks with it, and those concerned are told.
    """
    state = request.state
    if state is State.ASKED:
        state = State.IN_HAND if request.in_hand_of is not None else acting.to_be_accepted(request)
    gone = {"phone": None, "phone_verified": False, "anonymous": True}
    await requests.change(tx, request.id, account_id=to, state=state, changed_at=now, **gone)
    await requests.append_history(
        tx,
        request_id=request.id,
        at=now,
        deed=deed,
        person_id=who.person,
        role=Role.OWNER,
        messenger=who.messenger,
        from_state=request.state,
        to_state=state,
        unit=request.unit,
        note=None,
    )
    after = await requests.get(tx, request.id)
    if state is not request.state:
        unanswered = Doing(None, Deed.GO_ON, Given(), now)
        for follow in (clocks.follow, waiting.follow):
            await follow(tx, centre, request, after, unanswered)
        after = await requests.get(tx, request.id)  # its dates have moved
        await letters.question_dropped(tx, centre, request, after, now)
        await followed_dates.moved(tx, centre, request, after, now)
    if request.phone:
        await relief.forget_number(tx, centre, after, now)
    for hearing in await sessions.waiting_with(tx, request.id):
        await sessions.settle(tx, hearing.id, HearingState.LEFT)  # it was the one who goes that wanted to be heard
    await assignment.refresh(tx, centre, request.id, now)
