"""What the simulated messengers hold at the start: bots, people, groups and settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

Flavour = Literal["telegram", "bale"]
FLAVOURS: tuple[Flavour, ...] = ("telegram", "bale")


@dataclass(frozen=True, slots=True)
class BotConfig:
    """One bot account: the token's digits before the colon are its user id."""

    token: str
    flavour: Flavour
    username: str
    name: str
    privacy: bool = True
    """In Telegram groups the bot gets only commands, replies to it and service messages (BotFather's default)."""
    errors_with_200: bool = False
    """Bale only: refusals come with HTTP 200 and ok:false."""
    edit_answer: Literal["stub", "bare", "true"] = "stub"
    """Bale only: which of the reported answers an edit gets."""
    first_update_id: int | None = None
    """The id of the first update; None: 0 in Bale, a large number in Telegram."""


@dataclass(frozen=True, slots=True)
class PersonConfig:
    """One account of a person on one messenger; accounts in the same column of the page are one human."""

    id: int
    flavour: Flavour
    first_name: str
    phone: str = ""
    last_name: str = ""
    username: str = ""
    role: str = ""
    column: str = ""
    old_client: bool = False
    """Bale only: this person's presses have ids that begin with 1 and bare messages, as old clients' do."""


@dataclass(frozen=True, slots=True)
class GroupConfig:
    """One group with its members; bots named in ``admins`` read everything, the others as their privacy says."""

    id: int
    flavour: Flavour
    title: str
    members: tuple[int, ...] = ()
    bots: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a simulator starts with."""

    bots: tuple[BotConfig, ...] = ()
    people: tuple[PersonConfig, ...] = ()
    groups: tuple[GroupConfig, ...] = ()
    map: Path | None = None
    """GeoJSON of the city's districts for the location picker."""
    static: Path | None = None
    """A node_modules folder holding leaflet and vazirmatn; None: the one beside the checkout."""
    rate_limits: bool = False
    strict: bool = False
    """Refuse unknown, missing and mistyped parameters, which the real servers mostly overlook."""
    webhook_pace: float = 0.05
    """What the real server's pauses between two deliveries of an update are multiplied with; 1: as they are."""
    log_size: int = 200_000
    seed: int = 137
    title: str = field(default="شبیه‌ساز پیام‌رسان")


def _record[R](kind: type[R], row: Mapping[str, Any], where: str) -> R:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    unknown = set(row) - known
    if unknown:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}; known are {sorted(known)}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    flavour = values.get("flavour")
    if flavour is not None and flavour not in FLAVOURS:
        raise ValueError(f"{where}: flavour must be one of {FLAVOURS}, not {flavour!r}")
    return kind(**values)


def config_from(data: Mapping[str, Any]) -> Config:
    """The configuration written as plain JSON values; raises ValueError naming what is wrong."""
    rows = dict(data)
    for key, kind in (("bots", BotConfig), ("people", PersonConfig), ("groups", GroupConfig)):
        rows[key] = [_record(kind, row, f"{key}[{n}]") for n, row in enumerate(rows.get(key, ()))]
    for key in ("map", "static"):
        if rows.get(key):
            rows[key] = Path(rows[key])
    return _record(Config, rows, "config")


def read_config(path: Path) -> Config:
    """The configuration in a JSON file; its relative paths start at the file's folder."""
    data = json.loads(path.read_text(encoding="utf-8"))
    for key in ("map", "static"):
        if data.get(key):
            data[key] = str((path.parent / data[key]).resolve())
    return config_from(data)
