"""Names and types of the parameters of every method played, from the Bot API 10.1 (parameters.json).

The real server takes no notice of unknown names and reads numbers leniently, so by default they are only noted in the
call log. A strict simulator refuses them, to find slips in a bot.
"""

import json
from pathlib import Path

from simulator.calls import Call
from simulator.refusals import Refused
from simulator.world import Json

_TABLE: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("parameters.json").read_text(encoding="utf-8"))
# Left out of the documentation, still read by the server.
_OLD = frozenset(
    {"reply_to_message_id", "allow_sending_without_reply", "disable_web_page_preview", "thumb", "thumbnail"}
)
_KNOWN = {method: frozenset(names) | _OLD for method, names in _TABLE.items()}


def unknown(method: str, values: Json) -> list[str]:
    """The parameters that the method does not have."""
    known = _KNOWN.get(method)
    return [] if known is None or values.keys() <= known else sorted(values.keys() - known)


def _fits(value: object, kinds: str) -> bool:
    if isinstance(value, str):
        return "text" in kinds or "file" in kinds or _reads_as(value, kinds)
    if isinstance(value, bool):
        return "flag" in kinds
    if isinstance(value, int):
        return "integer" in kinds or "number" in kinds
    return ("number" in kinds) if isinstance(value, float) else ("json" in kinds)


def _reads_as(text: str, kinds: str) -> bool:
    if "json" in kinds or "flag" in kinds:
        return bool(text)
    try:
        float(text) if "number" in kinds else int(text)
    except ValueError:
        return False
    return True


def check(call: Call) -> None:
    """Refuses unknown, missing and mistyped parameters."""
    for name in unknown(call.method, call.values):
        raise Refused("parameter", reason=f"unknown parameter {name}")
    for name, kinds in _TABLE.get(call.method, {}).items():
        value = call.values.get(name)
        if value is None:
            if kinds.endswith("!") and name not in call.files:
                raise Refused("parameter", reason=f"parameter {name} is required")
        elif not _fits(value, kinds):
            raise Refused("parameter", reason=f"parameter {name} must be {kinds.rstrip('!')}")
