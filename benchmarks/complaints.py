"""A citizen who files a whole complaint in five updates: words, place, number asked, number given, sent."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from benchmarks.crowd import PATIENCE, Crowd
from simulator.person import Person

WORDS = "آشغال سر کوچه‌ی ما سه روزه مونده بو گرفته، سجاد ۱۲"
_PLACE = (36.315, 59.545)


@dataclass(frozen=True)
class _Step:
    act: Callable[[Person], Awaitable[object]]
    answer: str  # words of the answer that end the step


STEPS = (
    _Step(lambda person: person.write(WORDS), "جمع نشدن زباله"),
    _Step(lambda person: person.location(*_PLACE), "مرور درخواست"),
    _Step(lambda person: person.press("شمارهٔ تماس می‌دهم"), "اگر شماره بدهید"),
    _Step(lambda person: person.contact(), "مرور درخواست"),
    _Step(lambda person: person.press("ثبت"), "کد پیگیری"),
)


@dataclass
class Walk:
    """What a number of complaints took; `waits` are the seconds of every single answer."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)


async def complain(crowd: Crowd, number: int, walk: Walk | None = None) -> None:
    """Let one person go all the way; raises TimeoutError when an answer does not come."""
    person = crowd.person(number)
    for step in STEPS:
        answer = crowd.hears(number, step.answer)
        began = time.perf_counter()
        await step.act(person)
        told = await asyncio.wait_for(answer, PATIENCE)
        if walk is not None:
            walk.waits.append(told - began)


async def complaints(crowd: Crowd, people: range, at_once: int) -> Walk:
    """Let people complain, so many of them at the same time, each going on as soon as they are answered."""
    walk, queue = Walk(), iter(people)

    async def one_after_another() -> None:
        for number in queue:
            await complain(crowd, number, walk)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_another())
    walk.seconds = time.perf_counter() - began
    return walk
