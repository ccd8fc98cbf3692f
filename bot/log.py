"""Logging: one line per event, without tokens, telephone numbers or anybody's words."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from functools import partial
from types import TracebackType
from typing import Any

import structlog

from storage import told

# A bot token: the bot's number, a colon, a secret. Also as part of an address, where %3A may stand for the colon.
_TOKEN = re.compile(r"\b\d{5,20}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
_BOT_PATH = re.compile(r"(/bot)\d[^/\s\"']*")
_PHONE = re.compile(r"(?<![\w.:-])(?:\+|00)?(?:98|۹۸|٩٨|0|۰|٠)[ -]?[9۹٩](?:[ -]?[0-9۰-۹٠-٩]){9}(?![\w])")
_PASSWORD = re.compile(r"(\w+://[^\s:/@]*:)[^\s@]+@")

_INPUT = re.compile(r"(input_value=).*?(?=, input_type=|$)", re.MULTILINE)
_FOREIGN = re.compile(r"[^\x00-\x7f]+(?: +[^\x00-\x7f]+)*")

_NOISY = ("aiosqlite", "aiohttp.access", "asyncio", "httpx", "httpcore", "telegram", "alembic", "hazm", "uvicorn")


def redacted(words: str) -> str:
    """Take tokens, telephone numbers, passwords and a database's quotations of rows out of a text."""
    words = _BOT_PATH.sub(r"\1…", _TOKEN.sub("…", told.shortened(words)))
    return _PHONE.sub("…", _PASSWORD.sub(r"\1…@", words))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Mapping):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redacted(str(value))


def _trace(words: str) -> str:
    """Clean a traceback, whose messages may quote what somebody wrote."""
    return _FOREIGN.sub("…", _INPUT.sub(r"\1…", redacted(words)))


def _related(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """Go through an error and all that a traceback shows with it."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for one in (error.__cause__, error.__context__, *inner):
        yield from _related(one, seen)


def _told(short: str, _: re.Match[str]) -> str:
    return f": {short}"


def formatted(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Write a traceback in which errors of the database are told without what they quote."""
    text = "".join(traceback.format_exception(exc_info[1])).rstrip("\n")
    quoting = [error for error in _related(exc_info[1], set()) if told.is_databases(error) and str(error)]
    for error in sorted(quoting, key=lambda one: len(str(one)), reverse=True):  # one's words may begin another's
        # In a group each line stands behind bars.
        words = r"\n[ |]*".join(re.escape(line) for line in str(error).split("\n"))
        text = re.sub(f": {words}", partial(_told, told.told(error)), text)
    return text


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Clean every value of an event, the text of a traceback included; for structlog's chain."""
    internal = ("_record", "_from_structlog")
    cleaned = {key: value if key in internal else _clean(value) for key, value in event.items()}
    if isinstance(cleaned.get("exception"), str):
        cleaned["exception"] = _trace(cleaned["exception"])
    return cleaned


def set_up(level: str = "INFO", *, json: bool = False) -> None:
    """Send this programme's and its libraries' log lines to standard error, cleaned."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not json:
        plain = structlog.dev.plain_traceback
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(formatted),
                redact,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
