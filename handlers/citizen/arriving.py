"""Whatever a citizen sends, in any order: it starts a draft or fills the slot of the open one."""

from collections.abc import Awaitable, Callable

import telegram

from domain.draft import Asking
from domain.messages import Button
from domain.refusal import Refused
from handlers import attachments, menus
from handlers.citizen import drafting, filed, joining, questions
from handlers.turn import Turn, button
from nlp import forms
from services import callers, identity, intake
from storage import drafts
from storage.drafts import Draft
from texts.speech import Rich, label, lines, text

Arrival = Callable[[telegram.Message, Turn], Awaitable[None]]


async def _location(message: telegram.Message, turn: Turn) -> None:
    draft = await drafting.the_draft(turn)
    spot = message.venue.location if message.venue else message.location
    named = (message.venue.title, message.venue.address) if message.venue else ()
    address = forms.clean(" ".join(part for part in named if part))
    if spot is None:
        return
    try:
        intake.take_position(turn.centre, draft.slots, spot.latitude, spot.longitude, address=address)
    except Refused as refusal:
        await drafting.go_on(turn, draft, text(f"refused-{refusal.reason}", **refusal.details))
        return
    await drafting.go_on(turn, draft)


async def _contact(message: telegram.Message, turn: Turn) -> None:
    contact = message.contact
    if contact is None:
        return
    draft = await drafting.the_draft(turn)
    try:
        phone = identity.parsed_phone(contact.phone_number or "")
    except Refused as refusal:
        await drafting.ask(turn, draft, text(f"refused-{refusal.reason}"))
        return
    # A forwarded contact may be an old one, with a number that somebody else has by now.
    own = contact.user_id == turn.account.user_id and message.forward_origin is None and draft.slots.caller is None
    intake.take_phone(draft.slots, phone, verified=own)
    if own:
        await callers.recognised(turn.tx, turn.centre, turn.account, phone, turn.now)
    note = "contact-verified" if own else "contact-of-another"
    await drafting.go_on(turn, draft, text(note, phone=identity.national(phone)))


def _same_album(turn: Turn, draft: Draft, message: telegram.Message) -> bool:
    """Tell whether this is the rest of an album that was answered already."""
    album = message.media_group_id or ""
    known = bool(album) and turn.talk.awaiting == {"kind": "album", "album": album}
    return known and draft.slots.answer_ref is not None


async def _file(message: telegram.Message, turn: Turn) -> None:
    found = attachments.of(message)
    if found is None:
        return
    draft = await drafting.the_draft(turn)
    rest_of_album = _same_album(turn, draft, message)
    number = await attachments.keep(turn, found, draft.id)
    note: Rich | str = ""
    try:
        (intake.take_photo if found.shows else intake.take_file)(draft.slots, number)
    except Refused as refusal:
        note = text(f"refused-{refusal.reason}", **refusal.details)
    if message.caption and not intake.take_words(turn.centre, draft.slots, message.caption, message.message_id):
        note = text("words-cut")
    if rest_of_album and not note and not message.caption:
        await drafting.ask_in_place(turn, draft)
    elif draft.slots.asking is Asking.PHOTOS:
        await drafting.ask(turn, draft, note, pause=bool(message.media_group_id))
    else:
        await drafting.go_on(turn, draft, note, pause=bool(message.media_group_id))
    if message.media_group_id:
        turn.await_("album", album=message.media_group_id)


async def _search_subject(turn: Turn, draft: Draft) -> None:
    slugs = intake.find_subjects(turn.centre, turn.words)
    rows = questions.subject_buttons(turn.centre, draft, slugs)
    rows.append([button("button-desk-decides", f"d:{draft.id}:sd"), button("button-back", f"d:{draft.id}:b")])
    asked = text("subject-found" if slugs else "subject-not-found")
    await turn.say(lines(callers.mark(draft.slots), asked), buttons=rows)


async def _address(turn: Turn, draft: Draft) -> None:
    try:
        intake.take_address(turn.centre, draft.slots, turn.words)
    except Refused as refusal:
        await drafting.ask(turn, draft, text(f"refused-{refusal.reason}", **refusal.details))
        return
    await drafting.go_on(turn, draft)


async def _phone(turn: Turn, draft: Draft) -> None:
    try:
        intake.take_phone(draft.slots, identity.parsed_phone(turn.words), verified=False)
    except Refused as refusal:
        await drafting.ask(turn, draft, text(f"refused-{refusal.reason}"))
        return
    await drafting.go_on(turn, draft, text("contact-typed", phone=identity.national(draft.slots.phone)))


async def _story(turn: Turn, draft: Draft) -> None:
    """The words belong to the complaint itself."""
    first = not draft.slots.has_content
    asking = draft.slots.asking
    if asking is Asking.WORDS:
        intake.forget(draft.slots, Asking.WORDS)  # asked again, the words are meant anew
    whole = intake.take_words(turn.centre, draft.slots, turn.words, turn.message_id)
    note: Rich | str = "" if whole else text("words-cut")
    if asking is Asking.REVIEW and whole:
        note = text("words-added")
    if asking is Asking.PLACE and not first and draft.slots.place.known is False:
        await _offer_as_address(turn, draft)
        return
    await drafting.go_on(turn, draft, note)


async def _offer_as_address(turn: Turn, draft: Draft) -> None:
    """Words that do not look like a place went to the complaint; one tap makes them the address."""
    said = " ".join(turn.words.split())
    rows = [
        [
            Button(
                label=label("button-is-address", address=questions.short(said, 30)),
                data=f"d:{draft.id}:pw:{turn.message_id}",
            )
        ],
        [button("button-back", f"d:{draft.id}:b"), button("button-cancel", f"d:{draft.id}:x")],
    ]
    await drafts.save(turn.tx, draft, turn.now)
    await turn.say(lines(callers.mark(draft.slots), text("words-added-place")), buttons=rows)


async def _words(message: telegram.Message, turn: Turn) -> None:
    known = await turn.open_draft()
    if known is None or not (known.slots.has_content or known.slots.place.known):
        reading = turn.centre.understanding.read(turn.words)
        if reading.kind == "none" and reading.position is None:
            await _not_a_request(turn, known)
            return
    draft = known or await drafting.the_draft(turn)
    asking = draft.slots.asking
    if asking is Asking.TWIN and (menus.is_yes(turn.words) or menus.is_no(turn.words)):
        await _about_twin(turn, draft)
    elif menus.is_yes(turn.words) and asking in (Asking.REVIEW, Asking.PLACE):
        await _yes(turn, draft)
    elif asking is Asking.DISTRICT and (code := intake.find_district(turn.centre, turn.words)):
        intake.choose_district(turn.centre, draft.slots, code)
        await drafting.go_on(turn, draft)
    elif asking in (Asking.SUBJECT_SEARCH, Asking.CONTACT) and intake.tells_of_danger(turn.centre, turn.words):
        await _story(turn, draft)  # whatever was asked: whom to call is said at once, and it goes ahead of others
    elif asking is Asking.SUBJECT_SEARCH:
        await _search_subject(turn, draft)
    elif asking is Asking.CONTACT:
        await _phone(turn, draft)
    elif asking is Asking.PLACE and intake.looks_like_address(turn.centre, turn.words):
        await _address(turn, draft)
    else:
        await _story(turn, draft)


async def _yes(turn: Turn, draft: Draft) -> None:
    """A written yes files what the card shows; to the proposed subject it is a yes, and the place is next."""
    if draft.slots.asking is Asking.REVIEW:
        await filed.file(turn, draft)
    else:
        await drafting.ask(turn, draft)


async def _about_twin(turn: Turn, draft: Draft) -> None:
    """A written yes joins, a no does not; where it may be meant for something else, the question is asked again."""
    yes = menus.is_yes(turn.words)
    if menus.is_filing(turn.words) or joining.asked_beside(turn, yes=yes):
        await drafting.ask(turn, draft, text("twin-unclear"))
    elif yes:
        await joining.same(turn, draft)
    else:
        await joining.another(turn, draft)


async def _not_a_request(turn: Turn, draft: Draft | None) -> None:
    """A greeting, a thank-you, an insult or a lone smile: one friendly line and the way on."""
    if any(letter.isalnum() for letter in turn.words):
        await turn.say(text("greeting-back"))
    else:
        await turn.say(text("only-signs"))
    if draft is not None:
        await drafting.ask(turn, draft)


async def _unknown(message: telegram.Message, turn: Turn) -> None:
    await turn.say(text("cannot-read-this"))
    draft = await turn.open_draft()
    if draft is not None:
        await drafting.ask(turn, draft)


# The first row that fits decides what a message is.
_ARRIVALS: tuple[tuple[Callable[[telegram.Message], bool], Arrival], ...] = (
    (lambda m: bool(m.location or m.venue), _location),
    (lambda m: bool(m.contact), _contact),
    (lambda m: attachments.of(m) is not None, _file),
    (lambda m: bool(m.text and m.text.strip()), _words),
    (lambda m: True, _unknown),
)


async def arrived(update: telegram.Update, turn: Turn) -> None:
    """Take a message of any kind into the draft."""
    message = update.effective_message
    if message is None:
        return
    arrival = next(arrival for fits, arrival in _ARRIVALS if fits(message))
    await arrival(message, turn)


async def edited(update: telegram.Update, turn: Turn) -> None:
    """Follow the citizen's edit of an earlier message; after filing, say how to add to the request."""
    if turn.in_group or not turn.words:
        return
    draft = await turn.open_draft()
    if draft is not None and intake.change_words(turn.centre, draft.slots, turn.words, turn.message_id):
        await drafting.go_on(turn, draft, text("words-changed"))
        return
    await turn.say(text("edit-too-late"))
