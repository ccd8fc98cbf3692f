"""Why a call to a messenger failed: one table for what both messengers answer."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram.error import TelegramError


class Failure(StrEnum):
    """Classes of failure, by what one does about them."""

    RATE = "rate"  # too fast: pause, for retry_after seconds when it is known
    UNREACHABLE = "unreachable"  # this chat cannot be written to: blocked, deleted, thrown out, unknown
    GONE = "gone"  # the message to edit, delete or reply to is not there, or can no longer be changed
    UNCHANGED = "unchanged"  # the edit changes nothing: as good as done
    TOO_LONG = "too-long"  # a text, or a file, over the limit
    BAD_MARKUP = "bad-markup"  # send again without marks
    BAD_FILE = "bad-file"  # the file or its file_id is not accepted or no longer known
    STORE = "store"  # our own store of files is away: neither the messenger's doing nor the file's
    CONFLICT = "conflict"  # somebody else polls this token, or a webhook is set
    UNAUTHORISED = "unauthorised"  # the token is wrong
    NOT_FOUND = "not-found"  # a 404 in words nobody knows though the token is good: it concerns this one call
    SERVER = "server"  # the messenger's own trouble, answers that are no answers included
    NETWORK = "network"  # no answer; it is unknown whether the call had its effect
    MIGRATED = "migrated"  # the group lives on under new_chat_id
    UNSUPPORTED = "unsupported"  # this messenger has no such method
    REFUSED = "refused"  # everything else: repeating the same call will not help


# Control characters, those that turn the direction of a line, and lone surrogates: whoever stands on the way may put
# them into an answer, and no database takes NUL.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONGEST = 800


def _writable(words: str) -> str:
    return _UNWRITABLE.sub(" ", words[:_LONGEST])


@dataclass(eq=False)
class CallFailed(TelegramError):
    """A call did not succeed; `description` carries no token, `retry_after` is in seconds.

    It is a TelegramError so that python-telegram-bot lets it pass as it is.
    """

    kind: Failure
    description: str = ""
    retry_after: float | None = None
    new_chat_id: int | None = None
    status: int | None = None

    def __post_init__(self) -> None:
        self.description = _writable(self.description)
        super().__init__(f"{self.kind}: {self.description}")

    def __str__(self) -> str:
        """Give class, status and the messenger's own words."""
        status = "" if self.status is None else f" {self.status}"
        return f"{self.kind}{status}: {self.description}"

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        """Rebuild from the fields, which are more than TelegramError's one text."""
        return type(self), (self.kind, self.description, self.retry_after, self.new_chat_id, self.status)


@dataclass(frozen=True, slots=True)
class _Row:
    status: int | None  # None: whatever the status
    words: re.Pattern[str]
    kind: Failure


def _row(status: int | None, words: str, kind: Failure) -> _Row:
    return _Row(status, re.compile(words, re.IGNORECASE), kind)


# The first row that fits decides. Words first where a messenger uses one status for many things; bare statuses last.
_ROWS: tuple[_Row, ...] = (
    _row(429, "", Failure.RATE),
    _row(None, r"too many requests|local_rate_limited|bot limit exceed|flood", Failure.RATE),
    _row(409, "", Failure.CONFLICT),
    _row(None, r"terminated by other getupdates|can't use getupdates method while webhook", Failure.CONFLICT),
    _row(401, "", Failure.UNAUTHORISED),
    _row(None, r"token not found|invalid token|unauthori[sz]ed", Failure.UNAUTHORISED),
    _row(501, "", Failure.UNSUPPORTED),
    _row(None, r"not implemented|method not found|unknown method", Failure.UNSUPPORTED),
    _row(400, r"message is not modified|message_not_modified", Failure.UNCHANGED),
    _row(
        400, r"message (text |caption )?is too long|(caption|entities|text)[ _](is[ _])?too[ _]long", Failure.TOO_LONG
    ),
    _row(None, r"file is too big|file_too_(big|large)|request entity too large", Failure.TOO_LONG),
    _row(413, "", Failure.TOO_LONG),
    _row(None, r"can't parse (entities|caption|message)|can't find end of|unsupported start tag", Failure.BAD_MARKUP),
    _row(None, r"entity_\w*invalid|unclosed start tag", Failure.BAD_MARKUP),
    _row(None, r"message to (be )?(edit|delete|repl\w+|react\w*)( \w+)? not found", Failure.GONE),
    _row(None, r"repl\w+ message not found|message (can't be|to be) (edited|deleted|replied)", Failure.GONE),
    _row(None, r"message_id_invalid|message identifier is not specified|message not found", Failure.GONE),
    _row(None, r"wrong (remote )?file|wrong file[ _]?id|invalid (remote )?file|file[ _]?reference", Failure.BAD_FILE),
    _row(None, r"file (not found|must be non-empty|is empty|is temporarily unavailable)", Failure.BAD_FILE),
    _row(None, r"can't use file of type|failed to get http url|wrong type of the web page", Failure.BAD_FILE),
    _row(None, r"photo_(invalid|save)\w*|image_process_failed|media_(empty|invalid)|wrong padding", Failure.BAD_FILE),
    # Words may well be allowed where these are not, so it is not the chat that cannot be written to.
    _row(None, r"not enough rights to send (photo|video|document|audio|voice|media|album|file)", Failure.BAD_FILE),
    _row(None, r"chat_send_(photo|video|roundvideo|doc|audio|voice|media)\w*_forbidden", Failure.BAD_FILE),
    _row(
        None,
        r"no such group or user|permission_denied|chat not found|user not found|peer_id_invalid",
        Failure.UNREACHABLE,
    ),
    _row(
        None, r"chat_(write_forbidden|restricted|admin_required)|user_(is_)?(blocked|deactivated)", Failure.UNREACHABLE
    ),
    _row(None, r"input_user_deactivated|user is deactivated|group chat was deactivated", Failure.UNREACHABLE),
    _row(None, r"bot (was|is) (blocked|kicked|not a member)|have no rights to send", Failure.UNREACHABLE),
    _row(
        None, r"not enough rights to send text|can't initiate conversation|can't send messages to", Failure.UNREACHABLE
    ),
    _row(403, r"", Failure.UNREACHABLE),
    _row(404, r"", Failure.UNAUTHORISED),  # how Telegram answers a malformed token
)


def failure(status: int, description: str) -> Failure:
    """Class one refused call by its status (the answer's own error_code where there is one) and its words."""
    for row in _ROWS:
        if row.status in (None, status) and row.words.search(description):
            return row.kind
    return Failure.SERVER if status >= 500 else Failure.REFUSED
