"""The parameters of a call against the Bot API (botapi.json).

The real server takes no notice of unknown names and reads numbers and yes or no leniently, so by default slips are only
noted in the call log. A strict simulator refuses them. Each messenger is held to its own documentation (bale.py).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from simulator import bale
from simulator.calls import Call
from simulator.config import Flavour
from simulator.objects import check_kind, check_limits, refuse
from simulator.reading import read_json
from simulator.refusals import Refused
from simulator.schema import METHODS, UPDATES, Field, required
from simulator.world import Json

# Left out of the documentation, still read by the server.
_OLD = {
    "reply_to_message_id": Field("reply_to_message_id", ("Integer",), False),
    "allow_sending_without_reply": Field("allow_sending_without_reply", ("Boolean",), False),
    "disable_web_page_preview": Field("disable_web_page_preview", ("Boolean",), False),
    "thumb": Field("thumb", ("InputFile", "String"), False),
}
_KNOWN = {method: fields.keys() | _OLD.keys() for method, fields in METHODS.items()}
_ATTACHED = re.compile(r'attach://([^"\\]+)')
_REQUIRED = {method: required(fields) for method, fields in METHODS.items()}
_SIMPLE = frozenset({"String", "Integer", "Long", "Float", "Boolean", "InputFile"})
_YES_OR_NO = frozenset({"true", "false", "yes", "no", "1", "0"})
_MAY_BE_EMPTY = frozenset({"url"})  # setWebhook: an empty one takes the webhook away
# a missing parameter: the refusal where the real server has words of its own for it
_MISSING: dict[str, tuple[str, Json]] = {
    "chat_id": ("chat-empty", {}),
    "from_chat_id": ("chat-empty", {}),
    "text": ("text-empty", {}),
    "message_id": ("no-message-id", {}),
    "message_ids": ("parameter", {"reason": "message identifiers are not specified"}),
    "user_id": ("user-not-found", {}),
    "latitude": ("parameter", {"reason": "latitude is empty"}),
    "longitude": ("parameter", {"reason": "longitude is empty"}),
    "action": ("parameter", {"reason": "wrong parameter action in request"}),
} | {
    kind: ("no-file", {"kind": kind})
    for kind in ("animation", "audio", "document", "photo", "sticker", "video", "voice")
}
# methods whose message may be named in two ways
_EDITS = frozenset(method for method, fields in METHODS.items() if "inline_message_id" in fields)


def unknown(method: str, values: Json, flavour: Flavour, files: Iterable[str] = ()) -> list[str]:
    """The parameters and the names of files that this messenger's method does not have."""
    known = _KNOWN.get(method) if flavour == "telegram" else bale.PARAMETERS.get(method)
    files = set(files)
    names = values.keys() | files
    if known is None or names <= known:
        return []
    attached = _ATTACHED.findall(json.dumps(values, ensure_ascii=False))
    strange = names - known - set(attached)
    return sorted(name for name in strange if flavour == "telegram" or name in files or values[name] is not None)


def heard(call: Call) -> Call:
    """The call as the server reads it: Bale takes no notice of what only Telegram has."""
    strange = set(_unknown_in(call)) if call.bot.flavour == "bale" else set()
    if not strange:
        return call
    values = {name: value for name, value in call.values.items() if name not in strange}
    return replace(call, values=values, files={name: one for name, one in call.files.items() if name not in strange})


def _unknown_in(call: Call) -> list[str]:
    return unknown(call.method, call.values, call.bot.flavour, call.files)


def check(call: Call) -> None:
    """Refuses unknown, missing and mistyped parameters and those outside their limits."""
    for name in _unknown_in(call):
        in_telegram = call.bot.flavour == "bale" and name in _KNOWN.get(call.method, ())
        refuse(f"Bale has no parameter {name}" if in_telegram else f"unknown parameter {name}")
    fields = METHODS.get(call.method, {})
    for name in _REQUIRED.get(call.method, ()):
        if not call.has(name) and name not in call.files:
            _missing(name)
    for name, value in call.values.items():
        if value is not None and (field := fields.get(name) or _OLD.get(name)) is not None:
            _check(call, field)
    _check_together(call)
    if call.bot.flavour == "bale":
        _check_bale(call)


def check_objects(call: Call) -> None:
    """Refuses parameters that are JSON of another form than the Bot API says."""
    for name, field in METHODS.get(call.method, {}).items():
        if call.has(name) and not _SIMPLE & set(field.kinds):
            _check(call, field)


def _check_bale(call: Call) -> None:
    for name in ("reply_markup", "media"):
        for field in bale.strange_fields(name, call.data(name) or {}) if call.has(name) else ():
            refuse(f"Bale has no field {field}")


def _missing(name: str) -> None:
    reason, words = _MISSING.get(name, ("parameter", {"reason": f'parameter "{name}" is required'}))
    raise Refused(reason, **words)


def _check(call: Call, field: Field) -> None:
    value = call.values[field.name]
    if value == "" and field.name not in _MAY_BE_EMPTY:
        if field.required:
            _missing(field.name)
        return
    if "InputFile" in field.kinds:
        _check_file(call, field, value)
        return
    value = _read(field, value)
    if field.name == "reply_markup" and not isinstance(value, dict):
        refuse("object expected as reply markup")
    check_kind(value, field.kinds, field.name)
    check_limits(value, field, field.name)
    if field.name == "allowed_updates" and (strange := set(value) - UPDATES):
        refuse(f"unknown kind of update {sorted(strange)[0]}")


def _check_file(call: Call, field: Field, value: Any) -> None:
    if not isinstance(value, str):
        refuse(f'field "{field.name}" must be of type InputFile or String')
    if value.startswith("attach://") and value.removeprefix("attach://") not in call.files:
        refuse(f'file "{value.removeprefix("attach://")}" is not in the request')


def _read(field: Field, value: Any) -> Any:
    """A parameter's value, which a form sends as text."""
    if not isinstance(value, str):
        return value
    kinds = field.kinds
    if kinds == ("Boolean",):
        return value.lower() in ("true", "yes", "1") if value.lower() in _YES_OR_NO else value
    for kind, reader in (("Integer", int), ("Long", int), ("Float", float)):
        if kind in kinds and (number := _number(value, reader)) is not None:
            return number
    if {"String", "Integer", "Long", "Float", "Boolean"} & set(kinds):
        return value
    try:
        return read_json(value)
    except ValueError:
        what = "markup-json" if field.name == "reply_markup" else "parameter"
        raise Refused(what, reason=f"can't parse {field.name} JSON object") from None


def _number(text: str, reader: type[int] | type[float]) -> float | None:
    if text != text.strip() or "_" in text or not text.isascii():
        return None
    try:
        return reader(text)
    except ValueError:
        return None


def _check_together(call: Call) -> None:
    """What the Bot API says of several parameters."""
    if call.method in _EDITS and not call.has("inline_message_id"):
        for name in ("chat_id", "message_id"):
            if not call.has(name):
                _missing(name)
    if call.method == "editMessageText" and not (call.has("text") or call.has("rich_message")):
        _missing("text")
    for mode, entities in (("parse_mode", "entities"), ("parse_mode", "caption_entities")):
        if call.values.get(mode) and call.has(entities):
            refuse(f"{entities} are specified instead of {mode}, not beside it")
