"""A citizen who files a whole complaint in five updates: words, place, number asked, number given, sent."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache

from benchmarks.crowd import PATIENCE, Crowd
from benchmarks.processes import ROOT
from simulator.person import Person
from storage.city_files import load_city

_SAID = (
    "سلام، {days} روز است زباله‌های {street} {number} را نبرده‌اند و بوی بدی گرفته",
    "ماشین آشغالی {days} شبه که نمیاد {street} {number}، همه‌جا پر از کیسه زباله شده",
    "سلام، {days} شب است ماشین زباله به {street} {number} نمی‌آید و کیسه‌های زباله مانده‌اند",
    "زباله‌های {street} {number} {days} روز است جمع‌آوری نشده و بو گرفته",
    "خسته نباشید، ماشین زباله {days} شبه به {street} {number} نمیاد و آشغالا جمع نمیشه",
    "چرا ماشین آشغالی {days} شبه {street} {number} نمیاد؟ زباله‌ها مونده و بو گرفته",
)
_STREETS = ("سجاد", "هاشمیه", "وکیل‌آباد", "کوهسنگی", "احمدآباد", "فلسطین", "دانشجو", "معلم", "امامت", "صیاد شیرازی")
_APART = 0.003
"""Degrees between two people, some 300 metres: too far for one complaint to be taken for another's."""


def words_of(number: int) -> str:
    """Return what a person writes, no two the same: what was understood before must not be taken from a memory."""
    said, number = _SAID[number % len(_SAID)], number // len(_SAID)
    street, number = _STREETS[number % len(_STREETS)], number // len(_STREETS)
    return said.format(days=2 + number % 7, street=street, number=1 + number // 7)


@dataclass(frozen=True)
class _Step:
    act: Callable[[Person], Awaitable[object]]
    answer: str  # words of the answer that end the step


@cache
def _places() -> list[tuple[float, float]]:
    """Return points all over the city, in no order but always in the same."""
    city = load_city(ROOT / "cities" / "mashhad")
    lats = [36.20 + _APART * n for n in range(70)]
    lons = [59.40 + _APART * n for n in range(110)]
    found = [(lat, lon) for lat in lats for lon in lons if city.district_at(lat, lon)]
    random.Random(137).shuffle(found)  # noqa: S311
    return found


def _place(person: Person) -> tuple[float, float]:
    return _places()[person.id % len(_places())]


STEPS = (
    _Step(lambda person: person.write(words_of(person.id)), "جمع نشدن زباله"),
    _Step(lambda person: person.location(*_place(person)), "مرور درخواست"),
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
