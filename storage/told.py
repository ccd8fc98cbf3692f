"""Errors of the database in words that may stand in logs and lists: PostgreSQL's own quote whole rows."""

import re
import sqlite3

import asyncpg
import sqlalchemy as sa

# What PostgreSQL and asyncpg append to a message: the row that failed, the key that is there already, the statement.
# It has to go to the very end, for a row may hold line breaks. No \b: in a repr an "n" stands before it.
_MORE = re.compile(r"\s*(?:\\n)?(?:DETAIL|HINT|CONTEXT):.*", re.DOTALL)
_SQLITE_CONSTRAINT = re.compile(r"constraint failed: ([\w., ]+)\Z")
_ADAPTED = "sqlalchemy.dialects."  # the driver's errors, in the classes that SQLAlchemy makes for asyncpg


def is_databases(error: BaseException) -> bool:
    """Say whether an error's message is the database's or its driver's."""
    known = sa.exc.StatementError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError
    return isinstance(error, known) or type(error).__module__.startswith(_ADAPTED)


def _constraint(error: BaseException) -> str:
    """Return which rule of the schema was broken: its name, or the columns it is about."""
    if name := getattr(error, "constraint_name", None):
        return str(name)
    if column := getattr(error, "column_name", None):
        return f"{getattr(error, 'table_name', None) or ''}.{column}"
    found = _SQLITE_CONSTRAINT.search(str(error)) if isinstance(error, sqlite3.Error) else None
    return found[1] if found else ""


def told(error: BaseException) -> str:
    """Tell a database's error by classes, code and constraint, never by its message."""
    inner = getattr(error, "orig", None) or error
    driver = inner.__cause__ if type(inner).__module__.startswith(_ADAPTED) and inner.__cause__ else inner
    name = "" if driver is error else type(driver).__name__
    code = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None) or ""
    return " ".join(str(part) for part in (name, code, _constraint(driver)) if part)


def shortened(words: str) -> str:
    """Cut off what a database appends to a message, wherever that was copied to."""
    return _MORE.sub(" …", words)
