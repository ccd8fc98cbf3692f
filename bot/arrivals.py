"""What the inbox needs to know of a raw update, taken out without parsing it."""

import hashlib
import json
from typing import Any

from storage.inbox import Arrival

NO_NUMBER = -1  # stands in the inbox for an update that brings no usable update_id
_LARGEST = 2**63 - 1


def number_of(raw: Any) -> int | None:
    """Return the update's number, None when there is none that could be confirmed."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    usable = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _LARGEST
    return number if usable else None


def _body(raw: Any) -> str:
    body = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    if body.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in body):
        return body
    return json.dumps(raw, separators=(",", ":"))  # half characters cannot be stored as they are


def _part(raw: Any, *keys: str) -> Any:
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw


def _kind(raw: dict[str, Any]) -> str:
    return next((key for key, value in raw.items() if isinstance(value, dict)), "")


def _chat(content: Any) -> Any:
    for keys in (("chat", "id"), ("message", "chat", "id"), ("from", "id"), ("user", "id")):
        chat = _part(content, *keys)
        if isinstance(chat, int):
            return chat
    return "?"


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _identity(kind: str, content: Any, body: str) -> str:
    """Name what the update is about: the same again has the same name, whatever its number."""
    date = _part(content, "edit_date" if kind.startswith("edited") else "date")
    if kind == "callback_query" and content.get("id"):
        name = f"{kind}:{content['id']}"
    elif _part(content, "message_id") is None or date is None:
        name = f"{kind}:{_hash(body)}"
    else:
        name = f"{kind}:{_chat(content)}:{content['message_id']}:{date}"
    # Half characters and NUL cannot be stored, and one such update would keep out all that came with it.
    return name[:200] if name.isprintable() else _hash(name)


def unreadable(messenger: str, number: int) -> Arrival:
    """Stand in for an update that cannot be decoded or stored: it goes into quarantine under its number, empty."""
    return Arrival(number, f"unreadable:{number}", f"{messenger}:?", "null")


def arrival(messenger: str, raw: Any) -> Arrival:
    """Describe a raw update, of whatever shape, for the inbox."""
    number = number_of(raw)
    number = NO_NUMBER if number is None else number
    try:
        body = _body(raw)
    except (ValueError, RecursionError):  # nested just as deep as could be read
        return unreadable(messenger, number)
    kind = _kind(raw) if isinstance(raw, dict) else ""
    content = raw[kind] if kind else {}
    return Arrival(
        update_id=number,
        identity=_identity(kind, content, body),
        lane=f"{messenger}:{_chat(content)}",
        body=body,
    )
