"""Citizens who file complaints one after another, and say what must be found of it in the end."""

import random
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from simulator.person import Person
from simulator.server import Simulator

_COMPLAINT = "آشغال سر کوچه سه روزه مونده، گزارش {number} از {who}"
_FILE = "ثبت"  # the button of the review card, typed
TURNS = 20  # /start, six complaints of three turns each, and thanks


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint as it was said: the words that only it has, its place, and whether a photo came with it."""

    words: str
    lat: float
    lon: float
    photo: bool


@dataclass
class Citizen:
    """Says the same few things over and over: complaint, place, yes."""

    person: Person
    messenger: str
    complaints: list[Complaint] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)

    async def _say(self, step: int, complaint: Complaint, picture: bytes) -> None:
        match step:
            case 0 if complaint.photo:
                ids = await self.person.photo(picture, complaint.words)
            case 0:
                ids = await self.person.write(complaint.words)
            case 1:
                ids = await self.person.location(complaint.lat, complaint.lon)
            case _:
                ids = await self.person.write(_FILE)
        self.updates += ids

    async def speak(self, turn: int, chance: random.Random) -> None:
        """Say what comes at a turn: first /start, last thanks, between them three turns for each complaint."""
        if turn in (0, TURNS - 1):
            self.updates += await (self.person.write("ممنون") if turn else self.person.start())
            return
        number, step = divmod(turn - 1, 3)
        if step == 0:
            words = _COMPLAINT.format(number=number, who=self.person.id)
            lat, lon = round(36.28 + chance.random() / 20, 6), round(59.53 + chance.random() / 20, 6)
            self.complaints.append(Complaint(words, lat, lon, photo=chance.random() < 0.2))
        await self._say(step, self.complaints[number], picture(self.person.id * 100 + number))


def picture(seed: int) -> bytes:
    """Draw a small JPEG that no other seed has."""
    chance = random.Random(seed)
    image = Image.frombytes("RGB", (32, 32), chance.randbytes(32 * 32 * 3))
    kept = BytesIO()
    image.save(kept, "JPEG", quality=90)
    return kept.getvalue()


def config(citizens: int) -> dict[str, object]:
    """Describe a simulator with a bot on each messenger; a fifth of the citizens are on Bale."""
    bots = [
        {"token": "137:TELEGRAM-TEST", "flavour": "telegram", "username": "Chaos137Bot", "name": "۱۳۷"},
        {"token": "731:BALE-TEST", "flavour": "bale", "username": "chaos137_bot", "name": "۱۳۷"},
    ]
    people = [
        {"id": 5000 + n, "flavour": "bale" if n % 5 == 0 else "telegram", "first_name": f"شهروند {n}"}
        for n in range(citizens)
    ]
    return {"bots": bots, "people": people}


def crowd(simulator: Simulator, citizens: int) -> list[Citizen]:
    """Return the citizens of a simulator made with `config`."""
    people = [simulator.person(5000 + n) for n in range(citizens)]
    return [Citizen(person, person.account.flavour) for person in people]
