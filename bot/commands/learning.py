"""`bot learn`: one lesson now, and the way back to the model before."""

import asyncio
from dataclasses import replace

from bot.clock import Clock
from bot.commands.failing import fail, plain_failures
from bot.learner import Learner
from bot.settings import Settings
from bot.wiring import city_at, learning_of
from storage import lessons
from storage.database import Database
from storage.lessons import Lesson

_NO_ENVIRONMENT = "The environment for training is not there: make set-up-train builds it, or TRAINING_PYTHON names it."


async def _learn(settings: Settings) -> Lesson:
    learning = learning_of(settings, city_at(settings.city))
    if not learning.possible:
        raise fail(_NO_ENVIRONMENT)
    database = Database(settings.database_url)
    try:
        return await Learner(database, learning, Clock()).teach()
    finally:
        await database.close()


def learn(settings: Settings) -> str:
    """Train now; return in a sentence what came of it."""
    with plain_failures():
        lesson = asyncio.run(_learn(settings))
        why = lesson.figures.get("why", "")
        if lesson.outcome == "failed":
            raise fail(f"The training failed: {why}")
        told = {"promoted": "The new model is in use.", "refused": f"The model in use stays: {why}."}
        return f"{lesson.labels} labels. {told[lesson.outcome]}"


async def _note(settings: Settings, lesson: Lesson) -> None:
    database = Database(settings.database_url)
    try:
        async with database.write() as tx:
            before = next(iter(await lessons.latest(tx, 1)), None)
            await lessons.keep(tx, replace(lesson, last_correction=before.last_correction if before else None))
    finally:
        await database.close()


def roll_back(settings: Settings) -> str:
    """Use the model before the present one; return in a sentence which one that is."""
    with plain_failures():
        shelf = learning_of(settings, city_at(settings.city)).shelf
        try:
            model = shelf.roll_back().stem
        except LookupError as error:
            raise fail(f"There is no way back: {error}.") from None
        asyncio.run(_note(settings, Lesson(Clock().now(), "rolled_back", model, 0, None, {})))
        return f"In use now: {model}. Running bots notice within half a minute."
