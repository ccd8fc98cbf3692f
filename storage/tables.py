"""Every table, once, for SQLite and PostgreSQL; migrations in storage/migrations/ lead here and a test compares."""

import sqlalchemy as sa

from storage.columns import BigKey, Json, Moment

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key() -> sa.Column[int]:
    return sa.Column("id", BigKey, primary_key=True, autoincrement=True)


def _some(name: str, where: str, *columns: str) -> sa.Index:
    """Index only the rows that `where` picks: the queues stay fast however much is done."""
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _waiting(table: str, *columns: str) -> sa.Index:
    return _some(f"ix_{table}_waiting", "state = 'waiting'", *columns)


# --- the engine -----------------------------------------------------------------------------------------------

receivers = sa.Table(
    "receivers",
    metadata,
    sa.Column("messenger", sa.Text, primary_key=True),
    sa.Column("next_offset", sa.BigInteger),  # null: nothing confirmed yet; 0 is a real update number in Bale
    sa.Column("last_update_at", Moment),
    sa.Column("health", sa.Text, nullable=False, server_default="ok"),
    sa.Column("health_since", Moment),
)

# Who does what only one may do at a time: receive for a bot, send for a bot, fetch files.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("token", sa.BigInteger, nullable=False),  # grows with every change of hands: the late are known by it
    sa.Column("until", Moment, nullable=False),
    sa.Column("session", sa.Text),  # the holder's connection to PostgreSQL: once it is gone, so is the holder
)

inbox = sa.Table(
    "inbox",
    metadata,
    _key(),
    sa.Column("messenger", sa.Text, nullable=False),
    sa.Column("update_id", sa.BigInteger, nullable=False),
    # What the update is about, so that numbers which start again from zero are not taken for repetitions.
    sa.Column("identity", sa.Text, nullable=False),
    sa.Column("lane", sa.Text, nullable=False),  # the chat: its updates are handled in order
    sa.Column("shard", sa.SmallInteger, nullable=False, server_default="0"),  # of the lane: workers share them out
    sa.Column("body", sa.Text, nullable=False),  # the raw JSON
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),  # waiting | held | done | quarantined
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", Moment),
    sa.Column("done_at", Moment),
    sa.Column("problem", sa.Text),
    sa.UniqueConstraint("messenger", "update_id", "identity"),
    _waiting("inbox", "messenger", "id"),
    _some("ix_inbox_lane", "state = 'waiting'", "lane", "id"),
    # A chat may have so many waiting; what it sends beyond that is held here and let in, in order, as room is made.
    _some("ix_inbox_held", "state = 'held'", "lane", "id"),
    _some("ix_inbox_quarantined", "state = 'quarantined'", "id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _key(),
    sa.Column("messenger", sa.Text, nullable=False),
    sa.Column("chat_id", sa.BigInteger, nullable=False),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("message", Json, nullable=False),  # domain.messages.Message
    sa.Column("dedup_key", sa.Text, unique=True),
    sa.Column("edits", BigKey, sa.ForeignKey("outbox.id")),  # the earlier row whose message this one edits
    sa.Column("notice_id", BigKey, sa.ForeignKey("notices.id")),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),  # waiting | sent | dead | cancelled
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", Moment),
    sa.Column("claimed_at", Moment),  # in flight since
    sa.Column("claim", sa.BigInteger),  # the token of the sender's lease: a claim under another token is an orphan
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("sent_at", Moment),
    sa.Column("message_id", sa.BigInteger),  # the messenger's number of what was sent, for later edits
    sa.Column("has_caption", sa.Boolean),  # the text went out as a picture's caption: edits must edit that
    # How many calls of a message in parts have succeeded: the next try goes on from there.
    sa.Column("parts_sent", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.Text),
    _waiting("outbox", "messenger", "priority", "id", "chat_id"),
    _some("ix_outbox_of_chat", "state = 'waiting'", "messenger", "chat_id"),
    _some("ix_outbox_edits", "state = 'waiting' AND edits IS NOT NULL", "edits"),
    _some("ix_outbox_dead", "state = 'dead'", "id"),
    sa.Index("ix_outbox_notice_id", "notice_id", "state"),
)

timers = sa.Table(
    "timers",
    metadata,
    _key(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),  # waiting | done | failed
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.Text),
    _waiting("timers", "due_at"),
)

# --- people ---------------------------------------------------------------------------------------------------

people = sa.Table(
    "people",
    metadata,
    _key(),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("phone", sa.Text, unique=True),  # E.164, only when the messenger vouched for it
    sa.Column("created_at", Moment, nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    _key(),
    sa.Column("messenger", sa.Text, nullable=False),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("person_id", BigKey, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("reachable", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("unreachable_reason", sa.Text),
    sa.Column("seen_at", Moment, nullable=False),
    sa.UniqueConstraint("messenger", "user_id"),
)

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("messenger", sa.Text, primary_key=True),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("unit", sa.Text),  # whose cards go here; null: only seen
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("seen_at", Moment, nullable=False),
)

memberships = sa.Table(
    "memberships",
    metadata,
    _key(),
    sa.Column("person_id", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False, server_default=""),
    sa.Column("granted_at", Moment, nullable=False),
    sa.Column("granted_by", BigKey, sa.ForeignKey("people.id")),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", BigKey, sa.ForeignKey("people.id")),
    sa.Index("ix_memberships_person_id", "person_id"),
    sa.Index("ix_memberships_unit", "unit", "role"),
)

invitations = sa.Table(
    "invitations",
    metadata,
    _key(),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),  # the token itself is never kept
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False, server_default=""),
    sa.Column("messenger", sa.Text),  # null: works on any
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("created_by", BigKey, sa.ForeignKey("people.id")),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("used_by", BigKey, sa.ForeignKey("people.id")),
    sa.Column("revoked_at", Moment),
)

# --- talk -----------------------------------------------------------------------------------------------------

talks = sa.Table(
    "talks",
    metadata,
    sa.Column("messenger", sa.Text, primary_key=True),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    # Every button can be typed: [[label, data], …] of the newest message, and of the keyboard that stands below.
    sa.Column("offered", Json, nullable=False),
    sa.Column("keyboard", Json, nullable=False),
    sa.Column("awaiting", Json),  # what the next words answer: {"kind": …, …}
    sa.Column("updated_at", Moment, nullable=False),
)

drafts = sa.Table(
    "drafts",
    metadata,
    _key(),
    sa.Column("account_id", BigKey, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("for_caller", sa.Boolean, nullable=False, server_default=sa.false()),  # an operator's, for who is calling
    sa.Column("state", sa.Text, nullable=False, server_default="open"),  # open | filed | cancelled | expired
    sa.Column("slots", Json, nullable=False),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id")),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index(
        "uq_drafts_open",
        "account_id",
        "for_caller",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
)

# --- casework -------------------------------------------------------------------------------------------------

requests = sa.Table(
    "requests",
    metadata,
    _key(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("account_id", BigKey, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("subject", sa.Text),  # null: the desk decides
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("district", sa.Text),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
    sa.Column("words", sa.Text, nullable=False, server_default=""),  # as the citizen wrote it
    sa.Column("display", sa.Text, nullable=False, server_default=""),  # normalised, what officials read
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("anonymous", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("phone", sa.Text),
    sa.Column("phone_verified", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("guesses", Json),  # what the classifier thought: {"model": …, "ranked": [[slug, p], …]}
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("verdict", sa.Text),
    sa.Column("times_reopened", sa.Integer, nullable=False, server_default="0"),
    sa.Column("in_hand_of", BigKey, sa.ForeignKey("people.id")),
    sa.Column("filed_at", Moment, nullable=False),
    sa.Column("deadline_at", Moment),
    sa.Column("answered_at", Moment),  # first answer of a unit
    sa.Column("closed_at", Moment),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("channel", sa.Text, nullable=False, server_default="bot"),  # bot | phone | roster
    sa.Column("filed_by", BigKey, sa.ForeignKey("people.id")),  # the operator who filed it for a caller
    sa.Column("parent_id", BigKey, sa.ForeignKey("requests.id")),  # it is a part of that one
    sa.Column("parts", sa.Integer, nullable=False, server_default="0"),  # into how many it was split
    sa.Column("merged_into", BigKey, sa.ForeignKey("requests.id")),  # it was the same as that one
    sa.Column("claimed_by", BigKey, sa.ForeignKey("people.id")),  # the operator who is sorting it
    sa.Column("claimed_at", Moment),
    sa.Column("queue", sa.Text),  # why it waits for the desk (domain.desk.Queue); null: it does not
    sa.Column("body", sa.Text),  # the outside body that is awaited
    sa.Column("planned_for", Moment),  # when work is planned, a warning followed up, a body or a commission expected
    sa.Column("promised_at", Moment),  # the date that citizens were told last, where it is not the deadline
    sa.Column("referrals", sa.Integer, nullable=False, server_default="0"),  # between units since the desk decided
    # The desk's screens look at what is open, urgent first, then by deadline.
    _some("ix_requests_open", "state <> 'closed'", "unit", "urgent", "deadline_at", "id"),
    _some("ix_requests_parent_id", "parent_id IS NOT NULL", "parent_id"),
    _some("ix_requests_merged_into", "merged_into IS NOT NULL", "merged_into"),
    # The desk's queue, by kind.
    _some("ix_requests_queue", "queue IS NOT NULL", "queue", "urgent", "filed_at", "id"),
    _some("ix_requests_claimed_by", "claimed_by IS NOT NULL", "claimed_by"),
    _some("ix_requests_phone", "phone IS NOT NULL AND state <> 'closed'", "phone"),
    sa.Index("ix_requests_desk", "unit", "state", "filed_at"),
    sa.Index("ix_requests_subject_filed_at", "subject", "filed_at"),
    sa.Index("ix_requests_lat_lon", "lat", "lon"),
    _some("ix_requests_open_lat_lon", "state <> 'closed'", "lat", "lon"),
    sa.Index("ix_requests_changed_at", "changed_at"),  # the news of a day
)

history = sa.Table(
    "history",
    metadata,
    _key(),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("deed", sa.Text, nullable=False),
    sa.Column("person_id", BigKey, sa.ForeignKey("people.id")),  # null: the system
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("messenger", sa.Text),
    sa.Column("from_state", sa.Text),
    sa.Column("to_state", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),  # the unit in charge after the deed
    sa.Column("outcome", sa.Text),
    sa.Column("verdict", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("data", Json),
)

# Citizens who said "the same one": they hear all the owner hears, and each gives a verdict.
supporters = sa.Table(
    "supporters",
    metadata,
    _key(),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), nullable=False),
    sa.Column("account_id", BigKey, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("joined_at", Moment, nullable=False),
    sa.Column("verdict", sa.Text),  # accepted | objected; of the request's present end
    sa.Column("left_at", Moment),
    sa.UniqueConstraint("request_id", "account_id"),
    sa.Index("ix_supporters_account_id", "account_id"),
)

# Citizens who want to know what becomes of somebody else's request: they are not counted, have no say, and read neither
# its code nor anybody's words.
followers = sa.Table(
    "followers",
    metadata,
    _key(),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), nullable=False),
    sa.Column("account_id", BigKey, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("ended_at", Moment),  # they stopped, joined it, or may not hear of it any more
    sa.UniqueConstraint("request_id", "account_id"),
    sa.Index("ix_followers_account_id", "account_id"),
)

# What was promised about a request, by kind: first_answer | next_answer | resolution. One row a kind; it begins anew
# when the request is opened again, and when there is again something to answer.
clocks = sa.Table(
    "clocks",
    metadata,
    _key(),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # running | paused | met | ended
    sa.Column("around_the_clock", sa.Boolean, nullable=False),  # else only working hours count
    sa.Column("seconds", sa.BigInteger, nullable=False),  # promised, of the time that counts
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("due_at", Moment),  # null while paused
    sa.Column("left_seconds", sa.BigInteger),  # while paused, of the time that counts; below 0: it was late already
    sa.Column("stopped_at", Moment),  # since when it stands still, was met or no longer matters
    sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()),  # it was missed
    # What was done about it so far: half, most (nine tenths), breach, deputy, manager.
    sa.Column("steps", Json, nullable=False),
    sa.UniqueConstraint("request_id", "kind"),
)

# Sentences that staff choose instead of typing: for a deed, and for some subjects only where any are named.
templates = sa.Table(
    "templates",
    metadata,
    _key(),
    sa.Column("deed", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),  # null: any
    sa.Column("title", sa.Text, nullable=False),  # on the button
    sa.Column("words", sa.Text, nullable=False),  # with {code}, {unit}, {subject}, {deadline}
    sa.Column("came_as", sa.Text, unique=True),  # which of those that come with the programme it was; null: none
    sa.Column("created_by", BigKey, sa.ForeignKey("people.id")),  # null: it came with the programme
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index("ix_templates_deed", "deed", "subject"),
)

# Who is away and who works in their place.
absences = sa.Table(
    "absences",
    metadata,
    _key(),
    sa.Column("person_id", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("stand_in", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment),  # null: until they say that they are back
    sa.Column("ended_at", Moment),
    sa.Column("acting", BigKey, sa.ForeignKey("memberships.id")),  # the headship that the stand-in holds meanwhile
    sa.Index(
        "uq_absences_open",
        "unit",
        "person_id",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

# Who is called for what cannot wait, by unit, in this order.
duty = sa.Table(
    "duty",
    metadata,
    _key(),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("person_id", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),  # the lowest is called first
    sa.Column("on_duty", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("changed_at", Moment, nullable=False),
    sa.UniqueConstraint("unit", "person_id"),
)

# Who is called about an urgent request, and when they said that they come. One row a request.
calls = sa.Table(
    "calls",
    metadata,
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), primary_key=True, autoincrement=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("called", BigKey, sa.ForeignKey("people.id")),  # whose turn it is; null: nobody is on duty
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),  # of this person
    sa.Column("rounds", sa.Integer, nullable=False, server_default="0"),  # through the whole list
    sa.Column("asked", Json, nullable=False),  # whose turn has come in this round
    sa.Column("declined", Json, nullable=False),  # who said that they cannot come
    sa.Column("shown", Json, nullable=False),  # the messages about it: [[outbox row, messenger, chat, person], …]
    sa.Column("answered_by", BigKey, sa.ForeignKey("people.id")),
    sa.Column("answered_at", Moment),
    sa.Column("ended_at", Moment),  # accepted, or no longer urgent, or closed
    _some("ix_calls_called", "ended_at IS NULL", "called"),
)

# A manager answers people directly for some hours.
sessions = sa.Table(
    "sessions",
    metadata,
    _key(),
    sa.Column("manager_id", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),  # as citizens are told: who it is
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="planned"),  # planned | open | over | cancelled
    sa.Column("places", sa.Integer, nullable=False),  # how many can be heard
    sa.Column("notice_id", BigKey, sa.ForeignKey("notices.id")),
    sa.Column("created_by", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("reported_at", Moment),
    sa.Index("ix_sessions_state", "state", "starts_at"),
    sa.Index("ix_sessions_manager_id", "manager_id"),
)

# Who asked to be heard in a session, about which request, and what came of it.
hearings = sa.Table(
    "hearings",
    metadata,
    _key(),
    sa.Column("session_id", BigKey, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), nullable=False),
    sa.Column("account_id", BigKey, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),  # domain.hearings.HearingState
    sa.Column("answered_at", Moment),
    sa.Column("promised_for", Moment),
    sa.Column("kept", sa.Boolean),  # null: not yet known
    sa.Column("skipped", sa.Integer, nullable=False, server_default="0"),  # the lowest is heard first
    sa.UniqueConstraint("session_id", "request_id"),
    sa.Index("ix_hearings_request_id", "request_id"),
)

# Areas that citizens want news of.
follows = sa.Table(
    "follows",
    metadata,
    _key(),
    sa.Column("account_id", BigKey, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("metres", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("since", Moment, nullable=False),
    sa.Column("told_until", Moment, nullable=False),  # news up to here was told
    sa.Column("ended_at", Moment),
    sa.Index("ix_follows_account_id", "account_id"),
)

# What a person put right in the machine's guess: what it learns from. Append-only.
corrections = sa.Table(
    "corrections",
    metadata,
    _key(),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person_id", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),  # the version that guessed
    sa.Column("was", sa.Text),  # null: it had no subject
    sa.Column("subject", sa.Text, nullable=False),
)

# Each time the machine was trained anew from what people put right, and what came of it.
lessons = sa.Table(
    "lessons",
    metadata,
    _key(),
    sa.Column("at", Moment, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),  # promoted | refused | failed | rolled_back
    sa.Column("model", sa.Text, nullable=False),  # the version in use afterwards
    sa.Column("labels", sa.Integer, nullable=False),
    sa.Column("last_correction", BigKey),  # the newest that was learnt from
    sa.Column("figures", Json),
    sa.Index("ix_lessons_at", "at"),
)

cards = sa.Table(
    "cards",
    metadata,
    _key(),
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), nullable=False),
    sa.Column("messenger", sa.Text, nullable=False),
    sa.Column("chat_id", sa.BigInteger, nullable=False),
    sa.Column("outbox_id", BigKey, sa.ForeignKey("outbox.id"), nullable=False, index=True),
    sa.Column("viewer_id", BigKey, sa.ForeignKey("people.id")),  # null: a group
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("live", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Index("ix_cards_request_id_live", "request_id", "live"),
)

audit = sa.Table(
    "audit",
    metadata,
    _key(),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person_id", BigKey, sa.ForeignKey("people.id")),
    sa.Column("messenger", sa.Text),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("refused", sa.Text),  # the reason's key; null: it was done
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id")),
    sa.Column("data", Json),
    sa.Index("ix_audit_at", "at"),
)

notices = sa.Table(
    "notices",
    metadata,
    _key(),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="preview"),  # preview | sending | done | cancelled
    sa.Column("created_by", BigKey, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("recipients", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reached", BigKey),  # the last account it was put into the outbox for; null: not begun, or all are in it
    sa.Column("closed_at", Moment),
)

# --- media ----------------------------------------------------------------------------------------------------

media = sa.Table(
    "media",
    metadata,
    _key(),
    sa.Column("kind", sa.Text, nullable=False),  # photo | voice | video | document
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),  # waiting | stored | refused
    sa.Column("problem", sa.Text),  # why it was refused: a key of texts
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("sha256", sa.Text),
    sa.Column("mime", sa.Text),
    sa.Column("bytes", sa.BigInteger),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("thumbnail", sa.Text),  # the SHA-256 of a small JPEG of it
    sa.Column("lat", sa.Float),  # where the picture says it was taken
    sa.Column("lon", sa.Float),
    sa.Column("draft_id", BigKey, sa.ForeignKey("drafts.id")),  # who is told when it cannot be used
    sa.Column("account_id", BigKey, sa.ForeignKey("accounts.id")),
    _waiting("media", "id"),
    sa.Index("ix_media_sha256", "sha256"),  # the same content sent by somebody else
)

media_copies = sa.Table(
    "media_copies",
    metadata,
    sa.Column("media_id", BigKey, sa.ForeignKey("media.id"), primary_key=True),
    sa.Column("messenger", sa.Text, primary_key=True),  # a file_id belongs to one bot
    sa.Column("file_id", sa.Text, nullable=False),
    sa.Column("file_unique_id", sa.Text, nullable=False, server_default=""),
    sa.Column("thumbnail", sa.Text),  # how the messenger calls its own small picture of a film
)

request_media = sa.Table(
    "request_media",
    metadata,
    sa.Column("request_id", BigKey, sa.ForeignKey("requests.id"), primary_key=True),
    sa.Column("media_id", BigKey, sa.ForeignKey("media.id"), primary_key=True),
    sa.Column("part", sa.Text, nullable=False),  # filed | added | evidence
    sa.Column("history_id", BigKey, sa.ForeignKey("history.id")),
)
