"""Turning a finished draft into a request with a code, in one transaction."""

from datetime import datetime

from domain.casework import Account, Actor, Request
from domain.draft import Slots
from domain.lifecycle import Deed, Given, State
from domain.refusal import Refused
from domain.roles import Role
from nlp import forms
from services import casework, letters, promises, reminders, templates
from services.acting import Doing
from services.centre import Centre
from services.creating import Filer, create
from storage import corrections, drafts
from storage.database import Transaction
from storage.drafts import Draft

_AFRESH: dict[str, object] = {
    "subject_by": "citizen",
    "second": None,
    "second_words": "",
    "twin": None,
    "not_twins": [],
    "answer_ref": None,
}
"""What of the first draft does not hold for the second."""


def row(centre: Centre, account: Account, slots: Slots, now: datetime) -> dict[str, object]:
    """Return the columns of a request that holds what these slots do, as it goes the ordinary way."""
    urgent = bool(slots.danger) or (
        slots.subject is not None and centre.city.subject(slots.subject).urgency == "urgent"
    )
    unit = centre.city.route(slots.subject, slots.place.district, urgent=urgent)
    return {
        "account_id": account.id,
        "subject": slots.subject,
        "unit": unit.slug,
        "district": slots.place.district,
        "lat": slots.place.lat,
        "lon": slots.place.lon,
        "address": slots.place.address,
        "words": slots.text,
        "display": forms.display(slots.text),
        "urgent": urgent,
        "anonymous": not slots.phone,
        "phone": slots.phone or None,
        "phone_verified": slots.phone_verified,
        "guesses": {"model": slots.model, "ranked": slots.guesses},
        "state": State.WAITING if unit.slug == centre.city.desk.slug else State.ASSIGNED,
        "deadline_at": promises.deadline(centre, slots.subject, now, urgent=urgent),
    }


def second_subject(slots: Slots) -> str | None:
    """Return the subject of the other problem a filed draft tells of, if there is one and it is not the same after all.

    Nobody in danger is asked about a second matter.
    """
    return slots.second if slots.second != slots.subject and slots.second and not slots.danger else None


async def begin_second(tx: Transaction, account: Account, number: int, now: datetime) -> Draft:
    """Open a draft for the other problem of a filed one: the same words, place, photos and contact.

    Raises Refused("old-button") when there is none or it was begun already, Refused("draft-open") while another draft
    is open.
    """
    first = await drafts.get(tx, number)
    if first is None or first.account != account.id or first.state != "filed":
        raise Refused("old-button")
    subject = second_subject(first.slots)
    if subject is None:
        raise Refused("old-button")
    known = await drafts.open_of(tx, account.id, for_caller=first.slots.caller is not None)
    if known is not None and known.slots.has_content:
        raise Refused("draft-open")
    # The machine named it: taking it at its word is no correction of the first.
    heard = {
        "subject": subject,
        "guesses": [pair for pair in first.slots.guesses if pair[0] == subject] or [(subject, 0.0)],
    }
    slots = first.slots.model_copy(deep=True, update=_AFRESH | heard)
    first.slots.second = None
    await drafts.save(tx, first, now)
    if known is not None:
        await drafts.close(tx, known, "cancelled", now)
    draft = await drafts.begin(tx, account.id, slots, now)
    await reminders.watch_draft(tx, draft.id, now, for_caller=slots.caller is not None)
    return draft


def complete(slots: Slots) -> bool:
    """Tell whether a draft has what a unit needs: something to act on, a subject or the desk's care, and a place."""
    return slots.has_content and slots.subject_settled and slots.place.known


async def _keep_correction(tx: Transaction, filer: Filer, slots: Slots, request: int, now: datetime) -> None:
    """Whoever chose another subject than the machine's first guess has put it right."""
    assert filer.person is not None  # a draft is somebody's
    guessed = slots.guesses[0][0] if slots.guesses else None
    if slots.subject_by == "citizen" and slots.subject and slots.subject != guessed:
        await corrections.add(
            tx,
            request=request,
            person=filer.person,
            role=filer.role,
            model=slots.model,
            was=guessed,
            subject=slots.subject,
            now=now,
        )


async def file(
    tx: Transaction, centre: Centre, account: Account, draft: Draft, now: datetime, *, by: Account | None = None
) -> Request:
    """File a draft, hand it to the unit in charge and return the request; raises Refused("draft-unfinished").

    `account` owns the request; `by` is the operator who files it for a caller.
    """
    if not complete(draft.slots):
        raise Refused("draft-unfinished")
    request = await _file(tx, centre, account, draft, now, by)
    if by is not None:
        await letters.filed_for(tx, centre, request, now)
    return request


async def guide(
    tx: Transaction, centre: Centre, account: Account, draft: Draft, words: str, operator: Actor, now: datetime
) -> Request:
    """File what a caller told and close it at once: the operator has given the answer on the phone.

    A place is not needed for it. Raises Refused("draft-unfinished") where nothing was told yet.
    """
    if not draft.slots.has_content:
        raise Refused("draft-unfinished")
    request = await _file(tx, centre, account, draft, now, operator.account, at_desk=True)
    doing = Doing(operator, Deed.GUIDE, Given(note=templates.filled(centre, words, request, now)), now)
    return await casework.perform(tx, centre, request.id, doing)


async def _file(
    tx: Transaction,
    centre: Centre,
    account: Account,
    draft: Draft,
    now: datetime,
    by: Account | None,
    *,
    at_desk: bool = False,
) -> Request:
    columns = row(centre, account, draft.slots, now)
    if by is not None:
        columns |= {"channel": "phone", "filed_by": by.person}
    if at_desk:
        columns |= {"unit": centre.city.desk.slug, "state": State.WAITING}
    who, role = (account, Role.OWNER) if by is None else (by, Role.OPERATOR)
    filer, files = Filer(who.person, role, who.messenger), draft.slots.photos + draft.slots.files
    request = await create(tx, centre, filer, columns, files, now, shown=not at_desk)
    await _keep_correction(tx, filer, draft.slots, request.id, now)
    await drafts.close(tx, draft, "filed", now, request.id)
    await reminders.forget_draft(tx, draft.id)
    return request
