"""Who lives and works in the simulated town, and what they do in an hour."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.views import Button
from tests.week.screens import Reader

_COMPLAINTS = (
    "آشغال سر کوچه سه روزه مونده بو گرفته",
    "مخزن زباله شکسته و پر شده",
    "یه چاله بزرگ وسط خیابون افتاده ماشین‌ها می‌افتن توش",
    "چراغ کوچه یه هفته‌ست خاموشه شب‌ها تاریکه",
    "جوی آب گرفته و آب توی خیابون راه افتاده",
    "درخت جلوی خونه خشک شده می‌ترسم بیفته",
    "پیاده‌رو رو نخاله ریختن رد نمیشه شد",
    "سگ‌های ولگرد توی پارک زیاد شدن",
    "آسفالت کوچه رو کندن و درست نکردن",
    "تابلوی ایست سر چهارراه افتاده",
)
_URGENT = "سیم برق پاره شده افتاده کف پیاده‌رو جرقه می‌زند"
_SPOTS = ((3, 4, 0), (12, 20, 2), (25, 7, 6))
"""Where the same is complained of again and again: row and column of the grid, and which complaint."""
_CITIZENS_WORDS = ("جلوی پلاک ۱۲ است", "هنوز همان است", "کنار مدرسه است", "ممنون از پیگیری", "کی درست می‌شود؟")
_STAFF_WORDS = ("رسیدگی شد", "همکاران رفتند و انجام دادند", "در دست پیمانکار است", "لطفاً نشانی دقیق‌تر بدهید")
_CORNER = (36.29, 59.46)
_STEP = 0.0007  # degrees: some complaints lie beside another, most do not

_WORKED_WITH = ("w:", "q:", "y:go", "y:no", "y:dk")
"""The buttons of cards, of the desk's queue and of calls."""

# How likely a card's button is pressed, beside the others that stand there; what is not named here counts 1.
_LIKES = {
    "accept": 8.0, "solve": 8.0, "start": 3.0, "not_solve": 1.0, "warn": 1.0, "plan": 1.0, "ask": 1.0, "refer": 0.5,
    "assign": 0.5, "guide": 2.0, "conclude": 4.0, "rule": 4.0, "resume": 4.0, "outside": 0.3, "note": 0.5,
    "merge": 0.5, "phone": 0.2, "history": 0.2, "more": 0.7, "correct": 0.3, "card": 1.5, "split": 2.0,
    "q:next": 3.0, "q:take": 1.0, "q:back": 0.2, "q:k": 0.2, "y:go": 6.0, "y:no": 1.0, "y:dk": 4.0,
}  # fmt: skip


@dataclass
class Citizen:
    """Somebody who complains, is asked, joins, judges and now and then withdraws."""

    reader: Reader
    complaints: float = 0.3
    filed: int = 0

    async def live(self) -> None:
        """Do one thing: first what is asked, else perhaps complain."""
        reader, chance = self.reader, self.reader.chance
        for message in reversed(reader.unread()):
            if await self._react(message.labels, message):
                return
        if chance.random() < self.complaints:
            await self._complain()
        elif chance.random() < 0.05:
            await reader.say_something()

    async def _complain(self) -> None:
        reader, chance = self.reader, self.reader.chance
        row, column, which = chance.randrange(30), chance.randrange(30), chance.randrange(len(_COMPLAINTS))
        if chance.random() < 0.3:
            row, column, which = chance.choice(_SPOTS)
        words = _URGENT if chance.random() < 0.03 else f"{_COMPLAINTS[which]} شماره {reader.person.id}"
        await reader.person.write(words)
        await reader.person.location(_CORNER[0] + row * _STEP, _CORNER[1] + column * _STEP)
        self.filed += 1

    async def _react(self, labels: Sequence[str], message: object) -> bool:
        reader = self.reader
        liked = {label: weight for label, weight in _REACTIONS.items() if label in labels}
        if not liked:
            return False
        label = reader.chance.choices(list(liked), weights=list(liked.values()))[0]
        if label:
            await reader.person.press(label)
        return True


_REACTIONS = {
    "ثبت": 9.0,
    "بله، همان است": 5.0,
    "نه، جداست": 2.0,
    "کارشناس تعیین کند": 3.0,
    "میز ۱۳۷ تعیین کند": 3.0,
    "بله، حل شد": 5.0,
    "نه، حل نشد": 3.0,
    "بله، می‌پذیرم": 3.0,
    "نه، اعتراض دارم": 2.0,
    "اصلاً نیامدند": 1.0,
    "نیمه‌کاره ماند": 1.0,
    "پاسخ می‌دهم": 4.0,
}
"""How likely a citizen presses what, of the buttons that stand under a message."""


@dataclass
class Worker:
    """Somebody of the staff: works on cards, answers what is asked, sorts the queue."""

    reader: Reader
    menu: Sequence[str] = field(default=())

    async def work(self) -> None:
        """Do one thing: answer an open question, else press a button of some card, else look at the desk."""
        reader, chance = self.reader, self.reader.chance
        newest = reader.newest(1)
        if newest and newest[-1].id > reader.read and await reader.answer(newest[-1]):
            reader.read = newest[-1].id
            return
        offers = reader.offers(lambda button: button.data.startswith(_WORKED_WITH))
        weights = [_LIKES.get(_verb(button), 1.0) for _, button in offers]
        if offers and sum(weights) > 0 and chance.random() < 0.8:
            message, button = chance.choices(offers, weights=weights)[0]
            await reader.press(message, button)
        elif self.menu:
            await reader.person.write(chance.choice(self.menu))


def _verb(button: Button) -> str:
    kind, verb, *rest = [*button.data.split(":"), "", ""]
    return rest[0] if kind == "w" else f"{kind}:{verb}"


def citizen(person: object, chance: random.Random, complaints: float) -> Citizen:
    """Let a person live here."""
    return Citizen(Reader(person, chance, _CITIZENS_WORDS), complaints)  # type: ignore[arg-type]


def worker(person: object, chance: random.Random, menu: Sequence[str]) -> Worker:
    """Let a person work here."""
    return Worker(Reader(person, chance, _STAFF_WORDS), menu)  # type: ignore[arg-type]
