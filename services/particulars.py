"""The particulars that sentences about a request name: its unit, the day something is planned for, who is awaited."""

from datetime import date, datetime
from typing import Any

from domain.casework import Happening, Request
from domain.lifecycle import State
from services.centre import Centre
from services.promises import end_of_day
from texts.numbers import day
from texts.speech import Rich, label, text


def named_day(centre: Centre, written: str, now: datetime) -> str:
    """Name a day that a deed brought, as 2026-12-05; empty for none."""
    return day(end_of_day(centre, date.fromisoformat(written)), centre.zone, now) if written else ""


def body_named(centre: Centre, slug: str | None) -> tuple[str, str]:
    """Return title and telephone number of an outside body; empty when the pack no longer has it."""
    found = next((body for body in centre.city.outside_bodies if body.slug == slug), None)
    return (found.title, found.phone) if found else ("", "")


def of_request(centre: Centre, request: Request, now: datetime) -> dict[str, Any]:
    """Say what is to be told of where a request is now."""
    title, phone = body_named(centre, request.body)
    return {
        "unit": centre.city.unit(request.unit).title,
        "date": day(request.planned_for, centre.zone, now) if request.planned_for else "",
        "body": title,
        "phone": phone,
        "parts": request.parts,
    }


def state_words(centre: Centre, request: Request, now: datetime, *, mine: bool) -> Rich:
    """Say in plain words where a request is; `mine`: to the citizen who filed it."""
    if request.state is State.CLOSED:
        return text("status-closed", outcome=label(f"outcome-{(request.outcome or '').replace('_', '-')}"))
    details = of_request(centre, request, now)
    return text(f"status-{request.state.replace('_', '-')}", whose="mine" if mine else "other", **details)


def short_state(request: Request, *, mine: bool) -> str:
    """Say in a word or two where a request is, or how it ended; `mine`: to the citizen who filed it."""
    if request.state is State.CLOSED:
        return label(f"outcome-{(request.outcome or '').replace('_', '-')}")
    return label(f"short-{request.state.replace('_', '-')}", whose="mine" if mine else "other")


def of_happening(centre: Centre, happening: Happening, now: datetime) -> dict[str, Any]:
    """Say what is to be told of one row of the history."""
    data = happening.data
    title, phone = body_named(centre, data.get("body"))
    return {
        "unit": centre.city.unit(happening.unit).title,
        "date": named_day(centre, data.get("date", ""), now),
        "body": title,
        "phone": phone,
        "parts": len(data.get("parts", ())),
        "target": data.get("target", ""),
        "manager": data.get("speaker") or label("the-manager"),
    }
