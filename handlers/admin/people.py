"""The staff: who holds which role, and taking a role away."""

from typing import Any

from domain.casework import Membership
from handlers.paging import in_twos, menu_row, page, turning
from handlers.turn import Turn, button, number
from nlp import forms
from services import team
from texts.numbers import day, persian
from texts.speech import Rich, lines, text

AWAITED = "a-staff"
Member = tuple[Membership, str]


def _shown_name(name: str) -> str:
    return name or "—"


async def show(turn: Turn) -> None:
    """List the staff by unit: "a:staff:<page>"."""
    await _list(turn, await team.members(turn.tx, turn.centre, turn.actor), number(turn.choice[2]))


async def _list(turn: Turn, members: list[Member], wanted: int, found_by: str = "") -> None:
    shown = page(members, wanted)
    if not shown.items:
        key = "admin-nobody-found" if found_by else "admin-no-staff"
        await turn.say(text(key), buttons=[[button("admin-staff", "a:staff:0")], menu_row()])
        return
    numbered = list(enumerate(shown.items, shown.first + 1))
    rows = in_twos(
        [
            button("admin-person", f"a:mem:{membership.id}", number=persian(place), name=_shown_name(name))
            for place, (membership, name) in numbered
        ]
    )
    turning_row = [] if found_by else turning(shown, "a:staff:")
    hint = _search_hint(turn, shorter=len(shown.items) < len(members))
    body = lines(text("admin-staff-list", count=len(members)), *_by_unit(turn, numbered), hint)
    await turn.say(body, buttons=[*rows, *turning_row, menu_row()])


def _search_hint(turn: Turn, *, shorter: bool) -> Rich:
    """Words are taken for a search only where not everybody fits on the screen: else they are a citizen's words."""
    if not shorter:
        return Rich("")
    turn.await_(AWAITED)
    return text("admin-or-type-person")


def _by_unit(turn: Turn, numbered: list[tuple[int, Member]]) -> list[Rich]:
    listed: list[Rich] = []
    above: str | None = None
    for place, (membership, name) in numbered:
        if membership.unit != above:
            above = membership.unit
            title = team.unit_title(turn.centre, above)
            listed.append(text("admin-unit-heading", unit=title) if title else text("admin-city-heading"))
        role = text(f"role-{membership.role}")
        listed.append(text("admin-staff-line", number=persian(place), name=_shown_name(name), role=role))
    return listed


async def typed(turn: Turn, _: dict[str, Any]) -> None:
    """Look for people by part of their name or of their unit's title."""
    asked = forms.folded(turn.words).split()

    def fits(row: Member) -> bool:
        membership, name = row
        own = forms.folded(f"{name} {team.role_title(turn.centre, membership.role, membership.unit)}").split()
        return bool(asked) and all(any(o == w or (o.startswith(w) and not w.isdigit()) for o in own) for w in asked)

    everyone = await team.members(turn.tx, turn.centre, turn.actor)
    await _list(turn, [row for row in everyone if fits(row)], 0, found_by=turn.words)


async def show_one(turn: Turn) -> None:
    """Show one role of one person: "a:mem:<membership>"."""
    membership, name = await team.member(turn.tx, turn.centre, turn.actor, number(turn.choice[2]))
    details = text(
        "admin-member",
        name=_shown_name(name),
        role=team.role_title(turn.centre, membership.role, membership.unit),
        since=day(membership.granted_at, turn.centre.zone, turn.now),
    )
    rows = [[button("admin-remove", f"a:end:{membership.id}"), button("admin-staff", "a:staff:0")], menu_row()]
    await turn.say(details, buttons=rows)


async def remove(turn: Turn) -> None:
    """Ask, then take the role away: "a:end:<membership>[:yes]"."""
    held, name = await team.member(turn.tx, turn.centre, turn.actor, number(turn.choice[2]))
    title = team.role_title(turn.centre, held.role, held.unit)
    if turn.choice[3:] != ["yes"]:
        rows = [[button("admin-remove-yes", f"a:end:{held.id}:yes"), button("admin-remove-no", f"a:mem:{held.id}")]]
        await turn.say(text("admin-remove-sure", name=_shown_name(name), role=title), buttons=rows)
        return
    removal = await team.remove(turn.tx, turn.centre, turn.actor, held.id, turn.now)
    unit = team.unit_title(turn.centre, held.unit)
    to_desk = text("admin-gone-to-desk", count=removal.to_desk, unit=unit) if removal.to_desk else ""
    back = text("admin-handed-back", count=removal.given_back) if removal.given_back and not removal.to_desk else ""
    done = text("admin-removed", name=_shown_name(name), role=title)
    await turn.say(lines(done, back, to_desk), buttons=[[button("admin-staff", "a:staff:0"), *menu_row()]])
