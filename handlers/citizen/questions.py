"""The one question asked next: its words, its buttons, its keyboard."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from domain.draft import Asking, Slots, Twin
from domain.messages import Button, Key, Keyboard, Message, Picture
from domain.richtext import clipped
from handlers.turn import Turn, button, key
from services import callers
from services.alarms import PERSON
from services.centre import Centre
from services.identity import national
from storage.drafts import Draft
from texts.numbers import day
from texts.speech import Rich, label, lines, text

_WORDS_IN_REVIEW = 700
_LABEL = 40


@dataclass(frozen=True, slots=True)
class Question:
    """A message, and what its keyboard's keys mean."""

    message: Message
    keys: dict[str, str] = field(default_factory=dict)


def short(words: str, letters: int = _LABEL) -> str:
    """Cut a label so that it fits a small phone's button."""
    return clipped(words, letters)


def danger_words(centre: Centre, slots: Slots) -> Rich:
    """Whom to call at once, when the citizen's words speak of danger; a humane sentence for a person in danger."""
    if not slots.danger:
        return Rich("")
    numbers = text(
        "numbers-joined", numbers=" · ".join(f"{n.phone} ({n.title})" for n in centre.city.danger_numbers(slots.danger))
    )
    kind = "danger-person" if slots.danger == PERSON else "danger"
    told = text("danger-person-told") if slots.danger == PERSON and slots.alarmed else ""
    return lines(text(kind, numbers=numbers), told)


def _leave(draft: Draft) -> list[Button]:
    return [button("button-back", f"d:{draft.id}:b"), button("button-cancel", f"d:{draft.id}:x")]


def _words(centre: Centre, draft: Draft) -> Question:
    keys = {label("button-cancel"): f"d:{draft.id}:x"}
    rows = [[key("button-cancel")]]
    place_known = "yes" if draft.slots.place.known else "no"
    return Question(Message(text=text("ask-words", place=place_known), keyboard=Keyboard(rows=rows, once=True)), keys)


def subject_buttons(centre: Centre, draft: Draft, slugs: list[str]) -> list[list[Button]]:
    """One subject a row, by their short titles."""
    return [
        [Button(label=short(centre.city.subject(slug).short_title), data=f"d:{draft.id}:s:{slug}")] for slug in slugs
    ]


def _subject(centre: Centre, draft: Draft) -> Question:
    guesses = [slug for slug, _ in draft.slots.guesses[:3]]
    rows = subject_buttons(centre, draft, guesses)
    rows.append([button("button-other-subject", f"d:{draft.id}:so"), button("button-desk-decides", f"d:{draft.id}:sd")])
    rows.append(_leave(draft))
    asked = text("ask-subject" if guesses else "ask-subject-unknown")
    return Question(Message(text=lines(danger_words(centre, draft.slots), asked), buttons=rows))


def _subject_search(centre: Centre, draft: Draft) -> Question:
    groups = [Button(label=short(g.title, 24), data=f"d:{draft.id}:sg:{g.slug}") for g in centre.city.groups]
    others = [slug for slug, _ in draft.slots.guesses if slug != draft.slots.subject][:2]
    rows = subject_buttons(centre, draft, others)
    rows += [groups[i : i + 2] for i in range(0, len(groups), 2)]
    rows.append([button("button-desk-decides", f"d:{draft.id}:sd"), button("button-back", f"d:{draft.id}:b")])
    return Question(Message(text=text("ask-subject-search"), buttons=rows))


def _understood(centre: Centre, slots: Slots) -> Rich:
    if slots.subject is None:
        return text("understood-desk")
    name = centre.city.subject(slots.subject).title
    return text("understood" if slots.subject_by == "machine" else "chosen", subject=name)


def _outside(centre: Centre, slots: Slots) -> Rich:
    """What is not the city's, or not its alone: whom to call; filing it is the citizen's choice."""
    jurisdiction = centre.city.subject(slots.subject).jurisdiction if slots.subject else "in"
    if slots.subject is None or jurisdiction == "in":
        return Rich("")
    body = centre.city.outside_body(slots.subject)
    key = "outside-city" if jurisdiction == "out" else "shared-city"
    return text(key, body=body.title, phone=body.phone) if body else Rich("")


def _place(centre: Centre, draft: Draft) -> Question:
    slots = draft.slots
    rows = [[key("button-send-place", "location")]]
    keys = {}
    if slots.suggested_address:
        suggestion = label("button-same-address", address=short(slots.suggested_address, 30))
        rows.append([Key(label=suggestion)])
        keys[suggestion] = f"d:{draft.id}:pa"
    if draft.slots.caller is not None:  # what is answered on the phone needs no place
        rows.append([key("button-guided")])
        keys[label("button-guided")] = f"f:g:{draft.id}"
    rows.append([key("button-other-subject"), key("button-back"), key("button-cancel")])
    keys |= {
        label("button-send-place"): f"d:{draft.id}:ph",
        label("button-other-subject"): f"d:{draft.id}:so",
        label("button-back"): f"d:{draft.id}:b",
        label("button-cancel"): f"d:{draft.id}:x",
    }
    if slots.danger == PERSON:  # no title of their trouble, no talk of whose duty it is
        asked = lines(danger_words(centre, slots), text("ask-place-person"))
    else:
        asked = lines(
            danger_words(centre, slots), _understood(centre, slots), _outside(centre, slots), text("ask-place")
        )
    board = Keyboard(rows=rows, placeholder=label("place-placeholder"), once=True)
    return Question(Message(text=asked, keyboard=board), keys)


def _district(centre: Centre, draft: Draft) -> Question:
    buttons = [
        Button(label=short(district.name, 20), data=f"d:{draft.id}:di:{district.code}")
        for district in centre.city.districts
    ]
    rows = [buttons[i : i + 3] for i in range(0, len(buttons), 3)]
    rows += [[button("button-district-unknown", f"d:{draft.id}:dn")], _leave(draft)]
    return Question(Message(text=text("ask-district", address=draft.slots.place.address), buttons=rows))


def _district_line(centre: Centre, slots: Slots) -> Rich:
    if not centre.city.districts:
        return Rich("")
    if slots.place.district is None:
        return text("review-district-desk")
    name = centre.city.district(slots.place.district).name
    unsure = centre.city.approximate and slots.place.district_by != "citizen"
    return text("review-district-approximate" if unsure else "review-district", district=name)


def _contact_line(centre: Centre, slots: Slots) -> Rich:
    if slots.phone:
        return text("review-contact", phone=national(slots.phone))
    if slots.subject and not centre.city.subject(slots.subject).anonymous_allowed:
        return text("review-phone-wise")
    return text("review-anonymous")


def review_text(centre: Centre, slots: Slots) -> Rich:
    """Everything that will be filed, on one card."""
    subject = centre.city.subject(slots.subject).title if slots.subject else label("subject-desk")
    place = slots.place.address or label("place-on-map")
    return lines(
        danger_words(centre, slots),
        text("review-heading"),
        "" if slots.danger == PERSON else text("review-subject", subject=subject),
        text("review-place", place=place, mapped="yes" if slots.place.lat is not None else "no"),
        _district_line(centre, slots),
        text("review-attached", photos=len(slots.photos), others=len(slots.files)),
        _contact_line(centre, slots),
        text("review-words", words=clipped(slots.text, _WORDS_IN_REVIEW)) if slots.text else "",
        text("review-asked"),
    )


def _review(centre: Centre, draft: Draft) -> Question:
    guide = [button("button-guided", f"f:g:{draft.id}")] if draft.slots.caller else []
    rows = [
        [button("button-file", f"d:{draft.id}:f"), *guide],
        [button("button-edit", f"d:{draft.id}:e"), button("button-add-photo", f"d:{draft.id}:ap")],
        [
            button("button-stay-anonymous", f"d:{draft.id}:ca")
            if draft.slots.phone
            else button("button-give-phone", f"d:{draft.id}:c"),
            button("button-cancel", f"d:{draft.id}:x"),
        ],
    ]
    return Question(Message(text=review_text(centre, draft.slots), buttons=rows))


def _twin(centre: Centre, draft: Draft, twin: Twin, now: datetime) -> Question:
    subject = centre.city.subject(draft.slots.subject).short_title if draft.slots.subject else ""
    asked = text(
        "ask-twin",
        whose=twin.whose,
        code=twin.code,
        subject=subject,
        metres=twin.metres,
        since=day(twin.filed_at, centre.zone, now),
    )
    rows = [
        [
            button("button-twin-yes", f"d:{draft.id}:ty:{twin.request}"),
            button("button-twin-no", f"d:{draft.id}:tn:{twin.request}"),
        ],
        _leave(draft),
    ]
    pictures = [Picture(media=twin.photo)] if twin.photo else []
    return Question(Message(text=asked, buttons=rows, pictures=pictures))


_EDITABLE = {
    "button-edit-words": "ew",
    "button-edit-subject": "es",
    "button-edit-place": "ep",
    "button-edit-district": "ed",
    "button-edit-photos": "ap",
    "button-edit-contact": "c",
}


def _edit(centre: Centre, draft: Draft) -> Question:
    buttons = [
        button(name, f"d:{draft.id}:{verb}")
        for name, verb in _EDITABLE.items()
        if verb != "ed" or centre.city.districts
    ]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    rows.append([button("button-restart", f"d:{draft.id}:n"), button("button-back", f"d:{draft.id}:b")])
    return Question(Message(text=text("ask-edit"), buttons=rows))


def _photos(centre: Centre, draft: Draft) -> Question:
    rows = [[button("button-photos-done", f"d:{draft.id}:pd")]]
    if draft.slots.photos or draft.slots.files:
        rows.append([button("button-photos-drop", f"d:{draft.id}:px")])
    count = len(draft.slots.photos) + len(draft.slots.files)
    return Question(Message(text=text("ask-photos", count=count), buttons=rows))


def _contact(centre: Centre, draft: Draft) -> Question:
    own = [] if draft.slots.caller else [[key("button-send-phone", "contact")]]
    board = Keyboard(rows=[*own, [key("button-stay-anonymous")]], once=True)
    asked = text("ask-callers-number" if draft.slots.caller else "ask-contact")
    return Question(Message(text=asked, keyboard=board), {label("button-stay-anonymous"): f"d:{draft.id}:ca"})


QUESTIONS: dict[Asking, Callable[[Centre, Draft], Question]] = {
    Asking.WORDS: _words,
    Asking.SUBJECT: _subject,
    Asking.SUBJECT_SEARCH: _subject_search,
    Asking.PLACE: _place,
    Asking.DISTRICT: _district,
    Asking.REVIEW: _review,
    Asking.EDIT: _edit,
    Asking.PHOTOS: _photos,
    Asking.CONTACT: _contact,
}


def question(turn: Turn, draft: Draft) -> Question:
    """Return the open question of a draft."""
    if draft.slots.asking is Asking.TWIN and draft.slots.twin is not None:
        asked = _twin(turn.centre, draft, draft.slots.twin, turn.now)
    else:
        asked = QUESTIONS[draft.slots.asking](turn.centre, draft)
    if draft.slots.caller is None:
        return asked
    marked = lines(callers.mark(draft.slots), asked.message.text)
    return Question(asked.message.model_copy(update={"text": marked}), asked.keys)
