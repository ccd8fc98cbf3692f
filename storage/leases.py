"""Who does what only one may do at a time, and who is there to share the rest: rows of `leases`.

On PostgreSQL a lease is kept from one connection of its own, by the database's clock. It falls to another when its time
is up, or at once when the session it was taken from is gone. Each change of hands makes its token grow.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from storage.database import Database, Transaction
from storage.inserting import PerDialect
from storage.tables import leases

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)  # of a Session
CHANNEL = "bot137"
WORKER = "worker "  # what the names begin with under which workers say that they are there

_PATIENCE = 3.0  # seconds for one statement
_OF_SQLALCHEMY = ("prepared_statement_cache_size", "prepared_statement_name_func", "async_fallback", "async_creator_fn")

# backend_start is hidden from other database users: whose start cannot be read is taken to be there still.
_SESSION_LIVES = """EXISTS (
    SELECT FROM pg_stat_activity AS there
    WHERE there.pid = split_part({row}.session, ' ', 1)::int AND coalesce(
        extract(epoch FROM there.backend_start)::text = split_part({row}.session, ' ', 2), true)
)"""
_TAKE = f"""
INSERT INTO leases AS held (name, holder, token, until, session)
SELECT wanted.name, $2, 1, clock_timestamp() + $3::interval, mine.session
FROM unnest($1::text[]) AS wanted (name), (
    SELECT pg_backend_pid() || ' ' || extract(epoch FROM backend_start) AS session
    FROM pg_stat_activity WHERE pid = pg_backend_pid()
) AS mine
ORDER BY wanted.name
ON CONFLICT (name) DO UPDATE SET
    holder = excluded.holder, session = excluded.session, until = excluded.until,
    token = held.token + (held.holder <> excluded.holder)::int
WHERE held.holder = excluded.holder OR held.until < clock_timestamp() OR NOT {_SESSION_LIVES.format(row="held")}
RETURNING name, token
"""  # noqa: S608 - no values in it
_HOLDS = f"(until >= clock_timestamp() AND {_SESSION_LIVES.format(row='leases')})"
_THERE = f"SELECT name, holder FROM leases WHERE {_HOLDS} ORDER BY name"  # noqa: S608
_RELEASE = "UPDATE leases SET until = clock_timestamp() WHERE holder = $1 AND until > clock_timestamp()"
_TIDY = f"DELETE FROM leases WHERE name LIKE '{WORKER}%' AND until < clock_timestamp() - interval '1 minute'"  # noqa: S608
_NEXT = PerDialect(
    lambda insert: (
        statement := insert(leases).values(
            name=sa.bindparam("name"), holder=sa.bindparam("holder"), token=1, until=sa.bindparam("now"), session=None
        )
    ).on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": statement.excluded.holder,
            "until": statement.excluded.until,
            "session": None,
            "token": leases.c.token + 1,
        },
    )
)


@dataclass(frozen=True, slots=True)
class Held:
    """One lease: its last holder, how often it has changed hands, until when it holds, and whether it does now.

    On SQLite the lock beside the file tells the last, not the row.
    """

    name: str
    holder: str
    token: int
    until: datetime
    now: bool


async def everything(tx: Transaction) -> list[Held]:
    """Return all leases by name, those that have run out too."""
    there = sa.literal(False) if tx.dialect.name == "sqlite" else sa.text(_HOLDS)
    query = sa.select(leases.c.name, leases.c.holder, leases.c.token, leases.c.until, there).order_by(leases.c.name)
    return [Held(*row) for row in await tx.execute(query)]


async def take_anew(tx: Transaction, names: Collection[str], holder: str, now: datetime) -> dict[str, int]:
    """Give leases to the one process of a SQLite file and return their tokens, which grow with each start."""
    statement = _NEXT.for_(tx)
    for name in names:
        await tx.execute(statement, {"name": name, "holder": holder, "now": now})
    rows = await tx.execute(sa.select(leases.c.name, leases.c.token).where(leases.c.name.in_(list(names))))
    return {row.name: row.token for row in rows}


def _arguments(url: sa.URL) -> dict[str, Any]:
    connector: Any = dialect.dialect()  # type: ignore[no-untyped-call]  # reads addresses as the pool does
    _, arguments = connector.create_connect_args(url)
    return {name: value for name, value in arguments.items() if name not in _OF_SQLALCHEMY}


class Session:
    """One connection to PostgreSQL outside the pool: for leases, and to be told of news and tell others.

    Every method raises one of FAILURES when the database is away; TimeoutError is an OSError.
    """

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    @classmethod
    async def open(cls, database: Database, heard: Callable[[str], None], ended: Callable[[], None]) -> Self:
        """Connect and listen: `heard` is given what others tell, `ended` is called once the connection is gone."""
        connection = await asyncpg.connect(**_arguments(database.url), timeout=_PATIENCE, command_timeout=_PATIENCE)

        def told(_: Any, sender: int, __: str, words: Any) -> None:
            if sender != connection.get_server_pid():
                heard(str(words))

        try:
            await connection.add_listener(CHANNEL, told)
            await connection.execute(_TIDY)
        except BaseException:
            connection.terminate()
            raise
        connection.add_termination_listener(lambda _: ended())
        return cls(connection)

    async def take(self, names: Collection[str], holder: str, seconds: float) -> dict[str, int]:
        """Take or renew what is free or ours for so many seconds; return the tokens of what is ours now."""
        rows = await self._connection.fetch(_TAKE, list(names), holder, timedelta(seconds=seconds))
        return {row["name"]: row["token"] for row in rows}

    async def there(self) -> list[tuple[str, str]]:
        """Return name and holder of every lease that somebody holds now, by name."""
        return [(row["name"], row["holder"]) for row in await self._connection.fetch(_THERE)]

    async def release(self, holder: str) -> None:
        """Let everything go that `holder` holds."""
        await self._connection.execute(_RELEASE, holder)

    async def tell(self, words: str) -> None:
        """Tell everybody else who listens."""
        await self._connection.execute("SELECT pg_notify($1, $2)", CHANNEL, words)

    async def close(self) -> None:
        """End the session."""
        try:
            await self._connection.close(timeout=1)
        except FAILURES:
            self._connection.terminate()

    def drop(self) -> None:
        """End the session without a word to the server."""
        self._connection.terminate()
