"""Every word a person reads, looked up by key in the Fluent files; rendering is strict."""

from functools import cache
from pathlib import Path
from typing import Any, cast

from fluent.runtime import FluentBundle, FluentResource

from domain.richtext import escape
from texts.numbers import persian

_FOLDER = Path(__file__).parent
LANGUAGE = "fa"
_LONG = 500


class Rich(str):
    """Text that is neutral rich text already and must not be escaped again."""

    __slots__ = ()


class UnknownText(KeyError):
    """No such key in the texts."""


class BadText(ValueError):
    """A text could not be rendered: a missing value or a broken reference."""


def _persian_number(value: Any) -> str:
    """The function N() of the Fluent files: any number in Persian digits."""
    return persian(getattr(value, "value", value))


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], functions={"N": cast(Any, _persian_number)}, use_isolating=False)
    for file in sorted((_FOLDER / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle


def _safe(value: Any) -> Any:
    if isinstance(value, Rich):
        return str(value)
    if isinstance(value, str):
        return escape(value)
    return value


def known(key: str) -> bool:
    """Tell whether a text has this key."""
    return _bundle(LANGUAGE).has_message(key)


@cache
def _fixed(key: str) -> str:
    return _rendered(key, {})


def _format(key: str, values: dict[str, Any]) -> str:
    return _rendered(key, values) if values else _fixed(key)


def _rendered(key: str, values: dict[str, Any]) -> str:
    bundle = _bundle(LANGUAGE)
    if not bundle.has_message(key):
        raise UnknownText(key)
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise UnknownText(key)
    # Fluent refuses values of more than 2,500 letters, and citizens write longer ones: they are put in afterwards.
    long = {name: value for name, value in values.items() if isinstance(value, str) and len(value) > _LONG}
    stand_ins = {name: f"\ue000{number}\ue001" for number, name in enumerate(long)}
    rendered, errors = bundle.format_pattern(pattern, {**values, **stand_ins})
    if errors:
        raise BadText(f"{key}: {errors[0]}")
    spoken = str(rendered)
    for name, stand_in in stand_ins.items():
        spoken = spoken.replace(stand_in, long[name])
    return spoken


def text(key: str, **values: Any) -> Rich:
    """Render a text as neutral rich text; plain values are people's words and are escaped, Rich ones stay."""
    return Rich(_format(key, {name: _safe(value) for name, value in values.items()}))


def label(key: str, **values: Any) -> str:
    """Render a plain text: a button, a toast; nothing is escaped and marks have no place in it."""
    return _format(key, values)


def lines(*parts: str) -> Rich:
    """Put the non-empty parts on lines of their own."""
    return Rich("\n".join(part for part in parts if part))
