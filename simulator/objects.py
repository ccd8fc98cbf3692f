"""Whether a value is of a type of the Bot API: numbers, texts, and objects with all that is in them."""

from collections.abc import Sequence
from typing import Any, NoReturn

from simulator.markup import utf16_length
from simulator.refusals import Refused
from simulator.schema import TYPES, UNIONS, Field, required

_REQUIRED = {kind: required(fields) for kind, fields in TYPES.items()}
_INTEGERS = {"Integer": 31, "Long": 63}
_ARRAY = "Array of "
FOR_EVER = 0x7FFFFFFF
"""The live_period of a location without end, outside its range."""
# object: (fields that are no action, whether it must have one)
_ACTIONS: dict[str, tuple[frozenset[str], bool]] = {
    "InlineKeyboardButton": (frozenset({"text", "icon_custom_emoji_id", "style"}), True),
    "KeyboardButton": (frozenset({"text", "icon_custom_emoji_id", "style"}), False),
}


def refuse(reason: str) -> NoReturn:
    """Raises the server's 400."""
    raise Refused("parameter", reason=reason)


def check_value(value: Any, field: Field, where: str) -> None:
    """Raises Refused unless a value read from JSON is of one of the field's types and within its limits."""
    check_kind(value, field.kinds, where)
    check_limits(value, field, where)


def check_kind(value: Any, kinds: Sequence[str], where: str) -> None:
    """Raises Refused unless a value is of one of these types."""
    kind = _chosen(value, kinds)
    if kind is None:
        names = " or ".join(dict.fromkeys("Integer" if one == "Long" else one for one in kinds))
        refuse(f'field "{where}" must be of type {names}')
    if kind.startswith(_ARRAY):
        if len(kinds) > 1:  # one of several kinds of albums: each item may be of any of them
            _check_items(value, [one.removeprefix(_ARRAY) for one in kinds], where)
        else:
            _check_items(value, [kind.removeprefix(_ARRAY)], where)
    elif kind in TYPES and isinstance(value, dict):
        _check_object(value, kind, where)


def _check_items(values: Sequence[Any], kinds: Sequence[str], where: str) -> None:
    for number, value in enumerate(values):
        check_kind(value, kinds, f"{where}[{number}]")


def _chosen(value: Any, kinds: Sequence[str]) -> str | None:
    """The first of the types that the value can be, objects only by their most telling field."""
    if isinstance(value, dict):
        return _object(value, [one for kind in kinds for one in UNIONS.get(kind, [kind]) if one in TYPES])
    return next((kind for kind in kinds if _plain(value, kind)), None)


def _plain(value: Any, kind: str) -> bool:
    if kind in _INTEGERS:
        return type(value) is int and -(1 << _INTEGERS[kind]) <= value < 1 << _INTEGERS[kind]
    if kind == "Float":
        return type(value) in (int, float)
    if kind == "Boolean":
        return type(value) is bool
    if kind == "KeyboardButton":
        return isinstance(value, str)  # a bare label, which the server still reads
    if kind.startswith(_ARRAY):
        return isinstance(value, list)
    return kind == "String" and isinstance(value, str)


def _object(value: dict[str, Any], kinds: Sequence[str]) -> str | None:
    # One type only: the complaint is about what is wrong inside. Several: what is there tells them apart.
    return kinds[0] if len(kinds) == 1 else next((kind for kind in kinds if _fits(value, kind)), None)


def _fits(value: dict[str, Any], kind: str) -> bool:
    fields = TYPES[kind]
    return all(name in value and _among(value[name], fields[name].choices) for name in _REQUIRED[kind])


def _among(value: Any, choices: frozenset[str]) -> bool:
    return not choices or (isinstance(value, str) and value in choices)


def _check_object(value: dict[str, Any], kind: str, where: str) -> None:
    fields = TYPES[kind]
    for name in _REQUIRED[kind]:
        if value.get(name) is None:
            refuse(f'can\'t find field "{name}" in {kind} at {where}')
    for name, found in value.items():
        field = fields.get(name)
        if field is None:
            refuse(f'unknown field "{name}" in {kind} at {where}')
        if found is not None:
            check_value(found, field, f"{where}.{name}")
    if kind in _ACTIONS:
        _check_action(value, kind, where)


def _check_action(value: dict[str, Any], kind: str, where: str) -> None:
    others, needed = _ACTIONS[kind]
    actions = [name for name, one in value.items() if name not in others and one is not None and one is not False]
    if len(actions) > 1:
        refuse(f"{kind} must have one action, not {' and '.join(sorted(actions))}")
    if needed and not actions:
        raise Refused("button-type")


def check_limits(value: Any, field: Field, where: str) -> None:
    """Raises Refused where a number, length or choice is outside what the Bot API says."""
    if not _among(value, field.choices):
        refuse(f'field "{where}" must be one of {", ".join(sorted(field.choices))}')
    if field.low is None or field.high is None or (field.name == "live_period" and value == FOR_EVER):
        return
    counted = _counted(value, field.unit)
    if counted is None or field.low <= counted <= field.high:
        return
    if field.name == "callback_data":
        raise Refused("button-data")
    of = f" {field.unit}" if field.unit else ""
    refuse(f'field "{where}" must have {field.low}-{field.high}{of}' if of else _range(where, field))


def _range(where: str, field: Field) -> str:
    return f'field "{where}" must be between {field.low} and {field.high}'


def _counted(value: Any, unit: str) -> float | None:
    if isinstance(value, str):
        return len(value.encode()) if unit == "bytes" else utf16_length(value) if unit == "characters" else None
    if isinstance(value, list):
        return len(value) if unit == "items" else None
    return value if isinstance(value, int | float) and not unit else None
