"""The card on which officials see a request: what, where, by when, and a button for each thing they may do now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain import desk, lifecycle
from domain.casework import Happening, Membership, Request
from domain.lifecycle import Deed, State
from domain.messages import Button, Form, Message, Picture
from domain.richtext import clipped
from domain.roles import AT_THE_DESK, READS_CARDS, Role
from nlp import private_data, profanity
from services import mentions, particulars, wholes
from services.centre import Centre
from storage import people, requests
from storage.database import Transaction
from texts.numbers import clock_time, day, span, when
from texts.speech import Rich, label, lines, text

_GROUP_ROLES = frozenset({Role.OFFICIAL, Role.HEAD})
_DESK_ROLES = frozenset({Role.OPERATOR})
# Links that map programmes open: the place, and the way there. Nothing of ours contacts them.
_MAP = "https://www.google.com/maps/search/?api=1&amp;query="
_ROUTE = "https://www.google.com/maps/dir/?api=1&amp;destination="
_WORDS_ON_CARD = 600  # a card is read at a glance; the rest is behind the button
_NOTES_ON_CARD = 3
_NOTE = 200  # UTF-16 units of what was said with a deed
WHOLE = 2400
"""The same where the history is read by itself."""

# What is done most in each state stands on the card, in this order; the rest is one tap away. An operator may move
# what is with a unit, but that is seldom.
_WORK = (Deed.SOLVE, Deed.NOT_SOLVE, Deed.WARN, Deed.PLAN, Deed.ASK, Deed.REFER)
_FIRST: dict[State, tuple[Deed, ...]] = {
    State.WAITING: (Deed.ASSIGN, Deed.GUIDE, Deed.UPHOLD, Deed.CORRECT, Deed.OUTSIDE),
    State.ASSIGNED: (Deed.ACCEPT, Deed.ASSIGN, Deed.REFER, Deed.ASK, Deed.CORRECT),
    State.REOPENED: (Deed.ACCEPT, Deed.ASSIGN, Deed.REFER, Deed.ASK),
    State.IN_HAND: (Deed.START, *_WORK),
    State.UNDER_WAY: _WORK,
    State.PLANNED: (Deed.START, *_WORK),
    State.WARNED: (Deed.SOLVE, Deed.CONCLUDE, Deed.NOT_SOLVE),
    State.ASKED: (Deed.SOLVE, Deed.NOT_SOLVE, Deed.REFER),
    State.AWAITED: (Deed.RESUME, Deed.SOLVE, Deed.NOT_SOLVE),
    State.COMMISSION: (Deed.RULE, Deed.RESUME, Deed.SOLVE),
}
_ON_CARDS = frozenset(move.deed for move in lifecycle.MOVES if move.by & READS_CARDS)


@dataclass(frozen=True, slots=True)
class Sight:
    """What cards show besides the request's own row, read once for however many cards there are."""

    happenings: Sequence[Happening] = ()  # the last ones
    pictures: Sequence[int] = ()  # as it was filed
    others: Sequence[int] = ()  # filed as well: sounds, films, papers
    added: Sequence[int] = ()
    work: Sequence[int] = ()  # pictures of the work
    holder: Mapping[str, int] = field(default_factory=dict)
    """The user number, by messenger, of whoever has it in hand."""
    belonging: Rich = field(default_factory=Rich)
    """Its whole, its parts, or what it was merged into."""


async def _belonging(tx: Transaction, centre: Centre, request: Request) -> Rich:
    """Say which part of what it is, where its own parts are, or into what it was merged."""
    if request.merged_into is not None:
        return text("card-merged", code=(await wholes.followed(tx, request)).code)
    family = await wholes.family_of(tx, request)
    if family is None:
        return Rich("")
    return family.on_card(request) if request.parent else family.listed(centre, mine=False)


async def look(tx: Transaction, centre: Centre, request: Request) -> Sight:
    """Read what all cards of a request show."""
    files = await requests.files(tx, request.id)
    filed = [(media, kind) for media, kind, part in files if part == "filed"]
    return Sight(
        happenings=await requests.latest(tx, request.id, _NOTES_ON_CARD, but="file"),
        pictures=[media for media, kind in filed if kind == "photo"],
        others=[media for media, kind in filed if kind != "photo"],
        added=[media for media, _, part in files if part == "added"],
        work=[media for media, kind, part in files if part == "evidence" and kind == "photo"],
        holder=await mentions.numbers_of(tx, request.in_hand_of),
        belonging=await _belonging(tx, centre, request),
    )


def roles_for_card(memberships: Iterable[Membership], unit: str) -> frozenset[Role]:
    """Collect the roles a card of a unit's request is drawn for."""
    return frozenset(m.role for m in memberships if not m.unit or m.unit == unit)


def roles_of_group(request: Request) -> frozenset[Role]:
    """Return the roles a group's card is drawn for: its members are the unit's officials, or the desk's operators."""
    return _GROUP_ROLES if request.queue is None else _DESK_ROLES


async def roles_of_viewer(tx: Transaction, request: Request, viewer: int | None) -> frozenset[Role]:
    """Collect the roles a card is drawn for."""
    if viewer is None:
        return roles_of_group(request)
    return roles_for_card(await people.memberships_of(tx, viewer), request.unit)


def standing(request: Request, roles: frozenset[Role]) -> lifecycle.Standing:
    """Return what the table of moves looks at."""
    return lifecycle.Standing(
        state=request.state,
        roles=roles,
        outcome=request.outcome,
        verdict=request.verdict,
        closed_at=request.closed_at,
        times_reopened=request.times_reopened,
        part=request.parent is not None,
    )


def buttons(request: Request, roles: frozenset[Role], now: datetime, viewer: int | None = None) -> list[list[Button]]:
    """Draw what is done most in this state, of what the table allows now to these roles, and the way to the rest."""
    first, rest = _possible(request, roles, now)
    shown = [_deed_button(request, deed) for deed in first]
    if request.queue is not None and roles & AT_THE_DESK:
        shown += _queue_buttons(request, viewer, now)
    if request.phone and roles & READS_CARDS and request.state is not State.CLOSED:
        shown.append(Button(label=label("button-phone"), data=f"w:{request.code}:phone"))
    more = "more" if rest else "history"
    shown.append(Button(label=label(f"button-{more}"), data=f"w:{request.code}:{more}"))
    return _in_twos(shown)


def _queue_buttons(request: Request, viewer: int | None, now: datetime) -> list[Button]:
    """Take it out of the desk's queue, or put it back; a colleague's is left alone."""
    who = desk.holder(request, now)
    if who is None:
        return [Button(label=label("button-queue-take"), data=f"q:take:{request.code}")]
    if viewer in (None, who):
        return [Button(label=label("button-queue-back"), data=f"q:back:{request.code}")]
    return []


def further_buttons(request: Request, roles: frozenset[Role], now: datetime) -> list[list[Button]]:
    """Draw the rest of what the table allows now to these roles, and the history."""
    _, rest = _possible(request, roles, now)
    shown = [_deed_button(request, deed) for deed in rest]
    return _in_twos([*shown, Button(label=label("button-history"), data=f"w:{request.code}:history")])


def _possible(request: Request, roles: frozenset[Role], now: datetime) -> tuple[list[Deed], list[Deed]]:
    """Part the deeds that are possible now into those of the card and the others, which keep the table's order."""
    possible = [move.deed for move in lifecycle.allowed(standing(request, roles), now) if move.deed in _ON_CARDS]
    first = [deed for deed in _FIRST.get(request.state, ()) if deed in possible]
    rest = [deed for deed in possible if deed not in first]
    return (first, rest) if first else (rest, [])


def _deed_button(request: Request, deed: Deed) -> Button:
    return Button(label=label(f"deed-{deed.replace('_', '-')}"), data=f"w:{request.code}:{deed}")


def _in_twos(shown: list[Button]) -> list[list[Button]]:
    return [shown[i : i + 2] for i in range(0, len(shown), 2)]


def _deadline(centre: Centre, request: Request, now: datetime) -> Rich:
    if request.state is State.CLOSED or request.deadline_at is None:
        return Rich("")
    if request.state in lifecycle.PAUSED:
        return text("card-deadline-still")
    told = request.promised_at
    promised = text("clock-promised", until=when(told, centre.zone, now)) if told else ""
    if request.deadline_at < now:
        return lines(text("card-overdue", late=span(now - request.deadline_at)), promised)
    return lines(text("card-deadline", when=when(request.deadline_at, centre.zone, now)), promised)


def where(centre: Centre, request: Request, *, hidden: bool) -> Rich:
    """Say the district and the address, with a link to the map; without people's numbers when `hidden`."""
    district = centre.city.district(request.district).name if request.district else label("district-unknown")
    place = text("card-place", district=district, address=readable(request.address, hidden) or label("no-address"))
    if request.lat is None or request.lon is None:
        return place
    at = f"{request.lat:.6f},{request.lon:.6f}"
    return text("card-place-mapped", place=place, link=Rich(_MAP + at), route=Rich(_ROUTE + at))


def _state(centre: Centre, request: Request, who: Rich, now: datetime) -> Rich:
    if request.state is State.CLOSED:
        judged = request.outcome in lifecycle.NEEDS_JUDGEMENT and request.parent is None
        verdict = label(f"card-verdict-{request.verdict or 'awaited'}") if judged else ""
        return text(
            "card-closed", outcome=label(f"outcome-{(request.outcome or '').replace('_', '-')}"), verdict=verdict
        )
    details = particulars.of_request(centre, request, now)
    return text(f"card-state-{request.state.replace('_', '-')}", who=who, **details)


def readable(words: str, hidden: bool) -> str:
    """Numbers of people are for those who have the work now: not for a unit that gave it away, nor when it is over."""
    return private_data.masked(words) if hidden else words


def _notes(centre: Centre, told: Iterable[Happening], now: datetime, *, hidden: bool) -> Rich:
    return lines(*(happening_line(centre, h, now, hidden=hidden) for h in told))


def happening_line(
    centre: Centre, happening: Happening, now: datetime, *, hidden: bool = False, longest: int = _NOTE
) -> Rich:
    """Say one row of the history: when, who, what, and their words, without personal data when `hidden`."""
    said = " · ".join(part for part in (reason_words(happening.reason), happening.note) if part)
    return text(
        "card-happening" if said else "card-happening-bare",
        at=f"{day(happening.at, centre.zone, now)} {clock_time(happening.at, centre.zone)}",
        who=_who(happening),
        what=label(f"did-{happening.deed.replace('_', '-')}", **particulars.of_happening(centre, happening, now)),
        said=clipped(readable(said, hidden), longest),
    )


def _who(happening: Happening) -> str:
    """Name whoever acted; a citizen is never named: many file without a name, and a card is read by a group."""
    whole_withdrawn = happening.deed == Deed.WITHDRAW  # of a part: with the whole, which only a citizen takes back
    if happening.role in (Role.OWNER, Role.SUPPORTER) or whole_withdrawn:
        return label("the-citizen")
    return happening.person_name or label("the-system")


def is_listed(reason: str) -> bool:
    """Tell whether a reason was chosen from a list; else it is in somebody's own words, or there is none."""
    return reason.startswith("list:")


def reason_words(reason: str) -> str:
    """Put a reason from a list into words; a person's own words stay as they are."""
    return label(f"reason-{reason.removeprefix('list:')}") if is_listed(reason) else reason


def _heading(centre: Centre, request: Request) -> Rich:
    subject = centre.city.subject(request.subject).title if request.subject else label("subject-unknown")
    return text("card-heading", code=request.code, subject=subject, urgent="yes" if request.urgent else "no")


def _album_row(request: Request, sight: Sight) -> list[list[Button]]:
    """Offer how it was and how it is now side by side, once it is over and both can be shown."""
    if request.state is not State.CLOSED or not (sight.pictures and sight.work):
        return []
    return [[Button(label=label("button-before-after"), data=f"w:{request.code}:album")]]


def face(
    centre: Centre,
    request: Request,
    sight: Sight,
    roles: frozenset[Role],
    now: datetime,
    *,
    viewer: int | None,
    group: str = "",
    elsewhere: bool = False,
    orphan: bool = False,
    edit: bool = False,
    masked: bool = False,
) -> Message:
    """Draw the card. `group`: the messenger of the group that reads it, where whoever has the request is mentioned;
    `elsewhere`: another unit has the request now, so no buttons; `edit`: pictures stay as sent; `masked`: for somebody
    outside the unit, who reads no numbers of people."""
    hidden = masked or elsewhere or request.state is State.CLOSED
    words = clipped(readable(request.display, hidden), _WORDS_ON_CARD)
    others, attached = len(sight.others), sight.pictures or sight.others
    holder = mentions.of(request.in_hand_name or label("someone"), sight.holder.get(group))
    moved = text("card-moved", unit=centre.city.unit(request.unit).title) if elsewhere else ""
    body = lines(
        text("card-orphan", unit=centre.city.unit(request.unit).title) if orphan else "",
        _heading(centre, request),
        _deadline(centre, request, now),
        where(centre, request, hidden=hidden),
        text("card-attached", photos=len(sight.pictures), others=others) if attached else "",
        text("card-words", words=words) if words else "",
        text("card-profane") if profanity.is_profane(request.display) else "",
        text("card-supporters", count=request.supporters) if request.supporters else "",
        text("card-reopened", times=request.times_reopened) if request.times_reopened else "",
        moved or _state(centre, request, holder, now),
        text("card-nobodys") if request.in_hand_of is None and request.state in lifecycle.ENDABLE and not moved else "",
        sight.belonging,
        text("card-claimed", who=request.claimed_name) if desk.holder(request, now) and not elsewhere else "",
        _notes(centre, sight.happenings, now, hidden=hidden),
    )
    return Message(
        text=body,
        buttons=[] if elsewhere else [*buttons(request, roles, now, viewer), *_album_row(request, sight)],
        pictures=[] if edit else [Picture(media=media) for media in sight.pictures],
        form=Form.EDIT if edit else Form.SEND,
    )
