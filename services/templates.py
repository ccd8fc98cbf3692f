"""Sentences for a deed that staff choose instead of typing, with the request's particulars put in."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from domain.casework import Actor, Request
from domain.lifecycle import MOVES, Deed, Need
from domain.refusal import Refused
from domain.roles import READS_CARDS
from services import staff
from services.centre import Centre
from services.letters import subject_title
from storage import audit
from storage import templates as rows
from storage.database import Transaction
from storage.templates import Template
from texts.numbers import persian, when
from texts.speech import label

OFFERED_AT_MOST = 5
LONGEST, LONGEST_TITLE = 1000, 40

DEEDS = tuple(move.deed for move in MOVES if move.by & READS_CARDS and move.needs & {Need.NOTE, Need.REASON})
"""Deeds with which something is said."""

PLACEHOLDERS = ("code", "unit", "subject", "deadline")
_PLACEHOLDER = re.compile(r"\{\s*([^{}]*?)\s*\}")

# What a fresh installation has: a name each, by deed; the words are texts.
_DEFAULTS: dict[Deed, tuple[str, ...]] = {
    Deed.GUIDE: ("office", "emergency", "bills"),
    Deed.ASK: ("where", "photo"),
    Deed.SOLVE: ("team",),
    Deed.NOT_SOLVE: ("nothing-found",),
    Deed.WARN: ("owner",),
    Deed.UPHOLD: ("visited",),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What an administrator wrote: what stands on the button, and what is said."""

    title: str
    words: str


async def _bring_defaults(tx: Transaction, now: datetime) -> None:
    """A fresh installation, or one that was brought up to date, gets the sentences that come with the programme."""
    names = [(deed, name) for deed, several in _DEFAULTS.items() for name in several]
    if await rows.have_come(tx) >= len(names):
        return
    as_written = {name: f"{{{name}}}" for name in PLACEHOLDERS}
    defaults = [
        {
            "deed": deed,
            "came_as": f"{deed}-{name}",
            "title": label(f"template-{deed.replace('_', '-')}-{name}-title"),
            "words": label(f"template-{deed.replace('_', '-')}-{name}", **as_written),
        }
        for deed, name in names
    ]
    await rows.bring(tx, defaults, now)


async def offered(tx: Transaction, deed: Deed, subject: str | None, now: datetime) -> list[Template]:
    """List the few sentences that are offered with a deed: the subject's own first."""
    await _bring_defaults(tx, now)
    return await rows.for_deed(tx, deed, subject, OFFERED_AT_MOST)


async def chosen(tx: Transaction, centre: Centre, number: int, request: Request, deed: Deed, now: datetime) -> str:
    """Return a sentence about a request; raises Refused("old-button") when it is gone or for another deed."""
    template = await rows.find(tx, number)
    if template is None or template.deed != deed or template.subject not in (None, request.subject):
        raise Refused("old-button")
    return filled(centre, template.words, request, now)


def filled(centre: Centre, words: str, request: Request, now: datetime) -> str:
    """Put a request's particulars where the placeholders stand."""
    deadline = request.told_for
    details = {
        "code": persian(request.code),
        "unit": centre.city.unit(request.unit).title,
        "subject": subject_title(centre, request),
        "deadline": when(deadline, centre.zone, now) if deadline else label("template-no-deadline"),
    }
    return put_in(words, details)


def put_in(words: str, details: dict[str, str]) -> str:
    """Put details where the placeholders of the same name stand."""
    return _PLACEHOLDER.sub(lambda found: details.get(found[1], found[0]), words)


def read(written: str) -> Written:
    """Part what was written into the button's line and the words; a single line is both.

    Raises Refused("template-empty"), Refused("template-long") and Refused("template-placeholder") for what nobody
    can put in.
    """
    lines = [line.strip() for line in written.strip().splitlines()]
    title, words = lines[0] if lines else "", "\n".join(lines[1:]).strip() or written.strip()
    if not any(letter.isalnum() for letter in words):
        raise Refused("template-empty")
    if len(words) > LONGEST:
        raise Refused("template-long", most=LONGEST)
    for name in _PLACEHOLDER.findall(words):
        if name not in PLACEHOLDERS:
            known = " ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise Refused("template-placeholder", name=f"{{{name}}}", known=known)
    return Written(_PLACEHOLDER.sub("…", title)[:LONGEST_TITLE], words)


async def every(tx: Transaction, by: Actor, deed: Deed, now: datetime) -> list[Template]:
    """List all sentences of a deed for an administrator."""
    staff.require_administrator(by)
    await _bring_defaults(tx, now)
    return await rows.all_of(tx, deed)


async def counts(tx: Transaction, by: Actor, now: datetime) -> dict[str, int]:
    """Count the sentences in use by deed."""
    staff.require_administrator(by)
    await _bring_defaults(tx, now)
    return await rows.counts(tx)


async def one(tx: Transaction, by: Actor, number: int) -> Template:
    """Return a sentence for an administrator; raises Refused("template-gone")."""
    staff.require_administrator(by)
    template = await rows.find(tx, number)
    if template is None:
        raise Refused("template-gone")
    return template


async def add(tx: Transaction, by: Actor, deed: Deed, written: Written, now: datetime) -> Template:
    """Store a new sentence."""
    staff.require_administrator(by)
    number = await rows.add(
        tx, deed=deed, subject=None, title=written.title, words=written.words, by=by.person, now=now
    )
    await _record(tx, by, "template-add", number, now)
    return await one(tx, by, number)


async def reword(tx: Transaction, by: Actor, number: int, written: Written, now: datetime) -> Template:
    """Put other words in the place of a sentence's; what it said before stays in the history."""
    template = await one(tx, by, number)
    return await _replace(tx, by, replace(template, title=written.title, words=written.words), now)


async def narrow(
    tx: Transaction, centre: Centre, by: Actor, number: int, subject: str | None, now: datetime
) -> Template:
    """Offer a sentence for one subject only; None: for all."""
    if subject is not None and subject not in {known.slug for known in centre.city.subjects}:
        raise Refused("old-button")
    return await _replace(tx, by, replace(await one(tx, by, number), subject=subject), now)


async def _replace(tx: Transaction, by: Actor, new: Template, now: datetime) -> Template:
    await rows.end(tx, new.id, now)
    number = await rows.add(
        tx, deed=new.deed, subject=new.subject, title=new.title, words=new.words, by=by.person, now=now
    )
    await _record(tx, by, "template-change", number, now)
    return await one(tx, by, number)


async def remove(tx: Transaction, by: Actor, number: int, now: datetime) -> Template:
    """Take a sentence out of use; raises Refused("template-gone") when it is already."""
    template = await one(tx, by, number)
    await rows.end(tx, number, now)
    await _record(tx, by, "template-remove", number, now)
    return template


async def _record(tx: Transaction, by: Actor, act: str, number: int, now: datetime) -> None:
    data = {"template": number}
    await audit.record(tx, act=act, person=by.person, messenger=by.account.messenger, now=now, data=data)
