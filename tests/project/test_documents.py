"""Every setting, command and make target is documented, and the documents name none that does not exist."""

import importlib
import re
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from tests.project.checkout import ROOT, documents

_ASSIGNMENT = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
_COMMAND = re.compile(r"python -m bot ([a-z][a-z-]*)((?: +[^\n`|#]*)?)")
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
_MAKE = re.compile(r"`make ([a-z][a-z-]*)|^make ([a-z][a-z-]*)", re.MULTILINE)


@pytest.fixture(scope="module")
def settings() -> set[str]:
    """The names that the programme reads from its environment."""
    fields = importlib.import_module("bot.settings").Settings.model_fields
    return {str(field.alias or field.validation_alias or name).upper() for name, field in fields.items()}


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    """The commands of `python -m bot`, hidden ones left out."""
    module = importlib.import_module("bot.__main__")
    app = next(thing for thing in vars(module).values() if isinstance(thing, typer.Typer))
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {name: command for name, command in group.commands.items() if not command.hidden}


def test_the_example_lists_exactly_the_settings(settings: set[str]) -> None:
    example = _ASSIGNMENT.findall((ROOT / ".env.example").read_text(encoding="utf-8"))
    assert sorted(example) == sorted(settings)


def test_every_setting_is_documented(settings: set[str]) -> None:
    assert not [setting for setting in sorted(settings) if f"`{setting}`" not in documents()]


def test_every_command_is_documented(commands: dict[str, Any]) -> None:
    named = {match[1] for match in _COMMAND.finditer(documents())}
    assert sorted(commands) == sorted(named & commands.keys()), "commands without a word in README.md or docs/"


def test_documented_commands_and_options_exist(commands: dict[str, Any]) -> None:
    for match in _COMMAND.finditer(documents()):
        assert match[1] in commands, f"the documents name `python -m bot {match[1]}`"
        known = {option for parameter in commands[match[1]].params for option in parameter.opts} | {"--help"}
        unknown = set(re.findall(r"--[a-z][a-z-]*", match[2])) - known
        assert not unknown, f"the documents give `python -m bot {match[1]}` options it does not have: {unknown}"


def test_every_command_explains_itself(commands: dict[str, Any]) -> None:
    assert not [name for name, command in commands.items() if not command.help]


def test_make_help_and_documents_name_real_targets() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(_TARGET.findall(makefile))
    helped = set(re.findall(r"@echo 'make ([a-z-]+)", makefile))
    documented = {first or second for first, second in _MAKE.findall(documents())}
    assert {"demo", "test", "check", "bench", "chaos"} <= helped <= targets
    assert documented <= targets


def test_the_example_shows_the_real_defaults() -> None:
    fields = importlib.import_module("bot.settings").Settings.model_fields
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# ([A-Z][A-Z0-9_]+)=(.+)$", example, re.MULTILINE))
    plain = {name.upper(): str(field.default) for name, field in fields.items() if isinstance(field.default, str | int)}
    differing = {
        name: (shown[name], default)
        for name, default in plain.items()
        if name in shown and shown[name].casefold() != default.casefold()
    }
    # One line shows how PostgreSQL is written instead; the sentence above it says what the default is.
    differing.pop("DATABASE_URL", None)
    assert not differing


def test_the_bot_is_pinned_with_what_its_database_needs() -> None:
    """The development environment brings greenlet by other ways, so only a bot set up alone would miss it."""
    pinned = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert "\ngreenlet==" in pinned
