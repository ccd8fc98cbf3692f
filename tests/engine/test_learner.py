"""Lessons at night: given once when there is something new, kept with what came of them, and never in the way."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.learner import Learner, Learning, ModelReader
from domain.lifecycle import Outcome, State
from domain.roles import Role
from nlp.shelf import Shelf
from nlp.subjects import SHIPPED, SubjectModel
from storage import corrections, lessons, people, requests, tables
from storage.database import Database
from storage.lessons import Lesson

TEHRAN = ZoneInfo("Asia/Tehran")
NIGHT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # half past four in Tehran
WORDS = "چراغ کوچه خاموش است، تماس ۰۹۱۵۱۱۱۲۲۳۳"

_TRAINER = """\
import json, sys
arguments = dict(zip(sys.argv[4::2], sys.argv[5::2]))
rows = [json.loads(line) for line in open(arguments["--labels"], encoding="utf-8")]
open({folder!r} + "/seen.json", "w").write(json.dumps(rows))
{then}
"""
_PROMOTED = 'open(arguments["--output"] + ".npz", "wb").write(b"model"); print(json.dumps({"outcome": "promoted"}))'
_REFUSED = 'print(json.dumps({"outcome": "refused", "why": "the blind letters fell"}))'
_BREAKS = 'sys.exit("no scikit-learn")'

Teach = Callable[[str], Learning]


@pytest.fixture
def teacher(tmp_path: Path) -> Teach:
    """Make an environment whose python is a small script that stands for the training."""

    def make(then: str) -> Learning:
        script = tmp_path / "trainer.py"
        script.write_text(_TRAINER.format(folder=str(tmp_path), then=then), encoding="utf-8")
        python = tmp_path / "python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', encoding="utf-8")
        python.chmod(0o755)
        return Learning(Shelf(tmp_path / "models"), python, TEHRAN, Path("cities/qom/subjects.json"))

    return make


async def _request(database: Database, subject: str, *, corrected: bool, outcome: Outcome | None = None) -> None:
    async with database.write() as tx:
        account = await people.meet(tx, "telegram", 7, "مریم", NIGHT)
        number = await requests.insert(
            tx,
            code=f"{1234560 + await requests.count_of_person(tx, account.person)}",
            account_id=account.id,
            subject=subject,
            unit="desk",
            words=WORDS,
            state=State.CLOSED if outcome else State.ASSIGNED,
            outcome=outcome,
            filed_at=NIGHT,
            changed_at=NIGHT,
        )
        if corrected:
            await corrections.add(
                tx,
                request=number,
                person=account.person,
                role=Role.OFFICIAL,
                model="m1",
                was="garbage_bin",
                subject=subject,
                now=NIGHT,
            )


async def _run_for_a_moment(learner: Learner) -> None:
    learner.ready()
    running = asyncio.ensure_future(learner.run())
    await asyncio.sleep(0.8)
    learner.stop()
    await running


async def test_a_lesson_is_taught_from_labels_without_anybodys_number(
    database: Database, teacher: Teach, tmp_path: Path
) -> None:
    await _request(database, "street_lighting", corrected=True)
    await _request(database, "garbage_bin", corrected=False, outcome=Outcome.SOLVED)
    await _request(database, "asphalt_patch", corrected=False)  # nobody has said yet that it is right
    await _request(database, "vendor", corrected=False, outcome=Outcome.WITHDRAWN)
    learning = teacher(_PROMOTED)
    lesson = await Learner(database, learning, SetClock(NIGHT)).teach()
    seen = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    assert [(row["subject"], row["corrected"]) for row in seen] == [("street_lighting", True), ("garbage_bin", False)]
    assert all("۰۹۱۵" not in row["text"] and "چراغ کوچه" in row["text"] for row in seen)
    assert (lesson.outcome, lesson.labels) == ("promoted", 2)
    assert learning.shelf.current == learning.shelf.folder / f"{lesson.model}.npz"
    assert not list(learning.shelf.folder.glob(".lesson-*")), "citizens' words do not stay behind"


async def test_what_the_gate_refuses_is_not_used(database: Database, teacher: Teach) -> None:
    await _request(database, "street_lighting", corrected=True)
    learning = teacher(_REFUSED)
    lesson = await Learner(database, learning, SetClock(NIGHT)).teach()
    assert (lesson.outcome, lesson.figures["why"]) == ("refused", "the blind letters fell")
    assert learning.shelf.current == SHIPPED


async def test_once_a_night_and_only_when_there_is_something_new(database: Database, teacher: Teach) -> None:
    learning, clock = teacher(_REFUSED), SetClock(NIGHT - timedelta(hours=2))  # half past two
    learner = Learner(database, learning, clock, look_every=0.05)

    async def given() -> int:
        await _run_for_a_moment(learner)
        async with database.read() as tx:
            return len(await lessons.latest(tx))

    assert await given() == 0, "nobody has put anything right"
    await _request(database, "street_lighting", corrected=True)
    assert await given() == 1, "last night's hour is over and nothing was taught since"
    assert await given() == 1
    clock.move(hours=2)
    assert await given() == 1, "a new night, but nothing new"
    await _request(database, "garbage_bin", corrected=True)
    assert await given() == 2
    assert await given() == 2


async def test_a_failed_lesson_is_given_again_the_next_night(database: Database, teacher: Teach) -> None:
    await _request(database, "street_lighting", corrected=True)
    clock = SetClock(NIGHT)
    learner = Learner(database, teacher(_BREAKS), clock, look_every=0.05)
    await _run_for_a_moment(learner)
    await _run_for_a_moment(learner)
    async with database.read() as tx:
        kept = await lessons.latest(tx)
    assert [(lesson.outcome, lesson.figures["why"]) for lesson in kept] == [("failed", "no scikit-learn")]
    clock.move(days=1)
    await _run_for_a_moment(Learner(database, teacher(_PROMOTED), clock, look_every=0.05))
    async with database.read() as tx:
        assert [lesson.outcome for lesson in await lessons.latest(tx)] == ["promoted", "failed"]


async def test_without_the_environment_nothing_is_tried(database: Database, tmp_path: Path) -> None:
    await _request(database, "street_lighting", corrected=True)
    learning = Learning(Shelf(tmp_path / "models"), tmp_path / "missing", TEHRAN, tmp_path)
    await _run_for_a_moment(Learner(database, learning, SetClock(NIGHT), look_every=0.05))
    async with database.read() as tx:
        assert await lessons.latest(tx) == []


async def test_stopping_does_not_wait_for_a_lesson(database: Database, teacher: Teach) -> None:
    await _request(database, "street_lighting", corrected=True)
    learner = Learner(database, teacher("import time; time.sleep(60)"), SetClock(NIGHT), look_every=0.05)
    async with asyncio.timeout(4):
        await _run_for_a_moment(learner)


async def test_a_promoted_model_comes_into_use_and_a_broken_one_does_not(tmp_path: Path) -> None:
    shelf, used = Shelf(tmp_path), list[str]()

    def use(path: Path) -> None:
        if path.read_bytes() == b"broken":
            raise ValueError
        used.append(path.stem)

    reader = ModelReader(shelf, use, look_every=0.02)
    reader.ready()
    running = asyncio.ensure_future(reader.run())
    for name, content in (("one", b"model"), ("two", b"broken"), ("three", b"model")):
        (tmp_path / f"{name}.npz").write_bytes(content)
        shelf.promote(tmp_path / f"{name}.npz")
        await asyncio.sleep(0.1)
    reader.stop()
    await running
    assert used == ["one", "three"]


async def test_the_city_is_learnt_wherever_the_bot_was_started(
    database: Database, teacher: Teach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _request(database, "street_lighting", corrected=True)
    told = tmp_path / "told.json"
    learning = teacher(f'import os; open({str(told)!r}, "w").write(json.dumps([arguments, os.getcwd()])); {_REFUSED}')
    monkeypatch.chdir(tmp_path)
    here = replace(learning, shelf=Shelf(Path("models")), python=Path("python"), subjects=Path("pack/subjects.json"))
    assert (await Learner(database, here, SetClock(NIGHT)).teach()).outcome == "refused"
    arguments, folder = json.loads(told.read_text(encoding="utf-8"))
    assert arguments["--subjects"] == str(tmp_path / "pack/subjects.json")
    assert Path(arguments["--output"]).parent == tmp_path / "models"
    assert (Path(folder) / "nlp/learning.py").is_file()


async def test_the_nights_teach_nothing_after_a_roll_back(database: Database, teacher: Teach) -> None:
    await _request(database, "street_lighting", corrected=True)
    clock = SetClock(NIGHT)
    learner = Learner(database, teacher(_PROMOTED), clock, look_every=0.05)
    await learner.teach()
    async with database.write() as tx:
        await lessons.keep(tx, Lesson(NIGHT, lessons.ROLLED_BACK, "before", 0, 1, {}))

    async def outcomes() -> list[str]:
        await _request(database, "garbage_bin", corrected=True)
        clock.move(days=1)
        await _run_for_a_moment(learner)
        async with database.read() as tx:
            return [lesson.outcome for lesson in await lessons.latest(tx)]

    assert await outcomes() == ["rolled_back", "promoted"]
    await Learner(database, teacher(_BREAKS), clock).teach()
    assert await outcomes() == ["failed", "rolled_back", "promoted"], "nothing was taught by hand yet"
    teacher(_PROMOTED)
    await learner.teach()
    async with database.read() as tx:
        assert not await lessons.is_waiting(tx)


async def test_a_roll_back_during_a_lesson_holds(database: Database, teacher: Teach, tmp_path: Path) -> None:
    await _request(database, "street_lighting", corrected=True)
    learning = teacher(f'open({str(tmp_path / "models/current.json")!r}, "w").write("{{}}"); {_PROMOTED}')
    learning.shelf.folder.mkdir()
    (learning.shelf.folder / "one.npz").write_bytes(b"model")
    learning.shelf.promote(learning.shelf.folder / "one.npz")
    lesson = await Learner(database, learning, SetClock(NIGHT)).teach()
    assert (lesson.outcome, learning.shelf.current) == ("failed", SHIPPED)
    assert not list(learning.shelf.folder.glob("learnt-*"))


async def test_a_label_is_as_old_as_what_was_said_of_it(database: Database) -> None:
    await _request(database, "street_lighting", corrected=True, outcome=Outcome.SOLVED)
    async with database.write() as tx:
        await tx.execute(sa.update(tables.requests).values(changed_at=NIGHT + timedelta(days=3)))
    async with database.read() as tx:
        assert [label.at for label in await corrections.labels(tx)] == [NIGHT]


def test_the_shelf_keeps_some_and_rolls_back(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "models")
    assert shelf.current == SHIPPED
    with pytest.raises(LookupError):
        shelf.roll_back()
    shelf.folder.mkdir()
    for number in range(7):
        model = shelf.folder / f"learnt-{number}.npz"
        model.write_bytes(b"model")
        shelf.promote(model)
    assert shelf.current.stem == "learnt-6"
    assert len(list(shelf.folder.glob("*.npz"))) == 5
    assert shelf.roll_back().stem == "learnt-5"
    (shelf.folder / "learnt-5.npz").unlink()
    assert shelf.current.stem == "learnt-4", "a model that is gone does not stop the bot"
    (shelf.folder / "current.json").write_text("{", encoding="utf-8")
    assert shelf.current == SHIPPED


async def test_a_lesson_that_cannot_be_kept_is_not_given_all_night(
    database: Database, teacher: Teach, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await _request(database, "street_lighting", corrected=True)
    tries: list[int] = []

    async def away(*_: object) -> None:
        tries.append(1)
        raise OSError("the database is away")

    monkeypatch.setattr(lessons, "keep", away)
    learner = Learner(database, teacher(_REFUSED), SetClock(NIGHT), look_every=0.05)
    await _run_for_a_moment(learner)
    await _run_for_a_moment(learner)
    assert tries == [1]


async def test_a_training_sees_no_secret(
    database: Database, teacher: Teach, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "137:a-secret")
    await _request(database, "street_lighting", corrected=True)
    learning = teacher('import os; assert "TELEGRAM_TOKEN" not in os.environ; ' + _REFUSED)
    assert (await Learner(database, learning, SetClock(NIGHT)).teach()).outcome == "refused"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no model at all"])
def test_a_damaged_model_is_told_by_one_error(tmp_path: Path, content: bytes) -> None:
    model = tmp_path / "learnt.npz"
    model.write_bytes(content)
    model.with_suffix(".json").write_bytes(SHIPPED.with_suffix(".json").read_bytes())
    with pytest.raises(ValueError, match=r"learnt\.npz|pickled"):
        SubjectModel.load(model)
