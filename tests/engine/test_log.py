"""Nothing that is nobody's business gets into the log."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import log


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
