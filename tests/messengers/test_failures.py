"""Every refusal that the two messengers are known to give, and its class."""

import pickle

import pytest

from bot.messengers.failures import CallFailed, Failure, failure

KNOWN = [
    (429, "Too Many Requests: retry after 13", Failure.RATE),
    (429, "bot limit exceed", Failure.RATE),
    (200, "local_rate_limited", Failure.RATE),
    (409, "Conflict: terminated by other getUpdates request; make sure that only one is running", Failure.CONFLICT),
    (409, "Conflict: can't use getUpdates method while webhook is active", Failure.CONFLICT),
    (401, "Unauthorized", Failure.UNAUTHORISED),
    (404, "Not Found", Failure.UNAUTHORISED),
    (403, "Bad Request: Token not found", Failure.UNAUTHORISED),
    (501, "Not Implemented", Failure.UNSUPPORTED),
    (400, "Bad Request: message is not modified: specified new message content", Failure.UNCHANGED),
    (400, "Bad Request: message is too long", Failure.TOO_LONG),
    (400, "Bad Request: message caption is too long", Failure.TOO_LONG),
    (400, "Bad Request: MEDIA_CAPTION_TOO_LONG", Failure.TOO_LONG),
    (400, "Bad Request: file is too big", Failure.TOO_LONG),
    (413, "Request Entity Too Large", Failure.TOO_LONG),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', Failure.BAD_MARKUP),
    (400, "Bad Request: can't parse entities: Can't find end of the entity", Failure.BAD_MARKUP),
    (400, "Bad Request: message to edit not found", Failure.GONE),
    (400, "Bad Request: message to delete not found", Failure.GONE),
    (400, "Bad Request: message to be replied not found", Failure.GONE),
    (400, "Bad Request: replied message not found", Failure.GONE),
    (400, "Bad Request: message can't be edited", Failure.GONE),
    (400, "Bad Request: message can't be deleted for everyone", Failure.GONE),
    (400, "Bad Request: MESSAGE_ID_INVALID", Failure.GONE),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", Failure.BAD_FILE),
    (400, "Bad Request: wrong remote file identifier specified: Wrong padding in the string", Failure.BAD_FILE),
    (400, "Bad Request: wrong file_id or the file is temporarily unavailable", Failure.BAD_FILE),
    (400, "Bad Request: invalid file_id", Failure.BAD_FILE),
    (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", Failure.BAD_FILE),
    (400, "Bad Request: IMAGE_PROCESS_FAILED", Failure.BAD_FILE),
    (400, "Bad Request: file must be non-empty", Failure.BAD_FILE),
    (400, "Bad Request: can't use file of type Document as Photo", Failure.BAD_FILE),
    (404, "no such group or user", Failure.UNREACHABLE),
    (400, "Bad Request: chat not found", Failure.UNREACHABLE),
    (403, "Forbidden: bot was blocked by the user", Failure.UNREACHABLE),
    (403, "Forbidden: user is deactivated", Failure.UNREACHABLE),
    (403, "Forbidden: bot was kicked from the supergroup chat", Failure.UNREACHABLE),
    (403, "Forbidden: bot can't initiate conversation with a user", Failure.UNREACHABLE),
    (403, "permission_denied", Failure.UNREACHABLE),
    (400, "Bad Request: PEER_ID_INVALID", Failure.UNREACHABLE),
    (400, "Bad Request: have no rights to send a message", Failure.UNREACHABLE),
    (400, "Bad Request: not enough rights to send photos to the chat", Failure.BAD_FILE),
    (403, "Forbidden: CHAT_SEND_PHOTOS_FORBIDDEN", Failure.BAD_FILE),
    (400, "Bad Request: not enough rights to send text messages to the chat", Failure.UNREACHABLE),
    (500, "Internal Server Error", Failure.SERVER),
    (502, "Bad Gateway", Failure.SERVER),
    (400, "Bad Request: message text is empty", Failure.REFUSED),
    (400, "Bad Request: BUTTON_DATA_INVALID", Failure.REFUSED),
    (200, "something never heard of", Failure.REFUSED),
]


@pytest.mark.parametrize(("status", "words", "kind"), KNOWN, ids=[f"{status} {words}" for status, words, _ in KNOWN])
def test_known_refusals_have_their_class(status: int, words: str, kind: Failure) -> None:
    assert failure(status, words) is kind


def test_a_failure_says_class_status_and_words_and_survives_pickling() -> None:
    failed = CallFailed(Failure.RATE, "bot limit exceed", retry_after=13, status=429)
    assert str(failed) == "rate 429: bot limit exceed"
    again = pickle.loads(pickle.dumps(failed))
    assert (again.kind, again.description, again.retry_after, again.status) == (
        Failure.RATE,
        "bot limit exceed",
        13,
        429,
    )
