"""What follows when a file was fetched and checked: its position is offered, or the person hears that it is no use."""

from datetime import datetime

from domain.messages import Button, Message, Priority
from services import intake, saying
from services.centre import Centre
from storage import drafts, media, people, requests
from storage.database import Transaction
from texts.speech import label, lines, text


async def ready(tx: Transaction, centre: Centre, media_id: int, now: datetime) -> None:
    """Act on a file that was just stored or refused."""
    file = await media.get(tx, media_id)
    if file is None or file.account_id is None:
        return
    if file.state == "refused":
        await _tell_refused(tx, file, now)
    elif file.place is not None and file.draft_id is not None:
        await _offer_place(tx, centre, file, file.place, now)


async def _tell_refused(tx: Transaction, file: media.File, now: datetime) -> None:
    account = await people.account(tx, file.account_id or 0)
    draft = await drafts.get(tx, file.draft_id) if file.draft_id else None
    if draft is not None and draft.state == "open":
        draft.slots.photos = [number for number in draft.slots.photos if number != file.id]
        draft.slots.files = [number for number in draft.slots.files if number != file.id]
        await drafts.save(tx, draft, now)
    message = Message(text=text(f"refused-{file.problem or 'file-broken'}"))
    if draft is not None and draft.request is not None:  # filed meanwhile: what is sent again belongs to that request
        request = await requests.get(tx, draft.request)
        code = request.code
        rows = [[Button(label=label("button-add"), data=f"r:{code}:add")]]
        if request.owner == account.person:
            message = Message(text=lines(message.text, text("file-refused-filed", code=code)), buttons=rows)
    once = f"file-refused:{file.id}"
    await saying.push(tx, account.messenger, account.user_id, message, now, private=True, dedup_key=once)


async def _offer_place(
    tx: Transaction, centre: Centre, file: media.File, place: tuple[float, float], now: datetime
) -> None:
    """Ask whether the place a photo was taken at is the place of the problem; only while no place is known."""
    draft = await drafts.get(tx, file.draft_id or 0)
    if draft is None or draft.state != "open" or draft.slots.place.known:
        return
    if intake.position_problem(centre.city, *place):
        return
    account = await people.account(tx, draft.account)
    near = centre.city.nearest_neighbourhood(*place)
    district = centre.city.district_at(*place)
    where = " ".join(part for part in (district.name if district else "", near.name if near else "") if part)
    rows = [
        [
            Button(label=label("button-photo-place-yes"), data=f"d:{draft.id}:pp:{file.id}"),
            Button(label=label("button-photo-place-no"), data=f"d:{draft.id}:pn"),
        ]
    ]
    message = Message(text=text("photo-place", where=where or centre.city.name), buttons=rows)
    once = f"photo-place:{draft.id}"
    await saying.push(
        tx,
        account.messenger,
        account.user_id,
        message,
        now,
        private=True,
        priority=Priority.REPLY,
        dedup_key=once,
    )
