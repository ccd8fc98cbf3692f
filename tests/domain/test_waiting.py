"""A unit hears of a day in the morning of it; of a holiday, on the morning after, only that it is over."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services import waiting
from services.centre import Centre

TEHRAN = ZoneInfo("Asia/Tehran")
NOW = datetime(2026, 11, 21, 9, 41, tzinfo=TEHRAN)  # a Saturday


@pytest.mark.parametrize(("days", "over"), [(2, False), (6, True)])
async def test_a_day_rings_once(centre: Centre, monkeypatch: pytest.MonkeyPatch, days: int, over: bool) -> None:
    rung: list[tuple[datetime, bool]] = []

    async def note(tx: Any, key: str, kind: str, at: datetime, data: dict[str, Any]) -> None:
        rung.append((at, data["over"]))

    monkeypatch.setattr(waiting.timers, "set", note)
    day = NOW.replace(hour=20, minute=0) + timedelta(days=days)
    await waiting._await_day(None, centre, 1, day, NOW)  # type: ignore[arg-type]
    ((at, said),) = rung
    assert said is over
    assert (at > day) is over
