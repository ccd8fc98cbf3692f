"""Whether a message asks for anything: greetings, thanks, talk about the bot and bare insults do not."""

import re
from typing import Literal

from nlp import courtesy, digits, forms
from nlp.words import words

Kind = Literal["request", "none"]

_LONGEST_SMALL_TALK = 14

_ABOUT_BOT = re.compile(
    r"\b(?:(?:تو|شما|این|یک)? ?(?:ربات|روبات|بات|هوش مصنوعی|ادم|انسان|اپراتور)"
    r" ?(?:ی|ه|هستی|هستید|هستین|واقعی\w*|است|چیست|چیه|چی|کار|یا|خوبی|باحال|جدید)"
    r"|اسمت|اسم شما|کی هستی|چه کسی هستی|تو کی|شما کی هستید|کی ساختت|چند سالته|چی بلدی|چه کار بلدی"
    r"|چکار میکنی|چیکار میکنی|چه کار میکنی|چطور کار میکنی|چطوری کار میکنی|جواب میدی|کسی هست|کسی اینجا|انلاین\w*|انلاینی"
    r"|تست|امتحان|ازمایش|ازمایشی|استارت|start|test|hello|hi|hey|bot|salam|slm|mamnun|mamnoon|merci|mersi|thanks|thank)\b"
)
_SMALL_TALK = words("small_talk")
# Insults that stand alone; beside a matter they change nothing.
_INSULTS = words("insults")
_VAGUE_IN_INSULTS = frozenset({"دزد", "دزدا", "دزدها", "اشغال", "اشغالا", "اشغالها"})


def kind(text: str) -> Kind:
    """Return "none" for a message without anything to act on, otherwise "request"."""
    words = forms.folded(text).split()
    return "none" if _nothing(words) or _small_talk(words) or _bare_insult(words) else "request"


def _nothing(words: list[str]) -> bool:
    """Only emoji, signs, numbers or single letters."""
    return all(len(word) < 2 or digits.latin(word).isdigit() for word in words)


def _small_talk(words: list[str]) -> bool:
    rest = [word for word in words if not courtesy.only_courtesy([word])]
    if all(word in _SMALL_TALK for word in rest):
        return True
    if len(words) > _LONGEST_SMALL_TALK or sum(word not in _SMALL_TALK for word in rest) > 1:
        return False
    return _ABOUT_BOT.search(" ".join(words)) is not None


def _bare_insult(words: list[str]) -> bool:
    rest = [word for word in words if not courtesy.only_courtesy([word])]
    if not rest or not all(word in _INSULTS for word in rest):
        return False
    return not set(rest) <= _VAGUE_IN_INSULTS
