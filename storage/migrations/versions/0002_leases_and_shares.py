"""Leases and shares for several processes, a bound on what one chat may have waiting, notices in slices, thumbnails."""

from zlib import crc32

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


_SHARDS = 64  # as it was when this was written: a migration does not change with the programme
_INBOX = sa.table("inbox", sa.column("id"), sa.column("lane"), sa.column("state"), sa.column("shard"))


def _share_out_what_is_not_done() -> None:
    """Give every update that waits, or may be released from quarantine, its lane's shard."""
    connection = op.get_bind()
    left = connection.execute(sa.select(_INBOX.c.id, _INBOX.c.lane).where(_INBOX.c.state != "done")).all()
    if left:
        connection.execute(
            sa.update(_INBOX).where(_INBOX.c.id == sa.bindparam("row")).values(shard=sa.bindparam("its_shard")),
            [{"row": row.id, "its_shard": crc32(row.lane.encode()) % _SHARDS} for row in left],
        )


def _some(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.add_column("inbox", sa.Column("shard", sa.SmallInteger(), server_default="0", nullable=False))
    _share_out_what_is_not_done()
    _some("ix_inbox_lane", "inbox", ["lane", "id"], "state = 'waiting'")
    _some("ix_inbox_held", "inbox", ["lane", "id"], "state = 'held'")
    op.add_column("outbox", sa.Column("claim", sa.BigInteger(), nullable=True))
    op.add_column("notices", sa.Column("reached", BigKey, nullable=True))
    op.add_column("media", sa.Column("thumbnail", sa.Text(), nullable=True))
    op.create_index("ix_media_sha256", "media", ["sha256"])
    op.add_column("media_copies", sa.Column("thumbnail", sa.Text(), nullable=True))
