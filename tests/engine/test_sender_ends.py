"""An end that cannot be written holds up nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from bot.flight import Outcome, fly
from storage import sending
from storage.database import Transaction
from tests.engine.rig import Rig

Fault = dict[str, Any]


async def test_an_answer_of_a_middlebox_in_binary_holds_up_nobody(rig: Rig) -> None:
    rig.simulator.fault("sendMessage", status=502, text="\x00\x01binary\x00", times=1, chat=1000)
    rows = [await rig.say("یک"), await rig.say("دو", chat=1001)]
    await rig.start()
    await rig.until(lambda: rig.said() == ["یک"] and rig.said(1001) == ["دو"])
    await rig.settled()
    assert [(await rig.row(row)).state for row in rows] == ["sent", "sent"]


@pytest.mark.parametrize("fault", [{}, {"status": 400, "description": "Bad Request: no reason"}], ids=["sent", "dead"])
async def test_an_end_that_cannot_be_written_holds_up_no_other(
    rig: Rig, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, sent, bad = sending.end, sending.sent, await rig.say("بد")

    async def no_end(tx: Transaction, row: int, *more: Any) -> bool:
        if row == bad:
            raise ValueError("on purpose")
        return await end(tx, row, *more)

    async def no_number(tx: Transaction, rows: list[sending.Gone], *more: Any) -> None:
        if any(row.id == bad and row.message_id == 2**70 for row in rows):
            raise ValueError("on purpose")
        await sent(tx, rows, *more)

    async def odd(*given: Any) -> Outcome:
        outcome = await fly(*given)
        is_bad = outcome.row.id == bad and outcome.gone is not None
        return replace(outcome, gone=sending.Gone(bad, 2**70, False)) if is_bad else outcome

    monkeypatch.setattr(sending, "end", no_end)
    monkeypatch.setattr(sending, "sent", no_number)
    monkeypatch.setattr("bot.sender.fly", odd)
    if fault:
        rig.simulator.fault("sendMessage", chat=1000, times=1, **fault)
    others = [await rig.say("خوب", chat=1001 + n) for n in range(5)]
    await rig.start()
    await rig.until(lambda: all(rig.said(1001 + n) == ["خوب"] for n in range(5)) and rig.said() == ["بد"], 30)
    later = await rig.say("پس از آن")
    await rig.settled()
    assert [(await rig.row(row)).state for row in (*others, bad, later)] == ["sent"] * 7
    assert rig.said() == ["بد", "پس از آن"]
