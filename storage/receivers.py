"""Where each messenger's receiver stands: the next update number to ask for, and how the connection is."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Transaction
from storage.inserting import PerDialect
from storage.tables import leases, receivers

_MOVED = PerDialect(
    lambda insert: (
        statement := insert(receivers).values(
            messenger=sa.bindparam("messenger"),
            next_offset=sa.bindparam("next_offset"),
            last_update_at=sa.bindparam("now"),
        )
    ).on_conflict_do_update(
        index_elements=["messenger"],
        set_={"next_offset": statement.excluded.next_offset, "last_update_at": statement.excluded.last_update_at},
    )
)
_MOVED_BY_HOLDER = PerDialect(
    lambda insert: (
        statement := insert(receivers).from_select(
            ["messenger", "next_offset", "last_update_at"],
            sa.select(
                sa.bindparam("messenger", type_=sa.Text),
                sa.bindparam("next_offset", type_=sa.BigInteger),
                sa.bindparam("now", type_=receivers.c.last_update_at.type),
            )
            .select_from(leases)
            .where(leases.c.name == sa.bindparam("lease"), leases.c.token == sa.bindparam("token")),
        )
    ).on_conflict_do_update(
        index_elements=["messenger"],
        set_={"next_offset": statement.excluded.next_offset, "last_update_at": statement.excluded.last_update_at},
    )
)
_HEALTH = PerDialect(
    lambda insert: (
        statement := insert(receivers).values(
            messenger=sa.bindparam("messenger"), health=sa.bindparam("health"), health_since=sa.bindparam("now")
        )
    ).on_conflict_do_update(
        index_elements=["messenger"],
        set_={"health": statement.excluded.health, "health_since": statement.excluded.health_since},
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One receiver's row; `health` is "ok" or the name of what is wrong."""

    messenger: str
    next_offset: int | None
    last_update_at: datetime | None
    health: str
    health_since: datetime | None


async def next_offset(tx: Transaction, messenger: str) -> int | None:
    """Return the first update number not stored yet, None before the first; 0 is a real number."""
    query = sa.select(receivers.c.next_offset).where(receivers.c.messenger == messenger)
    return (await tx.execute(query)).scalar_one_or_none()


async def moved(
    tx: Transaction, messenger: str, offset: int, now: datetime, fence: tuple[str, int] | None = None
) -> None:
    """Keep the next update number, in the same transaction as the updates before it.

    With `fence`, a lease's name and token, nothing is changed once the lease has passed on.
    """
    values: dict[str, object] = {"messenger": messenger, "next_offset": offset, "now": now}
    if fence is None:
        await tx.execute(_MOVED.for_(tx), values)
    else:
        await tx.execute(_MOVED_BY_HOLDER.for_(tx), values | {"lease": fence[0], "token": fence[1]})


async def mark_health(tx: Transaction, messenger: str, health: str, now: datetime) -> None:
    """Keep how the connection is since `now`."""
    await tx.execute(_HEALTH.for_(tx), {"messenger": messenger, "health": health, "now": now})


async def standings(tx: Transaction) -> list[Standing]:
    """Return every receiver that ever ran."""
    rows = await tx.execute(sa.select(receivers).order_by(receivers.c.messenger))
    return [Standing(row.messenger, row.next_offset, row.last_update_at, row.health, row.health_since) for row in rows]
