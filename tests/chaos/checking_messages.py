"""What people have on their screens: every message that is due, in order; twice only what was in flight at a kill."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx
import sqlalchemy as sa
from networkx.algorithms import bipartite

from storage.database import Database
from storage.tables import accounts, cards, outbox, requests
from tests.chaos.crowd import QUESTIONS, Heard

if TYPE_CHECKING:
    from tests.chaos.checking import Expected, Findings
    from tests.chaos.crowd import Chat

_EDITS = frozenset({"editMessageText", "editMessageCaption", "editMessageReplyMarkup", "deleteMessage"})
_CARDS = sa.select(cards.c.outbox_id, requests.c.account_id).join(requests, requests.c.id == cards.c.request_id)
_NO_LOSS = frozenset({"superseded"})
"""Why a row may end without being sent: a newer edit of the same message took its place."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One call that put something on a screen; `unanswered` when the bot could not learn of it."""

    number: int
    text: str
    unanswered: bool


@dataclass
class Screens:
    """What the log says of each chat: what was put there, by number, and how often each message was changed."""

    shown: dict["Chat", dict[int, Shown]]
    edits: Counter[tuple["Chat", int]]


async def look(
    database: Database,
    log: Iterable[Mapping[str, Any]],
    bots: Mapping[str, str],
    expected: "Expected",
    found: "Findings",
) -> None:
    """Hold the outbox, the log and what was said against each other."""
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(outbox).order_by(outbox.c.id))).all()
        about = {row.outbox_id: row.account_id for row in await tx.execute(_CARDS)}
    screens = _screens(log, bots)
    chats: dict[Chat, list[Any]] = defaultdict(list)
    for row in rows:
        if row.state != "sent" and not (row.state == "cancelled" and row.problem in _NO_LOSS):
            found.lost.append(f"message {row.id} is {row.state}: {row.problem}")
        elif row.state == "sent" and row.edits is None:
            chats[row.messenger, row.chat_id].append(row)
    for chat in chats.keys() | screens.shown.keys():
        shown = screens.shown.get(chat, {})
        _order(chat, [row for row in chats[chat] if row.message_id in shown], about, found)
        _chat(chat, chats[chat], shown, expected.in_flight, found)
    _edits({row.id: row for row in rows}, screens, found)
    await _answers(database, expected, chats, found)


def _screens(log: Iterable[Mapping[str, Any]], bots: Mapping[str, str]) -> Screens:
    screens = Screens(defaultdict(dict), Counter())
    for call in log:
        given = call["parameters"]
        if call["status"] != 200 and "not modified" not in str(call["answer"]):
            continue
        if call["method"] in _EDITS:
            screens.edits[(bots[call["bot"]], int(given["chat_id"])), int(given["message_id"])] += 1
        elif call["method"].startswith("send") and (number := _number(call["answer"])) is not None:
            text = given.get("text") or given.get("caption") or _captions(given.get("media"))
            chat = bots[call["bot"]], int(given["chat_id"])
            screens.shown[chat][number] = Shown(number, text, call.get("dropped") is not None)
    return screens


def _number(answer: Any) -> int | None:
    """Return the number of a message, of an album its first one's; None for an answer without a message."""
    first = answer[0] if isinstance(answer, list) and answer else answer
    return first.get("message_id") if isinstance(first, dict) else None


def _captions(album: str | None) -> str:
    return "".join(item.get("caption", "") for item in json.loads(album)) if album else ""


def _order(chat: "Chat", rows: Sequence[Any], about: Mapping[int, int], found: "Findings") -> None:
    """A chat's messages of one priority stand in the order of their rows; cards in that of each citizen's requests.

    Cards of different citizens are written at the same time: the earlier number may be the later commit.
    """
    series: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for row in rows:
        series[row.priority, about.get(row.id)].append(row.message_id)
    for numbers in series.values():
        pairs = itertools.pairwise(numbers)
        found.disordered += [f"message {b} to {chat} came before {a}" for a, b in pairs if b < a]


def _chat(
    chat: "Chat", rows: Sequence[Any], shown: Mapping[int, Shown], in_flight: Counter[int], found: "Findings"
) -> None:
    """Give each message on the screen to its row; what is left over has to be a repetition with a reason."""
    arrived = [row for row in rows if row.message_id in shown]
    found.lost += [f"message {row.id} to {chat} never arrived" for row in rows if row.message_id not in shown]
    times = Counter(row.message_id for row in arrived)
    found.lost += [f"{n} rows claim to be message {one} of {chat}" for one, n in times.items() if n > 1]
    extra = {number: shown[number] for number in shown.keys() - times.keys()}
    explained = _explained(extra, arrived, shown, in_flight)
    found.repeated += len(explained)
    for number in sorted(extra.keys() - explained):
        found.doubled.append(f"{chat} got {extra[number].text[:40]!r} once more without a reason")


def _explained(
    extra: Mapping[int, Shown], rows: Sequence[Any], shown: Mapping[int, Shown], in_flight: Counter[int]
) -> set[int]:
    """Return the numbers of those repetitions that have a reason: the same words, a try more, a kill or a lost answer.

    A row explains as many as it had failed tries, and of those whose answer was not lost as many as kills found it in
    flight. Which row explains which is a matching, not a choice one by one: a call that a kill left in the server may
    take effect after its repetition, and then looks like one of a later row.
    """
    graph = networkx.Graph()
    graph.add_nodes_from(extra)
    for row in rows:
        for one in range(row.attempts):
            may_be_answered = one < in_flight[row.id]
            reason = (row.id, one)
            alike = (n for n, it in extra.items() if _alike(it.text, shown[row.message_id].text))
            graph.add_edges_from((n, reason) for n in alike if extra[n].unanswered or may_be_answered)
    matched = bipartite.hopcroft_karp_matching(graph, top_nodes=extra)
    return matched.keys() & extra.keys()


def _alike(earlier: str, later: str) -> bool:
    """Say whether one row may have been sent with both texts: a question in flight at a kill is replaced like any."""
    return earlier == later or (QUESTIONS[0] in earlier and QUESTIONS[1] in later)


def _edits(rows: Mapping[int, Any], screens: Screens, found: "Findings") -> None:
    """Every change of a message was made, and no more often than there were tries."""
    changes: dict[tuple[Chat, int], list[Any]] = defaultdict(list)
    for row in rows.values():
        if row.edits is not None and row.state == "sent":
            target = rows[row.edits]
            changes[(row.messenger, row.chat_id), target.message_id].append(row)
    for where in changes.keys() | screens.edits.keys():
        due, made = len(changes[where]), screens.edits[where]
        if made < due:
            found.lost.append(f"message {where} was changed {made} times instead of {due}")
        if made > due + sum(row.attempts for row in changes[where]):
            found.doubled.append(f"message {where} was changed {made} times instead of {due}")


async def _answers(
    database: Database, expected: "Expected", chats: Mapping["Chat", Sequence[Any]], found: "Findings"
) -> None:
    """Everybody has heard what they should have: an answer to each thing they said, and the code of each request."""
    query = sa.select(accounts.c.messenger, accounts.c.user_id, requests.c.code)
    query = query.join(accounts, accounts.c.id == requests.c.account_id).order_by(requests.c.id)
    codes: dict[Chat, list[str]] = defaultdict(list)
    async with database.read() as tx:
        for messenger, user, code in await tx.execute(query):
            codes[messenger, user].append(code)
    for citizen in expected.citizens:
        heard = [row.message.get("text", "") for row in chats.get(citizen.chat, ())]
        _heard(citizen.chat, heard, citizen.wanted(codes[citizen.chat]), found)


def _heard(chat: "Chat", heard: Sequence[str], wanted: Sequence[Heard], found: "Findings") -> None:
    """Walk through what was heard and what should have been, side by side."""
    left = list(heard)
    for one in wanted:
        if left and one.words in left[0]:
            left.pop(0)
        elif not (left and one.replaced_by and one.replaced_by in left[0]):
            found.lost.append(f"{chat} was to hear {one.words!r}, but heard {left[0][:40] if left else 'nothing'!r}")
            return
    found.doubled += [f"{chat} heard {more[:40]!r}, which nothing called for" for more in left]
