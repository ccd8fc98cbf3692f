"""What a process of the bot does: all of it, or, on PostgreSQL, a part of it."""

from enum import StrEnum


class Role(StrEnum):
    """A part of the bot's work that may have processes of its own."""

    RECEIVER = "receiver"  # takes updates into the inbox; one at a time for each bot, others stand by
    WORKER = "worker"  # handles updates, rings timers, fetches files; any number
    SENDER = "sender"  # sends the outbox; one at a time for each bot, others stand by
    WEB = "web"  # answers HTTP


EVERY_ROLE = frozenset(Role)
