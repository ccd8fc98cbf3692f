"""The small story of the sweep: on both messengers a complaint with a photo, through to an official's acceptance."""

import re
from collections import defaultdict

import sqlalchemy as sa

from domain.roles import Role
from storage.tables import outbox
from tests.chaos.checking import Expected
from tests.chaos.crowd import QUESTIONS, Chat, Citizen, Complaint
from tests.chaos.scene import Scene

FLAVOURS = ("telegram", "bale")
UPDATES = 5 * len(FLAVOURS)
PEOPLE = [
    {"id": 1000 * n + m, "flavour": flavour, "first_name": name}
    for n, flavour in enumerate(FLAVOURS, 1)
    for m, name in enumerate(("مریم", "رضایی"))
]
_UNIT = "waste-1"
_WITHIN = 60.0  # seconds for an answer: the bot may be dead meanwhile
_COMPLAINTS = (
    Complaint("آشغال سر کوچه‌ی اول سه روزه مونده بو گرفته", 36.315, 59.545, photo=True),
    Complaint("آشغال سر کوچه‌ی دوم سه روزه مونده بو گرفته", 36.302, 59.562, photo=True),
)
_ACCEPTED = "پذیرفت"


class Office:
    """A citizen and an official of the unit on each messenger."""

    def __init__(self, scene: Scene) -> None:
        people = [scene.simulator.person(int(str(row["id"]))) for row in PEOPLE]
        self._scene = scene
        self._citizens = [Citizen(one, told_more=(_ACCEPTED,)) for one in people[::2]]
        self._officials = people[1::2]
        self._pressed: dict[Chat, list[int]] = {}

    async def open(self) -> None:
        """Employ the officials."""
        for official in self._officials:
            await self._scene.employ(official, Role.OFFICIAL, _UNIT)

    async def story(self) -> None:
        """Play it: each acts as soon as they have heard what they wait for."""
        for citizen, official, complaint in zip(self._citizens, self._officials, _COMPLAINTS, strict=True):
            heard = citizen.person.expect
            await citizen.start()
            await heard("سلام", within=_WITHIN)
            await citizen.complain(complaint)
            await heard("کجاست", within=_WITHIN)
            await citizen.show_place()
            await heard("مرور", within=_WITHIN)
            await citizen.file()
            await heard("کد پیگیری", within=_WITHIN)
            await official.expect("اول" if complaint is _COMPLAINTS[0] else "دوم", within=_WITHIN)
            self._pressed[official.account.flavour, official.id] = list(await official.press("می‌پذیرم"))
            await heard(_ACCEPTED, within=_WITHIN)

    def expected(self) -> Expected:
        """Return what has to be found in the end."""
        deeds = ("file", "accept")
        return Expected(self._citizens, self._pressed, tuple(self._pressed), deeds, self._scene.in_flight)


def _masked(text: str) -> str:
    """Leave out what differs between two runs: numbers, times and codes."""
    return re.sub(r"\d+", "#", text)


async def screens(scene: Scene) -> dict[Chat, list[str]]:
    """Return what each chat shows in the end, by the rows of the outbox, so without repetitions.

    A question that may be replaced by the next one, having been in flight at a kill, is left out.
    """
    query = sa.select(outbox.c.messenger, outbox.c.chat_id, outbox.c.message_id)
    query = query.where(outbox.c.state == "sent", outbox.c.edits.is_(None)).order_by(outbox.c.message_id)
    async with scene.database.read() as tx:
        rows = (await tx.execute(query)).all()
    found: dict[Chat, list[str]] = defaultdict(list)
    for messenger, chat, number in rows:
        seen = scene.simulator.person(chat).messages()
        found[messenger, chat] += [
            f"{one.kind}: {_masked(one.text)} {one.buttons}"
            for one in seen
            if one.id == number and QUESTIONS[0] not in one.text
        ]
    return dict(found)
