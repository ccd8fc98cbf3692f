"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy spells per dialect."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Transaction

Insert = sqlite.Insert | postgresql.Insert
_INSERTS: dict[str, Callable[[sa.Table], Insert]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class PerDialect:
    """A statement built once for each database and picked by the transaction's."""

    def __init__(self, build: Callable[[Callable[[sa.Table], Any]], sa.Executable]) -> None:
        self._statements = {name: build(insert) for name, insert in _INSERTS.items()}

    def for_(self, tx: Transaction) -> sa.Executable:
        """Return the statement in the transaction's dialect."""
        return self._statements[tx.dialect.name]
