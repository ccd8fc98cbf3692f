"""A person at a screen who reads buttons: presses one of what is offered, answers what is asked, leaves when lost."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulator.person import CannotDo, Person
from simulator.views import Button, Seen
from tests.chaos.crowd import picture

LEAVE = ("انصراف", "بازگشت", "لغو")
_PAGING = ("قبلی", "بعدی", "قدیمی‌ترها")
_LOOKED_AT = 25  # messages back
_UNREAD = 60  # messages back: whoever comes home after more than these reads no further


@dataclass
class Reader:
    """One person, their dice, and the words they use when something is to be written."""

    person: Person
    chance: random.Random
    words: Sequence[str]
    read: int = 0
    presses: int = 0
    refused: int = 0
    failed: list[str] = field(default_factory=list)

    def newest(self, count: int = _LOOKED_AT) -> list[Seen]:
        """Return the newest messages of the bot in the private chat, the newest last."""
        return [one for one in self.person.messages(newest=2 * count) if one.from_bot][-count:]

    def unread(self) -> list[Seen]:
        """Return what the bot said since this person looked last, and remember that it was read."""
        found = [one for one in self.person.messages(newest=_UNREAD) if one.from_bot and one.id > self.read]
        if found:
            self.read = found[-1].id
        return found

    def offers(self, wanted: Callable[[Button], bool]) -> list[tuple[Seen, Button]]:
        """Return the buttons on the newest messages that are wanted."""
        return [(one, b) for one in self.newest() for row in one.rows for b in row if not b.url and wanted(b)]

    async def press(self, message: Seen, button: Button) -> None:
        """Press a button; whatever comes of it, life goes on."""
        self.presses += 1
        try:
            await self.person.press(button.data or button.label, message.id)
        except (LookupError, CannotDo) as problem:  # the message changed under the finger
            self.failed.append(str(problem)[:80])

    async def say_something(self) -> None:
        """Write one of the usual sentences."""
        await self.person.write(self.chance.choice(self.words))

    async def answer(self, question: Seen) -> bool:
        """Answer what a message asks, by a button, a photo or words; False when it asks nothing."""
        every = [b for row in question.rows for b in row if not b.url]
        choices = [b for b in every if b.label not in LEAVE + _PAGING]
        if not any(b.label in LEAVE for b in every):
            return False
        if "عکس کار" in question.text:
            await self.person.photo(picture(f"{self.person.id}-{self.presses}"))
        elif choices and self.chance.random() < 0.9:
            await self.press(question, self.chance.choice(choices))
        elif "بنویسید" in question.text and "کد" not in question.text.split(":")[-1]:
            await self.say_something()
        else:
            await self.press(question, next(b for b in every if b.label in LEAVE))
        return True
