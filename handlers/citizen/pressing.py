"""The buttons of a draft: "d:<draft>:<verb>[:<argument>]", one row of the table a verb."""

from collections.abc import Awaitable, Callable

import telegram

from domain.draft import BACK, Asking
from domain.messages import Message
from domain.refusal import Refused
from handlers import menus
from handlers.citizen import drafting, filed, joining, questions
from handlers.turn import Turn, button, number
from services import callers, intake
from storage import media
from storage.drafts import Draft
from texts.speech import lines, text

Press = Callable[[Turn, Draft, str], Awaitable[None]]


async def _pick_subject(turn: Turn, draft: Draft, slug: str) -> None:
    intake.choose_subject(turn.centre, draft.slots, slug)
    await drafting.go_on(turn, draft)


async def _desk_decides(turn: Turn, draft: Draft, _: str) -> None:
    intake.choose_subject(turn.centre, draft.slots, None)
    await drafting.go_on(turn, draft)


async def _other_subject(turn: Turn, draft: Draft, _: str) -> None:
    draft.slots.asking = Asking.SUBJECT_SEARCH
    await drafting.ask(turn, draft)


async def _subject_group(turn: Turn, draft: Draft, group: str) -> None:
    slugs = [subject.slug for subject in turn.centre.city.subjects_of(group)]
    rows = questions.subject_buttons(turn.centre, draft, slugs)
    rows.append([button("button-other-subject", f"d:{draft.id}:so"), button("button-back", f"d:{draft.id}:b")])
    await turn.say(lines(callers.mark(draft.slots), text("ask-subject-in-group")), buttons=rows)


async def _how_to_send_place(turn: Turn, draft: Draft, _: str) -> None:
    """Some clients send the location key's label as words: say what else works."""
    await turn.say(text("place-how"))
    await drafting.ask(turn, draft)


async def _same_address(turn: Turn, draft: Draft, _: str) -> None:
    intake.take_suggested_address(draft.slots)
    await drafting.go_on(turn, draft)


async def _words_are_address(turn: Turn, draft: Draft, message: str) -> None:
    """The citizen says that their last words were the address after all."""
    part = next((p for p in draft.slots.words if str(p.message) == message), None)
    if part is None:
        raise Refused("old-button")
    draft.slots.words.remove(part)
    intake.take_address(turn.centre, draft.slots, part.text)
    intake.understand(turn.centre, draft.slots)
    await drafting.go_on(turn, draft)


async def _photo_place(turn: Turn, draft: Draft, media_id: str) -> None:
    file = await media.get(turn.tx, number(media_id))
    if file is None or file.draft_id != draft.id or file.place is None:
        raise Refused("old-button")
    intake.take_position(turn.centre, draft.slots, *file.place, source="photo")
    await drafting.go_on(turn, draft)


async def _not_photo_place(turn: Turn, draft: Draft, _: str) -> None:
    await drafting.go_on(turn, draft)


async def _district(turn: Turn, draft: Draft, code: str) -> None:
    intake.choose_district(turn.centre, draft.slots, code)
    await drafting.go_on(turn, draft)


async def _district_unknown(turn: Turn, draft: Draft, _: str) -> None:
    intake.choose_district(turn.centre, draft.slots, None)
    await drafting.go_on(turn, draft)


def _edit(slot: Asking) -> Press:
    async def press(turn: Turn, draft: Draft, _: str) -> None:
        if slot is not Asking.WORDS:  # the old words stay until new ones replace them
            intake.forget(draft.slots, slot)
        draft.slots.asking = slot
        await drafting.ask(turn, draft)

    return press


def _open(question: Asking) -> Press:
    async def press(turn: Turn, draft: Draft, _: str) -> None:
        draft.slots.asking = question
        await drafting.ask(turn, draft)

    return press


async def _photos_done(turn: Turn, draft: Draft, _: str) -> None:
    await drafting.go_on(turn, draft)


async def _drop_photos(turn: Turn, draft: Draft, _: str) -> None:
    draft.slots.photos, draft.slots.files = [], []
    await drafting.ask(turn, draft)


async def _stay_anonymous(turn: Turn, draft: Draft, _: str) -> None:
    draft.slots.phone, draft.slots.phone_verified = "", False
    board, keys = menus.keyboard(turn)
    await turn.say(Message(text=text("contact-anonymous"), keyboard=board), keys=keys)
    await drafting.go_on(turn, draft)


async def _file(turn: Turn, draft: Draft, _: str) -> None:
    await filed.file(turn, draft)


async def _cancel(turn: Turn, draft: Draft, _: str) -> None:
    await drafting.cancel(turn, draft)


async def _start_over(turn: Turn, draft: Draft, _: str) -> None:
    fresh = await drafting.afresh(turn, draft)
    await drafting.go_on(turn, fresh, text("draft-fresh"))


async def back(turn: Turn, draft: Draft, _: str = "") -> None:
    """Go one question back; the slot behind it is asked anew, what else was said stays."""
    question = BACK.get(draft.slots.asking)
    if question is None:  # nothing comes before the first question; with words kept from before, back means onwards
        await drafting.go_on(turn, draft)
        return
    if question not in (Asking.REVIEW, Asking.WORDS):
        intake.forget(draft.slots, question)
    draft.slots.asking = question
    await drafting.ask(turn, draft)


async def skip(turn: Turn, draft: Draft) -> None:
    """Leave the open question out where it can be left out; say why where it cannot."""
    verb = _SKIPS.get(draft.slots.asking)
    if verb is None:
        await drafting.ask(turn, draft, text("cannot-skip"))
        return
    await PRESSES[verb](turn, draft, "")


async def _twin_unknown(turn: Turn, draft: Draft, _: str) -> None:
    """Whoever does not know files their own: units can tell better, and nobody is made to join."""
    await joining.another(turn, draft)


_SKIPS = {
    Asking.SUBJECT: "sd",
    Asking.SUBJECT_SEARCH: "sd",
    Asking.DISTRICT: "dn",
    Asking.TWIN: "tu",
    Asking.PHOTOS: "pd",
    Asking.CONTACT: "ca",
    Asking.EDIT: "go",
}

PRESSES: dict[str, Press] = {
    "s": _pick_subject,
    "sd": _desk_decides,
    "so": _other_subject,
    "sg": _subject_group,
    "ph": _how_to_send_place,
    "pa": _same_address,
    "pw": _words_are_address,
    "pp": _photo_place,
    "pn": _not_photo_place,
    "di": _district,
    "dn": _district_unknown,
    "e": _open(Asking.EDIT),
    "ew": _edit(Asking.WORDS),
    "es": _edit(Asking.SUBJECT),
    "ep": _edit(Asking.PLACE),
    "ed": _edit(Asking.DISTRICT),
    "ap": _open(Asking.PHOTOS),
    "pd": _photos_done,
    "px": _drop_photos,
    "c": _open(Asking.CONTACT),
    "ca": _stay_anonymous,
    "f": _file,
    "x": _cancel,
    "n": _start_over,
    "b": back,
    "ty": joining.pressed_same,
    "tn": joining.pressed_another,
    "tu": _twin_unknown,
    "go": _photos_done,
}


async def pressed(update: telegram.Update, turn: Turn) -> None:
    """Do what a draft's button says; a draft that is filed already answers with its code."""
    _, number, verb, *rest = [*turn.choice, "", ""]
    if verb == "2":
        await filed.second(turn, number)
        return
    press = PRESSES.get(verb)
    if press is None:
        raise Refused("old-button")
    if verb == "f" and await filed.again(turn, number):
        return
    draft = await drafting.chosen_draft(turn)
    try:
        await press(turn, draft, rest[0])
    except Refused as refusal:
        if refusal.reason == "old-button":
            raise
        await turn.say(text(f"refused-{refusal.reason}", **refusal.details))
        await drafting.ask(turn, draft)
