"""Ready sentences: listed by deed, seen as they will be said, added, changed, kept for one subject, taken away."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from domain.lifecycle import Deed
from domain.messages import Button
from domain.refusal import Refused
from handlers.citizen.questions import short
from handlers.paging import in_twos, menu_row, page, turning
from handlers.turn import Rows, Turn, button, number
from services import templates
from services.centre import Centre
from storage.templates import Template
from texts.numbers import persian, when
from texts.speech import Rich, label, lines, text

AWAITED = "a-template"
_EXAMPLE_CODE = "1234567"


def _deed(part: str) -> Deed:
    if part not in templates.DEEDS:
        raise Refused("old-button")
    return Deed(part)


def _named(deed: Deed | str) -> str:
    return label(f"deed-{deed.replace('_', '-')}")


async def press(turn: Turn) -> None:
    """Find the verb: "a:tp[:<verb>:<deed or number>[:<more>]]"."""
    verb, one, two = [*turn.choice[2:5], "", "", ""][:3]
    if not verb:
        await _deeds(turn, "0", "")
        return
    if verb not in _VERBS:
        raise Refused("old-button")
    await _VERBS[verb](turn, one, two)


async def _deeds(turn: Turn, wanted: str, _: str) -> None:
    shown = page(templates.DEEDS, number(wanted or "0"))
    counts = await templates.counts(turn.tx, turn.actor, turn.now)
    buttons = [
        button("admin-template-deed", f"a:tp:d:{deed}:0", deed=_named(deed), count=counts.get(deed, 0))
        for deed in shown.items
    ]
    await turn.say(text("admin-template-deeds"), buttons=[*in_twos(buttons), *turning(shown, "a:tp:p:"), menu_row()])


async def _list(turn: Turn, part: str, wanted: str) -> None:
    deed = _deed(part)
    shown = page(await templates.every(turn.tx, turn.actor, deed, turn.now), number(wanted or "0"))
    rows: Rows = [[Button(label=_title(turn.centre, one), data=f"a:tp:s:{one.id}")] for one in shown.items]
    rows += turning(shown, f"a:tp:d:{deed}:", back="a:tp")
    rows += [[button("admin-template-add", f"a:tp:a:{deed}")]]
    key = "admin-template-list" if shown.items else "admin-template-none"
    await turn.say(text(key, deed=_named(deed)), buttons=rows)


def _title(centre: Centre, template: Template) -> str:
    if template.subject is None:
        return short(template.title)
    return short(label("admin-template-of", title=template.title, subject=_subject(centre, template)), 60)


def _subject(centre: Centre, template: Template) -> str:
    """Name a sentence's subject, also one that the city pack no longer has."""
    known = next((s.short_title for s in centre.city.subjects if s.slug == template.subject), template.subject)
    return known or label("admin-template-any")


async def _one(turn: Turn, part: str, _: str) -> None:
    await _show(turn, await templates.one(turn.tx, turn.actor, number(part)))


async def _show(turn: Turn, template: Template, above: Rich | str = "") -> None:
    """Show a sentence as it will be said about some request."""
    details = text(
        "admin-template",
        deed=_named(template.deed),
        title=template.title,
        subject=_subject(turn.centre, template),
        words=_preview(turn, template),
    )
    rows = [
        [
            button("admin-template-change", f"a:tp:c:{template.id}"),
            button("admin-template-end", f"a:tp:x:{template.id}"),
        ],
        [button("admin-template-subject", f"a:tp:g:{template.id}"), button("button-back", f"a:tp:d:{template.deed}:0")],
    ]
    await turn.say(lines(above, details), buttons=rows)


def _preview(turn: Turn, template: Template) -> str:
    city = turn.centre.city
    subject = next((s for s in city.subjects if s.slug == template.subject), city.subjects[0])
    details = {
        "code": persian(_EXAMPLE_CODE),
        "unit": city.units[0].title,
        "subject": subject.short_title,
        "deadline": when(turn.now + timedelta(days=1), turn.centre.zone, turn.now),
    }
    return templates.put_in(template.words, details)


async def _add(turn: Turn, part: str, _: str) -> None:
    deed = _deed(part)
    turn.await_(AWAITED, deed=str(deed))
    await _ask(turn, f"a:tp:d:{deed}:0", _named(deed))


async def _change(turn: Turn, part: str, _: str) -> None:
    template = await templates.one(turn.tx, turn.actor, number(part))
    turn.await_(AWAITED, id=template.id)
    await _ask(turn, f"a:tp:s:{template.id}", _named(template.deed))


async def _ask(turn: Turn, back: str, deed: str) -> None:
    known = " ".join(f"{{{name}}}" for name in templates.PLACEHOLDERS)
    await turn.say(text("admin-template-write", deed=deed, known=known), buttons=[[button("button-back", back)]])


async def typed(turn: Turn, asked: dict[str, Any]) -> None:
    """Take a sentence; one that cannot be said leaves the question open."""
    turn.await_(**asked)  # a refused one leaves the question open
    written = templates.read(turn.words)
    if "id" in asked:
        template = await templates.reword(turn.tx, turn.actor, asked["id"], written, turn.now)
    else:
        template = await templates.add(turn.tx, turn.actor, _deed(asked["deed"]), written, turn.now)
    turn.await_(None)
    await _show(turn, template, text("admin-template-kept"))


async def _remove(turn: Turn, part: str, _: str) -> None:
    template = await templates.remove(turn.tx, turn.actor, number(part), turn.now)
    rows = [[button("button-back", f"a:tp:d:{template.deed}:0"), *menu_row()]]
    await turn.say(text("admin-template-ended", title=template.title), buttons=rows)


async def _groups(turn: Turn, part: str, group: str) -> None:
    template = await templates.one(turn.tx, turn.actor, number(part))
    city = turn.centre.city
    if not group:
        choices = [Button(label=short(g.title, 24), data=f"a:tp:g:{template.id}:{g.slug}") for g in city.groups]
        every = [button("admin-template-any", f"a:tp:u:{template.id}:")]
        await turn.say(text("admin-template-which"), buttons=[every, *in_twos(choices)])
        return
    if group not in {known.slug for known in city.groups}:
        raise Refused("old-button")
    rows = [
        [Button(label=short(subject.short_title), data=f"a:tp:u:{template.id}:{subject.slug}")]
        for subject in city.subjects_of(group)
    ]
    await turn.say(text("admin-template-which"), buttons=[*rows, [button("button-back", f"a:tp:g:{template.id}")]])


async def _narrow(turn: Turn, part: str, subject: str) -> None:
    template = await templates.narrow(turn.tx, turn.centre, turn.actor, number(part), subject or None, turn.now)
    await _show(turn, template, text("admin-template-kept"))


_VERBS: dict[str, Callable[[Turn, str, str], Awaitable[None]]] = {
    "p": _deeds,
    "d": _list,
    "s": _one,
    "a": _add,
    "c": _change,
    "x": _remove,
    "g": _groups,
    "u": _narrow,
}
