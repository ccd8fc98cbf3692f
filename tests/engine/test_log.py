"""Nothing that is nobody's business gets into the log."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from pydantic import BaseModel

from bot import log
from bot.problems import describe
from storage.database import Database
from storage.tables import people


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process logs as JSON after `log.set_up`; logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level, out = root.handlers[:], root.level, io.StringIO()
    monkeypatch.setattr("sys.stderr", out)
    log.set_up("DEBUG", json=True)
    yield out
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


SECRETS = [
    "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "+989151234567",
    "09151234567",
    "۰۹۱۵۱۲۳۴۵۶۷",
    "0915 123 4567",
    "00989151234567",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_tokens_and_telephone_numbers_are_taken_out(secret: str) -> None:
    assert log.redacted(f"before {secret} after") == "before … after"


def test_an_address_with_a_token_and_one_with_a_password_lose_them() -> None:
    assert "AAH" not in log.redacted(f"POST https://api.telegram.org/bot{SECRETS[0]}/getMe failed")
    assert log.redacted("postgresql://bot:secret@127.0.0.1/db") == "postgresql://bot:…@127.0.0.1/db"


@pytest.mark.parametrize("plain", ["request 4821735", "inbox 12345", "2026-11-22T09:00:00", "chat -1001234567890"])
def test_what_is_no_secret_stays(plain: str) -> None:
    assert log.redacted(plain) == plain


def test_every_way_into_the_log_is_cleaned(lines: io.StringIO) -> None:
    token, phone = SECRETS[:2]
    logger: Any = structlog.get_logger("test")
    logger.warning("sent to %s", phone, detail={"url": f"/bot{token}/x", "list": [phone]})
    logging.getLogger("aiohttp.client").error("failed: %s", f"https://host/bot{token}/getMe")
    try:
        raise ValueError(f"bad token {token}")
    except ValueError:
        logger.exception("it broke", inbox=5)
    written = lines.getvalue()
    assert token not in written
    assert "AAH" not in written
    assert phone not in written
    events = [json.loads(line) for line in written.splitlines()]
    assert [event["level"] for event in events] == ["warning", "error", "error"]
    assert events[2]["inbox"] == 5
    assert "ValueError" in events[2]["exception"]


def test_a_traceback_quotes_nobody(lines: io.StringIO) -> None:
    class Slots(BaseModel):
        words: int

    said = ["کوچهٔ سجاد", "ashghal sar kooche"]
    try:
        raise KeyError(said[0])
    except KeyError:
        structlog.get_logger("test").exception("it broke")
    try:
        Slots.model_validate({"words": said[1]})
    except ValueError:
        structlog.get_logger("test").exception("it broke")
    written = lines.getvalue()
    assert "سجاد" not in written
    assert "ashghal" not in written
    assert written.count("Traceback") == 2


def test_a_problem_says_where_and_what_without_anybodys_words() -> None:
    found = []
    for words in ("آشغال سر کوچه", "no such unit"):
        try:
            raise ValueError(words)
        except ValueError as error:
            found.append(describe(error))
    assert found[0].startswith("ValueError at tests/engine/test_log.py:")
    assert "آشغال" not in found[0]
    assert found[1].endswith(": no such unit")


SAID = "ashghal sar kooche 38451234"
REFUSED = {
    "a missing value": (
        [sa.insert(people).values(name=f"{SAID}\nmahalle sajjad", phone="38451234", created_at=None)],
        ("NotNullViolationError 23502 people.created_at", "IntegrityError SQLITE_CONSTRAINT_NOTNULL people.created_at"),
    ),
    "a value that is there": (
        [sa.insert(people).values(name=SAID, phone="38451234", created_at=sa.func.current_timestamp())] * 2,
        ("UniqueViolationError 23505 uq_people_phone", "IntegrityError SQLITE_CONSTRAINT_UNIQUE people.phone"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_a_database_refuses_is_told_without_the_row(
    case: str, database: Database, lines: io.StringIO
) -> None:
    statements, words = REFUSED[case]
    logger, found = structlog.get_logger("test"), ""
    try:
        async with database.write() as tx:
            for statement in statements:
                await tx.execute(statement)
    except sa.exc.IntegrityError as error:
        found = describe(error)
        logger.exception("it broke", why=str(error), repeated=repr(error.orig))
        logging.getLogger("asyncio").error("never retrieved: %r", error.orig, exc_info=ExceptionGroup("two", [error]))
    assert found.startswith("IntegrityError at ")
    assert found.endswith(f": {words[database.is_sqlite]}")
    written = lines.getvalue()
    assert written.count(words[database.is_sqlite]) >= 2
    for quoted in ("ashghal", "sajjad", "38451234"):
        assert quoted not in found + written
    assert written.count("test_log.py") >= 2, "where it happened is still told"
