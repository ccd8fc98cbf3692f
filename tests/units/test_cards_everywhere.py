"""All cards of a request change with a deed, in as many statements as there are of them for a young request."""

import time
from typing import Any

import sqlalchemy as sa

from domain.casework import Actor
from domain.lifecycle import Deed, Given
from domain.messages import Message
from services import casework
from services.acting import Doing
from services.centre import Centre
from storage import requests
from storage.database import Database, Transaction
from storage.tables import outbox
from tests.units import town

_CPU = 0.1
"""Seconds of processor time that a press may take; elapsed time would be the machine's, not ours."""
_GENEROUS = 4


async def _statements(tx: Transaction, centre: Centre, number: int, actor: Actor, deed: Deed) -> tuple[int, float]:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    assert tx.sync_connection is not None
    sa.event.listen(tx.sync_connection, "before_cursor_execute", note)
    began = time.process_time()
    await casework.perform(tx, centre, number, Doing(actor, deed, Given(), town.NOW))
    took = time.process_time() - began
    sa.event.remove(tx.sync_connection, "before_cursor_execute", note)
    return len(said), took


async def test_a_press_costs_no_more_statements_when_much_has_happened(database: Database, centre: Centre) -> None:
    found: dict[bool, list[int]] = {}
    for old in (False, True):
        async with database.write() as tx:
            number, (actor, *_) = await town.busy(tx, old=old)
        async with database.write() as tx:
            accepted = await _statements(tx, centre, number, actor, Deed.ACCEPT)
            started = await _statements(tx, centre, number, actor, Deed.START)
        found[old] = [accepted[0], started[0]]
        if old:
            assert min(accepted[1], started[1]) < _CPU * _GENEROUS
    assert found[True] == found[False]


async def test_a_deed_changes_the_cards_of_both_messengers_groups_and_members(
    database: Database, centre: Centre
) -> None:
    async with database.write() as tx:
        number, readers = await town.busy(tx, old=False)
        await casework.perform(tx, centre, number, Doing(readers[0], Deed.ACCEPT, Given(), town.NOW))
        rows = await tx.execute(
            sa.select(outbox.c.messenger, outbox.c.chat_id, outbox.c.message, outbox.c.state).where(
                outbox.c.edits.is_not(None)
            )
        )
        edits = {(row.messenger, row.chat_id): Message.model_validate(row.message) for row in rows}
        request = await requests.get(tx, number)
    own = {(one.account.messenger, one.account.user_id) for one in readers}
    assert set(edits) == own | set(town.GROUPS)
    assert all(
        request.code.translate(_PERSIAN) in message.text and "رضایی" in message.text for message in edits.values()
    )
    # In the group of the holder's own messenger they are mentioned; elsewhere their plain name stands.
    mention = f"tg://user?id={readers[0].account.user_id}"
    assert {chat for chat, message in edits.items() if mention in message.text} == {town.GROUPS[0]}


_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
