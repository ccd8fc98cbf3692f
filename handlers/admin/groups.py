"""Which unit reads its cards in which group."""

import telegram

from domain.messages import Button, Toast
from domain.refusal import Refused
from domain.roles import Role
from handlers.admin import units
from handlers.paging import in_twos, menu_row, page, turning
from handlers.turn import Rows, Turn, button, number
from services import team, unit_groups
from services.unit_groups import Group
from texts.numbers import persian
from texts.speech import Rich, label, lines, text


async def command(update: telegram.Update, turn: Turn) -> None:
    """Take /unit in a group: an administrator chooses, the unit's own people ask the administrators."""
    if not turn.in_group:
        raise Refused("unit-in-group")
    group = await unit_groups.find(turn.tx, turn.messenger, turn.chat_id)
    words = turn.words.partition(" ")[2]
    if not turn.actor.holds(Role.ADMINISTRATOR):
        asked = await unit_groups.propose(turn.tx, turn.centre, turn.actor, group, turn.now)
        await turn.say(text("group-proposed", units=_titles(turn, asked)))
    elif words:
        await units.look_for(turn, _prefix(group), words)
    else:
        await _choose(turn, group)


def _titles(turn: Turn, slugs: list[str]) -> str:
    return label("list-joint").join(team.unit_title(turn.centre, slug) for slug in slugs)


def _prefix(group: Group) -> str:
    return unit_groups.choice(group, "").removesuffix(":")


def _now_with(turn: Turn, group: Group) -> Rich:
    if group.unit:
        return text("group-has-unit", group=group.title, unit=team.unit_title(turn.centre, group.unit))
    return text("group-has-none", group=group.title)


async def _choose(turn: Turn, group: Group, way: str = "") -> None:
    loose: list[Button] = [button("group-unbind", unit_groups.choice(group, "-"))] if group.unit else []
    extra: Rows = [row for row in (loose, [] if turn.in_group else menu_row()) if row]
    await units.ask(turn, _prefix(group), way, above=None if way else _now_with(turn, group), extra=extra)


async def decide(turn: Turn) -> None:
    """Decide about a group: "a:g:<messenger>:<chat>:<unit, page, - or nothing>"."""
    if len(turn.choice) != 5:
        raise Refused("old-button")
    messenger, chat, place = turn.choice[2:]
    group = await unit_groups.find(turn.tx, messenger, number(chat))
    if place == "-":
        to_desk = await unit_groups.unbind(turn.tx, turn.centre, turn.actor, group, turn.now)
        unit = team.unit_title(turn.centre, group.unit)
        moved = text("admin-gone-to-desk", count=to_desk, unit=unit) if to_desk else ""
        await _confirm(turn, lines(text("group-unbound-done", group=group.title), moved))
    elif units.is_way(place):
        await _choose(turn, group, place)
    else:
        fresh = await unit_groups.bind(turn.tx, turn.centre, turn.actor, group, place, turn.now)
        key = "group-bound-done" if fresh else "group-bound-already"
        await _confirm(turn, text(key, group=group.title, unit=team.unit_title(turn.centre, place)))


async def _confirm(turn: Turn, words: Rich) -> None:
    """In the group its own message says it already."""
    if turn.in_group:
        turn.toast = Toast(text=label("admin-done"))
    else:
        await turn.say(words, buttons=[[button("admin-groups", "a:groups:0"), *menu_row()]])


async def show(turn: Turn) -> None:
    """List the groups the bot has seen: "a:groups:<page>"."""
    shown = page(await unit_groups.seen(turn.tx), number(turn.choice[2]))
    if not shown.items:
        await turn.say(text("admin-no-groups"), buttons=[menu_row()])
        return
    numbered = list(enumerate(shown.items, shown.first + 1))
    rows = in_twos(
        [
            button("admin-group", unit_groups.choice(group, ""), number=persian(place), title=group.title)
            for place, group in numbered
            if group.active
        ]
    )
    listed = [_line(turn, place, group) for place, group in numbered]
    body = lines(text("admin-group-list"), *listed, text("admin-group-how"))
    await turn.say(body, buttons=[*rows, *turning(shown, "a:groups:"), menu_row()])


def _line(turn: Turn, place: int, group: Group) -> Rich:
    return text(
        "admin-group-line" if group.active else "admin-group-lost-line",
        number=persian(place),
        title=group.title,
        messenger=label(f"messenger-{group.messenger}"),
        unit=team.unit_title(turn.centre, group.unit) or label("admin-no-unit"),
    )
