"""The checker itself: a sound run passes, and each thing that may go wrong is found when it is put into one."""

import asyncio
import copy
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.chaos.checking import Expected, Findings, check
from tests.chaos.crowd import QUESTIONS, READERS, TURNS, people
from tests.chaos.reporting import MESSENGER_OF
from tests.chaos.scene import ALONE, scene
from tests.chaos.trouble import Talk
from tests.requirements_of_tests import finished

_CITIZENS = 4
_CHAT = 5001  # of a citizen

Log = list[dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """What a sound run left behind."""

    folder: Path
    log: Log
    expected: Expected


async def _sound(url: str, folder: Path) -> Run:
    chance = random.Random(137)
    async with scene(url, folder, people(_CITIZENS)) as one, asyncio.timeout(120):
        talk = Talk(one, chance)
        await talk.gather(_CITIZENS)
        one.cast(ALONE)
        one.start_all()
        await talk.say(range(TURNS))
        await one.quiet(talk.said)
        await one.stop_all()
        return Run(folder, list(one.simulator.log), Expected(talk.citizens, {}, READERS))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Run:
    folder = tmp_path_factory.mktemp("sound")
    shutil.copy(sqlite_template, folder / "bot.db")
    return finished(_sound(f"sqlite:///{folder / 'bot.db'}", folder))


class Patient:
    """A copy of the sound run, to be hurt."""

    def __init__(self, run: Run, folder: Path) -> None:
        shutil.copytree(run.folder, folder, dirs_exist_ok=True)
        self.folder = folder
        self.log: Log = copy.deepcopy(run.log)
        self.expected = replace(run.expected, in_flight=Counter())
        self._file = folder / "bot.db"
        for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            self.rows(f"DROP TRIGGER {name}")  # the history is append-only, but not for these tests

    def sql(self, statement: str, *values: Any) -> None:
        """Change the database; it has to change something."""
        with sqlite3.connect(self._file) as connection:
            changed = connection.execute(statement, values).rowcount
        connection.close()
        assert changed > 0, statement

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        connection = sqlite3.connect(self._file)
        found = connection.execute(query, values).fetchall()
        connection.close()
        return found

    def double(self, table: str, number: int, **changes: Any) -> None:
        """Put a row in once more with a new number."""
        names = [row[1] for row in self.rows(f"PRAGMA table_info({table})") if row[1] != "id"]
        chosen = ", ".join("?" if name in changes else name for name in names)
        values = [changes[name] for name in names if name in changes]
        self.sql(f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} WHERE id = {number}", *values)

    def first(self, table: str, where: str = "1") -> int:
        """Return the number of the first row."""
        return int(self.rows(f"SELECT min(id) FROM {table} WHERE {where}")[0][0])

    def swap(self, table: str, column: str, one: int, other: int) -> None:
        """Let two rows change a value."""
        values = dict(self.rows(f"SELECT id, {column} FROM {table} WHERE id IN (?, ?)", one, other))
        assert values[one] != values[other]
        self.sql(f"UPDATE {table} SET {column} = ? WHERE id = ?", values[other], one)
        self.sql(f"UPDATE {table} SET {column} = ? WHERE id = ?", values[one], other)

    def call(self, method: str = "sendMessage", number: int = 0, words: str = "") -> dict[str, Any]:
        """Return one call of the log that went well, to the citizen's chat."""
        calls = [row for row in self.log if row["method"] == method and row["status"] == 200]
        calls = [row for row in calls if int(row["parameters"]["chat_id"]) == _CHAT]
        return [row for row in calls if words in row["parameters"].get("text", "")][number]

    def row_of(self, call: dict[str, Any]) -> int:
        """Return the row of the outbox that a call belongs to."""
        return self.first(
            "outbox", f"chat_id = {_CHAT} AND edits IS NULL AND message_id = {call['answer']['message_id']}"
        )

    def repeat(self, call: dict[str, Any]) -> int:
        """Let a message come once before the one that its row knows; return the row."""
        row, number = self.row_of(call), call["answer"]["message_id"]
        later = f"chat_id = {_CHAT} AND edits IS NULL AND message_id > {number}"
        self.sql(f"UPDATE outbox SET message_id = message_id + 1 WHERE {later}")
        for one in self.log:
            if str(one["parameters"].get("chat_id")) == str(_CHAT):
                for where in (one["parameters"], one["answer"]):
                    if isinstance(where, dict) and int(where.get("message_id", 0)) > number:
                        where["message_id"] = int(where["message_id"]) + 1
        again = copy.deepcopy(call)
        again["answer"]["message_id"] = number + 1
        self.log.append(again)
        self.sql("UPDATE outbox SET message_id = ? WHERE id = ?", number + 1, row)
        return row

    async def found(self) -> Findings:
        """Let the checker look at it."""
        database = Database(f"sqlite:///{self._file}")
        try:
            return await check(database, self.log, MESSENGER_OF, self.expected, self.folder / "media")
        finally:
            await database.close()


@pytest.fixture
def patient(sound: Run, tmp_path: Path) -> Patient:
    return Patient(sound, tmp_path / "copy")


def _inbox(patient: Patient, number: int) -> int:
    return int(patient.rows(f"SELECT id FROM inbox WHERE lane = 'telegram:{_CHAT}' ORDER BY id")[number][0])


def _of_citizen(patient: Patient) -> list[int]:
    query = (
        f"SELECT r.id FROM requests r JOIN accounts a ON a.id = r.account_id WHERE a.user_id = {_CHAT} ORDER BY r.id"
    )
    return [row[0] for row in patient.rows(query)]


def _swap_numbers(patient: Patient) -> None:
    patient.sql("UPDATE inbox SET identity = identity || id")
    patient.swap("inbox", "update_id", _inbox(patient, 0), _inbox(patient, 1))


def _swap_complaints(patient: Patient) -> None:
    one, other, *_ = _of_citizen(patient)
    for column in ("words", "lon"):
        patient.swap("requests", column, one, other)


def _swap_messages(patient: Patient) -> None:
    one, other = (patient.row_of(patient.call(number=n)) for n in (1, 2))
    patient.swap("outbox", "message_id", one, other)


def _filed(patient: Patient) -> dict[str, Any]:
    return patient.call(words="کد پیگیری")


def _repeat(patient: Patient, attempts: int = 0, in_flight: int = 0) -> None:
    row = patient.repeat(_filed(patient))
    if attempts:
        patient.sql("UPDATE outbox SET attempts = ? WHERE id = ?", attempts, row)
    patient.expected.in_flight[row] = in_flight


def _unsay(patient: Patient) -> None:
    """Take an answer away as if it had never been written."""
    call = patient.call(number=-1)
    patient.sql("DELETE FROM outbox WHERE id = ?", patient.row_of(call))
    patient.log.remove(call)


def _say_more(patient: Patient) -> None:
    """Say the last thing again, as if it had been written twice."""
    call = patient.call(number=-1)
    patient.double("outbox", patient.row_of(call), message_id=10_000)
    patient.log.append({**call, "answer": {"message_id": 10_000}})


def _fail_timer(patient: Patient) -> None:
    row = "('reminder', 'kind', '2026-11-21', '{}', 'failed', 8)"
    patient.sql(f"INSERT INTO timers (key, kind, due_at, data, state, attempts) VALUES {row}")


def _damage_file(patient: Patient) -> None:
    ((sha256,),) = patient.rows("SELECT sha256 FROM media ORDER BY id LIMIT 1")
    next((patient.folder / "media").rglob(f"{sha256}*")).write_bytes(b"?")


def _set(table: str, change: str, where: str = "1") -> Callable[[Patient], None]:
    return lambda patient: patient.sql(f"UPDATE {table} SET {change} WHERE id = ?", patient.first(table, where))


def _without(table: str, where: str = "1") -> Callable[[Patient], None]:
    return lambda patient: patient.sql(f"DELETE FROM {table} WHERE id = ?", patient.first(table, where))


def _twice(table: str, where: str = "1", **changes: Any) -> Callable[[Patient], None]:
    return lambda patient: patient.double(table, patient.first(table, where), **changes)


_WOUNDS: dict[str, tuple[Callable[[Patient], None], str, str]] = {
    "an update is lost": (_without("inbox"), "lost", "never came into the inbox"),
    "an update waits": (_set("inbox", "state = 'waiting'"), "lost", "is waiting"),
    "an update is held": (_set("inbox", "state = 'held'"), "lost", "is held"),
    "an update is in quarantine": (_set("inbox", "state = 'quarantined'"), "lost", "is quarantined"),
    "an update came twice": (_twice("inbox", identity="other"), "doubled", "is in the inbox 2 times"),
    "an update nobody sent": (_twice("inbox", identity="other", update_id=999_999_999), "doubled", "was never sent"),
    "somebody who never spoke": (_twice("inbox", lane="telegram:7", update_id=1), "doubled", "who never spoke"),
    "handled in another order": (
        lambda patient: patient.swap("inbox", "done_at", _inbox(patient, 0), _inbox(patient, -1)),
        "disordered",
        "were handled in another order",
    ),
    "stored in another order": (_swap_numbers, "disordered", "lie in the inbox in another order"),
    "a request is doubled": (_twice("requests", code="0000000"), "doubled", "filed 2 times"),
    "a request is lost": (_without("requests"), "lost", "not filed as it was said"),
    "a request is another": (_set("requests", "words = '?'"), "doubled", "filed but never said"),
    "requests in another order": (_swap_complaints, "disordered", "filed in another order"),
    "a request without a draft": (_set("drafts", "request_id = NULL"), "doubled", "comes from 0 drafts"),
    "a deed is doubled": (_twice("history"), "doubled", "2 times file"),
    "a deed is lost": (_without("history"), "lost", "has no file"),
    "a photo was refused": (_set("media", "state = 'refused'"), "lost", "is refused"),
    "a photo is doubled": (_twice("media"), "doubled", "rows of media"),
    "a photo is lost": (_without("media"), "lost", "rows of media"),
    "a photo belongs to nobody": (
        lambda patient: patient.sql("DELETE FROM request_media"),
        "lost",
        "the photo of",
    ),
    "a file is damaged": (_damage_file, "lost", "is not what it was"),
    "a card is doubled": (_twice("cards"), "doubled", "2 cards"),
    "a card is lost": (_without("cards"), "lost", "no card"),
    "a card is retired": (_set("cards", "live = 0"), "lost", "is retired"),
    "a timer failed": (_fail_timer, "lost", "the timer reminder failed"),
    "a message is dead": (_set("outbox", "state = 'dead'"), "lost", "is dead"),
    "a message waits": (_set("outbox", "state = 'waiting'"), "lost", "is waiting"),
    "a message was dropped": (_set("outbox", "state = 'cancelled', problem = 'unreachable'"), "lost", "is cancelled"),
    "a message never arrived": (lambda patient: patient.log.remove(patient.call()), "lost", "never arrived"),
    "messages in another order": (_swap_messages, "disordered", "came before"),
    "a change was not made": (
        lambda patient: patient.log.remove(patient.call("editMessageReplyMarkup")),
        "lost",
        "was changed 0 times",
    ),
    "a change was made twice": (
        lambda patient: patient.log.append(patient.call("editMessageReplyMarkup")),
        "doubled",
        "was changed 2 times",
    ),
    "an answer was never said": (_unsay, "lost", "was to hear"),
    "an answer was said twice": (_say_more, "doubled", "which nothing called for"),
    "a repetition without a reason": (_repeat, "doubled", "once more without a reason"),
    "a repetition of what was in no kill's way": (
        lambda patient: _repeat(patient, attempts=1),
        "doubled",
        "once more without a reason",
    ),
    "a repetition without a try": (
        lambda patient: _repeat(patient, in_flight=1),
        "doubled",
        "once more without a reason",
    ),
}


async def test_a_sound_run_passes(patient: Patient) -> None:
    found = await patient.found()
    assert (found.wrong, found.repeated) == ([], 0)


@pytest.mark.parametrize("wound", _WOUNDS)
async def test_what_is_wrong_is_found(wound: str, patient: Patient) -> None:
    hurt, kind, words = _WOUNDS[wound]
    hurt(patient)
    found: list[str] = getattr(await patient.found(), kind)
    assert [one for one in found if words in one], found


async def test_a_repetition_of_what_was_in_flight_at_a_kill_is_counted_and_no_fault(patient: Patient) -> None:
    _repeat(patient, attempts=1, in_flight=1)
    found = await patient.found()
    assert (found.wrong, found.repeated) == ([], 1)


async def test_a_repetition_of_what_was_never_answered_is_no_fault(patient: Patient) -> None:
    call = _filed(patient)
    _repeat(patient, attempts=1)
    call["dropped"] = "after"
    found = await patient.found()
    assert (found.wrong, found.repeated) == ([], 1)


async def test_a_call_that_takes_effect_after_its_repetition_does_not_use_up_the_reason_of_a_later_one(
    patient: Patient,
) -> None:
    early, late = patient.call(words="کد پیگیری"), patient.call(words="کد پیگیری", number=1)
    for call, words in ((late, QUESTIONS[1]), (early, QUESTIONS[0])):
        call["parameters"]["text"] = words  # what is in flight with the one may be repeated with the other
        row = patient.repeat(call)
        patient.sql("UPDATE outbox SET attempts = 1 WHERE id = ?", row)
        patient.expected.in_flight[row] = 1
    patient.sql("UPDATE outbox SET message_id = message_id - 1 WHERE id = ?", row)  # the first answer was the one heard
    found = await patient.found()
    assert (found.wrong, found.repeated) == ([], 2)
