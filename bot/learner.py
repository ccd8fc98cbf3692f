"""Every night the machine is trained anew from what people put right, in a process of its own; what is better stays.

The training needs packages that the bot runs without (requirements/train.txt), so it has an environment of its own.
"""

import asyncio
import json
import os
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from nlp import private_data
from nlp.shelf import Shelf
from storage import corrections, lessons
from storage.corrections import Label
from storage.database import Database
from storage.lessons import Lesson
from storage.told import shortened

log = structlog.get_logger(__name__)

_LOOK_EVERY = 300.0  # seconds
_NICE = 15
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_OUTCOMES = ("promoted", "refused")
_PROJECT = Path(__file__).resolve().parents[1]
"""Where the training finds `nlp`, wherever the bot was started."""

type Use = Callable[[Path], None]
"""Takes a model's file into use; raises OSError, ValueError or KeyError when it cannot be read. Runs in a thread."""


@dataclass(frozen=True, slots=True)
class Learning:
    """Where, with what and when the machine learns."""

    shelf: Shelf
    python: Path
    zone: ZoneInfo
    subjects: Path
    """The city's subjects: their titles and phrases are trained on too."""
    hour: int = 3  # of the city's night
    patience: float = 3 * 3600.0  # seconds for one training

    @property
    def possible(self) -> bool:
        """Whether the environment for training is there."""
        return self.python.is_file()


def _row(label: Label) -> str:
    """Write one label for the training: nobody's number is learnt from."""
    row = {**asdict(label), "text": private_data.masked(label.text), "at": label.at.isoformat()}
    return json.dumps(row, ensure_ascii=False)


def _without_secrets() -> dict[str, str]:
    """Return what of the environment a training needs: no token is among it."""
    return {name: value for name in _ENVIRONMENT if (value := os.environ.get(name)) is not None}


async def train(learning: Learning, labels: list[Label], stem: str) -> dict[str, Any]:
    """Train in a process of its own and return its report; a model that passed the gate lies in the shelf's folder.

    Raises RuntimeError with the process's last line when it failed, TimeoutError when it took too long.
    """
    folder, python = learning.shelf.folder.absolute(), learning.python.absolute()  # a link to a Python stays one
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".lesson-") as work:
        path = Path(work) / "labels.jsonl"
        path.touch(mode=0o600)
        path.write_text("".join(_row(label) + "\n" for label in labels), encoding="utf-8")
        files = (path, learning.shelf.current.absolute(), folder / stem, learning.subjects.absolute())
        named = zip(("--labels", "--current", "--output", "--subjects"), map(str, files), strict=True)
        command = (str(python), "-m", "nlp", "learn", *(word for option in named for word in option))
        process = await asyncio.create_subprocess_exec(
            *command, stdout=PIPE, stderr=PIPE, env=_without_secrets(), cwd=_PROJECT
        )
        try:
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)  # the citizens come first
            async with asyncio.timeout(learning.patience):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        last = (err.decode(errors="replace").strip().splitlines() or ["no word"])[-1]
        raise RuntimeError(last.partition(":")[0][:100])  # what follows a colon may quote what was read
    report: dict[str, Any] = json.loads(out)
    return report


class _Looking:
    """A part that looks now and then, until it is stopped."""

    def __init__(self, look_every: float) -> None:
        self._look_every = look_every
        self._stopped = asyncio.Event()

    def ready(self) -> None:
        """Begin anew."""
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Look no further; what is under way is broken off."""
        self._stopped.set()

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopped.is_set():
            await self._look()
            try:
                async with asyncio.timeout(self._look_every):
                    await self._stopped.wait()
            except TimeoutError:
                pass

    async def _look(self) -> None:
        raise NotImplementedError


class Learner(_Looking):
    """Gives one lesson a night, when there is something new to learn; one broken off is given the next night.

    After a roll-back none, until one is given by hand: the same labels would bring the same model back.
    """

    def __init__(
        self, database: Database, learning: Learning, clock: Clock, *, look_every: float = _LOOK_EVERY
    ) -> None:
        super().__init__(look_every)
        self._database, self._learning, self._clock = database, learning, clock
        self._tried_at = datetime.min.replace(tzinfo=UTC)

    async def _look(self) -> None:
        if self._learning.possible and await self._is_time():
            self._tried_at = self._clock.now()
            await self._unless_stopped()

    async def _unless_stopped(self) -> None:
        lesson = asyncio.ensure_future(self.teach())
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((lesson, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (lesson, stopped):
                task.cancel()
            await asyncio.gather(lesson, stopped, return_exceptions=True)
        if not lesson.cancelled() and (error := lesson.exception()):
            log.error("a lesson could not be kept", error=type(error).__name__, exc_info=error)

    async def _is_time(self) -> bool:
        """Say whether tonight's lesson is due: its hour has come, something new was put right, nobody rolled back."""
        local = self._clock.now().astimezone(self._learning.zone)
        tonight = local.replace(hour=self._learning.hour, minute=0, second=0, microsecond=0)
        if local < tonight:
            tonight -= timedelta(days=1)
        async with self._database.read() as tx:
            if await lessons.is_waiting(tx):
                return False
            given = await lessons.latest(tx, 1)
            learnt, newest = await lessons.learnt_from(tx), await corrections.newest(tx)
        last = max([self._tried_at, *(lesson.at for lesson in given)])
        return (newest or 0) > learnt and last < tonight

    async def teach(self) -> Lesson:
        """Train from all labels, promote what passed the gate, and keep what came of it."""
        async with self._database.read() as tx:
            labels, newest = await corrections.labels(tx), await corrections.newest(tx)
        now = self._clock.now()
        stem, before = f"learnt-{now:%Y%m%d-%H%M%S}", self._learning.shelf.current
        try:
            report = await train(self._learning, labels, stem)
            outcome = str(report["outcome"])
            if outcome not in _OUTCOMES:
                raise RuntimeError(f"an outcome nobody knows: {outcome[:40]}")
            self._check_still_used(before, stem)
            if outcome == "promoted":
                self._learning.shelf.promote(self._learning.shelf.folder / f"{stem}.npz")
        except (RuntimeError, TimeoutError, OSError, ValueError, KeyError) as error:
            why = shortened(str(error)) or type(error).__name__
            log.error("a lesson failed", why=why)
            outcome, report = "failed", {"why": why[:200]}
        return await self._keep(now, outcome, len(labels), newest, report)

    def _check_still_used(self, before: Path, stem: str) -> None:
        """Raise RuntimeError when the model that the new one was measured beside was rolled back meanwhile."""
        if self._learning.shelf.current != before:
            for ending in (".npz", ".json"):
                (self._learning.shelf.folder / f"{stem}{ending}").unlink(missing_ok=True)
            raise RuntimeError("another model came into use meanwhile")

    async def _keep(
        self, now: datetime, outcome: str, labels: int, newest: int | None, report: dict[str, Any]
    ) -> Lesson:
        model = self._learning.shelf.current.stem
        lesson = Lesson(now, outcome, model, labels, newest, report)
        async with self._database.write() as tx:
            await lessons.keep(tx, lesson)
        log.info("a lesson was given", outcome=outcome, model=model, labels=labels)
        return lesson


class ModelReader(_Looking):
    """Brings a newly promoted model, or the one rolled back to, into use in this process."""

    def __init__(self, shelf: Shelf, use: Use, *, look_every: float = 30.0) -> None:
        super().__init__(look_every)
        self._shelf, self._use = shelf, use
        self._seen = shelf.mark()

    async def _look(self) -> None:
        mark = self._shelf.mark()
        if mark != self._seen:
            await self._change()
            self._seen = mark

    async def _change(self) -> None:
        path = self._shelf.current
        try:
            await asyncio.to_thread(self._use, path)
        except (OSError, ValueError, KeyError) as error:
            log.error("a model could not be read; the one before stays", model=path.name, error=type(error).__name__)
        else:
            log.info("another model is in use", model=path.stem)
