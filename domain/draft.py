"""What a citizen has said so far: slots that any message may fill in any order, and the one question asked next."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_PHOTOS = 10
MAX_WORDS = 4000
"""Letters kept of a complaint; a longer one is cut and the citizen is told."""


class Asking(StrEnum):
    """The question that stands open; the next plain words answer it."""

    WORDS = "words"
    SUBJECT = "subject"
    SUBJECT_SEARCH = "subject_search"
    PLACE = "place"
    DISTRICT = "district"
    TWIN = "twin"  # is it the request that is there already?
    REVIEW = "review"
    EDIT = "edit"
    PHOTOS = "photos"
    CONTACT = "contact"


class _Slot(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Part(_Slot):
    """One message of words; `message` is its number in the chat, so that the citizen's later edit finds it."""

    message: int
    text: str


class Place(_Slot):
    """Where it is; a position, an address, or both."""

    lat: float | None = None
    lon: float | None = None
    address: str = ""
    district: str | None = None
    district_by: Literal["map", "name", "citizen", ""] = ""
    source: Literal["pin", "photo", "link", "typed", "text"] = "typed"

    @property
    def known(self) -> bool:
        """Tell whether anything is known at all."""
        return bool(self.address) or self.lat is not None


class Twin(_Slot):
    """An open request nearby that may be the same one, as it was when it was found; `metres` away."""

    request: int
    code: str
    metres: int
    filed_at: datetime
    photo: int | None = None
    whose: Literal["mine", "joined", "other"] = "other"


class Caller(_Slot):
    """Who is on the phone with the operator whose draft it is; the number as it was said, E.164, empty for none."""

    phone: str = ""


class Slots(_Slot):
    """Everything of a draft. `suggested_*` are the machine's guesses that the citizen has not confirmed."""

    words: list[Part] = Field(default_factory=list)
    subject: str | None = None
    subject_by: Literal["citizen", "machine", "desk", ""] = ""
    guesses: list[tuple[str, float]] = Field(default_factory=list)
    model: str = ""
    second: str | None = None  # the subject of another problem in the same words, offered once this one is filed
    second_words: str = ""
    danger: str = ""
    alarmed: bool = False  # somebody of ours was told of the person in danger
    place: Place = Field(default_factory=Place)
    suggested_address: str = ""
    suggested_district: str | None = None
    photos: list[int] = Field(default_factory=list)
    files: list[int] = Field(default_factory=list)  # voice, video, documents
    phone: str = ""
    phone_verified: bool = False
    caller: Caller | None = None  # for whom an operator fills it; none: it is the account's own
    district_skipped: bool = False
    twin: Twin | None = None
    not_twins: list[int] = Field(default_factory=list)  # requests the citizen said are others
    asking: Asking = Asking.WORDS
    answer_ref: int | None = None  # the outbox row that shows the newest question, amended while an album arrives

    @property
    def text(self) -> str:
        """The citizen's words, in the order they were written."""
        return "\n".join(part.text for part in self.words)

    @property
    def has_content(self) -> bool:
        """Tell whether there is anything an official could act on."""
        return bool(self.words or self.photos or self.files)

    @property
    def subject_settled(self) -> bool:
        """Tell whether the subject is known, or left to the desk."""
        return self.subject is not None or self.subject_by == "desk"


def next_question(slots: Slots, *, has_districts: bool) -> Asking:
    """Choose what is asked next: only what is missing, and in the order a person would tell it."""
    if not slots.has_content:
        return Asking.WORDS
    if not slots.subject_settled:
        return Asking.SUBJECT
    if not slots.place.known:
        return Asking.PLACE
    if has_districts and slots.place.district is None and not slots.district_skipped:
        return Asking.DISTRICT
    if slots.twin is not None:
        return Asking.TWIN
    return Asking.REVIEW


BACK = {
    Asking.SUBJECT_SEARCH: Asking.SUBJECT,
    Asking.EDIT: Asking.REVIEW,
    Asking.PHOTOS: Asking.REVIEW,
    Asking.CONTACT: Asking.REVIEW,
    Asking.REVIEW: Asking.PLACE,
    Asking.TWIN: Asking.PLACE,
    Asking.DISTRICT: Asking.PLACE,
    Asking.PLACE: Asking.SUBJECT,
    Asking.SUBJECT: Asking.WORDS,
}
"""Where «بازگشت» leads from each question."""
