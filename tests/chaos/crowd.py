"""Citizens who file complaints one after another, and say what must be found of it in the end."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from domain.roles import Role
from simulator.person import Person
from tests.chaos.scene import Scene
from texts.numbers import persian

Chat = tuple[str, int]
"""A messenger and the chat's number there."""

TURNS = 20  # /start, six complaints of three turns each, and thanks
_COMPLAINT = "آشغال سر کوچه سه روزه مونده، گزارش {number} از {who}"
_FILE = "ثبت"  # the button of the review card, typed
_WHERE, _REVIEW = "کجاست", "مرور درخواست"
_CITIZENS, _OPERATORS = 5000, 9000  # the first account's number
_CORNER = (36.28, 59.53)
_APART = 0.002  # degrees between two places: about 200 m, so that no complaint lies beside another


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint as it was said: the words that only it has, its place, and whether a photo came with it."""

    words: str
    lat: float
    lon: float
    photo: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of a message that a citizen has to get; a question is replaced by the next one if it has not left yet."""

    words: str
    replaced_by: str = ""


QUESTIONS = (_WHERE, _REVIEW)
"""A row that was in flight with the first of them may be sent the next time with the second."""


@dataclass
class Citizen:
    """Somebody in a private chat with the bot: what they said, and the numbers of the updates it made."""

    person: Person
    complaints: list[Complaint] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)
    told_more: tuple[str, ...] = ()
    """What the citizen is told about each request after its code."""
    thanked: bool = False

    @property
    def chat(self) -> Chat:
        """The chat with the bot."""
        return self.person.account.flavour, self.person.id

    def wanted(self, codes: Sequence[str]) -> list[Heard]:
        """Return what has to be in each message of the chat, in order; `codes` are those of the requests."""
        heard = [Heard("سلام")]
        for code in codes:
            heard += [Heard(_WHERE, replaced_by=_REVIEW), Heard(_REVIEW), Heard(persian(code))]
            heard += [Heard(more) for more in self.told_more]
        return [*heard, Heard("سلام")] if self.thanked else heard

    async def start(self) -> None:
        """Press the start button."""
        self.updates += await self.person.start()

    async def complain(self, complaint: Complaint) -> None:
        """Say what is wrong."""
        self.complaints.append(complaint)
        if complaint.photo:
            self.updates += await self.person.photo(picture(complaint.words), complaint.words)
        else:
            self.updates += await self.person.write(complaint.words)

    async def show_place(self) -> None:
        """Send the location of the newest complaint."""
        self.updates += await self.person.location(self.complaints[-1].lat, self.complaints[-1].lon)

    async def file(self) -> None:
        """Say yes to the review."""
        self.updates += await self.person.write(_FILE)

    async def thank(self) -> None:
        """Say something that asks for nothing."""
        self.thanked = True
        self.updates += await self.person.write("ممنون")

    async def speak(self, turn: int, chance: random.Random) -> None:
        """Say what comes at a turn: first /start, last thanks, between them three turns for each complaint."""
        number, step = divmod(turn - 1, 3)
        if turn == 0:
            await self.start()
        elif turn == TURNS - 1:
            await self.thank()
        elif step == 0:
            words = _COMPLAINT.format(number=number, who=self.person.id)
            row, column = divmod((self.person.id - _CITIZENS) * 6 + number, 25)
            place = round(_CORNER[0] + row * _APART, 6), round(_CORNER[1] + column * _APART, 6)
            await self.complain(Complaint(words, *place, photo=chance.random() < 0.2))
        elif step == 1:
            await self.show_place()
        else:
            await self.file()


def picture(of: str) -> bytes:
    """Draw a small JPEG that no other words have."""
    chance = random.Random(of)
    image = Image.frombytes("RGB", (32, 32), chance.randbytes(32 * 32 * 3))
    kept = BytesIO()
    image.save(kept, "JPEG", quality=90)
    return kept.getvalue()


def people(citizens: int) -> list[dict[str, object]]:
    """Describe so many citizens, a fifth of them on Bale, and one operator of the desk on each messenger."""
    operators = [{"id": _OPERATORS + n, "flavour": f, "first_name": "میز"} for n, f in enumerate(("telegram", "bale"))]
    return operators + [
        {"id": _CITIZENS + n, "flavour": "bale" if n % 5 == 0 else "telegram", "first_name": f"شهروند {n}"}
        for n in range(citizens)
    ]


async def crowd(scene: Scene, citizens: int) -> list[Citizen]:
    """Return the citizens of a scene made with `people`; the operators, who read every card, are employed."""
    for number in range(2):
        await scene.employ(scene.simulator.person(_OPERATORS + number), Role.OPERATOR)
    return [Citizen(scene.simulator.person(_CITIZENS + n)) for n in range(citizens)]


READERS: tuple[Chat, ...] = (("telegram", _OPERATORS), ("bale", _OPERATORS + 1))
"""The chats of the operators."""


async def speak(citizens: Sequence[Citizen], turns: range, chance: random.Random, pause: float) -> int:
    """Let all citizens have their turns, in a random order between the chats; return how many updates that made."""
    order = [citizen for citizen in citizens for _ in turns]
    chance.shuffle(order)
    had = {citizen.chat: turns.start for citizen in citizens}
    for citizen in order:
        await citizen.speak(had[citizen.chat], chance)
        had[citizen.chat] += 1
        if pause:
            await asyncio.sleep(pause * chance.random())
    return len(order)
