"""What the real servers answer when they refuse: one row per refusal, one text per flavour."""

from typing import Any

from simulator.config import Flavour

# reason: (Telegram's status and text, Bale's status and text). Bale documents few texts; where none is known
# the Telegram text stands, since a bot must not depend on it.
REFUSALS: dict[str, tuple[tuple[int, str], tuple[int, str] | None]] = {
    "unauthorized": ((401, "Unauthorized"), (403, "Bad Request: Token not found")),
    "no-such-method": ((404, "Not Found"), (501, "Not Implemented")),
    "not-simulated": ((501, "Not Implemented: the simulator does not play this method"), (501, "Not Implemented")),
    "chat-empty": ((400, "Bad Request: chat_id is empty"), None),
    "chat-not-found": ((400, "Bad Request: chat not found"), (404, "no such group or user")),
    "user-not-found": ((400, "Bad Request: invalid user_id specified"), (404, "no such group or user")),
    "blocked": ((403, "Forbidden: bot was blocked by the user"), (403, "permission_denied")),
    "kicked": ((403, "Forbidden: bot was kicked from the group chat"), (403, "permission_denied")),
    "not-a-member": ((403, "Forbidden: bot is not a member of the group chat"), (403, "permission_denied")),
    "two-pollers": (
        (
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        ),
        None,
    ),
    "webhook-set": (
        (
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        ),
        None,
    ),
    "bad-webhook": ((400, "Bad Request: bad webhook: {reason}"), None),
    "too-many": ((429, "Too Many Requests: retry after {seconds}"), (429, "bot limit exceed")),
    "too-large": ((413, "Request Entity Too Large"), (413, "Request Entity Too Large")),
    "text-empty": ((400, "Bad Request: message text is empty"), None),
    "text-blank": ((400, "Bad Request: text must be non-empty"), None),
    "text-long": ((400, "Bad Request: message is too long"), None),
    "source-long": ((400, "Bad Request: text is too long"), None),
    "caption-long": ((400, "Bad Request: message caption is too long"), None),
    "parse-mode": ((400, "Bad Request: unsupported parse_mode"), None),
    "entities": ((400, "Bad Request: can't parse entities: {reason}"), None),
    "markup-json": ((400, "Bad Request: can't parse reply keyboard markup JSON object"), None),
    "markup-object": ((400, "Bad Request: object expected as reply markup"), None),
    "markup-rows": ((400, "Bad Request: {field} must be an Array of Arrays"), None),
    "markup-long": ((400, "Bad Request: reply markup is too long"), None),
    "parameter": ((400, "Bad Request: {reason}"), None),
    "no-message-id": ((400, "Bad Request: message identifier is not specified"), None),
    "edit-not-found": ((400, "Bad Request: message to edit not found"), None),
    "cannot-edit": ((400, "Bad Request: message can't be edited"), None),
    "not-modified": (
        (
            400,
            "Bad Request: message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message",
        ),
        None,
    ),
    "no-text-to-edit": ((400, "Bad Request: there is no text in the message to edit"), None),
    "no-caption-to-edit": ((400, "Bad Request: there is no caption in the message to edit"), None),
    "inline-needed": ((400, "Bad Request: inline keyboard expected"), None),
    "delete-not-found": ((400, "Bad Request: message to delete not found"), None),
    "cannot-delete": ((400, "Bad Request: message can't be deleted"), None),
    "reply-not-found": ((400, "Bad Request: message to be replied not found"), None),
    "forward-not-found": ((400, "Bad Request: message to forward not found"), None),
    "copy-not-found": ((400, "Bad Request: message to copy not found"), None),
    "cannot-copy": ((400, "Bad Request: message can't be copied"), None),
    "button-data": ((400, "Bad Request: BUTTON_DATA_INVALID"), None),
    "button-url": ((400, "Bad Request: {button} URL '{url}' is invalid: {reason}"), None),
    "button-type": (
        (
            400,
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        None,
    ),
    "button-text": ((400, "Bad Request: inline keyboard button text must be non-empty"), None),
    "button-form": ((400, "Bad Request: can't parse inline keyboard button: {reason}"), None),
    "button-copies": ((400, "Bad Request: BUTTON_COPY_TEXT_INVALID"), None),
    "button-place": ((400, "Bad Request: BUTTON_TYPE_INVALID"), None),
    "key-form": ((400, "Bad Request: can't parse keyboard button: {reason}"), None),
    "key-text": ((400, "Bad Request: keyboard button text must be non-empty"), None),
    "key-place": ((400, "Bad Request: {what} in private chats only"), None),
    "query-old": (
        (400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        None,
    ),
    "answer-long": ((400, "Bad Request: MESSAGE_TOO_LONG"), None),
    "no-file": ((400, "Bad Request: there is no {kind} in the request"), None),
    "file-id": ((400, "Bad Request: wrong file identifier/HTTP URL specified"), None),
    "file-kind": ((400, "Bad Request: can't use file of type {found} as {kind}"), None),
    "file-empty": ((400, "Bad Request: file must be non-empty"), None),
    "file-fetch": ((400, "Bad Request: failed to get HTTP URL content"), None),
    "file-big": ((400, "Bad Request: file is too big"), None),
    "getfile-id": ((400, "Bad Request: invalid file_id"), None),
    "photo-broken": ((400, "Bad Request: IMAGE_PROCESS_FAILED"), None),
    "photo-size": ((400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), None),
    "group-count": ((400, "Bad Request: expected 2-10 media in the media group"), None),
    "group-empty": ((400, "Bad Request: there are no messages to send"), None),
    "group-large": ((400, "Bad Request: too many messages to send as an album"), None),
    "group-failed": ((400, 'Bad Request: failed to send message #{number} with the error message "{words}"'), None),
    "media-form": ((400, "Bad Request: can't parse InputMedia: {reason}"), None),
    "group-mixed": ((400, "Bad Request: {kind} can't be mixed with other media types"), None),
    "commands": ((400, "Bad Request: {reason}"), None),
    "private-only": ((400, "Bad Request: chat member status can't be changed in private chats"), None),
}


class Refused(Exception):
    """A call that the server refuses; the reason is a row of REFUSALS, the rest fills its text."""

    def __init__(self, reason: str, /, retry_after: int | None = None, **words: object) -> None:
        super().__init__(reason)
        self.reason, self.retry_after, self.words = reason, retry_after, words

    @property
    def said(self) -> str:
        """Telegram's own words for it, as they stand inside another refusal."""
        said = REFUSALS[self.reason][0][1].format(**self.words).removeprefix("Bad Request: ")
        return said[:1].upper() + said[1:]

    def answer(self, flavour: Flavour) -> tuple[int, dict[str, Any]]:
        """The status and the body that this flavour's server sends."""
        telegram, bale = REFUSALS[self.reason]
        status, text = (bale or telegram) if flavour == "bale" else telegram
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": text.format(**self.words)}
        if self.retry_after is not None and flavour == "telegram":
            body["parameters"] = {"retry_after": self.retry_after}
        return status, body
