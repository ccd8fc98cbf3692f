"""`bot learn`: one lesson now, and the way back to the model before."""

import asyncio
from pathlib import Path

from bot.clock import Clock
from bot.commands.failing import fail, plain_failures
from bot.learner import Learner
from bot.settings import Settings
from bot.wiring import city_at, learning_of
from nlp.shelf import Shelf
from storage import lessons
from storage.database import Database
from storage.lessons import ROLLED_BACK, Lesson

_NO_ENVIRONMENT = "The environment for training is not there: make set-up-train builds it, or TRAINING_PYTHON names it."
_NOT_AT_NIGHT = (
    "Nothing is learnt at night until `learn` is run by hand. It reads the same corrections: mend wrong ones first."
)


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


async def _roll_back(settings: Settings, shelf: Shelf) -> Path:
    database = Database(settings.database_url)
    try:
        # the model is changed within: a database that is away leaves it as it is, and the nights would not wait
        async with database.write() as tx:
            learnt = await lessons.learnt_from(tx)
            model = shelf.roll_back()
            await lessons.keep(tx, Lesson(Clock().now(), ROLLED_BACK, model.stem, 0, learnt or None, {}))
    finally:
        await database.close()
    return model


def roll_back(settings: Settings) -> str:
    """Use the model before the present one; return in a sentence which one that is."""
    with plain_failures():
        shelf = learning_of(settings, city_at(settings.city)).shelf
        try:
            model = asyncio.run(_roll_back(settings, shelf))
        except LookupError as error:
            raise fail(f"There is no way back: {error}.") from None
        return f"In use now: {model.stem}. Running bots notice within half a minute. {_NOT_AT_NIGHT}"
