"""A person in danger: somebody at the desk hears of it at once, before anything is filed."""

from datetime import datetime

from domain.casework import Account
from domain.draft import Slots
from domain.messages import Message
from domain.richtext import clipped
from services import assignment, saying
from services.centre import Centre
from services.identity import national
from storage import people
from storage.database import Transaction
from texts.speech import text

PERSON = "person_in_danger"


async def raise_for(tx: Transaction, centre: Centre, account: Account, draft: int, slots: Slots, now: datetime) -> None:
    """Tell the desk, once per draft, when the citizen's words speak of a person in danger."""
    if slots.danger != PERSON:
        return
    phone = await people.phone_of(tx, account.person)
    words = text(
        "alarm-person",
        words=clipped(slots.text, 1500),
        known="yes" if phone else "no",
        phone=national(phone) if phone else "",
    )
    for messenger, chat_id, viewer in await assignment.chats_of(tx, centre, centre.city.desk.slug):
        await saying.push(
            tx,
            messenger,
            chat_id,
            Message(text=words),
            now,
            private=viewer is not None,
            dedup_key=f"alarm:{draft}:{messenger}:{chat_id}",
        )
