"""What the bot says, before any messenger's dialect: a text, its buttons, its pictures."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_CALLBACK_BYTES = 64


class Priority:
    """Order of sending between chats: a lower number leaves first."""

    REPLY = 0
    PUSH = 1
    NOTICE = 2


class _Neutral(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Button(_Neutral):
    """A button under a message: it either sends `data` back or opens `url`."""

    label: str
    data: str = ""
    url: str = ""


class Key(_Neutral):
    """A key of the reply keyboard; `asks` makes the messenger send a position or the person's own contact."""

    label: str
    asks: Literal["", "location", "contact"] = ""


class Keyboard(_Neutral):
    """The reply keyboard under the typing field; no rows means: take it away."""

    rows: list[list[Key]] = Field(default_factory=list)
    placeholder: str = ""
    once: bool = False


class Picture(_Neutral):
    """A file to send, by its id in our media table."""

    media: int
    caption: str = ""
    """What it shows, in rich text: said under it where it stands among others."""


class Pin(_Neutral):
    """A position to show on a map."""

    lat: float
    lon: float


class Form(StrEnum):
    """What is done with a message in the messenger."""

    SEND = "send"
    EDIT = "edit"  # text, caption and buttons of an earlier message of ours
    DELETE = "delete"


class Message(_Neutral):
    """One thing said to one chat: rich text (domain.richtext), buttons or keyboard, and pictures or a pin.

    One picture carries the text as its caption when it fits; with several, the text follows the album.
    """

    text: str = ""
    buttons: list[list[Button]] = Field(default_factory=list)
    keyboard: Keyboard | None = None
    pictures: list[Picture] = Field(default_factory=list)
    pin: Pin | None = None
    reply_to: int | None = None
    wants_reply: bool = False
    """In a group: the answer is to be a reply to this message, where bots hear nothing else; buttons give way then."""
    silent: bool = False
    form: Form = Form.SEND


class Toast(_Neutral):
    """The short answer to a pressed button; an alert stays until the person closes it."""

    text: str = ""
    alert: bool = False
