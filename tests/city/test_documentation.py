"""docs/city-pack.md names every key that a pack may hold."""

import re
from pathlib import Path
from typing import get_args

import pytest

from domain.city import Calendar, DangerKind, Deputy, Escalation, Number, OutsideBody, Rule
from domain.response_times import Promise, ResponseTimes
from storage.city_checks import Layers, SubjectChoice
from storage.city_files import CITY_TABLES, EVIDENCE, HEADER_KEYS, Function

DOCS = Path(__file__).parents[2] / "docs" / "city-pack.md"
MODELS = (
    Calendar,
    Deputy,
    Escalation,
    Function,
    Layers,
    Number,
    OutsideBody,
    Promise,
    ResponseTimes,
    Rule,
    SubjectChoice,
)
SUBJECT_KEYS = ("short_title", "group", "urgency", "sla_hours", "jurisdiction", "refer_to", "phrases", *EVIDENCE)
KEYS = {
    *HEADER_KEYS,
    *CITY_TABLES,
    *SUBJECT_KEYS,
    *get_args(DangerKind.__value__),
    *(key for model in MODELS for key in model.model_fields),
}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_is_told(key: str) -> None:
    named = re.findall(r"`\[*([\w.]+)\]*(?: = \w+)?`", DOCS.read_text(encoding="utf-8"))
    assert key in {part for name in named for part in name.split(".")}
