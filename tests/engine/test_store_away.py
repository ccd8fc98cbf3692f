"""The store of files is away: what shows a file waits, everything else goes on."""

from datetime import datetime
from typing import BinaryIO

import pytest

from bot.messengers.failures import Failure
from domain.messages import Message, Picture
from storage import media
from storage.files import Files, StoreAway
from tests.engine.rig import Rig


async def _row(rig: Rig, number: int) -> tuple[str, int, str, datetime | None]:
    row = await rig.row(number)
    return row.state, row.attempts, row.problem or "", row.not_before


async def test_a_message_with_a_picture_waits_for_the_store_and_holds_up_nobody(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, away, tried = await rig.keep_photo(), True, 0
    opened = Files.open

    def out_of_order(self: Files, sha256: str, mime: str) -> BinaryIO:
        nonlocal tried
        if away:
            tried += 1
            raise StoreAway("reading from the bucket: MaxRetryError")
        return opened(self, sha256, mime)

    monkeypatch.setattr(Files, "open", out_of_order)
    await rig.start()
    picture = await rig.say("", message=Message(text="عکس", pictures=[Picture(media=number)]))
    await rig.say("پس از عکس")
    for index in range(1, 6):
        await rig.say(f"دیگری {index}", chat=1000 + index)
    await rig.until(lambda: tried > 0 and all(rig.said(1000 + index) for index in range(1, 6)))
    assert rig.said() == []  # the chat's order is kept
    away = False
    await rig.until(lambda: len(rig.said()) == 2)
    assert rig.said() == ["عکس", "پس از عکس"]
    await rig.settled()
    state, attempts, problem, _ = await _row(rig, picture)
    assert state == "sent"
    assert attempts >= 1
    assert "/" not in problem
    assert Failure.STORE not in {flag.state for flag in rig.engine.health.flags.values()}
    async with rig.engine.database.read() as tx:
        known = (await media.copies(tx, [number], "telegram", Files(rig.folder)))[number]
    assert known.file_id
