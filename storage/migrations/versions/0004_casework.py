"""Casework: parts, merging, awaited bodies, plans; clocks, templates, absences, duty, managers' sessions, areas."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, Json, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OF_REQUESTS = {"parent_id": "requests", "merged_into": "requests", "filed_by": "people", "claimed_by": "people"}


def _point_to(column: str, table: str) -> None:
    """Add a column that refers to another row; SQLite can do so in place only when the reference is part of it."""
    key = f"fk_requests_{column}"
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE requests ADD COLUMN {column} {kind} CONSTRAINT {key} REFERENCES {table} (id)")


def _some(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, "requests", columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _extend_requests() -> None:
    for column, table in _OF_REQUESTS.items():
        _point_to(column, table)
    op.add_column("requests", sa.Column("channel", sa.Text(), server_default="bot", nullable=False))
    op.add_column("requests", sa.Column("parts", sa.Integer(), server_default="0", nullable=False))
    op.add_column("requests", sa.Column("claimed_at", Moment(), nullable=True))
    op.add_column("requests", sa.Column("queue", sa.Text(), nullable=True))
    op.add_column("requests", sa.Column("body", sa.Text(), nullable=True))
    op.add_column("requests", sa.Column("planned_for", Moment(), nullable=True))
    op.add_column("requests", sa.Column("promised_at", Moment(), nullable=True))
    op.add_column("requests", sa.Column("referrals", sa.Integer(), server_default="0", nullable=False))
    _some("ix_requests_open", ["unit", "urgent", "deadline_at", "id"], "state <> 'closed'")
    _some("ix_requests_parent_id", ["parent_id"], "parent_id IS NOT NULL")
    _some("ix_requests_merged_into", ["merged_into"], "merged_into IS NOT NULL")
    _some("ix_requests_queue", ["queue", "urgent", "filed_at", "id"], "queue IS NOT NULL")
    _some("ix_requests_claimed_by", ["claimed_by"], "claimed_by IS NOT NULL")
    _some("ix_requests_phone", ["phone"], "phone IS NOT NULL AND state <> 'closed'")
    _some("ix_requests_open_lat_lon", ["lat", "lon"], "state <> 'closed'")
    op.create_index("ix_requests_changed_at", "requests", ["changed_at"], unique=False)


def _queue_what_waits() -> None:
    """What waits at the desk already is in its queue."""
    why = "CASE WHEN subject IS NULL THEN 'unsure' ELSE 'unrouted' END"
    op.execute(f"UPDATE requests SET queue = {why} WHERE state = 'waiting'")  # noqa: S608  # no value of anybody's


def _extend_drafts() -> None:
    """An operator's own draft and the one for who is calling stand beside each other."""
    op.add_column("drafts", sa.Column("for_caller", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("uq_drafts_open", "drafts")
    still_open = sa.text("state = 'open'")
    op.create_index(
        "uq_drafts_open",
        "drafts",
        ["account_id", "for_caller"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _create_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("stand_in", BigKey, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("acting", BigKey, nullable=True),
        sa.ForeignKeyConstraint(["acting"], ["memberships.id"], name=op.f("fk_absences_acting")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.ForeignKeyConstraint(["stand_in"], ["people.id"], name=op.f("fk_absences_stand_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    still = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_absences_open",
        "absences",
        ["unit", "person_id"],
        unique=True,
        sqlite_where=still,
        postgresql_where=still,
    )


def _create_duty() -> None:
    op.create_table(
        "duty",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("person_id", BigKey, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("on_duty", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("unit", "person_id", name=op.f("uq_duty_unit_person_id")),
    )


def _create_templates() -> None:
    op.create_table(
        "templates",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("came_as", sa.Text(), nullable=True),
        sa.Column("created_by", BigKey, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_templates_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("came_as", name=op.f("uq_templates_came_as")),
    )
    op.create_index("ix_templates_deed", "templates", ["deed", "subject"], unique=False)


def _create_follows() -> None:
    op.create_table(
        "follows",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("account_id", BigKey, nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("told_until", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_follows_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
    )
    op.create_index("ix_follows_account_id", "follows", ["account_id"], unique=False)


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("manager_id", BigKey, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("notice_id", BigKey, nullable=True),
        sa.Column("created_by", BigKey, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("reported_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_sessions_created_by")),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_sessions_manager_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_sessions_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_manager_id", "sessions", ["manager_id"], unique=False)
    op.create_index("ix_sessions_state", "sessions", ["state", "starts_at"], unique=False)


def _create_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("request_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("called", BigKey, nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rounds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.Column("declined", Json, nullable=False),
        sa.Column("shown", Json, nullable=False),
        sa.Column("answered_by", BigKey, nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_calls_answered_by")),
        sa.ForeignKeyConstraint(["called"], ["people.id"], name=op.f("fk_calls_called")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_calls_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_calls")),
    )
    open_ones = sa.text("ended_at IS NULL")
    op.create_index("ix_calls_called", "calls", ["called"], sqlite_where=open_ones, postgresql_where=open_ones)


def _create_clocks() -> None:
    op.create_table(
        "clocks",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("request_id", BigKey, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("around_the_clock", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("left_seconds", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_clocks_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint("request_id", "kind", name=op.f("uq_clocks_request_id_kind")),
    )


def _create_hearings() -> None:
    op.create_table(
        "hearings",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("session_id", BigKey, nullable=False),
        sa.Column("request_id", BigKey, nullable=False),
        sa.Column("account_id", BigKey, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("promised_for", Moment(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("skipped", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_hearings_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_hearings_request_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_hearings_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearings")),
        sa.UniqueConstraint("session_id", "request_id", name=op.f("uq_hearings_session_id_request_id")),
    )
    op.create_index("ix_hearings_request_id", "hearings", ["request_id"], unique=False)


_REQUESTS = sa.table(
    "requests",
    sa.column("id", BigKey),
    sa.column("state", sa.Text),
    sa.column("filed_at", Moment),
    sa.column("deadline_at", Moment),
    sa.column("changed_at", Moment),
)
_CLOCKS = sa.table(
    "clocks",
    sa.column("request_id", BigKey),
    *(sa.column(name, sa.Text) for name in ("kind", "state")),
    *(sa.column(name, sa.Boolean) for name in ("around_the_clock", "late")),
    *(sa.column(name, sa.BigInteger) for name in ("seconds", "left_seconds")),
    *(sa.column(name, Moment) for name in ("started_at", "due_at", "stopped_at")),
    sa.column("steps", Json),
)
_TIMERS = sa.table(
    "timers",
    *(sa.column(name, sa.Text) for name in ("key", "kind")),
    sa.column("due_at", Moment),
    sa.column("data", Json),
)
_AT_ONCE = 2000


def _clock(row: sa.Row[Any], now: datetime) -> dict[str, Any]:
    """Count what was promised before there were clocks: around the clock, as it was promised then.

    What was late already is not announced anew to everybody: it stands first on the desk, and its screen says so.
    """
    asked = row.state == "asked_citizen"
    late = row.deadline_at < (row.changed_at if asked else now)
    return {
        "request_id": row.id,
        "kind": "resolution",
        "state": "paused" if asked else "running",
        "around_the_clock": True,
        "seconds": max(int((row.deadline_at - row.filed_at).total_seconds()), 0),
        "started_at": row.filed_at,
        "due_at": None if asked else row.deadline_at,
        "left_seconds": int((row.deadline_at - row.changed_at).total_seconds()) if asked else None,
        "stopped_at": row.changed_at if asked else None,
        "late": late,
        "steps": ["half", "most", "breach", "deputy", "manager"] if late else ["half"],
    }


def _start_clocks() -> None:
    """Give every open request the clock of its deadline; its timer rings at once and finds out what is next."""
    connection, now, after = op.get_bind(), datetime.now(UTC), 0
    open_ones = sa.select(_REQUESTS).where(_REQUESTS.c.state != "closed", _REQUESTS.c.deadline_at.is_not(None))
    while rows := connection.execute(
        open_ones.where(_REQUESTS.c.id > after).order_by(_REQUESTS.c.id).limit(_AT_ONCE)
    ).all():
        op.bulk_insert(_CLOCKS, [_clock(row, now) for row in rows])
        op.bulk_insert(_TIMERS, [_timer(row, now) for row in rows])
        after = rows[-1].id


def _timer(row: sa.Row[Any], now: datetime) -> dict[str, Any]:
    if row.state == "asked_citizen":
        return {
            "key": f"asked:{row.id}",
            "kind": "asked",
            "due_at": now,
            "data": {"request": row.id, "reminded": False},
        }
    data = {"request": row.id, "kind": "resolution"}
    return {"key": f"clock:{row.id}:resolution", "kind": "clock", "due_at": now, "data": data}


def upgrade() -> None:
    """Go forward."""
    _extend_requests()
    _queue_what_waits()
    _extend_drafts()
    _create_absences()
    _create_duty()
    _create_templates()
    _create_follows()
    _create_sessions()
    _create_calls()
    _create_clocks()
    _create_hearings()
    _start_clocks()
