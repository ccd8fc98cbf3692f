"""Citizens who join a request; what people put right in the machine's guesses, and what it learnt from that."""

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, Json, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER corrections_append_only_{what} BEFORE {what} ON corrections"
        " BEGIN SELECT RAISE(ABORT, 'corrections is append-only'); END"
        for what in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE TRIGGER corrections_append_only BEFORE UPDATE OR DELETE ON corrections"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    ],
}


def _create_supporters() -> None:
    op.create_table(
        "supporters",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("request_id", BigKey, nullable=False),
        sa.Column("account_id", BigKey, nullable=False),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_supporters_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_supporters_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporters")),
        sa.UniqueConstraint("request_id", "account_id", name=op.f("uq_supporters_request_id_account_id")),
    )
    op.create_index("ix_supporters_account_id", "supporters", ["account_id"], unique=False)


def _create_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("request_id", BigKey, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_corrections_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_corrections_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_request_id", "corrections", ["request_id"], unique=False)


def _create_lessons() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("last_correction", BigKey, nullable=True),
        sa.Column("figures", Json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    op.create_index("ix_lessons_at", "lessons", ["at"], unique=False)


def upgrade() -> None:
    """Go forward."""
    _create_supporters()
    _create_corrections()
    _create_lessons()
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
